"""Checks for the exercises of the chapter on a real model."""

from __future__ import annotations

import numpy as np

from weighted_sums import transformer
from weighted_sums.exercises import call, diagnose, require, require_equal
from weighted_sums.workshop import parameters

DECOYS = {  # what else a head may do, and the key position that each query attends to
    "attends back only from the last query; take the average over all queries": None,
    "attends two positions back": lambda query: query - 2,
    "attends to itself": lambda query: query,
    "attends to the first position": lambda query: 0,
}


def previous_token_head(answer) -> str:
    """`previous_token_head(patterns)` is (layer, head) of the head that attends back by one."""
    rng = np.random.default_rng(0)
    for layers, heads, positions, planted in (
        (2, 3, 7, (1, 2)), (3, 2, 5, (0, 1)), (1, 5, 9, (0, 3)), (2, 4, 6, (0, 0)),
    ):  # fmt: skip
        patterns = [_random_patterns(rng, heads, positions) for _ in range(layers)]
        _plant(patterns, planted, lambda query: query - 1)
        free = [(l, h) for l in range(layers) for h in range(heads) if (l, h) != planted]
        decoys = dict(zip(free, DECOYS, strict=False))
        for head, error in decoys.items():
            _plant(patterns, head, DECOYS[error])
        found = answer([p.copy() for p in patterns])
        where = f"among {layers} layer{'s' * (layers > 1)} of {heads} heads"
        require(np.shape(found) == (2,), f"{where}: expected a pair, layer and head, not {found!r}")
        found = tuple(int(n) for n in found)
        require(found not in decoys, f"{where} you chose {found}, which {decoys.get(found)}")
        require(
            found == planted or found[::-1] != planted,
            f"{where} you return {found}; the layer comes first, then the head: {planted}",
        )
        require(
            found == planted,
            f"{where} you chose {found}, but {planted} attends most to the position before",
        )
    return "the head attends to the previous position, whatever token is there"


def ablate(answer) -> str:
    """`ablate(model, layer, head)` is a copy of a transformer in which a head adds nothing."""
    rng = np.random.default_rng(1)
    model = transformer.init_transformer(7, 6, 12, 3, 2, rng, np.float64)
    tokens = rng.integers(7, size=6)
    before = parameters.copy(model)
    for layer, head in ((1, 2), (0, 0), (0, 1)):
        found = answer(model, layer, head)
        where = f"for head {head} of layer {layer}"
        same = np.array_equal(parameters.flatten(model), parameters.flatten(before))
        require(same, f"{where} you changed the model that you were given; work on a copy")
        require(
            isinstance(found, transformer.Transformer),
            f"{where} you return {type(found).__name__}; it should be a transformer",
        )
        logits, expected = transformer.logits(found, tokens), _without(before, layer, head, tokens)
        require(np.allclose(logits, expected), diagnose(logits, {
            f"{where} {what}": _changed(before, layer, change, tokens)
            for what, change in _slips(head).items()
            } | {
            f"{where} you ablated head {h} of layer {l}": _without(before, l, h, tokens)
            for l in range(2) for h in range(3)
        },
            f"{where} the logits are not those of the model without what this head adds",
        ))  # fmt: skip
    return "only what the head adds to the residual stream is left out"


def preference(answer) -> str:
    """`preference(A, pairs)` is what nouns give to adjectives beyond others equally far back."""
    rng = np.random.default_rng(2)
    for n, pairs in (
        (7, [(2, 1), (6, 5)]), (9, [(3, 2), (3, 1), (8, 7)]), (8, [(4, 1), (5, 4), (7, 6), (7, 5)]),
    ):  # fmt: skip
        A = rng.random((n, n)) + 2 * np.eye(n, k=-1) + 0.5 * np.eye(n, k=-2)
        for noun, adjective in pairs:
            A[noun, adjective] += rng.uniform(1, 4)
        A /= A.sum(axis=1, keepdims=True)
        where = f"for {len(pairs)} pairs among {n} words"
        found, want = call(answer, where, A, list(pairs)), _beyond_others(A, pairs)
        raw = np.mean([A[pair] for pair in pairs])
        apart = [_others(A, noun - adjective, pairs) for noun, adjective in pairs]
        require_equal(found, want, where, {
            "you do not compare: a head that attends one back from every word passes too": raw,
            "your control contains the pairs themselves; leave them out":
                _beyond_others(A, pairs, []),
            "you leave out only the pair in question; no pair of the list is a control":
                np.mean([_beyond_others(A, [pair]) for pair in pairs]),
            "you compare with all keys, wherever they are; take those equally far back":
                raw - A.mean(),
            "you compare with one position back, however far back the adjective is":
                raw - np.mean(_others(A, 1, pairs)),
            "you put the others of all distances together; each pair has its own distance":
                raw - np.mean(np.concatenate(apart)),
            "the sign is wrong: more attention to adjectives is positive": -want,
            "you divide by the control; the difference is asked for":
                np.mean([A[p] / np.mean(o) for p, o in zip(pairs, apart, strict=True)]),
            "you exchange queries and keys: the rows of A are the queries":
                _beyond_others(A.T, pairs),
            "you add the differences up; take their mean": want * len(pairs),
        }, f"it should be {want:.4f}")  # fmt: skip
    return "each pair is compared with the others equally far back"


