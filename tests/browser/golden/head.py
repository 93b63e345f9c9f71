"""One query of a head: its scores, its attention weights, and the weighted sum of the values."""

import numpy as np

from golden import case
from weighted_sums.dot_product import attention_scores, attention_weights


def attended(q, k, v, scaled):
    larger = q[None] if scaled else q[None] * np.sqrt(len(q))
    weights = attention_weights(larger, k, causal=False)
    scores = attention_scores(larger, k)
    return {"scores": scores[0], "weights": weights[0], "sum": (weights @ v)[0]}


def cases():
    rng = np.random.default_rng(0)
    found = []
    for n, d, d_value in ((3, 2, 2), (5, 4, 3), (1, 2, 1)):
        q, (k, v) = rng.standard_normal(d), (rng.standard_normal((n, w)) for w in (d, d_value))
        found += [
            case({"q": s * q, "k": k, "v": v, "scaled": scaled}, attended(s * q, k, v, scaled))
            for s in (1, 40)
            for scaled in (True, False)
        ]
    labels = [["blind", "grey"], ["mole"]]
    keys = [[3, 0], [3, 0], [0, 0]]
    return {
        "attend": found,
        "labels": [case({"words": ["blind", "grey", "mole"], "keys": keys}, labels)],
    }
