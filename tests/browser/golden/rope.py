"""Rotary position embedding: angles, rotated vectors, and scores at two positions."""

import numpy as np

from golden import case
from weighted_sums.dot_product import attention_scores
from weighted_sums.positions import apply_rope, rope_frequencies

FURTHEST = 40


def score(q, k, query, key, base):
    at_query, at_key = (
        apply_rope(x[None], np.array([at]), base) for x, at in ((q, query), (k, key))
    )
    return attention_scores(at_query, at_key).item()


def cases():
    rng = np.random.default_rng(0)
    vectors = [rng.standard_normal((2, d)) for d in (2, 4, 8, 16)]
    pairs_of_positions = ((0, 0), (5, 3), (9, 7), (60, 0))
    q, k = vectors[2]
    payload = {"q": q, "k": k, "base": 40}
    distances = np.linspace(0, FURTHEST, 5).astype(int)
    return {
        "frequencies": [
            case({"d": d, "base": base}, rope_frequencies(d, base))
            for d in (2, 8, 64)
            for base in (10, 10_000)
        ],
        "rotate": [
            case(
                {"x": x, "position": at, "base": 40},
                apply_rope(x[None], np.array([at]), 40)[0],
            )
            for x, _ in vectors
            for at in (0, 1, 17, 300)
        ],
        "score": [
            case(
                {"q": a, "k": b, "at": {"query": m, "key": n}, "base": 100},
                score(a, b, m, n, 100),
            )
            for a, b in vectors
            for m, n in pairs_of_positions
        ],
        # the same arrow twice, nearly the same, and two of unequal lengths in one direction
        "namesApart": [
            case(
                [[[50, 0], [50, 0]], [[50, 0], [50, -3]], [[0, 40], [0, 40.5]]],
                [14, 14, np.hypot(14, 0.5)],
                1e-3,
            ),
        ],
        "namesAt": [
            case([[50, 0], [0, -50]], [[60, 0], [0, -60]]),
            case([[50, 0], [-30, 0]], [[60, 0], [-40, 0]]),
        ],
        "curve": [
            case(
                {"payload": payload, "points": 5},
                [[d, score(q, k, d, 0, 40)] for d in distances],
            )
        ],
    }
