"""Learning: a small step against the gradient, again and again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from weighted_sums.batches import Batches as Batches
from weighted_sums.batches import Minibatches as Minibatches
from weighted_sums.workshop import checkpoints, checks
from weighted_sums.workshop.parameters import copy, leaves
from weighted_sums.workshop.progress import progress

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
    Without `h` the nudge is the cube root of the precision of `x`, times the entry where that is
    larger than 1: this balances the error of the formula against that of rounding. Raises
    ValueError unless `x` is one vector and `h` positive.
    """
    checks.function(f, "f")
    x = checks.decimal(x, "x")
    if x.ndim != 1 or (h is not None and not 0 < h < math.inf):
        raise ValueError(f"one vector and a positive nudge are wanted, not {x.shape} and {h}")
    slopes, relative = np.empty_like(x), float(np.finfo(x.dtype).eps) ** (1 / 3)
    for i in range(len(x)):
        size = h or relative * max(1, abs(float(x[i])))
        nudge = np.zeros_like(x)
        nudge[i] = size
        slopes[i] = (f(x + nudge) - f(x - nudge)) / (2 * size)
    return slopes


def rate_at(rate: Rate, step: int) -> float:
    """The learning rate of step 1, 2, 3…

    Raises ValueError, naming the step, when a schedule says anything but a finite number from 0 up.
    """
    if not callable(rate):
        return float(rate)
    found = rate(step)
    if not isinstance(found, int | float | np.number) or not 0 <= found < math.inf:
        raise ValueError(f"the schedule gives the learning rate {found!r} for step {step}")
    return float(found)


def check_rate(rate: Rate) -> None:
    """Raise ValueError unless `rate` is a schedule or a positive, finite number."""
    number = isinstance(rate, int | float | np.number)
    if not callable(rate) and not (number and 0 < rate < math.inf):
        raise ValueError(f"a learning rate must be positive and finite, not {rate!r}")


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
        checks.updatable(parameters, slopes)
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
    checks.function(gradient, "gradient")
    place = start.copy()
    path = [start.copy()]
    for _ in range(steps):
        optimizer.step([place], [gradient(place)])
        path.append(place.copy())
    return np.array(path)


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
    each epoch, such an end too, and a call that finds the file goes on from there, with the same
    results to the bit. Raises FloatingPointError, naming step and learning rate, when a cost is not
    finite; what cannot be used or saved is refused before the first step.
    """
    _check_tools(gradient, optimizer, after_epoch, epochs)
    network = copy(network)
    began, done, end = checkpoints.begin(checkpoint, network, optimizer, rng, epochs)
    for epoch in progress(range(done, end), done=done):
        _one_epoch(network, gradient, batches.deal(rng), optimizer)
        checkpoints.save(checkpoint, network, optimizer, rng, epoch + 1, began)
        if after_epoch is not None and _says_stop(after_epoch(copy(network))):
            checkpoints.stop(checkpoint)
            break
    return network


def _check_tools(gradient: Any, optimizer: Any, after_epoch: Any, epochs: Any) -> None:
    checks.whole_number(epochs, "epochs", least=0)
    checks.function(gradient, "gradient")
    if after_epoch is not None:
        checks.function(after_epoch, "after_epoch")
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"an optimiser has rate, steps and step(…), not {type(optimizer).__name__}")


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
                raise _diverged(f"the cost is {cost}", optimizer, parameters, batch)
            optimizer.step(parameters, leaves(slopes))
    if not _finite(parameters):
        raise _diverged("a parameter is no longer finite", optimizer, [], [])


def _finite(arrays: Iterable[Any]) -> bool:
    # whole numbers are finite, and what is no array has its own errors
    decimal = (a for a in arrays if isinstance(a, np.ndarray) and a.dtype.kind == "f")
    return all(np.isfinite(a).all() for a in decimal)


def _diverged(what: str, optimizer: Optimizer, parameters: Any, batch: Any) -> Exception:
    """What is to blame: the batch, the start, or else the learning rate."""
    steps = optimizer.steps
    if not _finite(batch):
        return ValueError(f"{what} after step {steps}: the batch holds nan or an infinite number")
    if not steps:
        cause = "the gradient says so of finite" if _finite(parameters) else "so are"
        return FloatingPointError(f"{what} before the first step: {cause} parameters")
    rate = rate_at(optimizer.rate, steps)
    return FloatingPointError(
        f"{what} after step {steps} at learning rate {rate:g}; try a smaller rate"
    )
