"""Answers to the exercises of the chapter on the chain rule."""

from itertools import pairwise

import numpy as np
import torch

from banks import Bank
from weighted_sums import chain
from weighted_sums.neurons import sigmoid, sigmoid_prime


def derivatives(w, a, y, *, arrive=None, prime=None, two=2.0, inputs=None, sign=1):
    """Six derivatives, right unless a keyword plants an error."""
    prime = prime or (lambda l: a[l + 1] * (1 - a[l + 1]))
    db = [0.0, 0.0, sign * two * (a[3] - y) * prime(2)]
    arrive = arrive or (lambda db, l: db[l + 1] * w[l + 1])
    for l in (1, 0):
        db[l] = arrive(db, l) * prime(l)
    inputs = inputs or a[:3]
    return [db[l] * inputs[l] for l in range(3)], db


def six(w1, w2, w3, a0, a1, a2, a3, y, **error):
    return derivatives([w1, w2, w3], [a0, a1, a2, a3], y, **error)


def six_written_out(w1, w2, w3, a0, a1, a2, a3, y):
    s1, s2, s3, c = a1 - a1 * a1, a2 - a2 * a2, a3 - a3 * a3, 2 * (a3 - y)
    return np.array([[a0 * s1 * w2 * s2 * w3 * s3 * c, a1 * s2 * w3 * s3 * c, a2 * s3 * c],
                     [s1 * w2 * s2 * w3 * s3 * c, s2 * w3 * s3 * c, s3 * c]])  # fmt: skip


def planted(**errors):
    """`six` with errors that need the numbers: each keyword makes one from (w, a, y)."""

    def answer(w1, w2, w3, a0, a1, a2, a3, y):
        w, a = [w1, w2, w3], [a0, a1, a2, a3]
        return derivatives(w, a, y, **{name: make(w, a, y) for name, make in errors.items()})

    return answer


def by_torch(w1, w2, w3, a0, a1, a2, a3, y):
    """Biases that give these activations, and then torch's own derivatives."""
    w = torch.tensor([w1, w2, w3], dtype=torch.float64, requires_grad=True)
    a = torch.tensor([a0, a1, a2, a3], dtype=torch.float64)
    b = (torch.logit(a[1:]) - w.detach() * a[:-1]).requires_grad_()
    out = a[0]
    for l in range(3):
        out = torch.sigmoid(w[l] * out + b[l])
    return [part.tolist() for part in torch.autograd.grad((out - y) ** 2, (w, b))]


SIX = Bank(
    wrong={
        "each as if it were the last": (
            planted(arrive=lambda w, a, y: lambda db, l: 2 * (a[l + 1] - y)),
            "only a3 enters the cost directly; what arrives at a2 comes through w3",
        ),
        "no 2": (lambda *g: six(*g, two=1.0), "the 2 of the square is missing"),
        "the wrong sign": (lambda *g: six(*g, sign=-1), "the sign is wrong"),
        "no σ′": (lambda *g: six(*g, prime=lambda l: 1), "σ′ of neuron 3 is missing"),
        "no σ′ of hidden neurons": (
            planted(prime=lambda w, a, y: lambda l: a[3] * (1 - a[3]) if l == 2 else 1),
            "σ′ of neuron 2 is missing",
        ),
        "σ′ at the activations": (
            planted(prime=lambda w, a, y: lambda l: sigmoid_prime(np.float64(a[l + 1]))),
            "a3 is σ(z) already",
        ),
        "σ′ of the neuron before": (
            planted(prime=lambda w, a, y: lambda l: a[l] * (1 - a[l])),
            "with a3, not a2",
        ),
        "through their own weights": (
            planted(arrive=lambda w, a, y: lambda db, l: db[l + 1] * w[l]),
            "leads through its own weight, w3",
        ),
        "no weights": (
            planted(arrive=lambda w, a, y: lambda db, l: db[l + 1]),
            "the weight w3 on the way back is missing",
        ),
        "the output for the input": (
            planted(inputs=lambda w, a, y: a[1:]),
            "what comes in through w3 is a2, not a3",
        ),
        "no input": (
            planted(inputs=lambda w, a, y: [1, 1, 1]),
            "that is the derivative for b3; times a2",
        ),
        "the first forgotten": (
            lambda *g: (np.array(six(*g)) * [0, 1, 1]).tolist(),
            "your derivative with respect to b1 is 0.00000: a finite difference gives",
        ),
        "rounded": (lambda *g: np.round(six(*g), 4), "is your difference one-sided, or rounded?"),
        "biases first": (lambda *g: six(*g)[::-1], "you return the biases first"),
        "last neuron first": (
            lambda *g: [part[::-1] for part in six(*g)],
            "you list the last neuron first",
        ),
        "in one row": (lambda *g: np.ravel(six(*g)), "two lists of three"),
        "weights only": (lambda *g: six(*g)[0], "two lists of three"),
        "lists of different lengths": (lambda *g: ([1, 2, 3], [1, 2]), "two lists of three"),
    },
    unusual={
        "from the last neuron to the first": six,
        "written out, one array": six_written_out,
        "torch": by_torch,
    },
)


