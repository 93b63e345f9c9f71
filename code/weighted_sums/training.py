"""The training loop: batch after batch a gradient and a step, epoch after epoch.

The gradient is an argument: what to do with it comes before the question how to find it.
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
        _one_epoch(network, gradient, batches.epoch(rng), optimizer)
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
            cost, grads = gradient(network, *batch)
            if not math.isfinite(cost):
                raise _diverged(f"the cost is {cost}", optimizer, parameters, batch)
            optimizer.step(parameters, leaves(grads))
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
    learning_rate = learning_rate_at(optimizer.learning_rate, steps)
    return FloatingPointError(
        f"{what} after step {steps} at learning rate {learning_rate:g}; try a smaller rate"
    )
