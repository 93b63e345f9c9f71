"""Checks for the exercises of the chapter on convolution."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from weighted_sums.exercises import Wrong, call, diagnose, require, require_equal, require_shape


def _slid(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return np.einsum("ijuv,uv->ij", sliding_window_view(x, w.shape), w)


def _images(rng: np.random.Generator):
    """Pairs of an image and a kernel whose rows and columns differ in number."""
    for n, m, k, l in ((3, 4, 2, 2), (5, 4, 3, 2), (6, 7, 2, 3)):
        yield rng.integers(-3, 4, (n, m)).astype(float), rng.integers(-3, 4, (k, l)) + 0.5


def slide(answer: Callable) -> str:
    """`slide(x, w)` is the weighted sum of every patch with the kernel."""
    for x, w in _images(np.random.default_rng(0)):
        where, z = f"for an image of {x.shape} and a kernel of {w.shape}", _slid(x, w)
        k, l = w.shape
        require_equal(
            call(answer, where, x.copy(), w.copy()), z, where,
            {
                "you look at the first patch only": z[0, 0],
                "you flip the kernel; here it is laid on as it is": _slid(x, w[::-1, ::-1]),
                "you exchange rows and columns": z.T,
                "the last row and column of positions are missing": z[:-1, :-1],
                "you stop after the first row of positions": z[0],
                "you add up the patch and forget the weights": _slid(x, np.ones((k, l))),
            },
            f"the first entry should be {z[0, 0]:g}",
        )  # fmt: skip
    return "one weighted sum for each position"


def size(answer: Callable) -> str:
    """`size(n, k, stride, padding)` is the number of positions of a kernel in a row."""
    for n, k, s, p in ((7, 2, 2, 4), (28, 5, 1, 0), (8, 3, 3, 1), (28, 5, 2, 2), (7, 7, 1, 0)):
        where = f"for n = {n}, k = {k}, stride {s}, padding {p}"
        found, want = call(answer, where, n, k, s, p), (n + 2 * p - k) // s + 1
        whole = isinstance(found, int | np.integer) or float(found).is_integer()
        if whole and found == want:
            continue
        words = diagnose(
            found,
            {
                "the border is on both sides": (n + p - k) // s + 1,
                "the border is on both sides, and positions are whole": (n + p - k) / s + 1,
                "positions are counted in whole numbers: round down": (n + 2 * p - k) / s + 1,
                "round down, not up": -(-(n + 2 * p - k) // s) + 1,
                "the first position counts as well: add one after you divide": (n + 2 * p - k) // s,
                "padding makes the row longer, not shorter": (n - 2 * p - k) // s + 1,
            },
            f"there are {want} positions, not {found:g}",
        )
        raise Wrong(f"{where}: {words}")
    return "round down, and count the first"


def edge(answer) -> str:
    """A kernel that responds to brightness that grows from top to bottom, and to nothing else."""
    w = np.asarray(answer, float)
    require_shape(w, (3, 3), "the kernel")
    require(np.abs(w).max() > 0, "a kernel of zeros responds to nothing at all")
    rng = np.random.default_rng(3)
    even, stripes = np.ones((6, 6)), np.tile(rng.integers(0, 2, 6), (6, 1)).astype(float)
    step = np.repeat([0.0, 1.0], 3)[:, None] * np.ones((6, 6))
    require(
        np.allclose(_slid(even, w), 0),
        f"evenly bright images give {_slid(even, w)[0, 0]:g}: let the weights add up to zero",
    )
    require(
        np.allclose(_slid(stripes, w), 0),
        "an image with equal rows does not give zero: let each column add up to zero",
    )
    found = _slid(step, w)
    if found.min() < 0 <= -found.max() or (found.min() < 0 and found.max() <= 0):
        raise Wrong("where dark turns to bright it is negative: change the signs")
    require(found.max() > 0, "where dark turns to bright it is never positive")
    require(found.min() >= 0, "near an edge from dark to bright it is also negative")
    require(_slid(1 - step, w).min() < 0, "where bright turns to dark it is not negative")
    return "zero where rows are equal, and the sign tells which edge it is"


def count(answer: Callable) -> str:
    """`count(kernels, channels, k)` is the number of parameters of a convolution."""
    for kernels, channels, k in ((16, 8, 5), (8, 1, 5), (3, 4, 2)):
        where = f"for {kernels} kernels of {k}×{k} over {channels} channels"
        want, slices = kernels * (channels * k * k + 1), kernels * channels
        require_equal(
            call(answer, where, kernels, channels, k), want, where,
            {
                "that is one kernel for one channel": k * k + 1,
                "a kernel has a slice for every channel": kernels * (k * k + 1),
                "there are several kernels": channels * k * k + 1,
                "the biases are missing": slices * k * k,
                "one bias for each kernel, not one for all": slices * k * k + 1,
                "one bias for each kernel, not for each channel": slices * (k * k + 1),
                "a kernel has k × k weights, not k": kernels * (channels * k + 1),
            },
            f"it should be {want}",
        )  # fmt: skip
    return "the size of the image does not matter"


def kernel_gradient(answer: Callable) -> str:
    """`kernel_gradient(x, dz)` slides the errors over the image."""
    rng = np.random.default_rng(4)
    for x, w in _images(rng):
        dz = rng.integers(-3, 4, _slid(x, w).shape) + 0.5
        where = f"for an image of {x.shape} and errors of {dz.shape}"
        want, (k, l) = _slid(x, dz), w.shape
        require_equal(
            call(answer, where, x.copy(), dz.copy()), want, where,
            {
                "you use the error at one position only; all of them count": dz[0, 0] * x[:k, :l],
                "you flip the errors; they are laid on as they are": _slid(x, dz[::-1, ::-1]),
                "you average over the positions; shared weights add up": want / dz.size,
                "you add up the patches and forget the errors": _slid(x, np.ones(dz.shape)),
                "you exchange rows and columns": want.T,
            },
            f"the first entry should be {want[0, 0]:g}",
        )  # fmt: skip
    return "the errors, slid over the image"


def _spread(w: np.ndarray, dz: np.ndarray) -> np.ndarray:
    (k, l), (n, m) = w.shape, dz.shape
    dx = np.zeros((n + k - 1, m + l - 1))
    for i, j in np.ndindex(n, m):
        dx[i : i + k, j : j + l] += dz[i, j] * w
    return dx


def image_gradient(answer: Callable) -> str:
    """`image_gradient(w, dz)` sends each error back to the patch that it comes from."""
    rng = np.random.default_rng(5)
    for x, w in _images(rng):
        dz = rng.integers(-3, 4, _slid(x, w).shape) + 0.5
        where = f"for a kernel of {w.shape} and errors of {dz.shape}"
        want = _spread(w, dz)
        corner, last = np.zeros_like(want), np.zeros_like(want)
        corner[: dz.shape[0], : dz.shape[1]] = dz * w.sum()
        (k, l), (n, m) = w.shape, dz.shape
        for i, j in np.ndindex(n, m):
            last[i : i + k, j : j + l] = dz[i, j] * w
        require_equal(
            call(answer, where, w.copy(), dz.copy()), want, where,
            {
                "you send everything to the first pixel of the patch; each has a weight of its own":
                    corner,
                "patches overlap: add to what is there, do not replace it": last,
                "you flip the kernel; each pixel was multiplied by the weight on top of it":
                    _spread(w[::-1, ::-1], dz),
                "you send back the errors without the weights": _spread(np.ones(w.shape), dz),
                "that is the size of the result; the image is larger": _slid(x, w),
            },
            f"the first entry should be {want[0, 0]:g}",
        )  # fmt: skip
    return "every pixel collects from all its patches"


def pool_gradient(answer: Callable) -> str:
    """`pool_gradient(z, da)` sends each error to the largest entry of its window."""
    rng = np.random.default_rng(6)
    for n, m in ((2, 2), (4, 4), (4, 6)):
        x = rng.permutation(n * m).reshape(n, m) - 3.0
        dy = rng.integers(1, 5, (n // 2, m // 2)) + 0.5
        where = f"for a map of {x.shape}"
        blocks = x.reshape(n // 2, 2, m // 2, 2)

        def grow(table):
            return np.repeat(np.repeat(table, 2, axis=0), 2, axis=1)

        top, low = blocks.max(axis=(1, 3)), blocks.min(axis=(1, 3))
        require_equal(
            call(answer, where, x.copy(), dy.copy()), np.where(x == grow(top), grow(dy), 0), where,
            {
                "you divide the error equally, as average pooling does": grow(dy) / 4,
                "all four entries get the whole error; only the largest may": grow(dy),
                "the smallest gets it; the largest should": np.where(x == grow(low), grow(dy), 0),
                "you mark the largest but forget the error": (x == grow(top)) * 1.0,
                "you return the shape of the pooled map": dy,
                "only the largest of the whole map gets it": np.where(x == x.max(), grow(dy), 0),
                "it is multiplied by the value": np.where(x == grow(top), grow(dy) * x, 0),
            },
            "a window sends its error to its largest entry",
        )  # fmt: skip
    return "all to the largest, nothing to the others"


def _matrix(w: np.ndarray, side: int) -> np.ndarray:
    columns = [_slid(pixel.reshape(side, side), w).ravel() for pixel in np.eye(side * side)]
    return np.array(columns).T


def matrix(answer) -> str:
    """The matrix of the kernel 1, 2, 3, 4 for an image of 3 × 3."""
    found, w = np.asarray(answer, float), np.array([[1.0, 2.0], [3.0, 4.0]])
    want = _matrix(w, 3)
    if found.shape == (9, 4):
        raise Wrong("a row for each of the four positions, a column for each of the nine pixels")
    require_shape(found, (4, 9), "the matrix")
    one_by_one = np.array([np.roll(want[0], n) for n in range(4)])
    packed = np.array([np.roll([1.0, 2, 3, 4, 0, 0, 0, 0, 0], n) for n in (0, 1, 3, 4)])
    require_equal(
        found, want, "for the kernel 1, 2, 3, 4",
        {
            "each row must hold the weights of its own patch": np.outer([1, 0, 0, 0], want[0]),
            "the patch of the third position begins in the next row of the image": one_by_one,
            "all four rows are the first patch; move it": np.tile(want[0], (4, 1)),
            "the kernel is flipped; here it is laid on as it is": _matrix(w[::-1, ::-1], 3),
            "the patch's second row lies three pixels after its first": packed,
            "you exchange rows and columns of the kernel": _matrix(w.T, 3),
        },
        f"row {int((found != want).any(axis=1).argmax()) + 1} is not its patch",
    )  # fmt: skip
    return "twenty zeros, and four weights that are used four times each"


def receptive(answer: Callable) -> str:
    """`receptive(layers)` is the side of the receptive field of a neuron after these layers."""
    cases = ([(5, 1)], [(3, 1), (3, 1)], [(5, 1), (2, 2), (5, 1), (2, 2)], [(3, 2), (3, 2), (3, 1)])
    for layers in cases:
        where = f"for {layers}"
        found, want, step = call(answer, where, list(layers)), 1, 1
        for k, stride in layers:
            want, step = want + (k - 1) * step, step * stride
        late, spacing = 1, 1
        for k, stride in layers:
            spacing *= stride
            late += (k - 1) * spacing
        require_equal(
            found, want, where,
            {
                "you add up the sizes; neighbouring patches overlap": sum(k for k, _ in layers),
                "you leave the strides out": 1 + sum(k - 1 for k, _ in layers),
                "you multiply the sizes": int(np.prod([k for k, _ in layers])),
                "a layer's stride counts for the layers above it, not for itself": late,
                "the neuron's own pixel is missing: begin with one": want - 1,
                "that is how far neighbours lie apart": step,
            },
            f"the side is {want}",
        )  # fmt: skip
    return "each layer adds its size less one, in steps of the layers below"
