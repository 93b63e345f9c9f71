"""Checks for the exercises of the page on assistants."""

from __future__ import annotations

import numpy as np

from weighted_sums import descent, preferences
from weighted_sums.exercises import require

TRIALS = 20


def implied(answer) -> str:
    """`implied(before, after, leash)` is the reward that explains the change, average zero."""
    rng = np.random.default_rng(0)
    for _ in range(TRIALS):
        before, leash = rng.dirichlet(np.ones(5)), float(rng.uniform(0.3, 3))
        reward = rng.standard_normal(5)
        reward -= reward.mean()
        after = preferences.leashed(before, reward, leash)
        found = np.asarray(answer(before.copy(), after.copy(), leash), dtype=float)
        where = f"for a leash of {leash:.2f}"
        require(found.shape == (5,), f"{where} five rewards are asked for, not {found.shape}")
        require(
            np.allclose(found - found.mean(), reward) or not np.allclose(
                found - found.mean(), reward / leash
            ),
            f"{where} yours are the rewards divided by the leash",
        )  # fmt: skip
        require(
            not np.allclose(found - found.mean(), reward) or np.isclose(found.mean(), 0),
            f"{where} the differences are right, but the average is {found.mean():.3f}, not 0",
        )
        require(
            np.allclose(found, reward),
            f"{where} the rewards were {reward.round(3).tolist()}, yours are "
            f"{found.round(3).tolist()}",
        )
    return f"for {TRIALS} policies"


def features(answer) -> str:
    """`features(facts, flourishes)` lets a weighted sum learn what the raters feel."""
    facts, flourishes = (
        axis.ravel().astype(float) for axis in np.meshgrid(range(5), range(9), indexing="ij")
    )
    value = facts + 1.2 * flourishes - 0.2 * flourishes**2
    x = np.asarray(answer(facts.copy(), flourishes.copy()), dtype=float)
    require(
        x.ndim == 2 and len(x) == len(value),
        f"a row for each of the {len(value)} answers is asked for, yours has shape {x.shape}",
    )
    require(bool(np.isfinite(x).all()), "some of your properties are not finite")
    x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-9)
    pairs = np.random.default_rng(1).integers(len(value), size=(2, 4000))
    right = value[pairs[0]] > value[pairs[1]]
    better, worse = np.where(right, *pairs), np.where(right, *pairs[::-1])

    def slope(w: np.ndarray) -> np.ndarray:
        return preferences.cost_and_gradient(w, x[better], x[worse])[1]

    w = descent.descend(slope, np.zeros(x.shape[1]), descent.GradientDescent(0.5), 800)[-1]
    agrees = float(((x[better] - x[worse]) @ w > 0)[value[better] != value[worse]].mean())
    require(
        agrees > 0.97,
        f"a weighted sum of your properties agrees with {agrees:.0%} of the judgements; "
        "can it rise and fall again with the flourishes?",
    )
    return f"a weighted sum of them agrees with {agrees:.1%} of the judgements"
