"""The noise of a mini-batch's gradient."""

from itertools import combinations

import numpy as np

from golden import case


def error(values, m):
    """The standard deviation of the mean over all mini-batches of m, listed."""
    return np.std([np.mean(batch) for batch in combinations(values, m)])


def cases():
    values = np.random.default_rng(0).normal(size=7)
    return {
        "moments": [case({"values": values}, {"mean": values.mean(), "std": values.std()})],
        "standardError": [
            case({"std": values.std(), "m": m, "n": 7}, error(values, m)) for m in (1, 2, 5, 7)
        ],
        # a mini-batch of all values has their mean, however it is shuffled
        "batchMeans": [case({"values": values, "size": 7}, [values.mean()] * 3)],
    }
