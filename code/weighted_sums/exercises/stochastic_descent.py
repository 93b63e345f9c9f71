"""Checks for the exercises of the chapter on stochastic descent."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from weighted_sums.exercises import Wrong, diagnose, require, returned


def average(answer) -> str:
    """`average(gradients, sizes)` weighs the mini-batches of an epoch by their sizes."""
    rng = np.random.default_rng(0)
    for sizes in ([30, 30, 30, 10], [3, 3], [4, 1], [2, 3, 4, 5, 6], [1]):
        examples = rng.normal(size=(sum(sizes), 5))
        parts = np.split(examples, np.cumsum(sizes)[:-1])
        gradients = np.array([part.mean(axis=0) for part in parts])
        where = f"for mini-batches of {sizes}"
        found = np.asarray(_call(answer, where, gradients.copy(), np.array(sizes)))
        require(found.shape == (5,), f"{where} the shape is {found.shape}, should be (5,)")
        if not np.allclose(found, examples.mean(axis=0), atol=1e-6):
            weights = 1 / np.array(sizes)
            raise Wrong(f"{where} " + diagnose(found, {
                "you give the sum over the examples; the gradient is their mean":
                    examples.sum(axis=0),
                "every mini-batch counts the same, so an example in a small one counts "
                "for more": gradients.mean(axis=0),
                "you give the sum of the gradients; their weighted mean is asked for":
                    gradients.sum(axis=0),
                "divide by the number of examples, not of mini-batches":
                    examples.sum(axis=0) / len(sizes),
                "your small mini-batches weigh more than the large ones":
                    weights @ gradients / weights.sum(),
            }, f"the result is not the mean over all {len(examples)} examples"))  # fmt: skip
    return "each mini-batch weighs as much as it holds"


def shuffled_batches(answer) -> str:
    """`shuffled_batches(n, batch_size, rng)` holds each of n indices once, in random order."""
    for n, size in ((12, 4), (10, 3), (7, 1), (5, 5), (3, 8)):
        where = f"for n = {n} and batch_size = {size}"
        batches = _batches(answer, where, n, size)
        expected = -(-n // size)
        require(
            len(batches) == expected,
            f"{where} there are {len(batches)} mini-batches; to hold all {n} indices it takes "
            f"{expected}",
        )
        sizes = [len(batch) for batch in batches]
        require(
            sizes[:-1] == [size] * (expected - 1) and sum(sizes) == n,
            f"{where} the mini-batches have sizes {sizes}; all but the last should have {size}",
        )
        drawn = np.concatenate(batches)
        twice = [i for i in range(n) if (drawn == i).sum() > 1]
        missing = sorted(set(range(n)) - set(drawn.tolist()))
        require(not twice, f"{where} index {twice[:1]} was drawn twice: no replacement")
        require(n not in drawn, f"{where} you draw index {n}; count from 0")
        require(not missing, f"{where} the indices {missing} are missing")
    _require_shuffled(answer)
    return "every example once, in random order"


def online(answer) -> str:
    """`online(gradient, w, examples, learning_rate)` takes a step for each example in turn."""
    rng = np.random.default_rng(0)
    for n, eta in ((5, 0.1), (1, 0.3), (2, 0.25)):
        w, examples, strengths = rng.normal(size=3), rng.normal(size=(n, 3)), rng.uniform(1, 2, 3)

        def grad(w, x, strengths=strengths):
            return 2 * strengths * (w - x)

        given, path = w.copy(), [w]
        for x in examples:
            path.append(path[-1] - eta * grad(path[-1], x))
        where = f"for {n} example{'s' if n > 1 else ''} and rate {eta}"
        found = np.asarray(_call(answer, where, grad, given, examples.copy(), eta))
        require(found.shape == (3,), f"{where} the shape is {found.shape}, should be (3,)")
        require(np.array_equal(given, w), f"{where} you changed the w that you were given")
        if not np.allclose(found, path[-1], atol=1e-6):
            raise Wrong(f"{where} " + diagnose(found, _wrong_ends(grad, path, examples, eta), (
                f"you end at {np.round(found, 3)}, it should be {np.round(path[-1], 3)}"
            )))  # fmt: skip
    return "each gradient was taken where the step before had ended"


def noise(answer) -> str:
    """`noise(std, batch_size, n)` is the deviation of a mean drawn without replacement."""
    rng = np.random.default_rng(0)
    for n, size in ((6, 2), (6, 5), (10, 10), (8, 1), (5, 3)):
        derivatives = rng.normal(size=n)
        s = float(derivatives.std())
        where = f"for {n} derivatives and mini-batches of {size}"
        found = _call(answer, where, s, size, n)
        require(np.ndim(found) == 0, f"{where} give one number, not an array")
        expected = float(np.std([np.mean(part) for part in combinations(derivatives, size)]))
        alone = size < n or abs(found) < 1e-6
        require(alone, f"{where} you say {found:.4f}, but if it holds them all it has one mean")
        if not np.isclose(found, expected, atol=1e-6):
            raise Wrong(f"{where} " + diagnose(found, {
                f"you say {found:.4f}, which is right with replacement": s / size**0.5,
                "you give the variance; its square root is asked for": expected**2,
                "divide by n − 1, not by n": s * ((n - size) / n / size) ** 0.5,
                "the factor belongs to the variance; take its root too":
                    s * (n - size) / (n - 1) / size**0.5,
                f"the mean of {size} divides the variance by {size}, not the deviation":
                    expected / size**0.5,
                "you forgot to divide by the batch size": expected * size**0.5,
                f"you divide by n; a mini-batch holds {size}": s / n**0.5,
            }, f"you say {found:.4f}; over all possible mini-batches it is {expected:.4f} "
                ""))  # fmt: skip
    return "like one over the square root of the size, and zero when the mini-batch holds all"


def best_epoch(answer) -> str:
    """`best_epoch(costs, patience)` is the epoch to keep, and looks no further than it waits."""
    found = _call(answer, "for seven epochs", [9.0, 7.5, 8.0, 6.5, 7.0, 8.0, 1.0], 2)
    where = "for costs [9, 7.5, 8, 6.5, 7, 8, 1] and patience 2"
    slip = diagnose(found, {
        "you keep epoch 6, but training stopped after epoch 5: the rest was never seen": 6,
        "you keep epoch 5, at which training stops; keep the best before it": 5,
        "your epochs count from 1; count from 0": 4,
        "you give the cost of the best epoch; give its number": 6.5,
        "you stop at epoch 2; only two epochs in a row without a new low end it": 1,
    })  # fmt: skip
    require(not slip, f"{where} {slip}")
    cases = [
        ([9.0, 7.5, 8.0, 6.5, 7.0, 8.0, 1.0], 2, 3, "the lowest before two epochs without a low"),
        ([5.0, 4.0, 3.0, 2.0], 2, 3, "the cost falls all the time"),
        ([5.0, 3.0, 4.0, 4.0, 1.0], 2, 1, "after two epochs without a new low it has stopped"),
        ([5.0, 3.0, 4.0, 2.0, 3.0, 1.0], 2, 5, "a new low in time resets the waiting"),
        ([3.0, 3.0, 3.0, 1.0], 2, 0, "equal is not lower"),
        ([5.0, 3.0, 6.0, 5.5, 4.0, 1.0], 3, 1, "compare with the lowest so far, not the previous"),
        ([2.0, 1.0, 3.0], 5, 1, "the training ended before the patience did"),
        ([1.0, 2.0], 1, 0, "with a patience of one the first rise ends it"),
    ]
    for costs, patience, expected, why in cases:
        found = answer(list(costs), patience)
        require(
            np.ndim(found) == 0 and found == expected,
            f"for costs {costs} and patience {patience} you keep epoch {found}, it should be "
            f"{expected}: {why}",
        )
    return "kept the best that was seen before the patience ran out"


def count(answer) -> str:
    """Steps, single gradients and full-batch steps of Nielsen's thirty epochs."""
    found = np.asarray(answer, dtype=float)
    require(found.shape == (3,), f"expected 3 numbers, found shape {found.shape}")
    right = np.array([150_000, 1_500_000, 30])
    if not np.allclose(found, right):
        wrong = int(np.isclose(found, right).argmin())
        what = ("the steps", "the gradients of single examples", "the full-batch steps")[wrong]
        raise Wrong(f"{what}: " + diagnose(found[wrong], {
            "that is one epoch; there are thirty": right[wrong] / 30,
            "each step needs ten gradients, not one": 150_000,
            "that is one step for each example; a mini-batch of ten takes one": 1_500_000,
        }, f"{found[wrong]:g} is not the number"))  # fmt: skip
    return "five thousand times as many steps for the same work"


