"""Checks for the exercises of the chapter on attention."""

from __future__ import annotations

import numpy as np

from weighted_sums import attention
from weighted_sums.cross_entropy import softmax
from weighted_sums.exercises import require

TRIALS = 20
WIDTH, DIM, HEADS = 12_288, 128, 96


def most_heard(answer) -> str:
    """`most_heard(A)` is the place that receives the largest share from all others."""
    rng = np.random.default_rng(0)
    vain = np.array([[0.95, 0.05, 0.0], [0.0, 0.2, 0.8], [0.2, 0.6, 0.2]])
    for A in (vain, *(softmax(3 * rng.standard_normal((5, 5))) for _ in range(TRIALS))):
        received = A.sum(axis=0) - np.diag(A)
        found, where = _whole(answer(A.copy())), f"in {A.round(2).tolist()}"
        if found != received.argmax():
            require(
                found != A.sum(axis=0).argmax(),
                f"{where} you count what place {found} gives to itself; only what it receives "
                "from others is asked for",
            )
            require(
                found != (A.sum(axis=1) - np.diag(A)).argmax(),
                f"{where} you add up rows; a row is what a place gives, a column what it receives",
            )
        require(
            found == received.argmax(),
            f"{where} place {received.argmax()} receives most from others "
            f"({received.max():.2f}), you say {found}; a column is what a place receives",
        )
    return f"in {TRIALS + 1} patterns"


def masked_pattern(answer) -> str:
    """`masked_pattern(s)` is the softmax of each row over the places up to its own."""
    rng = np.random.default_rng(1)
    for n in (1, 4, 7):
        s = 2 * rng.standard_normal((n, n))
        found = _table(answer(s.copy()), s)
        require(
            np.allclose(np.triu(found, 1), 0),
            f"for {n} places there are shares above the diagonal: places still to come",
        )
        sums = found.sum(axis=1)
        require(
            np.allclose(sums, 1),
            f"for {n} places row {int(np.abs(sums - 1).argmax())} sums to "
            f"{sums[np.abs(sums - 1).argmax()]:.3f}, not to 1",
        )
        expected = softmax(np.where(np.tri(n, dtype=bool), s, -np.inf))
        require(np.allclose(found, expected), f"for {n} places the shares are not those of softmax")
    s = np.array([[0.0, 2000.0], [0.0, 0.0]])
    with np.errstate(all="ignore"):
        found = _table(answer(s), s)
    require(
        np.allclose(found, [[1, 0], [0.5, 0.5]]),
        "a later score of 2000 leaks into the shares of the place before it: "
        f"its row is {found[0].tolist()}, it should be [1, 0]",
    )
    return "rows sum to 1, and not even an enormous later score leaks"


def knows_order(answer) -> str:
    """`knows_order(layer, causal)` finds that only a causal layer notices the order."""
    for seed in range(3):
        layer = attention.random_attention(12, 3, np.random.default_rng(seed), np.float64)
        for causal in (False, True):
            found = answer(layer, causal)
            require(
                isinstance(found, bool | np.bool_), f"True or False is asked for, not {found!r}"
            )
            require(
                bool(found) == causal,
                f"with causal={causal} you say {bool(found)}; "
                + (
                    "are the two outputs compared in the same order of places?"
                    if found
                    else "with a mask, a shuffled place sees other places before it"
                ),
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
        through = np.linalg.norm(V @ found)
        require(through < 1e-8, f"{where} V still hands over {through:.3f} of your vector")
    return "V hands over nothing of it"


def gpt3(answer) -> str:
    """The parameters of one head, and of one layer of attention, of GPT-3."""
    head, layer = (int(number) for number in answer)
    require(
        head != 3 * WIDTH * DIM,
        f"{head:,} are query, key and value; the way back to the full width is missing",
    )
    require(head == 4 * WIDTH * DIM, f"a head has four matrices of 128 × 12,288, not {head:,}")
    require(layer == HEADS * head, f"a layer has {HEADS} such heads, not {layer:,} parameters")
    return f"{head:,} in a head, {layer:,} in a layer"


def _whole(found) -> int:
    require(
        np.ndim(found) == 0 and float(found) == int(found),
        f"the number of a place is asked for, not {found!r}",
    )
    return int(found)


def _table(found, s) -> np.ndarray:
    found = np.asarray(found, dtype=float)
    require(found.shape == s.shape, f"for {len(s)} places yours has shape {found.shape}")
    return found
