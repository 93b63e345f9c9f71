"""The training loop: for each batch of each epoch, a gradient and an optimiser step.

The gradient is an argument, since the book uses one long before it derives how to compute it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from weighted_sums.descent import Optimizer
from weighted_sums.minibatches import Batches
from weighted_sums.schedules import learning_rate_at
from weighted_sums.workshop import checkpoints, checks
from weighted_sums.workshop.parameters import copy, leaves
from weighted_sums.workshop.progress import progress

Gradient = Callable[..., tuple[float, Any]]
"""`gradient(network, *batch)` returns the cost of a batch and its gradient, structured alike."""


def train(
    network: Any,
    gradient: Gradient,
    batches: Batches,
    *,
    optimizer: Optimizer,
    epochs: int,
    rng: np.random.Generator,
    after_epoch: Callable[[Any], Any] | None = None,
    checkpoint: Path | str | None = None,
) -> Any:
    """Return a copy of `network`, trained for so many `epochs`.

    `gradient(network, *batch)` returns the cost of the batch and its gradient, in the structure of
    the network. `after_epoch` gets a copy of the network after each epoch, and ends training early
    by returning True. With a `checkpoint` file, everything that the next step depends on is saved
    after each epoch, and a call that finds the file resumes from it, with the same results to the
    bit. Raises FloatingPointError, with step and learning rate, when a cost is not finite;
    arguments that cannot be used or saved are refused before the first step.
    """
    _check_arguments(gradient, optimizer, after_epoch, epochs)
    network = copy(network)
    initial, done, end = checkpoints.begin(checkpoint, network, optimizer, rng, epochs)
    for epoch in progress(range(done, end), done=done):
        _one_epoch(network, gradient, batches.epoch(rng), optimizer)
        checkpoints.save(checkpoint, network, optimizer, rng, epoch + 1, initial)
        if after_epoch is not None and _is_true(after_epoch(copy(network))):
            checkpoints.stop(checkpoint)
            break
    return network


def _check_arguments(gradient: Any, optimizer: Any, after_epoch: Any, epochs: Any) -> None:
    checks.whole_number(epochs, "epochs", least=0)
    checks.function(gradient, "gradient")
    if after_epoch is not None:
        checks.function(after_epoch, "after_epoch")
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            "an optimiser has learning_rate, steps and step(parameters, grads); "
            f"{type(optimizer).__name__} has not"
        )


def _is_true(value: Any) -> bool:
    # comparing NumPy numbers gives np.True_; an accuracy that after_epoch happens to return is not
    return isinstance(value, bool | np.bool_) and bool(value)


def _one_epoch(
    network: Any,
    gradient: Gradient,
    batches: Iterable[tuple[np.ndarray, ...]],
    optimizer: Optimizer,
) -> None:
    # an overflow shows in the cost, and is reported with the step at which it happened
    parameters = leaves(network)
    with np.errstate(over="ignore", invalid="ignore"):
        for batch in batches:
            cost, grads = gradient(network, *batch)
            if not math.isfinite(cost):
                raise _diverged(f"the cost is {cost}", optimizer, parameters, batch)
            optimizer.step(parameters, leaves(grads))
    if not _finite(parameters):
        raise _diverged("a parameter is no longer finite", optimizer, [], [])


def _finite(arrays: Iterable[Any]) -> bool:
    # integers are always finite, and anything but an array has raised an error of its own
    floats = (a for a in arrays if isinstance(a, np.ndarray) and a.dtype.kind == "f")
    return all(np.isfinite(a).all() for a in floats)


def _diverged(what: str, optimizer: Optimizer, parameters: Any, batch: Any) -> Exception:
    """Return an error that blames the batch, the initial parameters, or else the learning rate."""
    steps = optimizer.steps
    if not _finite(batch):
        return ValueError(f"{what} after step {steps}: the batch holds nan or an infinite number")
    if not steps:
        initial = "finite" if _finite(parameters) else "not finite either"
        return FloatingPointError(
            f"{what} before the first step; the initial parameters are {initial}"
        )
    learning_rate = learning_rate_at(optimizer.learning_rate, steps)
    return FloatingPointError(
        f"{what} after step {steps} at learning rate {learning_rate:g}; try a smaller one"
    )
