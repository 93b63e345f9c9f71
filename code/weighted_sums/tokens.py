"""Text as whole numbers: a number for each character, or for pieces that merges have grown."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from jaxtyping import Int

from weighted_sums.merging import Pair, bytes_of, cut, merge_by_rank

Tokens = Sequence[int | np.integer] | Int[np.ndarray, " place"]

BYTES = 256
# a word or a run of signs, with the space before it; what is left is other white space
WORDS = re.compile(r" ?\w+| ?[^\w\s]+|\s+(?!\S)|\s+")


@dataclass(frozen=True)
class CharTokenizer:
    """A token for each character of an alphabet, numbered in the order of the alphabet."""

    alphabet: str

    def __post_init__(self) -> None:
        if not self.alphabet or len(set(self.alphabet)) < len(self.alphabet):
            raise ValueError("an alphabet needs characters, each of them once")

    @classmethod
    def of(cls, text: str) -> CharTokenizer:
        """Return the characters that occur in `text`, in the order of Unicode."""
        return cls("".join(sorted(set(text))))

    @property
    def vocabulary(self) -> int:
        """How many tokens there are."""
        return len(self.alphabet)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {character: token for token, character in enumerate(self.alphabet)}

    def encode(self, text: str) -> Int[np.ndarray, " place"]:
        """Return the tokens of `text`; ValueError names characters the alphabet lacks."""
        try:
            return np.array([self._numbers[character] for character in text], dtype=np.int64)
        except KeyError:
            unknown = sorted(set(text) - set(self.alphabet))
            raise ValueError(f"no tokens for the characters {unknown}") from None

    def decode(self, tokens: Tokens) -> str:
        """Return the text of `tokens`; ValueError names a token that there is not."""
        return "".join(self.alphabet[token] for token in known(tokens, self.vocabulary))


@dataclass(frozen=True)
class BPETokenizer:
    """Byte-pair encoding: the 256 bytes, and for each merge a token that stands for a pair.

    Merge number i makes the token 256 + i of two earlier ones. Every text has bytes (UTF-8), so
    every text has tokens. The `specials`, texts that mark a beginning or an end, have tokens of
    their own behind the others, and are never cut or merged. Sources: Gage (1994); Sennrich, Haddow
    and Birch (2016).
    """

    merges: tuple[Pair, ...]
    specials: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if "" in self.specials or len(set(self.specials)) < len(self.specials):
            raise ValueError(f"special tokens are texts, each of them once, not {self.specials}")
        for i, pair in enumerate(self.merges):
            if not all(0 <= token < BYTES + i for token in pair):
                raise ValueError(f"merge {i} joins {pair}, but there are {BYTES + i} tokens so far")

    @classmethod
    def learn(cls, text: str, count: int, specials: Sequence[str] = ()) -> BPETokenizer:
        """Merge the most frequent pair of neighbours, `count` times or until no pair is left.

        Pairs are counted within words, a word with the space before it; among equally frequent
        pairs the one with the smaller tokens goes first. Nothing is learnt from the `specials`.
        """
        found = Counter(word for part in cut(text, specials)[::2] for word in WORDS.findall(part))
        words = [list(bytes_of(word)) for word in found]
        state = _Pairs(words, list(found.values()))
        merges = []
        while len(merges) < count and (pair := state.most_frequent()) is not None:
            state.merge(pair, BYTES + len(merges))
            merges.append(pair)
        return cls(tuple(merges), tuple(specials))

    @property
    def vocabulary(self) -> int:
        """How many tokens there are."""
        return BYTES + len(self.merges) + len(self.specials)

    @cached_property
    def pieces(self) -> list[bytes]:
        """The bytes that each token stands for."""
        pieces = [bytes([byte]) for byte in range(BYTES)]
        for first, second in self.merges:
            pieces.append(pieces[first] + pieces[second])
        return pieces + [bytes_of(special) for special in self.specials]

    @cached_property
    def _ranks(self) -> dict[Pair, tuple[int, int]]:
        return {pair: (rank, BYTES + rank) for rank, pair in enumerate(self.merges)}

    def encode(self, text: str) -> Int[np.ndarray, " place"]:
        """Return the tokens of `text`: in every word, the merges in the order they were learnt.

        Special tokens in it become their own numbers. ValueError for half a character.
        """
        bytes_of(text)  # names the place of half a character in the whole text
        special = {one: BYTES + len(self.merges) + i for i, one in enumerate(self.specials)}
        words: list[str] = []
        for i, part in enumerate(cut(text, self.specials)):
            words += [part] if i % 2 else WORDS.findall(part)
        known = {
            word: [special[word]] if word in special else merge_by_rank(bytes_of(word), self._ranks)
            for word in set(words)
        }
        return np.array([token for word in words for token in known[word]], dtype=np.int64)

    def decode(self, tokens: Tokens) -> str:
        """Return the text of `tokens`; bytes that are no whole character become `�`."""
        pieces = [self.pieces[token] for token in known(tokens, self.vocabulary)]
        return b"".join(pieces).decode(errors="replace")


def merged(tokens: Sequence[int], pair: Pair, new: int) -> list[int]:
    """Replace each `pair` of neighbours by the token `new`, from left to right."""
    found: list[int] = []
    i = 0
    while i < len(tokens):
        joined = tuple(tokens[i : i + 2]) == pair
        found.append(new if joined else tokens[i])
        i += 2 if joined else 1
    return found


class _Pairs:
    """Counts of all pairs, kept right while words change: a merge touches few of them."""

    def __init__(self, words: list[list[int]], times: list[int]) -> None:
        self.words, self.times = words, times
        self.counts: Counter[Pair] = Counter()
        self.where: defaultdict[Pair, set[int]] = defaultdict(set)
        for i in range(len(words)):
            self._count(i, 1)

    def _count(self, i: int, sign: int) -> None:
        for pair in pairwise(self.words[i]):
            self.counts[pair] += sign * self.times[i]
            self.where[pair].add(i)

    def most_frequent(self) -> Pair | None:
        """The pair to merge next; None when every word is one token."""
        best = min(self.counts, key=lambda pair: (-self.counts[pair], pair), default=None)
        return best if best and self.counts[best] > 0 else None

    def merge(self, pair: Pair, new: int) -> None:
        """Merge `pair` in the words that hold it."""
        for i in self.where.pop(pair):
            self._count(i, -1)
            self.words[i] = merged(self.words[i], pair, new)
            self._count(i, 1)
        del self.counts[pair]


def known(tokens: Tokens, vocabulary: int) -> list[int]:
    """Return `tokens` as numbers of Python; ValueError names one that there is not."""
    found = np.asarray(tokens)
    if found.size and found.dtype.kind not in "iu":
        raise ValueError(f"tokens are whole numbers, not {found.dtype}")
    for token in found.tolist():
        if not 0 <= token < vocabulary:
            raise ValueError(f"there is no token {token}, only 0 to {vocabulary - 1}")
    return found.tolist()
