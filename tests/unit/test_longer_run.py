"""The longer run measures what it says, and its record is what the code still does."""

import os

import numpy as np
import pytest

from weighted_sums import ngrams, texts, transformer
from weighted_sums.experiments import longer_run
from weighted_sums.workshop import recorded

TEXT = "to be, or not to be: that is the question.\n" * 60


def test_ngrams_of_every_order_are_measured_on_the_same_text():
    alphabet = "".join(sorted(set(TEXT)))
    rows = longer_run.ngram_rows(TEXT[:2000], TEXT[2000:], alphabet)
    costs = ngrams.NGrams.count(TEXT[:2000], longer_run.LONGEST, alphabet).costs(TEXT[2000:])
    assert [row["n"] for row in rows] == list(range(1, longer_run.LONGEST + 1))
    assert [float(row["validation_loss"]) for row in rows] == pytest.approx(costs, abs=1e-4)


def test_a_row_comes_before_the_first_step_and_after_every_few():
    tokens = np.tile(np.arange(7), 80)
    rng = np.random.default_rng(0)
    initial = transformer.init_transformer(7, 8, 16, 2, 1, rng)
    model, rows = longer_run.run(initial, tokens, tokens[:200], steps=120, every=40)
    assert [row["step"] for row in rows] == [0, 40, 80, 120]
    losses = [float(row["validation_loss"]) for row in rows]
    assert losses[0] == pytest.approx(np.log(7), abs=0.1) and losses[-1] < losses[0] / 2
    assert losses[-1] == pytest.approx(longer_run.average_loss(model, tokens[:200]), abs=1e-4)


@pytest.mark.slow
def test_the_command_records_losses_orders_and_a_sample(tmp_path, monkeypatch):
    monkeypatch.setattr(texts, "shakespeare", lambda: TEXT)
    monkeypatch.setattr(recorded, "RESULTS", tmp_path)
    for name, value in (("CONTEXT", 16), ("STEPS", 8), ("EVERY", 4), ("D_MODEL", 24)):
        monkeypatch.setattr(longer_run, name, value)
    longer_run.main(tmp_path)
    assert [row["step"] for row in recorded.table("longer-run").rows] == [0, 4, 8]
    assert len(recorded.table("longer-run-ngrams").rows) == longer_run.LONGEST
    [sample] = recorded.table("longer-run-sample").rows
    assert len(sample["text"]) == 400 and "\n" not in sample["text"]
    assert "d_model 24, context 16" in recorded.table("longer-run").about["model"]


def test_the_recorded_run_is_whole_and_ends_below_the_best_ngrams():
    rows = recorded.table("longer-run").rows
    assert [row["step"] for row in rows] == list(range(0, longer_run.STEPS + 1, longer_run.EVERY))
    best = min(row["validation_loss"] for row in recorded.table("longer-run-ngrams").rows)
    assert rows[-1]["validation_loss"] < best - 0.05


@pytest.mark.slow
@pytest.mark.skipif("WEIGHTED_SUMS_DATA" not in os.environ, reason="WEIGHTED_SUMS_DATA is not set")
def test_the_recorded_ngrams_come_out_again():
    text = texts.shakespeare()
    found = longer_run.ngram_rows(*texts.split(text), "".join(sorted(set(text))))
    recorded_rows = recorded.table("longer-run-ngrams").rows
    assert [float(row["validation_loss"]) for row in found] == [
        row["validation_loss"] for row in recorded_rows
    ]
