"""Answers to the exercises of the chapter on initialisation and depth."""

import numpy as np
import torch

from banks import Bank
from weighted_sums import softmax
from weighted_sums.neurons import relu

DEVIATIONS = np.array([0.2, 0.1, 0.008**0.5, 4])

DEVIATIONS_AND_FACTOR = Bank(
    wrong={
        "variances": (DEVIATIONS ** [2, 2, 2, 1], "that is the variance; take its root"),
        "exchanged": (DEVIATIONS[[1, 0, 2, 3]], "fan-in is the number of inputs"),
        "no gain": (DEVIATIONS / [2**0.5, 2**0.5, 2**0.5, 1], "the gain 2 of a ReLU is missing"),
        "no halving": (DEVIATIONS * [1, 1, 1, 2], "ReLU halves the errors, too"),
        "forward": (DEVIATIONS / [1, 1, 1, 4], "that is the factor of the activations"),
        "a mean": ([0.2, 0.1, 0.15, 4], "the compromise: it should not be 0.15"),
        "three": ([0.2, 0.1, 4], "expected 4 numbers"),
    },
    unusual={"rounded": (0.2, 0.1, 0.0894, 4), "torch": torch.tensor([0.2, 0.1, 0.089443, 4.0])},
)


def measured_gain(activation, rng, n=200_000):
    return 1 / np.square(activation(rng.standard_normal(n))).mean()


def by_a_layer(activation, rng, n=500, examples=60):
    """Two real layers with gain 1: by how much does the mean square change in the second?"""
    x = rng.standard_normal((examples, n))
    before = activation(x @ rng.normal(0, n**-0.5, (n, n)))
    after = activation(before @ rng.normal(0, n**-0.5, (n, n)))
    return np.square(before).mean() / np.square(after).mean()


def by_integration(activation, rng):
    z = np.linspace(-8, 8, 10_001)
    weights = np.exp(-z * z / 2)
    return [weights.sum() / (np.square(activation(z)) * weights).sum()]


GAIN = Bank(
    wrong={
        "1 for all": (
            lambda activation, rng: 1.0,
            "for ReLU your gain is 1; it should be near 2",
        ),
        "2 for all": (lambda activation, rng: 2.0, "for an activation function that does nothing"),
        "what is left": (
            lambda activation, rng: 1 / measured_gain(activation, rng),
            "the gain is its reciprocal",
        ),
        "a standard deviation": (
            lambda activation, rng: measured_gain(activation, rng) ** 0.5,
            "belongs to the variance",
        ),
        "the variance": (
            lambda activation, rng: 1 / activation(rng.standard_normal(200_000)).var(),
            "you take the variance; the mean square also counts the mean",
        ),
        "the mean absolute value": (
            lambda activation, rng: 1 / np.abs(activation(rng.standard_normal(200_000))).mean(),
            "you take the mean absolute value; take the mean square",
        ),
        "positive numbers only": (
            lambda activation, rng: 1 / np.square(activation(rng.random(200_000))).mean(),
            "for ReLU your gain is 3",
        ),
        "few numbers": (
            lambda activation, rng: measured_gain(activation, rng, n=4),
            "measure with many numbers",
        ),
        "an array": (
            lambda activation, rng: np.square(activation(rng.standard_normal(10))),
            "the gain should be one number",
        ),
        "no return": (lambda activation, rng: None, "did you forget `return`"),
    },
    unusual={
        "a measurement": measured_gain,
        "a real layer": by_a_layer,
        "an integral": by_integration,
    },
)


def norm_of(grads):
    return np.sqrt(sum(np.square(g).sum() for g in grads))


def scaled(factor):
    return lambda grads, limit: [factor(norm_of(grads), limit) * g for g in grads]


def clip_by_torch(grads, limit):
    parts = [torch.tensor(np.zeros_like(g), requires_grad=True) for g in grads]
    for part, g in zip(parts, grads, strict=True):
        part.grad = torch.tensor(g)
    norm = norm_of(grads)
    if norm > limit:
        for part in parts:
            part.grad *= limit / norm
    return [part.grad.numpy() for part in parts]


