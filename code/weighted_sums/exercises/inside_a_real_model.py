"""Checks for the exercises of the chapter on a real model."""

from __future__ import annotations

import numpy as np

from weighted_sums import parameters, transformer
from weighted_sums.exercises import require

DECOYS = {"looks at itself": 0, "looks two places back": 2}


def previous_token_head(answer) -> str:
    """`previous_token_head(patterns)` is (layer, head) of the one that looks one place back."""
    rng = np.random.default_rng(0)
    for layers, heads, places, planted in ((2, 3, 7, (1, 2)), (3, 2, 5, (0, 1)), (1, 4, 9, (0, 0))):
        patterns = [_shares(rng, heads, places) for _ in range(layers)]
        _plant(patterns, planted, back=1)
        free = [(l, h) for l in range(layers) for h in range(heads) if (l, h) != planted]
        decoys = dict(zip(free, DECOYS.items(), strict=False))
        for at, (_, back) in decoys.items():
            _plant(patterns, at, back)
        found = tuple(int(n) for n in answer([p.copy() for p in patterns]))
        where = f"among {layers} layers of {heads} heads"
        require(len(found) == 2, f"{where}: expected a pair, layer and head, not {found}")
        what = decoys.get(found, ("",))[0]
        require(not what, f"{where} you chose {found}, which {what}")
        require(
            found == planted,
            f"{where} you chose {found}, but {planted} gives the most to the place before",
        )
    return "the place before, whatever stands there"


def silence(answer) -> str:
    """`silence(model, layer, head)` is a copy of a transformer in which a head adds nothing."""
    rng = np.random.default_rng(1)
    model = transformer.random_transformer(7, 6, 12, 3, 2, rng, np.float64)
    tokens = rng.integers(7, size=6)
    before = parameters.copy(model)
    for layer, head in ((0, 0), (1, 2), (0, 1)):
        found = answer(model, layer, head)
        where = f"for head {head} of layer {layer}"
        same = np.array_equal(transformer.logits(tokens, model), transformer.logits(tokens, before))
        require(same, f"{where} you changed the model that you were given; work on a copy")
        require(
            isinstance(found, transformer.Transformer),
            f"{where} you return {type(found).__name__}; it should be a transformer",
        )
        got = transformer.logits(tokens, found)
        for what, other in _slips(before, layer, head):
            require(not np.allclose(got, transformer.logits(tokens, other)), f"{where} {what}")
        wanted = parameters.copy(before)
        wanted.blocks[layer].attention.O[head] = 0
        require(
            np.allclose(got, transformer.logits(tokens, wanted)),
            f"{where} the logits are not those of the model without what this head adds",
        )
    return "what it would have written is left out, and nothing else"


def turn(answer) -> str:
    """`turn(x, place, speed)` turns a pair of numbers by `place * speed` radians."""
    found = _pair(answer(np.array([3.0, 4.0]), 0, 0.7), "at place 0")
    require(np.allclose(found, [3, 4]), f"at place 0 nothing turns, but (3, 4) became {found}")
    found = _pair(answer(np.array([1.0, 0.0]), 1, np.pi / 2), "for a quarter turn")
    require(
        not np.allclose(found, [0, -1]),
        "for a quarter turn (1, 0) becomes (0, −1): you turn clockwise, look at the signs",
    )
    require(np.allclose(found, [0, 1]), f"a quarter turn takes (1, 0) to (0, 1), not to {found}")
    rng = np.random.default_rng(2)
    for place in (1, 5, 40):
        x, speed = rng.normal(size=2), rng.uniform(0.1, 1)
        where = f"at place {place} with speed {speed:.2f}"
        c, s = np.cos(place * speed), np.sin(place * speed)
        found = _pair(answer(x.copy(), place, speed), where)
        length = np.linalg.norm(found) / np.linalg.norm(x)
        require(np.isclose(length, 1), f"{where} the pair becomes {length:.2f} times as long")
        wanted = np.array([c * x[0] - s * x[1], s * x[0] + c * x[1]])
        require(np.allclose(found, wanted), f"{where} you give {found}, it should be {wanted}")
    return "turned, and as long as before"


def unpack(answer) -> str:
    """`unpack(step, least, packed)` is the 32 numbers of a block of type Q4_1."""
    rng = np.random.default_rng(3)
    for step, least in ((1.0, 0.0), (0.5, -2.0), (0.03, -0.2)):
        packed = rng.integers(256, size=16).astype(np.uint8)
        low, high = packed & 15, packed >> 4
        found = np.asarray(answer(step, least, packed.copy()), dtype=float)
        where = f"for step {step} and least number {least}"
        require(
            found.shape == (32,), f"{where} 16 bytes hold 32 numbers, your shape is {found.shape}"
        )
        wrong = np.stack([low, high], axis=1).ravel() * step + least
        require(
            not np.allclose(found, wrong),
            f"{where} you take both halves of a byte one after the other; all the low halves "
            "come first",
        )
        wrong = np.concatenate([high, low]) * step + least
        require(not np.allclose(found, wrong), f"{where} the low halves come first, not the high")
        steps = np.concatenate([low, high])
        require(
            least == 0 or not np.allclose(found, steps * step),
            f"{where} your numbers begin at 0 and not at the least number",
        )
        require(
            np.allclose(found, steps * step + least),
            f"{where} number 0 is {found[0]:g}, it should be {steps[0] * step + least:g}, and "
            f"number 16 is {found[16]:g}, it should be {steps[16] * step + least:g}",
        )
    return "sixteen levels, 32 numbers, 20 bytes"


def cached_numbers(answer) -> str:
    """`cached_numbers(layers, heads, shared, dim, places)` counts a KV cache."""
    for layers, heads, shared, dim, places in (
        (30, 9, 3, 64, 1),
        (2, 4, 4, 8, 10),
        (5, 6, 1, 7, 3),
    ):
        found = int(answer(layers, heads, shared, dim, places))
        wanted = 2 * layers * shared * dim * places
        where = f"for {layers} layers, {heads} heads with {shared} keys, at {places} places"
        require(found != wanted // 2, f"{where} you count keys or values; both are kept")
        require(
            heads == shared or found != wanted // shared * heads,
            f"{where} you count a key for each head, but several share one",
        )
        require(found == wanted, f"{where} you count {found}, it should be {wanted}")
    return "keys and values, once for each group"


def _shares(rng, heads, places) -> np.ndarray:
    shares = np.tril(rng.random((heads, places, places)))
    return shares / shares.sum(axis=-1, keepdims=True)


def _plant(patterns, at, back) -> None:
    layer, head = at
    shares = patterns[layer][head]
    for query in range(back, len(shares)):
        shares[query] *= 0.1
        shares[query, query - back] += 0.9


def _slips(model, layer, head):
    for what, change in (
        ("nothing has changed", lambda a: None),
        ("you silence the whole layer", lambda a: a.O.fill(0)),
        ("its pattern has become even, but it still adds values", lambda a: a.Q[head].fill(0)),
    ):
        other = parameters.copy(model)
        change(other.blocks[layer].attention)
        yield what, other


def _pair(found, where) -> np.ndarray:
    found = np.asarray(found, dtype=float)
    require(found.shape == (2,), f"{where} you return the shape {found.shape}, expected a pair")
    return found
