"""Checks for the exercises of the chapter on overfitting and regularisation."""

from __future__ import annotations

import numpy as np

from weighted_sums.analysis import shift
from weighted_sums.exercises import call, diagnose, require, require_equal, require_shape
from weighted_sums.networks import Layer


def weight_and_factor(answer) -> str:
    """A weight of 2 after a step with decay, and the factor of forty steps without a gradient."""
    found = np.asarray(answer, dtype=float)
    require(found.shape == (2,), f"expected 2 numbers, found shape {found.shape}")
    weights = {
        "the weight: that has the decay but not the gradient of C": 1.9,
        "the weight: that has the gradient of C but not the decay": 1.97,
        "the weight: the penalty is half a square, so its derivative has no 2": 1.77,
        "the weight: a step goes against the gradient": 2.13,
        "the weight: that is the gradient of C', not the weight after the step": 1.3,
    }
    factors = {
        "the factor: that is one step, not forty": 0.95,
        "the factor: forty steps multiply, they do not add": 1 - 40 * 0.05,
        "the factor: λ alone is not the decay of a step; times η": 0.5**40,
    }
    hint = diagnose(found[0], weights, f"the weight should not be {found[0]:.4g}")
    require(np.isclose(found[0], 1.87, atol=0.001), hint)
    hint = diagnose(found[1], factors, f"the factor should not be {found[1]:.4g}")
    require(np.isclose(found[1], 0.95**40, atol=0.002), hint)
    return "a weight that no example asks for is forgotten"


def penalised(answer) -> str:
    """`penalised(network, cost, grads, decay)` adds the L2 penalty to cost and gradient."""
    rng = np.random.default_rng(1)
    for sizes, decay in (((3, 4, 2), 0.1), ((2, 5), 0.7)):
        shapes = list(zip(sizes[1:], sizes, strict=False))
        network, grads = (
            [Layer(rng.normal(size=s), rng.normal(size=s[0])) for s in shapes] for _ in range(2)
        )
        where, cost = f"for layer sizes {sizes} and λ = {decay}", 1.5
        found = call(answer, where, network, cost, grads, decay)
        two = isinstance(found, tuple | list) and len(found) == 2
        require(two, f"{where} you should return a pair: cost and gradient")
        require(len(found[1]) == len(network), f"{where} the gradient should have all layers")
        squares = sum(np.square(W).sum() for W, _ in network)
        with_biases = squares + sum(np.square(b).sum() for _, b in network)
        hint = diagnose(float(found[0]), {
            "the factor ½ is missing": cost + decay * squares,
            "biases are not penalised": cost + decay / 2 * with_biases,
            "biases are not penalised, and the factor ½ is missing": cost + decay * with_biases,
            "the penalty is missing": cost,
            "the penalty adds up squares, without a root": cost + decay / 2 * np.sqrt(squares),
        }, f"is {float(found[0]):.4f}")  # fmt: skip
        right = cost + decay / 2 * squares
        require(np.isclose(found[0], right), f"{where} the cost should be {right:.4f}: {hint}")
        for l, ((W, b), (dW, db), part) in enumerate(zip(network, grads, found[1], strict=True), 1):
            errors = {
                "the derivative of λ/2 w² is λw, not half or twice of it": dW + 2 * decay * W,
                "half of λw is too little: differentiate the square": dW + decay / 2 * W,
                "the gradient of the penalty is missing": dW,
                "the penalty pushes the wrong way": dW - decay * W,
            }
            require_equal(part[0], dW + decay * W, f"{where} dW of layer {l}:", errors, "is wrong")
            biases = {"biases are not penalised": db + decay * b}
            require_equal(part[1], db, f"{where} db of layer {l}:", biases, "is changed")
    return "every weight is pulled towards zero, in proportion to its size"


