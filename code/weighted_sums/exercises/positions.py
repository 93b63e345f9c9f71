"""Checks for the exercises of the chapter on positions."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import (
    call,
    called,
    diagnose,
    require,
    require_equal,
)
from weighted_sums.heads import init_attention
from weighted_sums.positions import apply_rope, rope_frequencies


def pencil(answer) -> str:
    """The rotated query, the rotated key and their dot product, for quarter turns."""
    require(
        isinstance(answer, tuple | list) and len(answer) == 3,
        "three things are asked for: the rotated query, the rotated key, their dot product",
    )
    q, k, score = answer
    for name, found, start, wanted in (
        ("query", q, (1, 2), (-2, 1)),
        ("key", k, (3, 1), (1, -3)),
    ):
        require_equal(found, wanted, f"the {name}", {
            "is turned clockwise; the positive direction is anticlockwise":
                (-wanted[0], -wanted[1]),
            "is not turned at all": start,
            "is turned by half a turn": (-start[0], -start[1]),
        }, f"{tuple(start)} is not turned by one quarter turn for each position")  # fmt: skip
    require(np.isclose(score, -5), f"the dot product of {tuple(q)} and {tuple(k)} is not {score}")
    return "and four positions further the score is the same"


def knows_order(answer) -> str:
    """`knows_order(layer, causal)` finds that only a causal layer notices the order."""
    rng = np.random.default_rng(0)
    layers = [init_attention(*size, rng, np.float64) for size in ((12, 3), (8, 2))]
    founds = {
        causal: [_truth(answer(layer, causal)) for layer in layers] for causal in (False, True)
    }
    require(
        not (all(founds[False]) and not any(founds[True])),
        "your answers are the wrong way round: True means that the order is noticed",
    )
    require(
        not any(founds[False]),
        "with causal=False you say True; are the two outputs compared in the same order of "
        "positions, with np.allclose, and does `self_attention` get `causal`?",
    )
    require(
        all(founds[True]),
        "with causal=True you say False; with a mask, a shuffled position sees other positions "
        "before it. Does `self_attention` get `causal`, and does your order of positions change?",
    )
    return "without a mask it does not, with one it does"


def rotate(answer) -> str:
    """`rotate(x, angle)` turns each row of two coordinates by an angle."""
    rng = np.random.default_rng(1)
    for rows, angle in ((1, 1.0), (4, 0.3), (3, -2.0), (2, 7.0)):
        x = np.array([[1.0, 0.0]]) if rows == 1 else rng.standard_normal((rows, 2))
        found = call(answer, f"for {rows} rows and the angle {angle:.2f}", x.copy(), angle)
        (x0, x1), c, s = x.T, np.cos(angle), np.sin(angle)
        first = c * x0 - s * x1
        require_equal(found, np.stack([first, s * x0 + c * x1], 1), f"for the angle {angle:.2f}", {
            "the second coordinate is computed from the new first one":
                np.stack([first, s * first + c * x1], 1),
            "you turn clockwise: check the two signs of the sine":
                np.stack([c * x0 + s * x1, c * x1 - s * x0], 1),
            "both sines have the same sign; one of them is negative in a rotation":
                np.stack([c * x0 + s * x1, s * x0 + c * x1], 1),
            "sine and cosine are exchanged": np.stack([s * x0 - c * x1, c * x0 + s * x1], 1),
            "the angle is in radians already":
                _turned(x, np.deg2rad(angle)),
            "nothing is turned": x,
        }, f"the row {x[0].round(2)} becomes {np.round(np.asarray(found)[:1], 2)}")  # fmt: skip
    return "and no row changes its length"


def full_turns(answer) -> str:
    """`full_turns(d_head, base, length)` counts the pairs that go round at least once."""
    for d_head, base, length in ((64, 100_000.0, 2048), (8, 10_000.0, 50), (4, 40.0, 5), (2, 9, 8)):
        found = called(answer, f"for {d_head} dimensions", d_head, base, length)
        omega = rope_frequencies(d_head, base)
        angles = omega * (length - 1)
        wanted = int((angles >= 2 * np.pi).sum())
        where = f"for {d_head} dimensions, the base {base:g} and {length} tokens"
        if found != wanted:
            error = diagnose(found, {
                "you count turns of one radian; a full turn is 2π": (angles >= 1).sum(),
                "you count half turns; a full turn is 2π": (angles >= np.pi).sum(),
                "you count the pairs that do not go round": d_head // 2 - wanted,
                "you count coordinates; two of them are a pair": 2 * wanted,
                "you count turns of 360 radians": (angles >= 360).sum(),
            })  # fmt: skip
            require(not error, f"{where} {error}")
        require(found == wanted, f"{where} {wanted} pairs go round, you say {found}")
    return "17 of the 32 pairs for the real model"


def to_halves(answer) -> str:
    """`to_halves(x)` brings pairs of neighbours into the layout (i, i + d/2)."""
    rng = np.random.default_rng(2)
    for shape in ((4,), (3, 8), (2, 5, 6)):
        x = rng.standard_normal(shape) if len(shape) > 1 else np.arange(4.0)
        half = shape[-1] // 2
        wanted = np.concatenate([x[..., ::2], x[..., 1::2]], axis=-1)
        found = call(answer, f"for an array of shape {shape}", x.copy())
        back = x.reshape(*shape[:-1], 2, half).swapaxes(-1, -2).reshape(shape)
        require_equal(found, wanted, f"for an array of shape {shape}", {
            "the two halves are exchanged; the members of a pair are still neighbours":
                np.concatenate([x[..., half:], x[..., :half]], axis=-1),
            "you go the other way: that makes neighbours of entries half an axis apart": back,
            "the second members come first":
                np.concatenate([x[..., 1::2], x[..., ::2]], axis=-1),
            "nothing is reordered": x,
            "the axis is reversed": x[..., ::-1],
        }, "the first members of all pairs should come first, then the second ones")  # fmt: skip
    x = rng.standard_normal((2, 5, 8))
    q, k = (np.asarray(answer(rows.copy())) for rows in x)
    require(np.allclose(q @ k.T, x[0] @ x[1].T), "dot products change when both are reordered")
    return "and dot products stay as they were"


def turn_new(answer) -> str:
    """`turn_new(k, start, base)` rotates keys whose first row is at position `start`."""
    rng = np.random.default_rng(3)
    for rows, start, base in ((3, 5, 100.0), (1, 0, 100.0), (4, 30, 10_000.0)):
        k = rng.standard_normal((rows, 8))
        found = call(answer, f"for {rows} keys from position {start} on", k.copy(), start, base)
        at = np.arange(rows)
        require_equal(found, apply_rope(k, start + at, base), f"for {rows} keys from {start} on", {
            "you rotate as if the text began with them": apply_rope(k, at, base),
            "you count one position too far": apply_rope(k, start + at + 1, base),
            "nothing is rotated": k,
            "all rows get the same position": apply_rope(k, np.full(rows, start), base),
            "you rotate backwards": apply_rope(k, -start - at, base),
        }, "the rows are not at the positions start, start + 1, …")  # fmt: skip
    return "for texts that go on"


def waves(answer) -> str:
    """`waves(length, d_model)` is the table of sines and cosines of Vaswani et al. (2017)."""
    for length, d_model in ((5, 4), (1, 6), (30, 16)):
        found = called(answer, f"for {length} positions of {d_model} numbers", length, d_model)
        angles = np.arange(length)[:, None] * 10_000.0 ** (-np.arange(0, d_model, 2) / d_model)
        sines, cosines = np.sin(angles), np.cos(angles)

        def woven(even, odd):
            return np.stack([even, odd], axis=-1).reshape(len(even), -1)

        later = np.arange(1, length + 1)[:, None] * (angles[1] if length > 1 else angles[0])
        require_equal(found, woven(sines, cosines), f"for {length} × {d_model}", {
            "these are the sines only; every second column is a cosine": sines,
            "sines and cosines are exchanged; row 0 begins with 0, 1": woven(cosines, sines),
            "all sines come first; they should alternate with the cosines": np.hstack([
                sines, cosines]),
            "the first position is 1; it should be 0": woven(np.sin(later), np.cos(later)),
            "the table is transposed: a row for each position": woven(sines, cosines).T,
        }, "the table is not that of the sines and cosines")  # fmt: skip
    return "as in the first transformer"


def _turned(x, angle) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return x @ np.array([[c, s], [-s, c]])


def _truth(found) -> bool:
    is_truth = np.ndim(found) == 0 and np.asarray(found).dtype == bool
    require(is_truth, f"True or False is asked for, not {found!r}")
    return bool(found)
