"""Checks for the exercises of the chapter on embeddings."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import (
    call,
    called,
    diagnose,
    require,
    require_equal,
    require_unchanged,
)
from weighted_sums.sampling import probabilities, top_p

TRIALS = 20


def limits(answer) -> str:
    """`limits(z)` is the probabilities at temperatures towards zero and towards infinity."""
    rng = np.random.default_rng(0)
    trials = [np.array([2.0, 1.0, 0.0]), np.array([1.0, 3.0, 3.0, 0.0]), np.zeros(3)]
    trials += [rng.integers(-2, 3, size=6).astype(float) for _ in range(TRIALS)]
    for z in trials:
        where, given = f"for the logits {z.tolist()}", z.copy()
        pair = answer(given)
        require_unchanged(given, z, "z")
        require(
            isinstance(pair, tuple | list | np.ndarray) and len(pair) == 2,
            f"{where} two arrays are asked for, (cold, hot), not {pair!r}",
        )
        cold, hot = (_probabilities(found, z, where) for found in pair)
        wanted, even = probabilities(z, 0.0), np.full(len(z), 1 / len(z))
        if not np.allclose(wanted, even):
            error = diagnose(np.array([cold, hot]), {
                f"{where} you return the hot limit first; T → 0 comes first": [even, wanted],
                f"{where} your cold probabilities go to the smallest logit; it is the largest "
                "that wins": [probabilities(-z, 0.0), even],
                f"{where} your hot probabilities are those of T = 1, not of T → ∞":
                    [wanted, probabilities(z, 1.0)],
            })  # fmt: skip
            require(not error, error)
        require(
            np.allclose(hot, even),
            f"{where} all probabilities of a very hot softmax are {1 / len(z):.3f}, yours are "
            f"{hot.round(3).tolist()}",
        )
        require(
            np.allclose(cold, wanted),
            f"{where} the coldest probabilities are {wanted.round(3).tolist()}, yours are "
            f"{cold.round(3).tolist()}"
            + ("; equal logits have equal probabilities" if (z == z.max()).sum() > 1 else ""),
        )
    return "both limits, with equal logits too"


def cooled(answer) -> str:
    """`cooled(z, T)` is softmax at a temperature, without overflow."""
    rng = np.random.default_rng(1)
    cases = [(3 * rng.standard_normal(5), float(rng.uniform(0.2, 4))) for _ in range(TRIALS)]
    cases += [(np.array([1000.0, 999.0, 0.0]), 1.0), (np.array([5.0, 4.0]), 1e-3)]
    cases += [(np.array([-2000.0, -2001.0]), 1.0), (np.array([2000.0, 0.0, 0.0, 0.0]), 1.0)]
    for z, T in cases:
        where, given = f"for the logits {z.round(3).tolist()} at T = {T:.3g}", z.copy()
        with np.errstate(all="ignore"):
            found = np.asarray(answer(given, T), dtype=float)
        require_unchanged(given, z, "z")
        require(found.shape == z.shape, f"{where} yours has shape {found.shape}, not {z.shape}")
        require(
            bool(np.isfinite(found).all()), f"{where} you return {found.tolist()}: an "
            "exponential was too large, or all of them too small",
        )  # fmt: skip
        wanted = probabilities(z, T)
        if not np.allclose(found, wanted, atol=1e-12):
            with np.errstate(all="ignore"):
                error = diagnose(found, {
                    f"{where} you multiply by T; a higher temperature must even the "
                    "probabilities out": probabilities(z, 1 / T),
                    f"{where} your T cancels, for these are the probabilities of T = 1; divide "
                    "the logits by T, before the exponential": probabilities(z, 1.0),
                    f"{where} these are the logarithms of the probabilities": np.log(wanted),
                    f"{where} you give the largest logit the smallest probability; mind the "
                    "sign": probabilities(-z, T),
                })  # fmt: skip
                require(not error, error)
        _probabilities(found, z, where)
        require(
            np.allclose(found, wanted, atol=1e-12),
            f"{where} the probabilities are {wanted.round(4).tolist()}, yours are "
            f"{found.round(4).tolist()}",
        )
    return f"for {TRIALS} random rows of logits, for 2,000 and −2,000, and at nearly T = 0"


def direction(answer) -> str:
    """`direction(embedding, pairs)` is the average difference of the pairs, of length one."""
    rng = np.random.default_rng(2)
    hidden = rng.standard_normal(40)
    hidden /= np.linalg.norm(hidden)
    rows = rng.permutation(60)  # the last ten belong to no pair
    embedding, pairs = rng.standard_normal((60, 40)), np.stack([rows[:25], rows[25:50]], axis=1)
    noise = 0.3 * rng.standard_normal((25, 40))
    embedding[pairs[:, 1]] = embedding[pairs[:, 0]] + 3 * hidden + noise
    given = embedding.copy()
    found = np.asarray(answer(given, [tuple(pair) for pair in pairs.tolist()]), dtype=float)
    require_unchanged(given, embedding, "embedding")
    require(found.shape == (40,), f"a vector of 40 numbers is asked for, not shape {found.shape}")
    length = np.linalg.norm(found)
    require(np.isclose(length, 1), f"your direction has length {length:.3f}, not 1")
    differences = embedding[pairs[:, 1]] - embedding[pairs[:, 0]]
    short = differences / np.linalg.norm(differences, axis=1, keepdims=True)
    by_order = embedding[30:].mean(axis=0) - embedding[:30].mean(axis=0)
    error = diagnose(found, {reason: value / np.linalg.norm(value) for reason, value in {
        "your direction points from plural to singular; a pair is (singular, plural)":
            -differences.sum(axis=0),
        "you use the first pair only; the average over all pairs comes closer": differences[0],
        "you scale each difference to length 1; scale only their average":
            short.sum(axis=0),
        "you take the halves of the embeddings for singulars and plurals; use the pairs": by_order,
        "you use the plurals only; subtract the singulars": embedding[pairs[:, 1]].sum(axis=0),
    }.items()})  # fmt: skip
    require(not error, error)
    cosine = float(found @ hidden)
    require(
        cosine > 0.95,
        f"its cosine with the direction that was hidden is {cosine:.2f}; the average over all "
        "pairs comes closer",
    )
    wanted = differences.mean(axis=0)
    require(
        np.allclose(found, wanted / np.linalg.norm(wanted), atol=1e-6),
        "it is close, but not the average of the differences, scaled to length 1",
    )
    return f"its cosine with the hidden direction is {cosine:.3f}"


def nucleus(answer) -> str:
    """`nucleus(p, mass)` is how many tokens top-p keeps."""
    rng = np.random.default_rng(3)
    cases = [(rng.dirichlet(np.ones(6)), float(rng.uniform(0.1, 0.95))) for _ in range(TRIALS)]
    exact = [([0.5, 0.25, 0.25], 0.5), ([0.5, 0.25, 0.25], 0.6), ([0.25] * 4, 0.75), ([1.0], 1.0)]
    cases += [(np.array(p), mass) for p, mass in exact]
    founds = [_count(answer, p, mass) for p, mass in cases]
    wanted = [int((top_p(p, mass - 1e-12) > 0).sum()) for p, mass in cases]
    ordered = [(np.sort(p), np.cumsum(np.sort(p)), mass) for p, mass in cases]
    if founds != wanted:
        error = diagnose(founds, {
            "you count tokens in the order in which they come; sort them first":
                [(np.cumsum(p) - p < mass).sum() for p, mass in cases],
            "you begin with the smallest probability; begin with the largest":
                [(held - p < mass).sum() for p, held, mass in ordered],
        })  # fmt: skip
        require(not error, error)
    for (p, mass), found, least in zip(cases, founds, wanted, strict=True):
        where = f"for the probabilities {p.round(3).tolist()}"
        held = float(np.sort(p)[::-1][: max(found, 0)].sum())
        require(
            found >= least,
            f"{where} the largest {found} hold {held:.3f}, less than {mass:.3g}; the fewest "
            f"tokens that hold it are {least}",
        )
        require(
            found == least,
            f"{where} you keep {found} tokens; the fewest that hold {mass:.3g} are {least}",
        )
    return f"in {len(cases)} cases, also where the sum is exactly what is asked for"


def pencil(answer) -> str:
    """The cosines of (3, 4), (4, 3) and (−4, 3)."""
    require_equal(answer, [0.96, 0, -0.28], "of the three cosines:", {
        "these are the dot products; divide by both lengths": [24, 0, -7],
        "you divide by one length only": [24 / 5, 0, -7 / 5],
        "you divide by the sum of the lengths": [24 / 10, 0, -7 / 10],
        "these are distances; a cosine is 1 for the same direction":
            np.sqrt([2, 50, 64]),
        "these are angles in degrees; their cosines are asked for":
            np.rad2deg(np.arccos([0.96, 0, -0.28])),
        "a cosine is negative when the vectors point away from each other": [0.96, 0, 0.28],
        "you take absolute values of the coordinates": [0.96, 0.96, 1],
    }, "each is a dot product divided by 25")  # fmt: skip
    return "the second pair is perpendicular"


def ratio_at(answer) -> str:
    """`ratio_at(ratio, T)` is the ratio of two probabilities at another temperature."""
    for ratio, T in ((9.0, 2.0), (9.0, 0.5), (1.0, 3.0), (0.25, 0.5), (7.0, 1.0)):
        found = called(answer, f"for the ratio {ratio} and T = {T}", ratio, T)
        with np.errstate(all="ignore"):
            require_equal(found, ratio ** (1 / T), f"for the ratio {ratio} and T = {T}", {
                "you divide the ratio; the logits are divided": ratio / T,
                "you multiply the ratio": ratio * T,
                "the power is upside down: a high temperature brings ratios closer to 1":
                    ratio**T,
                "that is the difference of the logits; undo the logarithm": np.log(ratio) / T,
                "a temperature changes ratios": ratio,
                "that is the probability of the first of two tokens":
                    1 / (1 + ratio ** (-1 / T)),
                "that is e to the power of the ratio": np.exp(ratio / T),
            }, f"it is {ratio ** (1 / T):g}, you say {found}")  # fmt: skip
    return "nine becomes three at T = 2"


def analogy(answer) -> str:
    """`analogy(embedding, a, b, c)` is the row nearest to b − a + c, other than these."""
    rng = np.random.default_rng(6)
    for trial in range(TRIALS):
        rows = rng.standard_normal((30, 6)) * rng.uniform(0.3, 3, (30, 1))
        a, b, c = (int(i) for i in rng.choice(30, 3, replace=False))
        if trial % 2:
            rows[(c + 1) % 30 if (c + 1) % 30 not in (a, b) else (c + 2) % 30] = rows[
                c
            ] + 0.2 * rng.standard_normal(6)
        where = f"for the words {a}, {b} and {c}"
        found = call(answer, where, rows.copy(), a, b, c)
        require(np.ndim(found) == 0, f"{where} the index of one row is asked for, not {found!r}")
        wanted = _nearest(rows, rows[b] - rows[a] + rows[c], (a, b, c))
        lengths = np.linalg.norm(rows, axis=1)
        unit = rows / lengths[:, None]
        target = rows[b] - rows[a] + rows[c]
        require_equal(int(found), wanted, where, {
            "you return a word that was given": _nearest(rows, target, ()),
            "you return a word that was given, not the third": _nearest(rows, target, (c,)),
            "you compare dot products; long rows then win":
                _nearest(rows, target, (a, b, c), cosine=False),
            "the difference is the wrong way round: b minus a is added to c":
                _nearest(rows, rows[a] - rows[b] + rows[c], (a, b, c)),
            "you add all three": _nearest(rows, rows[a] + rows[b] + rows[c], (a, b, c)),
            "you return the row that is furthest away": _nearest(rows, -target, (a, b, c)),
            "you add rows of length one; the rows themselves are meant":
                _nearest(rows, unit[b] - unit[a] + unit[c], (a, b, c)),
        }, f"the nearest row is {wanted}, you say {found}")  # fmt: skip
    return f"for {TRIALS} random embeddings"


def _nearest(rows, target, excluded, cosine=True) -> int:
    scores = rows @ target / (np.linalg.norm(rows, axis=1) if cosine else 1)
    scores[list(excluded)] = -np.inf
    return int(scores.argmax())


def _count(answer, p, mass) -> int:
    given = p.copy()
    found = answer(given, mass)
    require_unchanged(given, p, "p")
    require(
        found is not None and np.ndim(found) == 0 and float(found) == int(found),
        f"a number of tokens is asked for, not {found!r}",
    )
    return int(found)


def _probabilities(found, z, where) -> np.ndarray:
    found = np.asarray(found, dtype=float)
    require(found.shape == z.shape, f"{where} yours has shape {found.shape}, not {z.shape}")
    total = found.sum()
    require(np.isclose(total, 1), f"{where} your probabilities sum to {total:.3f}, not to 1")
    return found
