"""Rounding to a few bits is wrong by half a step at most, and training can go through it."""

import numpy as np
import pytest

from weighted_sums import quantisation
from weighted_sums.networks import init_network
from weighted_sums.pretrained.gguf import dequantize_q4_1


def drawn():
    return np.random.default_rng(0).normal(size=(6, 64)).astype("f4")


def rounded(weights, bits, block=32):
    return quantisation.dequantise(quantisation.quantise(weights, bits, block))


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_no_weight_is_wrong_by_more_than_half_a_step(bits):
    weights, found = drawn(), rounded(drawn(), bits)
    steps = np.ptp(weights.reshape(-1, 32), axis=1) / (2**bits - 1)
    wrong = np.abs(found - weights).reshape(-1, 32).max(axis=1)
    assert (wrong <= 0.5 * steps + 4e-3).all()  # step and minimum are in half precision
    assert all(len(np.unique(block)) <= 2**bits for block in found.reshape(-1, 32))
    assert found.dtype == np.float32 and found.shape == weights.shape


def test_with_four_bits_the_levels_are_those_of_a_file():
    q = quantisation.quantise(drawn(), 4)
    halves = np.concatenate([q.step, q.minimum], axis=1).astype("<f2").view(np.uint8)
    packed = np.concatenate([halves, q.steps[:, :16] | (q.steps[:, 16:] << 4)], axis=1)
    np.testing.assert_array_equal(
        dequantize_q4_1(packed).reshape(drawn().shape), quantisation.dequantise(q)
    )
    assert 8 * packed.shape[1] / 32 == quantisation.bits_per_weight(4)


def test_equal_weights_stay_and_rounding_twice_changes_nothing():
    with np.errstate(invalid="raise"):  # nothing is divided by a step of 0
        np.testing.assert_allclose(rounded(np.full((2, 32), 0.25, "f4"), 4), 0.25)
    once = rounded(drawn(), 8)
    np.testing.assert_allclose(rounded(once, 8), once, atol=5e-3)


def test_where_half_precision_rounds_the_step_down_the_steps_still_fit_their_bits():
    smallest = 2.0**-24  # the smallest positive number in half precision
    weights = np.linspace(0, 1.4 * 15 * smallest, 32, dtype=np.float32)
    q = quantisation.quantise(weights, 4)
    assert q.step == smallest and q.steps.max() == 15


def test_an_outlier_spoils_its_own_block_only():
    weights = drawn()
    weights[0, 0] = 50.0
    wrong = np.abs(rounded(weights, 4) - weights).reshape(-1, 32).mean(axis=1)
    assert wrong[0] > 5 * wrong[1:].max()
    whole = np.abs(rounded(weights, 4, weights.size) - weights)
    assert whole.mean() > 5 * wrong[1:].mean()


@pytest.mark.parametrize(("size", "bits"), [(33, 4), (32, 9), (32, 0), (0, 4)])
def test_odd_sizes_and_odd_numbers_of_bits_are_refused(size, bits):
    with pytest.raises(ValueError, match=r"do not fill blocks of 32|bits must be a whole number"):
        quantisation.quantise(np.zeros(size), bits)


def test_only_matrices_are_rounded():
    network = init_network([32, 4, 3], np.random.default_rng(0), np.float32)
    found = quantisation.rounded(network, 2)
    assert found[0].b is network[0].b and found[1].W is network[1].W  # 12 weights fill no block
    assert len(np.unique(found[0].W[0])) <= 4
    whole = quantisation.rounded(network, 2, 0)
    assert len(np.unique(whole[0].W)) <= 4 and len(np.unique(whole[1].W)) <= 4


def test_the_gradient_goes_straight_through():
    network = init_network([32, 4], np.random.default_rng(0), np.float32)
    seen = []

    def gradient(model, x):
        seen.append(model)
        return float(x), model

    cost, grads = quantisation.straight_through(gradient, 2)(network, 3.0)
    assert cost == 3.0 and grads is seen[0]
    np.testing.assert_array_equal(seen[0][0].W, quantisation.rounded(network, 2)[0].W)
