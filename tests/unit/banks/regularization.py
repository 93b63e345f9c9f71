"""Answers to the exercises of the chapter on overfitting and regularisation."""

import numpy as np
import torch

from banks import Bank
from weighted_sums.analysis import shift
from weighted_sums.networks import Layer

WEIGHT_AND_FACTOR = Bank(
    wrong={
        "decay only": ((1.9, 0.95**40), "the decay but not the gradient"),
        "no decay": ((1.97, 0.95**40), "the gradient of C but not the decay"),
        "a 2": ((1.77, 0.95**40), "its derivative has no 2"),
        "uphill": ((2.13, 0.95**40), "a step goes against the gradient"),
        "the gradient": ((1.3, 0.95**40), "that is the gradient of C"),
        "one step": ((1.87, 0.95), "that is one step, not forty"),
        "a sum": ((1.87, -1.0), "forty steps multiply"),
        "λ alone": ((1.87, 0.5**40), "not the decay of a step"),
        "something": ((1.8, 0.1), "the weight should not be 1.8"),
        "one number": (1.87, "expected 2 numbers"),
    },
    unusual={"rounded": [1.87, 0.129], "torch": torch.tensor([1.87, 0.1285])},
)


def penalty(half=0.5, biases=False, pull=1.0, root=False):
    def penalised(network, cost, grads, decay):
        squares = sum((W**2).sum() + biases * (b**2).sum() for W, b in network)
        new = [
            Layer(dW + pull * decay * W, db + biases * decay * b)
            for (W, b), (dW, db) in zip(network, grads, strict=True)
        ]
        return cost + half * decay * (np.sqrt(squares) if root else squares), new

    return penalised


def by_torch(network, cost, grads, decay):
    flat = [torch.tensor(W, requires_grad=True) for W, _ in network]
    (decay / 2 * sum((W**2).sum() for W in flat)).backward()
    new = [(dW + W.grad.numpy(), db) for (dW, db), W in zip(grads, flat, strict=True)]
    return cost + decay / 2 * sum(float((W**2).sum()) for W in flat), new


PENALISED = Bank(
    wrong={
        "no half": (penalty(half=1), "the factor ½ is missing"),
        "biases": (penalty(biases=True), "biases are not penalised"),
        "both": (penalty(half=1, biases=True), "biases are not penalised, and the factor ½"),
        "no penalty": (penalty(half=0), "the penalty is missing"),
        "a norm": (penalty(root=True), "adds up squares, without a root"),
        "twice the pull": (penalty(pull=2), "not half or twice of it"),
        "half the pull": (penalty(pull=0.5), "half of λw is too little"),
        "no pull": (penalty(pull=0), "the gradient of the penalty is missing"),
        "the wrong way": (penalty(pull=-1), "the penalty pushes the wrong way"),
        "the cost": (lambda network, cost, grads, decay: cost, "you should return a pair"),
        "one layer": (
            lambda network, cost, grads, decay: (
                penalty()(network, cost, grads, decay)[0],
                grads[1:],
            ),
            "the gradient should have all layers",
        ),
        "no return": (lambda network, cost, grads, decay: None, "did you forget `return`"),
    },
    unusual={"weights only": penalty(), "torch": by_torch},
)


def inverted(a, drop_rate, rng):
    return np.where(rng.random(a.shape) < drop_rate, 0, a / (1 - drop_rate))


def dropout_in_place(a, drop_rate, rng):
    a[rng.random(a.shape) < drop_rate] = 0
    a /= 1 - drop_rate
    return a


def one_by_one(a, drop_rate, rng):
    return [[0.0 if r < drop_rate else x / (1 - drop_rate) for x, r in zip(*rows, strict=True)]
            for rows in zip(a.tolist(), rng.random(a.shape).tolist(), strict=True)]  # fmt: skip


DROPOUT = Bank(
    wrong={
        "not scaled up": (
            lambda a, drop_rate, rng: np.where(rng.random(a.shape) < drop_rate, 0, a),
            "scale up the activations that are left",
        ),
        "the other rate": (
            lambda a, drop_rate, rng: inverted(a, 1 - drop_rate, rng),
            "at drop_rate 0.2 you drop a fraction of 0.80",
        ),
        "multiplied": (
            lambda a, drop_rate, rng: inverted(a, drop_rate, rng) * (1 - drop_rate) ** 2,
            "divide by 1 − drop_rate, do not multiply",
        ),
        "divided by the rate": (
            lambda a, drop_rate, rng: np.where(
                rng.random(a.shape) < drop_rate, 0, a / (drop_rate or 1)
            ),
            "divide by 1 − drop_rate, not by drop_rate",
        ),
        "nothing": (lambda a, drop_rate, rng: a, "you drop a fraction of 0.00"),
        "whole examples": (
            lambda a, drop_rate, rng: a * inverted(np.ones((len(a), 1)), drop_rate, rng),
            "drop all neurons of an example together",
        ),
        "one mask": (
            lambda a, drop_rate, rng: a * inverted(np.ones(a.shape[1]), drop_rate, rng),
            "all examples have the same mask",
        ),
        "scaled at random": (
            lambda a, drop_rate, rng: (
                inverted(a, drop_rate, rng) * rng.choice([0.5, 1.5], size=a.shape)
            ),
            "not all activations that are left get the same factor",
        ),
        "a generator of its own": (
            lambda a, drop_rate, rng: inverted(a, drop_rate, np.random.default_rng()),
            "draw from the `rng` that you are given",
        ),
        "the same seed in each call": (
            lambda a, drop_rate, rng: inverted(a, drop_rate, np.random.default_rng(0)),
            "you drop the same neurons in every call",
        ),
        "the first row": (
            lambda a, drop_rate, rng: inverted(a, drop_rate, rng)[0],
            "the shape is (4,)",
        ),
        "in place": (dropout_in_place, "you change an input in place"),
    },
    unusual={
        "where": inverted,
        "a binomial": lambda a, drop_rate, rng: (
            a * rng.binomial(1, 1 - drop_rate, a.shape) / (1 - drop_rate)
        ),
        "one by one": one_by_one,
        "single precision": lambda a, drop_rate, rng: (
            a * (rng.random(a.shape) >= drop_rate) / (1 - drop_rate)
        ).astype(np.float32),
    },
)


