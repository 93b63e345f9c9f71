"""Temperature and its limits, top-k, top-p, and the random sample."""

import warnings

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from weighted_sums.sampling import probabilities, sample, top_k, top_p, with_tail

LOGITS = arrays(np.float64, st.integers(1, 12), elements=st.floats(-1e3, 1e3))
Z = np.array([2.0, -1.0, 0.5, 2.0, 7.0])


@given(LOGITS, st.floats(0, 1e6))
def test_probabilities_sum_to_1_at_any_temperature(z, temperature):
    p = probabilities(z, temperature)
    assert (p >= 0).all() and p.sum() == pytest.approx(1)
    assert p[z.argmax()] == p.max()


@pytest.mark.parametrize("temperature", [0.3, 1.0, 5.0])
def test_probabilities_equal_those_of_torch(temperature):
    expected = torch.softmax(torch.tensor(Z) / temperature, -1)
    np.testing.assert_allclose(probabilities(Z, temperature), expected)


def test_the_limits_are_the_largest_alone_and_equal_probabilities():
    np.testing.assert_array_equal(probabilities(Z, 0.0), [0, 0, 0, 0, 1])
    np.testing.assert_array_equal(probabilities(Z[:4], 0.0), [0.5, 0, 0, 0.5])
    np.testing.assert_array_equal(probabilities(Z[:4], 1e-310), probabilities(Z[:4], 0.0))
    np.testing.assert_allclose(probabilities(Z, 1e9), 0.2)
    np.testing.assert_allclose(probabilities(Z, float("inf")), 0.2)


def test_adding_a_constant_to_all_logits_changes_nothing():
    np.testing.assert_allclose(probabilities(Z + 1e4, 0.7), probabilities(Z, 0.7))


@pytest.mark.parametrize("temperature", [0.0, 0.5, 2.0])
def test_logits_may_be_integers(temperature):
    whole = np.array([2, 1, 0, -5])
    np.testing.assert_allclose(
        probabilities(whole, temperature), probabilities(whole * 1.0, temperature)
    )


@pytest.mark.parametrize("temperature", [-0.1, float("nan")])
def test_a_negative_temperature_is_refused(temperature):
    with pytest.raises(ValueError, match=f"0 or more, not {temperature}"):
        probabilities(Z, temperature)


@given(LOGITS, st.integers(1, 15))
def test_top_k_keeps_k_tokens_in_their_proportions(z, k):
    p = probabilities(z)
    kept = top_k(p, k)
    assert (kept > 0).sum() == min(k, (p > 0).sum())
    assert kept.sum() == pytest.approx(1)
    assert p[kept > 0].min() >= p[kept == 0].max(initial=0)
    np.testing.assert_allclose(kept[kept > 0] / kept.max(), p[kept > 0] / p.max())


@given(LOGITS, st.floats(0.01, 1))
def test_top_p_keeps_the_fewest_tokens_with_that_probability_mass(z, mass):
    p = probabilities(z)
    kept = top_p(p, mass) > 0
    assert p[kept].sum() >= mass - 1e-9
    assert p[kept].sum() - p[kept].min() < mass + 1e-9
    assert p[kept].min() >= p[~kept].max(initial=0)


def test_rows_are_truncated_one_by_one():
    p = np.stack([probabilities(Z), probabilities(Z[::-1])])
    np.testing.assert_allclose(top_k(p, 2), np.stack([top_k(row, 2) for row in p]))
    np.testing.assert_allclose(top_p(p, 0.9), np.stack([top_p(row, 0.9) for row in p]))


@pytest.mark.parametrize(("truncate", "to"), [(top_k, 0), (top_p, 0.0), (top_p, 1.5)])
def test_a_truncation_that_keeps_nothing_or_more_than_all_is_refused(truncate, to):
    with pytest.raises(ValueError, match="must"):
        truncate(probabilities(Z), to)


def test_tokens_are_sampled_with_their_probabilities():
    rng, p = np.random.default_rng(0), np.array([0.5, 0.0, 0.2, 0.3])
    drawn = np.bincount([sample(p, rng) for _ in range(20_000)], minlength=4) / 20_000
    np.testing.assert_allclose(drawn, p, atol=0.015)
    assert drawn[1] == 0


def test_what_cannot_be_probabilities_is_refused():
    for wrong in ([0.5, 0.2], [-0.5, 1.5], [np.nan, 1.0]):
        with pytest.raises(ValueError, match="sum to 1"):
            sample(np.array(wrong), np.random.default_rng(0))


def test_the_last_possible_token_takes_what_rounding_leaves():
    class Highest(np.random.Generator):
        def random(self):
            return 1 - 2**-53

    for count in range(1, 50):
        p = np.append(np.full(count, 1 / count), 0)
        assert sample(p, Highest(np.random.PCG64())) == count - 1


