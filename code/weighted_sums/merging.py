"""Merging neighbours by rank, and cutting a text at pieces that stand for themselves."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from heapq import heapify, heappop, heappush
from itertools import pairwise

Pair = tuple[int, int]


def bytes_of(text: str) -> bytes:
    """Return the bytes of `text` (UTF-8); ValueError names half a character, which has none."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        found = f"{text[error.start]!r}, half of a character, at {error.start}"
        raise ValueError(f"the text holds {found}") from None


def merge_by_rank(tokens: Collection[int], ranks: Mapping[Pair, tuple[int, int]]) -> list[int]:
    """Merge pairs of neighbours, those of the lowest rank first, until no pair has one.

    `ranks` holds for each pair its rank, of which no two are equal, and the token that stands for
    it. All pairs of a rank are merged, from left to right, before any that they give rise to. A
    heap finds the next pair, and links to the neighbours spare a copy of all tokens for each merge:
    n log n steps for n tokens.
    """
    token: list[int | None] = [*tokens, None]  # None ends the row, and stands for what was merged
    before, after = list(range(-1, len(token) - 1)), list(range(1, len(token) + 1))
    heap = [(ranks[pair][0], i) for i, pair in enumerate(pairwise(tokens)) if pair in ranks]
    heapify(heap)
    while heap:
        rank, touched = heap[0][0], []
        while heap and heap[0][0] == rank:
            i = heappop(heap)[1]
            found = ranks.get((token[i], token[after[i]])) if token[i] is not None else None
            if found is None or found[0] != rank:
                continue  # one of the two has been merged with another since
            gone = after[i]
            token[i], token[gone], after[i] = found[1], None, after[gone]
            before[after[i]] = i
            touched += [before[i], i]
        for i in touched:
            if i >= 0 and (found := ranks.get((token[i], token[after[i]]))):
                heappush(heap, (found[0], i))
    return [one for one in token if one is not None]


def cut(text: str, specials: Collection[str]) -> list[str]:
    """Cut `text` before and after each of the `specials`, of which the longest are found first."""
    if not specials:
        return [text]
    longest_first = sorted(specials, key=len, reverse=True)
    return re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
