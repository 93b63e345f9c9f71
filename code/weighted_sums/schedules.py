"""Learning rates: a number for all steps, or a schedule that gives each step its own."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

LearningRate = float | Callable[[int], float]
"""A learning rate: a number, or a schedule that maps the steps 1, 2, 3… to numbers."""


def learning_rate_at(learning_rate: LearningRate, step: int) -> float:
    """Return the learning rate of step 1, 2, 3…

    Raises ValueError, with the step, when a schedule returns anything but a finite number ≥ 0.
    """
    if not callable(learning_rate):
        return float(learning_rate)
    scheduled = learning_rate(step)
    if not isinstance(scheduled, int | float | np.number) or not 0 <= scheduled < math.inf:
        raise ValueError(f"the schedule returned the learning rate {scheduled!r} for step {step}")
    return float(scheduled)


def check_learning_rate(learning_rate: LearningRate) -> None:
    """Raise ValueError unless `learning_rate` is a schedule or a positive, finite number."""
    number = isinstance(learning_rate, int | float | np.number)
    if not callable(learning_rate) and not (number and 0 < learning_rate < math.inf):
        raise ValueError(f"a learning rate must be positive and finite, not {learning_rate!r}")


def cosine_schedule(peak: float, steps: int, warmup: int = 0) -> Callable[[int], float]:
    r"""Return a schedule: `warmup` equal steps up to `peak`, then down to 0 along a cosine.

    Implements {eq}`cosine`; after all `steps` the learning rate is 0. Source: Loshchilov and Hutter
    (2017). Raises ValueError unless `peak` is a learning rate and `warmup` is less than `steps`.
    """
    check_learning_rate(peak)
    if not 0 <= warmup < steps:
        raise ValueError(f"warmup must lie between 0 and steps - 1 = {steps - 1}, not {warmup}")

    def learning_rate(step: int) -> float:
        if step <= warmup:
            return peak * step / warmup
        done = min((step - 1 - warmup) / (steps - warmup), 1)
        return peak * (1 + math.cos(math.pi * done)) / 2

    return learning_rate
