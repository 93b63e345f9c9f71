"""The gradient of the average reward: exact, and right on average when it is sampled."""

import inspect
import itertools

import numpy as np
import pytest
import torch

from weighted_sums import policy_gradient, transformer
from weighted_sums.blocks import Norm
from weighted_sums.gradient_check import central_difference
from weighted_sums.policy_gradient import log_probabilities, sample_answers
from weighted_sums.torch_twin import TorchTransformer, to_numpy
from weighted_sums.workshop.parameters import flatten, leaves, unflatten

RNG = np.random.default_rng(0)
SYMBOLS, FIRST = 3, 2
MODEL = transformer.init_transformer(SYMBOLS, 4, 8, 2, 1, RNG, np.float64)
MODEL = MODEL._replace(unembedding=40 * MODEL.unembedding)  # so that answers differ in probability
PROMPT = [2, 1]
ROWS = np.array([[*PROMPT, *answer] for answer in itertools.product(range(SYMBOLS), repeat=2)])
REWARD = RNG.standard_normal(len(ROWS))


def average_reward(model):
    return float(np.exp(log_probabilities(model, ROWS, FIRST)) @ REWARD)


def exact():
    p = np.exp(log_probabilities(MODEL, ROWS, FIRST))
    return policy_gradient.policy_gradient(MODEL, ROWS, p * REWARD, FIRST)


def test_the_probabilities_of_all_answers_add_up_to_one():
    p = np.exp(log_probabilities(MODEL, ROWS, FIRST))
    assert p.sum() == pytest.approx(1) and p.max() > 2 * p.min()


def test_a_log_probability_is_the_sum_over_the_tokens_of_the_answer():
    z = transformer.logits(MODEL, ROWS[:, :-1])
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    want = [log_p[i, 1, row[2]] + log_p[i, 2, row[3]] for i, row in enumerate(ROWS)]
    np.testing.assert_allclose(log_probabilities(MODEL, ROWS, FIRST), want)
    np.testing.assert_allclose(
        log_probabilities(MODEL, ROWS, 3), [log_p[i, 2, row[3]] for i, row in enumerate(ROWS)]
    )
    second = [log_p[i, 0, row[1]] for i, row in enumerate(ROWS)]
    np.testing.assert_allclose(log_probabilities(MODEL, ROWS, 1), np.add(second, want))


def test_the_exact_gradient_is_the_change_of_the_average_reward():
    start, direction = flatten(MODEL), RNG.standard_normal(flatten(MODEL).size)

    def along(step):
        return average_reward(unflatten(start + step[0] * direction, MODEL))

    measured = central_difference(along, np.zeros(1))[0]
    assert flatten(exact()) @ direction == pytest.approx(measured, abs=1e-6)


def test_the_gradient_equals_that_of_torch():
    twin = TorchTransformer(MODEL)
    weights = RNG.standard_normal(len(ROWS))
    z = twin(torch.from_numpy(ROWS[:, :-1]))[:, FIRST - 1 :]
    chosen = (
        torch.log_softmax(z, -1).gather(-1, torch.from_numpy(ROWS[:, FIRST:, None])).sum((1, 2))
    )
    (chosen @ torch.from_numpy(weights)).backward()
    found = policy_gradient.policy_gradient(MODEL, ROWS, weights, FIRST)
    for ours, theirs in zip(leaves(found), leaves(to_numpy(twin, grads=True)), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-10)


def estimates(baseline, n=8, times=300):
    rng, found = np.random.default_rng(7), []
    for _ in range(times):
        rows = sample_answers(MODEL, np.array([PROMPT] * n), 2, rng)
        reward = REWARD[rows[:, 2] * SYMBOLS + rows[:, 3]] + 5
        weights = (reward - baseline) / n
        found.append(flatten(policy_gradient.policy_gradient(MODEL, rows, weights, FIRST)))
    return np.array(found)


@pytest.mark.slow
def test_samples_are_right_on_average_and_a_baseline_makes_them_less_noisy():
    true = flatten(exact())
    noise = []
    for baseline in (0.0, average_reward(MODEL) + 5):
        found = estimates(baseline)
        error = np.linalg.norm(found.mean(axis=0) - true)
        noise.append(np.linalg.norm(found - true, axis=1).mean())
        assert error < 3 * noise[-1] / np.sqrt(len(found))
    assert noise[1] < 0.4 * noise[0]


def test_answers_are_sampled_with_the_models_probabilities():
    rows = sample_answers(MODEL, np.array([PROMPT] * 6000), 2, np.random.default_rng(1))
    assert rows.shape == (6000, 4) and (rows[:, :2] == PROMPT).all()
    counts = np.bincount(rows[:, 2] * SYMBOLS + rows[:, 3], minlength=9) / 6000
    np.testing.assert_allclose(
        counts, np.exp(log_probabilities(MODEL, ROWS, FIRST)), atol=4 * np.sqrt(0.25 / 6000)
    )
    assert sample_answers(MODEL, ROWS[:, :2], 0, RNG).shape == (9, 2)


class Fixed(np.random.Generator):
    """A generator whose random numbers are all the same."""

    def __init__(self, number):
        super().__init__(np.random.PCG64())
        self.number = number

    def random(self, size):
        return np.full(size, self.number)


def test_tokens_of_probability_0_are_never_sampled_first_and_last_ones_included():
    norm = Norm(np.zeros(8, np.float32), np.ones(8, np.float32))
    for count in range(1, 50):  # equal probabilities, whose sum is not always exactly 1
        model = transformer.init_transformer(count + 2, 1, 8, 2, 1, np.random.default_rng(0))
        unembedding = np.zeros_like(model.unembedding)
        unembedding[[0, -1]] = -1000
        model = model._replace(norm=norm, unembedding=unembedding)
        for number, token in ((0.0, 1), (1 - 2**-53, count)):
            rows = sample_answers(model, np.array([[0]]), 1, Fixed(number))
            assert rows.tolist() == [[0, token]]


@pytest.mark.parametrize("first", [0, 4, 5])
def test_an_answer_needs_a_prompt_and_a_token(first):
    with pytest.raises(ValueError, match=r"first|does not fit rows of 4 tokens"):
        log_probabilities(MODEL, ROWS, first)
    with pytest.raises(ValueError, match=r"first|does not fit rows of 4 tokens"):
        policy_gradient.policy_gradient(MODEL, ROWS, REWARD, first)


def test_every_answer_needs_a_weight():
    unchecked = inspect.unwrap(policy_gradient.policy_gradient)
    with pytest.raises(ValueError, match="weights"):
        unchecked(MODEL, ROWS, REWARD[:-1], FIRST)
