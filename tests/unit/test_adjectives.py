"""A head for adjectives is told from one that looks back, where it is known which is which."""

import numpy as np
import pytest

from weighted_sums.blocks import init_norm
from weighted_sums.experiments import adjectives
from weighted_sums.pretrained import minilm
from weighted_sums.pretrained.wordpieces import WordPieceTokenizer, basic_words

WORDS = {word for sentence, _ in adjectives.SENTENCES for word in basic_words(sentence)}


@pytest.fixture
def reader():
    words = WordPieceTokenizer(["[CLS]", "[SEP]", "[UNK]", *sorted(WORDS)])
    embedding = np.zeros((len(words.pieces), 4))
    return minilm.Encoder(embedding, np.zeros((99, 4)), init_norm(4, embedding.dtype), []), words


def test_the_two_kinds_of_head_differ_in_what_other_words_do(reader, monkeypatch):
    _, words = reader
    pairs = {words.encode(sentence).tobytes(): asked for sentence, asked in adjectives.SENTENCES}

    def encode(tokens, model):
        names = [words.pieces[token] for token in tokens]
        back, adjective = np.eye(len(names), k=-1), np.zeros((len(names), len(names)))
        for noun, *rest in map(str.split, pairs[tokens.tobytes()]):
            adjective[names.index(noun), [names.index(one) for one in rest]] = 1
        return [], [np.stack([back, adjective])]

    monkeypatch.setattr(minilm, "hidden_states", encode)
    back, adjective = adjectives.adjective_scores(reader)
    assert float(back["previous_token"]) == 1 and float(back["next_token"]) == 0
    # most adjectives stand one place before their noun: it looks like a head for them
    assert float(back["adjective"]) > 0.5
    assert abs(float(back["adjective"]) - float(back["others"])) < 0.2
    assert float(adjective["adjective"]) == 1 and float(adjective["others"]) == 0


def test_each_word_that_is_asked_about_stands_once_in_its_sentence():
    for sentence, asked in adjectives.SENTENCES:
        words = basic_words(sentence)
        for pair in asked:
            noun, *rest = pair.split()
            assert words.count(noun) == 1
            assert all(words.count(one) == 1 for one in rest)
            assert all(words.index(one) < words.index(noun) for one in rest)
