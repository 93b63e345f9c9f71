"""Answers to the exercises on networks: each error a reader may make, and other right ways."""

from itertools import pairwise

import numpy as np

from banks import Bank
from weighted_sums.networks import Layer
from weighted_sums.neurons import relu, sigmoid


def weights(sizes):
    return sum(m * n for m, n in pairwise(sizes))


def loops(x, W, b):
    z = [[sum(w * v for w, v in zip(row, example, strict=True)) for row in W] for example in x]
    return sigmoid(np.array(z) + b)


def collapse(network):
    W, b = network[0]
    for next_W, next_b in network[1:]:
        W, b = next_W @ W, next_W @ b + next_b
    return Layer(W, b)


def probe(network):
    """Find W and b from the outputs for zeros and for each unit vector."""

    def through(x):
        for W, b in network:
            x = x @ W.T + b
        return x

    n = network[0].W.shape[1]
    b = through(np.zeros(n))
    return (through(np.eye(n)) - b).T, b


def from_the_end(network):
    W, b = network[-1]
    for W_before, b_before in network[-2::-1]:
        W, b = W @ W_before, b + W @ b_before
    return [W.tolist(), b.tolist()]


def collapse_in_place(network):
    found = collapse(network)
    network[-1].b[:] = found.b
    return found


def reversed_order(network):
    W = network[0].W
    for next_W, _ in network[1:]:
        W = W @ next_W if W.shape == next_W.shape[::-1] == (4, 4) else next_W @ W
    return W, collapse(network).b


def permute(network, order, columns=True, bias=True):
    first, second, *others = network
    moved = Layer(first.W[order], first.b[order] if bias else first.b)
    return [moved, Layer(second.W[:, order] if columns else second.W, second.b), *others]


def columns_back(network, order):
    first, second, *others = permute(network, order, columns=False)
    return [first, Layer(second.W[:, np.argsort(order)], second.b), *others]


def permute_in_place(network, order):
    network[0].W[:] = network[0].W[order]
    network[0].b[:] = network[0].b[order]
    network[1].W[:] = network[1].W[:, order]
    return network


def permute_inputs(network, order):
    first, *others = network
    return [Layer(first.W.T[order[: len(first.W.T)] % len(first.W.T)].T, first.b), *others]


def permute_last_bias(network, order):
    *others, last = permute(network, order)
    return [*others, Layer(last.W, last.b[::-1] + 1)]


def by_matrix(network, order):
    P = np.eye(len(order))[order]
    (W, b), (next_W, next_b), *others = network
    return (P @ W, P @ b), (next_W @ P.T, next_b), *others


def one_by_one(network, order):
    first, second, *others = network
    W = [first.W[old].tolist() for old in order]
    b = [float(first.b[old]) for old in order]
    columns = np.stack([second.W[:, old] for old in order], axis=1)
    return [[W, b], [columns, second.b], *others]


def two_layers(W1, b1, W2, b2):
    return [Layer(np.array(W1), np.array(b1)), Layer(np.array(W2), np.array(b2))]


ROWS = [[20.0] * 3] * 2
ALONE = np.eye(3) * 40 - 20.0
OR_OF_ALL = ([[20.0] * 3], [-10.0])

ONES = np.array([[digit >> k & 1 for digit in range(10)] for k in range(4)])


def coded(bits, weight=20.0, bias=-10.0):
    return Layer(weight * np.asarray(bits), np.full(len(bits), bias))


def counted(first, second):
    n, n1, n2 = len(first), (first & ~second).sum(), (second & ~first).sum()
    return (n1 - n2) / n, np.sqrt(n1 + n2 - (n1 - n2) ** 2 / n) / n


def separate(first, second):
    n = len(first)
    return first.mean() - second.mean(), np.sqrt((first.var() + second.var()) / n)


def scaled(factor):
    return lambda first, second: (
        counted(first, second)[0],
        factor(*map(float, (np.std(first.astype(float) - second), len(first)))),
    )


