"""One gradient of a digit network four ways: by hand, by autodiff, by differences, by PyTorch.

For growing hidden layers the programs take turns on one thread, on the same ten digits and in
double precision. Written down are the seconds of each and how far its gradient is from ours by
hand, as a share of the gradient's length. Differences are timed on every network, but they run
through all parameters only on the small ones; on the others a part is timed and the rest counted.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch

from weighted_sums import autodiff, backprop, data, losses, networks, parameters, recorded
from weighted_sums.gradient_check import relative_error

HIDDEN = (1, 4, 16, 64, 256)
ROUNDS = 7
ALL_BELOW, PART = 13_500, 200  # differences: all parameters of small networks, else so many
DIGITS = data.load_digits().train
X = DIGITS.images[:10].astype(float)
Y = data.one_hot(DIGITS.labels[:10]).astype(float)

Gradient = Callable[[networks.Network], np.ndarray]


def by_hand(network: networks.Network) -> np.ndarray:
    """The four equations."""
    return parameters.flatten(backprop.cost_and_gradient(network, X, Y)[1])


def _cost(network, x, y):
    a = networks.feedforward(x, network, autodiff.Variable.sigmoid, autodiff.Variable.sigmoid)
    return ((a - y) ** 2).sum(axis=1).mean()


def by_autodiff(network: networks.Network) -> np.ndarray:
    """Our engine behind the network's own forward pass."""
    return parameters.flatten(autodiff.cost_and_gradient(_cost, network, X, Y)[1])


def by_torch(network: networks.Network) -> np.ndarray:
    """PyTorch's autograd."""
    tensors = [torch.from_numpy(p).requires_grad_() for p in parameters.leaves(network)]
    a = torch.from_numpy(X)
    for W, b in zip(tensors[::2], tensors[1::2], strict=True):
        a = torch.sigmoid(a @ W.T + b)
    ((a - torch.from_numpy(Y)) ** 2).sum(dim=1).mean().backward()
    return np.concatenate([p.grad.numpy().ravel() for p in tensors])


def by_differences(network: networks.Network, part: int | None = None) -> np.ndarray:
    """Two forward passes for each of the first `part` parameters, or for all."""
    h = np.finfo(float).eps ** (1 / 3)
    vector = parameters.flatten(network)
    slopes = []
    for i in range(part or len(vector)):
        kept, costs = vector[i], []
        for nudged in (kept + h, kept - h):
            vector[i] = nudged
            costs.append(losses.network_cost(parameters.unflatten(vector, network), X, Y))
        vector[i] = kept
        slopes.append((costs[0] - costs[1]) / (2 * h))
    return np.array(slopes)


def seconds(gradient: Gradient, network: networks.Network) -> float:
    """Seconds of the processor for one gradient."""
    began = time.process_time()
    gradient(network)
    return time.process_time() - began


def measure(hidden: int) -> list[dict]:
    """A row for each program on the network with so many hidden neurons."""
    network = networks.random_network([784, hidden, 10], np.random.default_rng(0), np.float64)
    count = networks.count_parameters([784, hidden, 10]).total
    expected = by_hand(network)
    programs = {"by hand": by_hand, "autodiff": by_autodiff, "PyTorch": by_torch}
    times: dict[str, list[float]] = {name: [] for name in programs}
    apart = {name: relative_error(found(network), expected) for name, found in programs.items()}
    for _ in range(ROUNDS + 1):
        for name, gradient in programs.items():
            times[name].append(seconds(gradient, network))
    part = count if count < ALL_BELOW else PART
    found = by_differences(network, part)
    apart["differences"] = relative_error(found, expected[:part])
    timed = partial(by_differences, part=min(part, PART))
    times["differences"] = [seconds(timed, network) * count / min(part, PART) for _ in range(4)]
    return [
        {
            "program": name,
            "hidden": hidden,
            "parameters": count,
            "seconds": f"{statistics.median(found[1:]):.3g}",
            "relative_error": f"{apart[name]:.2g}",
        }
        for name, found in times.items()
    ]


def main(path: Path) -> None:
    """Measure all sizes, print the table and write it to `path`."""
    torch.set_num_threads(1)
    rows = [row for hidden in HIDDEN for row in measure(hidden)]
    recorded.record(path, rows, command="make bench", packages=("numpy", "torch"))
    print(path.read_text("utf-8"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
