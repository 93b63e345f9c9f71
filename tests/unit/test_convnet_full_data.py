"""The recorded run chooses its learning rate without the test digits, and can be repeated."""

import numpy as np
import pytest

from weighted_sums import convnets, data
from weighted_sums.experiments import convnet_full_data as experiment
from weighted_sums.workshop import recorded


@pytest.fixture
def quick(monkeypatch, tmp_path):
    split = data.load_digits()
    small = data.Split(split.train[:400], split.test)
    monkeypatch.setattr(experiment, "load_full_digits", lambda: small)
    for name, value in {"VALIDATION": 100, "SEEDS": 2, "EPOCHS": 2, "TRIAL_EPOCHS": 2}.items():
        monkeypatch.setattr(experiment, name, value)
    monkeypatch.setattr(experiment, "RATES", (1e-6, 0.01))
    monkeypatch.setattr(recorded, "RESULTS", tmp_path)
    return small


@pytest.mark.slow
def test_the_rate_is_the_best_on_validation_digits_and_each_seed_a_row(quick, tmp_path):
    experiment.main(tmp_path / "runs.csv")
    found = recorded.table("runs")
    assert [(row["seed"], row["learning_rate"]) for row in found.rows] == [(0, 0.01), (1, 0.01)]
    assert "at 1e-06" in found.about["validation accuracy"]
    network = experiment.trained(quick.train, learning_rate=0.01, epochs=2, seed=1)
    correct = (convnets.predict(network, quick.test.images) == quick.test.labels).mean()
    assert found.rows[1]["test_accuracy"] == pytest.approx(100 * correct, abs=0.006)


@pytest.mark.slow
def test_validation_digits_are_not_trained_on(quick, monkeypatch):
    seen = []
    train = experiment.trained

    def watched(digits, **settings):
        seen.append(digits)
        return train(digits, **settings)

    monkeypatch.setattr(experiment, "trained", watched)
    experiment.validated(quick.train)
    assert [len(digits) for digits in seen] == [300, 300]
    order = np.random.default_rng(0).permutation(400)
    np.testing.assert_array_equal(seen[0].images, quick.train.images[order[:300]])


def test_the_record_is_what_the_chapter_claims():
    rows = recorded.table("convnet-full-data").rows
    assert len(rows) == 5
    assert np.median([row["test_accuracy"] for row in rows]) >= 99.2
    assert np.median([row["processor_seconds"] for row in rows]) <= 120
