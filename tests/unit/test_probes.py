"""The experiments run on a model of any size, and record what their docstrings say."""

import numpy as np
import pytest

from weighted_sums.experiments import probes, repetition
from weighted_sums.heads import Attention
from weighted_sums.pretrained import smollm, tokenizers
from weighted_sums.variants import SwiGLU

D_MODEL, HEADS, GROUPS, D_HEAD, NEURONS, LAYERS = 8, 4, 2, 2, 5, 3


@pytest.fixture(scope="module")
def language_model():
    rng = np.random.default_rng(0)
    words = repetition.WORDS.split()
    wholes = [f"Ġ{word}" for word in words]
    tokens = [*tokenizers.BYTE_CHARACTERS, *_steps(wholes), *wholes]
    merges = [f"{word[:i]} {word[i]}" for word in wholes for i in range(1, len(word))]
    tokenizer = tokenizers.ByteLevelBPE(tokens, list(dict.fromkeys(merges)), [1] * len(tokens))

    def draw(*shape):
        return rng.standard_normal(shape)

    def block():
        q, k, v = (draw(heads, D_HEAD, D_MODEL) for heads in (HEADS, GROUPS, GROUPS))
        gated = SwiGLU(draw(NEURONS, D_MODEL), draw(NEURONS, D_MODEL), draw(D_MODEL, NEURONS))
        return smollm.LlamaBlock(
            np.ones(D_MODEL),
            Attention(q, k, v, draw(HEADS, D_MODEL, D_HEAD)),
            np.ones(D_MODEL),
            gated,
        )

    blocks = [block() for _ in range(LAYERS)]
    embedding = draw(len(tokens), D_MODEL)
    return smollm.Llama(embedding, blocks, np.ones(D_MODEL), 100.0, 1e-5), tokenizer


def _steps(wholes):
    parts = [word[:i] for word in wholes for i in range(2, len(word))]
    return [part for part in dict.fromkeys(parts) if part not in wholes]


def test_the_likeliest_tokens_come_first_and_the_correct_one_is_among_them(language_model):
    rows = probes.next_words(language_model, count=4)
    for prompt, _ in probes.FACTS:
        found = [row for row in rows if row["prompt"] == prompt]
        p = [float(row["probability"]) for row in found]
        assert [row["rank"] for row in found][:4] == [1, 2, 3, 4] and len(found) in (4, 5)
        assert p == sorted(p, reverse=True)


def test_the_logits_and_the_log_sum_exp_of_the_others_make_up_all_probabilities(language_model):
    model, tokenizer = language_model
    rows = probes.prompt_logits(language_model, count=7)
    for prompt in probes.PROMPTS:
        found = [row for row in rows if row["prompt"] == prompt]
        z = np.array([float(row["logit"]) for row in found])
        whole = np.exp(z).sum() + np.exp(float(found[0]["others"]))
        logits = smollm.next_logits(model, tokenizer.encode(prompt))
        assert len(found) == 7
        assert np.log(whole) == pytest.approx(np.log(np.exp(logits).sum()), abs=1e-3)


def test_samples_go_on_from_the_prompt_on_one_line(language_model):
    rows = probes.samples(language_model, count=3)
    assert [row["temperature"] for row in rows] == [0.0, 0.7, 1.0, 2.0]
    assert all(row["text"].startswith(probes.PROMPTS[2]) for row in rows)
    assert all("\n" not in row["text"] for row in rows)


def test_every_head_is_scored_and_ablated(language_model):
    rows = repetition.heads(language_model)
    assert [(row["layer"], row["head"]) for row in rows] == [*np.ndindex(LAYERS, HEADS)]
    assert len({row["loss_without"] for row in rows}) > LAYERS
    assert all(0 <= float(row["score"]) <= 1 for row in rows)


def test_ablating_more_heads_is_recorded_row_by_row(language_model, monkeypatch):
    asked = []

    def logits(model, tokens, ablate=()):
        asked.append(ablate)
        return np.zeros((len(tokens), len(model.embedding)))

    monkeypatch.setattr(smollm, "logits", logits)
    scored = [
        {"layer": layer, "head": head, "score": layer / 9, "previous_token_score": head / 9}
        for layer, head in np.ndindex(30, 9)
    ]
    rows = repetition.ablation(language_model, scored)
    assert [row["ablated"] for row in rows][:3] == ["nothing", "1 induction", "3 induction"]
    assert rows[0]["heads"] == "" and rows[1]["heads"] == "29.0"
    assert asked[repetition.ORDERS] == [(29, 0)]
    assert rows[4]["ablated"] == "1 previous-token" and rows[4]["heads"].endswith(".8")


def test_a_pattern_is_recorded_without_masked_positions(language_model):
    rows = repetition.one_pattern(language_model, (1, 2))
    assert len(rows) == 16 * 17 // 2
    of_last = [float(row["weight"]) for row in rows if row["query"] == 15]
    assert sum(of_last) == pytest.approx(1, abs=1e-3)
    assert rows[0]["query_word"] in repetition.WORDS


def test_the_residual_stream_is_measured_at_every_position_and_layer(language_model):
    model, tokenizer = language_model
    rows = probes.residual(language_model)
    tokens = tokenizer.encode(probes.PROMPTS[0])
    assert len(rows) == len(tokens) * (LAYERS + 1)
    assert float(rows[0]["norm"]) == pytest.approx(
        np.linalg.norm(model.embedding[tokens[0]]), abs=1e-3
    )


def test_losses_are_recorded_at_every_position_but_the_first(language_model):
    rows = repetition.repeated_losses(language_model)
    assert [row["position"] for row in rows] == list(range(1, 2 * repetition.LENGTH))
