"""The race gives everybody the same budget, and its record is what the code still does."""

import numpy as np
import pytest

from weighted_sums.data import load_digits
from weighted_sums.experiments import race
from weighted_sums.schedules import learning_rate_at
from weighted_sums.workshop import recorded

OURS = "two hidden layers"


def test_the_record_holds_every_point_of_the_grid_once():
    rows = recorded.table("race").rows
    points = {(row["network"], row["optimizer"], row["rate"], row["seed"]) for row in rows}
    sizes = [len(axis) for axis in (race.NETWORKS, race.OPTIMIZERS, race.RATES)]
    assert len(points) == len(rows) == np.prod(sizes) * race.SEEDS
    assert {learning_rate for *_, learning_rate, _ in points} == set(race.RATES)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "learning_rate"), [("plain", 1.0), ("RMSprop", 0.01)])
def test_a_point_of_the_grid_comes_out_as_recorded(kind, learning_rate):
    [row] = [
        row
        for row in recorded.table("race").rows
        if (row["network"], row["optimizer"], row["rate"], row["seed"])
        == (OURS, kind, learning_rate, 1)
    ]
    optimizer = race.OPTIMIZERS[kind](learning_rate)
    found = race.run(load_digits().train, race.NETWORKS[OURS], optimizer, seed=1)
    assert optimizer.steps == race.STEPS
    assert len(found.training) == len(found.validation) == race.EPOCHS + 1
    # other machines add up in another order, and a training magnifies the difference
    np.testing.assert_allclose(found.validation[-1], row["validation_cost"], atol=0.05)
    np.testing.assert_allclose(found.training[-1], row["training_cost"], atol=0.05)


def test_the_schedule_of_the_race_ends_with_the_race():
    schedule = race.OPTIMIZERS["plain, cosine"](1.0).learning_rate
    assert learning_rate_at(schedule, 1) == 1.0
    assert (
        0 < learning_rate_at(schedule, race.STEPS) < 1e-5
        and learning_rate_at(schedule, race.STEPS + 1) == 0
    )