def dropout(answer) -> str:
    """`dropout(a, drop_rate, rng)` drops activations at random and keeps every mean."""
    a = np.linspace(0.5, 2, 4)[None].repeat(10_000, axis=0)
    for drop_rate in (0.5, 0.2, 0.0):
        where = f"at drop_rate {drop_rate}"
        found = np.asarray(call(answer, where, a.copy(), drop_rate, np.random.default_rng(3)))
        require_shape(found, a.shape, where)
        zero, mean = found == 0, found.mean(axis=0)
        same_mask = drop_rate > 0 and (zero == zero[0]).all() and zero.any()
        require(not same_mask, f"{where} all examples have the same mask; draw one for each entry")
        words = f"{where} you drop a fraction of {zero.mean():.2f} of the activations"
        require(abs(zero.mean() - drop_rate) < 0.02, f"{words}; it should be {drop_rate}")
        together = (zero.mean(axis=1) % 1 == 0).mean()
        words = f"{where} you drop all neurons of an example together; draw each on its own"
        require(drop_rate == 0 or together < 0.9, words)
        errors = {
            ": scale up the activations that are left": (1 - drop_rate) * a[0],
            ": divide by 1 − drop_rate, do not multiply": (1 - drop_rate) ** 2 * a[0],
            ": divide by 1 − drop_rate, not by drop_rate": (1 - drop_rate)
            / max(drop_rate, 1e-9)
            * a[0],
        }
        why = [why for why, value in errors.items() if np.allclose(mean, value, rtol=0.05)]
        words = f"{where} activations of {a[0].tolist()} come out as {mean.round(2).tolist()}"
        require(np.allclose(mean, a[0], rtol=0.05), f"{words} on average{''.join(why[:1])}")
        factors = (found / a)[~zero]
        require(
            np.ptp(factors) < 1e-6, f"{where} not all activations that are left get the same factor"
        )
    first, again, other = (answer(a[:50], 0.5, np.random.default_rng(i)) for i in (5, 5, 6))
    require(np.array_equal(first, again), "draw from the `rng` that you are given")
    require(not np.array_equal(first, other), "you drop the same neurons in every call")
    return "scaling up those that are left makes up for the dropped ones"


def augment(answer) -> str:
    """`augment(images, reach, rng)` moves every image by a shift of its own."""
    image = np.zeros(784)
    image[28 * 14 + 14] = 1.0
    for reach in (1, 2, 0):
        where = f"for 2000 images and reach {reach}"
        given = np.tile(image, (2000, 1))
        found = np.asarray(call(answer, where, given, reach, np.random.default_rng(2)))
        require_shape(found, given.shape, where)
        at = found.argmax(axis=1)
        moves = np.stack([at % 28 - 14, at // 28 - 14], axis=1)
        require(bool((abs(moves) <= reach).all()), f"{where} an image moves too far")
        require(reach == 0 or len(np.unique(moves, axis=0)) > 1,
                f"{where} all images move alike; draw for each")  # fmt: skip
        seen = {way: {*moves[:, k].tolist()} for k, way in enumerate(("right", "down"))}
        for way, values in seen.items():
            missing = {*range(-reach, reach + 1)} - values
            require(not missing, f"{where} no image is moved by {sorted(missing)} pixels {way}")
        same = reach > 0 and (moves[:, 0] == moves[:, 1]).all()
        require(not same, f"{where} d_x and d_y are always equal; draw both")
        counts = np.unique(moves, axis=0, return_counts=True)[1]
        fair = 2000 / (2 * reach + 1) ** 2
        require(bool((abs(counts - fair) < 6 * fair**0.5).all()),
                f"{where} some shifts are far more frequent than others")  # fmt: skip
    digits = np.random.default_rng(4).random((5, 784))
    moved = np.asarray(call(answer, "for 5 images", digits, 1, np.random.default_rng(5)))
    near = [
        min(np.abs(shift(digits[[i]], dx, dy)[0] - moved[i]).max()
            for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        for i in range(5)
    ]  # fmt: skip
    require(max(near) < 1e-6, "for 5 images an image is not a shift of the image in its row")
    first, again, other = (answer(digits, 1, np.random.default_rng(i)) for i in (7, 7, 8))
    require(np.array_equal(first, again), "draw from the `rng` that you are given")
    require(not np.array_equal(first, other), "you draw the same shifts in every call")
    return "every image has its own shift, both ends of the range included"


def smooth(answer) -> str:
    """`smooth(y, epsilon)` gives every class an equal part of a fraction ε of the probability."""
    rng = np.random.default_rng(9)
    for classes, epsilon in ((4, 0.1), (10, 0.2), (2, 0.0)):
        y = np.eye(classes)[rng.integers(classes, size=6)]
        where = f"for {classes} classes and ε = {epsilon}"
        found = np.asarray(call(answer, where, y.copy(), epsilon))
        errors = {
            "the rows no longer add up to 1: the fraction ε went to nobody": (1 - epsilon) * y,
            "all classes get a part, the right one too": np.where(
                y > 0, 1 - epsilon, epsilon / (classes - 1)
            ),
            "the right class must lose what the others gain": y + epsilon / classes,
            "divide ε by the number of classes": (1 - epsilon) * y + epsilon,
            "divide by the number of classes, not of examples": (1 - epsilon) * y + epsilon / 6,
        }
        require_equal(found, (1 - epsilon) * y + epsilon / classes, where, errors, "is wrong")
    return "no logit needs to be infinite any more"
