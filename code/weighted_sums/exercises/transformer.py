"""Checks for the exercises of the chapter on the transformer."""

from __future__ import annotations

import numpy as np

from weighted_sums import blocks, parameters, transformer
from weighted_sums.attention import attend
from weighted_sums.descent import central_difference
from weighted_sums.exercises import require
from weighted_sums.networks import Layer

NAMES = ("nobody", "a Michael", "a Jordan", "Michael Jordan")
WHO = dict(zip(NAMES, ((0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 0)), strict=True))


def either(answer) -> str:
    """`(up, down)` writes "basketball" once for Michael, for Jordan, and for both."""
    _try_gate(answer, {"a Michael": 1, "a Jordan": 1, "Michael Jordan": 1})
    return "one question adds the names, the other takes the surplus away"


def exclusive(answer) -> str:
    """`(up, down)` writes "basketball" for Michael or Jordan, but not for both."""
    _try_gate(answer, {"a Michael": 1, "a Jordan": 1})
    return "what no single neuron can, two questions and their weighted answers can"


def rms_backward(answer) -> str:
    """`rms_backward(dy, x, gain)` is the slope by x through gain · x / rms(x)."""
    rng = np.random.default_rng(0)
    for rows, width in ((1, 3), (4, 5), (3, 8)):
        x, dy = rng.normal(1, 2, (2, rows, width))
        gain = rng.random(width) + 0.5
        where = f"for {rows} row{'s' * (rows > 1)} of width {width}"
        found = np.asarray(answer(dy.copy(), x.copy(), gain.copy()))
        require(found.shape == x.shape, f"{where} the shape is {found.shape}, should be {x.shape}")
        rms = np.sqrt((x * x).mean(axis=-1, keepdims=True))
        d, standard = dy * gain, x / rms
        _name_the_slip(found, d, standard, rms, where)
        expected = _nudged(lambda x, gain=gain: _rms_norm(x, gain), x, dy)
        row = np.abs(found - expected).max(axis=-1).argmax()
        require(
            np.allclose(found, expected, atol=1e-6),
            f"{where}, row {row} should be {expected[row].round(4)}, yours is "
            f"{found[row].round(4)}",
        )
    return "only what lies along the row itself is taken out of the slope"


def tie(answer) -> str:
    """`tie(slopes)` gives both places of one shared matrix the slope of that matrix."""
    rng = np.random.default_rng(1)
    model = transformer.random_transformer(7, 5, 6, 2, 1, rng, dtype=np.float64)
    model = model._replace(unembedding=model.embedding)
    x, y = rng.integers(7, size=(2, 3, 5))
    _, slopes = transformer.cost_and_gradient(model, x, y)
    found = answer(parameters.copy(slopes))
    require(
        isinstance(found, transformer.Transformer),
        f"expected slopes as a Transformer, not {type(found).__name__}",
    )

    def cost(shared: np.ndarray) -> float:
        shared = shared.reshape(model.embedding.shape)
        return transformer.cost(model._replace(embedding=shared, unembedding=shared), x, y)

    nudged = central_difference(cost, model.embedding.ravel()).reshape(model.embedding.shape)
    for name in ("embedding", "unembedding"):
        _check_shared(getattr(found, name), slopes, nudged, name)
    pairs = [(found.positions, slopes.positions)]
    pairs += zip(parameters.leaves(found.blocks), parameters.leaves(slopes.blocks), strict=True)
    require(
        all(np.array_equal(a, b) for a, b in pairs),
        "the slopes of all other parameters must stay as they were",
    )
    return "one matrix with two jobs gets the sum of both slopes"


def plain_backward(answer) -> str:
    """`plain_backward(dy, saved)` is the backward of a block that adds nothing to its input."""
    rng = np.random.default_rng(2)
    block = blocks.random_block(6, 2, rng, np.dtype(np.float64))
    x, dy = rng.normal(size=(2, 4, 6))
    _, saved = _plain_block(x, block)
    pair = answer(dy.copy(), saved)
    require(
        isinstance(pair, tuple | list) and len(pair) == 2,
        f"expected a pair (dx, slopes), not {type(pair).__name__}",
    )
    dx, slopes = pair
    expected = _nudged(lambda x: _plain_block(x, block)[0], x, dy)
    with_stream, _ = blocks.block_backward(dy, saved)
    require(
        not np.allclose(dx, with_stream),
        "your slope still travels along the stream, which this block does not have",
    )
    require(
        not np.allclose(dx, expected + dy),
        "your dx still holds dy itself: nothing was added to the input",
    )
    require(
        np.allclose(dx, expected, atol=1e-6),
        f"dx should be {expected[0].round(3)} in its first row, yours is "
        f"{np.asarray(dx)[0].round(3)}",
    )
    _check_block(slopes, block, x, dy)
    return "four backward functions in a row, each gets what the one behind it returns"


