"""Checks for the exercises of the chapter on training a GPT."""

from __future__ import annotations

import numpy as np

from weighted_sums.dot_product import dot_product_attention
from weighted_sums.exercises import call, diagnose, require, require_equal, require_unchanged
from weighted_sums.ngrams import bits_per_byte as true_bits

TRIALS = 20
NAN, RAISES = "ends in nan", "raises FloatingPointError"
SEEDS = [3, 5, 8, 13]
RATES = [1e-5, 1e-4, 0.001, 0.01, 0.1, 1.0, 10.0]
RUNS = {  # what a learning rate costs with each seed, and what choosing it shows
    NAN: ([0.5, np.nan, np.nan, np.nan], "went well with one seed and ended in nan with the "
          "others; a run that fails costs infinitely much (and min keeps a nan that comes first)"),
    RAISES: ([0.7, None, 0.9, None], "raised an error with two of the seeds; a run that fails "
             "costs infinitely much, it must not be left out of the average"),
    "first": ([1.0, 3.2, 3.2, 3.2], "was lucky with the first seed; average over all seeds"),
    "last": ([3.2, 3.2, 3.2, 1.0], "was lucky with the last seed; average over all seeds"),
    "median": ([1.9, 1.9, 1.9, 9.0], "has the smallest median; the average is asked for"),
    "worst": ([2.6, 2.6, 2.6, 2.6], "is best in its worst run; the average is asked for"),
    "best": ([2.0, 2.0, 2.0, 3.4], ""),
}  # fmt: skip


def attend_last(answer) -> str:
    """`attend_last(q, keys, values)` is the last row of attention in one head."""
    rng = np.random.default_rng(0)
    for trial in range(TRIALS):
        positions, d_k, d_v = rng.integers(1, 8), rng.integers(2, 6), rng.integers(1, 5)
        q, keys = rng.standard_normal(d_k), rng.standard_normal((positions, d_k))
        keys = keys * 1000 if trial == TRIALS - 1 else keys
        values = rng.standard_normal((positions, d_v))
        where = f"for {positions} positions and queries of {d_k} numbers"
        given = [q.copy(), keys.copy(), values.copy()]
        with np.errstate(all="ignore"):
            found = np.asarray(answer(*given), dtype=float)
        for name, after, before in zip(
            ("q", "keys", "values"), given, (q, keys, values), strict=True
        ):
            require_unchanged(after, before, name)
        require(
            found.shape == (d_v,),
            f"{where} a vector of {d_v} numbers is asked for, not shape {found.shape}",
        )
        require(
            bool(np.isfinite(found).all()),
            f"{where} and large scores yours is {found.tolist()}: subtract the largest score first",
        )
        wanted = _attended(q, keys, values)
        if not np.allclose(found, wanted, atol=1e-6):
            root = np.sqrt(d_k)
            error = diagnose(found, {
                f"{where} the scores are not divided by the root of {d_k}":
                    _attended(q * root, keys, values),
                f"{where} you divide the scores by {d_k}, not by its root":
                    _attended(q / root, keys, values),
                f"{where} you divide by the root of the number of positions; divide by that of "
                f"the length of the query, {d_k}":
                    _attended(q * root / np.sqrt(positions), keys, values),
                f"{where} you leave out the newest position; it attends to itself, too":
                    _attended(q, keys[:-1], values[:-1]) if positions > 1 else None,
                f"{where} you take only the value with the largest score; softmax mixes them all":
                    values[(keys @ q).argmax()],
                f"{where} you average the values, whatever the scores are": values.mean(axis=0),
            })  # fmt: skip
            require(not error, error)
        require(
            np.allclose(found, wanted, atol=1e-6),
            f"{where} it should be {wanted.round(3).tolist()}, yours is {found.round(3).tolist()}",
        )
    return f"equal to the last row of attention in {TRIALS} cases"


