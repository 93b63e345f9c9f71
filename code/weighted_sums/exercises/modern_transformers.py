"""Checks for the exercises on newer parts of transformers."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import call, diagnose, require, require_equal


def counts(answer) -> str:
    """`counts(d_model, neurons, n_experts, top_k)` is all parameters and those that are active."""
    for d, n, experts, k in ((4, 6, 4, 1), (64, 171, 8, 2), (10, 7, 3, 3)):
        where = f"for d_model {d}, {n} neurons and {k} of {experts} experts"
        one, router = 3 * d * n, d * experts
        require_equal(call(answer, where, d, n, experts, k), (experts * one + router,
                      k * one + router), where, {
            "an expert has three matrices, not two":
                (experts * 2 * d * n + router, k * 2 * d * n + router),
            "the router is missing": (experts * one, k * one),
            "the router is used by every token, all of it, so it is active too":
                (experts * one + router, k * one),
            "every expert has to be stored, not only those that are chosen":
                (k * one + router, k * one + router),
            "a token uses only the chosen experts":
                (experts * one + router, experts * one + router),
            "the router has a row for each expert, not only for the chosen ones":
                (experts * one + router, k * one + k * d),
            "the total comes first": (k * one + router, experts * one + router),
            "you count one row of the router": (experts * one + d, k * one + d),
        }, f"they should be {(experts * one + router, k * one + router)}")  # fmt: skip
    return "stored, and used by one token"


def swiglu(answer) -> str:
    """`swiglu(x, W_gate, W_up, W_down)` is a hidden layer with a gate of its own."""
    rng = np.random.default_rng(4)
    for rows, d, hidden in ((1, 3, 4), (5, 4, 6)):
        x, gate, up = (rng.normal(size=s) for s in ((rows, d), (hidden, d), (hidden, d)))
        down, where = rng.normal(size=(d, hidden)), f"for {rows} rows and {hidden} neurons"

        def swish(z):
            return z / (1 + np.exp(-z))

        g, u = x @ gate.T, x @ up.T
        require_equal(call(answer, where, x, gate, up, down), (swish(g) * u) @ down.T, where, {
            "the gate is missing: only W_up is used": swish(u) @ down.T,
            "only the gate is used: multiply it by the other weighted sum": swish(g) @ down.T,
            "the gate should be swish, z times its sigmoid, not the sigmoid alone":
                (u / (1 + np.exp(-g))) @ down.T,
            "you exchange gate and up": (swish(u) * g) @ down.T,
            "both weighted sums go through swish; only the gate does":
                (swish(g) * swish(u)) @ down.T,
            "the two are multiplied, not added": (swish(g) + u) @ down.T,
            "no activation function is left: a product of two sums": (g * u) @ down.T,
        }, "some numbers differ")  # fmt: skip
    return "one weighted sum is the gate of the other"


def route(answer) -> str:
    """`route(z, k)` holds the probabilities of the k likeliest experts, and 0 for the others."""
    rng = np.random.default_rng(3)
    for shape, k in (((6, 5), 2), ((1, 4), 1), ((4, 3), 3)):
        z, where = 2 * rng.normal(size=shape), f"for {shape[0]} rows, the best {k} of {shape[1]}"
        p = _softmax(z)
        order = np.argsort(-z, axis=1)
        kept, lowest = (np.zeros(shape, bool) for _ in range(2))
        np.put_along_axis(kept, order[:, :k], True, axis=1)
        np.put_along_axis(lowest, order[:, -k:], True, axis=1)
        chosen = p * kept
        require_equal(call(answer, where, z, k), chosen, where, {
            "a logit of 0 is no probability of 0: choose after softmax": _softmax(z * kept),
            "you divide by the sum of the chosen: with one expert the gate would always be 1, "
            "and the router would learn nothing": chosen / chosen.sum(axis=1, keepdims=True),
            "nobody was left out": p,
            "these are the least likely experts": p * lowest,
            "these are logits: softmax is missing": z * kept,
            "you give 1 to every chosen expert, not its probability": kept.astype(float),
            "the softmax runs along the rows, not the experts": _softmax(z.T).T * kept,
            "you keep the chosen of the whole table, not of each row":
                p * (p >= np.sort(p.ravel())[-k]),
        }, "some probabilities differ")  # fmt: skip
    return "each row keeps its own experts"


def merge(answer) -> str:
    """`merge(a, b)` joins two partial results of a running softmax."""
    rng = np.random.default_rng(4)
    for size in (1.0, 1000.0):
        s, v = size * rng.normal(size=7), rng.normal(size=(7, 3))
        parts = [_partial(s[cut], v[cut]) for cut in (slice(4), slice(4, 7))]
        for a, b in (parts, parts[::-1]):
            where = f"for scores of about {size:g}"
            m, total, mixed = call(answer, where, a, b)
            wanted = _partial(s, v)
            require(bool(np.isfinite(total)) and np.isfinite(mixed).all(), f"{where} the sums are "
                    "not finite: no exponent may be positive")  # fmt: skip
            require(bool(np.isclose(m, wanted[0])), f"{where} the largest score "
                    f"is {wanted[0]:.4g}, yours {m:.4g}")  # fmt: skip
            (_, total_a, mixed_a), (_, total_b, mixed_b) = a, b
            why = diagnose(float(total), {
                "you add two sums, but each is relative to its own maximum": total_a + total_b,
            }, f"the sum of the exponentials is {wanted[1]:.4g}, yours {total:.4g}")  # fmt: skip
            require(bool(np.isclose(total, wanted[1])), f"{where} {why}")
            require_equal(mixed, wanted[2], where, {
                "the weighted sums of the values have to be scaled as well": mixed_a + mixed_b,
                "you divide too early: the parts hold sums that are not yet divided":
                    wanted[2] / wanted[1],
            }, "the weighted sum of the values differs")  # fmt: skip
    return "in either order, for scores of any size"


def smallest_step(answer) -> str:
    """`smallest_step(w, bits)`: changes of w of at most this size are lost in rounding."""
    for w, bits in ((1.0, 10), (1.5, 10), (1.0, 7), (0.03, 7), (300.0, 10), (0.25, 3)):
        where = f"for w = {w} and {bits} bits of fraction"
        gap = 2.0 ** (np.floor(np.log2(w)) - bits)
        words = "that is the distance to the next number; half of it is rounded away"
        if w != 2.0 ** np.floor(np.log2(w)):  # at a power of two it was right
            words = "the exponent is rounded down, neither up nor to the nearest"
        found = call(answer, where, w, bits)
        require(np.ndim(found) == 0, f"{where} one number is asked for")
        require(bool(np.isclose(found, gap / 2)), f"{where} " + diagnose(found, {
            words: gap,
            "the distance of the numbers depends on the size of w": 2.0 ** (-bits - 1),
            "the numbers between two powers of two are equally far apart: round the exponent "
            "down": w * 2.0 ** (-bits - 1),
            "that is a quarter of the distance": gap / 4,
        }, f"half the distance is {gap / 2:.4g}, yours is {float(found):.4g}"))  # fmt: skip
    return "what is smaller does not move the weight"


def next_scale(answer) -> str:
    """`next_scale(scale, finite, good)` is the next loss scale, and the count of good steps."""
    cases = (
        (1024.0, True, 5, (1024.0, 6)), (1024.0, False, 5, (512.0, 0)),
        (1024.0, True, 99, (2048.0, 0)), (64.0, False, 99, (32.0, 0)), (8.0, True, 0, (8.0, 1)),
    )  # fmt: skip
    for scale, finite, good, wanted in cases:
        where = f"at the scale {scale:g} after {good} good steps, gradient " + (
            "finite" if finite else "not finite"
        )
        found = call(answer, where, scale, finite, good)
        require(np.shape(found) == (2,), f"{where} a pair is asked for: scale and count")
        slips = {
            "an overflow halves the scale": finite or found[0] == scale / 2,
            "after an overflow the count begins again at 0": finite or found[1] == 0,
            "one hundred good steps in a row double the scale, this one included":
                good < 99 or not finite or found[0] == 2 * scale,
            "when the scale was doubled, the count begins again at 0":
                good < 99 or not finite or found[1] == 0,
            "the scale stays as it is": good >= 99 or not finite or found[0] == scale,
            "this step counts as a good one": good >= 99 or not finite or found[1] == good + 1,
        }  # fmt: skip
        for reason, holds in slips.items():
            require(bool(holds), f"{where}: {reason}")
        require(tuple(found) == wanted, f"{where} it should be {wanted}")
    return "up slowly, down at once"


def absmax(answer) -> str:
    """`absmax(weights, bits)` rounds one block to multiples of a step, zero included."""
    rng = np.random.default_rng(5)
    for weights, bits in ((rng.normal(size=32), 4), (rng.normal(size=16), 8),
                          (-np.abs(rng.normal(size=8)), 3), (np.zeros(4), 4)):  # fmt: skip
        where = f"for {weights.size} weights of up to {np.abs(weights).max():.2f} and {bits} bits"
        levels = 2 ** (bits - 1) - 1
        top = np.abs(weights).max()
        with np.errstate(all="ignore"):
            step, low = top / levels, weights.min()
            wide, half = top / 2**bits, top / 2 ** (bits - 1)
            errors = {
                "round to the nearest, not down": np.floor(weights / step) * step,
                "cutting off the fraction is not rounding": np.trunc(weights / step) * step,
                "these are the numbers of steps: multiply them by the step":
                    np.rint(weights / step),
                "the step follows from the largest absolute value, not the largest value":
                    np.rint(weights / (weights.max() / levels)) * (weights.max() / levels),
                "that is the rounding from the minimum: here 0 must stay 0":
                    np.rint((weights - low) / (np.ptp(weights) / (2**bits - 1)))
                    * (np.ptp(weights) / (2**bits - 1)) + low,
                "one bit is for the sign": np.rint(weights / wide) * wide,
                "with b bits the largest number of steps is 2^(b-1) − 1":
                    np.rint(weights / half) * half,
            }  # fmt: skip
        wanted = np.rint(weights / step) * step if top else weights
        found = call(answer, where, weights, bits)
        require(np.isfinite(found).all(), f"{where} some are not finite: a block may be all zeros")
        require_equal(found, wanted, where, errors, "some numbers differ")
    return "zero stays zero"


def tradeoff(answer) -> str:
    """`tradeoff(weights, bits, block)` is the bits of a weight and the error of rounding it."""
    rng = np.random.default_rng(6)
    weights = rng.standard_t(3, size=4096)
    for bits, block in ((4, 32), (4, 256), (2, 16)):
        where = f"for {bits} bits and blocks of {block}"
        blocks = weights.reshape(-1, block)
        low, step = blocks.min(1, keepdims=True), np.ptp(blocks, axis=1)[:, None] / (2**bits - 1)
        wrong = (np.rint((blocks - low) / step) * step + low - blocks).ravel()
        cost, error = bits + 32 / block, np.sqrt((wrong**2).mean())
        found = call(answer, where, weights, bits, block)
        require(np.shape(found) == (2,), f"{where} a pair is asked for: bits and error")
        why = diagnose(found[0], {
            "step and minimum of the block need memory, too": bits,
            "step and minimum have 16 bits each: two of them": bits + 16 / block,
            "step and minimum belong to a block: divide their 32 bits by its size": bits + 32,
            "that is the whole block; divide by its size": bits * block + 32,
        }, f"a weight costs {cost:g} bits, yours {found[0]:g}")  # fmt: skip
        require(bool(np.isclose(found[0], cost)), f"{where}: {why}")
        whole = np.ptp(weights) / (2**bits - 1)
        coarse = np.rint((weights - weights.min()) / whole) * whole + weights.min() - weights
        why = diagnose(found[1], {
            "that is the mean square: take the root": error**2,
            "that is the mean absolute error": np.abs(wrong).mean(),
            "errors of both signs cancel: square them first": abs(wrong.mean()),
            "that is the largest error": np.abs(wrong).max(),
            "all weights were one block": np.sqrt((coarse**2).mean()),
        }, f"the error is {error:.5f}, yours {found[1]:.5f}")  # fmt: skip
        require(bool(np.isclose(found[1], error, rtol=0.01)), f"{where}: {why}")
    return "what a block costs, and what it saves"


def key_gradient(answer) -> str:
    """`key_gradient(dk, n_groups)` is the gradient of the shared keys from that of each head."""
    rng = np.random.default_rng(7)
    for heads, groups in ((4, 2), (6, 2), (3, 3), (4, 1)):
        dk, where = rng.normal(size=(heads, 5, 2)), f"for {heads} heads in {groups} groups"
        split = dk.reshape(groups, heads // groups, 5, 2)
        require_equal(call(answer, where, dk, groups), split.sum(1), where, {
            "the shared key is used by each head of its group: add, do not average": split.mean(1),
            "neighbouring heads form a group, not every so many":
                dk.reshape(heads // groups, groups, 5, 2).sum(0),
            "you took the first head of each group only": split[:, 0],
            "you took the last head of each group only": split[:, -1],
            "nothing was added up: a gradient has the shape of the keys": dk,
            "all heads were added up, across the groups":
                np.broadcast_to(dk.sum(0), (groups, 5, 2)),
        }, "some numbers differ")  # fmt: skip
    return "a sum over the heads that share a key"


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _partial(s, v):
    e = np.exp(s - s.max())
    return s.max(), e.sum(), e @ v
