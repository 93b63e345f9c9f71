"""Checks for the exercises of the chapter on learning from rewards."""

from __future__ import annotations

import numpy as np

from weighted_sums import descent, preferences
from weighted_sums.exercises import Wrong, call, diagnose, require, require_equal, returned

TRIALS = 20
ENOUGH = 0.9  # what rises and falls again agrees with 92% and more, what cannot with 88% or less


def implied(answer) -> str:
    """`implied(before, after, beta)` is the reward that explains the change, average zero."""
    rng = np.random.default_rng(0)
    for trial in range(TRIALS):
        n = 5 if trial < TRIALS // 2 else int(rng.integers(2, 9))
        before, beta = rng.dirichlet(np.ones(n)), float(rng.uniform(0.3, 3))
        reward = rng.standard_normal(n)
        reward -= reward.mean()
        after = preferences.kl_regularised(before, reward, beta)
        given, where = (before.copy(), after.copy()), f"for β = {beta:.2f}"
        found = np.asarray(returned(answer(*given, beta)), dtype=float)
        unchanged = np.array_equal(given, (before, after))
        require(unchanged, f"{where} you changed the policies that you were given")
        require(
            found.shape == (n,),
            f"{where}, expected {n} rewards, not an array of shape {found.shape}",
        )
        average, policies = found.mean(), {"before": before @ found, "after": after @ found}
        zero = diagnose(0.0, policies)
        require(
            not np.allclose(found - average, reward, atol=1e-5) or abs(average) < 1e-5,
            f"{where} the differences are right, but the average is {average:.3f}, not 0"
            + (f" (that under the policy {zero} is; each answer counts once)" if zero else ""),
        )
        errors = _misread(before, after, reward, beta)
        require(
            np.allclose(found, reward, atol=1e-5),
            f"{where} the rewards were {reward.round(3).tolist()}, yours are "
            f"{found.round(3).tolist()}{diagnose(found - average, errors)}",
        )
    return f"for {TRIALS} policies"


def _misread(before, after, reward, beta: float) -> dict[str, np.ndarray]:
    ratio = after / before
    return {
        "; yours are the rewards divided by β": reward / beta,
        "; yours are divided by β twice: multiply by it": reward / beta**2,
        "; yours have the wrong sign: divide after by before": -reward,
        "; the logarithm should be the natural one, not of base 2": reward / np.log(2),
        "; the logarithm should be the natural one, not of base 10": reward / np.log(10),
        "; the logarithm of the ratio is missing": beta * (ratio - ratio.mean()),
        "; take the difference of logarithms, not of probabilities": beta * (after - before),
    }


def features(answer) -> str:
    """`features(facts, flourishes)` lets a weighted sum learn the rewards of the raters."""
    facts, flourishes = (
        axis.ravel().astype(float) for axis in np.meshgrid(range(5), range(9), indexing="ij")
    )
    value = facts + 1.2 * flourishes - 0.2 * flourishes**2
    x = np.asarray(returned(answer(facts.copy(), flourishes.copy())), dtype=float)
    turned = "; stack the properties as columns (`axis=1`)" * (x.shape[-1:] == value.shape)
    require(
        x.ndim == 2 and len(x) == len(value),
        f"expected a row for each of the {len(value)} answers, not an array of shape "
        f"{x.shape}{turned}",
    )
    require(bool(np.isfinite(x).all()), "some of your properties are not finite")
    x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-9)
    better, worse = np.nonzero(value[:, None] > value + 1e-9)  # all pairs, but for ties

    def gradient(w: np.ndarray) -> np.ndarray:
        return preferences.cost_and_gradient(w, x[better], x[worse])[1]

    w = descent.descend(gradient, np.zeros(x.shape[1]), descent.GradientDescent(1.0), 400)[-1]
    agrees = float(((x[better] - x[worse]) @ w > 0).mean())
    learned = (x @ w).reshape(5, 9)
    require(
        agrees > ENOUGH,
        f"a weighted sum of your properties agrees with {agrees:.0%} of the judgements; "
        + _shortcoming(learned),
    )
    return f"a weighted sum of them agrees with {agrees:.1%} of the judgements"


def _shortcoming(learned: np.ndarray) -> str:
    by_flourishes, more_facts = learned.mean(axis=0), np.diff(learned.mean(axis=1))
    best, steps = int(by_flourishes.argmax()), np.diff(by_flourishes)
    if np.allclose(steps, 0):
        return "its reward is the same for any number of flourishes"
    if np.allclose(more_facts, 0):
        return "its reward is the same for any number of facts"
    if best in (0, len(steps)):
        return f"its reward is highest for {best} flourishes: can it rise and fall again with them?"
    return f"its reward is highest for {best} flourishes, that of the raters for 3"


