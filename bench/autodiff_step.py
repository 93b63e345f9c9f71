"""A training step of micrograd's demo network: this book's autodiff beside micrograd and PyTorch.

The network is 2-16-16-1 with ReLU, the data 100 points of two moons, the cost hinge loss plus an
L2 penalty; a step is forward, backward and update. micrograd computes with single numbers, the
other two with arrays. Everything runs on one thread, in turns, so that what else the machine does
falls on all of them alike. micrograd is no requirement of the book: `pip install micrograd`.
"""

from __future__ import annotations

import importlib.metadata
import itertools
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from weighted_sums import autodiff, recorded
from weighted_sums.networks import Layer

try:
    from micrograd.engine import Value
    from micrograd.nn import MLP
except ImportError:
    sys.exit("micrograd is not installed: `pip install micrograd`, then run this file again")

SIZES = [2, 16, 16, 1]
RATE, PENALTY = 0.1, 1e-4
ROUNDS, CALLS = 5, 200  # micrograd takes one step a round, the others CALLS


def two_moons(rng: np.random.Generator, n: int = 100) -> tuple[np.ndarray, np.ndarray]:
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


def cost(network, x, y):
    """Hinge loss and penalty, of Variables and of tensors alike."""
    *hidden, (W, b) = network
    a = x
    for V, c in hidden:
        a = (a @ V.T + c).relu()
    scores = (a @ W.T + b)[:, 0]
    penalty = sum((p * p).sum() for layer in network for p in layer)
    return (1 - y * scores).relu().mean() + PENALTY * penalty


def ours(network, x, y) -> Callable[[], float]:
    """This book: a whole layer of all examples is one node."""

    def step() -> float:
        found, slopes = autodiff.cost_and_gradient(cost, network, x, y)
        for layer, slope in zip(network, slopes, strict=True):
            for p, dp in zip(layer, slope, strict=True):
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


def micrograd(network, x, y) -> Callable[[], float]:
    """micrograd, as in its demo: a node for every sum and product of every example."""
    model = MLP(SIZES[0], SIZES[1:])
    for layer, (W, b) in zip(model.layers, network, strict=True):
        for neuron, row, bias in zip(layer.neurons, W, b, strict=True):
            neuron.b.data = float(bias)
            for w, number in zip(neuron.w, row, strict=True):
                w.data = float(number)

    def step() -> float:
        scores = [model([Value(v) for v in row]) for row in x.tolist()]
        losses = [
            (1 + -wish * score).relu() for wish, score in zip(y.tolist(), scores, strict=True)
        ]
        penalty = PENALTY * sum(p * p for p in model.parameters())
        found = sum(losses) * (1.0 / len(losses)) + penalty
        model.zero_grad()
        found.backward()
        for p in model.parameters():
            p.data -= RATE * p.grad
        return found.data

    return step


def seconds(step: Callable[[], float], calls: int) -> float:
    """Seconds of the processor per call."""
    began = time.process_time()
    for _ in range(calls):
        step()
    return (time.process_time() - began) / calls


def check_agreement(programs: dict[str, Callable], x, y) -> None:
    """Stop unless all programs go through the same costs from the same start."""
    steps = [make(draw_network(np.random.default_rng(0)), x, y) for make in programs.values()]
    for _ in range(3):
        costs = [step() for step in steps]
        if not np.allclose(costs, costs[0], rtol=1e-9):
            sys.exit(
                f"the programs do not compute the same: {dict(zip(programs, costs, strict=True))}"
            )


def main(path: Path | None) -> None:
    """Measure, print the medians, and write them to `path` if there is one."""
    torch.set_num_threads(1)
    x, y = two_moons(np.random.default_rng(1))
    programs = {"this book": ours, "PyTorch": pytorch, "micrograd": micrograd}
    check_agreement(programs, x, y)
    steps = {n: make(draw_network(np.random.default_rng(0)), x, y) for n, make in programs.items()}
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            times[name].append(seconds(step, 1 if name == "micrograd" else CALLS))
    rows = []
    for name, found in times.items():
        ratios = [a / b for a, b in zip(found, times["this book"], strict=True)]
        rows.append(
            {
                "program": name,
                "milliseconds": f"{1000 * statistics.median(found):.3f}",
                "ratio": f"{statistics.median(ratios):.2f}",
                "ratio_low": f"{min(ratios):.2f}",
                "ratio_high": f"{max(ratios):.2f}",
            }
        )
        print("{program:<10} {milliseconds:>9} ms a step, {ratio:>8} times ours".format(**rows[-1]))
    print(f"micrograd {importlib.metadata.version('micrograd')}, torch {torch.__version__}")
    if path:
        packages = ("numpy", "torch", "micrograd")
        recorded.record(path, rows, command="python bench/autodiff_step.py", packages=packages)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
