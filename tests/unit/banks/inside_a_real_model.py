"""Answers to the exercises on a real model."""

import copy

import numpy as np

from banks import Bank
from weighted_sums import transformer
from weighted_sums.workshop import parameters


def by_diagonal(offset, average=np.mean):
    def answer(patterns):
        scores = [average(np.diagonal(p, offset, axis1=1, axis2=2), axis=1) for p in patterns]
        return np.unravel_index(np.argmax(scores), np.shape(scores))

    return answer


def by_loop(patterns):
    pairs = [(l, h) for l, p in enumerate(patterns) for h in range(len(p))]
    queries = range(1, patterns[0].shape[-1])
    return max(pairs, key=lambda at: sum(patterns[at[0]][at[1], q, q - 1] for q in queries))


def by_einsum(patterns):
    back = np.eye(patterns[0].shape[-1], k=-1)
    scores = np.einsum("lhqk,qk->lh", np.stack(patterns), back)
    return np.argwhere(scores == scores.max())[0]


def by_column(query, key):
    def answer(patterns):
        scores = [p[:, query, key] for p in patterns]
        return np.unravel_index(np.argmax(scores), np.shape(scores))

    return answer


def silenced(change, work_on=parameters.copy):
    def answer(model, layer, head):
        model = work_on(model)
        change(model.blocks[layer].attention, head)
        return model

    return answer


def without_its_row(model, layer, head):
    """Take the head out of all four arrays, and leave the given model as it is."""
    blocks = list(model.blocks)
    attention = blocks[layer].attention
    fewer = type(attention)(*(np.delete(part, head, axis=0) for part in attention))
    blocks[layer] = blocks[layer]._replace(attention=fewer)
    return model._replace(blocks=blocks)


def other_layer(model, layer, head):
    return silenced(lambda a, head: a.O[head].fill(0))(model, 1 - layer, head)


def turned(c, s, of=lambda place, speed: place * speed):
    return lambda x, place, speed: np.array(
        [
            [c(of(place, speed)), -s(of(place, speed))],
            [s(of(place, speed)), c(of(place, speed))],
        ]
        @ x
    )


def complex_turn(x, place, speed):
    z = complex(*x) * np.exp(1j * place * speed)
    return [z.real, z.imag]


def step_by_step(x, place, speed):
    for _ in range(place):
        x = turned(np.cos, np.sin)(x, 1, speed)
    return x


def by_angle(x, place, speed):
    length, angle = np.hypot(*x), np.arctan2(x[1], x[0]) + place * speed
    return length * np.cos(angle), length * np.sin(angle)


def turns_in_place(x, place, speed, keep=False):
    c, s = np.cos(place * speed), np.sin(place * speed)
    first = x[0] if keep else None
    x[0] = c * x[0] - s * x[1]
    x[1] = s * (first if keep else x[0]) + c * x[1]
    return x


def low_then_high(packed):
    return np.concatenate([packed & 15, packed >> 4])


def shifts_in_place(step, least, packed):
    low = packed & 15
    packed >>= 4
    return np.concatenate([low, packed]) * step + least


def by_digits(step, least, packed):
    digits = np.array([[int(d, 16) for d in f"{byte:02x}"] for byte in packed.tolist()])
    return (digits[:, ::-1].T * step + least).ravel()


