"""The fewer bits the weights of an encoder have, the further its vectors move."""

import numpy as np

from weighted_sums import blocks
from weighted_sums.experiments import quantised
from weighted_sums.pretrained import minilm
from weighted_sums.pretrained.tokenizers import WordPieceTokenizer


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
