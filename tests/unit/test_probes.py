"""The experiments run on a model of any size, and write down what they say they do."""

import numpy as np
import pytest

from weighted_sums.attention import Attention
from weighted_sums.experiments import probes, repetition
from weighted_sums.pretrained import smollm, wordpieces
from weighted_sums.variants import SwiGLU

WIDTH, HEADS, SHARED, DIM, NEURONS, LAYERS = 8, 4, 2, 2, 5, 3


@pytest.fixture(scope="module")
def writer():
    rng = np.random.default_rng(0)
    words = repetition.WORDS.split()
    wholes = [f"Ġ{word}" for word in words]
    tokens = [*wordpieces.BYTE_SIGNS, *_steps(wholes), *wholes]
    merges = [f"{word[:i]} {word[i]}" for word in wholes for i in range(1, len(word))]
    level = wordpieces.ByteLevelBPE(tokens, list(dict.fromkeys(merges)), [1] * len(tokens))

    def draw(*shape):
        return rng.standard_normal(shape)

    def block():
        q, k, v = (draw(heads, DIM, WIDTH) for heads in (HEADS, SHARED, SHARED))
        gated = SwiGLU(draw(NEURONS, WIDTH), draw(NEURONS, WIDTH), draw(WIDTH, NEURONS))
        return smollm.LlamaBlock(
            np.ones(WIDTH), Attention(q, k, v, draw(HEADS, WIDTH, DIM)), np.ones(WIDTH), gated
        )

    blocks = [block() for _ in range(LAYERS)]
    embedding = draw(len(tokens), WIDTH)
    return smollm.Llama(embedding, blocks, np.ones(WIDTH), 100.0, 1e-5), level


def _steps(wholes):
    parts = [word[:i] for word in wholes for i in range(2, len(word))]
    return [part for part in dict.fromkeys(parts) if part not in wholes]


def test_the_likeliest_tokens_come_first_and_the_true_one_is_among_them(writer):
    rows = probes.next_words(writer, count=4)
    for prompt, _ in probes.FACTS:
        found = [row for row in rows if row["prompt"] == prompt]
        shares = [float(row["share"]) for row in found]
        assert [row["rank"] for row in found][:4] == [1, 2, 3, 4] and len(found) in (4, 5)
        assert shares == sorted(shares, reverse=True)


def test_the_logits_and_what_is_left_make_up_all_shares(writer):
    model, words = writer
    rows = probes.prompt_logits(writer, count=7)
    for prompt in probes.PROMPTS:
        found = [row for row in rows if row["prompt"] == prompt]
        z = np.array([float(row["logit"]) for row in found])
        whole = np.exp(z).sum() + np.exp(float(found[0]["others"]))
        logits = smollm.next_logits(words.encode(prompt), model)
        assert len(found) == 7
        assert np.log(whole) == pytest.approx(np.log(np.exp(logits).sum()), abs=1e-3)


def test_samples_go_on_from_the_prompt_on_one_line(writer):
    rows = probes.samples(writer, count=3)
    assert [row["temperature"] for row in rows] == [0.0, 0.7, 1.0, 2.0]
    assert all(row["text"].startswith(probes.PROMPTS[2]) for row in rows)
    assert all("\n" not in row["text"] for row in rows)


def test_every_head_is_scored_and_silenced(writer):
    rows = repetition.heads(writer)
    assert [(row["layer"], row["head"]) for row in rows] == [*np.ndindex(LAYERS, HEADS)]
    assert len({row["loss_without"] for row in rows}) > LAYERS
    assert all(0 <= float(row["score"]) <= 1 for row in rows)


def test_silencing_more_of_the_named_heads_is_recorded_row_by_row(writer, monkeypatch):
    asked = []

    def logits(tokens, model, ablate=()):
        asked.append(ablate)
        return np.zeros((len(tokens), len(model.embedding)))

    monkeypatch.setattr(smollm, "logits", logits)
    scored = [
        {"layer": layer, "head": head, "score": layer / 9, "previous_token_score": head / 9}
        for layer, head in np.ndindex(30, 9)
    ]
    with_heads = repetition.ablation(writer, scored)
    assert [row["what"] for row in with_heads][:3] == ["nothing", "1 induction", "3 induction"]
    assert with_heads[0]["heads"] == "" and with_heads[1]["heads"] == "29.0"
    assert asked[repetition.ORDERS] == [(29, 0)]
    assert with_heads[4]["what"] == "1 previous-token" and with_heads[4]["heads"].endswith(".8")


def test_a_pattern_is_written_down_without_the_future(writer):
    rows = repetition.one_pattern(writer, (1, 2))
    assert len(rows) == 16 * 17 // 2
    of_last = [float(row["share"]) for row in rows if row["query"] == 15]
    assert sum(of_last) == pytest.approx(1, abs=1e-3)
    assert rows[0]["query_word"] in repetition.WORDS


def test_the_stream_is_measured_at_every_place_and_layer(writer):
    model, words = writer
    rows = probes.residual(writer)
    tokens = words.encode(probes.PROMPTS[0])
    assert len(rows) == len(tokens) * (LAYERS + 1)
    assert float(rows[0]["norm"]) == pytest.approx(
        np.linalg.norm(model.embedding[tokens[0]]), abs=1e-3
    )


def test_surprises_are_recorded_at_every_place_but_the_first(writer):
    rows = repetition.repeated_losses(writer)
    assert [row["place"] for row in rows] == list(range(1, 2 * repetition.LENGTH))