def batch(answer) -> str:
    """`batch(tokens, begins, length)` is the inputs and targets of windows that begin there."""
    rng = np.random.default_rng(3)
    for length in (1, 3, 5):
        tokens = rng.permutation(40)
        begins = rng.integers(40 - length, size=3)
        where = f"for windows of {length} that begin at {begins.tolist()},"
        pair = call(answer, where, tokens, begins, length)
        is_pair = isinstance(pair, tuple | list) and len(pair) == 2
        require(is_pair, f"{where} a pair (x, y) is asked for, not {type(pair).__name__}")
        rows = tokens[begins[:, None] + np.arange(length + 1)]
        both = {"x": rows[:, :-1], "y": rows[:, 1:]}
        for (name, want), found in zip(both.items(), pair, strict=True):
            yours = np.asarray(found).tolist()
            require_equal(found, want, where, {
                f"{name} is x: a model that copies its input would have no loss": both["x"],
                f"{name} is y: inputs and targets are swapped": both["y"],
                f"{name} holds the tokens before the inputs, not those after":
                    tokens[begins[:, None] - 1 + np.arange(length)],
                f"{name} holds {length + 1} tokens a row; the last has no target here": rows,
                f"{name} has windows as columns; they should be rows": want.T,
                f"{name} wraps around inside the window; the target of the last input is the "
                "next token of the text": np.roll(both["x"], -1, axis=1),
            }, f"{name} should be {want.tolist()}, yours is {yours}")  # fmt: skip
    return "each target is the token that follows its input in the text"


def bits_per_byte(answer) -> str:
    """`bits_per_byte(loss, tokens, text)` is the loss of a text in bits per byte."""
    cases = (("the cat sat", 4, 2.0), ("Schrödinger’s cat", 6, 3.1), ("预测下一个词", 5, 4.0))
    for text, tokens, loss in cases:
        where = f"for {text!r} in {tokens} tokens with a loss of {loss} nats"
        want = true_bits(loss, tokens, text)
        letters, size = len(text), len(text.encode())
        require_equal(call(answer, where, loss, tokens, text), want, where, {
            "you divide by characters; a character outside ASCII has several bytes":
                want * size / letters,
            "yours is in nats; divide by ln 2": want * np.log(2),
            "yours is in nats per character": want * np.log(2) * size / letters,
            "you multiply by ln 2; a nat is more than a bit, so divide": want * np.log(2) ** 2,
            "yours is in bits per token; how many tokens are there for each byte?":
                loss / np.log(2),
            "you divide by the tokens; the total loss is the loss times the tokens":
                loss / tokens / size / np.log(2),
            "yours is the total loss in bits, of the whole text": want * size,
            "you divide by ln 10; bits are logarithms to base 2": want * np.log(2) / np.log(10),
        }, f"it should be {want:.4f}")  # fmt: skip
    return "the same unit for every tokenizer, and for Chinese too"


def epochs(answer) -> str:
    """`epochs(steps, batch_size, context, n_tokens)` is how often a token is seen on average."""
    for given in ((2600, 16, 128, 1_003_855), (900, 16, 48, 130_000), (10, 4, 8, 1000)):
        steps, batch_size, context, n_tokens = given
        where = "for {} steps of {} windows of {} tokens, and a text of {:,}".format(*given)
        want = steps * batch_size * context / n_tokens
        require_equal(call(answer, where, *given), want, where, {
            "you count windows; each holds many tokens": steps * batch_size / n_tokens,
            "you leave out the number of windows in a batch": steps * context / n_tokens,
            "yours is the number of tokens that are processed; how long is the text?":
                want * n_tokens,
            "yours is the inverse: the part of the run that one pass takes": 1 / want,
            "you round down; an average need not be whole": np.floor(want),
            "you leave out the steps; yours is the part of the text in one batch":
                batch_size * context / n_tokens,
        }, f"it should be {want:.3f}")  # fmt: skip
    return "about five passes for the long run, as many tokens as windows hold"


