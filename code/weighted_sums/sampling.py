"""From logits to a token: softmax with a temperature, top-k, top-p, and a random sample."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Real

from weighted_sums.softmax import softmax
from weighted_sums.workshop import checks

Logits = Real[np.ndarray, "*example token"]
Probabilities = Float[np.ndarray, "*example token"]


def probabilities(logits: Logits, temperature: float = 1.0) -> Probabilities:
    r"""Probabilities of the tokens at a temperature, {eq}`temperature`: $\mathrm{softmax}(z / T)$.

    T = 0 gives the limit: probability 1 for the largest logit, divided equally among ties. Raises
    ValueError for a negative temperature and for NaN.
    """
    if not temperature >= 0:
        raise ValueError(f"a temperature must be 0 or more, not {temperature}")
    below = _below_the_largest(logits)
    if temperature == 0:
        largest = (below == 0).astype(below.dtype)
        return largest / largest.sum(axis=-1, keepdims=True)
    with np.errstate(over="ignore"):  # far below the largest at a tiny T: −∞, so probability 0
        return softmax((below / temperature).astype(below.dtype))


def with_tail(
    logits: Float[np.ndarray, " token"], others: float, temperature: float = 1.0
) -> Float[np.ndarray, " answer"]:
    r"""Probabilities of the likeliest tokens, in that order, and last of all others together.

    Of the others only `others` is known, $\ln \sum e^z$. They are treated as the number of equal
    logits, each like the last of `logits`, that has this sum: exact at T = 1, too much probability
    at lower temperatures, too little at higher ones.
    """
    if not temperature >= 0:
        raise ValueError(f"a temperature must be 0 or more, not {temperature}")
    logits = checks.as_float(logits, "logits")
    if temperature == 0:
        return np.append(probabilities(logits, 0.0), 0)
    below = logits - logits[0]
    with np.errstate(over="ignore"):
        return softmax(np.append(below, below[-1]) / temperature + _tail(logits, others))


def top_k(p: Probabilities, k: int) -> Probabilities:
    """Keep the `k` largest probabilities and rescale them to a sum of 1; the others become 0.

    Of equal probabilities, those of earlier tokens are kept. Source: Fan, Lewis and Dauphin (2018).
    """
    p = checks.as_float(p, "probabilities")
    return _keep(p, np.arange(p.shape[-1]) < checks.whole_number(k, "k"))


def top_p(p: Probabilities, mass: float) -> Probabilities:
    """Keep the fewest tokens whose probabilities add up to `mass`, the nucleus; rescale them to 1.

    Source: Holtzman et al. (2020).
    """
    if not 0 < mass <= 1:
        raise ValueError(f"the probability mass must be above 0 and at most 1, not {mass}")
    p = checks.as_float(p, "probabilities")
    before = np.cumsum(_sorted(p), axis=-1) - _sorted(p)  # of all larger ones together
    return _keep(p, before < mass)


def sample(p: Float[np.ndarray, " token"], rng: np.random.Generator) -> int:
    """Draw one token at random with the probabilities `p`.

    A uniform random number is looked up among the cumulative probabilities. Raises ValueError
    unless `p` is one row of non-negative numbers that sum to 1.
    """
    if np.ndim(p) != 1 or not len(p):
        raise ValueError(f"probabilities must be one row, not an array of shape {np.shape(p)}")
    p = checks.as_float(p, "probabilities")
    ends = np.cumsum(p, dtype=np.float64)
    if not (np.all(p >= 0) and abs(ends[-1] - 1) < 1e-3):
        raise ValueError(f"probabilities must be at least 0 and sum to 1, but sum to {ends[-1]:g}")
    found = int(np.searchsorted(ends, rng.random() * ends[-1], side="right"))
    return min(found, int(np.flatnonzero(p)[-1]))  # rounding may lead past the last one


def _below_the_largest(logits: np.ndarray) -> np.ndarray:
    logits = checks.as_float(logits, "logits")
    if not logits.shape or not logits.shape[-1]:
        raise ValueError(f"logits of shape {logits.shape} leave nothing to choose from")
    largest = logits.max(axis=-1, keepdims=True)
    if not np.isfinite(largest).all():
        raise ValueError("the largest logit of a row must be finite; one is nan or infinite")
    return logits - largest


def _tail(logits: np.ndarray, others: float) -> np.ndarray:
    return np.append(np.zeros(len(logits)), others - logits[-1])


def _order(p: np.ndarray) -> np.ndarray:
    return np.argsort(-p, axis=-1, kind="stable")


def _sorted(p: np.ndarray) -> np.ndarray:
    return np.take_along_axis(p, _order(p), axis=-1)


def _keep(p: np.ndarray, by_rank: np.ndarray) -> np.ndarray:
    kept = np.zeros_like(p)
    np.put_along_axis(kept, _order(p), np.where(by_rank, _sorted(p), 0), axis=-1)
    return kept / kept.sum(axis=-1, keepdims=True)
