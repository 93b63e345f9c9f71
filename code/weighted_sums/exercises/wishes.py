"""Checks for the exercises of the chapter on wishes."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, call, diagnose, require, require_shape
from weighted_sums.neurons import sigmoid, sigmoid_grad_from_output, sigmoid_prime

LAYERS = ((3, 2), (2, 5), (4, 4), (7, 1))  # inputs, neurons; a square one hides no swapped axes


def five_wishes(answer) -> str:
    """`five_wishes` are −∂C of a bias, two weights and two activations, worked by hand."""
    w, a = np.array([2.0, -1.0]), np.array([0.8, 0.5])
    delta = 0.25 * 2 * (0.5 - 1)  # z is 0, so the output is a half and σ′ a quarter
    found = np.asarray(answer, dtype=float)
    require(found.shape == (5,), f"expected five numbers, not an array of shape {found.shape}")
    want = -delta * np.concatenate([[1], a, w])
    errors = {
        "these are the derivatives; wishes have the opposite sign": -want,
        "the derivative of (a − y)² has a 2": want / 2,
        "σ′ is missing; it is a quarter at z = 0": 4 * want,
        "σ(0) is a half, but its derivative there is a quarter": 2 * want,
        "for a weight multiply by its activation, for an activation by its weight": (
            -delta * np.concatenate([[1], w, a])
        ),
    }
    require(not (why := diagnose(found, errors)), why)
    names = ("the bias", "weight 1", "weight 2", "activation 1", "activation 2")
    for name, yours, right in zip(names, found, want, strict=True):
        reason = f"your number for {name} cannot be {yours:g}: what does z gain when it rises?"
        require(np.isclose(yours, right), reason)
    return "all five are −δ times what z gains"


def bias_signs(answer) -> str:
    """`bias_signs(a, y)`: +1 where the bias should rise, -1 where it should fall, 0 for neither."""
    rng = np.random.default_rng(0)
    for label in (6, 0, 9):
        a, y = rng.uniform(0.02, 0.98, 10), np.eye(10)[label]
        a[(label + 1) % 10] = 0.0  # this output equals its target
        where = f"for the label {label} and outputs {a.round(2).tolist()}"
        found = np.asarray(call(answer, where, a.copy(), y.copy()))
        require_shape(found, (10,), where)
        want = np.sign(y - a)
        if np.array_equal(found, want):
            continue
        j = int(np.flatnonzero(found != want)[0])
        should = {1: "rise: +1", -1: "fall: -1", 0: "stay, it costs nothing: 0"}[int(want[j])]
        errors = {
            "all your signs are reversed: those are the gradient's, wishes have the opposite": (
                -want
            ),
            "you return the differences y − a; only their signs are asked for": y - a,
            "you return the differences a − y; only the signs of y − a are asked for": a - y,
            "you round the outputs first, but an output of 0.3 is not yet 0": (
                np.sign(y - a.round())
            ),
        }
        one = (
            f"output {j} is {a[j]:.2f} and should be {y[j]:.0f}, so its bias should {should}; "
            f"yours is {found[j]}"
        )
        raise Wrong(f"{where}: {diagnose(found, errors, one)}")
    return "only the right digit's bias wants to rise"


def left_alone(answer) -> str:
    """`left_alone(images)`: True for each pixel whose weights this mini-batch cannot move."""
    rng = np.random.default_rng(1)
    for examples, pixels in ((1, 6), (4, 9), (5, 5), (3, 784)):
        images = rng.random((examples, pixels)) * (rng.random((examples, pixels)) < 0.4)
        images[:, 0], images[:, 1] = 0, 0
        images[-1, 1] = 0.001  # a faint grey, in one image only
        where = f"for {examples} image{'s' if examples > 1 else ''} of {pixels} pixels"
        found = np.asarray(call(answer, where, images.copy()))
        black = images == 0
        want = black.all(axis=0)
        if np.array_equal(found, want) and found.dtype == bool:
            continue
        errors = {
            "there is one value for each image; take `all` over axis 0": black.all(axis=1),
            "those are the indices of the pixels, not True or False": np.flatnonzero(want),
            "there is one value for all pixels together": want.all(),
            "True and False are exchanged: a pixel that is black in every image is True": ~want,
            "you look at the first image only": black[0],
            "you look at the last image only": black[-1],
            "the pixel must be black in every image, not in one of them": black.any(axis=0),
        }
        if found.dtype == bool or found.shape != (pixels,):
            require(not (why := diagnose(found, errors)), f"{where}: {why}")
        require_shape(found, (pixels,), where)
        require(found.dtype == bool, f"{where} you should return True or False for each pixel")
        i = int(np.flatnonzero(found != want)[0])
        lit = "an image in which it is lit, however faintly, can move its weights"
        truth = "the inputs of its weights are all 0" if want[i] else lit
        column = images[:, i].round(3).tolist()
        raise Wrong(f"{where}, pixel {i} is {column}, your answer is {found[i]}; {truth}")
    return "an input of 0 makes the derivative for its weight 0"


def layer_wishes(answer) -> str:
    """`layer_wishes(change, W, b, a_prev)`: wishes for weights, biases and the layer before."""
    rng = np.random.default_rng(2)
    for n_in, n_out in LAYERS:
        W, b = rng.standard_normal((n_out, n_in)), rng.standard_normal(n_out)
        a_prev, change = rng.uniform(0.1, 0.9, n_in), rng.standard_normal(n_out)
        where = f"for a layer of {n_out} neurons with {n_in} inputs"
        found = call(answer, where, change.copy(), W.copy(), b.copy(), a_prev.copy())
        require(
            isinstance(found, tuple | list) and len(found) == 3,
            f"{where} you should return three arrays: for the weights, the biases, the activations",
        )
        push = change * sigmoid_grad_from_output(sigmoid(W @ a_prev + b))
        wants = (np.outer(push, a_prev), push, push @ W)
        slips = [
            (why, (np.outer(p, a_prev), p, p @ W))
            for why, p in _pushes(change, W @ a_prev, b, push).items()
        ]
        slips += [
            ("are transposed: a row for each neuron, a column for each input", (wants[0].T,) * 3),
            ("include σ′ of the layer before: that comes one step later", (
                (wants[2] * sigmoid_grad_from_output(a_prev),) * 3
            )),
        ]  # fmt: skip
        for i, name in enumerate(("weights", "biases", "activations")):
            errors = {why: values[i] for why, values in slips}
            _compare(np.asarray(found[i]), wants[i], f"{where}, the wishes for the {name}", errors)
    return "three ways for each neuron, and the wishes for the layer before added up"


def _pushes(change, z_without_b, b, push) -> dict[str, np.ndarray]:
    """What known errors compute instead of `push`, which is change · σ′(z)."""
    z = z_without_b + b
    return {
        "have the wrong sign: wishes are minus the gradient": -push,
        "lack σ′(z), the derivative of the activation function": change,
        "take σ′ at the change; it belongs at the weighted sum z": change * sigmoid_prime(change),
        "take σ′ at the activation; it belongs at z": change * sigmoid_prime(sigmoid(z)),
        "take σ′ at a z without the bias b": change * sigmoid_prime(z_without_b),
        "use σ(z) in place of its derivative σ′(z)": change * sigmoid(z),
    }


def outvoted(grads) -> str:
    """`grads`, one for each example: most examples want a rise, the average a fall."""
    try:
        grads = np.asarray(grads, dtype=float)
    except (TypeError, ValueError):
        raise Wrong("expected a list of numbers, one derivative for each example") from None
    require(grads.ndim == 1 and len(grads) >= 3, "give a list of at least three derivatives")
    require(bool(np.isfinite(grads).all()), "all derivatives should be finite numbers")
    up, mean = int((grads < 0).sum()), grads.mean()
    words = f"of your {len(grads)} examples {up} want a rise (their derivative is negative)"
    reversed_signs = mean < 0 and 2 * (grads > 0).sum() > len(grads)
    require(not reversed_signs, f"{words}: are yours wishes? Derivatives are their negatives")
    require(2 * up > len(grads), f"{words}; it should be more than half of them")
    draw = bool(np.isclose(mean, 0, atol=1e-9 * np.abs(grads).max()))
    require(not draw, f"{words}, but the average is 0: gradient descent leaves the parameter alone")
    require(
        mean > 0,
        f"{words}, and so does the average, {mean:.3g}: which examples could outvote them?",
    )
    return f"{words}, and yet the average is {mean:.3g}: its size counts, not only its sign"


def enough(answer) -> str:
    """`enough(agreement, norm, std)`: how many examples reach this agreement, {eq}`vote`.

    The next whole number of examples is right as well.
    """
    for agreement, norm, std in ((0.5, 0.1, 1.0), (0.9, 0.1, 1.0), (0.1, 2.0, 3.0)):
        where = f"for agreement {agreement}, norm {norm} and std {std}"
        found = call(answer, where, agreement, norm, std)
        require(np.size(found) == 1, f"{where} your answer should be one number")
        found = float(np.ravel(found)[0])
        ratio, odds = std / norm, agreement**2 / (1 - agreement**2)
        want = ratio**2 * odds
        if np.isclose(found, want) or found == np.ceil(want):
            continue
        require(found > 0, f"{where} your answer is {found:.4g}; some examples are needed")
        reached = 1 / np.sqrt(1 + ratio**2 / found)
        errors = {
            ": twice the agreement takes more than twice the examples": ratio**2 * agreement,
            ": square the agreement, as the formula has a root": (
                ratio**2 * agreement / (1 - agreement)
            ),
            ": square std / norm, as the formula does": ratio * odds,
            ": std and norm are exchanged": odds / ratio**2,
            ": c² / (1 − c²) is upside down": ratio**2 / odds,
            ": of c² / (1 − c²) only the denominator is there": ratio**2 / (1 - agreement**2),
            ": you round down, which gives too few": np.floor(want),
        }
        raise Wrong(
            f"{where} your answer is {found:.4g} examples; by the formula they agree to "
            f"{reached:.4f}" + diagnose(found, errors)
        )
    return "the closer to 1, the more examples it takes"


def _compare(found, want, where, errors) -> None:
    if found.shape == want.shape and np.allclose(found, want):
        return
    require(not (why := diagnose(found, errors)), f"{where} {why}")
    require_shape(found, want.shape, where)
    at = np.unravel_index(np.abs(found - want).argmax(), want.shape)
    raise Wrong(
        f"{where}: entry {', '.join(map(str, at))} is {found[at]:.4f}, should be {want[at]:.4f}. "
        "Through the activation function of which layer has each of them passed?"
    )
