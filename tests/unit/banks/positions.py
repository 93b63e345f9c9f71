"""Answers to the exercises on positions."""

from functools import partial

import numpy as np

from banks import Bank
from weighted_sums.attention import self_attention
from weighted_sums.positions import apply_rope, rope_frequencies


def shuffled(layer, causal, order=(3, 1, 0, 2, 5, 4), back=None):
    x = np.random.default_rng(0).standard_normal((6, layer.W_q.shape[2]))
    order = list(order)
    y, of_shuffled = self_attention(x, layer, causal)[0], self_attention(x[order], layer, causal)[0]
    return y[order if back is None else back], of_shuffled


def knows_order(layer, causal, **how):
    return not np.allclose(*shuffled(layer, causal, **how))


def total_changes(layer, causal):
    y, of_shuffled = shuffled(layer, causal)
    return np.array(abs(y.sum() - of_shuffled.sum()) > 1e-9)


def turned(x, angle):
    c, s = np.cos(angle), np.sin(angle)
    return x @ np.array([[c, -s], [s, c]]).T


def as_complex(x, angle):
    z = (x[:, 0] + 1j * x[:, 1]) * np.exp(1j * angle)
    return np.stack([z.real, z.imag], axis=1)


def in_place(x, angle):
    x[:] = turned(x, angle)
    return x


def from_the_new(x, angle):
    c, s = np.cos(angle), np.sin(angle)
    first = c * x[:, 0] - s * x[:, 1]
    return np.stack([first, s * first + c * x[:, 1]], axis=1)


def rounds(d_head, base, length, least=2 * np.pi):
    return int((rope_frequencies(d_head, base) * (length - 1) >= least).sum())


def halves(x):
    return np.concatenate([x[..., ::2], x[..., 1::2]], axis=-1)


def one_by_one(k, start, base):
    rows = [apply_rope(k[i : i + 1], np.array([start + i]), base) for i in range(len(k))]
    return np.vstack(rows)


def angles(length, d_model):
    return np.arange(length)[:, None] * rope_frequencies(d_model, 10_000)


def waves(length, d_model, first=np.sin, second=np.cos):
    table = np.zeros((length, d_model))
    table[:, ::2], table[:, 1::2] = first(angles(length, d_model)), second(angles(length, d_model))
    return table


def by_scalars(length, d_model):
    return [
        [
            (np.cos if c % 2 else np.sin)(t / 10_000 ** ((c - c % 2) / d_model))
            for c in range(d_model)
        ]
        for t in range(length)
    ]


