"""An epoch of the digit network: this book's training loop beside scikit-learn and PyTorch."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from bench.pairs import OURS, Case, Growth, Programs
from weighted_sums import backprop, data, descent, minibatches, networks, training

RATE = 1.5
SLOW = "one example at a time"
PRODUCTS = "matrix products alone"
BATCHES, HIDDEN = (10, 32, 100, 320, 1000), (30, 100, 300)


def programs(hidden: int, batch: int, digits: int = 4000) -> Programs:
    """Training epochs of [784, hidden, 10] on the same digits, from random weights of their own."""
    train = data.load_digits().train[:digits]
    x, y = train.images, data.one_hot(train.labels)
    made = {
        OURS: ours(x, y, hidden, batch),
        "scikit-learn": scikit_learn(x, train.labels, hidden, batch),
        "PyTorch": pytorch(x, y, hidden, batch),
        PRODUCTS: products(x, hidden, batch),
    }
    if hidden <= HIDDEN[0] and batch in (10, 100):
        made[SLOW] = ours(x, y, hidden, batch, one_at_a_time)
    return made


def ours(
    x: np.ndarray, y: np.ndarray, hidden: int, batch: int, gradient=backprop.cost_and_gradient
) -> Callable[[], None]:
    """The loop of the chapter on stochastic descent."""
    rng = np.random.default_rng(0)
    network = networks.init_network([784, hidden, 10], rng)
    batches = minibatches.Minibatches(x, y, batch)
    step = descent.GradientDescent(RATE)
    return lambda: training.train(network, gradient, batches, optimizer=step, epochs=1, rng=rng)


def one_at_a_time(network: networks.Network, x: np.ndarray, y: np.ndarray):
    """The same gradient, the examples of a mini-batch one by one, as in Nielsen's program."""
    found = [backprop.cost_and_gradient(network, x[[i]], y[[i]]) for i in range(len(x))]
    layers = zip(*(grads for _, grads in found), strict=True)
    mean = [networks.Layer(*map(_mean, zip(*layer, strict=True))) for layer in layers]
    return float(np.mean([cost for cost, _ in found])), mean


def _mean(arrays: tuple[np.ndarray, ...]) -> np.ndarray:
    return sum(arrays) / len(arrays)


def products(x: np.ndarray, hidden: int, batch: int) -> Callable[[], None]:
    """The matrix products of our epoch and nothing else: no rewriting in NumPy can be faster."""
    first, second = networks.init_network([784, hidden, 10], np.random.default_rng(0))
    a, d = np.empty((batch, hidden), np.float32), np.empty((batch, 10), np.float32)
    dW_1, dW_2, d_1 = np.empty_like(first.W), np.empty_like(second.W), np.empty_like(a)

    def epoch() -> None:
        for start in range(0, len(x) - batch + 1, batch):
            rows = x[start : start + batch]
            np.matmul(rows, first.W.T, out=a)
            np.matmul(a, second.W.T, out=d)
            np.matmul(d.T, a, out=dW_2)
            np.matmul(d, second.W, out=d_1)
            np.matmul(d_1.T, rows, out=dW_1)

    return epoch


def pytorch(x: np.ndarray, y: np.ndarray, hidden: int, batch: int) -> Callable[[], None]:
    """The same loop in PyTorch, with its modules, its autograd and its SGD."""
    torch.manual_seed(0)
    layers = [torch.nn.Linear(784, hidden), torch.nn.Sigmoid(), torch.nn.Linear(hidden, 10)]
    model = torch.nn.Sequential(*layers, torch.nn.Sigmoid())
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    x, y = torch.from_numpy(x), torch.from_numpy(y)

    def epoch() -> None:
        for rows in torch.randperm(len(x)).split(batch):
            optimizer.zero_grad(set_to_none=True)
            cost = (model(x[rows]) - y[rows]).square().sum(dim=1).mean()
            cost.backward()
            optimizer.step()

    return epoch


def scikit_learn(x: np.ndarray, labels: np.ndarray, hidden: int, batch: int) -> Callable:
    """scikit-learn's network of the same sizes (its cost is cross-entropy: softmax at the end)."""
    model = MLPClassifier(
        (hidden,), activation="logistic", solver="sgd", batch_size=batch, learning_rate_init=0.5,
        momentum=0.0, nesterovs_momentum=False, alpha=0.0, max_iter=1, warm_start=True,
        random_state=0,
    )  # fmt: skip

    def epoch() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # one epoch is not enough, it says
            model.fit(x, labels)

    return epoch


_MAIN = [{"hidden": h, "batch": b} for h, b in itertools.product(HIDDEN[:2], (10, 100))]
_MORE = [{"hidden": HIDDEN[0], "batch": b} for b in BATCHES if b not in (10, 100)]
EPOCH = Case(
    name="epoch",
    programs=programs,
    settings=[*_MAIN, *_MORE, *({"hidden": HIDDEN[2], "batch": b} for b in (10, 100))],
    main=_MAIN,
    tiny={"hidden": 2, "batch": 10, "digits": 50},
    growth=(Growth("batch", {"hidden": 30}), *(Growth("hidden", {"batch": b}) for b in (10, 100))),
)
