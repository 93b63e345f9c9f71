"""Answers to the exercises on a real model."""

import copy
import statistics

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


def ablated(change, work_on=parameters.copy):
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
    return ablated(lambda a, head: a.W_o[head].fill(0))(model, 1 - layer, head)


def compared(A, pairs, left_out=None, difference=np.subtract):
    left_out = pairs if left_out is None else left_out
    found = []
    for noun, adjective in pairs:
        back = noun - adjective
        others = [A[q, q - back] for q in range(back, len(A)) if (q, q - back) not in left_out]
        found.append(difference(A[noun, adjective], np.mean(others)))
    return np.mean(found)


def at_pairs(A, pairs):
    return np.mean([A[pair] for pair in pairs])


def beyond_one_back(A, pairs):
    others = [A[q, q - 1] for q in range(1, len(A)) if (q, q - 1) not in pairs]
    return at_pairs(A, pairs) - np.mean(others)


def beyond_all_together(A, pairs):
    backs = [noun - adjective for noun, adjective in pairs]
    others = [(q, q - back) for back in backs for q in range(back, len(A))]
    return at_pairs(A, pairs) - at_pairs(A, [o for o in others if o not in pairs])


def by_masked_diagonals(A, pairs):
    rest = A.copy()
    rest[tuple(np.transpose(pairs))] = np.nan
    return sum(A[q, k] - np.nanmean(np.diagonal(rest, k - q)) for q, k in pairs) / len(pairs)


def distance_by_distance(A, pairs):
    total = 0.0
    for back in {noun - adjective for noun, adjective in pairs}:
        line = [(q, q - back) for q in range(back, len(A))]
        inside = [A[at] for at in line if at in pairs]
        outside = [A[at] for at in line if at not in pairs]
        total += sum(inside) - len(inside) * statistics.mean(outside)
    return total / len(pairs)


def by_weights(A, pairs):
    """One table of signs: a pair counts once, each other weight with its part of a mean."""
    signs = np.zeros_like(A)
    for q, k in pairs:
        line = np.eye(len(A), k=k - q)
        line[tuple(np.transpose(pairs))] = 0
        signs[q, k] += 1
        signs -= line / line.sum()
    return np.array((signs * A).sum() / len(pairs))


def low_then_high(packed):
    return np.concatenate([packed & 15, packed >> 4])


def shifts_in_place(step, minimum, packed):
    low = packed & 15
    packed >>= 4
    return np.concatenate([low, packed]) * step + minimum


def by_digits(step, minimum, packed):
    digits = np.array([[int(d, 16) for d in f"{byte:02x}"] for byte in packed.tolist()])
    return (digits[:, ::-1].T * step + minimum).ravel()


def sixteen(weights, to_whole=np.rint, steps=15):
    minimum = weights.min()
    step = (weights.max() - minimum) / steps or 1.0
    return step, minimum, to_whole((weights - minimum) / step)


def by_search(weights):
    """Compare each weight with all levels."""
    levels = np.linspace(weights.min(), weights.max(), 16)
    counts = np.abs(weights[:, None] - levels).argmin(axis=1)
    return levels[1] - levels[0], levels[0], counts.tolist()


def paired(before, after, error=None):
    change = after - before
    n = len(change)
    return change.mean(), error(before, after, n) if error else change.std(ddof=1) / np.sqrt(n)


def by_statistics(before, after):
    change = [float(b - a) for a, b in zip(before, after, strict=True)]
    return statistics.mean(change), statistics.stdev(change) / len(change) ** 0.5


