"""One epoch of the digit network: this book's training loop beside PyTorch and scikit-learn.

`make bench` runs it. Every program trains [784, 30, 10] on the same 4,000 digits, on one thread;
the programs take turns, and their processor time is counted, so that what else the machine does
falls on all of them alike.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from sklearn.neural_network import MLPClassifier

from weighted_sums import backprop, data, descent, networks, recorded

SIZES = [784, 30, 10]
RATE = 1.5
ROUNDS = 15
DIGITS = data.load_digits().train
X, Y = DIGITS.images, data.one_hot(DIGITS.labels)


def ours(size: int) -> Callable[[], None]:
    """The loop of the chapter on stochastic descent."""
    rng = np.random.default_rng(0)
    network = networks.random_network(SIZES, rng)
    batches = descent.Minibatches(X, Y, size)

    def epoch() -> None:
        step = descent.GradientDescent(RATE)
        descent.train(
            network, backprop.cost_and_gradient, batches, optimizer=step, epochs=1, rng=rng
        )

    return epoch


def one_at_a_time(size: int) -> Callable[[], None]:
    """The same mathematics, the examples of a mini-batch one by one, as in Nielsen's program."""
    rng = np.random.default_rng(0)
    network = networks.random_network(SIZES, rng)

    def gradient(network, x, y):
        found = [
            backprop.cost_and_gradient(network, x[i : i + 1], y[i : i + 1]) for i in range(len(x))
        ]
        layers = zip(*(slopes for _, slopes in found), strict=True)
        mean = [networks.Layer(*map(_mean, zip(*layer, strict=True))) for layer in layers]
        return float(np.mean([cost for cost, _ in found])), mean

    batches = descent.Minibatches(X, Y, size)
    step = descent.GradientDescent(RATE)
    return lambda: descent.train(network, gradient, batches, optimizer=step, epochs=1, rng=rng)


def _mean(arrays):
    return sum(arrays) / len(arrays)


def pytorch(size: int) -> Callable[[], None]:
    """The same loop in PyTorch, with its modules, its autograd and its SGD."""
    torch.manual_seed(0)
    layers = [torch.nn.Linear(784, 30), torch.nn.Sigmoid(), torch.nn.Linear(30, 10)]
    model = torch.nn.Sequential(*layers, torch.nn.Sigmoid())
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    x, y = torch.from_numpy(X), torch.from_numpy(Y)

    def epoch() -> None:
        for batch in torch.randperm(len(x)).split(size):
            optimizer.zero_grad(set_to_none=True)
            cost = (model(x[batch]) - y[batch]).square().sum(dim=1).mean()
            cost.backward()
            optimizer.step()

    return epoch


def scikit_learn(size: int) -> Callable[[], None]:
    """scikit-learn's network of the same sizes (its cost is cross-entropy: softmax at the end)."""
    model = MLPClassifier(
        (30,), activation="logistic", solver="sgd", batch_size=size, learning_rate_init=0.5,
        momentum=0.0, nesterovs_momentum=False, alpha=0.0, max_iter=1, warm_start=True,
        random_state=0,
    )  # fmt: skip
    return lambda: model.fit(X, DIGITS.labels)


PROGRAMS = {
    "this book": ours,
    "scikit-learn": scikit_learn,
    "PyTorch": pytorch,
    "one example at a time": one_at_a_time,
}


def measure(size: int) -> list[dict]:
    """Seconds per epoch, and the ratio to ours within each round, as medians over the rounds."""
    epochs = {name: make(size) for name, make in PROGRAMS.items()}
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(ROUNDS + 1):
        for name, epoch in epochs.items():
            began = time.process_time()
            epoch()
            times[name].append(time.process_time() - began)
    rows = []
    for name, seconds in times.items():
        # the first round warms up caches and is left out
        ratios = [a / b for a, b in zip(seconds[1:], times["this book"][1:], strict=True)]
        rows.append(
            {
                "program": name,
                "batch_size": size,
                "seconds": f"{statistics.median(seconds[1:]):.4f}",
                "ratio": f"{statistics.median(ratios):.2f}",
                "ratio_low": f"{min(ratios):.2f}",
                "ratio_high": f"{max(ratios):.2f}",
            }
        )
    return rows


def main(path: Path) -> None:
    """Measure both batch sizes, print the table and write it to `path`."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # scikit-learn remarks that one epoch is not enough
    rows = [row for size in (10, 100) for row in measure(size)]
    recorded.record(path, rows, command="make bench", packages=("numpy", "torch", "scikit-learn"))
    print(path.read_text("utf-8"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
