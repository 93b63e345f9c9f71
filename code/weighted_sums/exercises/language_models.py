"""Checks for the exercises of the chapter on language models."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np

from weighted_sums.exercises import called, diagnose, require, require_equal
from weighted_sums.softmax import softmax
from weighted_sums.tokens import BPETokenizer

TRIALS = 30


def hardness(answer) -> str:
    """`hardness(p)` is the perplexity of a model that gave these probabilities to the text."""
    rng = np.random.default_rng(0)
    trials = [rng.uniform(0.01, 1, size=rng.integers(3, 9)) for _ in range(TRIALS)]
    for p in [*trials, np.full(7, 1 / 2), np.full(7, 1 / 103)]:
        found, losses = _number(answer(p.copy())), -np.log(p)
        wanted = np.exp(losses.mean())
        require(np.isclose(found, wanted), diagnose(found, {
            "you return the average loss; undo the logarithm": losses.mean(),
            "exp does not undo log2; logarithm and power need the same base":
                np.exp(losses.mean() / np.log(2)),
            "you add up the losses; take their average": np.exp(losses.sum()),
            "the loss is −ln p; you forgot the minus sign": 1 / wanted,
            "you average 1/p; a single small p then counts for too much": (1 / p).mean(),
            "you average the probabilities; average the losses, −ln p": 1 / p.mean(),
            "you weight each loss by its probability, but every character of the text "
            "counts once": np.exp((p * losses).sum()),
        },
            f"for the probabilities {p.round(3).tolist()} the perplexity is {wanted:.4f}, "
            f"yours is {found:.4f}",
        ))  # fmt: skip
    return f"for {TRIALS} random lists of probabilities and uniform guesses"


def best_pair(answer) -> str:
    """`best_pair(words)` is the most frequent pair within words, the smallest in a tie."""
    rng = np.random.default_rng(1)
    given = [[5, 1], [2, 5], [5, 1], [2, 6], [7, 1], [2, 8], [5, 5]]
    trials = [given, *(_random_words(rng) for _ in range(TRIALS))]
    founds = [_pair(answer([list(word) for word in words]), words) for words in trials]
    wanteds = [_most_frequent(_pairs(words)) for words in trials]
    if founds != wanteds:
        error = diagnose(founds, _miscounts(trials))
        require(not error, error)
    for words, found, wanted in zip(trials, founds, wanteds, strict=True):
        counts = Counter(_pairs(words))
        across = set(pairwise([token for word in words for token in word])) - set(counts)
        require(found not in across, f"in {words} your {found} reaches from one word into the next")
        require(found in counts, f"{found} does not occur in {words}")
        require(
            counts[found] == counts[wanted],
            f"in {words} the count of {found} is {counts[found]}, that of {wanted} is "
            f"{counts[wanted]}",
        )
        require(
            found == wanted,
            f"in {words} both {found} and {wanted} occur {counts[wanted]} times; "
            f"take the smallest, {wanted}",
        )
    return f"for {len(trials)} lists of words, with and without ties"


def print_text(answer) -> str:
    """`print_text(pieces, row)` is the text of tokens that may be parts of characters."""
    pairs = BPETokenizer.train("the other three", 4)
    for text in ("the tree", "naïve", "中文", "🙂 the 🙃", ""):
        row = pairs.encode(text).tolist()
        found = answer(list(pairs.pieces), list(row))
        where = f"the tokens {row} are the text {text!r}, yours is {found!r}"
        whole = b"".join(pairs.pieces[token] for token in row)
        require(
            not isinstance(found, bytes), "you return bytes; at the end they must become a string"
        )
        require(isinstance(found, str), f"a string is asked for, not {type(found).__name__}")
        if found != text:
            for reason, value in {
                "str() prints bytes as Python writes them; decode them": str(whole),
                "each byte became a character; in UTF-8 a character may have several": (
                    whole.decode("latin-1")
                ),
                "a token is not a character's number; look it up in pieces": "".join(map(chr, row)),
            }.items():
                require(found != value, f"{where}: {reason}")
        require(found == text, f"{where}; a character may need several tokens")
    return "also where a character needs several tokens"


def scores(answer) -> str:
    """`scores` is three logits whose softmax is 0.6, 0.3, 0.1."""
    given = np.asarray(answer, dtype=float)
    require(given.shape == (3,), f"three logits are asked for, yours have shape {given.shape}")
    p, counts = softmax(given), np.array([6.0, 3.0, 1.0])
    wanted = counts / 10
    error = diagnose(p, {
        "these are the probabilities themselves; softmax will exponentiate them": softmax(wanted),
        "these are the counts; softmax will exponentiate them": softmax(counts),
        "these are logarithms to base 10; softmax uses powers of e": softmax(np.log10(counts)),
        "these are logarithms to base 2; softmax uses powers of e": softmax(np.log2(counts)),
        "these are losses, −ln p; a logit must grow with its probability":
            softmax(-np.log(counts)),
        "your logits are reversed; begin with that of a": wanted[::-1],
    })  # fmt: skip
    require(not error, error)
    require(
        np.allclose(p, wanted, atol=1e-3),
        f"the softmax of your logits is {p.round(3).tolist()}, "
        f"the best probabilities are {wanted.tolist()}",
    )
    return "their softmax is 0.6, 0.3, 0.1"


def per_character(answer) -> str:
    """`per_character(perplexity, tokens, characters)` is the perplexity in characters."""
    rng = np.random.default_rng(2)
    trials = [(9.0, 10, 20)]
    for _ in range(TRIALS):
        tokens = int(rng.integers(1, 100))
        trials.append((rng.uniform(1.1, 50), tokens, tokens + int(rng.integers(1, 300))))
    for perplexity, tokens, characters in trials:
        found = _number(answer(perplexity, tokens, characters))
        wanted = perplexity ** (tokens / characters)
        require(np.isclose(found, wanted), diagnose(found, {
            "you divide the perplexity; if a token of two characters has perplexity 9, a "
            "character has 3, because 3 · 3 = 9": perplexity * tokens / characters,
            "your exponent is upside down; a character is easier to predict than a token":
                perplexity ** (characters / tokens),
            "you return the loss per character; undo the logarithm": np.log(wanted),
            "a perplexity is not a loss; take its logarithm before you divide":
                np.exp(perplexity * tokens / characters),
            "your exponent is rounded by //; divide with /":
                perplexity ** (tokens // characters),
            "your characters per token are rounded by //; divide with /":
                perplexity ** (1 / (characters // tokens)),
        },
            f"perplexity {perplexity:.2f} per token, {tokens} tokens for {characters} "
            f"characters: that is {wanted:.4f} per character, yours is {found:.4f}",
        ))  # fmt: skip
    return f"for {len(trials)} texts"


def mixed(answer) -> str:
    """The probabilities of three characters, mixed with those of the shorter context."""
    counts, shorter = np.array([4, 2, 0]), np.array([0.25, 0.25, 0.5])
    require_equal(answer, (counts + 2 * shorter) / 8, "of a, b and c:", {
        "these are the counted probabilities; mix in the shorter context": counts / 6,
        "t is the number of different characters, 2, not of all three":
            (counts + 3 * shorter) / 9,
        "t is the number of different characters, not how often the context occurred":
            (counts + 6 * shorter) / 12,
        "the shorter context has the weight t = 2, not 1": (counts + shorter) / 7,
        "you forgot to divide by c + t = 8": counts + 2 * shorter,
        "you divide by c alone; the sum should be 1": (counts + 2 * shorter) / 6,
        "these are those of the shorter context alone": shorter,
    }, "c is 6 and t is 2 in the formula")  # fmt: skip
    return "and they add up to 1"


def cycle(answer) -> str:
    """`cycle(follows, first)` is the length of the cycle into which the text runs."""
    rng = np.random.default_rng(4)
    trials = [([1, 2, 0], 0), ([1, 2, 3, 2], 0), ([0, 0, 1], 2), ([3, 0, 1, 4, 2, 5], 0)]
    trials += [(rng.integers(n, size=n).tolist(), 0) for n in (5, 9, 30)]
    for follows, first in trials:
        found = called(answer, f"for follows = {follows}", list(follows), first)
        row, token = [], first
        while token not in row:
            row.append(token)
            token = follows[token]
        wanted = len(row) - row.index(token)
        require_equal(found, wanted, f"for follows = {follows} from token {first}", {
            "you count the tokens that can occur, not those that repeat": len(set(follows)),
            "you count the beginning too, which does not come back": len(row),
            "you return when the repetition begins; its length is asked for": row.index(token),
            "you count one token too many; the first is the same as the last": wanted + 1,
            "you count all tokens of the vocabulary": len(follows),
        }, f"the text repeats itself after {wanted} tokens, you say {found}")  # fmt: skip
    return f"for {len(trials)} tables"


def _random_words(rng) -> list[list[int]]:
    """Draw words without three equal tokens in a row, whose pairs could be counted in two ways."""
    words = [rng.integers(4, size=rng.integers(1, 6)).tolist() for _ in range(rng.integers(2, 7))]
    words = [w for w in words if all(w[i : i + 3] != [w[i]] * 3 for i in range(len(w)))]
    return [*words, [int(rng.integers(4)), int(rng.integers(4))]]


def _pairs(words) -> list[tuple]:
    return [pair for word in words for pair in pairwise(word)]


def _miscounts(trials) -> dict[str, list[tuple]]:
    once = [[pair for word in words for pair in set(pairwise(word))] for words in trials]
    unordered = [[tuple(sorted(pair)) for pair in _pairs(words)] for words in trials]
    rarest = [min(sorted(pairs), key=pairs.count) for pairs in map(_pairs, trials)]
    return {
        "you count a pair once per word; a word may contain it more often": [
            *map(_most_frequent, once)
        ],
        "you count (a, b) and (b, a) as one pair; order matters": [*map(_most_frequent, unordered)],
        "you return the rarest pair; the most frequent is asked for": rarest,
    }


def _most_frequent(pairs) -> tuple:
    return max(sorted(pairs), key=pairs.count)


def _number(found) -> float:
    require(found is not None, "one number is asked for, not None; is `return` missing?")
    require(np.ndim(found) == 0, f"one number is asked for, yours has shape {np.shape(found)}")
    return float(found)


def _pair(found, words) -> tuple:
    require(
        isinstance(found, tuple | list | np.ndarray) and len(found) == 2,
        f"for {words} a pair of tokens is asked for, not {found!r}",
    )
    require(
        np.ndim(found[0]) == 0,
        f"for {words} you return {found!r}, a pair and its count; only the pair is asked for",
    )
    return tuple(found)
