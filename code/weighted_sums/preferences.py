"""Learning from "this answer is better than that": a reward from pairs, and a policy on a leash.

A policy gives each answer a share. Its reward is learnt from judgements of pairs; then it is moved
towards answers of high reward, but held back near the policy that it was before.
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
    r"""How often an answer of reward `first` is preferred to one of `second`: {eq}`bradley-terry`.

    $\sigma(r_1 - r_2)$. Source: Bradley and Terry (1952).
    """
    same_shape(first, second, ("the first rewards", "the second"))
    return sigmoid(np.subtract(as_float(first), as_float(second)))


def cost_and_gradient(
    w: Float[np.ndarray, " feature"],
    better: Float[np.ndarray, "pair feature"],
    worse: Float[np.ndarray, "pair feature"],
) -> tuple[float, Float[np.ndarray, " feature"]]:
    r"""Average surprise at the judgements under the rewards $r = w \cdot x$, and its slope by w.

    Each row of `better` was preferred to the same row of `worse`; {eq}`preference-cost`.
    """
    same_shape(better, worse, ("the better answers", "the worse ones"))
    better, worse = as_float(better), as_float(worse)
    apart = better - worse
    p = bradley_terry(better @ w, worse @ w)
    cost = np.logaddexp(0, -(apart @ w)).mean()
    return float(cost), (p - 1) @ apart / len(apart)


def judge(
    value: Float[np.ndarray, " answer"],
    policy: Policy,
    pairs: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Let raters who feel `value` compare pairs drawn from `policy`: the better and the worse."""
    same_shape(value, policy, ("values", "policy"))
    first, second = rng.choice(len(policy), size=(2, pairs), p=policy)
    right = rng.random(pairs) < bradley_terry(value[first], value[second])
    return np.where(right, first, second), np.where(right, second, first)


def kl_regularised(before: Policy, reward: Float[np.ndarray, " answer"], beta: float) -> Policy:
    r"""The policy with the most reward less `beta` times its {eq}`kl-divergence` from `before`.

    Implements {eq}`kl-regularised`: $p(a) \propto p_0(a)\, e^{r(a)/\beta}$ for a leash β; at β = 0 all on
    the best answers, as far as `before` ever gives them. Source: Rafailov et al. (2023).
    """
    if not beta >= 0:
        raise ValueError(f"a leash must be 0 or more, not {beta}")
    same_shape(before, reward, ("policy", "rewards"))
    before, reward = as_float(before, "policy"), as_float(reward, "rewards")
    with np.errstate(divide="ignore"):
        logits = np.log(before)
    possible = before > 0
    found = np.zeros_like(before)
    if beta == 0:
        found[possible] = probabilities(reward[possible], 0.0)
    else:
        found[possible] = probabilities(logits[possible] + reward[possible] / beta)
    return found


def kl_divergence(p: Policy, q: Policy) -> float:
    r"""How far policy `p` is from `q`, {eq}`kl-divergence`: $\sum_a p_a \ln (p_a / q_a)$."""
    same_shape(p, q, ("one policy", "the other"))
    p, q = as_float(p), as_float(q)
    some = p > 0
    with np.errstate(divide="ignore"):
        return float((p[some] * (np.log(p[some]) - np.log(q[some]))).sum())
