"""Merging neighbouring tokens by rank, and splitting a text at its special tokens."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from heapq import heapify, heappop, heappush
from itertools import pairwise

Pair = tuple[int, int]

NONE = -1  # no token: the end of the row, and a token that was merged into the one before it


def bytes_of(text: str) -> bytes:
    """Return the bytes of `text` (UTF-8); ValueError names a lone surrogate, which has none."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        found = f"{text[error.start]!r} at index {error.start}"
        raise ValueError(f"the text contains a lone surrogate, {found}") from None


def merge_by_rank(tokens: Collection[int], ranks: Mapping[Pair, tuple[int, int]]) -> list[int]:
    """Merge pairs of neighbours, those of the lowest rank first, until no pair has one.

    `ranks` maps each pair to its rank, which is unique, and to the token that replaces it. All
    pairs of one rank are merged, from left to right, before any pair that these merges create. A
    heap finds the next pair, and linked neighbours avoid copying the tokens at each merge:
    O(n log n) for n tokens.
    """
    token = [*tokens, NONE]
    before, after = list(range(-1, len(token) - 1)), list(range(1, len(token) + 1))
    heap = [(ranks[pair][0], i) for i, pair in enumerate(pairwise(tokens)) if pair in ranks]
    heapify(heap)
    while heap:
        rank, touched = heap[0][0], []
        while heap and heap[0][0] == rank:
            i = heappop(heap)[1]
            found = ranks.get((token[i], token[after[i]]))
            if found is None or found[0] != rank:
                continue  # one of the two has been merged with another since
            gone = after[i]
            token[i], token[gone], after[i] = found[1], NONE, after[gone]
            before[after[i]] = i
            touched += [before[i], i]
        for i in touched:
            if i >= 0 and (found := ranks.get((token[i], token[after[i]]))):
                heappush(heap, (found[0], i))
    return [one for one in token if one != NONE]


def split_at(text: str, specials: Collection[str]) -> list[str]:
    """Split `text` before and after each of the `specials`; longer ones are matched first."""
    if not specials:
        return [text]
    longest_first = sorted(specials, key=len, reverse=True)
    return re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
