"""Answers to the exercises on newer parts of transformers."""

import math

import numpy as np

from banks import Bank


def swish(z):
    return z / (1 + np.exp(-z))


def gated(x, gate, up, down, of=lambda g, u: swish(g) * u):
    return of(x @ gate.T, x @ up.T) @ down.T


def row_by_row(x, gate, up, down):
    found = []
    for row in x:
        g, u = gate @ row, up @ row
        found.append(down @ (g * u / (1 + np.exp(-g))))
    return found


def counted(d, n, experts, k, matrices=3, router=True, active=True):
    r = d * experts if router else 0
    return experts * matrices * d * n + r, k * matrices * d * n + (r if active else 0)


def probabilities(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def best(z, k):
    kept = np.zeros(z.shape, bool)
    np.put_along_axis(kept, np.argsort(-z, axis=1)[:, :k], True, axis=1)
    return kept


def by_loops(z, k):
    found = np.zeros_like(z)
    for row, p in enumerate(probabilities(z)):
        for expert in sorted(range(len(p)), key=lambda i: p[i])[-k:]:
            found[row, expert] = p[expert]
    return found


def merged(a, b, scale_a=True, scale_b=True, values=True, divide=False):
    m = max(a[0], b[0])
    e_a, e_b = (math.exp(a[0] - m) if scale_a else 1), (math.exp(b[0] - m) if scale_b else 1)
    total = e_a * a[1] + e_b * b[1]
    mixed = e_a * a[2] + e_b * b[2] if values else a[2] + b[2]
    return m, total, mixed / total if divide else mixed


def by_logarithms(a, b):
    m = np.maximum(a[0], b[0])
    log_total = np.logaddexp(a[0] + np.log(a[1]), b[0] + np.log(b[1]))
    mixed = sum(np.exp(each[0] - m) * each[2] for each in (b, a))
    return m, np.exp(log_total - m), mixed


def careless(a, b):
    with np.errstate(all="ignore"):
        total = np.exp(a[0]) * a[1] + np.exp(b[0]) * b[1]
        return max(a[0], b[0]), total, np.exp(a[0]) * a[2] + np.exp(b[0]) * b[2]


def half_gap(w, bits, exponent=math.floor):
    return 2.0 ** (exponent(math.log2(w)) - bits - 1)


def by_halving(w, bits):
    power = 1.0
    while power > w:
        power /= 2
    while 2 * power <= w:
        power *= 2
    return np.float64(power / 2 ** (bits + 1))


def scaled(scale, finite, good, every=100, reset=True, down=2, count=1):
    if not finite:
        return scale / down, 0 if reset else good
    if good + 1 >= every:
        return 2 * scale, 0 if reset else good + 1
    return scale, good + count


def multiples(w, bits, of=np.rint, levels=None, top=None):
    top = np.abs(w).max() if top is None else top
    step = top / (levels or 2 ** (bits - 1) - 1)
    return of(w / step) * step if step else w


def one_by_one(w, bits):
    top = max(map(abs, w))
    step = top / (2 ** (bits - 1) - 1) or 1.0
    return [round(float(each) / step) * step for each in w]


def rounding(w, bits, block):
    rows = w.reshape(-1, block)
    low, step = rows.min(1, keepdims=True), np.ptp(rows, axis=1)[:, None] / (2**bits - 1)
    return (np.rint((rows - low) / step) * step + low - rows).ravel()


def root(e):
    return np.sqrt((e**2).mean())


def pair(w, b, n, cost=lambda b, n: b + 32 / n, error=root):
    return cost(b, n), error(rounding(w, b, n))


def block_by_block(w, bits, block):
    squares = 0.0
    for first in range(0, w.size, block):
        squares += float((rounding(w[first : first + block], bits, block) ** 2).sum())
    return [(bits * block + 2 * 16) / block, math.sqrt(squares / w.size)]


def groups_of(dk, n):
    return dk.reshape(n, len(dk) // n, *dk.shape[1:])


BANK = {
    "counts": Bank(
        wrong={
            "two matrices": (lambda *s: counted(*s, matrices=2), "three matrices, not two"),
            "no router": (lambda *s: counted(*s, router=False), "the router is missing"),
            "router idle": (lambda *s: counted(*s, active=False), "it is active too"),
            "chosen only": (lambda *s: (counted(*s)[1],) * 2, "every expert has to be stored"),
            "all active": (lambda *s: (counted(*s)[0],) * 2, "only the chosen experts"),
            "exchanged": (lambda *s: counted(*s)[::-1], "the total comes first"),
            "nothing": (lambda *s: None, "forget `return`"),
        },
        unusual={
            "formula": counted,
            "as an array": lambda d, n, e, k: np.array([e, k]) * 3 * d * n + d * e,
            "matrix by matrix": lambda d, n, e, k: [
                sum(d * n for _ in "gud" for _ in range(some)) + d * e for some in (e, k)
            ],
        },
    ),
    "swiglu": Bank(
        wrong={
            "no gate": (lambda *p: gated(*p, of=lambda g, u: swish(u)), "the gate is missing"),
            "gate only": (lambda *p: gated(*p, of=lambda g, u: swish(g)), "only the gate is used"),
            "sigmoid": (
                lambda *p: gated(*p, of=lambda g, u: u / (1 + np.exp(-g))),
                "not the sigmoid alone",
            ),
            "exchanged": (
                lambda *p: gated(*p, of=lambda g, u: g * swish(u)),
                "you exchange gate and up",
            ),
            "both": (
                lambda *p: gated(*p, of=lambda g, u: swish(g) * swish(u)),
                "both weighted sums go through swish",
            ),
            "sum": (lambda *p: gated(*p, of=lambda g, u: swish(g) + u), "multiplied, not added"),
            "linear": (lambda *p: gated(*p, of=lambda g, u: g * u), "no activation function"),
            "hidden": (lambda x, g, u, d: swish(x @ g.T) * (x @ u.T), "the shape is"),
        },
        unusual={
            "formula": gated,
            "row by row": row_by_row,
            "einsum": lambda x, g, u, d: np.einsum("rh,dh->rd", swish(x @ g.T) * (x @ u.T), d),
        },
    ),
    "route": Bank(
        wrong={
            "zero logits": (lambda z, k: probabilities(z * best(z, k)), "no probability of 0"),
            "renormalised": (
                lambda z, k: probabilities(np.where(best(z, k), z, -np.inf)),
                "the router would learn nothing",
            ),
            "all": (lambda z, k: probabilities(z), "nobody was left out"),
            "least": (lambda z, k: probabilities(z) * best(-z, k), "the least likely"),
            "logits": (lambda z, k: z * best(z, k), "softmax is missing"),
            "ones": (lambda z, k: best(z, k).astype(float), "not its probability"),
            "columns": (lambda z, k: probabilities(z.T).T * best(z, k), "runs along the rows"),
        },
        unusual={
            "put": lambda z, k: probabilities(z) * best(z, k),
            "loops": by_loops,
            "threshold": lambda z, k: np.where(
                z >= np.partition(z, -k, axis=1)[:, -k, None], probabilities(z), 0
            ),
        },
    ),
    "merge": Bank(
        wrong={
            "plain sums": (
                lambda a, b: merged(a, b, scale_a=False, scale_b=False),
                "relative to its own maximum",
            ),
            "first only": (lambda a, b: merged(a, b, scale_b=False), "relative to its own maximum"),
            "second only": (
                lambda a, b: merged(a, b, scale_a=False),
                "relative to its own maximum",
            ),
            "values": (lambda a, b: merged(a, b, values=False), "have to be scaled as well"),
            "divided": (lambda a, b: merged(a, b, divide=True), "you divide too early"),
            "sum of maxima": (
                lambda a, b: (a[0] + b[0], *merged(a, b)[1:]),
                "the largest score is",
            ),
            "overflow": (careless, "the sum of the exponentials is"),
        },
        unusual={
            "formula": merged,
            "logarithms": by_logarithms,
            "the larger first": lambda a, b: merged(a, b) if a[0] >= b[0] else list(merged(b, a)),
        },
    ),
    "smallest_step": Bank(
        wrong={
            "whole gap": (lambda w, b: 2 * half_gap(w, b), "half of it is rounded away"),
            "at one": (lambda w, b: 2.0 ** (-b - 1), "depends on the size of w"),
            "proportional": (lambda w, b: w * 2.0 ** (-b - 1), "round the exponent down"),
            "up": (lambda w, b: half_gap(w, b, math.ceil), "the exponent is rounded down"),
            "nearest": (lambda w, b: half_gap(w, b, round), "neither up nor to the nearest"),
            "quarter": (lambda w, b: half_gap(w, b) / 2, "a quarter of the distance"),
        },
        unusual={
            "formula": half_gap,
            "by halving": by_halving,
            "frexp": lambda w, b: math.ldexp(1.0, math.frexp(w)[1] - 2 - b),
        },
    ),
    "next_scale": Bank(
        wrong={
            "never down": (lambda s, f, g: scaled(s, True, g), "an overflow halves the scale"),
            "quarter": (lambda s, f, g: scaled(s, f, g, down=4), "an overflow halves the scale"),
            "count kept": (lambda s, f, g: scaled(s, f, g, reset=False), "begins again at 0"),
            "late": (lambda s, f, g: scaled(s, f, g, every=101), "one hundred good steps"),
            "always up": (lambda s, f, g: scaled(s, f, g, every=1), "the scale stays as it is"),
            "not counted": (lambda s, f, g: scaled(s, f, g, count=0), "counts as a good one"),
            "scale only": (lambda s, f, g: scaled(s, f, g)[0], "a pair is asked for"),
        },
        unusual={
            "branches": scaled,
            "one expression": lambda s, f, g: (
                (s * 2 ** ((g + 1) // 100), (g + 1) % 100) if f else [s / 2, 0]
            ),
            "products": lambda s, f, g: (
                s * (0.5 if not f else 2.0 if g == 99 else 1.0),
                f * (g != 99) * (g + 1),
            ),
        },
    ),
    "absmax": Bank(
        wrong={
            "down": (lambda w, b: multiples(w, b, np.floor), "round to the nearest, not down"),
            "cut off": (lambda w, b: multiples(w, b, np.trunc), "is not rounding"),
            "steps": (
                lambda w, b: np.rint(w / (np.abs(w).max() / (2 ** (b - 1) - 1))),
                "multiply them by the step",
            ),
            "maximum": (lambda w, b: multiples(w, b, top=w.max()), "the largest absolute value"),
            "from the minimum": (
                lambda w, b: (
                    np.rint((w - w.min()) / (np.ptp(w) / (2**b - 1))) * (np.ptp(w) / (2**b - 1))
                    + w.min()
                ),
                "here 0 must stay 0",
            ),
            "no sign": (lambda w, b: multiples(w, b, levels=2**b), "one bit is for the sign"),
            "one level more": (lambda w, b: multiples(w, b, levels=2 ** (b - 1)), "2^(b-1) − 1"),
            "zeros": (
                lambda w, b: (
                    np.rint(w * (2 ** (b - 1) - 1) / np.abs(w).max())
                    * np.abs(w).max()
                    / (2 ** (b - 1) - 1)
                ),
                "a block may be all zeros",
            ),
        },
        unusual={
            "formula": multiples,
            "one by one": one_by_one,
            "by sign": lambda w, b: np.sign(w) * multiples(np.abs(w), b),
        },
    ),
    "tradeoff": Bank(
        wrong={
            "bits alone": (lambda *g: pair(*g, cost=lambda b, n: b), "need memory, too"),
            "one number": (lambda *g: pair(*g, cost=lambda b, n: b + 16 / n), "two of them"),
            "not divided": (lambda *g: pair(*g, cost=lambda b, n: b + 32), "divide their 32 bits"),
            "mean square": (lambda *g: pair(*g, error=lambda e: (e**2).mean()), "take the root"),
            "absolute": (
                lambda *g: pair(*g, error=lambda e: np.abs(e).mean()),
                "mean absolute error",
            ),
            "largest": (lambda *g: pair(*g, error=lambda e: np.abs(e).max()), "the largest error"),
            "one block": (
                lambda w, b, n: (b + 32 / n, root(rounding(w, b, w.size))),
                "all weights were one block",
            ),
            "error only": (lambda *g: pair(*g)[1], "a pair is asked for"),
        },
        unusual={
            "formula": pair,
            "block by block": block_by_block,
            "norm": lambda w, b, n: np.array(
                [b + 32 / n, np.linalg.norm(rounding(w, b, n)) / w.size**0.5]
            ),
        },
    ),
    "key_gradient": Bank(
        wrong={
            "mean": (lambda d, n: groups_of(d, n).mean(1), "add, do not average"),
            "every so many": (
                lambda d, n: d.reshape(len(d) // n, n, *d.shape[1:]).sum(0),
                "neighbouring heads form a group",
            ),
            "first": (lambda d, n: groups_of(d, n)[:, 0], "the first head of each group only"),
            "last": (lambda d, n: groups_of(d, n)[:, -1], "the last head of each group only"),
            "all heads": (lambda d, n: d, "nothing was added up"),
            "one sum": (
                lambda d, n: np.broadcast_to(d.sum(0), (n, *d.shape[1:])),
                "across the groups",
            ),
            "nothing": (lambda d, n: None, "forget `return`"),
        },
        unusual={
            "reshape": lambda d, n: groups_of(d, n).sum(1),
            "loop": lambda d, n: np.array([sum(part) for part in np.split(d, n)]),
            "a matrix of ones": lambda d, n: np.einsum(
                "gh,hpd->gpd", np.repeat(np.eye(n), len(d) // n, axis=1), d
            ),
        },
    ),
}
