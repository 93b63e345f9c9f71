"""Learning from preferences: a reward model from compared pairs, and a KL-regularised policy.

A policy gives each answer a probability. The reward is learned from judgements of pairs; then the
policy is moved towards answers of high reward, but kept close to what it was before.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from weighted_sums.neurons import sigmoid
from weighted_sums.sampling import probabilities
from weighted_sums.workshop.checks import as_float, same_shape

Policy = Float[np.ndarray, " answer"]


def bradley_terry(
    first: Float[np.ndarray, "*pair"], second: Float[np.ndarray, "*pair"]
) -> Float[np.ndarray, "*pair"] | np.floating:
    r"""Return the probability that reward `first` is preferred to `second`: {eq}`bradley-terry`.

    $\sigma(r_1 - r_2)$. Source: Bradley and Terry (1952).
    """
    same_shape(first, second, ("the first rewards", "the second"))
    return sigmoid(np.subtract(as_float(first), as_float(second)))


def cost_and_gradient(
    w: Float[np.ndarray, " feature"],
    better: Float[np.ndarray, "pair feature"],
    worse: Float[np.ndarray, "pair feature"],
) -> tuple[float, Float[np.ndarray, " feature"]]:
    r"""Return the cross-entropy of the judgements for rewards $r = w \cdot x$, and its gradient.

    Each row of `better` was preferred to the same row of `worse`; {eq}`preference-cost`.
    """
    same_shape(better, worse, ("the better answers", "the worse ones"))
    better, worse = as_float(better), as_float(worse)
    difference = better - worse
    p = bradley_terry(better @ w, worse @ w)
    cost = np.logaddexp(0, -(difference @ w)).mean()
    return float(cost), (p - 1) @ difference / len(difference)


def dpo_cost_and_gradient(
    better: Float[np.ndarray, " pair"],
    worse: Float[np.ndarray, " pair"],
    better_before: Float[np.ndarray, " pair"],
    worse_before: Float[np.ndarray, " pair"],
    beta: float,
) -> tuple[float, Float[np.ndarray, " pair"], Float[np.ndarray, " pair"]]:
    r"""Return the DPO cost {eq}`dpo` and its derivatives with respect to `better` and `worse`.

    All four are log-probabilities, under the policy and under the one `before`. Source: Rafailov
    et al. (2023).
    """
    _check_beta(beta)
    same_shape(better, worse, ("the better answers", "the worse ones"))
    same_shape(better_before, worse_before, ("the better answers before", "the worse ones"))
    same_shape(better, better_before, ("the policy", "the one before"))
    r_better = beta * np.subtract(as_float(better), as_float(better_before))
    r_worse = beta * np.subtract(as_float(worse), as_float(worse_before))
    cost = np.logaddexp(0, r_worse - r_better).mean()
    d = np.asarray(beta * (bradley_terry(r_better, r_worse) - 1) / len(r_better))
    return float(cost), d, -d


def judge(
    value: Float[np.ndarray, " answer"],
    policy: Policy,
    pairs: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Let raters with the rewards `value` compare pairs of answers sampled from `policy`.

    Returns the indices of the preferred answers and of the others.
    """
    same_shape(value, policy, ("values", "policy"))
    first, second = rng.choice(len(policy), size=(2, pairs), p=policy)
    prefers_first = rng.random(pairs) < bradley_terry(value[first], value[second])
    return np.where(prefers_first, first, second), np.where(prefers_first, second, first)


def kl_regularised(before: Policy, reward: Float[np.ndarray, " answer"], beta: float) -> Policy:
    r"""Return the policy with the most reward minus β times its {eq}`kl-divergence` from `before`.

    Implements {eq}`kl-regularised`: $p(a) \propto p_0(a)\, e^{r(a)/\beta}$; at β = 0 only the best
    of the answers that `before` can give. Source: Rafailov et al. (2023).
    """
    _check_beta(beta)
    same_shape(before, reward, ("policy", "rewards"))
    before, reward = as_float(before, "policy"), as_float(reward, "rewards")
    with np.errstate(divide="ignore"):
        logits = np.log(before)
    possible = before > 0
    policy = np.zeros_like(before)
    if beta == 0:
        policy[possible] = probabilities(reward[possible], 0.0)
    else:
        policy[possible] = probabilities(logits[possible] + reward[possible] / beta)
    return policy


def kl_divergence(p: Policy, q: Policy) -> float:
    r"""Return the divergence of `p` from `q`, {eq}`kl-divergence`: $\sum_a p_a \ln (p_a / q_a)$."""
    same_shape(p, q, ("one policy", "the other"))
    p, q = as_float(p), as_float(q)
    support = p > 0
    with np.errstate(divide="ignore"):
        return float((p[support] * (np.log(p[support]) - np.log(q[support]))).sum())


def _check_beta(beta: float) -> None:
    if not beta >= 0:
        raise ValueError(f"beta must be 0 or more, not {beta}")
