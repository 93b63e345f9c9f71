"""The network of the home page, which is trained while the page is built, and its drawing board."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float

from weighted_sums.backprop import cost_and_gradient
from weighted_sums.data import Digits, one_hot
from weighted_sums.descent import GradientDescent
from weighted_sums.minibatches import Minibatches
from weighted_sums.networks import Network, activations, init_network
from weighted_sums.training import train
from weighted_sums.workshop.interactive import packed, packed_tree

TRIANGLE = "gKK020gK"  # the strokes of a drawing, as the board writes them into an address


def trained(digits: Digits) -> Network:
    """Return a network of two hidden layers, trained by plain SGD: each digit is seen ten times."""
    rng = np.random.default_rng(0)
    return train(
        init_network([digits.images.shape[1], 16, 16, 10], rng),
        cost_and_gradient,
        Minibatches(digits.images, one_hot(digits.labels), batch_size=10),
        optimizer=GradientDescent(learning_rate=0.5),
        epochs=10,
        rng=rng,
    )


def signals(
    network: Network, image: Float[np.ndarray, " pixel"]
) -> tuple[list[Float[np.ndarray, " fan_out"]], list[Float[np.ndarray, "fan_out fan_in"]]]:
    """Return the activations of all layers of neurons, and the terms of the sums between them."""
    _, *layers = activations(network, image)
    return layers, [layer.W * a for layer, a in zip(network[1:], layers[:-1], strict=True)]


def board(network: Network, digits: Digits) -> dict[str, Any]:
    """Return what the live figure `digit` needs: the network, and an image of each digit."""
    samples = [np.flatnonzero(digits.labels == digit)[0] for digit in range(10)]
    return {
        "layers": packed_tree(network, "float16"),
        "samples": packed(np.rint(255 * digits.images[samples]), "uint8"),
        "start": {"sample": "drawn", "strokes": "", "neuron": "none"},
        "presets": {
            "a three": {"sample": "3"},
            "a seven": {"sample": "7"},
            "a triangle": {"sample": "drawn", "strokes": TRIANGLE},
        },
    }
