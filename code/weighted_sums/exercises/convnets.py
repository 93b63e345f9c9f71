"""Checks for the exercises of the chapter on convolutional networks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from weighted_sums.convolution import convolve, max_pool
from weighted_sums.cross_entropy import cross_entropy_from_logits
from weighted_sums.exercises import call, require, require_equal, require_shape


def parameters(answer: Callable) -> str:
    """`parameters(kernels, size)` counts a network of two convolutions and a dense layer."""
    for kernels, size in (((8, 16), 5), ((4, 6), 3), ((2, 3), 5)):
        where, (a, b) = f"for {kernels} kernels of {size}×{size}", kernels
        side = ((28 - size + 1) // 2 - size + 1) // 2
        conv = a * (size**2 + 1) + b * (a * size**2 + 1)
        plain = (28 - 2 * (size - 1)) ** 2
        require_equal(
            call(answer, where, kernels, size), conv + 10 * (b * side**2 + 1), where,
            {
                "the dense layer sees all entries of each map": conv + 10 * (b + 1),
                "pooling halves the sides of the maps": conv + 10 * (b * plain + 1),
                "the dense layer is missing": conv,
                "kernels of the second stage have a slice for every map of the first":
                    a * (size**2 + 1) + b * (size**2 + 1) + 10 * (b * side**2 + 1),
                "the biases are missing": a * size**2 + b * a * size**2 + 10 * b * side**2,
                "maps have two sides: square it": conv + 10 * (b * side + 1),
            },
            f"it should be {conv + 10 * (b * side**2 + 1)}",
        )  # fmt: skip
    return "5,994 for the network of the chapter"


def work(answer: Callable) -> str:
    """`work(kernels, channels, k, n)` counts the multiplications of a convolution."""
    for kernels, channels, k, n in ((8, 1, 5, 28), (16, 8, 5, 12), (3, 2, 3, 7)):
        where = f"for {kernels} kernels of {k}×{k} over {channels} channels of {n}×{n}"
        weights, positions = kernels * channels * k * k, (n - k + 1) ** 2
        require_equal(
            call(answer, where, kernels, channels, k, n), weights * positions, where,
            {
                "that is the number of weights; each works at every position": weights,
                "positions run down as well as across: square it": weights * (n - k + 1),
                "the kernel does not fit at every pixel": weights * n * n,
                "you count positions, not multiplications": positions,
                "a kernel has a slice for every channel": kernels * k * k * positions,
                "there are several kernels": channels * k * k * positions,
            },
            f"it should be {weights * positions}",
        )  # fmt: skip
    return "few weights, much work"


def luck(answer) -> str:
    """The standard error of an accuracy, a difference in digits, and that in standard errors."""
    found = np.asarray(answer, float)
    require_shape(found, (3,), "your numbers")
    r, n = 0.9906, 10_000
    error = 100 * float(np.sqrt(r * (1 - r) / n))
    words = {
        error / 100: "that is a fraction; in percentage points it is a hundred times as much",
        error**2: "that is the variance; take the root",
        100
        * float(np.sqrt(r * (1 - r))): "divide by the number of digits before you take the root",
    }
    first = next((w for v, w in words.items() if np.isclose(found[0], v, rtol=0.02)), "")
    require(
        np.isclose(found[0], error, rtol=0.02),
        f"the standard error: {first or f'not {found[0]:g}'}",
    )
    require(found[1] == 14, f"0.14 per cent of ten thousand digits are not {found[1]:g}")
    ratio = 0.14 / error
    require(
        not np.isclose(found[2], ratio, rtol=0.02),
        "a difference of two accuracies varies more than one of them: its variance is the sum",
    )
    require(
        not np.isclose(found[2], ratio / 2, rtol=0.02),
        "variances add up, not standard errors: the factor is a root",
    )
    require(
        np.isclose(found[2], ratio / np.sqrt(2), rtol=0.02),
        f"divide the difference by its standard error; that is not {found[2]:g}",
    )
    return "about one standard error: no evidence"


def average_pool(answer: Callable) -> str:
    """`average_pool(x)` is the mean of each window of 2 × 2."""
    rng = np.random.default_rng(1)
    for n, m in ((2, 2), (4, 6), (6, 4)):
        x, where = rng.integers(0, 9, (n, m)).astype(float), f"for a map of {n}×{m}"
        x[0, 1] = 20.0
        blocks = x.reshape(n // 2, 2, m // 2, 2)
        mean = blocks.mean(axis=(1, 3))
        require_equal(
            call(answer, where, x.copy()), mean, where,
            {
                "you keep one entry of each window and drop three": x[::2, ::2],
                "that is max pooling": blocks.max(axis=(1, 3)),
                "you add up and do not divide": blocks.sum(axis=(1, 3)),
                "you divide by two; a window has four entries": 2 * mean,
                "you halve the rows only": x.reshape(n // 2, 2, m).mean(axis=1),
                "the windows overlap; move by two":
                    (x[:-1, :-1] + x[1:, :-1] + x[:-1, 1:] + x[1:, 1:]) / 4 if n > 2 else mean + 1,
            },
            f"the first entry should be {mean[0, 0]:g}",
        )  # fmt: skip
    return "a convolution with four weights of a quarter and a stride of two"


def covered(answer: Callable) -> str:
    """`covered(image, row, column, size)` is a copy with a grey square."""
    rng = np.random.default_rng(2)
    for row, column, size in ((3, 10, 7), (0, 21, 7), (15, 4, 5)):
        image, where = rng.random((28, 28)), f"for a square of {size} at ({row}, {column})"
        want, turned, small, black = (image.copy() for _ in range(4))
        want[row : row + size, column : column + size] = 0.5
        turned[column : column + size, row : row + size] = 0.5
        small[row : row + size - 1, column : column + size - 1] = 0.5
        black[row : row + size, column : column + size] = 0.0
        require_equal(
            call(answer, where, image, row, column, size), want, where,
            {
                "you exchange rows and columns": turned,
                "the square is one pixel too small": small,
                "the square is black; grey is 0.5": black,
                "nothing is covered": image,
                "you return the square alone": want[row : row + size, column : column + size],
            },
            "the square is not where it should be",
        )  # fmt: skip
    return "a copy, and the image stays"


def _small_case(rng: np.random.Generator) -> tuple:
    shapes = (2, 1, 3, 3), (2,), (4, 18), (4,)
    params = [rng.normal(size=shape) for shape in shapes]
    return params, rng.normal(size=(5, 1, 8, 8)), np.eye(4)[rng.integers(0, 4, 5)]


def _small_cost(params: list, x: np.ndarray, y: np.ndarray) -> float:
    W, b, V, c = params
    a = np.maximum(max_pool(convolve(x, W, b)[0], 2)[0], 0)
    return cross_entropy_from_logits(a.reshape(len(x), -1) @ V.T + c, y)


def small_gradient(answer: Callable) -> str:
    """`small_gradient(params, x, y)` is the cost of a small network and its four gradients."""
    params, x, y = _small_case(np.random.default_rng(3))
    where = "for five images and two kernels"
    found = call(answer, where, [p.copy() for p in params], x.copy(), y.copy())
    require(isinstance(found, tuple | list) and len(found) == 2, "return the cost and the list")
    cost, grads = found
    want = _small_cost(params, x, y)
    require(
        not np.isclose(cost, 5 * want), "the cost is the average over the images, not their sum"
    )
    require(np.isclose(cost, want), f"the cost should be {want:.4f}, not {cost:.4f}")
    require(len(grads) == 4, f"there are four gradients, not {len(grads)}")
    for i, name in ((2, "V"), (3, "c"), (1, "b"), (0, "W")):
        require_shape(np.asarray(grads[i]), params[i].shape, f"the gradient of {name}")
        _agrees(name, np.asarray(grads[i]), _by_differences(params, i, x, y))
    return "four gradients, and one network of your own"


def _by_differences(params: list, i: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    found, h = np.zeros(params[i].shape), 1e-5
    for at in np.ndindex(*found.shape):
        moved = [[p.copy() for p in params] for _ in range(2)]
        moved[0][i][at] += h
        moved[1][i][at] -= h
        found[at] = (_small_cost(moved[0], x, y) - _small_cost(moved[1], x, y)) / (2 * h)
    return found


def _agrees(name: str, found: np.ndarray, want: np.ndarray) -> None:
    require(found.any(), f"the gradient of {name} is zero, but the cost depends on {name}")
    require(not np.allclose(found, -want, atol=1e-6), f"the gradient of {name} has the wrong sign")
    require(
        not np.allclose(found, 5 * want, atol=1e-6),
        f"the gradient of {name} is that of the sum; the cost is an average",
    )
    require(
        np.allclose(found, want, atol=1e-6),
        f"the gradient of {name} differs from finite differences; "
        "are ReLU and pooling both on the way back?",
    )


def own(answer) -> str:
    """Eight kernels of 5 × 5, none a multiple of another."""
    W = np.asarray(answer, float)
    require_shape(W, (8, 5, 5), "your kernels")
    require(np.isfinite(W).all(), "a weight is not finite")
    length = np.linalg.norm(W.reshape(8, -1), axis=1)
    require(length.min() > 0, f"kernel {int(length.argmin())} is all zeros")
    unit = W.reshape(8, -1) / length[:, None]
    alike = np.abs(unit @ unit.T) - np.eye(8)
    i, j = np.unravel_index(alike.argmax(), alike.shape)
    require(alike.max() < 1 - 1e-9, f"kernels {min(i, j)} and {max(i, j)} are multiples")
    return "eight different templates: now compare them with random ones"
