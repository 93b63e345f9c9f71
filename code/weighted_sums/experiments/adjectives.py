"""Does a head let nouns look at their adjectives? A question to every head of an encoder.

Looking at the adjective is easily confused with looking one or two places back, since that is where
English puts it. So each noun's share is held against that of the other words, as far back.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from jaxtyping import Float

from weighted_sums.experiments.senses import EncoderModel
from weighted_sums.pretrained import minilm

Row = dict[str, Any]

# a noun and the adjectives that belong to it, in parentheses, all of them single pieces
SENTENCES = (
    ("A soft blue animal crossed the dark forest.", ("animal soft blue", "forest dark")),
    ("The old man sold his large house.", ("man old", "house large")),
    ("She wore a long red coat and black shoes.", ("coat long red", "shoes black")),
    ("Cold water ran over the smooth grey stones.", ("water cold", "stones smooth grey")),
    ("The young teacher told a short story.", ("teacher young", "story short")),
    ("We ate fresh bread with yellow butter.", ("bread fresh", "butter yellow")),
)


def adjective_scores(reader: EncoderModel) -> list[Row]:
    """For every head: how much nouns look at their adjectives, and others at words as far back.

    `previous_token` and `next_token` are what a place gives to its neighbours on average.
    """
    found = [_of_sentence(sentence, pairs, reader) for sentence, pairs in SENTENCES]
    means = np.mean(found, axis=0)
    names = ("adjective", "others", "previous_token", "next_token")
    return [
        {"layer": layer, "head": head, **{n: f"{x:.4f}" for n, x in zip(names, row, strict=True)}}
        for layer, heads in enumerate(means)
        for head, row in enumerate(heads)
    ]


def _of_sentence(
    sentence: str, pairs: tuple[str, ...], reader: EncoderModel
) -> Float[np.ndarray, "layer head score"]:
    model, words = reader
    tokens = words.encode(sentence)
    places = {words.pieces[token]: place for place, token in enumerate(tokens)}
    patterns = np.array(minilm.hidden_states(tokens, model)[1])
    asked = [(noun, *rest) for noun, *rest in map(str.split, pairs)]
    at = [(places[noun], places[one]) for noun, *rest in asked for one in rest]
    backs = [(q, q - (noun - key)) for noun, key in at for q in range(2, len(tokens) - 1)]
    others = [(q, k) for q, k in backs if k > 0 and (q, k) not in at]
    after = [*pairwise(range(1, len(tokens) - 1))]
    before = [(k, q) for q, k in after]

    def share(pairs: list[tuple[int, int]]) -> np.ndarray:
        queries, keys = zip(*pairs, strict=True)
        return patterns[:, :, queries, keys].mean(axis=-1)

    return np.stack([share(at), share(others), share(before), share(after)], axis=-1)