def training_loop(answer) -> str:
    """`fit(gradient, w, x, y, batch_size, learning_rate, epochs, rng)` descends in epochs."""
    for n, size, epochs in ((12, 4, 3), (10, 3, 2), (24, 1, 2)):
        where = f"for {n} examples, batch size {size} and {epochs} epochs"
        x = np.arange(1.0, n + 1)[:, None]
        calls: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

        def gradient(w, xs, ys, calls=calls):
            calls.append((np.array(w, dtype=float), np.atleast_2d(xs).copy(), np.array(ys)))
            return np.array([np.mean(w * xs - ys)])

        w = np.array([3.0])
        rng = np.random.default_rng(n)
        found = _call(answer, where, gradient, w, x, 2 * x[:, 0], size, 0.01, epochs, rng)
        require(bool(calls), f"{where} you never call `gradient`")
        require(w.tolist() == [3.0], f"{where} you changed the w that you were given")
        _require_epochs(where, [rows for _, rows, _ in calls], n, size, epochs)
        for _, rows, targets in calls:
            pairs = targets.shape == (len(rows),) and np.allclose(targets, 2 * rows[:, 0])
            require(bool(pairs), f"{where} inputs and targets of a mini-batch belong together")
        _require_steps(where, calls, np.asarray(found, dtype=float))
    return "every example once an epoch, and a step for each mini-batch"


