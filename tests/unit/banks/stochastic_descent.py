"""Answers to the exercises on stochastic descent."""

import functools
from itertools import combinations

import numpy as np

from banks import Bank


def weighted(gradients, sizes):
    return np.asarray(sizes) @ gradients / sum(sizes)


def average_in_loops(gradients, sizes):
    total = [0.0] * len(gradients[0])
    for row, batch_size in zip(gradients, sizes, strict=True):
        total = [t + batch_size * g for t, g in zip(total, row, strict=True)]
    return [t / sum(sizes) for t in total]


def cut(order, batch_size):
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]


def shuffled_batches(n, batch_size, rng):
    return cut(rng.permutation(n), batch_size)


def batches_by_popping(n, batch_size, rng):
    left, batches = list(range(n)), [[]]
    while left:
        if len(batches[-1]) == batch_size:
            batches.append([])
        batches[-1].append(left.pop(int(rng.integers(len(left)))))
    return batches


def batches_by_sorting(n, batch_size, rng):
    yield from cut(np.argsort(rng.random(n)), batch_size)


def shuffled_blocks(n, batch_size, rng):
    blocks = cut(np.arange(n), batch_size)
    return [blocks[i] for i in [*rng.permutation(len(blocks) - 1), len(blocks) - 1]]


def online(gradient, w, examples, learning_rate):
    for x in examples:
        w = w - learning_rate * gradient(w, x)
    return w


def online_in_place(gradient, w, examples, learning_rate):
    for x in examples:
        w -= learning_rate * gradient(w, x)
    return w


def online_return_in_the_loop(gradient, w, examples, learning_rate):
    for x in examples:
        w = w - learning_rate * gradient(w, x)
        return w


def online_by_recursion(gradient, w, examples, learning_rate):
    if len(examples) == 0:
        return w.tolist()
    return online_by_recursion(
        gradient, w - learning_rate * gradient(w, examples[0]), examples[1:], learning_rate
    )


def noise(std, batch_size, n):
    return std * ((n - batch_size) / (n - 1) / batch_size) ** 0.5


def noise_by_trying_all(std, batch_size, n):
    values = np.arange(n)
    return np.std([np.mean(c) for c in combinations(values * std / values.std(), batch_size)])


