"""Answers to the exercises on language models."""

import math
from collections import Counter
from functools import reduce
from itertools import pairwise

import numpy as np

from banks import Bank


def pairs_in(words):
    return [pair for word in words for pair in pairwise(word)]


def joined(words):
    return [[token for word in words for token in word]]


def leader(pairs):
    """The most frequent pair, and the smallest in a tie."""
    return max(sorted(pairs), key=pairs.count)


def without_overlap(words):
    """Count each pair as often as a merge would replace it: `3 3 3` contains one."""
    counts = Counter()
    for word in words:
        taken = {}
        for i, pair in enumerate(pairwise(word)):
            if taken.get(pair) != i - 1 or pair[0] != pair[1]:
                counts[pair] += 1
                taken[pair] = i
    return min(counts, key=lambda pair: (-counts[pair], pair))


class Printer:
    """Keep the bytes of characters that are not complete yet."""

    def __call__(self, pieces, row):
        text, waiting = "", b""
        for token in row:
            waiting += pieces[token]
            try:
                text, waiting = text + waiting.decode(), b""
            except UnicodeDecodeError:
                continue
        return text


def forgets_to_return(*given):
    sum(map(len, given[:1]))


def visited(follows, first):
    row, token = [], first
    while token not in row:
        row.append(token)
        token = follows[token]
    return row, row.index(token)


def cycle(follows, first):
    row, begin = visited(follows, first)
    return len(row) - begin


def tortoise_and_hare(follows, first):
    slow, fast = follows[first], follows[follows[first]]
    while slow != fast:
        slow, fast = follows[slow], follows[follows[fast]]
    steps, fast = 1, follows[slow]
    while slow != fast:
        steps, fast = steps + 1, follows[fast]
    return steps


def after_many(follows, first):
    for _ in range(len(follows)):
        first = follows[first]
    return cycle(follows, first)


