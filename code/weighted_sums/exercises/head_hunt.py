"""Checks for the steps of the project in which a head is found, ablated and explained."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, call, diagnose, require, require_equal


def scores(answer) -> str:
    """`scores(patterns, period)` is how much each head attends to the token after a copy."""
    rng = np.random.default_rng(0)
    for layers, heads, T, period in ((2, 4, 12, 5), (1, 2, 9, 3), (3, 1, 8, 4)):
        patterns = []
        for _ in range(layers):
            weights = np.tril(rng.random((heads, T, T)))
            patterns.append(weights / weights.sum(axis=-1, keepdims=True))
        where = f"for {layers} layer(s) of {heads} head(s), {T} positions, and the period {period}"

        def mean(shift, first=period, patterns=patterns, T=T):
            at = np.arange(max(first, shift, 0), T)
            return np.array([p[:, at, at - shift].mean(axis=1) for p in patterns])

        later = np.arange(period, T)
        require_equal(call(answer, where, patterns, period), mean(period - 1), where, {
            "you look at the copy of the present token; the token after it is asked for":
                mean(period),
            "you look at the token before the copy; the one after it is asked for":
                mean(period + 1, period + 1),
            "you look at the previous position": mean(1),
            "you also average over the first copy, which has nothing to look back to":
                mean(period - 1, period - 1),
            "query and key are exchanged: rows are queries":
                np.array([p[:, later - period + 1, later].mean(axis=1) for p in patterns]),
            "you take the largest weight; the mean is asked for":
                np.array([p[:, later, later - period + 1].max(axis=1) for p in patterns]),
            "you add up the weights; the mean is asked for": mean(period - 1) * len(later),
            "heads and layers are exchanged; a row for each layer": mean(period - 1).T,
        }, "some scores differ")  # fmt: skip
    return "one score for each head, from the second copy on"


def effects(answer) -> str:
    """`effects(loss_without, pairs, seeds)` is the mean paired increase of the loss by head."""
    rng = np.random.default_rng(1)
    pairs = [(0, 0), (0, 1), (1, 0), (1, 1)]
    seeds = [3, 4, 5, 6]
    base = dict(zip(seeds, rng.uniform(1, 3, 4), strict=True))
    harm = {pair: dict(zip(seeds, np.sort(rng.normal(0.5, 0.3, 4)), strict=True)) for pair in pairs}

    def loss_without(heads, seed):
        require(seed in seeds, f"you ask for the seed {seed!r}, which is not among {seeds}")
        heads = [tuple(int(n) for n in pair) for pair in heads]
        unknown = [pair for pair in heads if pair not in pairs]
        require(not unknown, f"you ablate {unknown}, which is not among the heads")
        return base[seed] + sum(harm[pair][seed] for pair in heads)

    found = call(answer, "for four heads", loss_without, [*pairs], [*seeds])
    require(isinstance(found, dict), f"a dictionary is asked for, not {type(found).__name__}")
    require(set(found) == set(pairs), f"its keys should be the heads, not {[*found]}")
    for pair in pairs:
        increases = np.array([harm[pair][seed] for seed in seeds])
        without = np.array([base[seed] for seed in seeds]) + increases
        everything = sum(np.mean(list(harm[other].values())) for other in pairs)
        value, where = float(np.asarray(found[pair])), f"for head {pair}"
        if not np.isclose(value, increases.mean()):
            raise Wrong(f"{where} " + diagnose(value, {
                "yours is the loss without the head; subtract that with it": without.mean(),
                "the sign is wrong: an increase is positive": -increases.mean(),
                "you use one seed only": increases[0],
                "you compare with the baseline of one seed; each seed has its own":
                    without.mean() - base[seeds[0]],
                "you ablate all heads at once": everything,
                "yours is the largest increase; the mean is asked for": increases.max(),
                "yours is the sum over the seeds; the mean is asked for": increases.sum(),
            }, f"the mean increase is {increases.mean():.4f}, yours is {value:.4f}"))  # fmt: skip
    return "each seed is its own baseline"


def p_value(answer) -> str:
    """`p_value(effect, controls)` is how often chance would do as much, itself counted."""
    cases = (
        (0.2, [0.1, 0.3, 0.5, 0.2, 0.2]), (2.0, [0.1, 0.3, -0.2, 0.0]), (1.0, [2.0, 3.0]),
        (0.5, [0.1] * 19),
    )  # fmt: skip
    for effect, controls in cases:
        values = np.array(controls)
        n, more, equal = len(values), (values > effect).sum(), (values >= effect).sum()
        where = f"for the effect {effect} and the controls {controls[:4]}{'…' * (n > 4)}"
        want = (1 + equal) / (1 + n)
        require_equal(call(answer, where, effect, values), want, where, {
            "yours can be 0: count the effect itself as one of the draws": equal / n,
            "a control that does exactly as much counts, too": (1 + more) / (1 + n),
            "yours is the fraction of controls that do less": (values < effect).mean(),
            "you count the effect itself above the line only": (1 + equal) / n,
            "you count the effect itself below the line only": equal / (1 + n),
            "yours is a number of standard deviations; count":
                (effect - values.mean()) / max(values.std(), 1e-9),
        }, f"it should be {want:.4f}")  # fmt: skip
    return "never zero: with n controls it is at least 1/(n + 1)"
