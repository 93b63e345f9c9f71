"""The attention viewer: rows of the two tasks, and what a small model makes of them."""

import numpy as np

from golden import case
from weighted_sums import sampling, tasks, transformer
from weighted_sums.workshop.interactive import packed_tree


def one_head(symbols, context, layers):
    rng = np.random.default_rng(layers)
    return transformer.init_transformer(symbols, context, 12, 1, layers, rng)


def run_cases():
    found = []
    rng = np.random.default_rng(0)
    for symbols, context, layers in ((11, 16, 1), (32, 32, 2)):
        model, row = one_head(symbols, context, layers), rng.integers(symbols, size=context)
        p = sampling.probabilities(transformer.logits(model, row))
        patterns = [
            [weights[: i + 1] for i, weights in enumerate(layer[0])]
            for layer in transformer.attention_patterns(model, row)
        ]
        output = {
            "patterns": patterns,
            "predicted": p.argmax(axis=-1),
            "probability": p.max(axis=-1),
        }
        found.append(case({"payload": packed_tree(model), "tokens": row}, output, 1e-5))
    return found


def as_null(row):
    return [None if token == transformer.IGNORE_INDEX else token for token in row.tolist()]


def task_cases():
    rows, answers = [], []
    for task, period in ((tasks.Reversal(1, 1), 0), (tasks.Induction(1, 1, periods=(6, 6)), 6)):
        x, y = (part[0] for part in next(task.epoch(np.random.default_rng(4))))
        x = x % 26 if period else x  # the letters from a to z
        y = np.where(y < 0, y, y % 26) if period else y
        letters = "".join(chr(97 + t) for t in x[:period])
        digits = "".join(str(t) for t in x[:8])
        name = "induction" if period else "reversal"
        state = {"task": name, "digits": digits, "letters": letters}
        rows.append(case(state, x))
        answers.append(case({"state": state, "tokens": x}, as_null(y)))
    return rows, answers


def cases():
    rows, answers = task_cases()
    return {
        "run": run_cases(),
        "tokensOf": [
            *rows,
            case({"task": "reversal", "digits": "12x4", "letters": ""}, None),
            case({"task": "induction", "digits": "", "letters": "19 ü"}, None),
        ],
        "target": answers,
        "flat": [case([[1], [0.25, 0.75]], [1, 0, 0.25, 0.75])],
        "symbol": [
            case({"task": "reversal", "tokens": [3, 10, 0]}, "3→0"),
            case({"task": "induction", "tokens": [0, 25]}, "az"),
        ],
    }
