"""Softmax with a temperature, top-k and top-p, and the tokens that were not recorded."""

import numpy as np

from golden import case
from weighted_sums import sampling

LOGITS = [
    np.array([2.0, 1, 0]),
    np.array([1000.0, -1000, 999.9, 1000]),
    np.array([-5.0]),
    np.zeros(4),
]
TEMPERATURES = (0.0, 1e-300, 1e-3, 0.5, 1.0, 2.0, 1e6)
PROBABILITIES = [np.array([0.1, 0.4, 0.1, 0.4]), np.array([1.0]), np.array([0.5, 0.0, 0.5])]
REAL = np.array([18.5, 16.25, 16.0, 12.5, 12.5])


def cases():
    return {
        "probabilities": [
            case({"logits": z, "T": T}, sampling.probabilities(z, T))
            for z in LOGITS
            for T in TEMPERATURES
        ],
        "topK": [
            case({"p": p, "k": k}, sampling.top_k(p, k))
            for p in PROBABILITIES
            for k in (1, 2, 3, 99)
        ],
        "topP": [
            case({"p": p, "mass": s}, sampling.top_p(p, s))
            for p in PROBABILITIES
            for s in (1e-9, 0.3, 0.45, 0.95, 1.0)
        ],
        # of many draws, each row gets about its probability
        "drawn": [case({"p": p, "count": 4000}, True) for p in PROBABILITIES],
        "ranking": [case(p, np.argsort(-p, kind="stable")) for p in PROBABILITIES],
        "withTail": [
            case({"logits": REAL, "tail": o, "T": T}, sampling.with_tail(REAL, o, T))
            for o in (15.5, -3.0)
            for T in TEMPERATURES
        ],
    }