BANK = {
    "quantise": Bank(
        wrong={
            "down": (lambda w: sixteen(w, np.floor), "round to the nearest level, not down"),
            "sixteen steps": (lambda w: sixteen(w, steps=16), "yours from 0 to 16"),
            "not whole": (lambda w: sixteen(w, lambda c: c), "must be whole numbers"),
            "step zero": (
                lambda w: (np.ptp(w) / 15, w.min(), np.rint((w - w.min()) / (np.ptp(w) / 15))),
                "the counts are not finite",
            ),
            "from zero": (
                lambda w: (w.max() / 15, 0.0, np.clip(np.rint(w * 15 / w.max()), 0, 15)),
                "a number is wrong by",
            ),
            "numbers": (
                lambda w: sixteen(w)[2] * sixteen(w)[0] + sixteen(w)[1],
                "step, minimum and counts are asked for",
            ),
            "eight levels": (lambda w: sixteen(w, steps=7), "a number is wrong by"),
        },
        unusual={
            "nearest": sixteen,
            "by search": by_search,
            "half added": lambda w: sixteen(w, lambda c: np.floor(c + 0.5).astype(int)),
        },
    ),
    "harm": Bank(
        wrong={
            "unpaired": (
                lambda b, a: paired(
                    b, a, lambda b, a, n: np.sqrt((b.var(ddof=1) + a.var(ddof=1)) / n)
                ),
                "each order is its own baseline",
            ),
            "sign": (lambda b, a: paired(a, b), "the sign is wrong"),
            "ratio": (lambda b, a: (a.mean() / b.mean(), 0), "the ratio of the means"),
            "deviation": (
                lambda b, a: paired(b, a, lambda b, a, n: (a - b).std(ddof=1)),
                "smaller by the root of n",
            ),
            "by n": (
                lambda b, a: paired(b, a, lambda b, a, n: (a - b).std() / np.sqrt(n)),
                "divide by n - 1 in the variance",
            ),
            "no root": (
                lambda b, a: paired(b, a, lambda b, a, n: (a - b).std(ddof=1) / n),
                "not by its root",
            ),
            "of the losses": (
                lambda b, a: paired(b, a, lambda b, a, n: a.std(ddof=1) / np.sqrt(n)),
                "not of their change",
            ),
            "mean only": (lambda b, a: (a - b).mean(), "a pair is asked for"),
        },
        unusual={
            "differences": paired,
            "statistics": by_statistics,
            "an array": lambda b, a: np.array(paired(b, a)),
        },
    ),
    "previous_token_head": Bank(
        wrong={
            "itself": (by_diagonal(0), "attends to itself"),
            "two back": (by_diagonal(-2), "attends two positions back"),
            "largest": (by_diagonal(-1, np.max), "take the average over all queries"),
            "last query": (by_column(-1, -2), "take the average over all queries"),
            "second query": (by_column(1, 0), "attends to the first position"),
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
    "ablate": Bank(
        wrong={
            "in place": (
                ablated(lambda a, head: a.W_o[head].fill(0), lambda model: model),
                "work on a copy",
            ),
            "shallow copy": (
                ablated(lambda a, head: a.W_o[head].fill(0), copy.copy),
                "work on a copy",
            ),
            "whole layer": (ablated(lambda a, head: a.W_o.fill(0)), "the whole layer"),
            "queries": (ablated(lambda a, head: a.W_q[head].fill(0)), "still adds values"),
            "keys": (ablated(lambda a, head: a.W_k[head].fill(0)), "still adds values"),
            "nothing": (ablated(lambda a, head: None), "nothing has changed"),
            "another head": (
                ablated(lambda a, head: a.W_o[(head + 1) % 3].fill(0)),
                "you ablated head 0 of layer 1",
            ),
            "another layer": (other_layer, "you ablated head 2 of layer 0"),
            "wrong axis": (
                ablated(lambda a, head: a.W_o[:, head].fill(0)),
                "without what this head adds",
            ),
            "logits": (
                lambda model, layer, head: transformer.logits(model, np.arange(3)),
                "should be a transformer",
            ),
            "no return": (lambda model, layer, head: None, "you return NoneType"),
        },
        unusual={
            "no output": ablated(lambda a, head: a.W_o[head].fill(0)),
            "no values": ablated(lambda a, head: a.W_v[head].fill(0)),
            "deepcopy": ablated(lambda a, head: a.W_o[head].fill(0), copy.deepcopy),
            "taken out": without_its_row,
        },
    ),
    "preference": Bank(
        wrong={
            "no control": (at_pairs, "you do not compare"),
            "pairs as others": (lambda A, pairs: compared(A, pairs, []), "leave them out"),
            "this pair only": (
                lambda A, pairs: np.mean([compared(A, [pair]) for pair in pairs]),
                "no pair of the list is a control",
            ),
            "all keys": (lambda A, pairs: at_pairs(A, pairs) - A.mean(), "wherever they are"),
            "keys of the nouns": (
                lambda A, pairs: at_pairs(A, pairs) - np.mean([A[q].mean() for q, _ in pairs]),
                "wherever they are",
            ),
            "one back": (beyond_one_back, "however far back the adjective is"),
            "all distances": (beyond_all_together, "each pair has its own distance"),
            "sign": (lambda A, pairs: -compared(A, pairs), "the sign is wrong"),
            "ratio": (
                lambda A, pairs: compared(A, pairs, difference=np.divide),
                "the difference is asked for",
            ),
            "transposed": (lambda A, pairs: compared(A.T, pairs), "you exchange queries and keys"),
            "sum": (lambda A, pairs: len(pairs) * compared(A, pairs), "take their mean"),
            "one for each pair": (
                lambda A, pairs: [compared(A, [pair], pairs) for pair in pairs],
                "the shape is (2,)",
            ),
            "no return": (lambda A, pairs: None, "did you forget `return`"),
        },
        unusual={
            "loop": compared,
            "masked diagonals": by_masked_diagonals,
            "distance by distance": distance_by_distance,
            "a table of signs": by_weights,
        },
    ),
    "unpack": Bank(
        wrong={
            "halves in turn": (
                lambda step, minimum, packed: (
                    np.stack([packed & 15, packed >> 4], 1).ravel() * step + minimum
                ),
                "one after the other",
            ),
            "high first": (
                lambda step, minimum, packed: np.roll(low_then_high(packed), 16) * step + minimum,
                "not the high",
            ),
            "no minimum": (
                lambda step, minimum, packed: low_then_high(packed) * step,
                "not at the minimum",
            ),
            "low only": (lambda step, minimum, p: (p & 15) * step + minimum, "your shape is (16,)"),
            "low twice": (
                lambda step, minimum, packed: np.tile(packed & 15, 2) * step + minimum,
                "number 16 is",
            ),
            "added first": (
                lambda step, minimum, packed: (low_then_high(packed) + minimum) * step,
                "before you multiply",
            ),
            "exchanged": (
                lambda step, minimum, packed: low_then_high(packed) * minimum + step,
                "exchange step and minimum",
            ),
            "not shifted": (
                lambda step, minimum, p: np.concatenate([p & 15, p & 240]) * step + minimum,
                "multiples of 16",
            ),
            "fraction": (
                lambda step, minimum, p: np.concatenate([p % 16, p / 16]) * step + minimum,
                "use // or >>",
            ),
            "from −8": (
                lambda step, minimum, p: (low_then_high(p) - 8.0) * step + minimum,
                "you count from −8",
            ),
            "in place": (shifts_in_place, "changes packed itself"),
        },
        unusual={
            "end to end": lambda step, minimum, packed: low_then_high(packed) * step + minimum,
            "scalars": lambda step, minimum, packed: (
                [minimum + step * (int(byte) % 16) for byte in packed]
                + [minimum + step * (int(byte) // 16) for byte in packed]
            ),
            "hexadecimal digits": by_digits,
            "float32": lambda step, minimum, packed: (
                np.array(divmod(packed, 16), np.float32)[::-1] * np.float32(step) + minimum
            ).ravel(),
        },
    ),
    "cached_numbers": Bank(
        wrong={
            "keys": (
                lambda layers, heads, groups, dim, n: layers * groups * dim * n,
                "both are cached",
            ),
            "each head": (
                lambda l, heads, s, dim, n: 2 * l * heads * dim * n,
                "the heads of a group have one",
            ),
            "one position": (lambda l, h, groups, dim, n: 2 * l * groups * dim, "one position"),
            "one layer": (lambda l, h, groups, dim, n: 2 * groups * dim * n, "of one layer"),
            "no dim": (lambda l, h, groups, dim, n: 2 * l * groups * n, "has `d_head` numbers"),
            "groups": (lambda l, h, s, dim, n: 2 * l * (h // s) * dim * n, "count the groups"),
            "queries": (lambda l, h, s, dim, n: l * (2 * s + h) * dim * n, "count the queries"),
            "bytes": (lambda l, h, s, dim, n: 4 * l * s * dim * n, "count the numbers"),
            "all of d_model": (lambda l, h, s, dim, n: 2 * l * h * s * dim * n, "it should be"),
            "an array": (lambda *sizes: np.array(sizes), "should be one number"),
            "no return": (lambda *sizes: None, "should be one number"),
        },
        unusual={
            "product": lambda layers, heads, groups, dim, n: 2 * layers * groups * dim * n,
            "counted": lambda layers, heads, groups, dim, n: (
                np.zeros((layers, 2, n, groups, dim)).size
            ),
            "float": lambda l, heads, s, dim, n: float(np.prod([2.0, l, s, dim, n])),
            "position by position": lambda l, heads, s, dim, n: sum(
                l * (s * dim + s * dim) for _ in range(n)
            ),
        },
    ),
}
