"""Answers to the exercises on convolution: plausible errors, and unusual right ways."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from banks import Bank


def slide(x, w):
    (n, m), (k, l) = x.shape, w.shape
    return np.array(
        [[(w * x[i : i + k, j : j + l]).sum() for j in range(m - l + 1)] for i in range(n - k + 1)]
    )


def by_shifts(x, w):
    (n, m), (k, l) = x.shape, w.shape
    parts = [w[u, v] * x[u : n - k + 1 + u, v : m - l + 1 + v] for u in range(k) for v in range(l)]
    return sum(parts)


def by_columns(x, w):
    windows = sliding_window_view(x, w.shape)
    return (windows.reshape(-1, w.size) @ w.ravel()).reshape(windows.shape[:2])


def size(n, k, s, p):
    return (n + 2 * p - k) // s + 1


def sent_back(w, dz):
    (k, l), (n, m) = w.shape, dz.shape
    dx = np.zeros((n + k - 1, m + l - 1))
    for i in range(n):
        for j in range(m):
            dx[i : i + k, j : j + l] += dz[i, j] * w
    return dx


def replacing(w, dz):
    (k, l), (n, m) = w.shape, dz.shape
    dx = np.zeros((n + k - 1, m + l - 1))
    for i, j in np.ndindex(n, m):
        dx[i : i + k, j : j + l] = dz[i, j] * w
    return dx


def to_the_corner(w, dz):
    (k, l), (n, m) = w.shape, dz.shape
    dx = np.zeros((n + k - 1, m + l - 1))
    dx[:n, :m] = dz * w.sum()
    return dx


def by_full_convolution(w, dz):
    edges = [(k - 1, k - 1) for k in w.shape]
    return slide(np.pad(dz, edges), w[::-1, ::-1])


def grow(t):
    return np.repeat(np.repeat(t, 2, axis=0), 2, axis=1)


def top(x):
    return x.reshape(len(x) // 2, 2, -1, 2).max(axis=(1, 3))


def pooled_by_loops(x, dy):
    out = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape):
        block = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        u, v = np.unravel_index(block.argmax(), (2, 2))
        out[2 * i + u, 2 * j + v] = dy[i, j]
    return out


def receptive(layers):
    side, step = 1, 1
    for k, stride in layers:
        side, step = side + (k - 1) * step, step * stride
    return side


def strides_too_early(layers):
    side, step = 1, 1
    for k, stride in layers:
        step *= stride
        side += (k - 1) * step
    return side


def backwards(layers):
    side = 1
    for k, stride in reversed(layers):
        side = (side - 1) * stride + k
    return side


FIRST = np.array([1.0, 2, 0, 3, 4, 0, 0, 0, 0])
MATRIX = np.array([np.roll(FIRST, n) for n in (0, 1, 3, 4)])
SOBEL = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])

BANK = {
    "slide": Bank(
        wrong={
            "one patch": (
                lambda x, w: (w * x[: w.shape[0], : w.shape[1]]).sum(),
                "you look at the first patch only",
            ),
            "turned round": (lambda x, w: slide(x, w[::-1, ::-1]), "you flip the kernel"),
            "transposed": (lambda x, w: slide(x, w).T, "you exchange rows and columns"),
            "one short": (lambda x, w: slide(x, w)[:-1, :-1], "the last row and column"),
            "one row": (lambda x, w: slide(x, w)[0], "after the first row of positions"),
            "no weights": (lambda x, w: slide(x, np.ones(w.shape)), "forget the weights"),
            "a mean": (lambda x, w: slide(x, w) / w.size, "the first entry should be"),
        },
        unusual={
            "by shifts": by_shifts,
            "by columns": by_columns,
            "lists": lambda x, w: slide(x, w).tolist(),
        },
    ),
    "size": Bank(
        wrong={
            "one border, not rounded": (
                lambda n, k, s, p: (n + p - k) / s + 1,
                "the border is on both sides",
            ),
            "one border": (lambda n, k, s, p: (n + p - k) // s + 1, "the border is on both sides"),
            "not rounded": (lambda n, k, s, p: (n + 2 * p - k) / s + 1, "round down"),
            "rounded up": (lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1, "round down, not up"),
            "without the first": (
                lambda n, k, s, p: size(n, k, s, p) - 1,
                "the first position counts",
            ),
            "one too early": (lambda n, k, s, p: (n + 2 * p - k + 1) // s, "after you divide"),
            "a shorter row": (lambda n, k, s, p: (n - 2 * p - k) // s + 1, "longer, not shorter"),
        },
        unusual={
            "counted": lambda n, k, s, p: len(range(0, n + 2 * p - k + 1, s)),
            "a float that is whole": lambda n, k, s, p: float(size(n, k, s, p)),
        },
    ),
    "edge": Bank(
        wrong={
            "ones": (np.ones((3, 3)), "let the weights add up to zero"),
            "zeros": (np.zeros((3, 3)), "responds to nothing at all"),
            "vertical": (SOBEL.T, "let each column add up to zero"),
            "turned round": (-SOBEL, "change the signs"),
            "two rows": (SOBEL[1:], "the shape is (2, 3)"),
            "a bright middle": (
                np.array([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]]),
                "from dark to bright it is also negative",
            ),
        },
        unusual={
            "Sobel's": SOBEL,
            "one column": [[0, -1, 0], [0, 0, 0], [0, 1, 0]],
            "two rows of three": [[0, 0, 0], [-0.5, -0.5, -0.5], [0.5, 0.5, 0.5]],
        },
    ),
    "count": Bank(
        wrong={
            "one kernel, one channel": (lambda n, c, k: k * k + 1, "one kernel for one channel"),
            "one channel": (lambda n, c, k: n * (k * k + 1), "a slice for every channel"),
            "one kernel": (lambda n, c, k: c * k * k + 1, "there are several kernels"),
            "no biases": (lambda n, c, k: n * c * k * k, "the biases are missing"),
            "one bias": (lambda n, c, k: n * c * k * k + 1, "not one for all"),
            "many biases": (lambda n, c, k: n * c * (k * k + 1), "not for each channel"),
            "a line": (lambda n, c, k: n * (c * k + 1), "k × k weights, not k"),
        },
        unusual={
            "an array's size": lambda n, c, k: np.zeros((n, c, k, k)).size + n,
            "NumPy's number": lambda n, c, k: np.int64(n) * (c * k**2 + 1),
        },
    ),
    "kernel_gradient": Bank(
        wrong={
            "one position": (
                lambda x, dz: (
                    dz[0, 0] * x[: x.shape[0] - dz.shape[0] + 1, : x.shape[1] - dz.shape[1] + 1]
                ),
                "at one position only",
            ),
            "turned round": (lambda x, dz: slide(x, dz[::-1, ::-1]), "you flip the errors"),
            "averaged": (lambda x, dz: slide(x, dz) / dz.size, "shared weights add up"),
            "no errors": (lambda x, dz: slide(x, np.ones(dz.shape)), "forget the errors"),
            "transposed": (lambda x, dz: slide(x, dz).T, "you exchange rows and columns"),
            "twice": (lambda x, dz: 2 * slide(x, dz), "the first entry should be"),
        },
        unusual={"by shifts": by_shifts, "by columns": by_columns},
    ),
    "image_gradient": Bank(
        wrong={
            "to the corner": (to_the_corner, "to the first pixel of the patch"),
            "replaced": (replacing, "add to what is there"),
            "turned round": (lambda w, dz: sent_back(w[::-1, ::-1], dz), "you flip the kernel"),
            "no weights": (lambda w, dz: sent_back(np.ones(w.shape), dz), "without the weights"),
            "too small": (lambda w, dz: dz.copy(), "the shape is"),
            "twice": (lambda w, dz: 2 * sent_back(w, dz), "the first entry should be"),
        },
        unusual={
            "full convolution": by_full_convolution,
            "lists": lambda w, dz: sent_back(w, dz).tolist(),
        },
    ),
    "pool_gradient": Bank(
        wrong={
            "evenly": (lambda x, dy: grow(dy) / 4, "as average pooling does"),
            "to all": (lambda x, dy: grow(dy), "only the largest may"),
            "to the smallest": (
                lambda x, dy: np.where(-x == grow(top(-x)), grow(dy), 0),
                "the smallest gets it",
            ),
            "ones": (lambda x, dy: (x == grow(top(x))) * 1.0, "forget the error"),
            "not grown": (lambda x, dy: dy.copy(), "the shape of the pooled map"),
            "one winner": (
                lambda x, dy: (
                    np.where(x == x.max(), grow(dy), 0) if x.size > 4 else pooled_by_loops(x, dy)
                ),
                "only the largest of the whole map",
            ),
            "times the value": (
                lambda x, dy: np.where(x == grow(top(x)), grow(dy) * x, 0),
                "it is multiplied by the value",
            ),
        },
        unusual={
            "loops": pooled_by_loops,
            "kron": lambda x, dy: (
                np.kron(dy, np.ones((2, 2))) * (x == np.kron(top(x), np.ones((2, 2))))
            ),
        },
    ),
    "matrix": Bank(
        wrong={
            "one row": (np.outer([1, 0, 0, 0], FIRST), "the weights of its own patch"),
            "one by one": (
                np.array([np.roll(FIRST, n) for n in range(4)]),
                "begins in the next row of the image",
            ),
            "four times the first": (np.tile(FIRST, (4, 1)), "are the first patch; move it"),
            "flipped": (
                np.array([np.roll([4, 3, 0, 2, 1, 0, 0, 0, 0], n) for n in (0, 1, 3, 4)]),
                "the kernel is flipped",
            ),
            "without a gap": (
                np.array([np.roll([1, 2, 3, 4, 0, 0, 0, 0, 0], n) for n in (0, 1, 3, 4)]),
                "three pixels after its first",
            ),
            "transposed": (MATRIX.T, "a row for each of the four positions"),
            "the kernel's columns": (
                np.array([np.roll([1, 3, 0, 2, 4, 0, 0, 0, 0], n) for n in (0, 1, 3, 4)]),
                "rows and columns of the kernel",
            ),
            "a slip": (MATRIX + np.eye(4, 9)[[3, 2, 1, 0]], "row 1 is not its patch"),
            "square": (np.eye(4), "the shape is (4, 4)"),
        },
        unusual={"lists": MATRIX.tolist(), "integers": MATRIX.astype(int)},
    ),
    "receptive": Bank(
        wrong={
            "the sum": (lambda layers: sum(k for k, _ in layers), "neighbouring patches overlap"),
            "no strides": (lambda layers: 1 + sum(k - 1 for k, _ in layers), "leave the strides"),
            "the product": (
                lambda layers: int(np.prod([k for k, _ in layers])),
                "you multiply the sizes",
            ),
            "strides too early": (strides_too_early, "not for itself"),
            "without itself": (lambda layers: receptive(layers) - 1, "begin with one"),
            "the step": (
                lambda layers: int(np.prod([s for _, s in layers])),
                "how far neighbours lie apart",
            ),
        },
        unusual={"from the top": backwards, "a float": lambda layers: float(receptive(layers))},
    ),
}