def augment(images, reach, rng, *, high=1, both=True):
    moves = rng.integers(-reach, reach + high, size=(len(images), 2))
    if not both:
        moves[:, 1] = moves[:, 0]
    pairs = zip(images, moves, strict=True)
    return np.concatenate([shift(image[None], dx, dy) for image, (dx, dy) in pairs])


def by_shift(images, reach, rng):
    """One call of `shift` for each of the shifts instead of one for each image."""
    moves = rng.integers(-reach, reach + 1, size=(2, len(images)))
    found = np.empty_like(images)
    for dx in range(-reach, reach + 1):
        for dy in range(-reach, reach + 1):
            of_these = (moves[0] == dx) & (moves[1] == dy)
            found[of_these] = shift(images[of_these], dx, dy)
    return found


def by_roll(images, reach, rng):
    moves = rng.integers(-reach, reach + 1, size=(len(images), 2))
    padded = np.pad(images.reshape(-1, 28, 28), ((0, 0), (reach, reach), (reach, reach)))
    return [
        image[reach - dy : reach - dy + 28, reach - dx : reach - dx + 28].ravel()
        for image, (dx, dy) in zip(padded, moves, strict=True)
    ]


AUGMENT = Bank(
    wrong={
        "one shift": (
            lambda images, reach, rng: shift(images, *rng.integers(-reach, reach + 1, size=2)),
            "all images move alike",
        ),
        "never the largest": (
            lambda images, reach, rng: augment(images, reach, rng, high=bool(reach == 0)),
            "no image is moved by [1] pixels",
        ),
        "too far": (
            lambda images, reach, rng: augment(images, reach + 1, rng),
            "an image moves too far",
        ),
        "along the diagonal": (
            lambda images, reach, rng: augment(images, reach, rng, both=False),
            "are always equal; draw both",
        ),
        "sideways": (
            lambda images, reach, rng: np.concatenate(
                [shift(image[None], rng.integers(-reach, reach + 1), 0) for image in images]
            ),
            "no image is moved by [-1, 1] pixels down",
        ),
        "a generator of its own": (
            lambda images, reach, rng: augment(images, reach, np.random.default_rng()),
            "draw from the `rng` that you are given",
        ),
        "the same seed": (
            lambda images, reach, rng: augment(images, reach, np.random.default_rng(0)),
            "the same shifts in every call",
        ),
        "rows shuffled": (
            lambda images, reach, rng: augment(images, reach, rng)[::-1],
            "is not a shift of the image in its row",
        ),
        "no return": (lambda images, reach, rng: None, "did you forget `return`"),
    },
    unusual={"a list": augment, "grouped": by_shift, "from a padded image": by_roll},
)

SMOOTH = Bank(
    wrong={
        "only lowered": (lambda y, epsilon: (1 - epsilon) * y, "went to nobody"),
        "the others": (
            lambda y, epsilon: np.where(y > 0, 1 - epsilon, epsilon / (y.shape[1] - 1)),
            "all classes get a part, the right one too",
        ),
        "not lowered": (lambda y, epsilon: y + epsilon / y.shape[1], "must lose what the others"),
        "not divided": (
            lambda y, epsilon: (1 - epsilon) * y + epsilon,
            "divide ε by the number of classes",
        ),
        "by the examples": (
            lambda y, epsilon: (1 - epsilon) * y + epsilon / len(y),
            "not of examples",
        ),
        "a softmax": (
            lambda y, epsilon: np.exp(y) / np.exp(y).sum(axis=1, keepdims=True),
            "for 4 classes and ε = 0.1",
        ),
        "no return": (lambda y, epsilon: None, "did you forget `return`"),
    },
    unusual={
        "a mean with the uniform": lambda y, epsilon: (
            (1 - epsilon) * y + epsilon * np.full_like(y, 1 / y.shape[1])
        ),
        "torch": lambda y, epsilon: torch.lerp(
            torch.tensor(y), torch.full(y.shape, 1 / y.shape[1], dtype=torch.float64), epsilon
        ),
        "lists": lambda y, epsilon: [
            [epsilon / len(row) + (1 - epsilon) * t for t in row] for row in y.tolist()
        ],
    },
)

BANK = {
    "weight_and_factor": WEIGHT_AND_FACTOR,
    "penalised": PENALISED,
    "dropout": DROPOUT,
    "augment": AUGMENT,
    "smooth": SMOOTH,
}