def two_paths(
    x, w, b, v, u, c, y, *, combine=lambda through, direct: through + direct,
    prime=lambda h: h * (1 - h), out=lambda a: a * (1 - a), two=2, by_w=lambda w, x: w
):  # fmt: skip
    h = sigmoid(w * x + b)
    a = sigmoid(v * h + u * x + c)
    dz = two * (a - y) * out(a)
    return combine(dz * v * by_w(w, x) * prime(h), dz * u)


def two_paths_torch(*given):
    x, w, b, v, u, c, y = (torch.tensor(float(number), requires_grad=True) for number in given)
    a = torch.sigmoid(v * torch.sigmoid(w * x + b) + u * x + c)
    ((a - y) ** 2).backward()
    return x.grad.item()


def by_difference(x, w, b, v, u, c, y, h=1e-6, other=-1):
    def cost(x):
        return (sigmoid(v * sigmoid(w * x + b) + u * x + c) - y) ** 2

    return (cost(x + h) - cost(x + other * h)) / (h - other * h)


TWO_PATHS = Bank(
    wrong={
        "one path": (
            lambda *g: two_paths(*g, combine=lambda through, direct: through),
            "x also reaches the output itself",
        ),
        "the other path": (
            lambda *g: two_paths(*g, combine=lambda through, direct: direct),
            "x also reaches the output through h",
        ),
        "multiplied": (
            lambda *g: two_paths(*g, combine=lambda through, direct: through * direct),
            "added, not multiplied",
        ),
        "averaged": (
            lambda *g: two_paths(*g, combine=lambda *both: np.mean(both)),
            "do you average?",
        ),
        "no 2": (lambda *g: two_paths(*g, two=1), "is the 2 of the square missing"),
        "the wrong sign": (lambda *g: -two_paths(*g), "the sign is wrong"),
        "no hidden σ′": (
            lambda *g: two_paths(*g, prime=lambda h: 1),
            "σ′ of the hidden neuron is missing",
        ),
        "h for σ′": (lambda *g: two_paths(*g, prime=lambda h: h), "you use h in place of σ′"),
        "no σ′ at the output": (
            lambda *g: two_paths(*g, out=lambda a: 1),
            "σ′ of the output neuron is missing",
        ),
        "no w": (lambda *g: two_paths(*g, by_w=lambda w, x: 1), "the weight w on the path"),
        "for w in place of x": (
            lambda *g: two_paths(*g, by_w=lambda w, x: x),
            "with respect to x is",
        ),
        "subtracted": (
            lambda *g: two_paths(*g, combine=lambda through, direct: through - direct),
            "a finite difference gives",
        ),
        "a one-sided difference": (
            lambda *g: by_difference(*g, h=1e-4, other=0),
            "is your difference one-sided, or rounded?",
        ),
        "both": (lambda *g: two_paths(*g, combine=lambda *both: both), "one number"),
    },
    unusual={
        "torch": two_paths_torch,
        "a finite difference": by_difference,
        "a number in an array": lambda *g: np.array([[two_paths(*g)]]),
    },
)


def shared(x, w, b, y, combine=sum):
    twice = [chain.Neuron(w, b)] * 2
    return combine([part.dw for part in chain.backward(twice, chain.forward(twice, x), y)])


def shared_by_difference(x, w, b, y, h=1e-6):
    up, down = (chain.cost([chain.Neuron(w + d, b)] * 2, x, y) for d in (h, -h))
    return np.array([(up - down) / (2 * h)])


def shared_forward(x, w, b, y):
    """The derivative of each number with respect to w, carried along from the input."""
    a, da = x, 0.0
    for _ in range(2):
        z, dz = w * a + b, a + w * da
        a, da = sigmoid(z), sigmoid_prime(z) * dz
    return 2 * (a - y) * da


def no_weight(x, w, b, y):
    first, second = shared(x, w, b, y, combine=list)
    return second + first / w


def for_b(x, w, b, y):
    twice = [chain.Neuron(w, b)] * 2
    return sum(part.db for part in chain.backward(twice, chain.forward(twice, x), y))


