"""Convolution, pooling, and the logits of a convolutional network."""

import numpy as np

from golden import case
from weighted_sums import convnets
from weighted_sums.convolution import convolve, max_pool


def cases():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 6, 6))
    w = rng.normal(size=(2, 3, 3))
    z, _ = convolve(x[None], w[None], np.array([0.5]))
    net = convnets.init_convnet(rng, kernels=(2, 3), dtype=np.float64)
    image = rng.random((1, 784))
    return {
        "convolve": [case({"x": x, "w": w, "b": 0.5}, z.ravel())],
        "maxPool": [
            case({"x": x[0], "size": size}, max_pool(x[:1][None], size)[0].ravel())
            for size in (1, 2, 4)
        ],
        "convnetLogits": [
            case({"x": image[0], "net": [list(p) for p in net]}, convnets.logits(net, image)[0])
        ],
    }