def _try_gate(answer, wanted) -> None:
    is_pair = isinstance(answer, tuple | list) and len(answer) == 2
    require(is_pair, f"expected a pair (up, down) of layers, not {type(answer).__name__}")
    up, down = (Layer(*(np.asarray(part, float) for part in layer)) for layer in answer)
    require(
        up.W.ndim == 2 and up.W.shape[1] == 3 and down.W.shape == (3, len(up.W)),
        f"up.W must be (questions, 3) and down.W (3, questions); yours are {up.W.shape} and "
        f"{down.W.shape}",
    )
    for who, x in WHO.items():
        found, _ = blocks.mlp(np.array([x], float), up, down)
        want = wanted.get(who, 0)
        require(
            abs(found[0, 2] - want) < 0.1,
            f"for {who} your MLP writes {found[0, 2]:.2f} times basketball, it should be {want}",
        )
        require(
            np.abs(found[0, :2]).max() < 0.1,
            f"for {who} your MLP also writes {found[0, :2].round(2)} along Michael and Jordan",
        )


def _name_the_slip(found, d, standard, rms, where) -> None:
    require(
        not np.allclose(found, d / rms),
        f"{where} you treat the rms as a fixed number; a nudge of x moves it too",
    )
    along = (d * standard).mean(axis=-1, keepdims=True)
    with_mean = (d - d.mean(axis=-1, keepdims=True) - along * standard) / rms
    require(
        not np.allclose(found, with_mean),
        f"{where} you still take the mean of the slopes away; no mean is taken from x here",
    )
    require(
        not np.allclose(found, d - along * standard),
        f"{where} the direction is right; divide by the rms",
    )


def _rms_norm(x, gain):
    return gain * x / np.sqrt((x * x).mean(axis=-1, keepdims=True))


def _plain_block(x, block):
    asked, saved_1 = blocks.layer_norm(x, block.norm_1)
    x, attended = attend(asked, block.attention)
    asked, saved_2 = blocks.layer_norm(x, block.norm_2)
    x, saved_mlp = blocks.mlp(asked, block.up, block.down)
    return x, (saved_1, attended, saved_2, saved_mlp)


def _nudged(f, x, dy) -> np.ndarray:
    found = central_difference(lambda v: float((f(v.reshape(x.shape)) * dy).sum()), x.ravel())
    return found.reshape(x.shape)


def _check_shared(found, slopes, nudged, name) -> None:
    require(
        not any(np.allclose(found, one) for one in (slopes.embedding, slopes.unembedding)),
        f"in {name} stands only the slope of one job; the shared matrix has two",
    )
    require(
        not np.allclose(2 * found, nudged, atol=1e-6),
        f"{name} holds the mean of both slopes; a nudge of the shared matrix acts through both",
    )
    at = np.unravel_index(np.abs(found - nudged).argmax(), nudged.shape)
    require(
        np.allclose(found, nudged, atol=1e-6),
        f"a nudge of row {at[0]}, column {at[1]} of the shared matrix says {nudged[at]:.4f}, your "
        f"{name} has {found[at]:.4f}",
    )


def _check_block(slopes, block, x, dy) -> None:
    def cost(vector: np.ndarray) -> float:
        moved = parameters.unflatten(vector, like=block)
        return float((_plain_block(x, moved)[0] * dy).sum())

    nudged = central_difference(cost, parameters.flatten(block))
    for name, part, want in zip(
        block._fields, slopes, parameters.unflatten(nudged, like=block), strict=True
    ):
        pairs = zip(parameters.leaves(part), parameters.leaves(want), strict=True)
        require(
            all(np.allclose(a, b, atol=1e-6) for a, b in pairs),
            f"dx is right, but the slopes of {name} are not",
        )
