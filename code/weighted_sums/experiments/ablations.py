"""Ablations of a transformer's layers: copies of a model in which one part cannot do its work."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from weighted_sums.blocks import Block
from weighted_sums.networks import Layer
from weighted_sums.transformer import Transformer
from weighted_sums.workshop.checks import indices


def without_choice(model: Transformer, layer: int) -> Transformer:
    """Let the heads of a layer attend to all visible positions equally: no query, equal scores."""

    def change(block: Block) -> Block:
        attention = block.attention
        return block._replace(attention=attention._replace(W_q=np.zeros_like(attention.W_q)))

    return _with(model, layer, change)


def without_attention(model: Transformer, layer: int) -> Transformer:
    """Let the heads of a layer add nothing to the residual stream (zero ablation)."""

    def change(block: Block) -> Block:
        attention = block.attention
        return block._replace(attention=attention._replace(W_o=np.zeros_like(attention.W_o)))

    return _with(model, layer, change)


def without_mlp(model: Transformer, layer: int) -> Transformer:
    """Let the MLP of a layer add nothing to the residual stream."""

    def change(block: Block) -> Block:
        return block._replace(down=Layer(*(np.zeros_like(part) for part in block.down)))

    return _with(model, layer, change)


def _with(model: Transformer, layer: int, change: Callable[[Block], Block]) -> Transformer:
    indices([layer], len(model.blocks), "layers to be ablated")
    blocks = [change(b) if at == layer else b for at, b in enumerate(model.blocks)]
    return model._replace(blocks=blocks)
