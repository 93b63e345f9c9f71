"""Checks for the exercises of the chapter on the backward pass of a transformer."""

from __future__ import annotations

import numpy as np

from weighted_sums import blocks, transformer
from weighted_sums.attention import self_attention, self_attention_backward
from weighted_sums.exercises import call, diagnose, require, require_equal, require_unchanged
from weighted_sums.gradient_check import central_difference
from weighted_sums.workshop import parameters


def residual(answer) -> str:
    """`(dX, dW)` are the gradients of the residual connection with given matrices."""
    X, W, dY = (np.array(m, float) for m in ([[2, 0], [1, 3]], [[1, 2], [0, -1]], [[1, 1], [0, 2]]))
    dX, dW = (np.asarray(part, float) for part in _pair(answer, "(dX, dW)"))
    want = dY + dY @ W
    require_equal(dX, want, "dX:", {
        "what comes back through W is right; the sum passes dY on as well": dY @ W,
        "you have what comes through the sum; X also reaches Y through W": dY,
        "multiply dY by W, not by its transpose: Y holds X times W transposed": dY + dY @ W.T,
        "multiply dY by W from the right": dY + W @ dY,
        "you have the gradient of W here": dY.T @ X,
        "the two paths are added, not subtracted": dY - dY @ W,
    }, f"yours is {dX.tolist()}; its first row is {want[0].tolist()}")  # fmt: skip
    require_equal(dW, dY.T @ X, "dX is right. dW:", {
        "transpose dY: row j of dW belongs to number j of Y": dY @ X,
        "yours is the transpose; dW has the shape of W, a row for each number of Y": X.T @ dY,
        "the sum beside W adds nothing to the gradient of W": dY.T @ X + dY,
    }, f"yours is {dW.tolist()}; its first row is {(dY.T @ X)[0].tolist()}")  # fmt: skip
    return "both paths into X, and one product for W"


def swish_derivative(answer) -> str:
    """`swish_derivative(z)` is the derivative of z times its sigmoid."""
    z = np.linspace(-6, 6, 25)
    gate = 1 / (1 + np.exp(-z))
    bend = gate * (1 - gate)
    require_equal(call(answer, "for z from -6 to 6", z), gate + z * bend, "for z from -6 to 6", {
        "you have the gate alone; z moves the gate, too": gate,
        "the derivative of the gate is missing its factor z": gate + bend,
        "you have only what z does through the gate": z * bend,
        "sigma' is sigma (1 - sigma), not 1 - sigma": gate + z * (1 - gate),
        "you return swish itself": z * gate,
        "the derivative of the sigmoid is positive; add": gate - z * bend,
        "a product has two terms; yours multiplies the derivatives": bend,
    }, "it should be one half at 0 and slightly above 1 at 2")  # fmt: skip
    return "the gate, and what z does to the gate"


def embedding_backward(answer) -> str:
    """`embedding_backward(tokens, d, vocab_size)` adds up the gradients of each token."""
    rng = np.random.default_rng(5)
    for tokens, vocab_size in (([2, 0, 1], 4), ([1, 3, 1, 1], 5), ([0, 0], 2)):
        d = rng.normal(size=(len(tokens), 3))
        want, where = np.zeros((vocab_size, 3)), f"for the tokens {tokens} of {vocab_size}"
        np.add.at(want, tokens, d)
        last = np.zeros_like(want)
        last[tokens] = d
        count = np.maximum(np.bincount(tokens, minlength=vocab_size), 1)[:, None]
        first = np.zeros_like(want)
        for token, row in zip(tokens[::-1], d[::-1], strict=True):
            first[token] = row
        require_equal(call(answer, where, np.array(tokens), d, vocab_size), want, where, {
            "the rows of a token that occurs twice are added; you keep only the last": last,
            "the rows of a token that occurs twice are added; you keep only the first": first,
            "you average the rows of a token; over several paths they add": want / count,
            "yours has a row for each position; it needs one for each token": d,
            "the sign is wrong": -want,
            "every token gets the sum of all rows": np.tile(d.sum(axis=0), (vocab_size, 1)),
        }, "a row differs")  # fmt: skip
    return "a token's gradients add up, wherever it occurs"


def zero_gradients(answer) -> str:
    """`zero_gradients` names what has no gradient while W_o and down.W are zero."""
    found, want = set(answer), _zero_gradients()
    known = {"norm_1", "W_q", "W_k", "W_v", "W_o", "norm_2", "up", "down.W", "down.b"}
    require(found <= known, f"{sorted(found - known)} are no parameters of the list")
    for name in ("W_o", "down.W"):
        require(
            name not in found,
            f"{name} is zero, but its input is not: its own gradient is a product of both",
        )
    require("down.b" not in found, "down.b is added to the stream, whatever down.W is")
    for name, zero in (("norm_1", "W_o"), ("W_q", "W_o"), ("W_k", "W_o"), ("W_v", "W_o"),
                       ("norm_2", "down.W"), ("up", "down.W")):  # fmt: skip
        require(name in found, f"{name} acts only through {zero}: what comes back through zero?")
    require(found == want, f"it should be {sorted(want)}")
    return "nothing comes back through a zero matrix, but it learns itself"


