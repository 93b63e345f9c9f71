"""Better steps downhill: momentum, a learning rate for each parameter, and both together.

Each optimiser keeps moments from its first step on: an array for each array of parameters.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from weighted_sums.schedules import LearningRate, check_learning_rate, learning_rate_at
from weighted_sums.workshop.checks import function, match_parameters
from weighted_sums.workshop.parameters import leaves, rebuild

Moments = list[np.ndarray]


@dataclass
class Momentum:
    r"""A heavy ball, {eq}`momentum`: its velocity sums all gradients so far, older ones less.

    $v \gets \mu v + \partial C/\partial p$ and $p \gets p - \eta v$.
    Source: Polyak (1964).
    """

    learning_rate: LearningRate
    momentum: float = 0.9
    steps: int = 0
    velocities: Moments = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        check_learning_rate(self.learning_rate)
        _check_decay(momentum=self.momentum)

    def step(self, parameters: list[np.ndarray], grads: list[np.ndarray]) -> None:
        """Change `parameters` in place."""
        match_parameters(parameters, grads)
        self.steps += 1
        learning_rate = learning_rate_at(self.learning_rate, self.steps)
        _init_moments(parameters, self.velocities)
        for p, dp, v in zip(parameters, grads, self.velocities, strict=True):
            v *= self.momentum
            v += dp
            p -= learning_rate * v


@dataclass
class RMSprop:
    r"""An adaptive learning rate, {eq}`rmsprop`: derivatives count relative to their usual size.

    $s \gets \beta s + (1 - \beta)(\partial C/\partial p)^2$ and
    $p \gets p - \eta\,(\partial C/\partial p) / (\sqrt{s} + \epsilon)$.
    Source: Tieleman and Hinton (2012).
    """

    learning_rate: LearningRate
    decay: float = 0.99
    eps: float = 1e-8
    steps: int = 0
    mean_squares: Moments = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        check_learning_rate(self.learning_rate)
        _check_decay(decay=self.decay)
        _check_not_negative(eps=self.eps)

    def step(self, parameters: list[np.ndarray], grads: list[np.ndarray]) -> None:
        """Change `parameters` in place."""
        match_parameters(parameters, grads)
        self.steps += 1
        learning_rate = learning_rate_at(self.learning_rate, self.steps)
        _init_moments(parameters, self.mean_squares)
        for p, dp, s in zip(parameters, grads, self.mean_squares, strict=True):
            s += (1 - self.decay) * (dp * dp - s)
            p -= learning_rate * dp / (np.sqrt(s) + self.eps)


@dataclass
class Adam:
    r"""Momentum and adaptive learning rates, {eq}`adam`, with {eq}`bias-correction`.

    $p \gets p - \eta\,\hat m / (\sqrt{\hat s} + \epsilon)$ after the decay {eq}`weight-decay`,
    $p \gets (1 - \eta\lambda)\,p$, which does not pass through the moments.
    Sources: Kingma and Ba (2015); Loshchilov and Hutter (2019) for the decay (AdamW).
    """

    learning_rate: LearningRate
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    weight_decay: float = 0.0
    steps: int = 0
    first_moments: Moments = field(default_factory=list, repr=False)
    second_moments: Moments = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        check_learning_rate(self.learning_rate)
        _check_decay(beta1=self.beta1, beta2=self.beta2)
        _check_not_negative(eps=self.eps, weight_decay=self.weight_decay)

    def step(self, parameters: list[np.ndarray], grads: list[np.ndarray]) -> None:
        """Change `parameters` in place."""
        match_parameters(parameters, grads)
        self.steps += 1
        learning_rate = learning_rate_at(self.learning_rate, self.steps)
        _init_moments(parameters, self.first_moments, self.second_moments)
        # correcting these two numbers saves two passes over every array
        corrected_rate = learning_rate / (1 - self.beta1**self.steps)
        root = math.sqrt(1 - self.beta2**self.steps)
        moments = self.first_moments, self.second_moments
        for p, dp, m, s in zip(parameters, grads, *moments, strict=True):
            m += (1 - self.beta1) * (dp - m)
            s += (1 - self.beta2) * (dp * dp - s)
            if self.weight_decay:
                p *= 1 - learning_rate * self.weight_decay
            p -= corrected_rate * m / (np.sqrt(s) / root + self.eps)


def clip_grad_norm(grads: Any, max_norm: float) -> tuple[Any, float]:
    r"""Return the gradient, scaled down to `max_norm` if it is longer, and the norm that it had.

    $g \gets g \cdot \min(1, c / \lVert g \rVert)$; the norm is that of all arrays together, so that
    the direction stays. Source: Pascanu, Mikolov and Bengio (2013). Raises ValueError unless
    `max_norm` is positive, and FloatingPointError when the norm is not finite.
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm must be positive, not {max_norm}")
    arrays = leaves(grads)
    # in float64: the squares of large float32 numbers would overflow
    norm = math.sqrt(sum(float(np.square(dp, dtype=np.float64).sum()) for dp in arrays))
    if not math.isfinite(norm):
        raise FloatingPointError(f"a gradient of norm {norm} cannot be clipped")
    if norm <= max_norm:
        return grads, norm
    return rebuild((dp * dp.dtype.type(max_norm / norm) for dp in arrays), grads), norm


def with_clipping(
    gradient: Callable[..., tuple[float, Any]], max_norm: float
) -> Callable[..., tuple[float, Any]]:
    """Wrap `gradient`, as `training.train` takes it, so that `clip_grad_norm` limits its norm."""
    function(gradient, "gradient")

    def clipped(network: Any, *batch: Any) -> tuple[float, Any]:
        cost, grads = gradient(network, *batch)
        return cost, clip_grad_norm(grads, max_norm)[0]

    return clipped


def _init_moments(parameters: list[np.ndarray], *moments: Moments) -> None:
    for moment in moments:
        if not moment:
            moment.extend(np.zeros_like(p) for p in parameters)
        match_parameters(parameters, moment, "moments")


def _check_decay(**settings: float) -> None:
    for name, value in settings.items():
        if not 0 <= value < 1:
            raise ValueError(f"{name} must lie in [0, 1), not {value}")


def _check_not_negative(**settings: float) -> None:
    for name, value in settings.items():
        if not 0 <= value < math.inf:
            raise ValueError(f"{name} must be finite and not negative, not {value}")