BANK = {
    "hardness": Bank(
        wrong={
            "average loss": (lambda p: -np.mean(np.log(p)), "loss; undo the logarithm"),
            "log2 undone by exp": (lambda p: np.exp(-np.mean(np.log2(p))), "need the same base"),
            "1 / average": (lambda p: 1 / np.mean(p), "you average the probabilities"),
            "average of 1 / p": (lambda p: np.mean(1 / p), "you average 1/p;"),
            "not averaged": (lambda p: 1 / p, "one number is asked for"),
            "first character only": (lambda p: np.exp(-np.log(p[0])), "the perplexity is"),
            "sum, not average": (lambda p: np.exp(-np.log(p).sum()), "you add up the losses"),
            "without the minus": (lambda p: np.exp(np.log(p).mean()), "forgot the minus sign"),
            "entropy": (lambda p: np.exp(-(p * np.log(p)).sum()), "weight each loss by its"),
            "no return": (forgets_to_return, "is `return` missing?"),
        },
        unusual={
            "root of the product": lambda p: float(np.prod(p)) ** (-1 / len(p)),
            "base two": lambda p: 2 ** np.mean(-np.log2(p)),
            "scalars one by one": lambda p: math.exp(sum(-math.log(x) for x in p) / len(p)),
            "an array without axes": lambda p: np.array(np.exp(-np.log(p).mean())),
            "as float32": lambda p: np.exp(-np.log(p.astype(np.float32)).mean()),
        },
    ),
    "best_pair": Bank(
        wrong={
            "across words": (lambda w: leader(pairs_in(joined(w))), "from one word into the next"),
            "first in a tie": (
                lambda w: max(pairs_in(w), key=pairs_in(w).count),
                "take the smallest",
            ),
            "smallest of all": (lambda w: min(pairs_in(w)), "the count of (2, 5) is 1"),
            "least frequent": (
                lambda w: min(sorted(pairs_in(w)), key=pairs_in(w).count),
                "you return the rarest pair",
            ),
            "once per word": (
                lambda w: leader([pair for word in w for pair in set(pairwise(word))]),
                "you count a pair once per word",
            ),
            "order forgotten": (
                lambda w: leader([tuple(sorted(pair)) for pair in pairs_in(w)]),
                "as one pair; order matters",
            ),
            "a list": (lambda w: Counter(pairs_in(w)).most_common(1), "a pair of tokens is asked"),
            "with its count": (
                lambda w: Counter(pairs_in(w)).most_common(1)[0],
                "only the pair is asked for",
            ),
            "made up": (lambda w: (9, 9), "does not occur"),
            "no return": (forgets_to_return, "a pair of tokens is asked for"),
        },
        unusual={
            "the smallest of negative counts": lambda w: min(
                (-n, pair) for pair, n in Counter(pairs_in(w)).items()
            )[1],
            "sorted, then the first longest": lambda w: leader(pairs_in(w)),
            "as merges would take them": without_overlap,
            "an array": lambda w: np.array(leader(pairs_in(w))),
            "a list": lambda w: list(leader(pairs_in(w))),
        },
    ),
    "print_text": Bank(
        wrong={
            "token by token, replaced": (
                lambda p, row: "".join(p[t].decode(errors="replace") for t in row),
                "may need several tokens",
            ),
            "token by token, ignored": (
                lambda p, row: "".join(p[t].decode(errors="ignore") for t in row),
                "may need several tokens",
            ),
            "token by token, strict": (
                lambda p, row: "".join(p[t].decode() for t in row),
                "stopped with UnicodeDecodeError",
            ),
            "still bytes": (
                lambda p, row: b"".join(p[t] for t in row),
                "you return bytes",
            ),
            "str of bytes": (
                lambda p, row: str(b"".join(p[t] for t in row)),
                "str() prints bytes as Python writes them",
            ),
            "latin-1": (
                lambda p, row: b"".join(p[t] for t in row).decode("latin-1"),
                "each byte became a character",
            ),
            "chr of tokens": (lambda p, row: "".join(map(chr, row)), "look it up in pieces"),
            "a list of pieces": (
                lambda p, row: [p[t] for t in row],
                "asked for, not list",
            ),
            "no return": (forgets_to_return, "not NoneType"),
        },
        unusual={
            "strict, in the whole": lambda p, row: b"".join(p[t] for t in row).decode(),
            "str with an encoding": lambda p, row: str(b"".join(map(p.__getitem__, row)), "utf-8"),
            "waits for whole characters": Printer(),
            "added up": lambda p, row: reduce(lambda a, t: a + p[t], row, b"").decode(),
        },
    ),
    "scores": Bank(
        wrong={
            "counts": (np.array([6.0, 3.0, 1.0]), "these are the counts"),
            "probabilities": (np.array([0.6, 0.3, 0.1]), "the probabilities themselves"),
            "only two": (np.array([6.0, 3.0]), "three logits"),
            "base ten": (np.log10([6.0, 3.0, 1.0]), "logarithms to base 10"),
            "base two": (np.log2([0.6, 0.3, 0.1]), "logarithms to base 2"),
            "losses": (-np.log([0.6, 0.3, 0.1]), "a logit must grow with its probability"),
            "reversed": (np.log([1.0, 3.0, 6.0]), "your logits are reversed"),
            "rounded to tenths": ([1.8, 1.1, 0.0], "the softmax of your logits"),
            "a column": (np.log([[6.0], [3.0], [1.0]]), "yours have shape (3, 1)"),
        },
        unusual={
            "logarithms of counts": np.log([6.0, 3.0, 1.0]),
            "logarithms of probabilities": np.log([0.6, 0.3, 0.1]),
            "a list, moved by five": [1.7918 + 5, 1.0986 + 5, 5],
            "float32, far up": np.log(np.array([6, 3, 1], np.float32)) + 100,
        },
    ),
    "per_character": Bank(
        wrong={
            "divided": (lambda p, m, n: p * m / n, "because 3 · 3 = 9"),
            "upside down": (lambda p, m, n: p ** (n / m), "exponent is upside down"),
            "two characters always": (lambda p, m, n: p**0.5, "per character, yours is"),
            "the loss": (lambda p, m, n: np.log(p) * m / n, "undo the logarithm"),
            "perplexity as loss": (
                lambda p, m, n: np.exp(p * m / n),
                "a perplexity is not a loss",
            ),
            "rounded exponent": (lambda p, m, n: p ** (m // n), "exponent is rounded by //"),
            "rounded length": (
                lambda p, m, n: p ** (1 / (n // m)),
                "characters per token are rounded",
            ),
            "no return": (lambda p, m, n: None, "is `return` missing?"),
        },
        unusual={
            "through logarithms": lambda p, m, n: np.exp(np.log(p) * m / n),
            "base two": lambda p, m, n: 2 ** (m * math.log2(p) / n),
            "as float32": lambda p, m, n: np.float32(p) ** np.float32(m / n),
        },
    ),
    "mixed": Bank(
        wrong={
            "counted": ([4 / 6, 2 / 6, 0], "mix in the shorter context"),
            "all three": ([4.75 / 9, 2.75 / 9, 1.5 / 9], "2, not of all three"),
            "occurrences": ([5.5 / 12, 3.5 / 12, 3 / 12], "not how often the context occurred"),
            "weight one": ([4.25 / 7, 2.25 / 7, 0.5 / 7], "the weight t = 2"),
            "not divided": ([4.5, 2.5, 1], "you forgot to divide"),
            "by c": ([0.75, 2.5 / 6, 1 / 6], "you divide by c alone"),
            "shorter": ([0.25, 0.25, 0.5], "the shorter context alone"),
            "two": ([0.5625, 0.3125], "the shape is (2,), should be (3,)"),
        },
        unusual={
            "fractions": [9 / 16, 5 / 16, 2 / 16],
            "an array": (np.array([4, 2, 0]) + np.array([0.5, 0.5, 1.0])) / 8,
            "a mixture": tuple(
                0.75 * f + 0.25 * p
                for f, p in zip([4 / 6, 2 / 6, 0], [0.25, 0.25, 0.5], strict=True)
            ),
        },
    ),
    "cycle": Bank(
        wrong={
            "can occur": (lambda f, first: len(set(f)), "you count the tokens that can occur"),
            "all visited": (lambda f, first: len(visited(f, first)[0]), "the beginning too"),
            "beginning": (lambda f, first: visited(f, first)[1], "its length is asked for"),
            "one too many": (lambda f, first: cycle(f, first) + 1, "one token too many"),
            "vocabulary": (lambda f, first: len(f) + 0 * first, "the beginning too"),
            "always one": (lambda f, first: 1, "repeats itself after"),
            "no return": (lambda f, first: None, "returns nothing"),
        },
        unusual={
            "steps": cycle,
            "two pointers": tortoise_and_hare,
            "from far on": after_many,
        },
    ),
}
