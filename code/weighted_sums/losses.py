"""How wrong an output is, as one number, and how that number answers to the output."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def squared_error(
    a: Float[np.ndarray, "example digit"], y: Float[np.ndarray, "example digit"]
) -> float:
    r"""Average over the examples of the squared distance between output and wish.

    $C = \frac{1}{n}\sum_{\text{examples}} \sum_j (a_j - y_j)^2$, without a factor ½.
    """
    return float(np.square(a - y).sum() / len(a))


def squared_error_backward(
    a: Float[np.ndarray, "example digit"], y: Float[np.ndarray, "example digit"]
) -> Float[np.ndarray, "example digit"]:
    """Return da, the derivative of `squared_error` by each output."""
    return 2 * (a - y) / len(a)
