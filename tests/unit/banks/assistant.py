"""Answers to the exercises on assistants: each plausible error, and other right ways."""

import math

import numpy as np

from banks import Bank


def talk(role=True, ends=("assistant",), marks=(0, 1, 1), other=False):
    """A `chat` with or without the tokens of roles and ends, and with these marks of an answer."""

    def chat(turns, roles):
        tokens, mask = [], []
        for who, words in turns:
            mine = who == "assistant"
            tokens += [roles[who]] * role + words + [roles["end"]] * (who in ends)
            one, many, last = (m * (mine != other) for m in marks)
            mask += [one] * role + [many] * len(words) + [last] * (who in ends)
        return tokens, mask

    return chat


def by_arrays(turns, roles):
    rows, masks = [], []
    for who, words in turns:
        row = np.array([roles[who], *words] + ([roles["end"]] if who == "assistant" else []))
        rows.append(row)
        masks.append((np.arange(len(row)) > 0) & (who == "assistant"))
    return np.concatenate(rows), np.concatenate(masks)


def shifted(tokens, mask):
    return tokens[:-1], np.where(mask[1:], tokens[1:], -1)


def one_by_one(tokens, mask):
    pairs = list(zip(tokens[1:].tolist(), mask[1:].tolist(), strict=True))
    return tokens[:-1].tolist(), [token if counts else -1 for token, counts in pairs]


def by_product(tokens, mask):
    return tokens[:-1], (tokens[1:] + 1) * mask[1:] - 1


def dense(x, dy, W, A, B):
    G = dy.T @ x
    return dy @ (W + B @ A), B.T @ G, G @ A.T


def by_einsum(x, dy, W, A, B):
    dx = np.einsum("no,oi->ni", dy, W) + np.einsum("no,or,ri->ni", dy, B, A)
    return dx, np.einsum("no,or,ni->ri", dy, B, x), np.einsum("no,ni,ri->or", dy, x, A)


def until(written, answer, end):
    return [*answer, end] == written[: len(answer) + 1] and end not in answer


def by_loop(written, answer, end):
    for token, want in zip(written, [*answer, end], strict=False):
        if token != want:
            return False
    return len(written) > len(answer)


def up_to_end(written, answer, end):
    return (written[: written.index(end)] if end in written else written) == answer


def enough(p, error):
    return math.ceil(p * (1 - p) / error**2 - 1e-9)


def by_search(p, error):
    n = 1
    while math.sqrt(p * (1 - p) / n) > error * (1 + 1e-12):
        n += 1
    return n


