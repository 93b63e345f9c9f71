"""Learning: a small step against the gradient, again and again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from weighted_sums import checkpoints
from weighted_sums.parameters import copy, leaves
from weighted_sums.progress import progress

Rate = float | Callable[[int], float]
"""A learning rate: a number, or a schedule that maps the steps 1, 2, 3… to numbers."""


def central_difference(
    f: Callable[[Float[np.ndarray, " dim"]], float],
    x: Float[np.ndarray, " dim"],
    h: float | None = None,
) -> Float[np.ndarray, " dim"]:
    r"""Gradient of `f` at `x`, one entry after the other, from a nudge of `h` to either side.

    Implements {eq}`central-difference`:
    $\partial f / \partial x_i \approx (f(x + h e_i) - f(x - h e_i)) / 2h$.
    Without `h` the nudge is the cube root of the precision of `x`, which balances the error of the
    formula against that of rounding.
    """
    h = h or float(np.finfo(x.dtype).eps) ** (1 / 3)
    slopes = np.empty_like(x)
    for i in range(len(x)):
        nudge = np.zeros_like(x)
        nudge[i] = h
        slopes[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return slopes


def rate_at(rate: Rate, step: int) -> float:
    """The learning rate of step 1, 2, 3…"""
    return float(rate(step) if callable(rate) else rate)


def check_rate(rate: Rate) -> None:
    """Raise ValueError unless `rate` is a schedule or a positive, finite number."""
    if not callable(rate) and not 0 < rate < math.inf:
        raise ValueError(f"a learning rate must be positive and finite, not {rate}")


@runtime_checkable
class Optimizer(Protocol):
    """Whatever can take a step, given the slopes."""

    rate: Rate
    steps: int

    def step(self, parameters: list[np.ndarray], slopes: list[np.ndarray]) -> None:
        """Change `parameters` in place."""


@dataclass
class GradientDescent:
    r"""The plain step downhill, {eq}`descent-step`: $p \gets p - \eta\,\partial C/\partial p$."""

    rate: Rate
    steps: int = 0

    def __post_init__(self) -> None:
        check_rate(self.rate)

    def step(self, parameters: list[np.ndarray], slopes: list[np.ndarray]) -> None:
        """Change `parameters` in place."""
        self.steps += 1
        rate = rate_at(self.rate, self.steps)
        for p, dp in zip(parameters, slopes, strict=True):
            p -= rate * dp


def descend(
    gradient: Callable[[Float[np.ndarray, " dim"]], Float[np.ndarray, " dim"]],
    start: Float[np.ndarray, " dim"],
    optimizer: Optimizer,
    steps: int,
) -> Float[np.ndarray, "place dim"]:
    """Walk from `start` and return every place on the way, the start first."""
    place = start.copy()
    path = [start.copy()]
    for _ in range(steps):
        optimizer.step([place], [gradient(place)])
        path.append(place.copy())
    return np.array(path)


@runtime_checkable
class Batches(Protocol):
    """Whatever can deal the batches of an epoch: what `gradient` gets behind the network."""

    def deal(self, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, ...]]:
        """Deal one epoch, with the help of chance."""


@dataclass(frozen=True)
class Minibatches:
    """Examples dealt in small hands, shuffled anew for every epoch."""

    x: np.ndarray
    y: np.ndarray
    size: int

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y):
            raise ValueError(f"{len(self.x)} inputs do not fit {len(self.y)} wanted outputs")
        if not 1 <= self.size <= len(self.x):
            raise ValueError(
                f"a mini-batch of {self.size} cannot be drawn from {len(self.x)} examples"
            )

    def __len__(self) -> int:
        """Mini-batches in an epoch; the last may be smaller than the others."""
        return -(-len(self.x) // self.size)

    def deal(self, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Deal all examples once, in a random order: {eq}`minibatch-gradient` averages a hand."""
        order = rng.permutation(len(self.x))
        for start in range(0, len(order), self.size):
            hand = order[start : start + self.size]
            yield self.x.take(hand, axis=0), self.y.take(hand, axis=0)


def train(
    network: Any,
    gradient: Callable[..., tuple[float, Any]],
    batches: Batches,
    *,
    optimizer: Optimizer,
    epochs: int,
    rng: np.random.Generator,
    after_epoch: Callable[[Any], Any] | None = None,
    checkpoint: Path | str | None = None,
) -> Any:
    """Return a network trained from `network`, which stays as it is.

    `gradient(network, *batch)` returns the cost of the batch and its slopes, in the network's own
    structure. `after_epoch` gets a copy of the network after each epoch; returning True, it ends
    the training. With a `checkpoint` file everything that the next step depends on is saved after
    each epoch, and a call that finds the file goes on from there, with the same results to the bit.
    Raises FloatingPointError, naming step and learning rate, when a cost is not finite.
    """
    network = copy(network)
    done = checkpoints.resume(checkpoint, network, optimizer, rng) if checkpoint else 0
    for epoch in progress(range(done, epochs), done=done):
        _one_epoch(network, gradient, batches.deal(rng), optimizer)
        if checkpoint:
            checkpoints.save(checkpoint, network, optimizer, rng, epoch + 1)
        if after_epoch is not None and _says_stop(after_epoch(copy(network))):
            break
    return network


def _says_stop(answer: Any) -> bool:
    # a comparison of NumPy's numbers is True too; an accuracy that was returned is not
    return isinstance(answer, bool | np.bool_) and bool(answer)


def _one_epoch(network, gradient, batches, optimizer) -> None:
    # what overflows shows in the cost, and is reported with the step at which it happened
    parameters = leaves(network)
    with np.errstate(over="ignore", invalid="ignore"):
        for batch in batches:
            cost, slopes = gradient(network, *batch)
            if not math.isfinite(cost):
                raise FloatingPointError(_diverged(f"the cost is {cost}", optimizer))
            optimizer.step(parameters, leaves(slopes))
    if not all(np.isfinite(p).all() for p in parameters):
        raise FloatingPointError(_diverged("a parameter is no longer finite", optimizer))


def _diverged(what: str, optimizer: Optimizer) -> str:
    rate = rate_at(optimizer.rate, max(optimizer.steps, 1))
    return f"{what} after step {optimizer.steps} at learning rate {rate:g}; try a smaller rate"