def best_epoch(costs, patience):
    best = 0
    for epoch, cost in enumerate(costs):
        if cost < costs[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best


def best_by_lows(costs, patience):
    lows = np.minimum.accumulate(costs)
    best = np.flatnonzero(np.append(True, lows[1:] < lows[:-1]))
    gaps = np.diff(np.append(best, len(costs) + patience))
    return best[np.argmax(gaps > patience)]


def best_by_recursion(costs, patience, best=0):
    for epoch in range(best + 1, min(best + patience + 1, len(costs))):
        if costs[epoch] < costs[best]:
            return best_by_recursion(costs, patience, epoch)
    return best


def waiting(wait, keep=lambda best, epoch, costs: best, equal=False):
    """A loop that counts its waiting itself, with `wait(waited, epoch, costs, lower)`."""

    def answer(costs, patience):
        waited, best, epoch = 0, 0, 0
        for epoch in range(1, len(costs)):
            lower = costs[epoch] < costs[best] or (equal and costs[epoch] == costs[best])
            best = epoch if lower else best
            waited = wait(waited, epoch, costs, lower)
            if waited >= patience:
                break
        return keep(best, epoch, costs)

    return answer


def since_low(waited, epoch, costs, lower):
    return 0 if lower else waited + 1


def never_resets(waited, epoch, costs, lower):
    return waited if lower else waited + 1


def since_fall(waited, epoch, costs, lower):
    return 0 if costs[epoch] < costs[epoch - 1] else waited + 1


def fit(gradient, w, x, y, batch_size, learning_rate, epochs, rng):
    for _ in range(epochs):
        for batch in cut(rng.permutation(len(x)), batch_size):
            w = w - learning_rate * gradient(w, x[batch], y[batch])
    return w


def fit_by_recursion(gradient, w, x, y, batch_size, learning_rate, epochs, rng):
    if not epochs:
        return w.tolist()
    w = functools.reduce(
        lambda w, batch: w - learning_rate * gradient(w, x[batch], y[batch]),
        batches_by_popping(len(x), batch_size, rng),
        w,
    )
    return fit_by_recursion(gradient, w, x, y, batch_size, learning_rate, epochs - 1, rng)


def fit_in_a_copy(gradient, w, x, y, batch_size, learning_rate, epochs, rng):
    w = w.copy()
    for _ in range(epochs):
        order = rng.permutation(len(x))
        x, y = x[order], y[order]
        for start in range(0, len(x), batch_size):
            rows = slice(start, start + batch_size)
            w -= learning_rate * gradient(w, x[rows], y[rows])
    return w


def fit_shuffled_once(gradient, w, x, y, batch_size, learning_rate, epochs, rng):
    batches = cut(rng.permutation(len(x)), batch_size)
    for _ in range(epochs):
        for batch in batches:
            w = w - learning_rate * gradient(w, x[batch], y[batch])
    return w


def fit_one_epoch_loop(gradient, w, x, y, batch_size, learning_rate, epochs, rng):
    for _ in range(epochs):
        w = w - learning_rate * gradient(w, x, y)
    return w


def fit_with_replacement(gradient, w, x, y, batch_size, learning_rate, epochs, rng):
    for _ in range(epochs * -(-len(x) // batch_size)):
        batch = rng.integers(len(x), size=batch_size)
        w = w - learning_rate * gradient(w, x[batch], y[batch])
    return w


def fit_unshuffled(gradient, w, x, y, batch_size, learning_rate, epochs, rng):
    for _ in range(epochs):
        for batch in cut(np.arange(len(x)), batch_size):
            w = w - learning_rate * gradient(w, x[batch], y[batch])
    return w


def fit_in_place(gradient, w, x, y, batch_size, learning_rate, epochs, rng):
    for _ in range(epochs):
        for batch in cut(rng.permutation(len(x)), batch_size):
            w -= learning_rate * gradient(w, x[batch], y[batch])
    return w


def fit_targets_apart(gradient, w, x, y, batch_size, learning_rate, epochs, rng):
    for _ in range(epochs):
        rng.shuffle(x)
        for batch in cut(np.arange(len(x)), batch_size):
            w = w - learning_rate * gradient(w, x[batch], y[batch])
    return w


def fit_forgetting(gradient, w, x, y, batch_size, learning_rate, epochs, rng):
    for _ in range(epochs):
        for batch in cut(rng.permutation(len(x)), batch_size):
            gradient(w, x[batch], y[batch])
    return w


BANK = {
    "training_loop": Bank(
        wrong={
            "full batch": (fit_one_epoch_loop, "you take 3 steps; 3 an epoch make 9"),
            "shuffled once": (fit_shuffled_once, "every epoch has the same order"),
            "with replacement": (fit_with_replacement, "does not use every example exactly once"),
            "not shuffled": (fit_unshuffled, "come in their own order: shuffle them"),
            "in place": (fit_in_place, "you changed the w"),
            "targets in another order": (fit_targets_apart, "targets of a mini-batch belong"),
            "the step forgotten": (fit_forgetting, "keep the result of the step"),
            "uphill": (
                lambda g, w, x, y, size, rate, *rest: fit(g, w, x, y, size, -rate, *rest),
                "w has moved uphill",
            ),
            "no rate": (
                lambda g, w, x, y, size, rate, *rest: fit(g, w, x, y, size, 1.0, *rest),
                "the learning rate is missing",
            ),
            "the gradient never called": (lambda g, w, *rest: w, "you never call `gradient`"),
            "no return": (lambda *given: None, "forget `return`"),
        },
        unusual={
            "the plain way": fit,
            "recursion, a list": fit_by_recursion,
            "a copy in place, arrays reordered": fit_in_a_copy,
        },
    ),
    "count": Bank(
        wrong={
            "the epochs forgotten": ((5_000, 50_000, 1), "the steps: that is one epoch"),
            "a step for each example": (
                (1_500_000, 1_500_000, 30),
                "the steps: that is one step for each example",
            ),
            "a gradient for each step": (
                (150_000, 150_000, 30),
                "each step needs ten gradients, not one",
            ),
            "one full step": ((150_000, 1_500_000, 1), "the full-batch steps: that is one epoch"),
            "a slip": ((150_000, 1_500_000, 300), "the full-batch steps: 300 is not"),
            "the steps only": (150_000, "expected 3 numbers, found shape ()"),
        },
        unusual={
            "a list, computed": [30 * 50_000 // 10, 30 * 50_000, 30],
            "floats": np.array([1.5e5, 1.5e6, 30.0]),
        },
    ),
    "average": Bank(
        wrong={
            "plain mean": (lambda g, sizes: g.mean(axis=0), "every mini-batch counts the same"),
            "sum over the examples": (lambda g, sizes: sizes @ g, "the sum over the examples"),
            "sum of the gradients": (lambda g, sizes: g.sum(axis=0), "the sum of the gradients"),
            "divided by the number of mini-batches": (
                lambda g, sizes: sizes @ g / len(sizes),
                "divide by the number of examples",
            ),
            "weighed by one over the size": (
                lambda g, sizes: np.average(g, axis=0, weights=1 / sizes),
                "small mini-batches weigh more",
            ),
            "the other axis": (lambda g, sizes: g.mean(axis=1), "shape is (4,), should be (5,)"),
            "still a table": (lambda g, sizes: sizes[:, None] * g / sizes.sum(), "is (4, 5)"),
            "one number": (lambda g, sizes: weighted(g, sizes).mean(), "the shape is ()"),
            "the first alone": (lambda g, sizes: g[0], "not the mean over all 100 examples"),
            "sizes of the text": (
                lambda g, sizes: np.array([3, 3, 3, 1])[: len(g)] @ g / 10,
                "for mini-batches of [3, 3]",
            ),
            "last one left out": (
                lambda g, sizes: weighted(g[:-1], sizes[:-1]),
                "not the mean over all",
            ),
            "one too many": (lambda g, sizes: weighted(g, sizes) + 1, "not the mean over all"),
            "no return": (lambda g, sizes: None, "forget `return`"),
        },
        unusual={
            "the plain way": weighted,
            "NumPy's average": lambda g, sizes: np.average(g, axis=0, weights=sizes),
            "loops, a list": average_in_loops,
            "sizes as an array": lambda g, sizes: sizes @ g / sizes.sum(),
            "every example repeated": lambda g, sizes: np.repeat(g, sizes, axis=0).mean(axis=0),
            "float32": lambda g, sizes: weighted(g, sizes).astype(np.float32),
        },
    ),
    "shuffled_batches": Bank(
        wrong={
            "with replacement": (
                lambda n, batch_size, rng: [
                    rng.integers(n, size=batch_size) for _ in range(n // batch_size)
                ],
                "was drawn twice: no replacement",
            ),
            "the rest is lost": (
                lambda n, batch_size, rng: cut(rng.permutation(n), batch_size)[: n // batch_size],
                "there are 3 mini-batches; to hold all 10 indices it takes 4",
            ),
            "nearly equal parts": (
                lambda n, batch_size, rng: np.array_split(rng.permutation(n), -(-n // batch_size)),
                "the mini-batches have sizes [3, 3, 2, 2]",
            ),
            "small one first": (
                lambda n, batch_size, rng: shuffled_batches(n, batch_size, rng)[::-1],
                "the mini-batches have sizes [1, 3, 3, 3]",
            ),
            "filled up": (
                lambda n, batch_size, rng: cut(
                    np.resize(rng.permutation(n), -(-n // batch_size) * batch_size), batch_size
                ),
                "sizes [3, 3, 3, 3]",
            ),
            "not shuffled": (
                lambda n, batch_size, rng: cut(np.arange(n), batch_size),
                "are not shuffled",
            ),
            "blocks shuffled": (shuffled_blocks, "are not shuffled before you cut"),
            "shuffled inside": (
                lambda n, batch_size, rng: [
                    rng.permutation(part) for part in cut(np.arange(n), batch_size)
                ],
                "are not shuffled before you cut",
            ),
            "its own generator": (
                lambda n, batch_size, rng: shuffled_batches(
                    n, batch_size, np.random.default_rng(5)
                ),
                "every generator gives the same order: use `rng`",
            ),
            "NumPy's global generator": (
                lambda n, batch_size, rng: cut(np.random.permutation(n), batch_size),
                "does not come from the `rng`",
            ),
            "every third": (
                lambda n, batch_size, rng: [
                    np.arange(n)[i :: -(-n // batch_size)] for i in range(-(-n // batch_size))
                ],
                "the mini-batches have sizes [3, 3, 2, 2]",
            ),
            "from one": (
                lambda n, batch_size, rng: cut(1 + rng.permutation(n), batch_size),
                "count from 0",
            ),
            "one order": (lambda n, size, rng: rng.permutation(n), "return a list of arrays"),
            "size and number swapped": (
                lambda n, batch_size, rng: np.array_split(rng.permutation(n), batch_size),
                "there are 4 mini-batches; to hold all 12 indices it takes 3",
            ),
            "no return": (lambda n, size, rng: rng.shuffle(np.arange(n)), "forget `return`"),
        },
        unusual={
            "the plain way": shuffled_batches,
            "split": lambda n, batch_size, rng: np.array_split(
                rng.permutation(n), range(batch_size, n, batch_size)
            ),
            "popping from a list": batches_by_popping,
            "a generator of a random sort": batches_by_sorting,
        },
    ),
    "online": Bank(
        wrong={
            "in place": (online_in_place, "you changed the w"),
            "all at the beginning": (
                lambda g, w, xs, learning_rate: w - learning_rate * sum(g(w, x) for x in xs),
                "are taken at the initial w",
            ),
            "one step": (
                lambda g, w, xs, learning_rate: (
                    w - learning_rate * np.mean([g(w, x) for x in xs], axis=0)
                ),
                "one step with the mean gradient",
            ),
            "backwards": (
                lambda g, w, xs, learning_rate: online(g, w, xs[::-1], learning_rate),
                "begin with the last",
            ),
            "uphill": (
                lambda g, w, xs, learning_rate: online(g, w, xs, -learning_rate),
                "you step uphill",
            ),
            "arguments swapped": (
                lambda g, w, xs, learning_rate: online(lambda w, x: g(x, w), w, xs, learning_rate),
                "the order of gradient(w, x)",
            ),
            "return in the loop": (online_return_in_the_loop, "stop after the first example"),
            "last left out": (
                lambda g, w, xs, learning_rate: online(g, w, xs[:-1], learning_rate),
                "leave out the last",
            ),
            "no rate": (lambda g, w, xs, learning_rate: online(g, w, xs, 1), "leave out the rate"),
            "rate shared": (
                lambda g, w, xs, learning_rate: online(g, w, xs, learning_rate / len(xs)),
                "you end at",
            ),
            "two epochs": (
                lambda g, w, xs, learning_rate: online(g, w, [*xs, *xs], learning_rate),
                "you end at",
            ),
            "the whole path": (
                lambda g, w, xs, learning_rate: [
                    online(g, w, xs[:i], learning_rate) for i in range(len(xs) + 1)
                ],
                "the shape is (6, 3)",
            ),
            "no return": (lambda g, w, xs, learning_rate: None, "forget `return`"),
        },
        unusual={
            "the plain way": online,
            "recursion, a list": online_by_recursion,
            "reduce": lambda g, w, xs, learning_rate: functools.reduce(
                lambda w, x: w - learning_rate * g(w, x), xs, w
            ),
            "a copy in place": lambda g, w, xs, learning_rate: online_in_place(
                g, w.copy(), xs, learning_rate
            ),
        },
    ),
    "noise": Bank(
        wrong={
            "with replacement": (lambda s, size, n: s / size**0.5, "right with replacement"),
            "variance": (lambda s, size, n: noise(s, size, n) ** 2, "you give the variance"),
            "n in place of n − 1": (
                lambda s, batch_size, n: s * ((n - batch_size) / n / batch_size) ** 0.5,
                "divide by n − 1",
            ),
            "factor without its root": (
                lambda s, batch_size, n: s * (n - batch_size) / (n - 1) / batch_size**0.5,
                "take its root too",
            ),
            "divided by the size": (
                lambda s, batch_size, n: s * ((n - batch_size) / (n - 1)) ** 0.5 / batch_size,
                "divides the variance by 2",
            ),
            "of the sum over the root": (
                lambda s, batch_size, n: s * ((n - batch_size) / (n - 1)) ** 0.5,
                "forgot to divide by the batch size",
            ),
            "divided by all": (lambda s, size, n: s / n**0.5, "a mini-batch holds 2"),
            "std itself": (lambda s, size, n: s, "over all possible mini-batches"),
            "never any": (lambda s, size, n: 0.0, "you say 0.0000; over all possible"),
            "zero only for all": (
                lambda s, batch_size, n: s / batch_size**0.5 if batch_size < n else 0.0,
                "right with replacement",
            ),
            "large mini-batches only": (
                lambda s, batch_size, n: (
                    noise(s, batch_size, n) if batch_size < n else s / batch_size**0.5
                ),
                "if it holds them all it has one mean",
            ),
            "an array": (
                lambda s, batch_size, n: np.full(batch_size, noise(s, batch_size, n)),
                "give one number",
            ),
            "n in place of n − 1, no root": (
                lambda s, batch_size, n: s * (n - batch_size) / n / batch_size**0.5,
                "over all possible mini-batches",
            ),
            "only for all": (
                lambda s, batch_size, n: s if batch_size == n else 0.0,
                "you say 0.0000; over all",
            ),
            "no return": (lambda s, size, n: None, "forget `return`"),
        },
        unusual={
            "the plain way": noise,
            "all mini-batches of other numbers": noise_by_trying_all,
            "difference of fractions": lambda s, batch_size, n: (
                s * np.sqrt((1 / batch_size - 1 / n) * n / (n - 1))
            ),
            "float32": lambda s, batch_size, n: np.float32(noise(s, batch_size, n)),
        },
    ),
    "best_epoch": Bank(
        wrong={
            "peeks": (lambda costs, patience: int(np.argmin(costs)), "was never seen"),
            "the last": (lambda costs, patience: len(costs) - 1, "was never seen"),
            "where it stops": (
                waiting(since_low, lambda best, epoch, costs: epoch),
                "at which training stops; keep the best",
            ),
            "the cost": (
                waiting(since_low, lambda best, epoch, costs: costs[best]),
                "you give the cost of the best epoch",
            ),
            "from one": (
                waiting(since_low, lambda best, epoch, costs: best + 1),
                "your epochs count from 1",
            ),
            "first rise": (lambda costs, patience: best_epoch(costs, 1), "you stop at epoch 2"),
            "equal counts as lower": (waiting(since_low, equal=True), "equal is not lower"),
            "never resets": (waiting(never_resets), "resets the waiting"),
            "waits since the last fall": (waiting(since_fall), "not the previous"),
            "one epoch too long": (
                lambda costs, patience: best_epoch(costs, patience + 1),
                "was never seen",
            ),
            "a list": (lambda costs, patience: [3, 2], "you keep epoch [3, 2]"),
            "crash at the end": (
                lambda costs, patience: next(
                    i
                    for i in range(9)
                    if min(costs[i + j] for j in range(patience + 1)) == costs[i]
                ),
                "stopped with IndexError",
            ),
            "no return": (lambda costs, patience: None, "forget `return`"),
        },
        unusual={
            "the plain way": best_epoch,
            "by running lows": best_by_lows,
            "recursion": best_by_recursion,
            "counts its waiting": waiting(since_low),
        },
    ),
}