def difference(answer) -> str:
    """`difference(p)` is the difference of rewards at which one is preferred so often."""
    for p in (0.75, 0.5, 0.99, 0.2):
        want = float(np.log(p / (1 - p)))
        odds = p / (1 - p)
        require_equal(call(answer, f"for p = {p}", p), want, f"for p = {p}", {
            "yours is the difference of the probabilities; rewards are logarithms of odds":
                2 * p - 1,
            "yours are the odds; take their logarithm": odds,
            "you leave out the other answer: divide by 1 - p before the logarithm": np.log(p),
            "the sign is wrong: what is preferred has the larger reward": -want,
            "the logarithm should be the natural one, not of base 2": want / np.log(2),
            "you compute the probability from the reward; the inverse is asked for":
                1 / (1 + np.exp(-p)),
        }, f"it should be {want:.4f}")  # fmt: skip
    return "the logarithm of the odds, the inverse of the sigmoid"


def kl(answer) -> str:
    """`kl(p, q)` is the Kullback-Leibler divergence, also where a probability is zero."""
    cases = (
        ([0.5, 0.5], [0.9, 0.1]), ([0.2, 0.3, 0.5], [0.4, 0.4, 0.2]),
        ([0.5, 0.0, 0.5], [0.4, 0.4, 0.2]), ([0.5, 0.0, 0.5], [0.5, 0.0, 0.5]),
        ([0.5, 0.5, 0.0], [0.8, 0.0, 0.2]),
    )  # fmt: skip
    for p, q in (tuple(map(np.array, pair)) for pair in cases):
        where = f"for p = {p.tolist()} and q = {q.tolist()}"
        want = _divergence(p, q)
        with np.errstate(all="ignore"):
            found = float(call(answer, where, p, q))
        require(not np.isnan(found), f"{where} yours is nan: 0 · ln 0 counts as 0")
        with np.errstate(all="ignore"):
            slips = {
                "p and q are swapped: the average is over p": _divergence(q, p),
                "the sign is wrong; a divergence is never negative": -want,
                "yours is in bits; the natural logarithm gives nats": want / np.log(2),
                "each logarithm must be weighted by p": np.log((p / q)[(p > 0) & (q > 0)]).sum(),
                "an answer that only p gives has an infinite loss": _divergence(p, q, skip=True),
            }  # fmt: skip
        if not np.isclose(found, want):
            near = diagnose(found, slips, f"it should be {want:.4f}, yours is {found:.4f}")
            raise Wrong(f"{where} {near}")
    return "zeros included"


def _divergence(p, q, skip=False) -> float:
    given = p > 0
    if not skip and (q[given] == 0).any():
        return float("inf")
    given &= q > 0
    return float((p[given] * np.log(p[given] / q[given])).sum())


def dpo(answer) -> str:
    """`dpo(better, worse, better_before, worse_before, beta)` is the loss of one pair."""
    for given in ((-3.0, -4.0, -3.5, -3.8, 0.5), (-2.0, -1.0, -2.0, -1.0, 1.0),
                  (-8.0, -5.0, -6.0, -5.5, 0.1), (-1.0, -3.0, -2.0, -2.5, 2.0)):  # fmt: skip
        better, worse, better_before, worse_before, beta = given
        margin = (better - better_before) - (worse - worse_before)
        where = f"for log-probabilities {list(given[:4])} and β = {beta:g}"

        def loss(r) -> float:
            return float(np.log1p(np.exp(-r)))

        require_equal(call(answer, where, *given), loss(beta * margin), where, {
            "the old policy is missing: the implied reward is a ratio to it":
                loss(beta * (better - worse)),
            "β is missing": loss(margin),
            "you divide by β; the implied reward is β times the logarithm": loss(margin / beta),
            "better and worse are swapped": loss(-beta * margin),
            "yours is the probability; the loss is minus its logarithm":
                1 / (1 + np.exp(-beta * margin)),
            "yours is the margin; the loss is minus ln of its sigmoid": beta * margin,
            "the sign is wrong: a loss is minus the logarithm": -loss(beta * margin),
        }, f"it should be {loss(beta * margin):.4f}")  # fmt: skip
    return "and ln 2 as long as the policy is the old one"


