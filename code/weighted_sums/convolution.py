"""Convolution: one small template slid over an image, and pooling, forward and backward.

What the field calls convolution is, strictly, cross-correlation: the kernel is not flipped.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.lib.stride_tricks import sliding_window_view

from weighted_sums.workshop.checks import as_float, same_shape, whole_number

Images = Float[np.ndarray, "batch channel row column"]
Maps = Float[np.ndarray, "batch kernel row_out column_out"]
Pooled = Float[np.ndarray, "batch channel row_out column_out"]
Kernels = Float[np.ndarray, "kernel channel high wide"]


class ConvCache(NamedTuple):
    """What the derivatives of a convolution need: its patches, its kernels, and the geometry."""

    patches: Float[np.ndarray, "weight patch"]
    W: Kernels
    shape: tuple[int, ...]
    stride: int
    padding: int


def convolve(
    x: Images, W: Kernels, b: Float[np.ndarray, " kernel"], stride: int = 1, padding: int = 0
) -> tuple[Maps, ConvCache]:
    r"""Weighted sums of every patch with every kernel, {eq}`convolution`.

    $z_{kij} = b_k + \sum_{c,u,v} W_{kcuv}\, x_{c,\,si+u,\,sj+v}$ with the stride $s$, after a
    border of `padding` zeros is put around each image. Raises ValueError when shapes do not fit,
    and when a kernel is larger than the padded image.
    """
    x, W = as_float(x), as_float(W)
    _check(x, W, b, whole_number(stride, "the stride"), whole_number(padding, "padding", 0))
    padded, inside = _zeros(x.shape, padding, x.dtype)
    inside[...] = x
    windows = _windows(padded, W.shape[2:], stride).transpose(1, 4, 5, 2, 3, 0)
    patches = windows.reshape(W[0].size, -1)
    z = (W.reshape(len(W), -1) @ patches + b[:, None]).reshape(len(W), *windows.shape[3:])
    return z.transpose(3, 0, 1, 2), ConvCache(patches, W, x.shape, stride, padding)


def convolve_backward(
    dz: Maps, cache: ConvCache
) -> tuple[Images, Kernels, Float[np.ndarray, " kernel"]]:
    r"""Return dx, dW and db, {eq}`convolution-backward`.

    A weight that is used at every position gathers its derivative from every position,
    $\partial C/\partial W_{kcuv} = \sum_{ij} \delta_{kij}\, x_{c,\,si+u,\,sj+v}$; a pixel gathers
    it from every patch that it is in.
    """
    dW, db = kernel_backward(dz, cache)
    W, delta = cache.W, dz.transpose(1, 2, 3, 0).reshape(dz.shape[1], -1)
    dx, inside = _zeros(cache.shape, cache.padding, delta.dtype)
    windows = _windows(dx, W.shape[2:], cache.stride).transpose(1, 4, 5, 2, 3, 0)
    d_patches = (W.reshape(len(W), -1).T @ delta).reshape(windows.shape)
    for u, v in np.ndindex(*W.shape[2:]):  # windows overlap, so one pixel of each at a time
        windows[:, u, v] += d_patches[:, u, v]
    return inside, dW, db


def kernel_backward(dz: Maps, cache: ConvCache) -> tuple[Kernels, Float[np.ndarray, " kernel"]]:
    r"""Return dW and db alone, {eq}`convolution-backward`: a first layer needs no dx."""
    delta = dz.transpose(1, 2, 3, 0).reshape(dz.shape[1], -1)
    same_shape(delta[0], cache.patches[0], ("gradients", "positions of the kernel"))
    return (delta @ cache.patches.T).reshape(cache.W.shape), delta.sum(axis=1)


class PoolCache(NamedTuple):
    """Which entry of each window was the largest, and the shape of what came in."""

    largest: Int[np.ndarray, "batch channel row_out column_out"]
    shape: tuple[int, ...]
    size: int


def max_pool(x: Images, size: int) -> tuple[Pooled, PoolCache]:
    r"""Keep the largest entry of each window of `size` × `size`, {eq}`max-pool`.

    Windows do not overlap; rows and columns that fill no window are left out, as PyTorch does.
    """
    if min(x.shape[2:]) < whole_number(size, "the size of a window"):
        raise ValueError(f"a window of {size} does not fit into images of shape {x.shape[2:]}")
    windows = _windows(as_float(x), (size, size), size)
    y, largest = windows[..., 0, 0], np.zeros_like(windows[..., 0, 0], dtype=np.int32)
    for i, (u, v) in enumerate(np.ndindex(size, size)):
        # i grows, so the last one to be larger is the largest; assigning by a mask is slower
        np.maximum(largest, (windows[..., u, v] > y) * np.int32(i), out=largest)
        y = np.maximum(y, windows[..., u, v])
    return y, PoolCache(largest, x.shape, size)


def max_pool_backward(dy: Pooled, cache: PoolCache) -> Images:
    """Return dx: the gradient goes to the entry that was the largest, and to no other."""
    same_shape(dy, cache.largest, ("gradients", "windows"))
    dx = _zeros(cache.shape, 0, dy.dtype)[0]
    windows = _windows(dx, (cache.size, cache.size), cache.size)
    for i, (u, v) in enumerate(np.ndindex(cache.size, cache.size)):
        windows[..., u, v] = dy * (cache.largest == i)
    return dx


def _zeros(shape: tuple[int, ...], p: int, dtype: np.dtype) -> tuple[np.ndarray, np.ndarray]:
    # the batch is last in memory: NumPy then copies and adds long rows instead of short ones
    n, channels, high, wide = shape
    x = np.zeros((channels, high + 2 * p, wide + 2 * p, n), dtype).transpose(3, 0, 1, 2)
    return x, x[:, :, p : p + high, p : p + wide]


def _windows(x: Images, size: tuple[int, ...], stride: int) -> np.ndarray:
    # a view of (batch, channel, row_out, column_out, u, v), which can be written to
    every = sliding_window_view(x, size, axis=(2, 3), writeable=x.flags.writeable)
    return every[:, :, ::stride, ::stride]


def _check(x: Images, W: Kernels, b: np.ndarray, stride: int, padding: int) -> None:
    if W.shape[1] != x.shape[1] or b.shape != W.shape[:1]:
        raise ValueError(f"kernels {W.shape} and biases {b.shape} do not fit images {x.shape}")
    padded = tuple(side + 2 * padding for side in x.shape[2:])
    if any(k > side for k, side in zip(W.shape[2:], padded, strict=True)):
        raise ValueError(f"a kernel of {W.shape[2:]} is larger than the padded image, {padded}")