def unpack(answer) -> str:
    """`unpack(step, minimum, packed)` is the 32 numbers of a block of type Q4_1."""
    rng = np.random.default_rng(3)
    for step, minimum in ((0.5, -2.0), (0.03, -0.2), (1.0, 0.0)):
        packed = rng.integers(256, size=16).astype(np.uint8)
        low, high, given = packed & 15, packed >> 4, packed.copy()
        found = np.asarray(answer(step, minimum, given), dtype=float)
        where = f"for step {step} and minimum {minimum}"
        require(
            found.shape == (32,), f"{where} 16 bytes hold 32 numbers, your shape is {found.shape}"
        )
        counts = np.concatenate([low, high])
        expected = counts * step + minimum
        require(np.allclose(found, expected), diagnose(found, {
            f"{where} you take both halves of a byte one after the other; all the low halves "
            "come first": np.stack([low, high], axis=1).ravel() * step + minimum,
            f"{where} the low halves come first, not the high":
                np.concatenate([high, low]) * step + minimum,
            f"{where} your numbers begin at 0 and not at the minimum": counts * step,
            f"{where} you add the minimum before you multiply; it is added last":
                (counts + minimum) * step,
            f"{where} you exchange step and minimum": counts * minimum + step,
            f"{where} you give the high halves as multiples of 16; shift them down":
                np.concatenate([low, packed & 240]) * step + minimum,
            f"{where} you keep a fraction when you divide by 16; use // or >>":
                np.concatenate([low, packed / 16]) * step + minimum,
            f"{where} you count from −8; the counts of this type run from 0 to 15":
                (counts - 8.0) * step + minimum,
        },
            f"{where} number 0 is {found[0]:g}, it should be {expected[0]:g}, and "
            f"number 16 is {found[16]:g}, it should be {expected[16]:g}",
        ))  # fmt: skip
        require(np.array_equal(given, packed), "your function changes packed itself; copy it")
    return "sixteen levels, 32 numbers, 20 bytes"


def cached_numbers(answer) -> str:
    """`cached_numbers(n_layers, n_heads, n_groups, d_head, positions)` counts a KV cache."""
    trials = np.array([(30, 9, 3, 64, 2), (2, 4, 4, 8, 10), (5, 6, 1, 7, 3), (3, 8, 2, 5, 1)])
    counts = [answer(*trial) for trial in trials.tolist()]
    is_number = all(count is not None and np.ndim(count) == 0 for count in counts)
    require(is_number, f"the answer should be one number, not {counts[0]!r}")
    n_layers, n_heads, n_groups, d_head, positions = trials.T
    expected = 2 * n_layers * n_groups * d_head * positions
    error = diagnose(counts, {
        "you count keys or values; both are cached": expected // 2,
        "you count a key for each head, but the heads of a group have one":
            expected // n_groups * n_heads,
        "you count the heads of a group; count the groups, `n_groups`":
            expected // n_groups * (n_heads // n_groups),
        "you also count the queries; those of earlier positions are not needed again":
            expected + n_layers * n_heads * d_head * positions,
        "you count the cache of one layer; each layer has its own": expected // n_layers,
        "you count one position; keys and values of all positions are cached":
            expected // positions,
        "you forget that each key and each value has `d_head` numbers": expected // d_head,
        "you count two bytes a number; count the numbers": 2 * expected,
    })  # fmt: skip
    require(not error, error)
    for trial, found, number in zip(trials, counts, expected, strict=True):
        where = f"for {trial[0]} layers, {trial[1]} heads in {trial[2]} groups, at {trial[4]}"
        require(found == number, f"{where} positions you count {found}, it should be {number}")
    return "keys and values, once for each group"


