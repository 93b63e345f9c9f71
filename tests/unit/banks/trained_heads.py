"""Answers to the exercises on trained heads."""

from functools import partial
from itertools import pairwise

import numpy as np

from banks import Bank


def score(A, tokens, shift=1, average=np.mean, everywhere=False):
    found = []
    for i, token in enumerate(tokens):
        after = [j + shift for j in range(i) if tokens[j] == token and j + shift >= 0]
        if after:
            found.append(A[i, after].sum())
        elif everywhere:
            found.append(0.0)
    return average(found)


def latest(A, tokens):
    found = []
    for i, token in enumerate(tokens):
        after = [j + 1 for j in range(i) if tokens[j] == token]
        if after:
            found.append(A[i, after[-1]])
    return np.mean(found)


def by_matrices(A, tokens):
    n = len(tokens)
    copies = (tokens[:, None] == tokens[None]) & (np.arange(n)[:, None] > np.arange(n))
    shifted = np.zeros_like(copies)
    shifted[:, 1:] = copies[:, :-1]
    return (A * shifted).sum() / copies.any(axis=1).sum()


def vote(tokens, size, which=slice(None)):
    after = [b for a, b in pairwise(tokens) if a == tokens[-1]][which]
    votes = np.bincount(after, minlength=size) if after else np.ones(size)
    return votes / votes.sum()


def counts(tokens, size):
    after = [b for a, b in pairwise(tokens) if a == tokens[-1]]
    return np.bincount(after, minlength=size)


def without_a_default(tokens, size):
    votes = np.zeros(size)
    for a, b in pairwise(tokens):
        votes[b] += a == tokens[-1]
    return votes / max(votes.sum(), 1)


def majority(tokens, size):
    p = vote(tokens, size)
    return (np.arange(size) == p.argmax()).astype(float)


def paired(intact, ablated, controls):
    more = ablated - controls.mean(axis=0)
    return more.mean(), more.std(ddof=1) / np.sqrt(len(more))


def unpaired(intact, ablated, controls):
    error = np.sqrt((ablated.var(ddof=1) + controls.mean(axis=0).var(ddof=1)) / len(intact))
    return ablated.mean() - controls.mean(), error


def all_lengths(A, values, W_o):
    return A * np.linalg.norm(values @ W_o.T, axis=1)


def by_vectors(A, values, W_o):
    return np.linalg.norm(A[:, :, None] * (W_o @ values.T).T[None], axis=-1)