CLIP = Bank(
    wrong={
        "entries": (
            lambda grads, limit: [np.clip(g, -limit, limit) for g in grads],
            "each entry is clipped",
        ),
        "each array": (
            lambda grads, limit: [g * min(1, limit / np.linalg.norm(g)) for g in grads],
            "each array has a norm of its own",
        ),
        "always": (scaled(lambda norm, limit: limit / norm), "short enough stays as it is"),
        "never": (lambda grads, limit: grads, "you leave it as it is"),
        "the squared norm": (
            scaled(lambda norm, limit: limit / norm**2 if norm > limit else 1),
            "you divide by the squared norm",
        ),
        "half": (scaled(lambda norm, limit: limit / norm / 2), "times the common factor"),
        "one array": (lambda grads, limit: grads[0], "you should return a list of 2 arrays"),
        "no return": (lambda grads, limit: None, "did you forget `return`"),
    },
    unusual={
        "a minimum": scaled(lambda norm, limit: min(1, limit / norm)),
        "a maximum below": lambda grads, limit: tuple(
            g * limit / max(limit, norm_of(grads)) for g in grads
        ),
        "torch": clip_by_torch,
    },
)

BATCH_NORM = Bank(
    wrong={
        "rows": (
            lambda x, eps: (
                (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + eps)
            ),
            "that normalises rows",
        ),
        "the whole table": (
            lambda x, eps: (x - x.mean()) / np.sqrt(x.var() + eps),
            "those of the whole table",
        ),
        "no root": (lambda x, eps: (x - x.mean(axis=0)) / (x.var(axis=0) + eps), "the root of"),
        "no mean": (lambda x, eps: x / np.sqrt(x.var(axis=0) + eps), "the mean is not subtracted"),
        "no division": (lambda x, eps: x - x.mean(axis=0), "not divided by anything"),
        "ε outside": (
            lambda x, eps: (x - x.mean(axis=0)) / (x.std(axis=0) + eps),
            "under the root",
        ),
        "the other variance": (
            lambda x, eps: (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0, ddof=1) + eps),
            "is not normalised over the examples",
        ),
        "no return": (lambda x, eps: None, "did you forget `return`"),
    },
    unusual={
        "transposed": lambda x, eps: (
            (
                (x.T - x.T.mean(axis=1, keepdims=True))
                / np.sqrt(x.T.var(axis=1, keepdims=True) + eps)
            ).T
        ),
        "torch": lambda x, eps: (
            torch.nn.functional.batch_norm(torch.tensor(x), None, None, training=True, eps=eps)
            if len(x) > 1
            else torch.zeros(x.shape, dtype=torch.float64)
        ),
    },
)


def through(da, a, W, b):
    return (da * (a @ W.T + b > 0)) @ W


def by_autograd(da, a, W, b):
    a = torch.tensor(a, requires_grad=True)
    out = a + torch.relu(a @ torch.tensor(W).T + torch.tensor(b))
    out.backward(torch.tensor(da))
    return a.grad


RESIDUAL = Bank(
    wrong={
        "no direct path": (through, "the direct path is missing"),
        "the direct path": (lambda da, a, W, b: da, "that is the direct path alone"),
        "transposed": (
            lambda da, a, W, b: da + (da * (a @ W.T + b > 0)) @ W.T,
            "W must not be transposed here",
        ),
        "no ReLU": (lambda da, a, W, b: da + da @ W, "the derivative of ReLU is missing"),
        "ReLU too late": (
            lambda da, a, W, b: da + (da @ W) * (a > 0),
            "belongs before W, at z of this layer",
        ),
        "a product": (lambda da, a, W, b: da * through(da, a, W, b), "the paths add"),
        "ReLU on both": (
            lambda da, a, W, b: da * (a @ W.T + b > 0) + through(da, a, W, b),
            "the direct path has no ReLU on it",
        ),
        "forward": (lambda da, a, W, b: a + relu(a @ W.T + b), "not the sum over the two paths"),
        "no return": (lambda da, a, W, b: None, "did you forget `return`"),
    },
    unusual={
        "by autograd": by_autograd,
        "row by row": lambda da, a, W, b: np.stack(
            [
                d @ (np.eye(len(d)) + (W @ x + b > 0)[:, None] * W)
                for d, x in zip(da, a, strict=True)
            ]
        ),
        "lists": lambda da, a, W, b: (da + through(da, a, W, b)).tolist(),
    },
)


def row_mean(t):
    return t.mean(axis=1, keepdims=True)


def normalised(x):
    s = x.std(axis=1, keepdims=True)
    return (x - row_mean(x)) / s, s


def layer_norm(mean=True, deviation=True, divide=True, sign=1):
    """The gradient of layer normalisation, with a keyword for each error."""

    def answer(dy, x):
        n, s = normalised(x)
        dx = dy - mean * row_mean(dy) - deviation * n * row_mean(dy * n)
        return sign * dx / (s if divide else 1)

    return answer


