"""A training step of micrograd's demo network: this book's autodiff beside five other engines.

The network is 2-16-16-1 with ReLU, the data 100 points of two moons, the cost hinge loss plus an
L2 penalty; a step is forward, backward and update. micrograd computes with single numbers, the
others with arrays; JAX has compiled the whole step before it is timed. What is not installed is
left out, and said to be.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import torch

from bench import peers
from bench.pairs import OURS, Case, Programs
from weighted_sums import autodiff
from weighted_sums.networks import Layer

CASE = "autodiff step"
SIZES = [2, 16, 16, 1]
RATE, PENALTY = 0.1, 1e-4


def programs(points: int) -> Programs:
    """The same step from the same weights in all programs; each returns the cost before it."""
    x, y = two_moons(np.random.default_rng(1), points)
    makers = {OURS: ours, "PyTorch": pytorch} | peers.present(
        CASE,
        {
            "jax": ("JAX, compiled", jax),
            "mygrad": ("mygrad", mygrad),
            "autograd": ("autograd", autograd),
            "micrograd": ("micrograd", micrograd),
        },
    )
    return {n: make(draw_network(np.random.default_rng(0)), x, y) for n, make in makers.items()}


def two_moons(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Two interlocked half circles of points, labelled 1 and -1."""
    angle = np.pi * rng.uniform(size=n)
    y = np.where(np.arange(n) % 2, 1.0, -1.0)
    x = np.where(y > 0, np.cos(angle), 1 - np.cos(angle))
    height = np.where(y > 0, np.sin(angle), 0.5 - np.sin(angle))
    return np.stack([x, height], axis=1) + 0.1 * rng.standard_normal((n, 2)), y


def draw_network(rng: np.random.Generator) -> list[Layer]:
    """Start where micrograd starts: weights between -1 and 1, biases zero."""
    return [
        Layer(rng.uniform(-1, 1, (n_out, n_in)), np.zeros(n_out))
        for n_in, n_out in itertools.pairwise(SIZES)
    ]


def cost(network, x, y, relu=lambda z: z.relu()):
    """Hinge loss and penalty, of any library's arrays."""
    *hidden, (W, b) = network
    a = x
    for V, c in hidden:
        a = relu(a @ V.T + c)
    scores = (a @ W.T + b)[:, 0]
    penalty = sum((p * p).sum() for layer in network for p in layer)
    return relu(1 - y * scores).mean() + PENALTY * penalty


def ours(network, x, y) -> Callable[[], float]:
    """This book: a whole layer of all examples is one node."""

    def step() -> float:
        found, grads = autodiff.cost_and_gradient(cost, network, x, y)
        for layer, grad in zip(network, grads, strict=True):
            for p, dp in zip(layer, grad, strict=True):
                p -= RATE * dp
        return found

    return step


def pytorch(network, x, y) -> Callable[[], float]:
    """PyTorch, the same cost."""
    tensors = [Layer(*(torch.tensor(p, requires_grad=True) for p in layer)) for layer in network]
    x, y = torch.tensor(x), torch.tensor(y)

    def step() -> float:
        found = cost(tensors, x, y)
        found.backward()
        with torch.no_grad():
            for layer in tensors:
                for p in layer:
                    p -= RATE * p.grad
                    p.grad = None
        return found.item()

    return step


def jax(network, x, y) -> Callable[[], float]:
    """JAX: the gradient of the same cost and the update, compiled as one program."""
    import jax

    jax.config.update("jax_enable_x64", True)

    @jax.jit
    def compiled(network):
        found, grads = jax.value_and_grad(cost)(network, x, y, jax.nn.relu)
        return found, jax.tree.map(lambda p, dp: p - RATE * dp, network, grads)

    def step() -> float:
        nonlocal network
        found, network = compiled(network)
        return float(found)

    return step


def mygrad(network, x, y) -> Callable[[], float]:
    """mygrad, which is NumPy with a graph that records it, like our engine."""
    import mygrad

    tensors = [Layer(*map(mygrad.tensor, layer)) for layer in network]

    def step() -> float:
        found = cost(tensors, x, y, mygrad.nnet.relu)
        found.backward()
        for layer in tensors:
            for p in layer:
                p.data -= RATE * p.grad
        return found.item()

    return step


def autograd(network, x, y) -> Callable[[], float]:
    """autograd, from which JAX came: it differentiates the function `cost` itself."""
    import autograd
    from autograd import numpy

    arrays = [list(layer) for layer in network]  # its lists are lists, no subclasses of tuple
    gradient = autograd.value_and_grad(lambda p: cost(p, x, y, lambda z: numpy.maximum(z, 0)))

    def step() -> float:
        found, grads = gradient(arrays)
        for layer, grad in zip(arrays, grads, strict=True):
            for p, dp in zip(layer, grad, strict=True):
                p -= RATE * dp
        return float(found)

    return step


def micrograd(network, x, y) -> Callable[[], float]:
    """micrograd, as in its demo: a node for every sum and product of every example."""
    from micrograd.engine import Value
    from micrograd.nn import MLP

    model = MLP(SIZES[0], SIZES[1:])
    for layer, (W, b) in zip(model.layers, network, strict=True):
        for neuron, row, bias in zip(layer.neurons, W, b, strict=True):
            neuron.b.data = float(bias)
            for w, number in zip(neuron.w, row, strict=True):
                w.data = float(number)

    def step() -> float:
        scores = [model([Value(v) for v in row]) for row in x.tolist()]
        losses = [
            (1 + -target * score).relu() for target, score in zip(y.tolist(), scores, strict=True)
        ]
        penalty = PENALTY * sum(p * p for p in model.parameters())
        found = sum(losses) * (1.0 / len(losses)) + penalty
        model.zero_grad()
        found.backward()
        for p in model.parameters():
            p.data -= RATE * p.grad
        return found.data

    return step


AUTODIFF_STEP = Case(
    name=CASE,
    programs=programs,
    settings=[{"points": 100}],
    main=[{"points": 100}],
    tiny={"points": 4},
    tolerance=1e-9,
)
