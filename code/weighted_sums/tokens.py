"""Text as token ids: a token for each character, or for each piece that merges have built."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from jaxtyping import Int

from weighted_sums.merging import Pair, bytes_of, merge_by_rank, split_at

Tokens = Sequence[int | np.integer] | Int[np.ndarray, " position"]

BYTES = 256
# a word, or consecutive punctuation, with the space before it; then any other white space
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
        """Make a tokenizer for the characters that occur in `text`, in the order of Unicode."""
        return cls("".join(sorted(set(text))))

    @property
    def vocab_size(self) -> int:
        """Number of different tokens."""
        return len(self.alphabet)

    @cached_property
    def _token_ids(self) -> dict[str, int]:
        return {character: token for token, character in enumerate(self.alphabet)}

    def encode(self, text: str) -> Int[np.ndarray, " position"]:
        """Return the tokens of `text`; ValueError names characters that are not in the alphabet."""
        try:
            return np.array([self._token_ids[character] for character in text], dtype=np.int64)
        except KeyError:
            unknown = sorted(set(text) - set(self.alphabet))
            raise ValueError(f"no tokens for the characters {unknown}") from None

    def decode(self, tokens: Tokens) -> str:
        """Return the text of `tokens`; ValueError names a token that does not exist."""
        return "".join(self.alphabet[token] for token in token_ids(tokens, self.vocab_size))


@dataclass(frozen=True)
class BPETokenizer:
    """Byte-pair encoding: a token for each of the 256 bytes, and one for each merged pair.

    Merge i joins two earlier tokens into token 256 + i. Every text can be encoded, because every
    text has bytes (UTF-8). The `specials`, texts that mark a beginning or an end, come last in the
    vocabulary and are never split or merged. Sources: Gage (1994); Sennrich, Haddow and Birch
    (2016).
    """

    merges: tuple[Pair, ...]
    specials: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if "" in self.specials or len(set(self.specials)) < len(self.specials):
            raise ValueError(f"special tokens must be non-empty and distinct, not {self.specials}")
        for i, pair in enumerate(self.merges):
            if not all(0 <= token < BYTES + i for token in pair):
                raise ValueError(f"merge {i} joins {pair}, but only {BYTES + i} tokens exist")

    @classmethod
    def train(cls, text: str, n_merges: int, specials: Sequence[str] = ()) -> BPETokenizer:
        """Merge the most frequent pair of neighbours, `n_merges` times or until no pair is left.

        Pairs are counted within words, a word with the space before it; among equally frequent
        pairs the one with the smaller tokens goes first. No merge comes from the `specials`.
        """
        parts = split_at(text, specials)[::2]
        found = Counter(word for part in parts for word in WORDS.findall(part))
        words = [list(bytes_of(word)) for word in found]
        pairs = _PairCounts(words, list(found.values()))
        merges: list[Pair] = []
        while len(merges) < n_merges and (pair := pairs.most_frequent()) is not None:
            pairs.merge(pair, BYTES + len(merges))
            merges.append(pair)
        return cls(tuple(merges), tuple(specials))

    @property
    def vocab_size(self) -> int:
        """Number of different tokens."""
        return BYTES + len(self.merges) + len(self.specials)

    @cached_property
    def pieces(self) -> list[bytes]:
        """The bytes of each token."""
        pieces = [bytes([byte]) for byte in range(BYTES)]
        for first, second in self.merges:
            pieces.append(pieces[first] + pieces[second])
        return pieces + [bytes_of(special) for special in self.specials]

    @cached_property
    def _ranks(self) -> dict[Pair, tuple[int, int]]:
        return {pair: (rank, BYTES + rank) for rank, pair in enumerate(self.merges)}

    def encode(self, text: str) -> Int[np.ndarray, " position"]:
        """Return the tokens of `text`: each word's bytes, merged in the order of training.

        Special tokens in the text are encoded as such. ValueError for a lone surrogate.
        """
        bytes_of(text)  # names the index of a lone surrogate in the whole text
        ids = {one: BYTES + len(self.merges) + i for i, one in enumerate(self.specials)}
        words: list[str] = []
        for i, part in enumerate(split_at(text, self.specials)):
            words += [part] if i % 2 else WORDS.findall(part)
        encoded = {
            word: [ids[word]] if word in ids else merge_by_rank(bytes_of(word), self._ranks)
            for word in set(words)
        }
        return np.array([token for word in words for token in encoded[word]], dtype=np.int64)

    def decode(self, tokens: Tokens) -> str:
        """Return the text of `tokens`; bytes of an incomplete character become `�`."""
        pieces = [self.pieces[token] for token in token_ids(tokens, self.vocab_size)]
        return b"".join(pieces).decode(errors="replace")


def merged(tokens: Sequence[int], pair: Pair, new: int) -> list[int]:
    """Replace each `pair` of neighbours by the token `new`, from left to right."""
    result: list[int] = []
    i = 0
    while i < len(tokens):
        joined = tuple(tokens[i : i + 2]) == pair
        result.append(new if joined else tokens[i])
        i += 2 if joined else 1
    return result


class _PairCounts:
    """Counts of all pairs of neighbours, updated by each merge only where a word changes."""

    def __init__(self, words: list[list[int]], frequencies: list[int]) -> None:
        self.words, self.frequencies = words, frequencies
        self.counts: Counter[Pair] = Counter()
        self.words_with: defaultdict[Pair, set[int]] = defaultdict(set)
        for i in range(len(words)):
            self._count(i, 1)

    def _count(self, i: int, sign: int) -> None:
        for pair in pairwise(self.words[i]):
            self.counts[pair] += sign * self.frequencies[i]
            self.words_with[pair].add(i)

    def most_frequent(self) -> Pair | None:
        """Return the pair to merge next; None when every word is one token."""
        best = min(self.counts, key=lambda pair: (-self.counts[pair], pair), default=None)
        return best if best and self.counts[best] > 0 else None

    def merge(self, pair: Pair, new: int) -> None:
        """Merge `pair` in the words that contain it."""
        for i in self.words_with.pop(pair):
            self._count(i, -1)
            self.words[i] = merged(self.words[i], pair, new)
            self._count(i, 1)
        del self.counts[pair]


def token_ids(tokens: Tokens, vocab_size: int) -> list[int]:
    """Return `tokens` as Python integers; ValueError names one outside the vocabulary."""
    found = np.asarray(tokens)
    if found.size and found.dtype.kind not in "iu":
        raise ValueError(f"tokens must be whole numbers, not {found.dtype}")
    for token in found.tolist():
        if not 0 <= token < vocab_size:
            raise ValueError(f"there is no token {token}, only 0 to {vocab_size - 1}")
    return found.tolist()
