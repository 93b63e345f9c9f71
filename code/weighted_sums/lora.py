"""Low-rank adaptation: fine-tune a transformer by adding a product of two thin matrices to each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from weighted_sums import transformer
from weighted_sums.blocks import Block
from weighted_sums.heads import concat_heads
from weighted_sums.transformer import Transformer
from weighted_sums.workshop.checks import same_shape, whole_number


class Adapter(NamedTuple):
    r"""The change of one matrix, {eq}`lora`: $\Delta W = BA$, of rank at most that of $A$."""

    A: Float[np.ndarray, "rank fan_in"]
    B: Float[np.ndarray, "fan_out rank"]


def matrices(model: Transformer) -> list[Float[np.ndarray, "fan_out fan_in"]]:
    """List the six matrices of each block: of queries, keys, values, outputs, and of the MLP.

    The matrices of a layer's heads are joined to one.
    """
    found = []
    for block in model.blocks:
        a = block.attention
        found += [W.reshape(-1, W.shape[-1]) for W in (a.W_q, a.W_k, a.W_v)]
        found += [concat_heads(a.W_o), block.up.W, block.down.W]
    return found


def with_matrices(model: Transformer, new: Sequence[np.ndarray]) -> Transformer:
    """Return a model with `new` matrices, in the order of `matrices`, and the same other arrays."""
    _check_number(model, new)
    blocks = [_with(block, *new[6 * i : 6 * i + 6]) for i, block in enumerate(model.blocks)]
    return model._replace(blocks=blocks)


def _check_number(model: Transformer, given: Sequence[Any]) -> None:
    if len(given) != 6 * len(model.blocks):
        raise ValueError(
            f"a model of {len(model.blocks)} blocks has {6 * len(model.blocks)} matrices, "
            f"not {len(given)}"
        )


def _with(
    block: Block,
    W_q: np.ndarray,
    W_k: np.ndarray,
    W_v: np.ndarray,
    W_o: np.ndarray,
    up: np.ndarray,
    down: np.ndarray,
) -> Block:
    old = block.attention
    attention = old._replace(
        W_q=W_q.reshape(old.W_q.shape),
        W_k=W_k.reshape(old.W_k.shape),
        W_v=W_v.reshape(old.W_v.shape),
        W_o=W_o.reshape(len(W_o), len(old.W_o), -1).swapaxes(0, 1),
    )
    return block._replace(
        attention=attention, up=block.up._replace(W=up), down=block.down._replace(W=down)
    )


def init_adapters(model: Transformer, rank: int, rng: np.random.Generator) -> list[Adapter]:
    """Draw an adapter for each matrix: A from N(0, 1/fan_in), and B = 0, so that nothing changes.

    Source: Hu et al. (2021).
    """
    whole_number(rank, "rank")
    adapters = []
    for W in matrices(model):
        fan_out, fan_in = W.shape
        A = rng.standard_normal((rank, fan_in), dtype=W.dtype) / np.sqrt(fan_in, dtype=W.dtype)
        adapters.append(Adapter(A, np.zeros((fan_out, rank), W.dtype)))
    return adapters


def merge(model: Transformer, adapters: Sequence[Adapter]) -> Transformer:
    r"""Return the model with $W + BA$ instead of each $W$, {eq}`lora`."""
    old = matrices(model)
    _check_number(model, adapters)
    return with_matrices(model, [W + B @ A for W, (A, B) in zip(old, adapters, strict=True)])


def adapter_backward(dW: Float[np.ndarray, "fan_out fan_in"], adapter: Adapter) -> Adapter:
    r"""Return the gradients of A and B from that of $W + BA$, {eq}`lora-gradient`."""
    A, B = adapter
    same_shape(dW, B @ A, ("the gradient", "the change of the matrix"))
    return Adapter(B.T @ dW, dW @ A.T)


def cost_and_gradient(
    model: Transformer,
    adapters: Sequence[Adapter],
    x: Int[np.ndarray, "*batch position"],
    y: Int[np.ndarray, "*batch position"],
) -> tuple[float, list[Adapter]]:
    """Return the cost of the merged model, and its gradient with respect to the adapters alone."""
    cost, grads = transformer.cost_and_gradient(merge(model, adapters), x, y)
    pairs = zip(matrices(grads), adapters, strict=True)
    return cost, [adapter_backward(dW, adapter) for dW, adapter in pairs]
