"""A convolutional network for digits: two convolutions, pooling after each, and one dense layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import DTypeLike

from weighted_sums.backprop import layer_gradient
from weighted_sums.convolution import (
    ConvCache,
    Kernels,
    PoolCache,
    convolve,
    convolve_backward,
    kernel_backward,
    max_pool,
    max_pool_backward,
)
from weighted_sums.cross_entropy import cross_entropy_delta, cross_entropy_from_logits
from weighted_sums.data import CLASSES, SIDE
from weighted_sums.minibatches import Minibatches
from weighted_sums.networks import Layer, affine
from weighted_sums.regularization import ShiftedMinibatches
from weighted_sums.softmax import softmax
from weighted_sums.workshop.checks import as_float

POOL = 2


class Convolution(NamedTuple):
    """The kernels of one layer and a bias for each."""

    W: Kernels
    b: Float[np.ndarray, " kernel"]


class ConvNet(NamedTuple):
    """All parameters of the network."""

    conv_1: Convolution
    conv_2: Convolution
    output: Layer


class StageCache(NamedTuple):
    """What one stage, convolution, ReLU and pooling, keeps for its derivatives."""

    convolved: ConvCache
    pooled: PoolCache
    active: np.ndarray


def init_convnet(
    rng: np.random.Generator,
    kernels: tuple[int, int] = (8, 16),
    size: int = 5,
    dtype: DTypeLike = np.float32,
) -> ConvNet:
    """Draw a network with so many `kernels` of `size` × `size` in its two convolutions.

    Weights come from N(0, 2/fan_in), which suits ReLU (He et al., 2015); biases are 0. Raises
    ValueError when the kernels leave no image to pool.
    """
    left = SIDE
    for _ in kernels:
        left = (left - size + 1) // POOL
    if min(*kernels, size, left) < 1:
        raise ValueError(f"{kernels} kernels of {size} leave no image of {SIDE} pixels to pool")

    def draw(*shape: int) -> np.ndarray:
        fan_in = np.prod(shape[1:])
        return (rng.standard_normal(shape) * np.sqrt(2 / fan_in)).astype(dtype)

    first, second = kernels
    return ConvNet(
        Convolution(draw(first, 1, size, size), np.zeros(first, dtype)),
        Convolution(draw(second, first, size, size), np.zeros(second, dtype)),
        Layer(draw(CLASSES, second * left * left), np.zeros(CLASSES, dtype)),
    )


def forward(
    network: ConvNet, x: Float[np.ndarray, "example pixel"]
) -> tuple[Float[np.ndarray, "example digit"], tuple[StageCache, StageCache, np.ndarray]]:
    """Return the logits of the ten digits for images in rows of 784 pixels, and the cache."""
    images = x.reshape(len(x), 1, SIDE, SIDE)
    images, cache_1 = _stage(images, network.conv_1)
    images, cache_2 = _stage(images, network.conv_2)
    features = images.reshape(len(x), -1)
    return affine(features, *network.output), (cache_1, cache_2, features)


def _stage(x: np.ndarray, layer: Convolution) -> tuple[np.ndarray, StageCache]:
    z, convolved = convolve(x, *layer)
    largest, pooled = max_pool(z, POOL)  # ReLU grows with z, so it may come after the maximum
    return np.maximum(largest, 0), StageCache(convolved, pooled, largest > 0)


def _stage_delta(dy: np.ndarray, cache: StageCache) -> np.ndarray:
    return max_pool_backward(dy * cache.active, cache.pooled)


def logits(
    network: ConvNet, x: Float[np.ndarray, "example pixel"]
) -> Float[np.ndarray, "example digit"]:
    """Scores of the ten digits."""
    return forward(network, x)[0]


def predict(
    network: ConvNet, x: Float[np.ndarray, "example pixel"], size: int = 500
) -> Int[np.ndarray, " example"]:
    """The digit with the largest score, for `size` images at a time."""
    parts = [logits(network, x[i : i + size]).argmax(axis=1) for i in range(0, len(x), size)]
    return np.concatenate(parts)


def cost_and_gradient(
    network: ConvNet,
    x: Float[np.ndarray, "example pixel"],
    y: Float[np.ndarray, "example digit"],
) -> tuple[float, ConvNet]:
    """Return the average cross-entropy of softmax and its gradient."""
    z, (cache_1, cache_2, features) = forward(network, x)
    dz = cross_entropy_delta(softmax(z), y)
    dy = (dz @ network.output.W).reshape(cache_2.active.shape)
    dy, *conv_2 = convolve_backward(_stage_delta(dy, cache_2), cache_2.convolved)
    conv_1 = kernel_backward(_stage_delta(dy, cache_1), cache_1.convolved)
    gradient = ConvNet(Convolution(*conv_1), Convolution(*conv_2), layer_gradient(dz, features))
    return cross_entropy_from_logits(z, y), gradient


def feature_maps(
    network: ConvNet, x: Float[np.ndarray, "example pixel"]
) -> list[Float[np.ndarray, "kernel row column"]]:
    """The pooled maps of both stages for the first of the images."""
    images, found = x[:1].reshape(1, 1, SIDE, SIDE), []
    for layer in (network.conv_1, network.conv_2):
        images, _ = _stage(images, layer)
        found.append(images[0])
    return found


def occlusion(
    network: ConvNet, image: Float[np.ndarray, " pixel"], label: int | np.integer, size: int
) -> Float[np.ndarray, "row column"]:
    """The probability of class `label` for each position of a grey square that covers the image."""
    positions = SIDE - size + 1
    covered = np.tile(as_float(image).reshape(SIDE, SIDE), (positions * positions, 1, 1))
    for n, (i, j) in enumerate(np.ndindex(positions, positions)):
        covered[n, i : i + size, j : j + size] = 0.5
    p = softmax(logits(network, covered.reshape(len(covered), -1)))[:, label]
    return p.reshape(positions, positions)


@dataclass(frozen=True)
class ShiftedImages(ShiftedMinibatches):
    """Mini-batches of images, each image moved by up to `reach` pixels, independently of others."""

    def epoch(self, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the batches of `Minibatches`, each image shifted at random, {eq}`random-shift`."""
        border = (self.reach, self.reach)
        for x, y in Minibatches.epoch(self, rng):
            padded = np.pad(x.reshape(-1, SIDE, SIDE), [(0, 0), border, border])
            windows = sliding_window_view(padded, (SIDE, SIDE), axis=(1, 2))
            row, column = rng.integers(0, 2 * self.reach + 1, size=(2, len(x)))
            yield windows[np.arange(len(x)), row, column].reshape(x.shape), y