SHARED = Bank(
    wrong={
        "the second neuron": (
            lambda *g: shared(*g, combine=lambda dw: dw[1]),
            "what w does in the second neuron",
        ),
        "the first neuron": (
            lambda *g: shared(*g, combine=lambda dw: dw[0]),
            "what w does in the first neuron",
        ),
        "averaged": (lambda *g: shared(*g, combine=np.mean), "do you average?"),
        "multiplied": (lambda *g: shared(*g, combine=np.prod), "added, not multiplied"),
        "the second, doubled": (
            lambda *g: shared(*g, combine=lambda dw: 2 * dw[1]),
            "not twice in the same way",
        ),
        "the wrong sign": (lambda *g: -shared(*g), "the sign is wrong"),
        "no w on the way back": (no_weight, "the weight w on the way back"),
        "for b": (for_b, "that is the derivative for b"),
        "both": (lambda *g: shared(*g, combine=list), "one number"),
        "a one-sided difference": (
            lambda x, w, b, y: shared_by_difference(x, w + 1e-4, b, y),
            "is your difference one-sided",
        ),
        "no return": (lambda *g: None, "did you forget `return`"),
        "a crash": (lambda x, w: w, "your function stops with TypeError"),
    },
    unusual={
        "a finite difference, in an array": shared_by_difference,
        "forward, from the input": shared_forward,
        "as an array of no axes": lambda *g: np.array(shared(*g)),
    },
)


def weights(sizes):
    return [m * n for m, n in pairwise(sizes)]


def work(sizes):
    return sizes[-1] * sum(weights(sizes)[:-1]), sizes[0] * sum(weights(sizes)[1:])


def all_jacobians(sizes):
    return sizes[-1] * sum(weights(sizes)), sizes[0] * sum(weights(sizes))


def by_multiplying(sizes):
    """Count while matrices of zeros are multiplied."""

    def count(shapes):
        (rows, columns), *rest = shapes
        total = 0
        for _, further in rest:
            total, columns = total + rows * columns * further, further
        return total

    jacobians = [(n, m) for m, n in pairwise(sizes)]  # the first layer's first
    return count(jacobians[::-1]), count([shape[::-1] for shape in jacobians])


WORK = Bank(
    wrong={
        "every weight once": (
            lambda sizes: (sum(weights(sizes)),) * 2,
            "your count is 12970, not 12960",
        ),
        "of all Jacobians": (
            all_jacobians,
            "starting at the output, your count is 12970, not 12960: the first Jacobian needs no",
        ),
        "the other way": (lambda sizes: work(sizes)[::-1], "the two counts are exchanged"),
        "one end": (lambda sizes: work(sizes)[0], "return two counts"),
        "without the number of inputs": (
            lambda sizes: (work(sizes)[0], sum(weights(sizes)[1:])),
            "the running product has 784",
        ),
        "the other Jacobian left out": (
            lambda sizes: (sizes[-1] * sum(weights(sizes)[1:]), work(sizes)[1]),
            "you leave out the Jacobian at the other end; it is the one at the output",
        ),
        "hard-coded": (lambda sizes: (12960, 342720), "for sizes [784, 16, 16, 10, 1], starting"),
        "the sizes exchanged": (
            lambda sizes: (
                sizes[0] * sum(weights(sizes)[:-1]),
                sizes[-1] * sum(weights(sizes)[1:]),
            ),
            "the running product has 1 rows or columns throughout",
        ),
        "additions as well": (
            lambda sizes: tuple(2 * count for count in work(sizes)),
            "your count is 25920, not 12960",
        ),
        "no return": (lambda sizes: None, "did you forget `return`"),
    },
    unusual={
        "by multiplying": by_multiplying,
        "an array": lambda sizes: np.array(work(sizes)),
        "a list of floats": lambda sizes: [float(count) for count in work(sizes)],
    },
)

SOFTPLUS_PRIME = Bank(
    wrong={
        "one factor": (lambda z: 1 / (1 + np.exp(z)), "the factor e^z"),
        "the other factor": (np.exp, "the factor 1/u is missing"),
        "softplus": (lambda z: np.logaddexp(0, z), "that is softplus itself"),
        "the sigmoid's derivative": (
            lambda z: sigmoid(z) * (1 - sigmoid(z)),
            "that is the derivative of the sigmoid",
        ),
        "the wrong sign": (lambda z: -sigmoid(z), "both factors are positive"),
        "overflow": (lambda z: np.exp(z) / (1 + np.exp(z)), "e^z is too large"),
        "1/z": (lambda z: 1 / (1 + z * z), "is not the product of 1/u and e^z"),
        "no return": (lambda z: None, "did you forget `return`"),
    },
    unusual={
        "from minus z": lambda z: 1 / (1 + np.exp(-z)),
        "by tanh": lambda z: (1 + np.tanh(z / 2)) / 2,
        "one minus": lambda z: 1 - sigmoid(-z),
    },
)

BANK = {
    "softplus_prime": SOFTPLUS_PRIME,
    "six": SIX,
    "two_paths": TWO_PATHS,
    "shared": SHARED,
    "work": WORK,
}
