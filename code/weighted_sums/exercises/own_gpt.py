"""Checks for the steps of the project in which a GPT is made of the reader's own parts."""

from __future__ import annotations

from typing import Any

import numpy as np

from weighted_sums import blocks, transformer
from weighted_sums.attention import self_attention
from weighted_sums.exercises import call, require, require_equal
from weighted_sums.heads import Attention

EPS = 1e-5


def layer_norm(answer) -> str:
    """`layer_norm(x, gain, bias)` normalises each row, then scales and shifts it."""
    rng = np.random.default_rng(0)
    for shape in ((4, 6), (2, 3, 5)):
        x = rng.normal(2, 3, size=shape)
        gain, bias = rng.normal(size=(2, shape[-1]))
        centred = x - x.mean(axis=-1, keepdims=True)
        std = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + EPS)
        where = f"for an array of shape {shape}"
        whole = (x - x.mean()) / x.std() * gain + bias
        require_equal(call(answer, where, x, gain, bias), centred / std * gain + bias, where, {
            "gain and bias are missing": centred / std,
            "you normalise the whole array; each row has its own mean": whole,
            "you normalise the columns; each row has its own mean":
                (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + EPS) * gain + bias,
            "you divide by the variance; take its root": centred / std**2 * gain + bias,
            "you do not subtract the mean": x / std * gain + bias,
            "you add the bias before you multiply by the gain": (centred / std + bias) * gain,
            "the variance divides by n, not by n - 1":
                centred / np.sqrt(x.var(axis=-1, keepdims=True, ddof=1) + EPS) * gain + bias,
        }, "some numbers differ")  # fmt: skip
    return "each row with mean 0 and variance 1, then gain and bias"


def attention(answer) -> str:
    """`attention(x, W_q, W_k, W_v, W_o)` is causal attention with several heads."""
    rng = np.random.default_rng(1)
    for T, d, heads in ((5, 6, 2), (4, 8, 4), (1, 4, 1)):
        x, layer = rng.normal(size=(T, d)), _layer(rng, d, heads)
        where = f"for {T} positions, width {d} and {heads} head{'s' * (heads > 1)}"
        found = call(answer, where, x, *layer)
        require_equal(found, _attend(x, layer), where, {
            "position t sees later positions: the mask is missing": _attend(x, layer, mask="none"),
            "no position sees itself; a query may attend to its own key":
                _attend(x, layer, mask="before") if T > 1 else None,
            "the scores are not divided by the root of d_k": _attend(x, layer, scale=1.0),
            "you divide the scores by the root of d_model; each head has its own d_k":
                _attend(x, layer, scale=d**-0.5),
            "the mask comes too late: the weights of a row must add up to 1":
                _attend(x, layer, mask="late"),
            "the heads are averaged; their outputs add up": _attend(x, layer) / heads,
            "only the first head is there": _attend(x, tuple(W[:1] for W in layer)),
            "softmax runs over the queries; each query's weights add up to 1":
                _attend(x, layer, axis=0),
            "you add x: the residual connection belongs to the block": _attend(x, layer) + x,
        }, "some numbers differ")  # fmt: skip
    return "masked, scaled, and added up over the heads"


def mlp(answer) -> str:
    """`mlp(x, W_up, b_up, W_down, b_down)` is two layers with GELU between them."""
    rng = np.random.default_rng(2)
    x, W_up, b_up = rng.normal(size=(3, 4)), rng.normal(size=(9, 4)), rng.normal(size=9)
    W_down, b_down = rng.normal(size=(4, 9)), rng.normal(size=4)

    def out(a):
        return a @ W_down.T + b_down

    z = x @ W_up.T + b_up
    gate, where = blocks.gelu_gate(z), "for three rows"
    require_equal(call(answer, where, x, W_up, b_up, W_down, b_down), out(z * gate), where, {
        "this is ReLU; GELU is a product of z and its gate": out(np.maximum(z, 0)),
        "the activation function is missing": out(z),
        "you have the gate alone; multiply it by z": out(gate),
        "the biases are missing": (lambda v: v * blocks.gelu_gate(v))(x @ W_up.T) @ W_down.T,
        "the bias of the second layer is missing": out(z * gate) - b_down,
        "GELU belongs between the layers, not at the end too": blocks.gelu(out(z * gate)),
        "this is swish; GELU's gate is nearly the normal distribution": out(z / (1 + np.exp(-z))),
    }, "some numbers differ by more than rounding")  # fmt: skip
    return "up, GELU, down"


