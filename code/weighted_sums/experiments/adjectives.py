"""Does a head let nouns attend to their adjectives? A question to every head of an encoder.

A head that attends to adjectives is easily confused with one that attends one or two positions
back, since English puts adjectives there. So what each noun gives to its adjectives is compared
with what the other words give to the word at the same distance.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from jaxtyping import Float

from weighted_sums.experiments.senses import EncoderModel
from weighted_sums.pretrained import minilm

Row = dict[str, Any]

# a noun and the adjectives that belong to it, in parentheses, all of them single word pieces
SENTENCES = (
    ("A soft blue animal crossed the dark forest.", ("animal soft blue", "forest dark")),
    ("The old man sold his large house.", ("man old", "house large")),
    ("She wore a long red coat and black shoes.", ("coat long red", "shoes black")),
    ("Cold water ran over the smooth grey stones.", ("water cold", "stones smooth grey")),
    ("The young teacher told a short story.", ("teacher young", "story short")),
    ("We ate fresh bread with yellow butter.", ("bread fresh", "butter yellow")),
)


def adjective_scores(encoder: EncoderModel) -> list[Row]:
    """Return for every head the mean attention weight from nouns to their adjectives.

    `others` is that of all other words to the word at the same distance; `previous_token` and
    `next_token` are those of every position to its neighbours.
    """
    found = [_of_sentence(sentence, groups, encoder) for sentence, groups in SENTENCES]
    means = np.mean(found, axis=0)
    names = ("adjective", "others", "previous_token", "next_token")
    return [
        {"layer": layer, "head": head, **{n: f"{x:.4f}" for n, x in zip(names, row, strict=True)}}
        for layer, heads in enumerate(means)
        for head, row in enumerate(heads)
    ]


def _of_sentence(
    sentence: str, groups: tuple[str, ...], encoder: EncoderModel
) -> Float[np.ndarray, "layer head score"]:
    model, tokenizer = encoder
    tokens = tokenizer.encode(sentence)
    position_of = {tokenizer.pieces[token]: position for position, token in enumerate(tokens)}
    patterns = np.array(minilm.hidden_states(model, tokens).patterns)
    nouns = [(noun, *adjectives) for noun, *adjectives in map(str.split, groups)]
    pairs = [(position_of[n], position_of[a]) for n, *adjectives in nouns for a in adjectives]
    as_far = [(q, q - (noun - key)) for noun, key in pairs for q in range(2, len(tokens) - 1)]
    others = [(q, k) for q, k in as_far if k > 0 and (q, k) not in pairs]
    to_next = [*pairwise(range(1, len(tokens) - 1))]
    to_previous = [(k, q) for q, k in to_next]

    def mean_weight(pairs: list[tuple[int, int]]) -> np.ndarray:
        queries, keys = zip(*pairs, strict=True)
        return patterns[:, :, queries, keys].mean(axis=-1)

    return np.stack([mean_weight(p) for p in (pairs, others, to_previous, to_next)], axis=-1)