def quantise(answer) -> str:
    """`quantise(weights)` is step, minimum and counts of the best sixteen equal steps."""
    rng = np.random.default_rng(5)
    blocks = [rng.normal(size=32), rng.uniform(2, 3, 32), np.full(32, 0.25), -np.arange(32.0)]
    for i, weights in enumerate(blocks):
        where = "for 32 equal weights" if i == 2 else f"for weights from {weights.min():.2f} up"
        with np.errstate(all="ignore"):
            found = call(answer, where, weights)
        require(isinstance(found, tuple | list) and len(found) == 3,
                f"{where} step, minimum and counts are asked for, not {found!r:.80}")  # fmt: skip
        step, minimum = float(found[0]), float(found[1])
        counts = np.asarray(found[2], dtype=float)
        require(counts.shape == (32,), f"{where} 32 counts are asked for, not {counts.shape}")
        require(bool(np.isfinite(counts).all()), f"{where} the counts are not finite: step 0")
        whole = np.allclose(counts, np.rint(counts))
        require(whole, f"{where} the counts must be whole numbers, not {counts[0]:.3f}")
        low, high = counts.min(), counts.max()
        require(low >= 0 and high <= 15,
                f"{where} counts run from 0 to 15, yours from {low:g} to {high:g}")  # fmt: skip
        error = float(np.abs(counts * step + minimum - weights).max())
        best = (weights.max() - weights.min()) / 30
        down = 1.1 * best < error <= 2.1 * best
        more = "; round to the nearest level, not down" if down else ""
        wrong = f"{where} a number is wrong by {error:.4f}, half a step is {best:.4f}{more}"
        require(error <= best + 1e-6, wrong)
    return "no number is wrong by more than half a step"


def harm(answer) -> str:
    """`harm(before, after)` is the mean paired increase of the loss and its standard error."""
    rng = np.random.default_rng(6)
    for n in (5, 8):
        before = 2.5 + rng.normal(size=n)
        after = before + 0.4 + 0.05 * rng.normal(size=n)
        change, where = after - before, f"for {n} orders"
        mean, want = change.mean(), change.std(ddof=1) / np.sqrt(n)
        found = call(answer, where, before, after)
        require(np.shape(found) == (2,), f"{where} a pair is asked for, not {np.shape(found)}")
        why = diagnose(float(found[0]), {
            "the sign is wrong: an increase is positive": -mean,
            "yours is the ratio of the means": after.mean() / before.mean(),
        }, f"the mean increase is {mean:.4f}, yours is {float(found[0]):.4f}")  # fmt: skip
        require(np.isclose(found[0], mean), f"{where} {why}")
        unpaired = np.sqrt((before.var(ddof=1) + after.var(ddof=1)) / n)
        why = diagnose(float(found[1]), {
            "you treat the two groups as independent; each order is its own baseline": unpaired,
            "yours is the standard deviation; that of the mean is smaller by the root of n":
                change.std(ddof=1),
            "with so few orders, divide by n - 1 in the variance": change.std() / np.sqrt(n),
            "you divide by n, not by its root": change.std(ddof=1) / n,
            "yours is the error of the losses, not of their change":
                after.std(ddof=1) / np.sqrt(n),
        }, f"the standard error is {want:.4f}, yours is {float(found[1]):.4f}")  # fmt: skip
        require(np.isclose(found[1], want), f"{where} {why}")
    return "each order is its own baseline"


def _random_patterns(rng, heads, positions) -> np.ndarray:
    weights = np.tril(rng.random((heads, positions, positions)))
    return weights / weights.sum(axis=-1, keepdims=True)


def _plant(patterns, at, key_of) -> None:
    weights = patterns[at[0]][at[1]]
    if key_of is None:
        weights[-1] = np.eye(len(weights))[-2]
        return
    for query in range(len(weights)):
        if key_of(query) >= 0:
            weights[query] *= 0.1
            weights[query, key_of(query)] += 0.9


def _slips(head):
    return {
        "nothing has changed": lambda a: None,
        "you ablate the whole layer": lambda a: a.W_o.fill(0),
        "its attention weights have become equal, but it still adds values": lambda a: a.W_q[
            head
        ].fill(0),
    }


def _changed(model, layer, change, tokens) -> np.ndarray:
    other = parameters.copy(model)
    change(other.blocks[layer].attention)
    return transformer.logits(other, tokens)


def _without(model, layer, head, tokens) -> np.ndarray:
    return _changed(model, layer, lambda a: a.W_o[head].fill(0), tokens)


def _others(A, back, left_out) -> np.ndarray:
    """The weights that queries have at the key `back` positions before them."""
    queries = [q for q in range(back, len(A)) if (q, q - back) not in left_out]
    return A[queries, np.array(queries) - back]


def _beyond_others(A, pairs, left_out=None) -> float:
    left_out = pairs if left_out is None else left_out
    return np.mean([A[q, k] - _others(A, q - k, left_out).mean() for q, k in pairs])