BANK = {
    "previous_token_head": Bank(
        wrong={
            "itself": (by_diagonal(0), "looks at itself"),
            "two back": (by_diagonal(-2), "looks two positions back"),
            "largest": (by_diagonal(-1, np.max), "take the average over all queries"),
            "last query": (by_column(-1, -2), "take the average over all queries"),
            "second query": (by_column(1, 0), "looks at the first position"),
            "always the same": (lambda patterns: (1, 1), "you chose (1, 1)"),
            "reversed": (lambda p: by_diagonal(-1)(p)[::-1], "the layer comes first"),
            "one number": (lambda patterns: (1,), "expected a pair"),
            "flat": (lambda p: np.ravel_multi_index(by_loop(p), (3, 5)), "expected a pair"),
            "head from 1": (lambda p: (by_loop(p)[0], by_loop(p)[1] + 1), "the position before"),
            "no return": (lambda patterns: None, "expected a pair"),
        },
        unusual={
            "diagonal": by_diagonal(-1),
            "sums": by_diagonal(-1, np.sum),
            "loop": by_loop,
            "einsum": by_einsum,
        },
    ),
    "silence": Bank(
        wrong={
            "in place": (
                silenced(lambda a, head: a.O[head].fill(0), lambda model: model),
                "work on a copy",
            ),
            "shallow copy": (
                silenced(lambda a, head: a.O[head].fill(0), copy.copy),
                "work on a copy",
            ),
            "whole layer": (silenced(lambda a, head: a.O.fill(0)), "the whole layer"),
            "queries": (silenced(lambda a, head: a.Q[head].fill(0)), "still adds values"),
            "keys": (silenced(lambda a, head: a.K[head].fill(0)), "still adds values"),
            "nothing": (silenced(lambda a, head: None), "nothing has changed"),
            "another head": (
                silenced(lambda a, head: a.O[(head + 1) % 3].fill(0)),
                "you silenced head 0 of layer 1",
            ),
            "another layer": (other_layer, "you silenced head 2 of layer 0"),
            "wrong axis": (
                silenced(lambda a, head: a.O[:, head].fill(0)),
                "without what this head adds",
            ),
            "logits": (
                lambda model, layer, head: transformer.logits(np.arange(3), model),
                "should be a transformer",
            ),
            "no return": (lambda model, layer, head: None, "you return NoneType"),
        },
        unusual={
            "no output": silenced(lambda a, head: a.O[head].fill(0)),
            "no values": silenced(lambda a, head: a.V[head].fill(0)),
            "deepcopy": silenced(lambda a, head: a.O[head].fill(0), copy.deepcopy),
            "taken out": without_its_row,
        },
    ),
    "turn": Bank(
        wrong={
            "added": (lambda x, place, speed: x + place * speed, "you add the angle"),
            "clockwise": (turned(np.cos, lambda angle: -np.sin(angle)), "you turn clockwise"),
            "degrees": (
                turned(lambda a: np.cos(np.deg2rad(a)), lambda a: np.sin(np.deg2rad(a))),
                "in radians already",
            ),
            "twice": (lambda *given: 2 * turned(np.cos, np.sin)(*given), "2.00 times as long"),
            "angle": (lambda x, place, speed: place * speed, "expected a pair"),
            "speed alone": (turned(np.cos, np.sin, lambda place, speed: speed), "speed alone"),
            "place alone": (turned(np.cos, np.sin, lambda place, speed: place), "position alone"),
            "overwritten": (turns_in_place, "uses the first one after its change"),
            "exchanged": (turned(np.sin, np.cos), "you exchange sine and cosine"),
            "quotient": (turned(np.cos, np.sin, lambda place, speed: place / speed), "you give ["),
            "in place": (lambda *given: turns_in_place(*given, keep=True), "changes x itself"),
        },
        unusual={
            "matrix": turned(np.cos, np.sin),
            "complex": complex_turn,
            "step by step": step_by_step,
            "length and angle": by_angle,
            "float32": lambda x, *at: turned(np.cos, np.sin)(x, *at).astype(np.float32),
        },
    ),
    "unpack": Bank(
        wrong={
            "halves in turn": (
                lambda step, least, packed: (
                    np.stack([packed & 15, packed >> 4], 1).ravel() * step + least
                ),
                "one after the other",
            ),
            "high first": (
                lambda step, least, packed: np.roll(low_then_high(packed), 16) * step + least,
                "not the high",
            ),
            "no least": (
                lambda step, least, packed: low_then_high(packed) * step,
                "not at the least",
            ),
            "low only": (lambda step, least, p: (p & 15) * step + least, "your shape is (16,)"),
            "low twice": (
                lambda step, least, packed: np.tile(packed & 15, 2) * step + least,
                "number 16 is",
            ),
            "added first": (
                lambda step, least, packed: (low_then_high(packed) + least) * step,
                "before you multiply",
            ),
            "exchanged": (
                lambda step, least, packed: low_then_high(packed) * least + step,
                "exchange step and least",
            ),
            "not shifted": (
                lambda step, least, p: np.concatenate([p & 15, p & 240]) * step + least,
                "multiples of 16",
            ),
            "fraction": (
                lambda step, least, p: np.concatenate([p % 16, p / 16]) * step + least,
                "use // or >>",
            ),
            "from −8": (
                lambda step, least, p: (low_then_high(p) - 8.0) * step + least,
                "you count from −8",
            ),
            "in place": (shifts_in_place, "changes packed itself"),
        },
        unusual={
            "end to end": lambda step, least, packed: low_then_high(packed) * step + least,
            "scalars": lambda step, least, packed: (
                [least + step * (int(byte) % 16) for byte in packed]
                + [least + step * (int(byte) // 16) for byte in packed]
            ),
            "hexadecimal digits": by_digits,
            "float32": lambda step, least, packed: (
                np.array(divmod(packed, 16), np.float32)[::-1] * np.float32(step) + least
            ).ravel(),
        },
    ),
    "cached_numbers": Bank(
        wrong={
            "keys": (
                lambda layers, heads, shared, dim, n: layers * shared * dim * n,
                "both are kept",
            ),
            "each head": (lambda l, heads, s, dim, n: 2 * l * heads * dim * n, "heads share one"),
            "one position": (lambda l, h, shared, dim, n: 2 * l * shared * dim, "one position"),
            "one layer": (lambda l, h, shared, dim, n: 2 * shared * dim * n, "of one layer"),
            "no dim": (lambda l, h, shared, dim, n: 2 * l * shared * n, "has `dim` numbers"),
            "groups": (lambda l, h, s, dim, n: 2 * l * (h // s) * dim * n, "count the groups"),
            "queries": (lambda l, h, s, dim, n: l * (2 * s + h) * dim * n, "keep the queries"),
            "bytes": (lambda l, h, s, dim, n: 4 * l * s * dim * n, "count the numbers"),
            "whole width": (lambda l, h, s, dim, n: 2 * l * h * s * dim * n, "it should be"),
            "an array": (lambda *sizes: np.array(sizes), "one number is asked for"),
            "no return": (lambda *sizes: None, "one number is asked for"),
        },
        unusual={
            "product": lambda layers, heads, shared, dim, n: 2 * layers * shared * dim * n,
            "counted": lambda layers, heads, shared, dim, n: (
                np.zeros((layers, 2, n, shared, dim)).size
            ),
            "float": lambda l, heads, s, dim, n: float(np.prod([2.0, l, s, dim, n])),
            "position by position": lambda l, heads, s, dim, n: sum(
                l * (s * dim + s * dim) for _ in range(n)
            ),
        },
    ),
}