BANK = {
    "pencil": Bank(
        wrong={
            "clockwise": (((2, -1), (-1, 3), -5), "the query is turned clockwise"),
            "key clockwise": (((-2, 1), (-1, 3), 5), "the key is turned clockwise"),
            "not turned": (((1, 2), (3, 1), 5), "the query is not turned"),
            "half a turn": (((-1, -2), (3, 1), -5), "half a turn"),
            "key once": (((-2, 1), (-1, 3), 5), "the key is turned clockwise"),
            "key turned twice": (((-2, 1), (-3, -1), 5), "the key is turned by half a turn"),
            "sign of the score": (((-2, 1), (1, -3), 5), "(1, -3) is not 5"),
            "score alone": (-5, "three things are asked for"),
        },
        unusual={
            "arrays": (np.array([-2.0, 1.0]), np.array([1.0, -3.0]), -5.0),
            "a list": [[-2, 1], [1, -3], -5],
        },
    ),
    "knows_order": Bank(
        wrong={
            "always": (lambda layer, causal: True, "compared in the same order"),
            "never": (lambda layer, causal: False, "sees other positions before it"),
            "a word": (lambda layer, causal: "no", "True or False is asked for"),
            "exchanged": (lambda layer, causal: not knows_order(layer, causal), "wrong way round"),
            "output not shuffled": (partial(knows_order, back=list(range(6))), "in the same order"),
            "shuffled twice": (
                partial(knows_order, order=(1, 2, 3, 4, 5, 0), back=[5, 0, 1, 2, 3, 4]),
                "in the same order",
            ),
            "causal forgotten": (lambda layer, causal: knows_order(layer, True), "get `causal`?"),
            "nothing shuffled": (partial(knows_order, order=range(6)), "your order of positions"),
            "exactly equal": (
                lambda layer, causal: bool(np.not_equal(*shuffled(layer, causal)).any()),
                "with np.allclose",
            ),
            "number by number": (
                lambda layer, causal: ~np.isclose(*shuffled(layer, causal)),
                "True or False is asked for",
            ),
        },
        unusual={
            "by experiment": knows_order,
            "knowing why": lambda layer, causal: causal,
            "two neighbours": partial(knows_order, order=(1, 0, 2, 3, 4, 5)),
            "only the sum": total_changes,
        },
    ),
    "rotate": Bank(
        wrong={
            "from the new": (from_the_new, "computed from the new first one"),
            "clockwise": (lambda x, angle: turned(x, -angle), "you turn clockwise"),
            "signs": (
                lambda x, a: np.stack(
                    [
                        np.cos(a) * x[:, 0] + np.sin(a) * x[:, 1],
                        np.sin(a) * x[:, 0] + np.cos(a) * x[:, 1],
                    ],
                    1,
                ),
                "have the same sign",
            ),
            "exchanged": (
                lambda x, angle: turned(x, np.pi / 2 - angle),
                "sine and cosine are exchanged",
            ),
            "degrees": (lambda x, angle: turned(x, np.deg2rad(angle)), "in radians already"),
            "nothing": (lambda x, angle: x.copy(), "nothing is turned"),
            "in place": (in_place, "you change an input in place"),
            "no return": (lambda x, angle: None, "returns nothing"),
        },
        unusual={
            "a matrix": turned,
            "complex numbers": as_complex,
            "a list": lambda x, angle: turned(x, angle).tolist(),
        },
    ),
    "full_turns": Bank(
        wrong={
            "a radian": (partial(rounds, least=1), "turns of one radian"),
            "half turns": (partial(rounds, least=np.pi), "half turns"),
            "the others": (lambda d, b, n: d // 2 - rounds(d, b, n), "do not go round"),
            "coordinates": (lambda d, b, n: 2 * rounds(d, b, n), "two of them are a pair"),
            "degrees": (partial(rounds, least=360), "360 radians"),
            "all": (lambda d, b, n: d // 2, "pairs go round, you say"),
            "no return": (lambda d, b, n: None, "returns nothing"),
        },
        unusual={
            "counted": rounds,
            "wavelengths": lambda d, b, n: sum(
                2 * np.pi * b ** (2 * i / d) <= n - 1 for i in range(d // 2)
            ),
            "an array": lambda d, b, n: np.array(rounds(d, b, n)),
        },
    ),
    "to_halves": Bank(
        wrong={
            "halves exchanged": (
                lambda x: np.roll(x, x.shape[-1] // 2, axis=-1),
                "the two halves are exchanged",
            ),
            "the other way": (
                lambda x: x.reshape(*x.shape[:-1], 2, -1).swapaxes(-1, -2).reshape(x.shape),
                "you go the other way",
            ),
            "odd first": (
                lambda x: np.concatenate([x[..., 1::2], x[..., ::2]], axis=-1),
                "the second members come first",
            ),
            "nothing": (lambda x: x.copy(), "nothing is reordered"),
            "reversed": (lambda x: x[..., ::-1], "the axis is reversed"),
            "first axis": (lambda x: np.concatenate([x[::2], x[1::2]]), "members of all pairs"),
            "half lost": (lambda x: x[..., ::2], "the shape is (2,), should be (4,)"),
        },
        unusual={
            "slices": halves,
            "an order": lambda x: x[..., np.argsort(np.arange(x.shape[-1]) % 2, kind="stable")],
            "reshape": lambda x: x.reshape(*x.shape[:-1], -1, 2).swapaxes(-1, -2).reshape(x.shape),
        },
    ),
    "turn_new": Bank(
        wrong={
            "from the beginning": (
                lambda k, start, base: apply_rope(k, np.arange(len(k)), base),
                "as if the text began with them",
            ),
            "one too far": (
                lambda k, start, base: apply_rope(k, start + 1 + np.arange(len(k)), base),
                "one position too far",
            ),
            "one position": (
                lambda k, start, base: apply_rope(k, np.full(len(k), start), base),
                "all rows get the same position",
            ),
            "backwards": (
                lambda k, start, base: apply_rope(k, -start - np.arange(len(k)), base),
                "you rotate backwards",
            ),
            "nothing": (lambda k, start, base: k.copy(), "nothing is rotated"),
            "another base": (
                lambda k, start, base: apply_rope(k, start + np.arange(len(k)), 2 * base),
                "not at the positions",
            ),
        },
        unusual={
            "one by one": one_by_one,
            "a longer text, cut": lambda k, start, base: apply_rope(
                np.vstack([np.zeros((start, k.shape[1])), k]), np.arange(start + len(k)), base
            )[start:],
        },
    ),
    "waves": Bank(
        wrong={
            "sines": (lambda n, d: np.sin(angles(n, d)), "these are the sines only"),
            "exchanged": (partial(waves, first=np.cos, second=np.sin), "are exchanged"),
            "side by side": (
                lambda n, d: np.hstack([np.sin(angles(n, d)), np.cos(angles(n, d))]),
                "all sines come first",
            ),
            "from one": (lambda n, d: waves(n + 1, d)[1:], "the first position is 1"),
            "transposed": (lambda n, d: waves(n, d).T, "a row for each position"),
            "ones": (lambda n, d: np.ones((n, d)), "is not that of the sines and cosines"),
        },
        unusual={
            "a table": waves,
            "by scalars": by_scalars,
            "RoPE of (0, 1), clockwise": lambda n, d: apply_rope(
                np.tile([0.0, 1.0], (n, d // 2)), -np.arange(n), 10_000
            ),
        },
    ),
}
