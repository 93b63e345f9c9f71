"""Checks for the exercises of the chapter on attention."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import (
    call,
    called,
    diagnose,
    require,
    require_equal,
    require_unchanged,
)
from weighted_sums.softmax import softmax

TRIALS = 20
WIDTH, DIM, HEADS = 12_288, 128, 96


def most_heard(answer) -> str:
    """`most_heard(A)` is the position that receives the most attention from all others."""
    rng = np.random.default_rng(0)
    vain = np.array([[0.95, 0.05, 0.0], [0.0, 0.2, 0.8], [0.2, 0.6, 0.2]])
    trials = [vain, *(softmax(3 * rng.standard_normal((5, 5))) for _ in range(TRIALS))]
    founds = [_position(answer, A) for A in trials]
    others = [A - np.diag(np.diag(A)) for A in trials]
    wanteds = [A.sum(axis=0).argmax() for A in others]
    error = diagnose(founds, {
        "you count what a position gives to itself; only what it receives from others is asked "
        "for": [A.sum(axis=0).argmax() for A in trials],
        "you add up rows; a row is what a position gives, a column what it receives":
            [A.sum(axis=1).argmax() for A in others],
        "you add up rows, and every row of an attention pattern sums to 1; a column is what a "
        "position receives": [A.sum(axis=1).argmax() for A in trials],
        "you look for the largest single attention weight; add up the column":
            [A.max(axis=0).argmax() for A in others],
        "you return the position that receives least": [A.sum(axis=0).argmin() for A in others],
        "you count positions from 1; the first one is position 0": [at + 1 for at in wanteds],
    })  # fmt: skip
    require(not error, error)
    for A, received, found in zip(trials, others, founds, strict=True):
        most = received.sum(axis=0)
        require(
            found == most.argmax(),
            f"in {A.round(2).tolist()} position {most.argmax()} receives most from others "
            f"({most.max():.2f}), you say {found}; a column is what a position receives",
        )
    return f"in {len(trials)} attention patterns"


def masked_pattern(answer) -> str:
    """`masked_pattern(s)` is the softmax of each row over the positions up to its own."""
    rng = np.random.default_rng(1)
    for n in (4, 7, 1):
        s = 2 * rng.standard_normal((n, n))
        found, seen = _table(answer, s), np.tri(n, dtype=bool)
        require(
            bool(np.isfinite(found).all()),
            f"for {n} positions there is nan; is a whole row hidden? A position sees itself",
        )
        hidden = np.where(seen, s, -np.inf)
        wanted = softmax(hidden)
        if not np.allclose(found, wanted):
            error = diagnose(found, {
                "you mask after softmax, so the rows no longer sum to 1; mask the scores":
                    softmax(s) * seen,
                "nothing is masked; there are attention weights above the diagonal": softmax(s),
                "a score of 0 still gets attention; a hidden score must be −∞": softmax(s * seen),
                "your mask is transposed: you hide the past and leave the future above the "
                "diagonal": softmax(np.where(seen.T, s, -np.inf)),
                "your softmax runs down the columns; each row must sum to 1": softmax(hidden.T).T,
            })  # fmt: skip
            require(not error, error)
        require(
            np.allclose(np.triu(found, 1), 0),
            f"for {n} positions there is attention above the diagonal, to positions still to come",
        )
        sums = found.sum(axis=1)
        worst = int(np.abs(sums - 1).argmax())
        require(
            np.allclose(sums, 1),
            f"for {n} positions row {worst} sums to {sums[worst]:.3f}, not to 1",
        )
        require(
            np.allclose(found, wanted),
            f"for {n} positions the attention weights are not those of softmax",
        )
    for first in ([0.0, 2000.0], [-2000.0, 0.0]):
        found = _table(answer, np.array([first, [0.0, 0.0]]))
        require(
            np.allclose(found, [[1, 0], [0.5, 0.5]]),
            f"for the scores {first} a later score leaks into the attention weights of the "
            f"position before it: its row is {found[0].tolist()}, it should be [1, 0]",
        )
    return "rows sum to 1, and not even an enormous later score leaks"


def unseen(answer) -> str:
    """`unseen(V)` is a unit vector that V maps to zero."""
    rng = np.random.default_rng(2)
    for dim, width in ((4, 16), (1, 3), (16, 64)):
        V = rng.standard_normal((dim, width))
        found = np.asarray(answer(V.copy()), dtype=float)
        where = f"for a V of shape {V.shape}"
        require(found.shape == (width,), f"{where} yours has shape {found.shape}, not ({width},)")
        require(
            np.isclose(np.linalg.norm(found), 1),
            f"{where} your vector has length {np.linalg.norm(found):.3f}, not 1",
        )
        rows, through = np.linalg.svd(V)[2], np.linalg.norm(V @ found)
        if through > 1e-5:
            error = diagnose(np.abs(found), {
                f"{where} you return the direction that V stretches most; the last rows of the "
                "SVD are mapped to zero": np.abs(rows[0]),
                f"{where} you return the last of the {dim} directions that V keeps; with "
                "full_matrices=False the SVD has no others": np.abs(rows[dim - 1]),
                f"{where} you return a column of the third matrix; its rows are the directions":
                    np.abs(rows[:, -1]),
            })  # fmt: skip
            require(not error, error)
        require(through < 1e-5, f"{where} V still hands over {through:.3f} of your vector")
    return "V hands over nothing of it"


def gpt3(answer) -> str:
    """The parameters of one head, and of one layer of attention, of GPT-3."""
    require(np.shape(answer) == (2,), f"a pair (head, layer) is asked for, not {answer!r}")
    head, layer = (int(number) for number in answer)
    wanted = 4 * WIDTH * DIM
    error = diagnose(head, {
        f"{head:,} are query, key and value; the way back to the full width is missing":
            3 * WIDTH * DIM,
        f"{head:,} is one of a head's matrices; it has four matrices": WIDTH * DIM,
        f"{head:,} is a whole layer; a head comes first in the pair, and its matrices are "
        "128 × 12,288": HEADS * wanted,
    })  # fmt: skip
    require(not error, error)
    require(head == wanted, f"a head has four matrices of 128 × 12,288, not {head:,} parameters")
    require(
        layer != HEADS * HEADS * head,
        f"{layer:,} are the heads of all 96 layers; one layer is asked for",
    )
    require(layer == HEADS * head, f"a layer has {HEADS} such heads, not {layer:,} parameters")
    return f"{head:,} in a head, {layer:,} in a layer"


def pencil(answer) -> str:
    """The attention weights of a query over three keys, and the weighted sum of the values."""
    require(
        isinstance(answer, tuple | list) and len(answer) == 2,
        "two things are asked for: the attention weights and the weighted sum",
    )
    weights, total = answer
    values, wanted = np.array([[8, 0], [0, 8], [8, 8]]), np.array([1, 2, 5]) / 8
    require_equal(weights, wanted, "the weights:", {
        "you did not divide the dot products by the square root of 4": np.array([1, 4, 25]) / 30,
        "you divided by 4, not by its square root": softmax(np.log([1, 2, 5]) / 2),
        "these are the exponentials; divide by their sum": [1, 2, 5],
        "these are the scores; softmax is still to come": np.log([1, 2, 5]),
        "you divided the scores by their sum; exponentiate first":
            np.log([1, 2, 5]) / np.log(10),
    }, "the exponentials of the three scores are 1, 2 and 5")  # fmt: skip
    require_equal(total, wanted @ values, "the weighted sum:", {
        "that is the plain average of the values": values.mean(axis=0),
        "that is the sum of the values, without weights": values.sum(axis=0),
        "that is the value of the key with the largest weight": [8, 8],
    }, "add up the values, each times its weight")  # fmt: skip
    return "one eighth, two eighths, five eighths"


def attend(answer) -> str:
    """`attend(q, k, v)` is causal scaled dot-product attention of one head."""
    rng = np.random.default_rng(3)
    for n, d, d_value in ((4, 9, 2), (1, 3, 3), (7, 16, 5)):
        q, k = rng.standard_normal((2, n, d))
        v = rng.standard_normal((n, d_value))
        where = f"for {n} positions of {d} dimensions"
        with np.errstate(all="ignore"):
            found = call(answer, where, q.copy(), k.copy(), v.copy())
        raw, seen = q @ k.T, np.tri(n, dtype=bool)
        s = raw / np.sqrt(d)
        hidden = np.where(seen, s, -np.inf)
        p = softmax(s) * seen
        require_equal(found, softmax(hidden) @ v, where, {
            "you do not divide by the square root of the dimension":
                softmax(np.where(seen, raw, -np.inf)) @ v,
            "you divide by the dimension, not by its square root":
                softmax(np.where(seen, raw / d, -np.inf)) @ v,
            "the square root of the number of positions is not asked for":
                softmax(np.where(seen, raw / np.sqrt(n), -np.inf)) @ v,
            "positions see the future; hide later keys before softmax": softmax(s) @ v,
            "neither the square root nor the mask is there": softmax(raw) @ v,
            "you mask after softmax": p @ v,
            "a hidden score of 0 still gets attention; it must be −∞": softmax(s * seen) @ v,
            "your softmax runs down the columns": softmax(s.T).T @ v,
            "your softmax runs down the columns, and there is no square root": softmax(raw.T).T @ v,
            "you return the attention weights; multiply them by the values": softmax(hidden),
        }, "the weighted sums are not those of the formula")  # fmt: skip
    with np.errstate(all="ignore"):
        far = answer(np.full((2, 1), 1000.0), np.full((2, 1), 1.0), np.array([[1.0], [3.0]]))
    require(
        np.allclose(far, [[1], [2]]),
        "for scores of 1000 the exponential overflows; subtract the largest score of each row",
    )
    return "also where exponentials overflow"


def divisor(answer) -> str:
    """`divisor(d, a, b)` brings dot products to standard deviation 1."""
    for d, a, b in ((64, 2.0, 1.0), (16, 1.0, 1.0), (9, 0.5, 3.0), (100, 0.1, 0.2)):
        found = called(answer, f"for d = {d}, a = {a}, b = {b}", d, a, b)
        wanted = a * b * np.sqrt(d)
        require_equal(found, wanted, f"for d = {d}, a = {a}, b = {b}", {
            "that is right only for standard deviations of 1": np.sqrt(d),
            "that is the variance; divide by its square root": (a * b) ** 2 * d,
            "the standard deviations multiply": (a + b) * np.sqrt(d),
            "a product has the standard deviation a b, not its root": np.sqrt(a * b * d),
            "each factor counts once": (a * b) ** 2 * np.sqrt(d),
            "d terms add up their variances, not their deviations": a * b * d,
        }, f"the dot products have the standard deviation {wanted:g}, you say {found}")  # fmt: skip
    return "for queries and keys of any size"


def square_part(answer) -> str:
    """`square_part(n, d)` is the fraction of the multiplications that grows with n²."""
    for n, d in ((128, 64), (10, 100), (4096, 64), (1, 1)):
        found = called(answer, f"for n = {n} and d = {d}", n, d)
        square, rest = 2 * n * n * d, 4 * n * d * d
        require_equal(found, square / (square + rest), f"for n = {n} and d = {d}", {
            "scores and weighted sums both take n²d": 0.5 * square / (0.5 * square + rest),
            "that is the other part, of the projections": rest / (square + rest),
            "that is the number of multiplications; divide by all": square,
            "divide by all multiplications, not by the projections": square / rest,
            "there are four projections": square / (square + 0.25 * rest),
        }, f"it is {square / (square + rest):.4f}, you say {found}")  # fmt: skip
    return "one half at n = 2d"


def _position(answer, A) -> int:
    given = A.copy()
    found = answer(given)
    require_unchanged(given, A, "A")
    require(
        found is not None and np.ndim(found) == 0 and float(found) == int(found),
        f"the number of a position is asked for, not {found!r}",
    )
    return int(found)


def _table(answer, s) -> np.ndarray:
    given = s.copy()
    with np.errstate(all="ignore"):
        found = np.asarray(answer(given), dtype=float)
    require_unchanged(given, s, "s")
    require(found.shape == s.shape, f"for {len(s)} positions yours has shape {found.shape}")
    return found
