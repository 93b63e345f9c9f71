"""Checks for the exercises of the chapter on the transformer."""

from __future__ import annotations

import numpy as np

from weighted_sums import blocks, transformer
from weighted_sums.attention import self_attention, self_attention_backward
from weighted_sums.exercises import diagnose, require, require_unchanged
from weighted_sums.gradient_check import central_difference
from weighted_sums.networks import Layer
from weighted_sums.workshop import parameters

NAMES = ("nobody", "a Michael", "a Jordan", "Michael Jordan")
WHO = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]], float)


def either(answer) -> str:
    """`(up, down)` writes "basketball" once for Michael, for Jordan, and for both."""
    questions = _try_gate(answer, np.array([0, 1, 1, 1]))
    return f"once for one name or for both, with {questions}"


def exclusive(answer) -> str:
    """`(up, down)` writes "basketball" for Michael or Jordan, but not for both."""
    questions = _try_gate(answer, np.array([0, 1, 1, 0]))
    return f"once for one name, nothing for both, with {questions}"


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


def _try_gate(answer, wanted) -> str:
    layers = _pair(answer, "(up, down) of layers")
    up, down = (Layer(*(np.asarray(part, float) for part in layer)) for layer in layers)
    require(
        up.W.ndim == 2 and up.W.shape[1] == 3 and down.W.shape == (3, len(up.W)),
        f"up.W must be (questions, 3) and down.W (3, questions); yours are {up.W.shape} and "
        f"{down.W.shape}",
    )
    found, _ = blocks.mlp(WHO, up, down)
    with_relu = np.maximum(WHO @ up.W.T + up.b, 0) @ down.W.T + down.b
    right = np.stack([0 * wanted, 0 * wanted, wanted], axis=1)
    require(
        np.abs(found - right).max() < 0.1 or not np.allclose(with_relu, right),
        "with ReLU this would be right, but GELU is round near 0; make the weights of up larger "
        "and those of down smaller",
    )
    for who, row, want in zip(NAMES, found, wanted, strict=True):
        require(
            abs(row[2] - want) < 0.1,
            f"for {who} your MLP writes {row[2]:.2f} times basketball, it should be {want}",
        )
        require(
            np.abs(row[:2]).max() < 0.1,
            f"for {who} your MLP also writes {row[:2].round(2)} along Michael and Jordan",
        )
    few = "one neuron, because GELU falls before it rises"
    return few if len(up.W) == 1 else f"{len(up.W)} neurons and their weighted answers"


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
