"""Rounding to a few bits is wrong by half a step at most, and costs more the fewer they are."""

import numpy as np
import pytest

from weighted_sums import blocks
from weighted_sums.experiments import quantised
from weighted_sums.pretrained import minilm
from weighted_sums.pretrained.tokenizers import WordPieceTokenizer


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_no_weight_is_wrong_by_more_than_half_a_step(bits):
    weights = np.random.default_rng(0).normal(size=(6, 64)).astype("f4")
    found = quantised.quantise(weights, bits)
    steps = np.ptp(weights.reshape(-1, 32), axis=1) / (2**bits - 1)
    wrong = np.abs(found - weights).reshape(-1, 32).max(axis=1)
    assert (wrong <= 0.5 * steps + 4e-3).all()  # step and minimum are in half precision
    assert all(len(np.unique(block)) <= 2**bits for block in found.reshape(-1, 32))
    assert found.dtype == np.float32 and found.shape == weights.shape


def test_equal_weights_stay_as_they_are_and_odd_sizes_are_refused():
    np.testing.assert_allclose(quantised.quantise(np.full((2, 32), 0.25, "f4"), 4), 0.25)
    with pytest.raises(ValueError, match="33 weights do not fill blocks of 32"):
        quantised.quantise(np.zeros(33), 4)


def test_fewer_bits_move_the_vectors_of_sentences_further():
    rng = np.random.default_rng(1)
    encoder = minilm.Encoder(
        rng.normal(size=(100, 32)).astype("f4"), rng.normal(size=(64, 32)).astype("f4"),
        blocks.init_norm(32, np.dtype("f4")), [],
    )  # fmt: skip
    letters = "abcdefghijklmnopqrstuvwxyz."
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{c}" for c in letters)]
    tokenizer = WordPieceTokenizer(pieces)
    rows = quantised.compare((encoder, tokenizer), bits=(8, 4, 2))
    cosines = [float(row["mean_cosine"]) for row in rows]
    assert cosines[0] > 0.999 and cosines == sorted(cosines, reverse=True)
    assert quantised.rounded(encoder, 2).norm.gain is encoder.norm.gain
