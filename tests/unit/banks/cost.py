"""Answers to the exercises on the cost."""

import statistics

import numpy as np

from banks import Bank


def squares(outputs, target):
    return np.square(outputs - target).sum(axis=1)


def rank_by_selection(outputs, target):
    left, order = list(range(len(outputs))), []
    while left:
        best = left[0]
        for i in left:
            if sum((a - y) ** 2 for a, y in zip(outputs[i], target, strict=True)) < sum(
                (a - y) ** 2 for a, y in zip(outputs[best], target, strict=True)
            ):
                best = i
        left.remove(best)
        order.append(best)
    return tuple(order)


def guess_by_loops(fractions):
    cost = 0.0
    for p in fractions:
        cost += p * (1 - p) ** 2 + (1 - p) * p**2
    return [float(p) for p in fractions], cost


def central_differences(a, y, h=1e-5):
    def cost(outputs):
        return np.square(outputs - y).sum() / len(y)

    found = np.zeros_like(a)
    for at in np.ndindex(a.shape):
        nudge = np.zeros_like(a)
        nudge[at] = h
        found[at] = (cost(a + nudge) - cost(a - nudge)) / (2 * h)
    return found


class Gradient:
    def __call__(self, a, y):
        return [[2 * (p - q) / len(a) for p, q in zip(*rows, strict=True)]
                for rows in zip(a.tolist(), y.tolist(), strict=True)]  # fmt: skip


