"""Checks for the exercises of the chapter on attention."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import diagnose, require, require_unchanged
from weighted_sums.heads import init_attention
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


def _truth(found) -> bool:
    is_truth = np.ndim(found) == 0 and np.asarray(found).dtype == bool
    require(is_truth, f"True or False is asked for, not {found!r}")
    return bool(found)