def sees_the_future(answer) -> str:
    """`sees_the_future(logits, tokens, vocab_size)` finds a leak of later tokens."""
    rng = np.random.default_rng(4)
    table, tokens = rng.normal(size=(7, 7)), rng.permutation(7)[:6]

    def none(t):
        return np.cumsum(table[np.asarray(t)], axis=0)

    def mean(t):
        return none(t) + table[np.asarray(t)].mean(axis=0)

    def one_ahead(t):
        return none(t) + np.roll(table[np.asarray(t)], -1, axis=0)

    def only_from_the_end(t):
        return none(t) + (np.arange(len(t)) == 1)[:, None] * table[np.asarray(t)[-1]]

    def within(t):  # the last position sees all; position 2 sees position 3, and nothing else
        return none(t) + (np.arange(len(t)) == 2)[:, None] * table[np.asarray(t)[3]]

    cases = (
        (none, False, "a model that adds up the rows of earlier tokens and its own"),
        (mean, True, "a model that adds the mean over all positions"),
        (one_ahead, True, "a model in which each position sees the next one"),
        (only_from_the_end, True, "a model in which only position 1 sees the last token"),
        (within, True, "a model in which position 2 sees position 3, and nothing else"),
    )
    for logits, leaks, what in cases:
        found = call(answer, f"for {what}", logits, tokens.copy(), 7)
        is_bool = isinstance(found, bool | np.bool_)
        require(is_bool, f"True or False is asked for, not {type(found).__name__}")
        wrong = "earlier logits do change" if leaks else "no earlier logit changes"
        require(bool(found) == leaks, f"for {what} you return {bool(found)}, but {wrong}")
    return "four leaks found, and no false alarm"


def accumulate(answer) -> str:
    """`accumulate(gradients, sizes)` is the gradient of the whole batch from those of its parts."""
    rng = np.random.default_rng(1)
    for _ in range(TRIALS):
        sizes = rng.integers(1, 12, size=rng.integers(3, 6))
        windows = [rng.standard_normal((size, 3)) for size in sizes]
        parts = [part.mean(axis=0) for part in windows]
        given, where = [part.copy() for part in parts], f"for parts of {sizes.tolist()} windows"
        found = np.asarray(answer(given, sizes.tolist()), dtype=float)
        require_unchanged(given, parts, "gradients")
        require(found.shape == (3,), f"{where} a gradient of 3 numbers is asked for, not {found!r}")
        wanted = np.concatenate(windows).mean(axis=0)
        require(np.allclose(found, wanted, atol=1e-6), diagnose(found, {
            f"{where} you return the sum over all windows; the cost is their average":
                wanted * sizes.sum(),
            f"{where} you weight all parts equally; weight all windows equally":
                np.mean(parts, axis=0),
            f"{where} you add up the parts unweighted; each must count by its size":
                np.sum(parts, axis=0),
            f"{where} you divide by the number of parts; divide by that of all windows":
                wanted * sizes.mean(),
            f"{where} you divide by the number of windows, but the parts are averages; "
            "multiply each by its size first": np.sum(parts, axis=0) / sizes.sum(),
            f"{where} you divide by the sizes; a larger part must count more":
                np.average(parts, axis=0, weights=1 / sizes),
            f"{where} yours is 0; size // total is always 0, divide with /": np.zeros(3),
        },
            f"{where} it should be {wanted.round(3).tolist()}, yours is {found.round(3).tolist()}",
        ))  # fmt: skip
    return f"for {TRIALS} batches in unequal parts"


def sweep(answer) -> str:
    """`sweep(train_at, rates, seeds)` is the learning rate with the smallest average cost."""
    rng = np.random.default_rng(2)
    others = [name for name in RUNS if name != NAN]
    for at in (0, 3, 6):
        order = rng.permutation(others).tolist()
        runs = dict(zip(RATES, [*order[:at], NAN, *order[at:]], strict=True))

        def train_at(learning_rate: float, seed: int, runs=runs) -> float:
            require(
                learning_rate in RATES,
                f"you train at the rate {learning_rate}, which is not among {RATES}",
            )
            require(seed in SEEDS, f"you train with the seed {seed}, which is not among {SEEDS}")
            cost = RUNS[runs[learning_rate]][0][SEEDS.index(seed)]
            if cost is None:
                raise FloatingPointError("the cost is inf after step 2")
            return cost

        found = answer(train_at, [*RATES], [*SEEDS])
        require(
            np.ndim(found) == 0 and found in RATES,
            f"one of the rates {RATES} is asked for, not {found!r}",
        )
        name = runs[float(found)]
        require(name == "best", f"the rate {found:g} {RUNS[name][1]}")
    return "over all seeds, with failures counted as failures"


def _attended(q, keys, values) -> np.ndarray:
    return dot_product_attention(q[None], keys, values)[0][0]
