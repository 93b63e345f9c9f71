"""The comparison of newer parts measures what it says, and its record is whole."""

import numpy as np
import pytest

from weighted_sums import modern, texts
from weighted_sums.experiments import modern_parts
from weighted_sums.workshop import recorded

TEXT = "to be, or not to be: that is the question.\n" * 300


def test_the_mean_loss_is_that_of_all_windows():
    rng = np.random.default_rng(0)
    model = modern.init(modern.Design(7, d_model=16, neurons=8), rng)
    tokens = rng.integers(7, size=3 * modern_parts.CONTEXT + 1)
    x, y = (tokens[i : i + 3 * modern_parts.CONTEXT].reshape(3, -1) for i in (0, 1))
    assert modern_parts.measure(model, tokens) == pytest.approx(modern.cost(model, x, y), rel=1e-5)


def test_active_parameters_leave_out_the_experts_that_a_token_does_not_use():
    sizes = {}
    for name in ("base", "4 experts", "4 times as wide"):
        model = modern.init(
            modern.Design(9, **modern_parts.DESIGNS[name]), np.random.default_rng(0)
        )
        sizes[name] = modern_parts.active(model)
    (_, base), (total, used), (wide, _) = sizes.values()
    assert abs(used / base - 1) < 0.01 and abs(total / wide - 1) < 0.01 and total > 2.5 * used


def test_the_busiest_expert_is_found():
    design = modern.Design(9, feed_forward="mixture", n_experts=4)
    model = modern.init(design, np.random.default_rng(0))
    tokens = np.random.default_rng(1).integers(9, size=64 * modern_parts.CONTEXT)
    assert 0.25 <= modern_parts.busiest(model, tokens) < 1
    for block in model.blocks:
        block.feed_forward.router[:] = 0
    assert modern_parts.busiest(model, tokens) == 1  # ties go to the first


@pytest.mark.slow
def test_the_command_records_two_tables(tmp_path, monkeypatch):
    small = {"STEPS": 2, "FINE_TUNED": 2, "CONTEXT": 8, "RATES": (1e-2,), "SEEDS": (0, 1)}
    for name, value in small.items():
        monkeypatch.setattr(modern_parts, name, value)
    monkeypatch.setattr(texts, "default_text", lambda: TEXT)
    monkeypatch.setattr(recorded, "RESULTS", tmp_path)
    modern_parts.main(tmp_path)
    rows = recorded.table("modern-parts").rows
    assert [row["design"] for row in rows[::2]] == [*modern_parts.DESIGNS]
    bits = [row["bits"] for row in recorded.table("modern-rounded").rows]
    assert bits == [*modern_parts.BITS] * 2


def test_the_recorded_comparison_is_whole():
    rows = recorded.table("modern-parts").rows
    found = [(row["design"], row["seed"]) for row in rows]
    assert found == [(d, s) for d in modern_parts.DESIGNS for s in modern_parts.SEEDS]
    rows = recorded.table("modern-rounded").rows
    assert [row["bits"] for row in rows] == [*modern_parts.BITS] * 3
    eight = [row for row in rows if row["bits"] == 8]
    assert all(abs(row["blocks of 32"] - row["exact"]) < 0.01 for row in eight)
