"""Checks for the exercises of the chapter on wishes."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, require
from weighted_sums.neurons import sigmoid, sigmoid_slope_at

LAYERS = ((3, 2), (2, 5), (4, 4), (7, 1))  # inputs, neurons; a square one hides no swapped axes


def bias_signs(answer) -> str:
    """`bias_signs(a, y)`: +1 where the bias should rise, -1 where it should fall, 0 for neither."""
    rng = np.random.default_rng(0)
    for label in (6, 0, 9):
        a, y = rng.uniform(0.02, 0.98, 10), np.eye(10)[label]
        a[(label + 1) % 10] = 0.0  # this output is exactly as it should be
        where = f"for the label {label} and outputs {a.round(2).tolist()}"
        found = np.asarray(_call(answer, where, a.copy(), y.copy()))
        _require_shape(found, (10,), where)
        want = np.sign(y - a)
        require(
            not np.array_equal(found, -want),
            f"{where} all your signs are turned: those are slopes, and a wish goes against them",
        )
        for j in np.flatnonzero(found != want):
            should = {1: "rise: +1", -1: "fall: -1", 0: "stay, it costs nothing: 0"}[int(want[j])]
            require(
                False,
                f"{where}: output {j} is {a[j]:.2f} and should be {y[j]:.0f}, so its bias should "
                f"{should}; you say {found[j]}",
            )
    return "only the right digit's bias wants to rise"


def left_alone(answer) -> str:
    """`left_alone(images)`: True for each pixel whose weights this mini-batch cannot move."""
    rng = np.random.default_rng(1)
    for examples, pixels in ((1, 6), (4, 9), (5, 5), (3, 784)):
        images = rng.random((examples, pixels)) * (rng.random((examples, pixels)) < 0.4)
        images[:, 0], images[:, 1] = 0, 0
        images[-1, 1] = 0.001  # a breath of grey, in one image only
        where = f"for {examples} image{'s' if examples > 1 else ''} of {pixels} pixels"
        found = np.asarray(_call(answer, where, images.copy()))
        _require_shape(found, (pixels,), where)
        require(found.dtype == bool, f"{where} you should return True or False for each pixel")
        want = (images == 0).all(axis=0)
        for i in np.flatnonzero(found != want):
            column = images[:, i].round(3).tolist()
            truth = (
                "nothing comes in through its weights"
                if want[i]
                else "an image in which it is lit, however faintly, can move its weights"
            )
            require(False, f"{where}, pixel {i} is {column}, you say {found[i]}; {truth}")
    return "nothing in, nothing to correct"


def layer_wishes(answer) -> str:
    """`layer_wishes(wish, W, b, before)`: wishes for the weights, biases and activations before."""
    rng = np.random.default_rng(2)
    for n_in, n_out in LAYERS:
        W, b = rng.standard_normal((n_out, n_in)), rng.standard_normal(n_out)
        before, wish = rng.uniform(0.1, 0.9, n_in), rng.standard_normal(n_out)
        where = f"for a layer of {n_out} neurons with {n_in} inputs"
        found = _call(answer, where, wish.copy(), W.copy(), b.copy(), before.copy())
        require(
            isinstance(found, tuple | list) and len(found) == 3,
            f"{where} you should return three arrays: for the weights, the biases, the activations",
        )
        push = wish * sigmoid_slope_at(sigmoid(W @ before + b))
        wants = (np.outer(push, before), push, push @ W)
        for name, got, want in zip(("weights", "biases", "activations"), found, wants, strict=True):
            _compare(np.asarray(got), want, f"{where}, the wishes for the {name}")
    return "three ways for each neuron, and the wishes for the layer before added up"


def outvoted(slopes) -> str:
    """`slopes`: one for each example, most of them wish up, and yet the average wishes down."""
    try:
        slopes = np.asarray(slopes, dtype=float)
    except (TypeError, ValueError):
        raise Wrong("expected a list of numbers, one slope for each example") from None
    require(slopes.ndim == 1 and len(slopes) >= 3, "give a list of at least three slopes")
    require(bool(np.isfinite(slopes).all()), "all slopes should be finite numbers")
    up = int((slopes < 0).sum())
    words = f"of your {len(slopes)} examples {up} wish for a rise (their slope is negative)"
    require(2 * up > len(slopes), f"{words}; it should be more than half of them")
    mean = slopes.mean()
    require(
        mean > 0,
        f"{words}, and so does the average, {mean:.3g}: who could outvote them, and how?",
    )
    return f"{words}, and yet the average slope is {mean:.3g}: loudness counts, not heads"


def enough(answer) -> str:
    """`enough(agreement, length, spread)`: how many examples reach this agreement, {eq}`vote`."""
    for agreement, length, spread in ((0.5, 0.1, 1.0), (0.9, 0.1, 1.0), (0.1, 2.0, 3.0)):
        where = f"for agreement {agreement}, length {length} and spread {spread}"
        found = _call(answer, where, agreement, length, spread)
        require(np.ndim(found) == 0, f"{where} your answer should be one number")
        require(found > 0, f"{where} you say {found}; some examples are needed")
        reached = 1 / np.sqrt(1 + (spread / length) ** 2 / found)
        require(
            bool(np.isclose(reached, agreement)),
            f"{where} you say {found:.4g} examples; by the formula they agree to {reached:.4f}",
        )
    return "the closer to 1, the dearer"


def _compare(found, want, where) -> None:
    _require_shape(found, want.shape, where)
    if np.allclose(found, want):
        return
    require(not np.allclose(found, -want), f"{where} have the wrong sign: a wish is minus a slope")
    at = np.unravel_index(np.abs(found - want).argmax(), want.shape)
    place = ", ".join(map(str, at))
    require(
        False,
        f"{where}: entry {place} is {found[at]:.4f}, should be {want[at]:.4f}. "
        "Through the squash of which layer has each of them passed?",
    )


def _call(answer, where, *given):
    try:
        found = answer(*given)
    except Exception as error:
        raise Wrong(f"{where} your function stops with {type(error).__name__}: {error}") from error
    require(found is not None, f"{where} your function returns nothing; did you forget `return`?")
    return found


def _require_shape(found, shape, where) -> None:
    require(np.shape(found) == shape, f"{where}: the shape is {np.shape(found)}, should be {shape}")
