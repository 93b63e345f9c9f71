"""Cross-entropy: a cost whose gradient stays large where a saturated neuron is wrong."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.backprop import Loss
from weighted_sums.neurons import sigmoid
from weighted_sums.softmax import softmax
from weighted_sums.workshop.checks import as_float, as_float_pair, indices, same_shape


def cross_entropy(
    p: Float[np.ndarray, "example class"], y: Float[np.ndarray, "example class"]
) -> float:
    r"""Return the average surprisal of the targets, {eq}`cross-entropy`, in nats.

    $-\sum_j y_j \ln p_j$. A probability that was rounded to 0 counts as the smallest positive
    number: only `cross_entropy_from_logits` can recover what rounding has lost. Raises ValueError
    for targets of another shape or outside 0 to 1.
    """
    p, y = _with_targets(p, y)
    return float(-(y * _log(p)).sum() / len(p))


def binary_cross_entropy(
    a: Float[np.ndarray, "example fan_out"], y: Float[np.ndarray, "example fan_out"]
) -> float:
    r"""Return the cross-entropy of independent yes-or-no outputs, {eq}`binary-cross-entropy`.

    $-\sum_j [y_j \ln a_j + (1 - y_j) \ln(1 - a_j)]$, averaged over the examples, in nats. An
    output that was rounded to 1 counts as the smallest real number that rounds to it: only
    `binary_cross_entropy_from_logits` can recover what rounding has lost.
    """
    a, y = _with_targets(a, y)
    complement = np.maximum(1 - a, np.finfo(a.dtype).eps / 4)  # less would round to 0
    return float(-(y * _log(a) + (1 - y) * np.log(complement)).sum() / len(a))


def cross_entropy_from_logits(
    z: Float[np.ndarray, "example class"], y: Float[np.ndarray, "example class"]
) -> float:
    r"""Return the cross-entropy of softmax(z), {eq}`cross-entropy`, from the logits themselves.

    $\ln p_j = z_j - \ln \sum_k e^{z_k}$ stays finite for logits of any size. A target of 0 adds
    nothing, even where its logit is −∞.
    """
    z, y = _with_targets(z, y)
    shifted = z - np.maximum.reduce(z, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.add.reduce(np.exp(shifted), axis=-1, keepdims=True))
    cost = -float(np.vdot(y, log_p)) / len(z)
    if not math.isfinite(cost):  # 0 times −∞ is not a number, but should count as 0
        cost = -float(np.vdot(y, np.where(y == 0, 0, log_p))) / len(z)
    return cost


def per_token_loss(
    logits: Float[np.ndarray, "*example vocab"],
    p: Float[np.ndarray, "*example vocab"],
    targets: Int[np.ndarray, "*example"],
) -> Float[np.ndarray, "*example"]:
    r"""Return the surprisal of each target token, in nats, given p = softmax(logits).

    $-\ln p_y = \max_j z_j - z_y - \ln \max_j p_j$ for logits z and a target y: the largest
    probability is never rounded to 0, so logits of any size give a finite loss. Raises ValueError
    for targets outside the vocabulary.
    """
    logits, p = as_float(logits, "logits"), as_float(p, "probabilities")
    same_shape(logits, p, ("logits", "probabilities"))
    targets = indices(targets, logits.shape[-1], "targets")
    same_shape(logits[..., 0], targets, ("logits of one token", "targets"))
    of_targets = np.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    return logits.max(axis=-1) - of_targets - np.log(p.max(axis=-1))


def binary_cross_entropy_from_logits(
    z: Float[np.ndarray, "example fan_out"], y: Float[np.ndarray, "example fan_out"]
) -> float:
    r"""Return the {eq}`binary-cross-entropy` of sigmoid(z), from the logits themselves.

    $\ln(1 + e^{-|z|}) + \max(z, 0) - y z$ for each output, which is exact for logits of any size.
    """
    z, y = _with_targets(z, y)
    costs = np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0) - y * z
    return float(costs.sum() / len(z))


def cross_entropy_delta(
    a: Float[np.ndarray, "example fan_out"], y: Float[np.ndarray, "example fan_out"]
) -> Float[np.ndarray, "example fan_out"]:
    r"""Return the error δ of the outputs for either cross-entropy: {eq}`cross-entropy-error`.

    $a - y$, averaged over the examples: the derivative of the sigmoid, or the Jacobian of softmax,
    has cancelled.
    """
    a, y = as_float_pair(a, y)
    return (a - y) / len(a)


BINARY_CROSS_ENTROPY = Loss(
    sigmoid, binary_cross_entropy, cross_entropy_delta, binary_cross_entropy_from_logits
)
SOFTMAX_CROSS_ENTROPY = Loss(softmax, cross_entropy, cross_entropy_delta, cross_entropy_from_logits)


def _with_targets(a: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a, y = as_float_pair(a, y)
    if not (np.minimum.reduce(y, axis=None) >= 0 and np.maximum.reduce(y, axis=None) <= 1):
        raise ValueError(f"targets must lie in 0..1, found {y.min()} to {y.max()}")
    return a, y


def _log(p: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(p, np.finfo(p.dtype).smallest_subnormal))