def _zero_gradients() -> set[str]:
    rng = np.random.default_rng(6)
    block = blocks.init_block(8, 2, rng, np.dtype(float))
    block.attention.W_o[:] = 0
    block.down.W[:] = 0
    x, dy = rng.normal(size=(2, 5, 8))
    _, grads = blocks.block_backward(dy, blocks.block_forward(x, block)[1])
    parts = {
        "norm_1": grads.norm_1, "W_q": grads.attention.W_q, "W_k": grads.attention.W_k,
        "W_v": grads.attention.W_v, "W_o": grads.attention.W_o, "norm_2": grads.norm_2,
        "up": grads.up, "down.W": grads.down.W, "down.b": grads.down.b,
    }  # fmt: skip
    return {name for name, part in parts.items() if not np.any(parameters.flatten(part))}


def rms_backward(answer) -> str:
    """`rms_backward(dy, x, gain)` is the gradient with respect to x of gain · x / rms(x)."""
    rng = np.random.default_rng(0)
    for rows, d_model in ((1, 3), (4, 5), (3, 8)):
        x, dy = rng.normal(1, 2, (2, rows, d_model))
        given = [dy, x, rng.random(d_model) + 0.5]
        where = f"for {rows} row{'s' * (rows > 1)} of {d_model} numbers"
        copies = parameters.copy(given)
        found = np.asarray(answer(*copies), dtype=float)
        for name, before, after in zip(("dy", "x", "gain"), given, copies, strict=True):
            require_unchanged(after, before, name)
        require(found.shape == x.shape, f"{where} the shape is {found.shape}, should be {x.shape}")
        expected = _nudged(lambda x, gain=given[2]: _rms_norm(x, gain), x, dy)
        row = np.abs(found - expected).max(axis=-1).argmax()
        want, yours = expected[row].round(4), found[row].round(4)
        generic = f"{where}, row {row} should be {want}, yours is {yours}"
        require(
            np.allclose(found, expected, atol=1e-5),
            diagnose(found, _rms_slips(*given, where), generic),
        )
    return "only what lies along the row itself is taken out of the gradient"


def tie(answer) -> str:
    """`tie(grads)` gives both uses of one shared matrix the gradient of that matrix."""
    rng = np.random.default_rng(1)
    model = transformer.init_transformer(5, 5, 4, 2, 1, rng, dtype=np.float64)
    model = model._replace(unembedding=model.embedding)
    x, y = rng.integers(5, size=(2, 3, 5))
    _, grads = transformer.cost_and_gradient(model, x, y)
    given = parameters.copy(grads)
    found = answer(given)
    is_model = isinstance(found, transformer.Transformer)
    require(is_model, f"expected gradients as a Transformer, not {type(found).__name__}")

    def cost(shared: np.ndarray) -> float:
        shared = shared.reshape(model.embedding.shape)
        return transformer.cost(model._replace(embedding=shared, unembedding=shared), x, y)

    nudged = central_difference(cost, model.embedding.ravel()).reshape(model.embedding.shape)
    for name in ("embedding", "unembedding"):
        _check_tied(np.asarray(getattr(found, name)), name, nudged, grads)
    rest = found._replace(embedding=grads.embedding, unembedding=grads.unembedding)
    require(_same(rest, grads), "the gradients of all other parameters must stay as they were")
    require_unchanged(parameters.flatten(given), parameters.flatten(grads), "grads")
    return "one matrix with two jobs gets the sum of both gradients"


def plain_backward(answer) -> str:
    """`plain_backward(dy, cache)` is the backward of a block that adds nothing to its input."""
    rng = np.random.default_rng(2)
    block = blocks.init_block(6, 2, rng, np.dtype(np.float64))
    x, dy = rng.normal(size=(2, 4, 6))
    given, cache = dy.copy(), _plain_block(x, block)[1]
    pair = answer(given, cache)
    require_unchanged(given, dy, "dy")
    dx, grads = _pair(pair, "(dx, gradients)")
    require(not isinstance(dx, blocks.Block), "dx comes first in the pair, then the Block")
    dx = np.asarray(dx)
    expected = _nudged(lambda x: _plain_block(x, block)[0], x, dy)
    require(dx.shape == x.shape, f"dx has shape {dx.shape}, it should be that of x, {x.shape}")
    generic = f"dx should be {expected[0].round(3)} in its first row, yours is {dx[0].round(3)}"
    require(
        np.allclose(dx, expected, atol=1e-6),
        diagnose(dx, _plain_slips(dy, cache, expected), generic),
    )
    _check_block(grads, _backward(dy, cache)[1])
    return "four backward functions in a row, each gets what the one after it in the block returns"


def _pair(found, what):
    is_pair = isinstance(found, tuple | list) and len(found) == 2
    size = f" of {len(found)}" if isinstance(found, tuple | list) else ""
    require(is_pair, f"expected a pair {what}, not {type(found).__name__}{size}")
    return found


