"""Answers to the exercises on attention."""

from functools import partial

import numpy as np
from scipy.linalg import null_space
from scipy.special import log_softmax

from banks import Bank
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


def last_row(matrix):
    return np.linalg.svd(matrix)[2][-1]


def left_over(V):
    rest = np.ones(V.shape[1]) - np.linalg.pinv(V) @ V.sum(axis=1)
    return rest / np.linalg.norm(rest)


def attend(q, k, v, root=None, later=-np.inf):
    s = q @ k.T / np.sqrt(q.shape[1]) if root is None else q @ k.T / root
    return softmax(np.where(np.tri(len(q), dtype=bool), s, later)) @ v


def row_by_row(q, k, v):
    rows = range(len(q))
    return [softmax(q[i] @ k[: i + 1].T / q.shape[1] ** 0.5) @ v[: i + 1] for i in rows]


def overflows(q, k, v):
    e = np.exp(q @ k.T / np.sqrt(q.shape[1])) * np.tri(len(q))
    return e / e.sum(axis=1, keepdims=True) @ v


def scaled_first(q, k, v):
    return attend(q / q.shape[1] ** 0.25, k / q.shape[1] ** 0.25, v, root=1)


def square_part(n, d, squares=2, projections=4):
    return squares * n * n * d / (squares * n * n * d + projections * n * d * d)


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
    "pencil": Bank(
        wrong={
            "no root": ((np.array([1, 4, 25]) / 30, [6, 7]), "by the square root of 4"),
            "by four": ((softmax(np.log([1, 2, 5]) / 2), [6, 7]), "you divided by 4"),
            "exponentials": (([1, 2, 5], [6, 7]), "divide by their sum"),
            "scores": ((np.log([1, 2, 5]), [6, 7]), "softmax is still to come"),
            "equal": (([1 / 3] * 3, [6, 7]), "the exponentials of the three scores"),
            "average": (([1 / 8, 2 / 8, 5 / 8], [16 / 3, 16 / 3]), "the plain average"),
            "largest": (([1 / 8, 2 / 8, 5 / 8], [8, 8]), "the key with the largest weight"),
            "weights alone": ([1 / 8, 2 / 8, 5 / 8], "two things are asked for"),
        },
        unusual={
            "arrays": (np.array([0.125, 0.25, 0.625]), np.array([6.0, 7.0])),
            "a list": [(0.125, 0.25, 0.625), (6, 7)],
        },
    ),
    "attend": Bank(
        wrong={
            "no root": (partial(attend, root=1), "you do not divide by the square root"),
            "the dimension": (
                lambda q, k, v: attend(q, k, v, root=q.shape[1]),
                "you divide by the dimension",
            ),
            "no mask": (
                lambda q, k, v: softmax(q @ k.T / q.shape[1] ** 0.5) @ v,
                "positions see the future",
            ),
            "neither": (lambda q, k, v: softmax(q @ k.T) @ v, "neither the square root"),
            "mask after softmax": (
                lambda q, k, v: softmax(q @ k.T / q.shape[1] ** 0.5) * np.tri(len(q)) @ v,
                "you mask after softmax",
            ),
            "zeros": (partial(attend, later=0), "a hidden score of 0"),
            "the starter": (
                lambda q, k, v: np.exp(q @ k.T) / np.exp(q @ k.T).sum(axis=0) @ v,
                "runs down the columns",
            ),
            "overflow": (overflows, "the exponential overflows"),
            "keys and values exchanged": (lambda q, k, v: attend(q, v, k), "the rows left of @"),
        },
        unusual={
            "row by row": row_by_row,
            "scaled before": scaled_first,
            "a large negative number": partial(attend, later=-1e9),
        },
    ),
    "divisor": Bank(
        wrong={
            "root of d": (lambda d, a, b: np.sqrt(d), "only for standard deviations of 1"),
            "variance": (lambda d, a, b: (a * b) ** 2 * d, "that is the variance"),
            "sum": (lambda d, a, b: (a + b) * np.sqrt(d), "the standard deviations multiply"),
            "root of all": (lambda d, a, b: np.sqrt(a * b * d), "not its root"),
            "squares": (lambda d, a, b: (a * b) ** 2 * np.sqrt(d), "each factor counts once"),
            "d": (lambda d, a, b: a * b * d, "not their deviations"),
            "no return": (lambda d, a, b: None, "returns nothing"),
        },
        unusual={
            "a formula": lambda d, a, b: a * b * d**0.5,
            "a length": lambda d, a, b: np.linalg.norm(np.full(d, a * b)),
        },
    ),
    "square_part": Bank(
        wrong={
            "one product": (partial(square_part, squares=1), "both take n²d"),
            "the rest": (lambda n, d: 1 - square_part(n, d), "the other part"),
            "a number": (lambda n, d: 2 * n * n * d, "divide by all"),
            "a ratio": (lambda n, d: n / (2 * d), "not by the projections"),
            "one projection": (partial(square_part, projections=1), "four projections"),
            "a half": (lambda n, d: 0.5, "you say 0.5"),
            "no return": (lambda n, d: None, "returns nothing"),
        },
        unusual={
            "counted": square_part,
            "reduced": lambda n, d: n / (n + 2 * d),
            "one minus": lambda n, d: 1 - 1 / (1 + n / (2 * d)),
        },
    ),
}
