"""Checks for the exercises of the chapter on the cost."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, diagnose, require, returned
from weighted_sums.losses import per_example_cost, squared_error_backward


def rank(answer) -> str:
    """`rank(outputs, target)` orders outputs by their squared distance from the target."""
    rng = np.random.default_rng(0)
    book = np.array([[0.1, 0.6, 0.1], [0.0, 0.9, 0.8], [0.4, 0.5, 0.4], [0.6, 0.5, 0.0]])
    cases = [(book, np.array([0.0, 1.0, 0.0]))]
    cases += [(rng.random((n, 10)), np.eye(10)[n % 10]) for n in (12, 2, 7)]
    for outputs, target in cases:
        costs = per_example_cost(outputs, np.tile(target, (len(outputs), 1)))
        where = f"for {len(outputs)} outputs"
        found = np.asarray(_call(answer, where, outputs.copy(), target.copy()))
        slip = diagnose(found, {
            "you return their costs; return their indices in the order of the costs":
                costs,
            "you return the outputs themselves; return their indices":
                outputs[np.argsort(costs)],
            "your indices count from 1; count from 0": 1 + np.argsort(costs),
        })  # fmt: skip
        require(not slip, f"{where} {slip}")
        whole = found.shape == (len(outputs),) and np.issubdtype(found.dtype, np.integer)
        require(
            whole and sorted(found.tolist()) == list(range(len(outputs))),
            f"{where} you return {found.tolist()}; return each index from 0 to "
            f"{len(outputs) - 1} once, a whole number for each row",
        )
        if not np.array_equal(found, np.argsort(costs)):
            raise Wrong(f"{where} " + diagnose(found, _wrong_orders(outputs, target, costs), (
                f"the costs are {np.round(costs, 3).tolist()}, so the order is "
                f"{np.argsort(costs).tolist()}, not {found.tolist()}"
            )))  # fmt: skip
    return "by the cost of all outputs, not of the right one alone"


def best_guess(answer) -> str:
    """`best_guess(fractions)` is the best constant output for digits of these frequencies."""
    for counts in ([5, 3, 1, 1], [1] * 10, [3, 1], [1, 0, 0]):
        fractions = np.array(counts) / sum(counts)
        targets = np.repeat(np.eye(len(counts)), counts, axis=0)
        where = f"for fractions {np.round(fractions, 3).tolist()}"
        found = _call(answer, where, fractions.copy())
        require(
            isinstance(found, tuple | list) and len(found) == 2,
            f"{where} return two things: the outputs, and their cost",
        )
        outputs = np.asarray(found[0], dtype=float)
        require(
            outputs.shape == fractions.shape,
            f"{where} the outputs have shape {outputs.shape}, should be {fractions.shape}",
        )
        cost = _number(found[1], f"{where} the cost")
        real = float(per_example_cost(np.tile(outputs, (len(targets), 1)), targets).mean())
        least = float(per_example_cost(np.tile(fractions, (len(targets), 1)), targets).mean())
        if not real < least + 1e-9:
            raise Wrong(f"{where} " + diagnose(outputs, _wrong_guesses(fractions), (
                f"the outputs {np.round(outputs, 3).tolist()} cost {real:.4f}; it can be done for "
                f"{least:.4f}"
            )))  # fmt: skip
        if not np.isclose(cost, least):
            raise Wrong(
                f"{where} your outputs are right and cost {least:.4f}, but you say {cost:.4f}"
                + diagnose(cost, _wrong_costs(fractions))
            )
    return "the best constant is how often the digit comes"


def best_constant(answer) -> str:
    """`best_constant(targets)` has the least mean distance from the targets."""
    rng = np.random.default_rng(1)
    cases = [
        np.roll(rng.normal(size=7), 2),
        np.array([0.0, 0.0, 1.0]),
        np.eye(10)[:, 3],
        rng.random(12),
    ]
    for targets in cases:
        where = f"for targets {np.round(targets, 2).tolist()}"
        found = _number(_call(answer, where, targets.copy()), f"{where} the constant")
        real, least = (np.abs(targets - c).mean() for c in (found, np.median(targets)))
        if not real <= least + 1e-6:
            raise Wrong(f"{where} " + diagnose(found, {
                "you give their mean, which is best for squares": targets.mean(),
                "you give the middle between the smallest and the largest":
                    (targets.max() + targets.min()) / 2,
                "you take the middle of the list as it is; sort it first":
                    targets[len(targets) // 2],
                "you give the least mean distance; return the constant that has it": least,
                "you give an index into the list; return the target there":
                    np.argsort(targets)[len(targets) // 2],
            }, f"the constant {found:.3f} has the mean distance {real:.3f}; {least:.3f} is "
                "possible"))  # fmt: skip
    return "as many targets above as below"


def grads(answer) -> str:
    """`grads(a, y)` is the derivative of the average cost with respect to each output."""
    rng = np.random.default_rng(2)
    for n, outputs in ((4, 3), (1, 10), (9, 2)):
        a, y = rng.random((n, outputs)), np.eye(outputs)[rng.integers(outputs, size=n)]
        where = f"for {n} example{'s' if n > 1 else ''}"
        found = np.asarray(_call(answer, where, a.copy(), y.copy()))
        require(found.shape == a.shape, f"{where} the shape is {found.shape}, should be {a.shape}")
        right = squared_error_backward(a, y)
        if not np.allclose(found, right, atol=1e-6):
            at = np.unravel_index(np.abs(found - right).argmax(), a.shape)
            raise Wrong(f"{where} " + diagnose(found, {
                f"that is the gradient of the sum; the cost is the average over {n}":
                    n * right,
                "the sign: a larger output raises the cost if it is above its target":
                    -right,
                "the 2 of the square is missing": right / 2,
                "average over the examples, not over the outputs": right * n / outputs,
                f"average over the examples only, not over all {a.size} outputs": right / outputs,
                f"the 2 of the square and the average over {n} are missing": a - y,
                "those are the costs; their derivatives are asked for":
                    np.square(a - y) / n,
                "differentiate with respect to the outputs; leave out the sigmoid":
                    right * a * (1 - a),
            }, f"for the output {a[at]:.3f} with the target {y[at]:.0f} your derivative is "
                f"{found[at]:.4f}; a small change gives {right[at]:.4f}"))  # fmt: skip
    return "twice the difference, divided by the number of examples"


def pencil(answer) -> str:
    """The losses of two examples, and their cost."""
    found = np.asarray(answer, dtype=float)
    require(found.shape == (3,), f"expected 3 numbers, found shape {found.shape}")
    right = np.array([0.26, 0.8, 0.53])
    if not np.allclose(found, right, atol=1e-6):
        raise Wrong(diagnose(found, {
            "add up over the outputs; average over the examples only": right / 2,
            "the cost is the average of the losses, not their sum": np.array([0.26, 0.8, 1.06]),
            "square the differences; those are absolute values": np.array([0.6, 1.2, 0.9]),
            "those are the losses with the ½ of other books; without it they are twice as "
            "large, and so is the cost": np.array([0.13, 0.4, 0.27]),
        }) or diagnose(found[1], {
            "the first output of the second example should be 0, not 1": 0.04 + 0.36,
            "the targets of the second example are 0 and 1; each output differs from its own":
                0.04 + 0.16,
        }) or f"number {1 + int(np.argmin(np.isclose(found, right)))} is not right: subtract "
            "each target, square, add up")  # fmt: skip
    return "a wrong prediction with a confident output costs most"


def contrast(answer) -> str:
    """`(accurate, cheap)`: outputs that are all right, and cheaper ones that are not."""
    pair = isinstance(answer, tuple | list) and len(answer) == 2
    require(pair, "give two tables, `accurate` and `cheap`")
    accurate, cheap = (np.asarray(table, dtype=float) for table in answer)
    for name, table in (("accurate", accurate), ("cheap", cheap)):
        require(table.shape == (2, 3), f"`{name}` has shape {table.shape}, should be (2, 3)")
        require(
            bool(((table >= 0) & (table <= 1)).all()),
            f"`{name}` holds outputs outside of 0 to 1, which a sigmoid cannot give",
        )
        top = np.sort(table, axis=1)
        require(bool((top[:, -1] > top[:, -2]).all()), f"`{name}` has a tie for the largest output")
    labels, targets = np.arange(2), np.eye(3)[:2]
    hits = [int((table.argmax(axis=1) == labels).sum()) for table in (accurate, cheap)]
    costs = [float(per_example_cost(table, targets).mean()) for table in (accurate, cheap)]
    require(hits[0] == 2, f"`accurate` classifies {hits[0]} of 2 correctly; it should do both")
    require(hits[1] == 1, f"`cheap` classifies {hits[1]} of 2 correctly; it should do one")
    require(
        costs[1] < costs[0],
        f"`cheap` costs {costs[1]:.3f}, `accurate` only {costs[0]:.3f}: make the correct "
        "predictions less confident, or the wrong one more hesitant",
    )
    return f"two right for {costs[0]:.2f}, one right for {costs[1]:.2f}"


def _wrong_orders(outputs, target, costs) -> dict:
    off = outputs - target
    return {
        "you begin with the highest cost; begin with the lowest": np.argsort(-costs),
        "you go by the output for the right digit alone; the others cost too":
            np.argsort(-outputs[:, target.argmax()]),
        "you give the rank of each output; return the index that comes first, second":
            np.argsort(np.argsort(costs)),
        "you add up distances; the cost adds up their squares":
            np.argsort(np.abs(off).sum(axis=1)),
        "differences of opposite sign cancel in your sum; square them first":
            np.argsort(off.sum(axis=1)),
        "you go by the largest difference alone; the others cost too":
            np.argsort(np.abs(off).max(axis=1)),
    }  # fmt: skip


def _wrong_guesses(fractions) -> dict:
    n = len(fractions)
    return {
        "you take all digits to be equally common": np.full(n, 1 / n),
        "you always guess the most common digit": np.eye(n)[fractions.argmax()],
        "you give the medians, which are best for distances": (fractions > 0.5) * 1.0,
    }


def _wrong_costs(fractions) -> dict:
    n = len(fractions)
    return {
        ": that is for equally common digits": 1 - 1 / n,
        ": add up over the outputs, do not average": (fractions * (1 - fractions)).mean(),
        ": an output costs also when its digit does not come":
            (fractions * (1 - fractions) ** 2).sum(),
        ": an output costs also when its digit does come":
            ((1 - fractions) * fractions**2).sum(),
        ": that is how often the most common digit does not come": 1 - fractions.max(),
    }  # fmt: skip


def _call(answer, where, *given):
    return returned(answer(*given), where)


def _number(found, what) -> float:
    require(np.ndim(found) == 0, f"{what} should be one number, not one of shape {np.shape(found)}")
    return float(found)