def _require_epochs(where, batches, n, size, epochs) -> None:
    per_epoch = -(-n // size)
    expected = epochs * per_epoch
    require(
        len(batches) == expected,
        f"{where} you take {len(batches)} steps; {per_epoch} an epoch make {expected}",
    )
    orders = []
    for epoch in range(epochs):
        rows = batches[epoch * per_epoch : (epoch + 1) * per_epoch]
        require(
            [len(r) for r in rows[:-1]] == [size] * (per_epoch - 1),
            f"{where} the mini-batches have sizes {[len(r) for r in rows]}",
        )
        seen = np.concatenate(rows)[:, 0]
        once = np.array_equal(np.sort(seen), np.arange(1, n + 1))
        require(once, f"{where} epoch {epoch} does not use every example exactly once")
        orders.append(seen)
    sorted_order = any(np.array_equal(seen, np.arange(1, n + 1)) for seen in orders)
    require(not sorted_order, f"{where} the examples come in their own order: shuffle them")
    same = len(orders) > 1 and np.array_equal(orders[0], orders[1])
    require(not same, f"{where} every epoch has the same order: shuffle inside of the outer loop")


def _require_steps(where, calls, end) -> None:
    w = np.array([3.0])
    ends = [*(at for at, _, _ in calls[1:]), end]
    for step, ((at, rows, targets), after) in enumerate(zip(calls, ends, strict=True), 1):
        require(bool(np.allclose(at, w)), f"{where} step {step} does not start at the current w")
        g = np.mean(at * rows - targets)
        if not np.allclose(after, w - 0.01 * g):
            raise Wrong(f"{where} after step {step} " + diagnose(after, {
                "w has moved uphill: subtract the gradient": w + 0.01 * g,
                "the learning rate is missing from the step": w - g,
                "w is what it was before: keep the result of the step": w,
            }, "w is not w − η times the gradient of that mini-batch"))  # fmt: skip
        w = w - 0.01 * g


def _require_shuffled(answer) -> None:
    where = "for n = 50 and batch_size = 7"
    first, again, other = (_batches(answer, where, 50, 7, seed) for seed in (0, 0, 1))
    neighbours = sum((np.diff(np.sort(batch)) == 1).sum() for batch in first)
    require(
        neighbours < 25,
        f"{where} the mini-batches hold neighbours: the indices are not shuffled before you cut",
    )
    first, again, other = map(np.concatenate, (first, again, other))
    require(not np.array_equal(first, other), "every generator gives the same order: use `rng`")
    require(np.array_equal(first, again), "your order does not come from the `rng` you are given")


def _batches(answer, where, n, size, seed=0) -> list[np.ndarray]:
    found = _call(answer, where, n, size, np.random.default_rng(seed))
    batches = [np.asarray(batch) for batch in found]
    ranks = {batch.ndim for batch in batches}
    require(ranks == {1}, f"{where} return a list of arrays, one for each mini-batch")
    return batches


def _wrong_ends(grad, path, examples, eta) -> dict:
    start, n = path[0], len(examples)
    steps = [eta * grad(start, x) for x in examples]
    return {
        "all gradients are taken at the initial w, but the first step leads elsewhere":
            start - np.sum(steps, axis=0),
        f"that is one step with the mean gradient, not {n} steps":
            start - np.mean(steps, axis=0),
        "you stop after the first example; return after the loop": path[1],
        "you leave out the last example": path[-2],
        "you begin with the last example": _walk(grad, start, examples[::-1], eta),
        "you step uphill; check the sign and the order of gradient(w, x)":
            _walk(grad, start, examples, -eta),
        "your steps leave out the rate": _walk(grad, start, examples, 1),
    }  # fmt: skip


def _walk(grad, w, examples, eta):
    for x in examples:
        w = w - eta * grad(w, x)
    return w


def _call(answer, where, *given):
    return returned(answer(*given), where)
