"""One gradient of a digit network four ways, as its parameters grow.

By the four equations, by our engine, by PyTorch and by central differences, on the same ten digits
and in double precision. Differences are timed over a part of the parameters, and the rest counted.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from bench.pairs import OURS, Case, Growth, Programs, Setting
from weighted_sums import autodiff, backprop, data, losses, networks
from weighted_sums.workshop.parameters import flatten, leaves, unflatten

HIDDEN = (1, 4, 16, 64, 256)
PART = 200  # parameters that differences run through
DIFFERENCES = "differences"


def setting(hidden: int) -> Setting:
    """The size of a network, and how many parameters that makes."""
    return {"hidden": hidden, "parameters": networks.count_parameters([784, hidden, 10]).total}


def programs(hidden: int, parameters: int, digits: int = 10) -> Programs:
    """The four ways; each returns the same entries of the gradient, spread over all layers."""
    train = data.load_digits().train[:digits]
    x, y = train.images.astype(float), data.one_hot(train.labels).astype(float)
    network = networks.init_network([784, hidden, 10], np.random.default_rng(0), np.float64)
    shown = np.linspace(0, parameters - 1, PART).astype(int)

    def entries(gradient: Callable[..., np.ndarray]) -> Callable[[], np.ndarray]:
        return lambda: gradient(network, x, y)[shown]

    return {
        OURS: entries(by_hand),
        "this book, autodiff": entries(by_autodiff),
        "PyTorch": entries(by_torch),
        DIFFERENCES: lambda: by_differences(network, x, y, shown),
    }


def by_hand(network: networks.Network, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The four equations."""
    return flatten(backprop.cost_and_gradient(network, x, y)[1])


def by_autodiff(network: networks.Network, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Our autodiff for the same forward pass."""
    return flatten(autodiff.cost_and_gradient(_cost, network, x, y)[1])


def _cost(network, x, y):
    a = x
    for W, b in network:
        a = (a @ W.T + b).sigmoid()
    return ((a - y) ** 2).sum(axis=1).mean()


def by_torch(network: networks.Network, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """PyTorch's autograd."""
    tensors = [torch.from_numpy(p).requires_grad_() for p in leaves(network)]
    a = torch.from_numpy(x)
    for W, b in zip(tensors[::2], tensors[1::2], strict=True):
        a = torch.sigmoid(a @ W.T + b)
    ((a - torch.from_numpy(y)) ** 2).sum(dim=1).mean().backward()
    return np.concatenate([p.grad.numpy().ravel() for p in tensors])


def by_differences(
    network: networks.Network, x: np.ndarray, y: np.ndarray, indices: np.ndarray
) -> np.ndarray:
    """Two forward passes for each of the parameters at `indices`."""
    h = np.finfo(float).eps ** (1 / 3)
    vector = flatten(network)
    grads = []
    for i in indices:
        kept, costs = vector[i], []
        for nudged in (kept + h, kept - h):
            vector[i] = nudged
            costs.append(losses.network_cost(unflatten(vector, network), x, y))
        vector[i] = kept
        grads.append((costs[0] - costs[1]) / (2 * h))
    return np.array(grads)


GRADIENT = Case(
    name="gradient",
    programs=programs,
    settings=[setting(hidden) for hidden in HIDDEN],
    main=[setting(64)],
    tiny=setting(1),
    growth=(Growth("parameters", {}),),
    tolerance=1e-6,
    part=lambda program, of: PART / of["parameters"] if program == DIFFERENCES else 1.0,
)
