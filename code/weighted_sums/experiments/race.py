"""A comparison of optimisers on the digits, each over the same grid of learning rates.

`python -m weighted_sums.experiments.race FILE` runs the whole grid, which takes some minutes, and
writes its table to FILE.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from weighted_sums import backprop, descent, losses, minibatches, networks, training
from weighted_sums.data import Digits, load_digits, one_hot
from weighted_sums.descent import GradientDescent
from weighted_sums.optimizers import Adam, Momentum, RMSprop
from weighted_sums.schedules import cosine_schedule
from weighted_sums.workshop import recorded
from weighted_sums.workshop.progress import progress

TRAIN_SIZE = 3000  # of the 4,000 training digits; the rest are the validation set
BATCH_SIZE = 10
EPOCHS = 6
STEPS = EPOCHS * TRAIN_SIZE // BATCH_SIZE

OPTIMIZERS: dict[str, Callable[[float], descent.Optimizer]] = {
    "plain": GradientDescent,
    "plain, cosine": lambda peak: GradientDescent(cosine_schedule(peak, STEPS)),
    "momentum": Momentum,
    "RMSprop": RMSprop,
    "Adam": Adam,
}
NETWORKS = {"two hidden layers": [784, 16, 16, 10], "four hidden layers": [784, *4 * [16], 10]}
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
SEEDS = 3


class Run(NamedTuple):
    """Costs before training and after each epoch, and the trained network."""

    training: Float[np.ndarray, " epoch"]
    validation: Float[np.ndarray, " epoch"]
    network: networks.Network


def run(digits: Digits, sizes: list[int], optimizer: descent.Optimizer, seed: int) -> Run:
    """Train a network of these `sizes` for `EPOCHS`, as every run of the race does."""
    train, validation = digits[:TRAIN_SIZE], digits[TRAIN_SIZE:]
    rng = np.random.default_rng(seed)
    network = networks.init_network(sizes, rng)
    costs = [(_cost(network, train), _cost(network, validation))]

    def evaluate(network: networks.Network) -> None:
        costs.append((_cost(network, train), _cost(network, validation)))

    network = training.train(
        network,
        backprop.cost_and_gradient,
        minibatches.Minibatches(train.images, one_hot(train.labels), BATCH_SIZE),
        optimizer=optimizer,
        epochs=EPOCHS,
        rng=rng,
        after_epoch=evaluate,
    )
    training_costs, validation_costs = np.array(costs).T
    return Run(training_costs, validation_costs, network)


def _cost(network: networks.Network, digits: Digits) -> float:
    return losses.squared_error(
        networks.feedforward(network, digits.images), one_hot(digits.labels)
    )


def main(path: Path) -> None:
    """Record the final costs of all optimisers, learning rates, networks and seeds."""
    digits, rows = load_digits().train, []
    grid = list(itertools.product(NETWORKS, OPTIMIZERS, RATES, range(SEEDS)))
    for network, optimizer, learning_rate, seed in progress(grid, unit="run"):
        found = run(digits, NETWORKS[network], OPTIMIZERS[optimizer](learning_rate), seed)
        rows.append(
            {
                "network": network,
                "optimizer": optimizer,
                "rate": learning_rate,
                "seed": seed,
                "training_cost": f"{found.training[-1]:.4f}",
                "validation_cost": f"{found.validation[-1]:.4f}",
            }
        )
    recorded.record(path, rows, command="make race")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
