"""Answers to the exercises on convolutional networks."""

import numpy as np
import torch

from banks import Bank
from weighted_sums.convolution import convolve, convolve_backward, max_pool, max_pool_backward
from weighted_sums.cross_entropy import cross_entropy_from_logits
from weighted_sums.softmax import softmax


def parts(kernels, size):
    a, b = kernels
    side = ((28 - size + 1) // 2 - size + 1) // 2
    return a, b, side, a * (size**2 + 1) + b * (a * size**2 + 1)


def parameters(kernels, size):
    _, b, side, conv = parts(kernels, size)
    return conv + 10 * (b * side**2 + 1)


def by_shapes(kernels, size):
    total, channels, side = 0, 1, 28
    for kernel in kernels:
        total += np.zeros((kernel, channels, size, size)).size + kernel
        channels, side = kernel, (side - size + 1) // 2
    return total + 10 * channels * side * side + 10


def work(kernels, channels, k, n):
    return kernels * channels * k * k * (n - k + 1) ** 2


def mean_pool(x):
    n, m = x.shape
    return x.reshape(n // 2, 2, m // 2, 2).mean(axis=(1, 3))


def overlapping(x):
    return (x[:-1, :-1] + x[1:, :-1] + x[:-1, 1:] + x[1:, 1:]) / 4


def covered(image, row, column, size, grey=0.5):
    image = image.copy()
    image[row : row + size, column : column + size] = grey
    return image


def covered_in_place(image, row, column, size):
    image[row : row + size, column : column + size] = 0.5
    return image


def by_mask(image, row, column, size):
    i, j = np.mgrid[:28, :28]
    inside = (i >= row) & (i < row + size) & (j >= column) & (j < column + size)
    return np.where(inside, 0.5, image)


def small(kernels=1, relu=True, scale=1, cost=1, one=False):
    def gradient(params, x, y):
        W, b, V, c = params
        z, cache = convolve(x, W, b)
        largest, pooled = max_pool(z, 2)
        a = np.maximum(largest, 0)
        features = a.reshape(len(x), -1)
        logits = features @ V.T + c
        dz = scale * (softmax(logits) - y) / len(x)
        if one:
            dz[1:] = 0
        da = (dz @ V).reshape(a.shape) * ((a > 0) if relu else 1)
        _, dW, db = convolve_backward(max_pool_backward(da, pooled), cache)
        value = cost * cross_entropy_from_logits(logits, y)
        return value, [kernels * dW, kernels * db, dz.T @ features, dz.sum(axis=0)]

    return gradient


def by_torch(params, x, y):
    W, b, V, c = tensors = [torch.tensor(p, requires_grad=True) for p in params]
    z = torch.nn.functional.conv2d(torch.tensor(x), W, b)
    a = torch.relu(torch.nn.functional.max_pool2d(z, 2))
    cost = torch.nn.functional.cross_entropy(a.reshape(len(x), -1) @ V.T + c, torch.tensor(y))
    cost.backward()
    return cost.item(), [t.grad.numpy() for t in tensors]


def edges():
    u, v = np.mgrid[-2:3, -2:3]
    return np.array([np.cos(a) * u + np.sin(a) * v for a in np.pi * np.arange(8) / 8])


BANK = {
    "parameters": Bank(
        wrong={
            "one cell a map": (
                lambda k, s: parts(k, s)[3] + 10 * (k[1] + 1),
                "sees all entries of each map",
            ),
            "no pooling": (
                lambda k, s: parts(k, s)[3] + 10 * (k[1] * (28 - 2 * (s - 1)) ** 2 + 1),
                "pooling halves the sides",
            ),
            "no dense layer": (lambda k, s: parts(k, s)[3], "the dense layer is missing"),
            "one channel": (
                lambda k, s: (
                    sum(n * (s * s + 1) for n in k) + 10 * (k[1] * parts(k, s)[2] ** 2 + 1)
                ),
                "a slice for every map",
            ),
            "no biases": (
                lambda k, s: k[0] * s * s + k[0] * k[1] * s * s + 10 * k[1] * parts(k, s)[2] ** 2,
                "the biases are missing",
            ),
            "one side": (
                lambda k, s: parts(k, s)[3] + 10 * (k[1] * parts(k, s)[2] + 1),
                "maps have two sides",
            ),
            "one too many": (lambda k, s: parameters(k, s) + 1, "it should be 5994"),
        },
        unusual={"by shapes": by_shapes, "a float": lambda k, s: float(parameters(k, s))},
    ),
    "work": Bank(
        wrong={
            "weights": (lambda m, c, k, n: m * c * k * k, "that is the number of weights"),
            "one row": (lambda m, c, k, n: m * c * k * k * (n - k + 1), "down as well as across"),
            "every pixel": (lambda m, c, k, n: m * c * k * k * n * n, "does not fit at every"),
            "positions": (lambda m, c, k, n: (n - k + 1) ** 2, "you count positions"),
            "one channel": (
                lambda m, c, k, n: m * k * k * (n - k + 1) ** 2 * (1 if c > 1 else 2),
                "it should be",
            ),
            "one kernel": (lambda m, c, k, n: c * k * k * (n - k + 1) ** 2, "several kernels"),
        },
        unusual={
            "NumPy's number": lambda *sizes: np.int64(work(*sizes)),
            "counted": lambda m, c, k, n: m * c * k * k * len(range(n - k + 1)) ** 2,
        },
    ),
    "luck": Bank(
        wrong={
            "no root": ((0.0093, 14, 15), "that is the variance; take the root"),
            "a fraction": ((0.000965, 14, 1.03), "a hundred times as much"),
            "one digit": ((9.65, 14, 1.03), "divide by the number of digits"),
            "off": ((0.2, 14, 0.5), "the standard error: not 0.2"),
            "per cent as digits": ((0.0965, 0.14, 1.03), "are not 0.14"),
            "one accuracy": ((0.0965, 14, 1.45), "varies more than one of them"),
            "errors added": ((0.0965, 14, 0.725), "variances add up"),
            "digits over error": ((0.0965, 14, 145), "that is not 145"),
            "two numbers": ((0.0965, 14), "the shape is (2,)"),
        },
        unusual={
            "computed": [100 * (0.9906 * 0.0094 / 1e4) ** 0.5, 14.0, 14 / (2 * 94 * 0.9906) ** 0.5],
            "rounded": np.array([0.097, 14, 1.02]),
        },
    ),
    "small_gradient": Bank(
        wrong={
            "dense only": (small(kernels=0), "the gradient of b is zero"),
            "no ReLU": (small(relu=False), "the gradient of b differs"),
            "summed": (small(scale=5), "is that of the sum"),
            "summed cost": (small(cost=5), "not their sum"),
            "turned": (small(scale=-1), "has the wrong sign"),
            "one image": (small(one=True), "the gradient of V differs"),
            "three": (
                lambda *given: (small()(*given)[0], small()(*given)[1][:3]),
                "four gradients, not 3",
            ),
            "the cost alone": (lambda *given: small()(*given)[0], "return the cost and the list"),
            "flat kernels": (
                lambda *given: (
                    small()(*given)[0],
                    [small()(*given)[1][0].ravel(), *small()(*given)[1][1:]],
                ),
                "the gradient of W",
            ),
        },
        unusual={
            "by torch": by_torch,
            "tuples": lambda *given: (small()(*given)[0], tuple(small()(*given)[1])),
        },
    ),
    "average_pool": Bank(
        wrong={
            "one of four": (lambda x: x[::2, ::2], "drop three"),
            "the maximum": (
                lambda x: x.reshape(len(x) // 2, 2, -1, 2).max(axis=(1, 3)),
                "that is max pooling",
            ),
            "the sum": (lambda x: 4 * mean_pool(x), "do not divide"),
            "halved": (lambda x: 2 * mean_pool(x), "a window has four entries"),
            "rows only": (lambda x: (x[::2] + x[1::2]) / 2, "you halve the rows only"),
            "overlapping": (
                lambda x: overlapping(x) if len(x) > 2 else mean_pool(x),
                "the windows overlap",
            ),
            "the mean of all": (lambda x: np.full_like(mean_pool(x), 1.5), "should be"),
        },
        unusual={
            "four slices": lambda x: (
                (x[::2, ::2] + x[1::2, ::2] + x[::2, 1::2] + x[1::2, 1::2]) / 4
            ),
            "a matrix on either side": lambda x: (
                np.kron(np.eye(len(x) // 2), [[0.5, 0.5]])
                @ x
                @ np.kron(np.eye(x.shape[1] // 2), [[0.5], [0.5]])
            ),
        },
    ),
    "covered": Bank(
        wrong={
            "in place": (covered_in_place, "you change an input in place"),
            "turned": (lambda m, r, c, s: covered(m, c, r, s), "you exchange rows and columns"),
            "too small": (lambda m, r, c, s: covered(m, r, c, s - 1), "one pixel too small"),
            "black": (lambda m, r, c, s: covered(m, r, c, s, 0.0), "the square is black"),
            "nothing": (lambda m, r, c, s: m.copy(), "nothing is covered"),
            "the square": (lambda m, r, c, s: np.full((s, s), 0.5), "return the square alone"),
            "centred": (
                lambda m, r, c, s: covered(m, max(0, r - s // 2), max(0, c - s // 2), s),
                "not where it should be",
            ),
        },
        unusual={"by mask": by_mask, "a list": lambda *given: covered(*given).tolist()},
    ),
    "own": Bank(
        wrong={
            "ones": (np.ones((8, 5, 5)), "kernels 0 and 1 are multiples"),
            "signs": (
                np.concatenate([edges()[:4], -edges()[:4]]),
                "are multiples",
            ),
            "seven": (edges()[:7], "the shape is (7, 5, 5)"),
            "flat": (edges().reshape(8, 25), "the shape is (8, 25)"),
            "a silent one": (edges() * (np.arange(8) != 3)[:, None, None], "kernel 3 is all zeros"),
            "not a number": (np.full((8, 5, 5), np.nan), "is not finite"),
        },
        unusual={
            "random": np.random.default_rng(0).normal(size=(8, 5, 5)),
            "whole numbers in lists": (10 * edges()).round().astype(int).tolist(),
            "single pixels": np.eye(25)[:8].reshape(8, 5, 5),
        },
    ),
}
