"""Checks for the exercises of the chapter on trained heads."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from weighted_sums.exercises import call, called, diagnose, require, require_equal
from weighted_sums.softmax import softmax


def mirror(answer) -> str:
    """Where a reversal head attends from positions 5 to 9, with five symbols before."""
    wanted = np.arange(4, -1, -1)
    require_equal(np.asarray(answer), wanted, "of positions 5 to 9", {
        "you attend to what was just said; the next symbol is one further back": wanted + 1,
        "you go forwards; the answer begins with the last symbol": wanted[::-1],
        "you count positions from 1; the first one is position 0": wanted + 1,
        "you attend one symbol too far back": wanted - 1,
        "you attend to the answers themselves": np.arange(5, 10),
    }, "not every one attends to the symbol that comes next")  # fmt: skip
    return "position t attends to 9 − t"


def induction_score(answer) -> str:
    """`induction_score(A, tokens)`: mean attention on positions after earlier copies."""
    rng = np.random.default_rng(0)
    rows = [np.array([1, 2, 3, 1, 2, 3, 1]), np.array([0, 5, 0, 5, 4, 0, 4, 4])]
    for tokens in (*rows, rng.integers(4, size=12)):
        n = len(tokens)
        A = softmax(np.where(np.tri(n, dtype=bool), rng.standard_normal((n, n)), -np.inf))
        found = call(answer, f"for the tokens {tokens.tolist()}", A.copy(), tokens.copy())
        copies = (tokens[:, None] == tokens) & np.tri(n, k=-1, dtype=bool)
        after = np.roll(copies, 1, axis=1)
        felt = copies.any(axis=1)
        sums, latest = (A * after).sum(axis=1), _latest(A, after)
        require_equal(found, sums[felt].mean(), f"for the tokens {tokens.tolist()}", {
            "you add up the attention on the copies; look one position after them":
                (A * copies).sum(axis=1)[felt].mean(),
            "you average over all positions; leave out those whose token is new": sums.mean(),
            "you count only the latest copy; there may be several": latest[felt].mean(),
            "you average over the copies; add up their weights, then average over positions":
                A[after].mean(),
            "you add up and never average": sums.sum(),
        }, f"the score is {sums[felt].mean():.3f}, you say {found}")  # fmt: skip
    return "for rows with several copies, too"


def vote(answer) -> str:
    """`vote(tokens, vocab_size)`: each earlier copy votes for the token that followed it."""
    for row, size in (("bananaba", 26), ("aab", 3), ("abcab", 4), ("aaa", 2), ("c", 5)):
        tokens = np.array([ord(letter) - 97 for letter in row])
        pairs = list(pairwise(tokens))
        votes = np.bincount([b for a, b in pairs if a == tokens[-1]], minlength=size)
        wanted = votes / votes.sum() if votes.any() else np.full(size, 1 / size)
        found = called(answer, f"after “{row}”", tokens.copy(), size)
        latest = [b for a, b in pairs if a == tokens[-1]]
        require_equal(found, wanted, f"after “{row}”", {
            "there is no earlier copy, so all tokens are equally likely": np.zeros(size),
            "these are counts; divide by their sum": votes,
            "only the first copy votes": _one_hot(latest[:1], size),
            "only the latest copy votes": _one_hot(latest[-1:], size),
            "you count all tokens, whatever they followed":
                np.bincount(tokens, minlength=size) / len(tokens),
            "the most frequent follower gets everything; the votes should be shared":
                _one_hot([int(votes.argmax())], size),
        }, f"the largest probability should be {wanted.max():.2f}")  # fmt: skip
    return "two thirds n and one third b after “bananaba”"


def mean_ablated(answer) -> str:
    """`mean_ablated(outputs)`: the mean over batch and positions, everywhere."""
    rng = np.random.default_rng(1)
    for shape in ((3, 5, 4), (2, 1, 7), (1, 6, 2)):
        outputs = rng.standard_normal(shape)
        where = f"for outputs of shape {shape}"
        found = call(answer, where, outputs.copy())
        full = np.ones(shape)
        require_equal(found, full * outputs.mean(axis=(0, 1)), where, {
            "you average the numbers of each vector; every coordinate has its own mean":
                full * outputs.mean(axis=-1, keepdims=True),
            "you return the average alone; put it at every position": outputs.mean(axis=(0, 1)),
            "all is one number; every coordinate has its own mean": full * outputs.mean(),
            "each row keeps its own average, which tells of the row":
                full * outputs.mean(axis=1, keepdims=True),
            "each position keeps its own average; one for all positions is asked for":
                full * outputs.mean(axis=0, keepdims=True),
            "this is zero ablation": 0 * outputs,
            "you subtract the average instead of keeping only it":
                outputs - outputs.mean(axis=(0, 1)),
        }, "it is not the average over batch and positions")  # fmt: skip
    return "one vector for all positions of all rows"


def effect(answer) -> str:
    """`effect(intact, ablated, controls)`: the paired rise above the controls', and its error."""
    rng = np.random.default_rng(2)
    for seeds, n_controls in ((5, 3), (4, 2), (9, 6)):
        hard = 3 * rng.random(seeds)
        intact = hard + 0.1 * rng.random(seeds)
        ablated = hard + 1 + 0.2 * rng.random(seeds)
        controls = hard + 0.3 * rng.random((n_controls, seeds))
        where = f"for {seeds} seeds and {n_controls} controls"
        found = call(answer, where, intact.copy(), ablated.copy(), controls.copy())
        require(np.shape(found) == (2,), f"{where} two numbers are asked for, not {found!r}")
        mean, error = found
        more = ablated - controls.mean(axis=0)
        wrong = diagnose(mean, {
            "you compare with the intact model only; the controls rise, too":
                (ablated - intact).mean(),
            "the sign is wrong: a useful head raises the loss when it is removed": -more.mean(),
            "you compare with the strongest control; take the mean of the controls":
                (ablated - controls.max(axis=0)).mean(),
            "you return the controls' rise": (controls - intact).mean(),
            "you add the controls' rise": (ablated + controls.mean(axis=0) - 2 * intact).mean(),
        })  # fmt: skip
        require(not wrong, f"{where} {wrong}")
        require(np.isclose(mean, more.mean()), f"{where} it is {more.mean():.3f}, not {mean:.3f}")
        root = np.sqrt(seeds)
        wrong = diagnose(error, {
            "that is the standard deviation; divide by the root of the number of seeds":
                more.std(ddof=1),
            "use ddof=1: the mean was estimated from the same seeds": more.std() / root,
            "that is the variance": more.var(ddof=1),
            "the differences must be taken seed by seed": np.sqrt(
                (ablated.var(ddof=1) + controls.mean(axis=0).var(ddof=1)) / seeds
            ),
        })  # fmt: skip
        require(not wrong, f"the second number: {wrong}")
        wanted = more.std(ddof=1) / root
        require(np.isclose(error, wanted), f"the standard error is {wanted:.4f}, not {error:.4f}")
    return "compared seed by seed"


