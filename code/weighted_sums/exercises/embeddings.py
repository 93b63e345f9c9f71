"""Checks for the exercises of the chapter on embeddings."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import require
from weighted_sums.sampling import shares, top_p

TRIALS = 20


def limits(answer) -> str:
    """`limits(z)` is the shares at temperatures towards zero and towards infinity."""
    rng = np.random.default_rng(0)
    trials = [np.array([2.0, 1.0, 0.0]), np.array([1.0, 3.0, 3.0, 0.0]), np.zeros(3)]
    trials += [rng.integers(-2, 3, size=6).astype(float) for _ in range(TRIALS)]
    for z in trials:
        where = f"for the logits {z.tolist()}"
        cold, hot = (_shares(found, z, where) for found in answer(z.copy()))
        require(
            np.allclose(hot, 1 / len(z)),
            f"{where} all shares of a very hot softmax are {1 / len(z):.3f}, yours are "
            f"{hot.round(3).tolist()}",
        )
        wanted = shares(z, 0.0)
        require(
            np.allclose(cold, wanted),
            f"{where} the coldest shares are {wanted.round(3).tolist()}, yours are "
            f"{cold.round(3).tolist()}"
            + ("; equal logits have equal shares" if (z == z.max()).sum() > 1 else ""),
        )
    return "both limits, with equal logits too"


def cooled(answer) -> str:
    """`cooled(z, T)` is softmax at a temperature, without overflow."""
    rng = np.random.default_rng(1)
    cases = [(np.array([1.0, 0.0]), 1.0), (np.array([1000.0, 999.0, 0.0]), 1.0)]
    cases += [(np.array([5.0, 4.0]), 1e-3), (np.array([-2000.0, -2001.0]), 1.0)]
    cases += [(3 * rng.standard_normal(5), float(rng.uniform(0.2, 4))) for _ in range(TRIALS)]
    for z, T in cases:
        where = f"for the logits {z.round(3).tolist()} at T = {T:.3g}"
        with np.errstate(all="ignore"):
            found = np.asarray(answer(z.copy(), T), dtype=float)
        require(
            bool(np.isfinite(found).all()), f"{where} your shares hold {found.tolist()}: an "
            "exponential was too large, or all of them too small",
        )  # fmt: skip
        wanted = shares(z, T)
        require(
            not np.allclose(found, shares(z, 1 / T)) or np.isclose(T, 1) or np.allclose(
                wanted, shares(z, 1 / T)
            ),
            f"{where} you multiply by T; a higher temperature must even the shares out",
        )  # fmt: skip
        require(
            found.shape == z.shape and np.allclose(found, wanted, atol=1e-12),
            f"{where} the shares are {wanted.round(4).tolist()}, yours are "
            f"{found.round(4).tolist()}",
        )
    return f"for logits up to 1,000, down to −2,000, and {TRIALS} random ones"


def direction(answer) -> str:
    """`direction(embedding, pairs)` is the average difference of the pairs, of length one."""
    rng = np.random.default_rng(2)
    hidden = rng.standard_normal(40)
    hidden /= np.linalg.norm(hidden)
    singular = rng.standard_normal((25, 40))
    plural = singular + 3 * hidden + 0.3 * rng.standard_normal((25, 40))
    embedding, pairs = np.concatenate([singular, plural]), [(i, 25 + i) for i in range(25)]
    found = np.asarray(answer(embedding.copy(), list(pairs)), dtype=float)
    require(found.shape == (40,), f"a vector of 40 numbers is asked for, not shape {found.shape}")
    length = np.linalg.norm(found)
    require(np.isclose(length, 1), f"your direction has length {length:.3f}, not 1")
    cosine = float(found @ hidden)
    require(
        cosine > -0.9, "your direction points from plural to singular; a pair is (singular, plural)"
    )
    require(
        cosine > 0.95,
        f"its cosine with the direction that was hidden is {cosine:.2f}; the average over all "
        "pairs comes closer",
    )
    wanted = (plural - singular).mean(axis=0)
    require(
        np.allclose(found, wanted / np.linalg.norm(wanted)),
        "it is close, but not the average of the differences, made one long",
    )
    return f"its cosine with the hidden direction is {cosine:.3f}"


def nucleus(answer) -> str:
    """`nucleus(p, share)` is how many tokens top-p keeps."""
    rng = np.random.default_rng(3)
    cases = [([0.5, 0.25, 0.25], 0.5), ([0.5, 0.25, 0.25], 0.6), ([0.25] * 4, 0.75), ([1.0], 1.0)]
    cases += [(rng.dirichlet(np.ones(6)).tolist(), float(rng.uniform(0.1, 0.95))) for _ in range(TRIALS)]  # fmt: skip # noqa: E501
    for p, share in cases:
        found = answer(np.array(p), share)
        require(
            np.ndim(found) == 0 and float(found) == int(found),
            f"a number of tokens is asked for, not {found!r}",
        )
        wanted = int((top_p(np.array(p), share - 1e-12) > 0).sum())
        held = float(np.sort(p)[::-1][: max(int(found), 0)].sum())
        require(
            int(found) == wanted,
            f"for the shares {np.round(p, 3).tolist()} your {int(found)} tokens hold {held:.3f}; "
            f"{share:.3g} are asked for, and the fewest that hold them are {wanted}",
        )
    return f"in {len(cases)} cases, also where the share is met exactly"


def _shares(found, z, where) -> np.ndarray:
    found = np.asarray(found, dtype=float)
    require(found.shape == z.shape, f"{where} yours has shape {found.shape}")
    require(np.isclose(found.sum(), 1), f"{where} your shares sum to {found.sum():.3f}, not to 1")
    return found
