"""Mixture of experts: many feed-forward layers, of which each token uses a few.

A router, one row of weights for each expert, gives every token a probability for each expert; the
token goes through the `top_k` likeliest only. Parameters grow with the number of experts, and the
work for a token does not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from weighted_sums.blocks import Residual
from weighted_sums.heads import flat_rows
from weighted_sums.softmax import softmax, softmax_backward
from weighted_sums.variants import SwiGLU, swiglu, swiglu_backward
from weighted_sums.workshop.checks import as_float, same_shape, whole_number

Routed = Float[np.ndarray, "row expert"]


class Experts(NamedTuple):
    """The router, and the three matrices of every expert, a SwiGLU layer."""

    router: Float[np.ndarray, "expert d_model"]
    gate: Float[np.ndarray, "expert neuron d_model"]
    up: Float[np.ndarray, "expert neuron d_model"]
    down: Float[np.ndarray, "expert d_model neuron"]


class MixtureCache(NamedTuple):
    """What a mixture keeps: its inputs, the router's probabilities, and who was chosen."""

    x: Residual
    experts: Experts
    p: Routed
    chosen: Bool[np.ndarray, "row expert"]


def init_experts(
    n_experts: int, neurons: int, d_model: int, rng: np.random.Generator, dtype: type = np.float32
) -> Experts:
    """Draw the matrices of all experts from N(0, 1/fan_in), and a router nearly without opinion."""

    def draw(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape, np.dtype(dtype)) / np.sqrt(shape[-1], dtype=dtype)

    router = draw(n_experts, d_model) * np.asarray(0.1, dtype)
    gate, up = (draw(n_experts, neurons, d_model) for _ in range(2))
    return Experts(router, gate, up, draw(n_experts, d_model, neurons))


def expert(experts: Experts, i: int) -> SwiGLU:
    """Return the matrices of expert `i`: views, no copies."""
    return SwiGLU(experts.gate[i], experts.up[i], experts.down[i])


def mixture(x: Residual, experts: Experts, top_k: int = 1) -> tuple[Residual, MixtureCache]:
    r"""Send each row through its likeliest `top_k` experts and add up what they return.

    Implements {eq}`mixture`: $y = \sum_{i \in \text{top } k} p_i\, E_i(x)$. Of equally likely
    experts, the first are taken. Raises ValueError when there are not so many experts. Sources:
    Shazeer et al. (2017); Fedus et al. (2022).
    """
    x = as_float(x)
    n_experts = len(experts.router)
    if whole_number(top_k, "top_k") > n_experts:
        raise ValueError(f"a token cannot go to {top_k} of {n_experts} experts")
    rows = flat_rows(x)
    p = softmax(rows @ experts.router.T)
    chosen = np.zeros(p.shape, bool)
    np.put_along_axis(chosen, np.argsort(-p, axis=-1, kind="stable")[:, :top_k], True, axis=-1)
    y = np.zeros_like(rows)
    for i in range(n_experts):
        mine = chosen[:, i]
        y[mine] += p[mine, i, None] * swiglu(rows[mine], expert(experts, i))
    return y.reshape(x.shape), MixtureCache(x, experts, p, chosen)


def mixture_backward(
    dy: Residual, cache: MixtureCache, balance: float = 0.0
) -> tuple[Residual, Experts]:
    r"""Return dx and the gradients of router and experts, {eq}`mixture-backward`.

    An expert learns from the rows that it saw, and the router from how well each chosen expert's
    output agrees with −dy. `balance` times the gradient of `balance_loss` is added.
    """
    x, experts, p, chosen = cache
    same_shape(dy, x, ("derivatives", "rows"))
    rows, d = flat_rows(x), flat_rows(dy)
    dx, grads = np.zeros_like(rows), Experts(*(np.zeros_like(W) for W in experts))
    dp = balance * _balance_gradient(p, chosen)
    for i in range(len(experts.router)):
        mine, layer = chosen[:, i], expert(experts, i)
        dp[mine, i] += (d[mine] * swiglu(rows[mine], layer)).sum(axis=-1)
        d_rows, found = swiglu_backward(p[mine, i, None] * d[mine], rows[mine], layer)
        dx[mine] += d_rows
        for whole, part in zip(grads[1:], found, strict=True):
            whole[i] = part
    dz = softmax_backward(dp, p)
    grads.router[:] = dz.T @ rows
    return (dx + dz @ experts.router).reshape(x.shape), grads


def balance_loss(cache: MixtureCache) -> float:
    r"""Return how unevenly the rows are spread over the experts, {eq}`balance`: 1 if evenly.

    $n \sum_i f_i P_i$ for n experts, the fraction $f_i$ of choices that fall on expert i, and its
    mean probability $P_i$. Source: Fedus et al. (2022).
    """
    n_experts = cache.p.shape[-1]
    return float(n_experts * (load(cache) * cache.p.mean(axis=0)).sum())


def load(cache: MixtureCache) -> Float[np.ndarray, " expert"]:
    """Return the fraction of all choices that fall on each expert."""
    counts = cache.chosen.sum(axis=0)
    return (counts / counts.sum()).astype(cache.p.dtype)


def _balance_gradient(p: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    # the fractions are counts, which have no derivative: only the probabilities get one
    n_rows, n_experts = p.shape
    fractions = chosen.sum(axis=0) / chosen.sum()
    return np.tile(n_experts * fractions / n_rows, (n_rows, 1)).astype(p.dtype)


def total_parameters(experts: Experts) -> int:
    """Return the number of parameters that have to be stored."""
    return sum(W.size for W in experts)


def active_parameters(experts: Experts, top_k: int) -> int:
    """Return the number of parameters that one token is multiplied by."""
    of_experts = sum(W.size for W in experts[1:])
    return experts.router.size + of_experts * top_k // len(experts.router)
