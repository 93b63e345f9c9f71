"""Byte-pair encoding: words, pairs and merges of any text."""

from collections import Counter
from itertools import pairwise

from golden import case
from weighted_sums.tokens import WORDS, BPETokenizer

TEXTS = [
    "banana bandana",
    "",
    "   \n\n",
    "人人为我，我为人人 ééé e\u0301 🍰🍰 naïve_x2 ½½ ٣٣ a\u00a0b\u2003\u3000c \x1c\x1d \ufeff z",
    "aaaa aaaa  aaaa\taaaa!!! ?! don't",
    "<b>& ]]> \\ \x00 \u2028",
]


def first(text):
    """The pair that is merged first and how often it occurs, counted anew."""
    counts = Counter(pair for word in WORDS.findall(text) for pair in pairwise(word.encode()))
    best = min(counts, key=lambda pair: (-counts[pair], pair), default=None)
    return [best, counts[best]] if best else None


def cases():
    return {
        "splitWords": [case(text, WORDS.findall(text)) for text in TEXTS],
        "train": [
            case({"text": text, "count": n}, BPETokenizer.train(text, n).merges)
            for text in TEXTS
            for n in (0, 1, 7, 60)
        ],
        "first": [case(text, first(text)) for text in TEXTS],
        "nextPairs": [
            case({"tokens": t, "pair": (1, 1)}, wanted)
            for t, wanted in (([1, 1, 1, 2, 1, 1], [0, 4]), ([1, 1, 1, 1], [0, 2]), ([1], []))
        ],
        "pieces": [case(m, [list(p) for p in BPETokenizer(m).pieces])
                   for m in (BPETokenizer.train(TEXTS[0], 5).merges, ())],
        "thereAndBack": [case({"text": text, "count": 20}, text) for text in TEXTS],
    }  # fmt: skip
