"""A head for adjectives is told from one that looks back, where it is known which is which."""

import numpy as np
import pytest

from weighted_sums.blocks import init_norm
from weighted_sums.experiments import adjectives
from weighted_sums.pretrained import minilm
from weighted_sums.pretrained.tokenizers import WordPieceTokenizer, basic_words

WORDS = {word for sentence, _ in adjectives.SENTENCES for word in basic_words(sentence)}


@pytest.fixture
def encoder():
    tokenizer = WordPieceTokenizer(["[CLS]", "[SEP]", "[UNK]", *sorted(WORDS)])
    embedding = np.zeros((len(tokenizer.pieces), 4))
    return minilm.Encoder(
        embedding, np.zeros((99, 4)), init_norm(4, embedding.dtype), []
    ), tokenizer


def test_the_two_kinds_of_head_differ_in_what_other_words_do(encoder, monkeypatch):
    _, tokenizer = encoder
    groups = {
        tokenizer.encode(sentence).tobytes(): group for sentence, group in adjectives.SENTENCES
    }

    def hidden_states(model, tokens):
        names = [tokenizer.pieces[token] for token in tokens]
        back, adjective = np.eye(len(names), k=-1), np.zeros((len(names), len(names)))
        for noun, *rest in map(str.split, groups[tokens.tobytes()]):
            adjective[names.index(noun), [names.index(one) for one in rest]] = 1
        return minilm.HiddenStates([], [np.stack([back, adjective])])

    monkeypatch.setattr(minilm, "hidden_states", hidden_states)
    back, adjective = adjectives.adjective_scores(encoder)
    assert float(back["previous_token"]) == 1 and float(back["next_token"]) == 0
    # most adjectives come right before their noun, so the head seems to attend to adjectives
    assert float(back["adjective"]) > 0.5
    assert abs(float(back["adjective"]) - float(back["others"])) < 0.2
    assert float(adjective["adjective"]) == 1 and float(adjective["others"]) == 0


def test_each_noun_and_adjective_occurs_once_in_its_sentence():
    for sentence, groups in adjectives.SENTENCES:
        words = basic_words(sentence)
        for group in groups:
            noun, *rest = group.split()
            assert words.count(noun) == 1
            assert all(words.count(one) == 1 for one in rest)
            assert all(words.index(one) < words.index(noun) for one in rest)
