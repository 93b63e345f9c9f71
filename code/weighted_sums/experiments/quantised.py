"""What four bits a weight cost: an encoder whose matrices are rounded as the file of SmolLM2 is.

MiniLM's weights are here in float32, so the quantised model can be compared with the exact one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float

from weighted_sums.experiments.senses import EncoderModel
from weighted_sums.pretrained import minilm
from weighted_sums.quantisation import rounded

SENTENCES = (
    "The cat sat on the mat.",
    "A kitten was sitting on a rug.",
    "The bank raised its interest rate.",
    "They rested on the bank of the river.",
    "Water is made of hydrogen and oxygen.",
    "The capital of France is Paris.",
    "He plays the piano every evening.",
    "Gradient descent follows the negative gradient.",
)


def compare(
    model: EncoderModel, bits: tuple[int, ...] = (8, 6, 5, 4, 3, 2)
) -> list[dict[str, Any]]:
    """Return how far sentence vectors move, and whether the nearest sentence stays the same."""
    encoder, tokenizer = model
    exact = _sentences(encoder, tokenizer)
    rows = []
    for width in bits:
        found = _sentences(rounded(encoder, width), tokenizer)
        cosines, changes = (exact * found).sum(axis=1), np.abs(found @ found.T - exact @ exact.T)
        same = (_nearest(found) == _nearest(exact)).sum()
        rows.append({
            "bits": width, "lowest_cosine": f"{cosines.min():.4f}",
            "mean_cosine": f"{cosines.mean():.4f}", "largest_change": f"{changes.max():.4f}",
            "same_nearest": int(same), "sentences": len(SENTENCES),
        })  # fmt: skip
    return rows


def _sentences(encoder: minilm.Encoder, tokenizer: Any) -> Float[np.ndarray, "example d_model"]:
    vectors = np.array([
        minilm.hidden_states(encoder, tokenizer.encode(text)).streams[-1].mean(axis=0)
        for text in SENTENCES
    ])  # fmt: skip
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _nearest(vectors: Float[np.ndarray, "example d_model"]) -> np.ndarray:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    return cosines.argmax(axis=1)