BANK = {
    "pencil": Bank(
        wrong={
            "averaged over the outputs": ([0.13, 0.4, 0.265], "average over the examples only"),
            "the sum of the losses": ([0.26, 0.8, 1.06], "not their sum"),
            "absolute values": ([0.6, 1.2, 0.9], "square the differences"),
            "targets swapped": ([0.26, 0.4, 0.33], "should be 0, not 1"),
            "a slip in the first": ([0.25, 0.8, 0.525], "number 1 is not right"),
            "the cost alone": (0.53, "expected 3 numbers, found shape ()"),
            "two losses": ([0.26, 0.8], "expected 3 numbers, found shape (2,)"),
        },
        unusual={
            "computed": np.append([0.26, 0.8], np.mean([0.26, 0.8])),
            "float32": np.float32([0.26, 0.8, 0.53]),
        },
    ),
    "contrast": Bank(
        wrong={
            "the starter": (
                ([[0.9, 0.1, 0.1], [0.1, 0.9, 0.1]], [[0.9, 0.1, 0.1], [0.9, 0.1, 0.1]]),
                "`cheap` costs",
            ),
            "swapped": (
                ([[1, 0, 0], [0.51, 0.49, 0]], [[1, 0.9, 0.9], [0.9, 1, 0.9]]),
                "`accurate` classifies 1 of 2 correctly",
            ),
            "both right": (
                ([[1, 0.9, 0.9], [0.9, 1, 0.9]], [[1, 0, 0], [0, 1, 0]]),
                "`cheap` classifies 2 of 2 correctly",
            ),
            "no sigmoid": (
                ([[9, 8, 8], [8, 9, 8]], [[1, 0, 0], [1, 0, 0]]),
                "`accurate` holds outputs outside of 0 to 1",
            ),
            "a tie": (
                ([[1, 1, 0], [0, 1, 0]], [[1, 0, 0], [1, 0, 0]]),
                "`accurate` has a tie",
            ),
            "one table": (np.eye(3)[:1], "give two tables"),
            "three examples": ((np.eye(3), np.eye(3)), "has shape (3, 3), should be (2, 3)"),
        },
        unusual={
            "lists, all but one dark": (
                [[0.1, 0, 0], [0, 0.1, 0]],
                [[1, 0, 0], [0.01, 0, 0]],
            ),
            "arrays": (np.array([[1, 0.9, 0.9], [0.9, 1, 0.9]]), np.array([[1, 0, 0], [1, 0, 0]])),
        },
    ),
    "rank": Bank(
        wrong={
            "the right output alone": (
                lambda o, w: np.argsort(-o[:, w.argmax()]),
                "by the output for the right digit alone",
            ),
            "highest first": (lambda o, w: np.argsort(-squares(o, w)), "begin with the lowest"),
            "the costs": (squares, "you return their costs"),
            "distances": (lambda o, w: np.argsort(np.abs(o - w).sum(axis=1)), "add up distances"),
            "no square": (lambda o, w: np.argsort((o - w).sum(axis=1)), "opposite sign cancel"),
            "the largest difference": (
                lambda o, w: np.argsort(np.abs(o - w).max(axis=1)),
                "largest difference alone",
            ),
            "summed over the networks": (
                lambda o, w: np.argsort(np.square(o - w).sum(axis=0)),
                "a whole number for each row",
            ),
            "ranks": (lambda o, w: np.argsort(np.argsort(squares(o, w))), "the rank of each"),
            "from one": (lambda o, w: 1 + np.argsort(squares(o, w)), "count from 1"),
            "the outputs": (lambda o, w: o[np.argsort(squares(o, w))], "outputs themselves"),
            "the book's order": (lambda o, w: [0, 2, 3, 1], "for 12 outputs you return"),
            "the best one": (lambda o, w: squares(o, w).argmin(), "each index from 0 to 3"),
            "indices as floats": (
                lambda o, w: np.argsort(squares(o, w)).astype(float),
                "a whole number",
            ),
            "by the lengths of the outputs": (
                lambda o, w: np.argsort((o**2).sum(axis=1)),
                "so the order is [5, 1, 4, 11",
            ),
            "no return": (lambda o, w: None, "forget `return`"),
        },
        unusual={
            "the plain way": lambda o, w: np.argsort(squares(o, w)),
            "sorted with a key": lambda o, w: sorted(range(len(o)), key=lambda i: squares(o, w)[i]),
            "by selection, over scalars": rank_by_selection,
            "lengths by einsum": lambda o, w: np.argsort(np.einsum("ni,ni->n", o - w, o - w)),
            "by norms": lambda o, w: np.lexsort([np.linalg.norm(o - w, axis=1)]).astype(np.uint8),
        },
    ),
    "best_guess": Bank(
        wrong={
            "equally common": (
                lambda p: (np.full(len(p), 1 / len(p)), 1 - 1 / len(p)),
                "all digits to be equally common",
            ),
            "the most common": (lambda p: (np.eye(len(p))[p.argmax()], 0.0), "always guess the"),
            "medians below one half": (lambda p: (0 * p, 1.0), "medians, which are best"),
            "softmax": (lambda p: (np.exp(p) / np.exp(p).sum(), 0.5), "it can be done for"),
            "the cost in the text": (lambda p: (p, 0.9), "cost 0.6400, but you say 0.9"),
            "the cost of equal ones": (lambda p: (p, 1 - 1 / len(p)), "for equally common digits"),
            "the mean over outputs": (lambda p: (p, (p * (1 - p)).mean()), "do not average"),
            "right digit alone": (
                lambda p: (p, (p * (1 - p) ** 2).sum()),
                "when its digit does not come",
            ),
            "other digits alone": (
                lambda p: (p, ((1 - p) * p**2).sum()),
                "when its digit does come",
            ),
            "errors of the best guess": (lambda p: (p, 1 - p.max()), "most common digit does not"),
            "a cost for each digit": (lambda p: (p, p * (1 - p)), "the cost should be one number"),
            "outputs only": (lambda p: p, "return two things"),
            "one output": (lambda p: (0.1, 0.9), "the outputs have shape"),
            "cost first": (lambda p: ((p * (1 - p)).sum(), p), "the outputs have shape ()"),
            "no return": (lambda p: None, "forget `return`"),
        },
        unusual={
            "the plain way": lambda p: (p, (p * (1 - p)).sum()),
            "one minus squares, list": lambda p: [list(p), 1 - np.square(p).sum()],
            "loops over scalars": guess_by_loops,
            "float32": lambda p: (p.astype(np.float32), np.float32(p @ (1 - p))),
        },
    ),
    "best_constant": Bank(
        wrong={
            "mean": (np.mean, "their mean, which is best for squares"),
            "middle of the range": (lambda y: (y.max() + y.min()) / 2, "the smallest and the"),
            "forgot to sort": (lambda y: y[len(y) // 2], "sort it first"),
            "position": (lambda y: np.argsort(y)[len(y) // 2], "you give an index into the list"),
            "distance": (lambda y: np.abs(y - np.median(y)).mean(), "the least mean distance"),
            "zero for every digit": (lambda y: 0.0, "is possible"),
            "largest": (np.max, "is possible"),
            "lower quartile": (lambda y: np.percentile(y, 25), "is possible"),
            "all middles": (lambda y: np.sort(y)[len(y) // 2 :][:2], "should be one number"),
            "no return": (lambda y: y.sort(), "forget `return`"),
        },
        unusual={
            "the plain way": np.median,
            "upper middle": lambda y: np.sort(y)[len(y) // 2],
            "lower middle": lambda y: sorted(y)[(len(y) - 1) // 2],
            "best of the targets": lambda y: min(y, key=lambda c: sum(abs(c - t) for t in y)),
            "standard library": lambda y: statistics.median(y.tolist()),
            "float32": lambda y: np.median(y.astype(np.float32)),
        },
    ),
    "grads": Bank(
        wrong={
            "sum": (lambda a, y: 2 * (a - y), "the average over 4"),
            "sign": (lambda a, y: 2 * (y - a) / len(a), "the sign: a larger output"),
            "no 2": (lambda a, y: (a - y) / len(a), "the 2 of the square is"),
            "no 2 and no n": (lambda a, y: a - y, "and the average over 4"),
            "over the outputs": (lambda a, y: 2 * (a - y) / 3, "not over the outputs"),
            "over everything": (lambda a, y: 2 * (a - y) / a.size, "not over all 12 outputs"),
            "mean of the rows": (lambda a, y: 2 * (a - y).mean(axis=0), "should be (4, 3)"),
            "transposed": (lambda a, y: 2 * (a - y).T / len(a), "shape is (3, 4)"),
            "distances": (lambda a, y: 2 * np.abs(a - y) / len(a), "a small change gives"),
            "costs": (lambda a, y: (a - y) ** 2 / len(a), "those are the costs"),
            "through the sigmoid": (
                lambda a, y: 2 * (a - y) * a * (1 - a) / len(a),
                "leave out the sigmoid",
            ),
            "one example only": (lambda a, y: 2 * (a[:1] - y[:1]), "shape is (1, 3)"),
            "fixed size of the batch": (lambda a, y: 2 * (a - y) / 4, "for 1 example"),
            "ten outputs": (lambda a, y: 20 * (a - y) / a.size, "your derivative is"),
            "three outputs": (lambda a, y: 6 * (a - y) / a.size, "for 1 example for the output"),
            "no return": (lambda a, y: None, "forget `return`"),
        },
        unusual={
            "the plain way": lambda a, y: 2 * (a - y) / len(a),
            "small changes": central_differences,
            "lists from a callable object": Gradient(),
            "float32": lambda a, y: (a.astype(np.float32) - y.astype(np.float32)) * (2 / len(a)),
        },
    ),
}