BANK = {
    "chat": Bank(
        wrong={
            "no roles": (talk(role=False), "each turn begins with the token of its role"),
            "no end": (talk(ends=()), "the answers have no end"),
            "everybody ends": (talk(ends=("user", "assistant")), "the turns of the user have no"),
            "does not learn to stop": (talk(marks=(0, 1, 0)), "the model never learns to stop"),
            "learns the role": (talk(marks=(1, 1, 1)), "is written by the program"),
            "the user's": (
                lambda t, r: (talk()(t, r)[0], [1 - m for m in talk()(t, r)[1]]),
                "you mark the user's words",
            ),
            "everything": (
                lambda t, r: (talk()(t, r)[0], [True] * len(talk()(t, r)[0])),
                "every token counts",
            ),
            "a short mask": (
                lambda t, r: (talk()(t, r)[0], talk()(t, r)[1][1:]),
                "entries of the mask",
            ),
            "tokens alone": (lambda t, r: talk()(t, r)[0], "two lists are asked for"),
        },
        unusual={"numbers": talk(), "arrays": by_arrays},
    ),
    "targets": Bank(
        wrong={
            "mask of the input": (
                lambda t, m: (t[:-1], np.where(m[:-1], t[1:], -1)),
                "are masked by the input",
            ),
            "no shift": (lambda t, m: (t[:-1], np.where(m[:-1], t[:-1], -1)), "are not shifted"),
            "no mask": (lambda t, m: (t[:-1], t[1:]), "are not masked"),
            "the request": (
                lambda t, m: (t[:-1], np.where(m[1:], -1, t[1:])),
                "are those of the request",
            ),
            "left out": (lambda t, m: (t[:-1], t[1:][m[1:]]), "are left out where they do not"),
            "zero": (lambda t, m: (t[:-1], np.where(m[1:], t[1:], 0)), "that is a token"),
            "too long": (lambda t, m: (t, shifted(t, m)[1]), "have the last token too"),
            "targets alone": (lambda t, m: shifted(t, m)[1], "two arrays are asked for"),
        },
        unusual={"where": shifted, "lists": one_by_one, "a product": by_product},
    ),
    "adapters": Bank(
        wrong={
            "the matrices": (lambda s, r: sum(o * i for o, i in s), "the entries of the matrices"),
            "A": (lambda s, r: sum(r * i for _, i in s), "you count A alone"),
            "B": (lambda s, r: sum(r * o for o, _ in s), "you count B alone"),
            "a product": (lambda s, r: sum(r * o * i for o, i in s), "you multiply the two sizes"),
            "no rank": (lambda s, r: sum(o + i for o, i in s), "the rank is missing"),
            "a core": (
                lambda s, r: sum(r * (o + i) + r * r for o, i in s),
                "a matrix of rank × rank",
            ),
            "both": (lambda s, r: sum(r * (o + i) + o * i for o, i in s), "they are not trained"),
        },
        unusual={
            "arrays": lambda s, r: r * np.array(s).sum(),
            "empty matrices": lambda s, r: sum(
                np.empty((r, i)).size + np.empty((o, r)).size for o, i in s
            ),
        },
    ),
    "backward": Bank(
        wrong={
            "W alone": (lambda *g: (g[1] @ g[2], *dense(*g)[1:]), "what comes through the adapter"),
            "the adapter alone": (
                lambda *g: (g[1] @ g[4] @ g[3], *dense(*g)[1:]),
                "what comes through W",
            ),
            "exchanged": (
                lambda *g: (dense(*g)[0], *dense(*g)[:0:-1]),
                "is that of the other matrix",
            ),
            "transposed": (
                lambda *g: (dense(*g)[0], dense(*g)[1].T, dense(*g)[2]),
                "dA is transposed",
            ),
            "averaged": (
                lambda *g: (dense(*g)[0], dense(*g)[1] / len(g[0]), dense(*g)[2]),
                "is an average over the rows",
            ),
            "two": (lambda *g: dense(*g)[:2], "three arrays are asked for"),
        },
        unusual={"through G": dense, "einsum": by_einsum},
    ),
    "exact": Bank(
        wrong={
            "zip": (
                lambda w, a, e: all(x == y for x, y in zip(w, a, strict=False)),
                "it goes on after the answer",
            ),
            "whole": (lambda w, a, e: w == [*a, e], "what comes after the end does not count"),
            "never stops": (up_to_end, "it never stops"),
            "a prefix": (lambda w, a, e: w[: len(a)] == a, "it goes on after the answer"),
            "sets": (
                lambda w, a, e: e in w and sorted(w[: w.index(e)]) == sorted(a),
                "its order is wrong",
            ),
            "the length": (lambda w, a, e: e in w and w.index(e) == len(a), "its order is wrong"),
            "index": (lambda w, a, e: w[: w.index(e)] == a, "stops with ValueError"),
            "a fraction": (lambda w, a, e: 0.5, "should be True or False"),
        },
        unusual={
            "one longer": until,
            "a loop": by_loop,
            "a number": lambda w, a, e: int(e in w and w[: w.index(e)] == a),
        },
    ),
    "needed": Bank(
        wrong={
            "no square": (lambda p, e: math.ceil(p * (1 - p) / e), "the error is not squared"),
            "squared": (lambda p, e: math.ceil((p * (1 - p)) ** 2 / e**2), "is the square already"),
            "p alone": (lambda p, e: math.ceil(p / e**2), "you leave out 1 - p"),
            "root": (lambda p, e: math.ceil(math.sqrt(p * (1 - p)) / e), "the root once more"),
            "down": (lambda p, e: int(p * (1 - p) / e**2 - 1e-9), "you round down"),
            "two errors": (lambda p, e: enough(p, e / 2), "an error of half the size"),
            "not whole": (lambda p, e: p * (1 - p) / e**2 * 1.0 + 0.3, "it should be"),
        },
        unusual={"ceil": enough, "search": by_search},
    ),
}
