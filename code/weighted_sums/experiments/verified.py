"""Reinforcement learning with a reward that a program can check: three symbols in reverse.

A row is a prompt, three symbols and a separator, and an answer of three symbols. There are so few
answers that the average reward and its gradient can be computed exactly.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from weighted_sums import optimizers, training, transformer
from weighted_sums.policy_gradient import log_probabilities, policy_gradient, sample_answers
from weighted_sums.tasks import masked_targets
from weighted_sums.transformer import Transformer
from weighted_sums.workshop.parameters import copy, leaves

SYMBOLS, LENGTH = 4, 3
FIRST = LENGTH + 1  # where the answer begins
WORDS = np.array(list(itertools.product(range(SYMBOLS), repeat=LENGTH)))
PROMPTS = np.array([[*word, SYMBOLS] for word in WORDS])


def divide(rng: np.random.Generator, held_out: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """Return the prompts to train on, and those for which no answer is ever sampled."""
    order = rng.permutation(len(PROMPTS))
    return PROMPTS[order[held_out:]], PROMPTS[order[:held_out]]


def rewards(rows: np.ndarray) -> np.ndarray:
    """Return 1 for each row whose answer is its prompt in reverse, and 0 for all others."""
    answers, wanted = rows[:, FIRST:], rows[:, :LENGTH][:, ::-1]
    return (answers == wanted).all(axis=1).astype(float)


@dataclass(frozen=True)
class Demonstrations:
    """What a careless teacher writes: the right answer with a probability, or else a copy."""

    prompts: np.ndarray
    right: float
    batches: int

    def epoch(self, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield batches of 32 demonstrations, with targets in the answers alone."""
        for _ in range(self.batches):
            prompts = self.prompts[rng.integers(len(self.prompts), size=32)]
            words = prompts[:, :LENGTH]
            is_right = rng.random((32, 1)) < self.right
            answers = np.where(is_right, words[:, ::-1], words)
            yield masked_targets(np.hstack([prompts, answers]), FIRST - 1)


def imitate(
    prompts: np.ndarray, rng: np.random.Generator, right: float = 0.2, steps: int = 400
) -> Transformer:
    """Train a small transformer on the demonstrations of a teacher who is rarely right."""
    model = transformer.init_transformer(SYMBOLS + 1, FIRST + LENGTH, 32, 4, 2, rng)
    return training.train(
        model,
        transformer.cost_and_gradient,
        Demonstrations(prompts, right, steps),
        optimizer=optimizers.Adam(3e-3),
        epochs=1,
        rng=rng,
    )


def all_rows(prompts: np.ndarray) -> np.ndarray:
    """Return every prompt with every possible answer."""
    return np.array([[*prompt, *word] for prompt in prompts for word in WORDS])


def exact_gradient(model: Transformer, prompts: np.ndarray) -> Transformer:
    """Return the gradient of the average reward, {eq}`policy-gradient`: a sum over all answers.

    Answers with a separator in them are left out, since their reward is 0.
    """
    rows = all_rows(prompts)
    p = np.exp(log_probabilities(model, rows, FIRST)) / len(prompts)
    return policy_gradient(model, rows, p * rewards(rows), FIRST)


def sampled_gradient(
    model: Transformer,
    prompts: np.ndarray,
    rng: np.random.Generator,
    baseline: bool,
    bonus: float = 0.0,
    n: int = 16,
) -> Transformer:
    """Return an estimate of the same gradient, {eq}`reinforce`, from `n` sampled answers.

    The baseline of an answer is the average reward of the other answers of the sample. A `bonus` is
    added to the reward of every answer, right or wrong.
    """
    drawn = prompts[rng.integers(len(prompts), size=n)]
    rows = sample_answers(model, drawn, LENGTH, rng)
    r = rewards(rows) + bonus
    b = (r.sum() - r) / (n - 1) if baseline else np.zeros(n)
    return policy_gradient(model, rows, (r - b) / n, FIRST)


def success(model: Transformer, prompts: np.ndarray) -> float:
    """Return the average probability of the right answer, which is the average reward."""
    rows = np.hstack([prompts, prompts[:, :LENGTH][:, ::-1]])
    return float(np.exp(log_probabilities(model, rows, FIRST)).mean())


def improve(
    model: Transformer,
    prompts: np.ndarray,
    rng: np.random.Generator,
    baseline: bool,
    bonus: float = 0.0,
    steps: int = 150,
    learning_rate: float = 3e-3,
) -> tuple[Transformer, list[float]]:
    """Follow sampled gradients; return the model and its average reward before each step."""
    model, history = copy(model), []
    optimizer = optimizers.Adam(learning_rate)
    for _ in range(steps):
        history.append(success(model, prompts))
        grads = sampled_gradient(model, prompts, rng, baseline, bonus)
        optimizer.step(leaves(model), [-g for g in leaves(grads)])  # uphill
    return model, [*history, success(model, prompts)]
