"""Gradient descent: a small step against the gradient, again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from weighted_sums.schedules import LearningRate, check_learning_rate, learning_rate_at
from weighted_sums.workshop import checks


@runtime_checkable
class Optimizer(Protocol):
    """Anything that can take a step, given the gradient."""

    learning_rate: LearningRate
    steps: int

    def step(self, parameters: list[np.ndarray], grads: list[np.ndarray]) -> None:
        """Change `parameters` in place."""


@dataclass
class GradientDescent:
    r"""The plain step downhill, {eq}`descent-step`: $p \gets p - \eta\,\partial C/\partial p$."""

    learning_rate: LearningRate
    steps: int = 0

    def __post_init__(self) -> None:
        check_learning_rate(self.learning_rate)

    def step(self, parameters: list[np.ndarray], grads: list[np.ndarray]) -> None:
        """Change `parameters` in place."""
        checks.match_parameters(parameters, grads)
        self.steps += 1
        learning_rate = learning_rate_at(self.learning_rate, self.steps)
        for p, dp in zip(parameters, grads, strict=True):
            p -= learning_rate * dp


def descend(
    gradient: Callable[[Float[np.ndarray, " dim"]], Float[np.ndarray, " dim"]],
    initial: Float[np.ndarray, " dim"],
    optimizer: Optimizer,
    steps: int,
) -> Float[np.ndarray, "point dim"]:
    """Return the path of `steps` optimiser steps from `initial`, which is its first point."""
    checks.function(gradient, "gradient")
    point = initial.copy()
    path = [initial.copy()]
    for _ in range(steps):
        optimizer.step([point], [gradient(point)])
        path.append(point.copy())
    return np.array(path)
