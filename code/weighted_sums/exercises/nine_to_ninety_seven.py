"""Checks for the exercises of the chapter on the ablation and the search."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import call, called, diagnose, require, require_shape


def difference_and_error(answer) -> str:
    """The difference of two methods with four seeds each, and its standard error."""
    found = np.asarray(answer, dtype=float)
    require(found.shape == (2,), f"expected 2 numbers, found shape {found.shape}")
    require(
        np.isclose(found[0], 1), f"the means are 96 and 95, so the difference is not {found[0]}"
    )
    hint = diagnose(found[1].round(3), {
        "the standard error: that is the standard deviation of one method": 0.816,
        "the standard error: divide by n − 1 in the variances": 0.5,
        "the standard error: both methods vary; add both variances": 0.408,
        "the standard error: standard deviations do not add, variances do": 0.816 * 2 / 2,
        "the standard error: divide the variances by the number of seeds": 1.155,
        "the standard error: take the root": 0.333,
    }, f"the standard error should not be {found[1]:.3g}")  # fmt: skip
    require(np.isclose(found[1], (1 / 3) ** 0.5, atol=0.006), hint)
    return "less than two standard errors: four seeds cannot tell"


def best_rate(answer) -> str:
    """`best_rate(found)` gives the best rate and whether it is at an end of the grid."""
    nan = float("nan")
    cases = {
        "the best in the middle": ({0.1: 80.0, 0.3: 90.0, 1.0: 70.0}, 0.3, False),
        "the best at the upper end": ({0.1: 80.0, 0.3: 85.0, 1.0: 90.0}, 1.0, True),
        "the best at the lower end, in another order": ({1.0: 70.0, 0.1: 90.0, 0.3: 80.0}, 0.1,
                                                        True),
        "a best rate that is first in the dictionary": ({0.3: 90.0, 0.1: 1.0, 1.0: 2.0}, 0.3,
                                                        False),
        "two runs that diverged": ({0.03: nan, 0.1: 80.0, 0.3: 90.0, 1.0: nan}, 0.3, False),
        "a diverged run at each end only": ({0.03: nan, 0.1: 85.0, 0.3: nan}, 0.1, False),
    }  # fmt: skip
    for where, (grid, rate, at_end) in cases.items():
        found = called(answer, f"for {where}", dict(grid))
        pair = isinstance(found, tuple | list) and len(found) == 2
        require(pair, f"for {where} you should return a pair: the rate, and True or False")
        hint = diagnose(found[0], {
            "that is an accuracy": max(v for v in grid.values() if v == v),
            "that is the worst": min(grid, key=lambda r: (grid[r] != grid[r], grid[r])),
        }, "is it `nan` that wins?")  # fmt: skip
        require(bool(found[0] == rate), f"for {where} the best rate is {rate}, not {found[0]}: "
                f"{hint}")  # fmt: skip
        why = (
            "rates of runs that diverged belong to the grid"
            if "run" in where
            else ("compare with the smallest and the largest rate")
        )
        require(bool(found[1]) == at_end, f"for {where} you say {found[1]}, but it "
                f"{'is' if at_end else 'is not'} at an end: {why}")  # fmt: skip
    return "a best rate at the end of its grid asks for a wider grid"


def paired(answer) -> str:
    """`paired(one, other)` gives the mean difference of pairs and its standard error."""
    rng = np.random.default_rng(0)
    for n in (5, 8):
        seeds = rng.normal(95, 2, size=n)
        one, other = seeds + rng.normal(0.5, 0.2, n), seeds + rng.normal(0, 0.2, n)
        where = f"for {n} pairs of seeds"
        found = np.asarray(call(answer, where, one.copy(), other.copy()), dtype=float)
        require_shape(found, (2,), where)
        d = one - other
        require(not np.isclose(found[0], -d.mean()), f"{where} take `one - other`, not the reverse")
        require(np.isclose(found[0], d.mean()), f"{where} the mean is not that of the differences")
        hint = diagnose(found[1], {
            "these are independent samples; pair them first":
                np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / n),
            "that is the standard deviation of the differences, not of their mean": d.std(ddof=1),
            "divide by n − 1 in the variance": d.std() / np.sqrt(n),
            "that is the variance of the mean; take the root": d.var(ddof=1) / n,
            "divide by the root of n, not by n": d.std(ddof=1) / n,
        }, "it is not that of the mean of the differences")  # fmt: skip
        right = d.std(ddof=1) / np.sqrt(n)
        require(np.isclose(found[1], right), f"{where} the standard error is wrong: {hint}")
    return "what both methods owe to their seed has cancelled"


def log_uniform(answer) -> str:
    """`log_uniform(low, high, size, rng)` draws numbers whose logarithm is uniform."""
    for low, high in ((1e-4, 1.0), (0.5, 8.0)):
        where = f"between {low} and {high}"
        found = np.asarray(call(answer, where, low, high, 20_000, np.random.default_rng(1)))
        require_shape(found, (20_000,), where)
        inside = (found >= 0.999 * low) & (found <= 1.001 * high)
        require(
            bool(inside.all()), f"{where} some numbers are outside, such as {found[~inside][:1]}"
        )
        require(len(np.unique(found)) > 1000, f"{where} few different numbers; do not use a grid")
        parts = np.histogram(np.log(found), 4, (np.log(low), np.log(high)))[0] / 20_000
        words = f"{where} the four quarters of the logarithmic range hold {parts.round(2).tolist()}"
        hint = ": that is uniform on the ordinary scale" if parts[-1] > 0.6 else ""
        require(bool((abs(parts - 0.25) < 0.02).all()), f"{words}; each should hold 0.25{hint}")
    one, two, three = (np.asarray(answer(0.1, 1.0, 3, np.random.default_rng(i))) for i in (1, 1, 2))
    require(np.array_equal(one, two), "draw from the `rng` that you are given")
    require(not np.array_equal(one, three), "you draw the same numbers in every call")
    return "each factor of ten gets as many draws"


def random_settings(answer) -> str:
    """`random_settings(space, count, rng)` draws independent settings."""
    space = {"rate": (0.001, 1.0), "hidden": [(30,), (100, 100)], "reach": [0, 1, 2]}
    where = "for 600 settings of a rate and two lists"
    found = called(answer, where, space, 600, np.random.default_rng(4))
    require(isinstance(found, list) and len(found) == 600, f"{where} expected a list of 600")
    for setting in found:
        require(isinstance(setting, dict) and {*setting} == {*space},
                f"{where} a setting should be a dictionary of {list(space)}")  # fmt: skip
        require(setting["reach"] in space["reach"], f"{where} no such reach: {setting['reach']!r}")
        require(any(setting["hidden"] is c or setting["hidden"] == c for c in space["hidden"]),
                f"{where} no such choice of hidden: {setting['hidden']!r}")  # fmt: skip
    rates = np.array([float(np.squeeze(setting["rate"])) for setting in found])
    require(len({id(s) for s in found}) == 600 and len(np.unique(rates)) > 500,
            f"{where} settings repeat; draw each on its own")  # fmt: skip
    inside = (rates >= 0.00099) & (rates <= 1.001)
    require(bool(inside.all()), f"{where} a rate is outside its pair")
    low = (rates < 0.03).mean()
    require(abs(low - 0.5) < 0.12, f"{where} {low:.0%} of the rates are below 0.03, not half: "
            "draw them with `log_uniform`")  # fmt: skip
    wide = np.array([s["hidden"] == (100, 100) for s in found])
    reach = np.array([s["reach"] for s in found])
    counts = np.bincount(reach, minlength=3) / 600
    require(abs(wide.mean() - 0.5) < 0.1 and bool((abs(counts - 1 / 3) < 0.1).all()),
            f"{where} some choices are never drawn, or far too often")  # fmt: skip
    together = [abs(np.corrcoef(x, y)[0, 1]) for x, y in ((wide, reach), (np.log(rates), reach))]
    require(max(together) < 0.2, f"{where} the choices hang together; draw each independently")
    return "forty settings try forty learning rates"


def halving(answer) -> str:
    """`halving(settings, score, epochs)` keeps the better half and doubles the epochs."""
    rng = np.random.default_rng(8)
    for n in (8, 7, 1):
        quality = rng.permutation(n).astype(float)
        settings = [{"number": i} for i in range(n)]
        trials: list[tuple[int, int]] = []

        def score(setting, epochs, quality=quality, trials=trials):
            trials.append((setting["number"], epochs))
            require(len(trials) < 200, "you train without end")
            return quality[setting["number"]] - 10 / epochs

        where = f"for {n} settings"
        found = called(answer, where, [dict(s) for s in settings], score, 1)
        rounds, left, epochs = [], n, 1
        while left > 1:
            rounds.append((epochs, left))
            left, epochs = (left + 1) // 2, 2 * epochs
        lengths = [e for _, e in trials]
        made = [(e, lengths.count(e)) for e in sorted({*lengths})]
        require(len(trials) == len({*trials}), f"{where} you train a setting twice in one round")
        require(made == rounds, f"{where} your rounds (epochs, settings) are {made}, they should "
                f"be {rounds}")  # fmt: skip
        require(isinstance(found, dict), f"{where} you should return one setting")
        best = int(quality.argmax())
        require(n == 1 or found["number"] == best, f"{where} the last setting should be the best "
                "of the last round")  # fmt: skip
    return "most of the budget went to settings that deserved it"
