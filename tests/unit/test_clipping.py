"""Clipping scales the whole gradient, as torch does, and refuses what has no direction."""

import math

import numpy as np
import pytest
import torch

from weighted_sums import descent, networks, optimizers, training
from weighted_sums.workshop.parameters import leaves


def test_gradients_are_clipped_to_the_largest_norm_in_their_own_direction():
    rng = np.random.default_rng(0)
    grads = [networks.Layer(rng.standard_normal((3, 5)), rng.standard_normal(3)) for _ in "ab"]
    arrays = [torch.tensor(dp) for dp in leaves(grads)]
    clipped, norm = optimizers.clip_grad_norm(grads, 0.5)
    assert norm == pytest.approx(torch.nn.utils.get_total_norm(arrays).item(), rel=1e-10)
    for found, dp in zip(leaves(clipped), arrays, strict=True):
        np.testing.assert_allclose(found, dp * (0.5 / norm), rtol=1e-10)
    assert isinstance(clipped[0], networks.Layer)
    assert optimizers.clip_grad_norm(clipped, 0.6)[0] is clipped
    at_the_limit = [np.array([3.0, 4.0])]
    assert optimizers.clip_grad_norm(at_the_limit, 5.0)[0] is at_the_limit


def test_a_large_float32_norm_does_not_overflow_and_keeps_its_dtype():
    grads = [np.full(4, 1e30, np.float32)]
    clipped, norm = optimizers.clip_grad_norm(grads, 2.0)
    assert norm == pytest.approx(2e30)
    assert clipped[0].dtype == np.float32
    np.testing.assert_allclose(clipped[0], 1)


def test_a_gradient_without_direction_and_a_norm_without_length_are_refused():
    with pytest.raises(FloatingPointError, match="a gradient of norm nan cannot be clipped"):
        optimizers.clip_grad_norm([np.array([np.nan])], 1.0)
    for max_norm in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match="max_norm must be positive"):
            optimizers.clip_grad_norm([np.ones(2)], max_norm)


def test_training_may_clip_its_gradients():
    gradient = optimizers.with_clipping(lambda network, x: (1.0, [2 * network[0]]), 3.0)
    network = training.train(
        [np.array([100.0])], gradient, Thrice(),
        optimizer=descent.GradientDescent(1.0), epochs=1, rng=np.random.default_rng(0),
    )  # fmt: skip
    np.testing.assert_allclose(network[0], 100 - 3 * 3)


class Thrice:
    def epoch(self, rng):
        yield from [(np.ones(1),)] * 3