@pytest.mark.parametrize("logits", [[np.nan, 0.0], [-np.inf, -np.inf], [np.inf, 0.0]])
def test_logits_without_a_finite_largest_are_refused(logits):
    with pytest.raises(ValueError, match="the largest logit of a row must be finite"):
        probabilities(np.array(logits))


@pytest.mark.usefixtures("without_shape_checks")
def test_small_dtypes_are_converted_and_tables_are_refused():
    np.testing.assert_allclose(probabilities(np.array([-100, 100], np.int8)), [0, 1], atol=1e-80)
    assert probabilities(np.array([1, 2], np.uint8)).dtype == np.float64
    assert probabilities(np.zeros(100_000, np.float16))[0] == pytest.approx(1e-5)
    with pytest.raises(ValueError, match="probabilities must be one row"):
        sample(np.full((2, 2), 0.25), np.random.default_rng(0))
    with pytest.raises(ValueError, match="k must be a whole number"):
        top_k(np.array([0.5, 0.5]), 1.5)


class Fixed(np.random.Generator):
    """A generator whose next random number is known."""

    def __init__(self, number):
        super().__init__(np.random.PCG64())
        self.number = number

    def random(self):
        return self.number


@pytest.mark.parametrize("temperature", [0.0, 0.7])
def test_each_row_of_logits_has_probabilities_of_its_own(temperature):
    rows = np.stack([Z, 3 * Z[::-1], Z - 2])
    wanted = np.stack([probabilities(row, temperature) for row in rows])
    np.testing.assert_allclose(probabilities(rows, temperature), wanted)


def test_a_tiny_temperature_raises_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(probabilities(Z, 1e-310), [0, 0, 0, 0, 1])
        np.testing.assert_array_equal(with_tail(np.array([2.0, 1.0]), 0.0, 1e-310), [1, 0, 0])


def test_the_tail_is_what_the_softmax_over_all_gives_the_others():
    z = np.sort(Z)[::-1]
    others = float(np.log(np.exp(z[3:]).sum()))
    p = probabilities(z)
    np.testing.assert_allclose(with_tail(z[:3], others), [*p[:3], p[3:].sum()])


@pytest.mark.parametrize("temperature", [0.4, 1.0, 3.0])
def test_at_other_temperatures_the_tail_is_tokens_like_the_last_one(temperature):
    shown = np.array([3.0, 1.0, 0.5])
    p = probabilities(np.append(shown, np.full(4, 0.5)), temperature)
    found = with_tail(shown, 0.5 + float(np.log(4)), temperature)
    np.testing.assert_allclose(found, [*p[:3], p[3:].sum()])


def test_a_tail_has_the_limits_and_the_refusals_of_the_rest():
    np.testing.assert_array_equal(with_tail(np.array([2.0, 1.0]), 5.0, 0.0), [1, 0, 0])
    for temperature in (-0.5, float("nan")):
        with pytest.raises(ValueError, match=f"0 or more, not {temperature}"):
            with_tail(Z, 0.0, temperature)


def test_a_nucleus_with_enough_mass_takes_no_further_token():
    np.testing.assert_array_equal(top_p(np.array([0.25, 0.5, 0.25]), 0.5), [0, 1, 0])


def test_of_equal_probabilities_the_earlier_are_kept():
    kept = top_k(np.tile([1, 3, 2], 40) / 240, 50)
    wanted = sorted([*range(1, 120, 3), *range(2, 32, 3)])  # all threes, and the first ten twos
    np.testing.assert_array_equal(np.flatnonzero(kept), wanted)


def test_a_token_without_probability_is_not_drawn_at_either_end():
    assert sample(np.array([0.0, 1.0]), Fixed(0.0)) == 1
    assert sample(np.array([0.5, 0.0, 0.5]), Fixed(0.5)) == 2


def test_probabilities_that_rounding_made_too_large_keep_their_proportions():
    assert sample(np.array([0.4999, 0.5005]), Fixed(0.4999)) == 1
    for wrong in (0.5015, 0.4985):
        with pytest.raises(ValueError, match="sum to 1"):
            sample(np.array([0.5, wrong]), Fixed(0.5))


def test_a_million_tokens_in_single_precision_can_be_drawn_from():
    assert sample(np.full(1_000_000, 1e-6, np.float32), Fixed(0.25)) == 250_000


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("logits", [np.float64(1), np.empty(0), np.empty((2, 0))])
def test_nothing_cannot_be_chosen_from(logits):
    with pytest.raises(ValueError, match="leave nothing to choose from"):
        probabilities(logits)
