"""From scores to a choice: softmax with a temperature, the likeliest few, and a draw."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Real

from weighted_sums.softmax import softmax
from weighted_sums.workshop import checks

Logits = Real[np.ndarray, "*example token"]
Shares = Float[np.ndarray, "*example token"]


def probabilities(logits: Logits, temperature: float = 1.0) -> Shares:
    r"""Shares of the tokens at a temperature, {eq}`temperature`: $\mathrm{softmax}(z / T)$.

    At T = 0, its limit: everything to the largest logit, in equal parts where several are largest.
    Raises ValueError for a temperature below 0, or one that is no number.
    """
    if not temperature >= 0:
        raise ValueError(f"a temperature must be 0 or more, not {temperature}")
    below = _below_the_largest(logits)
    if temperature == 0:
        largest = (below == 0).astype(below.dtype)
        return largest / largest.sum(axis=-1, keepdims=True)
    with np.errstate(over="ignore"):  # far below the largest at a tiny T: −∞, a share of 0
        return softmax((below / temperature).astype(below.dtype))


def with_tail(
    logits: Float[np.ndarray, " token"], others: float, temperature: float = 1.0
) -> Float[np.ndarray, " answer"]:
    r"""Shares of tokens, the likeliest first, and behind them of all others together.

    Of the others only `others` is known, $\ln \sum e^z$. They are treated as if they were as many
    as it takes with logits like the last one: exact at T = 1, too many when it is cold, too few
    when it is hot.
    """
    if not temperature >= 0:
        raise ValueError(f"a temperature must be 0 or more, not {temperature}")
    logits = checks.as_float(logits, "logits")
    if temperature == 0:
        return np.append(probabilities(logits, 0.0), 0)
    below = logits - logits[0]
    with np.errstate(over="ignore"):
        return softmax(np.append(below, below[-1]) / temperature + _tail(logits, others))


def top_k(p: Shares, k: int) -> Shares:
    """Keep the `k` largest shares and stretch them to a sum of 1; the others become 0.

    Among equals the earlier tokens are kept. Source: Fan, Lewis and Dauphin (2018).
    """
    p = checks.as_float(p, "shares")
    return _keep(p, np.arange(p.shape[-1]) < checks.whole_number(k, "k"))


def top_p(p: Shares, share: float) -> Shares:
    """Keep the fewest tokens that hold `share` of the whole, the largest first: the nucleus.

    Source: Holtzman et al. (2020).
    """
    if not 0 < share <= 1:
        raise ValueError(f"the share to keep must lie above 0 and not above 1, but is {share}")
    p = checks.as_float(p, "shares")
    before = np.cumsum(_sorted(p), axis=-1) - _sorted(p)  # what the larger ones hold already
    return _keep(p, before < share)


def sample(p: Float[np.ndarray, " token"], rng: np.random.Generator) -> int:
    """Draw one token, each as often as its share says.

    A random number between 0 and 1 falls into the stretch of one token when all of them lie end to
    end. Raises ValueError unless the shares are positive or 0 and sum to 1.
    """
    if np.ndim(p) != 1 or not len(p):
        raise ValueError(f"one row of probabilities is wanted, not an array of shape {np.shape(p)}")
    p = checks.as_float(p, "shares")
    ends = np.cumsum(p, dtype=np.float64)
    if not (np.all(p >= 0) and abs(ends[-1] - 1) < 1e-3):
        raise ValueError(f"shares must be positive or 0 and sum to 1, but the sum is {ends[-1]:g}")
    found = int(np.searchsorted(ends, rng.random() * ends[-1], side="right"))
    return min(found, int(np.flatnonzero(p)[-1]))  # rounding may lead past the last end


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
