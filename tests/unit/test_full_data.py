"""Nielsen's experiment runs on whatever digits it is given, and its record can be repeated."""

import os

import numpy as np
import pytest

from weighted_sums import data, networks
from weighted_sums.experiments import full_data
from weighted_sums.workshop import recorded


def small(n=300):
    split = data.load_digits()
    return data.Split(split.train[:n], split.test)


def test_an_accuracy_comes_after_each_epoch_and_depends_on_the_seed_alone():
    network, found = full_data.nielsen_run(small(), seed=1, epochs=3)
    assert len(found) == 3
    test = small().test
    assert found[-1] == (networks.predict(network, test.images) == test.labels).mean()
    assert found == full_data.nielsen_run(small(), seed=1, epochs=3)[1]
    assert found != full_data.nielsen_run(small(), seed=2, epochs=3)[1]


@pytest.mark.slow
def test_the_command_records_both_starts_for_every_seed(tmp_path, monkeypatch):
    monkeypatch.setattr(full_data, "load_full_digits", lambda: small(100))
    monkeypatch.setattr(full_data, "SEEDS", 2)
    monkeypatch.setattr(recorded, "RESULTS", tmp_path)
    full_data.main(tmp_path / "runs.csv")
    found = recorded.table("runs")
    assert [(row["start"], row["seed"]) for row in found.rows] == [
        ("N(0, 1)", 0),
        ("N(0, 1)", 1),
        ("N(0, 1/fan_in)", 0),
        ("N(0, 1/fan_in)", 1),
    ]
    assert found.about["command"] == "make full-data"
    for row in found.rows:
        assert 0.05 < row["final_accuracy"] <= row["best_accuracy"] < 1


@pytest.mark.skipif("WEIGHTED_SUMS_DATA" not in os.environ, reason="WEIGHTED_SUMS_DATA is not set")
def test_the_first_epochs_on_the_full_data_fit_the_record():
    rows = recorded.table("nielsen-full-data").rows
    seed = next(row for row in rows if row["start"] == "N(0, 1/fan_in)")
    split = data.load_full_digits()
    _, found = full_data.nielsen_run(split, seed=seed["seed"], scale_init=True, epochs=2)
    assert 0.9 < found[-1] < seed["best_accuracy"] + 0.01
    assert np.diff(found)[0] > 0