def layer_norm_by_torch(dy, x):
    v = torch.tensor(x, requires_grad=True)
    torch.nn.functional.layer_norm(v, v.shape[1:], eps=0).backward(torch.tensor(dy))
    return v.grad.numpy()


def by_jacobian(dy, x):
    """Multiply each row by the Jacobian of its normalisation."""
    found = []
    for row, n, s in zip(dy, *normalised(x), strict=True):
        J = (np.eye(len(n)) - 1 / len(n) - np.outer(n, n) / len(n)) / s
        found.append(row @ J)
    return np.array(found)


LAYER_NORM = Bank(
    wrong={
        "constants": (layer_norm(mean=False, deviation=False), "treats mean and deviation as"),
        "no deviation": (layer_norm(deviation=False), "the path through the deviation"),
        "no mean": (layer_norm(mean=False), "the path through the mean is missing"),
        "no division": (layer_norm(divide=False), "the division by the deviation is missing"),
        "the wrong sign": (layer_norm(sign=-1), "the sign is wrong"),
        "zero": (lambda dy, x: 0 * dy, "is not what `Variable` finds"),
        "no return": (lambda dy, x: None, "did you forget `return`"),
    },
    unusual={
        "the formula": layer_norm(),
        "torch": layer_norm_by_torch,
        "the Jacobian": by_jacobian,
    },
)


def by_jacobian_of_softmax(p, y):
    dp = -y / p / len(y)
    rows = [(np.diag(q) - np.outer(q, q)) @ d for q, d in zip(p, dp, strict=True)]
    return dp, np.array(rows)


def loss_by_torch(p, y):
    p = torch.tensor(p, requires_grad=True)
    z = torch.log(p.detach()).requires_grad_()
    (-(torch.tensor(y) * torch.log(p)).sum() / len(y)).backward()
    (-(torch.tensor(y) * torch.log_softmax(z, dim=1)).sum() / len(y)).backward()
    return [p.grad, z.grad]


FROM_LOSS = Bank(
    wrong={
        "no average": (lambda p, y: (-y / p, p - y), "dp: the loss is an average"),
        "the sign": (lambda p, y: (y / p / len(y), (p - y) / len(y)), "the loss has a minus"),
        "an average of all": (
            lambda p, y: (-y / p / p.size, (p - y) / len(y)),
            "not over all entries",
        ),
        "half of the Jacobian": (
            lambda p, y: (-y / p / len(y), -y / len(y)),
            "the Jacobian has a second term",
        ),
        "the diagonal": (
            lambda p, y: (-y / p / len(y), -y / len(y) * (1 - p)),
            "the diagonal of the Jacobian only",
        ),
        "no last factor": (
            lambda p, y: (-y / p / len(y), -y / p / len(y) + 1 / len(y)),
            "the last factor p is missing",
        ),
        "the table": (
            lambda p, y: (-y / p / len(y), p * (-y / p / len(y) + 1)),
            "the sum is over each row",
        ),
        "dz not averaged": (
            lambda p, y: (-y / p / len(y), p - y),
            "the average over the rows has been lost",
        ),
        "one array": (lambda p, y: (p - y) / len(y), "you should return two arrays"),
        "no return": (lambda p, y: None, "did you forget `return`"),
    },
    unusual={
        "a Jacobian for each row": by_jacobian_of_softmax,
        "torch": loss_by_torch,
        "the short cut": lambda p, y: (-y / p / len(y), (p - y) / len(y)),
    },
)


def matrix_by_torch(dz, h, W):
    leaves = [torch.tensor(v, requires_grad=True) for v in (h, W, np.zeros(len(W)))]
    (leaves[0] @ leaves[1].T + leaves[2]).backward(torch.tensor(dz))
    return [leaf.grad for leaf in leaves]


def spoiled(part, how):
    def through_matrix(dz, h, W):
        right = [dz @ W, dz.T @ h, dz.sum(axis=0)]
        right[part] = how(dz, h, W)
        return tuple(right)

    return through_matrix