def logits(answer) -> str:
    """`logits(model, tokens)` is what the book's own transformer computes, for any of them."""
    rng = np.random.default_rng(3)
    for sizes in ((7, 6, 8, 2, 2), (5, 9, 12, 3, 1), (11, 4, 4, 1, 3)):
        drawn = transformer.init_transformer(*sizes, rng, dtype=np.float64)
        model = _varied(drawn, rng)
        tokens = rng.integers(sizes[0], size=min(5, sizes[1]))
        where = f"for a model of {sizes[4]} block{'s' * (sizes[4] > 1)} and {sizes[3]} heads"
        found = np.asarray(call(answer, where, model, tokens), dtype=float)
        want = transformer.logits(model, tokens)
        zero = model._replace(positions=0 * model.positions)
        plain = model._replace(norm=blocks.init_norm(sizes[2], np.dtype(float)))
        x = transformer.forward(model, tokens)[1].normed
        require_equal(found, want, where, {
            "the positions are missing": transformer.logits(zero, tokens),
            "the last norm has no gain and no bias": transformer.logits(plain, tokens),
            "you use the embedding as the unembedding; they are two matrices here":
                x @ model.embedding.T,
            "you stop after the first block":
                transformer.logits(model._replace(blocks=model.blocks[:1]), tokens)
                if sizes[4] > 1 else None,
            "the blocks come in reverse":
                transformer.logits(model._replace(blocks=model.blocks[::-1]), tokens)
                if sizes[4] > 1 else None,
            "every position sees all others: the mask is missing":
                transformer.logits(model, tokens, causal=False),
            "these are the probabilities; the logits are asked for": _softmax(want),
            "only the last position is there": want[-1],
        }, "the logits differ from the book's")  # fmt: skip
    return "equal to the book's, up to rounding, for three models"


def write(answer) -> str:
    """`write(next_logits, tokens, count, context)` goes on with the likeliest token each time."""
    rng = np.random.default_rng(4)
    table = rng.normal(size=(9, 9))
    for tokens, count, context in (([3], 4, 8), ([1, 2, 3, 4], 5, 3), ([0, 5], 0, 4)):
        where = f"for {len(tokens)} tokens, {count} more, and a context of {context}"
        seen: list[int] = []

        def next_logits(given: Any, seen=seen) -> np.ndarray:
            given = [int(t) for t in given]
            seen.append(len(given))
            weights = 0.5 ** np.arange(len(given))[::-1]
            return weights @ table[given]

        want = [*tokens]
        for _ in range(count):
            want.append(int(next_logits(want[-context:]).argmax()))
        seen.clear()
        found = [int(t) for t in call(answer, where, next_logits, [*tokens], count, context)]
        require(
            not seen or max(seen) <= context,
            f"{where} you give the model {max(seen, default=0)} tokens; it holds {context}",
        )
        require(len(seen) <= count, f"{where} you ask the model {len(seen)} times")
        new = found == want[len(tokens) :] and count > 0
        require(
            not new, f"{where} only the new tokens are there; the first ones belong to the text"
        )
        require(found == want, f"{where} it should be {want}, yours is {found}")
    return "the likeliest token, again and again, from the end of the text"


def _layer(rng, d, heads):
    d_k = d // heads
    q, k, v = rng.normal(size=(3, heads, d_k, d))
    return q, k, v, rng.normal(size=(heads, d, d_k))


def _attend(x, layer, mask="causal", scale=None, axis=-1):
    if mask == "causal" and scale is None and axis == -1:
        return self_attention(x, Attention(*layer))[0]
    found = np.zeros_like(x)
    for W_q, W_k, W_v, W_o in zip(*layer, strict=True):
        q, k, v = x @ W_q.T, x @ W_k.T, x @ W_v.T
        s = q @ k.T * (len(W_q) ** -0.5 if scale is None else scale)
        T = len(x)
        if mask in ("causal", "before"):
            hidden = ~np.tril(np.ones((T, T), bool), k=-1 if mask == "before" else 0)
            if mask == "before":
                hidden[0, 0] = False  # the first position has nothing else
            s = np.where(hidden, -np.inf, s)
        p = _softmax(s, axis)
        if mask == "late":
            p = np.tril(p)
        found += p @ v @ W_o.T
    return found


def _softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _varied(model, rng):
    """A model whose norms and biases do something."""

    def norm(one):
        return blocks.Norm(one.gain + 0.3 * rng.normal(size=one.gain.shape),
                           rng.normal(size=one.bias.shape))  # fmt: skip

    def layer(one):
        return one._replace(b=rng.normal(size=one.b.shape))

    found = [
        b._replace(norm_1=norm(b.norm_1), norm_2=norm(b.norm_2), up=layer(b.up), down=layer(b.down))
        for b in model.blocks
    ]
    return model._replace(
        blocks=found, norm=norm(model.norm), unembedding=rng.normal(size=model.unembedding.shape)
    )