def gradient(answer) -> str:
    """`gradient(p, r)` is the gradient of the average reward with respect to the logits."""
    cases = (([0.5, 0.3, 0.2], [0.0, 0.0, 1.0]), ([0.25, 0.75], [2.0, 1.0]),
             ([0.1, 0.2, 0.3, 0.4], [1.0, -1.0, 0.5, 3.0]))  # fmt: skip
    for p, r in (tuple(map(np.array, pair)) for pair in cases):
        where = f"for p = {p.tolist()} and r = {r.tolist()}"
        J = p @ r
        require_equal(call(answer, where, p, r), p * (r - J), where, {
            "the sum of your entries is not 0: each answer also lowers all others": p * r,
            "you subtract the plain mean of the rewards; weight it by p": p * (r - r.mean()),
            "the sign is wrong: this is the way down": p * (J - r),
            "the factor p is missing: rare answers are sampled rarely": r - J,
            "this is the average reward itself": J,
            "this is the gradient of ln J; it is still divided by J": p * (r - J) / J,
        }, f"it should be {(p * (r - J)).round(4).tolist()}")  # fmt: skip
    return "each answer is compared with the average"


def advantages(answer) -> str:
    """`advantages(rewards)` standardises the rewards of the answers to each prompt."""
    cases = ([[0, 1, 1, 0], [1, 1, 1, 1], [0, 0, 0, 1]], [[2.0, 5.0], [3.0, 3.0]], [[1, 2, 6]])
    for rewards in (np.array(case, dtype=float) for case in cases):
        where = f"for the rewards {rewards.tolist()}"
        with np.errstate(all="ignore"):
            found = np.asarray(call(answer, where, rewards), dtype=float)
        require(
            not np.isnan(found).any(),
            f"{where} yours holds nan: where all rewards of a prompt are equal, the advantage is 0",
        )
        with np.errstate(all="ignore"):
            errors = _misread_advantages(rewards)
        want = _standardised(rewards, rewards.mean(axis=1, keepdims=True), rewards.std(axis=1))
        require_equal(found, want, where, errors, f"it should be {want.round(3).tolist()}")
    return "and nothing is learned from a prompt whose answers are all equally good"


def _standardised(rewards, mean, deviation) -> np.ndarray:
    deviation = np.broadcast_to(np.reshape(deviation, (-1, 1)), rewards.shape)
    return np.where(deviation > 0, (rewards - mean) / np.where(deviation > 0, deviation, 1), 0.0)


def _misread_advantages(rewards) -> dict[str, np.ndarray]:
    mean = rewards.mean(axis=1, keepdims=True)
    return {
        "you take the mean over all prompts; each prompt has its own":
            _standardised(rewards, rewards.mean(), rewards.std()),
        "you compare the prompts with each other: the mean is over the other axis":
            _standardised(rewards.T, rewards.mean(axis=0)[:, None], rewards.std(axis=0)).T,
        "the division by the standard deviation is missing": rewards - mean,
        "the mean is not subtracted": _standardised(rewards, 0, rewards.std(axis=1)),
        "you divide by the variance; take its root": _standardised(
            rewards, mean, rewards.var(axis=1)),
        "the sign is wrong: good answers have a positive advantage":
            -_standardised(rewards, mean, rewards.std(axis=1)),
        "you divide by n - 1 in the standard deviation; here divide by n": _standardised(
            rewards, mean, rewards.std(axis=1, ddof=1)),
    }  # fmt: skip


def verifier(answer) -> str:
    """`verifier(a, b, text)` rewards the sum and nothing else, whatever the text is."""
    for a, b, text, why in (
        (12, 30, "42", ""), (12, 30, " 42 ", ""), (0, 0, "0", ""), (99, 1, "100", ""),
        (12, 30, "43", "it is wrong"), (12, 30, "142", "142 is not 42"),
        (12, 30, "420", "420 is not 42"), (12, 30, "40 41 42 43", "it lists many numbers"),
        (12, 30, "", "there is no answer"), (12, 30, "forty-two", "these are no digits"),
        (12, 30, "42 or 43", "it leaves the choice to the reader"),
        (12, 30, "12 + 30", "it repeats the question"), (12, 30, "4_2", "4_2 is no number"),
        (12, 30, "4 2", "4 2 are two numbers"), (12, 30, "٤٢", "these are other digits"),
    ):  # fmt: skip
        where = f"for {a} + {b} and the text {text!r}"
        found = call(answer, where, a, b, text)
        require(
            np.ndim(found) == 0 and found in (0, 1), f"{where} the reward is 0 or 1, not {found!r}"
        )
        if why:
            require(not found, f"{where} you give the reward, although {why}")
        require(bool(found) != bool(why), f"{where} the answer is right, and you give no reward")
    return "a policy that is trained on it has to add"
