"""Nielsen's experiment on all of MNIST, which takes minutes and so runs on request only.

`python -m weighted_sums.experiments.full_data FILE` trains the networks and writes the table to
FILE.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from weighted_sums import backprop, descent, minibatches, networks, training
from weighted_sums.baselines import accuracy
from weighted_sums.data import Split, load_full_digits, one_hot
from weighted_sums.workshop import recorded
from weighted_sums.workshop.progress import progress

SEEDS = 5


def nielsen_run(
    split: Split, *, seed: int, scale_init: bool = False, epochs: int = 30
) -> tuple[networks.Network, list[float]]:
    """Repeat Nielsen's first experiment; return the network and its test accuracy by epoch.

    784, 30 and 10 sigmoid neurons, squared cost, mini-batches of 10; his learning rate 3 belongs
    to a cost with a factor ½ and is 1.5 here. With `scale_init` the initial weights come from
    N(0, 1/fan_in) instead of his N(0, 1). Source: Nielsen (2015, chapter 1).
    """
    rng = np.random.default_rng(seed)
    accuracies: list[float] = []

    def evaluate(network: networks.Network) -> None:
        predicted = np.asarray(networks.predict(network, split.test.images))
        accuracies.append(accuracy(predicted, split.test.labels))

    network = training.train(
        networks.init_network([784, 30, 10], rng, scale_init=scale_init),
        backprop.cost_and_gradient,
        minibatches.Minibatches(split.train.images, one_hot(split.train.labels), batch_size=10),
        optimizer=descent.GradientDescent(learning_rate=1.5),
        epochs=epochs,
        rng=rng,
        after_epoch=evaluate,
    )
    return network, accuracies


def main(path: Path) -> None:
    """Record the experiment with both initialisations and several seeds."""
    split = load_full_digits()
    rows = []
    runs = [(scale_init, seed) for scale_init in (False, True) for seed in range(SEEDS)]
    for scale_init, seed in progress(runs, unit="network"):
        start = time.perf_counter()
        _, accuracies = nielsen_run(split, seed=seed, scale_init=scale_init)
        rows.append(
            {
                "start": "N(0, 1/fan_in)" if scale_init else "N(0, 1)",
                "seed": seed,
                "best_accuracy": f"{max(accuracies):.4f}",
                "final_accuracy": f"{accuracies[-1]:.4f}",
                "seconds": f"{time.perf_counter() - start:.1f}",
            }
        )
    recorded.record(path, rows, command="make full-data")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