def _check_tied(matrix, name, nudged, grads) -> None:
    require(matrix.shape == nudged.shape, f"{name} has shape {matrix.shape}, not {nudged.shape}")
    at = tuple(int(i) for i in np.unravel_index(np.abs(matrix - nudged).argmax(), nudged.shape))
    one, other = grads.embedding, grads.unembedding
    require(np.allclose(matrix, nudged, atol=1e-6), diagnose(matrix, {
        f"{name} is the gradient of embedding only; the shared matrix has two jobs": one,
        f"{name} is the gradient of unembedding only; the shared matrix has two jobs": other,
        f"{name} counts embedding twice: you used a gradient that you had changed": nudged + one,
        f"{name} counts unembedding twice: you used a gradient that you had changed":
            nudged + other,
        f"{name} is the mean of both gradients; over several paths they add": nudged / 2,
        f"{name} is the difference of both gradients; over several paths they add": one - other,
    }, f"a nudge of row {at[0]}, column {at[1]} of the shared matrix says {nudged[at]:.4f}, your "
       f"{name} has {matrix[at]:.4f}"))  # fmt: skip


def _rms_slips(dy, x, gain, where) -> dict[str, np.ndarray]:
    rms = np.sqrt((x * x).mean(axis=-1, keepdims=True))
    d, standard = dy * gain, x / rms
    along = standard * (d * standard).mean(axis=-1, keepdims=True)
    unscaled = standard * (dy * standard).mean(axis=-1, keepdims=True)
    return {
        f"{where} you treat the rms as a fixed number; a nudge of x moves it too": d / rms,
        f"{where} you still subtract the mean of the gradient; here x keeps its mean":
            (d - d.mean(axis=-1, keepdims=True) - along) / rms,
        f"{where} the direction is right; divide by the rms": d - along,
        f"{where} you add what lies along the row; it must be subtracted": (d + along) / rms,
        f"{where} you sum over the row where its mean is needed; 1/n is missing":
            (d - along * x.shape[-1]) / rms,
        f"{where} your mean is taken over all rows; each row has its own":
            (d - standard * (d * standard).mean()) / rms,
        f"{where} gain is missing; multiply dy by it first": (dy - unscaled) / rms,
        f"{where} you multiply by gain at the end; dy must be multiplied by it first":
            gain * (dy - unscaled) / rms,
    }  # fmt: skip


def _rms_norm(x, gain):
    return gain * x / np.sqrt((x * x).mean(axis=-1, keepdims=True))


def _plain_block(x, block):
    normed, norm_1 = blocks.layer_norm(x, block.norm_1)
    x, attention = self_attention(normed, block.attention)
    normed, norm_2 = blocks.layer_norm(x, block.norm_2)
    x, mlp = blocks.mlp(normed, block.up, block.down)
    return x, blocks.BlockCache(norm_1, attention, norm_2, mlp)


def _plain_slips(dy, cache, expected) -> dict[str, np.ndarray]:
    return {
        "your gradient still travels along the residual stream, which this block does not have":
            blocks.block_backward(dy, cache)[0],
        "your dx still holds dy itself: nothing was added to the input": expected + dy,
        "you still add dy to what comes out of the MLP; its input was not added to its output":
            _backward(dy, cache, inner=1)[0],
        "you give dy to attention; it gets what the second layer norm returns":
            _backward(dy, cache, inner=1, mlp=0)[0],
        "you leave out the layer norms": _backward(dy, cache, norms=(0, 0))[0],
        "you leave out the first layer norm, which comes last on the way back":
            _backward(dy, cache, norms=(0, 1))[0],
    }  # fmt: skip


def _backward(dy, cache, inner=0, mlp=1, norms=(1, 1)) -> tuple[np.ndarray, blocks.Block]:
    """Return what is right, or what a slip gives: a sum that remains, a part that is left out."""
    d, up, down = blocks.mlp_backward(dy, cache.mlp)
    through, norm_2 = blocks.layer_norm_backward(d, cache.norm_2)
    d = mlp * (through if norms[1] else d) + inner * dy
    d, heads = self_attention_backward(d, cache.attention)
    through, norm_1 = blocks.layer_norm_backward(d, cache.norm_1)
    return through if norms[0] else d, blocks.Block(norm_1, heads, norm_2, up, down)


def _nudged(f, x, dy) -> np.ndarray:
    found = central_difference(lambda v: float((f(v.reshape(x.shape)) * dy).sum()), x.ravel())
    return found.reshape(x.shape)


def _check_block(grads, wanted) -> None:
    is_block = isinstance(grads, tuple | list) and len(grads) == len(wanted)
    require(is_block, f"the gradients should be a blocks.Block, not {type(grads).__name__}")
    for name, part, want in zip(wanted._fields, grads, wanted, strict=True):
        others = [other for other in wanted._fields if _same(part, getattr(wanted, other))]
        what = f"is that of {others[0]}" if others else "is not"
        require(_same(part, want), f"dx is right, but the gradient of {name} {what}")


def _same(part, want) -> bool:
    pairs = [*zip(parameters.leaves(part), parameters.leaves(want), strict=False)]
    return all(a.shape == b.shape and np.allclose(a, b, atol=1e-6) for a, b in pairs)
