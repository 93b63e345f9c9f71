"""The task whose reward a program checks: its gradient, its samples, and what they improve."""

import numpy as np
import pytest

from weighted_sums.experiments import verified
from weighted_sums.workshop.parameters import flatten, unflatten

TRAIN, HELD_OUT = verified.divide(np.random.default_rng(0))


def model(seed=0):
    return verified.imitate(TRAIN, np.random.default_rng(seed), steps=60)


def test_prompts_are_divided_without_overlap():
    together = np.vstack([TRAIN, HELD_OUT])
    assert len(TRAIN) == 48 and len(HELD_OUT) == 16
    assert len({tuple(p) for p in together}) == 64 and (together[:, 3] == 4).all()


def test_only_the_reverse_is_rewarded():
    rows = np.array([[0, 1, 2, 4, 2, 1, 0], [0, 1, 2, 4, 0, 1, 2], [0, 1, 2, 4, 2, 1, 1]])
    assert verified.rewards(rows).tolist() == [1, 0, 0]
    assert verified.rewards(verified.all_rows(TRAIN)).sum() == 48


def test_the_teacher_is_right_as_often_as_it_says():
    x, y = next(verified.Demonstrations(PROMPT, 0.3, 1).epoch(np.random.default_rng(0)))
    assert (y[:, :3] == -1).all() and (x[:, 3] == 4).all()
    found = [
        next(verified.Demonstrations(PROMPT, 0.3, 1).epoch(np.random.default_rng(i)))[1][:, 3:]
        for i in range(60)
    ]
    answers = np.vstack(found)
    assert set(map(tuple, answers)) == {(2, 1, 0), (0, 1, 2)}
    assert (answers[:, 0] == 2).mean() == pytest.approx(0.3, abs=0.05)


PROMPT = np.array([[0, 1, 2, 4]])


def test_the_average_reward_is_the_probability_of_the_right_answers():
    found = model()
    rows = verified.all_rows(TRAIN)
    p = np.exp(verified.log_probabilities(found, rows, verified.FIRST))
    assert 40 < p.sum() < len(TRAIN)  # the rest are answers with a separator in them
    assert verified.success(found, TRAIN) == pytest.approx(
        p @ verified.rewards(rows) / len(TRAIN), rel=1e-4
    )


def test_a_small_step_along_the_exact_gradient_raises_the_average_reward_as_it_says():
    found = model()
    g = flatten(verified.exact_gradient(found, TRAIN)).astype(np.float64)
    start = flatten(found).astype(np.float64)

    def at(step):
        return verified.success(unflatten(start + step * g, found), TRAIN)

    assert (at(1e-4) - at(-1e-4)) / 2e-4 == pytest.approx(g @ g, rel=1e-3)


@pytest.mark.slow
def test_samples_estimate_the_exact_gradient_with_and_without_a_baseline():
    found, rng = model(), np.random.default_rng(5)
    exact = flatten(verified.exact_gradient(found, TRAIN))
    for baseline in (False, True):
        drawn = np.array([
            flatten(verified.sampled_gradient(found, TRAIN, rng, baseline)) for _ in range(100)
        ])  # fmt: skip
        noise = np.sqrt(((drawn - exact) ** 2).sum(axis=1).mean())
        assert np.linalg.norm(drawn.mean(axis=0) - exact) < 1.5 * noise / np.sqrt(100)


@pytest.mark.slow
def test_rewards_improve_a_model_beyond_its_teacher():
    start = verified.imitate(TRAIN, np.random.default_rng(1), steps=300)
    before = verified.success(start, TRAIN)
    after, history = verified.improve(start, TRAIN, np.random.default_rng(2), True, steps=80)
    assert len(history) == 81 and history[0] == pytest.approx(before)
    assert before < 0.45 and verified.success(after, TRAIN) > before + 0.2
    assert history[-1] == pytest.approx(verified.success(after, TRAIN))
    assert verified.success(start, TRAIN) == pytest.approx(before)  # the start is not changed
