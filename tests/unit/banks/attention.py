"""Answers to the exercises on attention."""

from functools import partial

import numpy as np
from scipy.linalg import null_space
from scipy.special import log_softmax

from banks import Bank
from weighted_sums.attention import self_attention
from weighted_sums.softmax import softmax

HEAD = 4 * 12_288 * 128


def heard(A):
    return A.sum(axis=0) - np.diag(A)


def clears_in_place(A):
    np.fill_diagonal(A, 0)
    return A.sum(axis=0).argmax()


def by_scalars(A):
    positions = range(len(A))
    return max(positions, key=lambda key: sum(A[query][key] for query in positions if query != key))


def hidden(s, by=-np.inf, diagonal=0):
    return np.where(np.tri(len(s), k=diagonal, dtype=bool), s, by)


def renormalised(s):
    p = softmax(s) * np.tri(len(s))
    return p / p.sum(axis=1, keepdims=True)


def by_loops(s):
    found = np.zeros_like(s)
    for i in range(len(s)):
        found[i, : i + 1] = softmax(s[i, : i + 1])
    return found


def masks_in_place(s):
    s[np.triu_indices(len(s), 1)] = -np.inf
    return softmax(s)


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


def last_row(matrix):
    return np.linalg.svd(matrix)[2][-1]


def left_over(V):
    rest = np.ones(V.shape[1]) - np.linalg.pinv(V) @ V.sum(axis=1)
    return rest / np.linalg.norm(rest)


BANK = {
    "most_heard": Bank(
        wrong={
            "rows": (lambda A: int(A.sum(axis=1).argmax()), "a column is what a position receives"),
            "itself too": (lambda A: int(A.sum(axis=0).argmax()), "gives to itself"),
            "rows of others": (lambda A: (A.sum(1) - np.diag(A)).argmax(), "rows; a row is what"),
            "how much, not who": (lambda A: A.sum(axis=0), "the number of a position is asked"),
            "largest weight": (
                lambda A: (A * (1 - np.eye(len(A)))).max(axis=0).argmax(),
                "the largest single attention weight",
            ),
            "least": (lambda A: heard(A).argmin(), "receives least"),
            "from one": (lambda A: heard(A).argmax() + 1, "you count positions from 1"),
            "the printed case": (lambda A: 1, "receives most from others"),
            "in place": (clears_in_place, "changes A itself"),
            "no return": (lambda A: None, "the number of a position is asked"),
        },
        unusual={
            "without the diagonal": lambda A: heard(A).argmax(),
            "a mask": lambda A: int((A * (1 - np.eye(len(A)))).sum(axis=0).argmax()),
            "scalars": by_scalars,
            "einsum, mean, float": lambda A: float(
                np.argsort(np.einsum("qk,qk->k", A, 1 - np.eye(len(A))) / len(A))[-1]
            ),
        },
    ),
    "masked_pattern": Bank(
        wrong={
            "after softmax": (lambda s: softmax(s) * np.tri(len(s)), "you mask after softmax"),
            "renormalised": (renormalised, "a later score leaks"),
            "no mask": (softmax, "nothing is masked"),
            "even": (
                lambda s: np.tri(len(s)) / np.arange(1, len(s) + 1)[:, None],
                "not those of softmax",
            ),
            "one row": (lambda s: by_loops(s)[0], "yours has shape (4,)"),
            "zero for −∞": (lambda s: softmax(s * np.tri(len(s))), "a hidden score must be −∞"),
            "transposed": (
                lambda s: softmax(np.where(np.tri(len(s)).T > 0, s, -np.inf)),
                "your mask is transposed",
            ),
            "columns": (lambda s: softmax(hidden(s).T).T, "runs down the columns"),
            "itself hidden": (lambda s: softmax(hidden(s, diagonal=-1)), "A position sees itself"),
            "one too far": (lambda s: softmax(hidden(s, diagonal=1)), "above the diagonal"),
            "exponentials": (lambda s: np.exp(hidden(s)), "row 1 sums to"),
            "minus a hundred": (lambda s: softmax(hidden(s, by=-100)), "a later score leaks"),
            "in place": (masks_in_place, "changes s itself"),
        },
        unusual={
            "row by row": by_loops,
            "adds −∞": lambda s: softmax(s + np.triu(np.full(s.shape, -np.inf), 1)),
            "logarithms, a list": lambda s: np.exp(log_softmax(hidden(s), axis=1)).tolist(),
            "minus a million": lambda s: softmax(hidden(s, by=-1e6)),
            "float32": lambda s: softmax(hidden(s.astype(np.float32))),
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
    "unseen": Bank(
        wrong={
            "last axis": (lambda V: np.eye(V.shape[1])[-1], "still hands over"),
            "too long": (lambda V: 2 * last_row(V), "has length 2.000"),
            "left vectors": (lambda V: np.linalg.svd(V)[0][-1], "shape (4,), not (16,)"),
            "most stretched": (lambda V: np.linalg.svd(V)[2][0], "V stretches most"),
            "reduced": (
                lambda V: np.linalg.svd(V, full_matrices=False)[2][-1],
                "with full_matrices=False",
            ),
            "a column": (lambda V: np.linalg.svd(V)[2][:, -1], "its rows are the directions"),
            "zero": (lambda V: np.zeros(V.shape[1]), "has length 0.000"),
            "all of them": (null_space, "shape (16, 12), not (16,)"),
        },
        unusual={
            "last row": last_row,
            "null space": lambda V: null_space(V)[:, 0],
            "QR": lambda V: np.linalg.qr(V.T, mode="complete")[0][:, -1],
            "eigenvector": lambda V: np.linalg.eigh(V.T @ V)[1][:, 0],
            "what is left over, a list": lambda V: left_over(V).tolist(),
            "float32": lambda V: last_row(V.astype(np.float32)),
        },
    ),
    "gpt3": Bank(
        wrong={
            "no way back": ((3 * 12_288 * 128, 96 * 3 * 12_288 * 128), "the way back"),
            "one head": ((HEAD, HEAD), "96 such heads"),
            "one matrix": ((12_288 * 128, 96 * 12_288 * 128), "it has four matrices"),
            "small matrices": ((4 * 128 * 128, 96 * 4 * 128 * 128), "128 × 12,288, not 65,536"),
            "swapped": ((96 * HEAD, HEAD), "a head comes first"),
            "full width": ((4 * 12_288**2, 96 * 4 * 12_288**2), "is a whole layer"),
            "all layers": ((HEAD, 96 * 96 * HEAD), "all 96 layers"),
            "one number": (HEAD, "a pair (head, layer)"),
        },
        unusual={
            "a tuple": (HEAD, 96 * HEAD),
            "an array": np.array([6_291_456, 603_979_776]),
            "floats in a list": [6.291456e6, 4 * 12_288.0**2],
        },
    ),
}
