"""The sweep over sizes and lengths measures what it says, and its record is whole."""

import numpy as np
import pytest

from weighted_sums import counting, texts, transformer
from weighted_sums.experiments import scaling
from weighted_sums.workshop import recorded

TEXT = "to be, or not to be: that is the question.\n" * 100
SMALL = {"WIDTHS": (8, 16), "STEPS": (2, 4), "RATES": (1e-3, 1e-2), "TUNED_AT": 2, "SEEDS": (0, 1)}


def drawn(d_model):
    return transformer.init_transformer(
        11, scaling.CONTEXT, d_model, 2, 2, np.random.default_rng(0)
    )


@pytest.mark.parametrize("d_model", [8, 64])
def test_parameters_in_matrices_are_all_but_those_looked_up(d_model):
    shape = counting.configuration(drawn(d_model))
    known = counting.total(counting.matrices(shape)) - 11 * d_model
    norms_and_biases = 2 * (4 * d_model + 5 * d_model) + 2 * d_model
    assert scaling.in_matrices(drawn(d_model)) == known + norms_and_biases


def test_a_row_tells_the_operations_and_the_loss_of_its_run():
    tokens = np.tile(np.arange(11), 60)
    row = scaling.run((tokens, tokens[:200]), 11, 8, 30, 1e-2, 0)
    N, D = row["parameters"], row["tokens"]
    assert D == 30 * scaling.BATCH_SIZE * scaling.CONTEXT
    assert float(row["operations"]) == pytest.approx(6 * N * D, rel=1e-3)
    assert float(row["validation_loss"]) < np.log(11)


def test_the_rate_is_that_of_the_lowest_loss(monkeypatch):
    def run(parts, vocab_size, d_model, steps, rate, seed):
        return {"learning_rate": rate, "validation_loss": str(abs(rate - 3e-3))}

    monkeypatch.setattr(scaling, "run", run)
    rate, rows = scaling.best_rate((np.zeros(3), np.zeros(3)), 11, 8)
    assert rate == 3e-3 and [row["learning_rate"] for row in rows] == [*scaling.RATES]


@pytest.mark.slow
def test_the_command_stays_within_the_budget(tmp_path, monkeypatch):
    for name, value in SMALL.items():
        monkeypatch.setattr(scaling, name, value)
    monkeypatch.setattr(scaling, "BUDGET", 6 * 2e3 * 4 * 512 * 1.2)  # enough for one size only
    monkeypatch.setattr(scaling, "LIGHT", 6 * 2e3 * 3 * 512)
    monkeypatch.setattr(texts, "default_text", lambda: TEXT)
    monkeypatch.setattr(recorded, "RESULTS", tmp_path)
    scaling.main(tmp_path / "scaling.csv")
    rows = recorded.table("scaling").rows
    assert all(row["operations"] <= scaling.BUDGET for row in rows)
    assert {row["d_model"] for row in rows} == {8}
    assert [row["seed"] for row in rows] == [0, 1, 0]


def test_the_recorded_sweep_is_whole_and_larger_models_win_with_more_compute():
    rows = recorded.table("scaling").rows
    assert {row["d_model"] for row in rows} == set(scaling.WIDTHS)
    assert all(row["operations"] <= scaling.BUDGET for row in rows)
    best = [
        min((row for row in rows if row["operations"] <= budget),
            key=lambda row: row["validation_loss"])["d_model"]
        for budget in (3e9, 1e11, scaling.BUDGET)
    ]  # fmt: skip
    assert best == sorted(best) and best[0] < best[-1]