def contributions(answer) -> str:
    """`contributions(A, values, W_o)` holds the lengths of the weighted, projected values."""
    rng = np.random.default_rng(3)
    for n, d_head, d_model in ((4, 3, 7), (2, 2, 5), (6, 4, 4)):
        A = softmax(rng.standard_normal((n, n)))
        values, W_o = rng.standard_normal((n, d_head)), rng.standard_normal((d_model, d_head))
        where = f"for {n} positions and {d_head} dimensions"
        found = call(answer, where, A.copy(), values.copy(), W_o.copy())
        lengths = np.linalg.norm(values @ W_o.T, axis=1)
        require_equal(found, A * lengths, where, {
            "you take the lengths of the values; W_o changes lengths":
                A * np.linalg.norm(values, axis=1),
            "the lengths go with the keys, so with the columns": A * lengths[:, None],
            "these are the squares of the lengths": A * lengths**2,
            "you leave the attention weights out": np.tile(lengths, (n, 1)),
            "you take the length of each sum; every key position is asked for":
                np.linalg.norm(A @ values @ W_o.T, axis=1),
            "these are the attention weights alone": A,
        }, "not all entries are the length of A_ij times W_o v_j")  # fmt: skip
    return "a table of lengths"


def _latest(A, after) -> np.ndarray:
    last = after.shape[1] - 1 - after[:, ::-1].argmax(axis=1)
    return np.take_along_axis(A, last[:, None], axis=1)[:, 0]


def _one_hot(tokens, size) -> np.ndarray:
    return np.bincount(tokens, minlength=size).astype(float) if tokens else np.zeros(size)