THROUGH_MATRIX = Bank(
    wrong={
        "W transposed": (
            spoiled(0, lambda dz, h, W: dz @ W.T if W.shape[0] == W.shape[1] else dz @ W),
            "W is not transposed on the way back",
        ),
        "dW transposed": (spoiled(1, lambda dz, h, W: h.T @ dz), "this is the transpose of dW"),
        "dW averaged": (
            spoiled(1, lambda dz, h, W: dz.T @ h / len(h)),
            "dW: the average over the examples is in dz already",
        ),
        "db not added": (spoiled(2, lambda dz, h, W: dz), "so add over them"),
        "db averaged": (spoiled(2, lambda dz, h, W: dz.mean(axis=0)), "db: add over the examples;"),
        "db over the outputs": (
            spoiled(2, lambda dz, h, W: dz.sum(axis=1)),
            "not over the outputs",
        ),
        "dh without W": (spoiled(0, lambda dz, h, W: h), "dh: its entries are wrong"),
        "shapes that do not fit": (
            lambda dz, h, W: (dz @ W.T, h.T @ dz, dz),
            "the rows left of @ are not as long",
        ),
        "two arrays": (lambda dz, h, W: (dz @ W, dz.T @ h), "you should return three arrays"),
        "no return": (lambda dz, h, W: None, "did you forget `return`"),
    },
    unusual={
        "torch": matrix_by_torch,
        "by einsum": lambda dz, h, W: [
            np.einsum("nj,ji->ni", dz, W),
            np.einsum("nj,ni->ji", dz, h),
            np.ones(len(dz)) @ dz,
        ],
    },
)


def every_array(**changes):
    """All gradients by hand, with some of them changed by functions of the right ones."""

    def answer(x, W, b, y):
        s = x.std(axis=1, keepdims=True)
        h = (x - x.mean(axis=1, keepdims=True)) / s
        p = softmax.softmax(h @ W.T + b)
        dz = (p - y) / len(y)
        dh = dz @ W
        dx = (dh - dh.mean(axis=1, keepdims=True) - h * (dh * h).mean(axis=1, keepdims=True)) / s
        right = {"p": -y / p / len(y), "z": dz, "h": dh, "W": dz.T @ h, "b": dz.sum(axis=0)}
        right["x"] = dx
        return right | {name: f(right, x, y) for name, f in changes.items()}

    return answer


def every_array_by_torch(x, W, b, y):
    x, W, b = (torch.tensor(v, requires_grad=True) for v in (x, W, b))
    h = (x - x.mean(dim=1, keepdim=True)) / x.std(dim=1, keepdim=True, correction=0)
    z = h @ W.T + b
    p = torch.softmax(z, dim=1)
    for inner in (h, z, p):
        inner.retain_grad()
    (-(torch.tensor(y) * torch.log(p)).sum() / len(y)).backward()
    return {name: v.grad for name, v in zip("pzhWbx", (p, z, h, W, b, x), strict=True)}


BY_HAND = Bank(
    wrong={
        "x for h": (every_array(W=lambda g, x, y: g["z"].T @ x), "W: the matrix multiplies h"),
        "no normalisation": (every_array(x=lambda g, x, y: g["h"]), "x: the gradient of h must"),
        "no average": (every_array(p=lambda g, x, y: len(y) * g["p"]), "p: the loss is an average"),
        "an average lost": (
            every_array(z=lambda g, x, y: len(y) * g["z"]),
            "z: the average over the rows has been lost",
        ),
        "transposed": (every_array(W=lambda g, x, y: g["W"].T), "W: this is the transpose"),
        "biases of all": (every_array(b=lambda g, x, y: g["z"]), "b: the bias was repeated"),
        "the wrong sign": (every_array(h=lambda g, x, y: -g["h"]), "h: this is the first array"),
        "in a list": (
            lambda *given: list(every_array()(*given).values()),
            "you should return a dictionary",
        ),
        "one is missing": (
            lambda *given: {k: v for k, v in every_array()(*given).items() if k != "z"},
            "the gradient of z is missing",
        ),
        "no return": (lambda x, W, b, y: None, "did you forget `return`"),
    },
    unusual={
        "torch": every_array_by_torch,
        "the short cut": every_array(),
        "more than was asked": every_array(loss=lambda g, x, y: 1.0),
    },
)

BANK = {
    "deviations_and_factor": DEVIATIONS_AND_FACTOR,
    "gain": GAIN,
    "clip": CLIP,
    "batch_norm": BATCH_NORM,
    "residual_backward": RESIDUAL,
    "from_loss": FROM_LOSS,
    "through_matrix": THROUGH_MATRIX,
    "layer_norm": LAYER_NORM,
    "by_hand": BY_HAND,
}
