"""Reinforcement learning: the gradient of the average reward, exact, and estimated from samples.

A row of tokens is a prompt and its answer. The answer begins at index `first`, in all rows.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.cross_entropy import per_token_loss
from weighted_sums.sampling import probabilities
from weighted_sums.softmax import softmax
from weighted_sums.transformer import Transformer, backward, forward, logits
from weighted_sums.workshop.checks import as_float, indices, same_length, whole_number

Rows = Int[np.ndarray, "answer position"]


def log_probabilities(model: Transformer, rows: Rows, first: int) -> Float[np.ndarray, " answer"]:
    r"""Return $\ln p(\text{answer} \mid \text{prompt})$ of each row: a sum over its tokens."""
    rows = _checked(model, rows, first)
    z = logits(model, rows[:, :-1])[:, first - 1 :]
    return -per_token_loss(z, softmax(z), rows[:, first:]).sum(axis=1)


def policy_gradient(
    model: Transformer, rows: Rows, weights: Float[np.ndarray, " answer"], first: int
) -> Transformer:
    r"""Return $\sum_i w_i \nabla_\theta \ln p(\text{answer}_i)$, {eq}`weighted-scores`.

    With the weights $p\,r$ and all answers, this is the exact gradient of the average reward,
    {eq}`policy-gradient`; with $(r - b)/n$ and n sampled answers, its estimate {eq}`reinforce`.
    Source: Williams (1992).
    """
    rows = _checked(model, rows, first)
    same_length(rows, weights, ("answers", "weights"))
    z, cache = forward(model, rows[:, :-1])
    dz = np.zeros_like(z)
    p = softmax(z[:, first - 1 :])
    # the derivative of ln p is 1 at the token that was chosen, minus the probabilities
    d = -p
    np.put_along_axis(
        d, rows[:, first:, None], 1 - np.take_along_axis(p, rows[:, first:, None], -1), -1
    )
    dz[:, first - 1 :] = d * as_float(weights)[:, None, None].astype(z.dtype)
    return backward(dz, cache)


def sample_answers(
    model: Transformer,
    prompts: Int[np.ndarray, "answer token"],
    length: int,
    rng: np.random.Generator,
) -> Int[np.ndarray, "answer position"]:
    """Return the prompts, each with an answer of `length` tokens that the model has sampled."""
    whole_number(length, "length", least=0)
    rows = np.asarray(prompts)
    for _ in range(length):
        ends = np.cumsum(probabilities(logits(model, rows)[:, -1]), axis=1)
        drawn = rng.random((len(rows), 1)) * ends[:, -1:]  # rounding: the sum is not exactly 1
        rows = np.hstack([rows, (ends <= drawn).sum(axis=1, keepdims=True)])
    return rows


def _checked(model: Transformer, rows: np.ndarray, first: int) -> np.ndarray:
    rows = indices(rows, len(model.embedding), "tokens")
    if whole_number(first, "first") >= rows.shape[-1]:
        raise ValueError(
            f"an answer that begins at {first} does not fit rows of {rows.shape[-1]} tokens"
        )
    return rows
