"""The convolutional network on all of MNIST: minutes, so that it runs on request.

`python -m weighted_sums.experiments.convnet_full_data FILE` chooses the learning rate on validation
digits, trains the network with several seeds and writes the table to FILE.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from weighted_sums import convnets, optimizers, schedules, training
from weighted_sums.baselines import accuracy
from weighted_sums.data import Digits, load_full_digits, one_hot
from weighted_sums.workshop import recorded
from weighted_sums.workshop.progress import progress

SEEDS, EPOCHS = 5, 26
BATCH_SIZE, REACH, WEIGHT_DECAY = 50, 1, 0.05
RATES, TRIAL_EPOCHS, VALIDATION = (0.0015, 0.003, 0.006), 8, 10_000


def trained(digits: Digits, *, learning_rate: float, epochs: int, seed: int) -> convnets.ConvNet:
    """Train with Adam and a cosine schedule on digits that are shifted by up to a pixel."""
    rng = np.random.default_rng(seed)
    batches = convnets.ShiftedImages(digits.images, one_hot(digits.labels), BATCH_SIZE, REACH)
    schedule = schedules.cosine_schedule(learning_rate, steps=epochs * len(batches))
    return training.train(
        convnets.init_convnet(rng),
        convnets.cost_and_gradient,
        batches,
        optimizer=optimizers.Adam(schedule, weight_decay=WEIGHT_DECAY),
        epochs=epochs,
        rng=rng,
    )


def validated(digits: Digits) -> dict[float, float]:
    """Accuracy on validation digits, taken from the training digits, at each rate of `RATES`."""
    order = np.random.default_rng(0).permutation(len(digits))
    train, validation = digits[order[:-VALIDATION]], digits[order[-VALIDATION:]]

    def score(learning_rate: float) -> float:
        network = trained(train, learning_rate=learning_rate, epochs=TRIAL_EPOCHS, seed=100)
        return accuracy(convnets.predict(network, validation.images), validation.labels)

    return {learning_rate: score(learning_rate) for learning_rate in progress(RATES, unit="rate")}


def run(train: Digits, test: Digits, learning_rate: float, seed: int) -> dict[str, object]:
    """A row of the table: train on all training digits, and look at the test digits once."""
    began = time.process_time(), time.perf_counter()
    network = trained(train, learning_rate=learning_rate, epochs=EPOCHS, seed=seed)
    processor, wall = time.process_time() - began[0], time.perf_counter() - began[1]
    correct = accuracy(convnets.predict(network, test.images), test.labels)
    return {
        "seed": seed,
        "epochs": EPOCHS,
        "learning_rate": learning_rate,
        "test_accuracy": f"{100 * correct:.2f}",
        "processor_seconds": f"{processor:.1f}",
        "wall_seconds": f"{wall:.1f}",
    }


def main(path: Path) -> None:
    """Choose the learning rate, run the experiment with several seeds, and record it."""
    split = load_full_digits()
    scores = validated(split.train)
    best = max(scores, key=lambda rate: scores[rate])
    rows = [run(split.train, split.test, best, s) for s in progress(range(SEEDS), unit="network")]
    told = ", ".join(f"{100 * score:.2f} at {rate}" for rate, score in scores.items())
    about = {"validation accuracy": f"{told}, after {TRIAL_EPOCHS} epochs"}
    recorded.record(path, rows, command="make full-data", about=about)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