BANK = {
    "mirror": Bank(
        wrong={
            "just said": ([5, 4, 3, 2, 1], "what was just said"),
            "forwards": ([0, 1, 2, 3, 4], "you go forwards"),
            "too far": ([3, 2, 1, 0, -1], "one symbol too far back"),
            "themselves": ([5, 6, 7, 8, 9], "the answers themselves"),
            "always the last": ([4, 4, 4, 4, 4], "not every one attends"),
            "four": ([4, 3, 2, 1], "the shape is (4,), should be (5,)"),
        },
        unusual={
            "a tuple": (4, 3, 2, 1, 0),
            "an array": 9 - np.arange(5, 10),
            "floats": [4.0, 3.0, 2.0, 1.0, 0.0],
        },
    ),
    "induction_score": Bank(
        wrong={
            "the copies": (partial(score, shift=0), "look one position after them"),
            "before": (partial(score, shift=-1), "the score is 0."),
            "everywhere": (partial(score, everywhere=True), "you average over all positions"),
            "the latest": (latest, "only the latest copy"),
            "sum": (partial(score, average=np.sum), "never average"),
            "largest": (partial(score, average=max), "the score is"),
            "no return": (lambda A, tokens: None, "returns nothing"),
        },
        unusual={
            "loops": score,
            "matrices": by_matrices,
            "an array": lambda A, tokens: np.array(score(A, tokens.tolist())),
        },
    ),
    "vote": Bank(
        wrong={
            "counts": (counts, "divide by their sum"),
            "the first": (partial(vote, which=slice(1)), "only the first copy votes"),
            "the latest": (partial(vote, which=slice(-1, None)), "only the latest copy votes"),
            "no default": (without_a_default, "all tokens are equally likely"),
            "all tokens": (
                lambda tokens, size: np.bincount(tokens, minlength=size) / len(tokens),
                "whatever they followed",
            ),
            "majority": (majority, "only the first copy votes"),
            "one token": (lambda tokens, size: int(tokens[-1]), "the shape is ()"),
            "uniform": (lambda tokens, size: np.full(size, 1 / size), "should be 0.67"),
        },
        unusual={
            "a count": vote,
            "a list": lambda tokens, size: vote(tokens, size).tolist(),
            "a matrix of pairs": lambda tokens, size: vote(np.array(tokens), size) * 1.0,
        },
    ),
    "mean_ablated": Bank(
        wrong={
            "coordinates": (
                lambda o: np.broadcast_to(o.mean(axis=-1, keepdims=True), o.shape),
                "you average the numbers of each vector",
            ),
            "alone": (lambda o: o.mean(axis=(0, 1)), "put it at every position"),
            "one number": (lambda o: np.full(o.shape, o.mean()), "all is one number"),
            "rows": (
                lambda o: 0 * o + o.mean(axis=1, keepdims=True),
                "each row keeps its own average",
            ),
            "positions": (
                lambda o: 0 * o + o.mean(axis=0, keepdims=True),
                "each position keeps its own average",
            ),
            "zero": (np.zeros_like, "this is zero ablation"),
            "subtracted": (lambda o: o - o.mean(axis=(0, 1)), "you subtract the average"),
            "median": (lambda o: 0 * o + np.median(o, axis=(0, 1)), "not the average over batch"),
        },
        unusual={
            "broadcast": lambda o: np.broadcast_to(o.mean(axis=(0, 1)), o.shape),
            "two means": lambda o: o * 0 + o.mean(axis=0).mean(axis=0),
            "a list": lambda o: np.tile(o.mean(axis=(0, 1)), (*o.shape[:2], 1)).tolist(),
        },
    ),
    "effect": Bank(
        wrong={
            "no controls": (
                lambda i, a, c: ((a - i).mean(), (a - i).std(ddof=1) / len(i) ** 0.5),
                "you compare with the intact model only",
            ),
            "sign": (lambda i, a, c: (-paired(i, a, c)[0], paired(i, a, c)[1]), "the sign is"),
            "strongest": (lambda i, a, c: ((a - c.max(axis=0)).mean(), 0.1), "strongest control"),
            "controls": (lambda i, a, c: ((c - i).mean(), 0.1), "you return the controls"),
            "deviation": (
                lambda i, a, c: (paired(i, a, c)[0], (a - c.mean(axis=0)).std(ddof=1)),
                "that is the standard deviation",
            ),
            "ddof": (
                lambda i, a, c: (paired(i, a, c)[0], (a - c.mean(0)).std() / len(i) ** 0.5),
                "use ddof=1",
            ),
            "unpaired": (unpaired, "taken seed by seed"),
            "one number": (lambda i, a, c: paired(i, a, c)[0], "two numbers are asked for"),
        },
        unusual={
            "without the intact loss": paired,
            "an array": lambda i, a, c: np.array(paired(i, a, c)),
            "the mean of all differences": lambda i, a, c: (
                (a - c).mean(),
                np.sqrt((a - c).mean(axis=0).var(ddof=1) / len(a)),
            ),
        },
    ),
    "contributions": Bank(
        wrong={
            "values": (
                lambda A, v, W: A * np.linalg.norm(v, axis=1),
                "you take the lengths of the values",
            ),
            "rows": (
                lambda A, v, W: A * np.linalg.norm(v @ W.T, axis=1)[:, None],
                "so with the columns",
            ),
            "squares": (lambda A, v, W: A * ((v @ W.T) ** 2).sum(axis=1), "the squares"),
            "no weights": (
                lambda A, v, W: np.tile(np.linalg.norm(v @ W.T, axis=1), (len(A), 1)),
                "you leave the attention weights out",
            ),
            "sums": (
                lambda A, v, W: np.linalg.norm(A @ v @ W.T, axis=1),
                "the length of each sum",
            ),
            "weights": (lambda A, v, W: A.copy(), "the attention weights alone"),
            "no return": (lambda A, v, W: None, "returns nothing"),
        },
        unusual={
            "lengths": all_lengths,
            "vectors": by_vectors,
            "a Gram matrix": lambda A, v, W: A * np.sqrt(np.diag(v @ (W.T @ W) @ v.T)),
        },
    ),
}