BANK = {
    "shapes": Bank(
        wrong={
            "the starter": (
                [(784, 16), (16, 32), (10, 1), (10,)],
                "belongs to the second hidden layer",
            ),
            "examples as columns": ([(16, 16), (16, 32), (10,), (10, 32)], "examples are rows"),
            "a column of biases": ([(16, 16), (32, 16), (10, 1), (32, 10)], "a single axis"),
            "biases for each example": (
                [(16, 16), (32, 16), (32, 10), (32, 10)],
                "whatever the number of examples",
            ),
            "one output": ([(16, 16), (32, 16), (10,), (10,)], "a row of outputs for each"),
            "the inputs": ([(16, 16), (32, 784), (10,), (32, 10)], "those are the inputs"),
            "the first matrix": ([(16, 784), (32, 16), (10,), (32, 10)], "the first matrix"),
            "three": ([(16, 16), (32, 16), (10,)], "give four shapes, not 3"),
        },
        unusual={
            "the chapter's": [(16, 16), (32, 16), (10,), (32, 10)],
            "a number for one axis": [(16, 16), (32, 16), 10, (32, 10)],
            "lists and arrays": ([16, 16], np.array([32, 16]), [10], [32, 10]),
        },
    ),
    "binary": Bank(
        wrong={
            "the starter": (Layer(np.full((4, 10), 10.0), np.zeros(4)), "it should be below 0.1"),
            "the eights first": (coded(ONES[::-1]), "the ones come first"),
            "positive weights only": (coded(ONES, 20.0, 0.0), "neither above 0.9 nor below 0.1"),
            "too small": (coded(ONES, 2.0, -1.0), "neither above 0.9 nor below 0.1"),
            "exchanged": (coded(1 - ONES), "ones and zeros are exchanged"),
            "counted from one": (coded(np.roll(ONES, 1, axis=1)), "but it is the zero"),
            "transposed": (Layer(20.0 * ONES.T - 10, np.zeros(10)), "transposed?"),
            "a matrix alone": (20.0 * ONES - 10, "expected a Layer"),
        },
        unusual={
            "the chapter's": Layer(20.0 * ONES - 10.0, np.zeros(4)),
            "by the bias": coded(ONES, 30.0, -15.0),
            "a pair of lists": [(8 * ONES - 4).tolist(), [0, 0, 0, 0]],
        },
    ),
    "paired": Bank(
        wrong={
            "the starter": (separate, "for two different sets of digits"),
            "the other sign": (
                lambda a, b: (-counted(a, b)[0], counted(a, b)[1]),
                "that is second minus first",
            ),
            "of one digit": (scaled(lambda s, n: s), "divide by the root of n"),
            "the variance": (scaled(lambda s, n: s * s / n), "take its root"),
            "divided by n": (scaled(lambda s, n: s / n), "divide by the root of n, not by n"),
            "errors added": (
                lambda a, b: (a.mean() - b.mean(), (a.std() + b.std()) / np.sqrt(len(a))),
                "you added the two standard errors",
            ),
            "one number": (lambda a, b: counted(a, b)[0], "return two numbers"),
            "returns nothing": (lambda a, b: None, "did you forget `return`"),
        },
        unusual={
            "counted": counted,
            "n - 1": lambda a, b: (
                np.mean(a * 1.0 - b),
                np.std(a * 1.0 - b, ddof=1) / np.sqrt(len(a)),
            ),
            "by the covariance": lambda a, b: (
                a.mean() - b.mean(),
                np.sqrt((a.var() + b.var() - 2 * np.cov(a, b, ddof=0)[0, 1]) / len(a)),
            ),
        },
    ),
    "count": Bank(
        wrong={
            "the starter: no biases": (weights, "that is the weights alone; the 5 biases"),
            "biases for inputs": (lambda s: weights(s) + sum(s), "you gave the inputs biases too"),
            "neurons": (sum, "the number of neurons, inputs included"),
            "biases alone": (lambda s: sum(s[1:]), "that is the biases alone"),
            "one bias a layer": (lambda s: weights(s) + len(s) - 1, "you gave each layer one bias"),
            "no bias at the output": (
                lambda s: weights(s) + sum(s[1:-1]),
                "the biases of the last layer are missing",
            ),
            "biases of the layer before": (
                lambda s: sum(m * (n + 1) for m, n in pairwise(s)),
                "the biases belong to the layer that receives",
            ),
            "first to last": (
                lambda s: s[0] * s[-1] + s[-1],
                "for sizes [4, 3, 2] your count is 10: there are 18 weights and 5 biases",
            ),
            "only this book's network": (
                lambda s: 13002,
                "[4, 3, 2] your count is 13002",
            ),
            "for each layer": (lambda s: [n * (m + 1) for m, n in pairwise(s)], "be one number"),
            "three layers only": (lambda s: s[0] * s[1] + s[1] + (s[1] + 1) * s[2], "IndexError"),
            "returns nothing": (lambda s: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": lambda s: sum(n * (m + 1) for m, n in pairwise(s)),
            "neuron by neuron": lambda s: sum(m + 1 for m, n in pairwise(s) for _ in range(n)),
            "a dot product": lambda s: np.dot(s[:-1], s[1:]) + sum(s[1:]),
            "drawn and counted": lambda s: sum(np.zeros((n, m + 1)).size for m, n in pairwise(s)),
            "a decimal number": lambda s: np.float64(weights(s) + sum(s[1:])),
        },
    ),
    "layer": Bank(
        wrong={
            "the starter: a column": (lambda x, W, b: sigmoid(W @ x + b), "rows left of @"),
            "W not transposed": (lambda x, W, b: sigmoid(x @ W + b), "rows left of @"),
            "transposed result": (lambda x, W, b: sigmoid(W @ x.T), "be (4, 2) (transposed?)"),
            "fits squares by chance": (
                lambda x, W, b: sigmoid((W @ x if len(x) == len(W) == len(W.T) else x @ W.T) + b),
                "for x of shape (3, 3)",
            ),
            "no σ": (lambda x, W, b: x @ W.T + b, "the σ is missing"),
            "no biases": (lambda x, W, b: sigmoid(x @ W.T), "the biases are missing"),
            "biases after σ": (lambda x, W, b: sigmoid(x @ W.T) + b, "biases belong inside σ"),
            "biases subtracted": (lambda x, W, b: sigmoid(x @ W.T - b), "added, not subtracted"),
            "ReLU": (lambda x, W, b: relu(x @ W.T + b), "it should be σ("),
            "the first example only": (lambda x, W, b: sigmoid(W @ x[0] + b), "the shape is (2,)"),
            "returns nothing": (lambda x, W, b: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": lambda x, W, b: sigmoid(x @ W.T + b),
            "loops over numbers": loops,
            "transposed twice": lambda x, W, b: sigmoid((W @ x.T).T + b),
            "einsum, as float32": lambda x, W, b: np.float32(
                sigmoid(np.einsum("ri,ji->rj", x, W) + b)
            ),
            "lists": lambda x, W, b: [sigmoid(W @ example + b).tolist() for example in x],
            "a column of ones for the biases": lambda x, W, b: sigmoid(
                np.c_[x, np.ones(len(x))] @ np.c_[W, b].T
            ),
        },
    ),
    "collapse": Bank(
        wrong={
            "the starter: the last layer": (lambda n: n[-1], "(2, 4), should be (2, 3)"),
            "early biases lost": (
                lambda n: (collapse(n).W, n[-1].b),
                "the biases of the layers before the last are lost",
            ),
            "biases added up": (
                lambda n: (
                    (collapse(n).W, sum(b for _, b in n))
                    if len({len(b) for _, b in n}) == 1
                    else collapse(n)
                ),
                "which weights does an early bias still pass through",
            ),
            "matrices in the other order": (reversed_order, "in which order do the matrices act"),
            "W transposed": (
                lambda n: (collapse(n).W.T, collapse(n).b),
                "W of shape (3, 2) and b of shape (2,) do not fit",
            ),
            "two layers at most": (lambda n: collapse(n[:2]), "sizes [2, 5, 3, 4], W: the shape"),
            "weights only": (lambda n: collapse(n).W, "expected a Layer"),
            "biases in a column": (lambda n: (collapse(n).W, collapse(n).b[:, None]), "do not fit"),
            "writes into the network": (collapse_in_place, "you changed the network"),
            "returns nothing": (lambda n: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": collapse,
            "by probing": probe,
            "from the end, lists": from_the_end,
            "recursion": (again := lambda n: collapse([again(n[:-1]), n[-1]]) if n[1:] else n[0]),
        },
    ),
    "permute": Bank(
        wrong={
            "the starter: the next layer does not know": (
                lambda n, order: permute(n, order, columns=False),
                "the next layer still takes its inputs in the old order",
            ),
            "biases stay": (lambda n, order: permute(n, order, bias=False), "move together"),
            "the way back": (
                lambda n, order: permute(n, np.argsort(order)),
                "that is the way back",
            ),
            "nothing moves": (lambda n, order: n, "its weights have not moved"),
            "the next layer the way back": (
                columns_back,
                "the next layer moved the way back",
            ),
            "inputs in place of neurons": (permute_inputs, "hidden neuron 0 should be the old"),
            "another bias as well": (permute_last_bias, "which layers have to stay as they are?"),
            "in place": (permute_in_place, "you changed the network you were given"),
            "two layers only": (lambda n, o: permute(n, o)[:2], "you should return 3 layers"),
            "neurons dropped": (
                lambda n, o: permute(n, o[:-1]),
                "W of layer 0: the shape is (3, 3), should be (4, 3)",
            ),
            "returns nothing": (lambda n, order: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": permute,
            "a permutation matrix, a tuple of tuples": by_matrix,
            "one by one, lists": one_by_one,
            "np.take": lambda n, order: [
                Layer(n[0].W.take(order, 0), n[0].b.take(order)),
                Layer(n[1].W.take(order, 1), n[1].b),
                *n[2:],
            ],
        },
    ),
    "exactly_one": Bank(
        wrong={
            "the starter: one or more": (
                two_layers(ROWS[:1], [-10.0], [[20.0]], [-10.0]),
                "for pixels (0, 1, 1) your network gives 1.000; it should be below 0.1; it fires "
                "when the number of lit pixels is: one or more",
            ),
            "never": (
                two_layers(ROWS[:1], [-10.0], [[0.0]], [-10.0]),
                "for pixels (0, 0, 1) your network gives 0.000; it should be above 0.9",
            ),
            "two or more": (
                two_layers(ROWS, [-10.0, -30.0], [[-20.0, 40.0]], [-10.0]),
                "the number of lit pixels is: two or more",
            ),
            "an odd number": (
                two_layers([[20.0] * 3] * 3, [-10.0, -30.0, -50.0], [[20.0, -20.0, 20.0]], [-10.0]),
                "the number of lit pixels is: odd",
            ),
            "too timid": (
                two_layers(ROWS, [-10.0, -30.0], [[2.0, -2.0]], [-1.0]),
                "for pixels (0, 0, 0) your network gives 0.269",
            ),
            "one layer": ([Layer(np.ones((1, 3)), np.zeros(1))], "one layer cannot do it"),
            "two outputs": (
                two_layers(ROWS, [-10.0, -30.0], [[20.0, -20.0]] * 2, [-10.0] * 2),
                "should have one neuron",
            ),
            "two inputs": (
                two_layers(np.array(ROWS)[:, :2], [-10.0, -30.0], [[20.0, -20.0]], [-10.0]),
                "should have three inputs",
            ),
            "layers that do not fit": (
                two_layers(ROWS, [-10.0, -30.0], [[20.0]], [-10.0]),
                "W of a next layer: the shape is (1, 1), should be (1, 2)",
            ),
            "a flat row of weights": (
                [(np.array(ROWS), np.array([-10.0, -30.0])), (np.array([20.0, -20.0]), -10.0)],
                "a Layer's W of shape (2,) and b of shape () do not fit",
            ),
        },
        unusual={
            "the chapter's": two_layers(ROWS, [-10.0, -30.0], [[20.0, -20.0]], [-10.0]),
            "each alone": two_layers(ALONE, [-10.0] * 3, *OR_OF_ALL),
            "lists of whole numbers": [
                ([[20, 20, 20], [20, 20, 20]], [-10, -30]),
                ([[20, -20]], [-10]),
            ],
            "three layers": [
                *two_layers(ALONE, [-10.0] * 3, *OR_OF_ALL),
                Layer(np.array([[20.0]]), np.array([-10.0])),
            ],
        },
    ),
}
