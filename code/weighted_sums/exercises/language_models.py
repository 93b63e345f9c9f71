"""Checks for the exercises of the chapter on language models."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np

from weighted_sums.cross_entropy import softmax
from weighted_sums.exercises import require
from weighted_sums.tokens import BytePairs

TRIALS = 30


def hardness(answer) -> str:
    """`hardness(shares)` is the perplexity of a model that gave these shares to what came."""
    rng = np.random.default_rng(0)
    for k in (2, 103):
        found = _number(answer(np.full(7, 1 / k)))
        require(
            np.isclose(found, k),
            f"whoever chooses among {k} equally likely characters has perplexity {k}, "
            f"yours is {found:.4g}",
        )
    for _ in range(TRIALS):
        shares = rng.uniform(0.01, 1, size=rng.integers(2, 9))
        found, surprise = _number(answer(shares)), -np.log(shares).mean()
        where = f"for the shares {shares.round(3).tolist()}"
        require(
            not np.isclose(found, surprise),
            f"{where} you return the average surprise; the logarithm is still to be undone",
        )
        require(
            not np.isclose(found, (1 / shares).mean()),
            f"{where} you average 1/share; a single small share then counts for too much",
        )
        require(
            not np.isclose(found, 1 / shares.mean()),
            f"{where} you average the shares; average the surprises, −ln share",
        )
        require(
            np.isclose(found, np.exp(surprise)),
            f"{where} the perplexity is {np.exp(surprise):.4f}, yours is {found:.4f}",
        )
    return f"for uniform guesses and {TRIALS} random lists of shares"


def best_pair(answer) -> str:
    """`best_pair(words)` is the most frequent pair within words, the smallest among equals."""
    rng = np.random.default_rng(1)
    across = [[5, 1], [2, 5], [5, 1], [2, 6], [7, 1], [2, 8], [5, 5]]
    trials = [across, *(_random_words(rng) for _ in range(TRIALS))]
    for words in trials:
        counts = Counter(pair for word in words for pair in pairwise(word))
        wanted = min(counts, key=lambda pair: (-counts[pair], pair))
        found = _pair(answer([list(word) for word in words]), words)
        row = [token for word in words for token in word]
        require(
            found in counts,
            f"in {words} no word holds {found}: it reaches from one word into the next"
            if found in set(pairwise(row))
            else f"{found} does not occur in {words}",
        )
        require(
            counts[found] == counts[wanted],
            f"in {words} the pair {found} occurs {counts[found]} times, "
            f"but {wanted} occurs {counts[wanted]} times",
        )
        require(
            found == wanted,
            f"in {words} both {found} and {wanted} occur {counts[wanted]} times; "
            f"take the smallest, {wanted}",
        )
    return f"for {len(trials)} lists of words, with and without equals"


def print_text(answer) -> str:
    """`print_text(pieces, row)` is the text of tokens that may be parts of characters."""
    pairs = BytePairs.learn("the other three", 4)
    for text in ("the tree", "naïve", "中文", "🙂 the 🙃", ""):
        row = pairs.encode(text).tolist()
        found = answer(pairs.pieces, row)
        require(
            not isinstance(found, bytes), "you return bytes; at the end they must become a string"
        )
        require(
            found == text,
            f"the tokens {row} are the text {text!r}, yours is {found!r}; a character may be "
            "spread over several tokens",
        )
    return "also where a character is spread over several tokens"


def scores(answer) -> str:
    """`scores` is three numbers whose softmax is 0.6, 0.3, 0.1."""
    given = np.asarray(answer, dtype=float)
    require(given.shape == (3,), f"three scores are asked for, yours have shape {given.shape}")
    shares, wanted = softmax(given), np.array([0.6, 0.3, 0.1])
    require(
        not np.allclose(given, wanted),
        f"these are the shares themselves; softmax makes them {shares.round(3).tolist()}",
    )
    require(
        np.allclose(shares, wanted, atol=1e-3),
        f"the softmax of your scores is {shares.round(3).tolist()}, "
        f"the best shares are {wanted.tolist()}",
    )
    return "their softmax is 0.6, 0.3, 0.1"


def per_character(answer) -> str:
    """`per_character(perplexity, tokens, characters)` is the perplexity in characters."""
    rng = np.random.default_rng(2)
    found = _number(answer(9.0, 10, 20))
    require(
        np.isclose(found, 3),
        "if each token holds two characters and has perplexity 9, a character has 3, because "
        f"3 · 3 = 9; yours is {found:.4g}",
    )
    for _ in range(TRIALS):
        perplexity, tokens = rng.uniform(1, 50), int(rng.integers(1, 100))
        characters = tokens + int(rng.integers(0, 300))
        found = _number(answer(perplexity, tokens, characters))
        wanted = perplexity ** (tokens / characters)
        require(
            np.isclose(found, wanted),
            f"perplexity {perplexity:.2f} per token, {tokens} tokens for {characters} characters: "
            f"that is {wanted:.4f} per character, yours is {found:.4f}",
        )
    return f"for {TRIALS} texts"


def _random_words(rng) -> list[list[int]]:
    words = [rng.integers(4, size=rng.integers(1, 6)).tolist() for _ in range(rng.integers(2, 7))]
    return [*words, [int(rng.integers(4)), int(rng.integers(4))]]


def _number(found) -> float:
    require(np.ndim(found) == 0, f"one number is asked for, yours has shape {np.shape(found)}")
    return float(found)


def _pair(found, words) -> tuple:
    require(
        isinstance(found, tuple | list) and len(found) == 2,
        f"for {words} a pair of tokens is asked for, not {found!r}",
    )
    return tuple(found)
