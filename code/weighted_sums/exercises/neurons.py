"""Checks for the exercises of the chapter on neurons."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from weighted_sums.data import PIXELS, SIDE
from weighted_sums.exercises import Wrong, diagnose, require, returned
from weighted_sums.neurons import heaviside, neuron, sigmoid


def edge(weights) -> str:
    """784 weights that detect a vertical edge, dark on its left and bright on its right."""
    w = np.asarray(weights, dtype=float)
    require(
        w.shape == (PIXELS,),
        f"there should be {PIXELS} weights in one list, not {w.shape}; `ravel` joins the rows",
    )
    right = np.zeros((SIDE, SIDE))
    right[:, SIDE // 2 :] = 1
    images = {
        "dark on the left, bright on the right": right,
        "bright on the left, dark on the right": right[:, ::-1],
        "bright above, dark below": right.T[::-1],
        "dark above, bright below": right.T,
        "white all over": np.ones((SIDE, SIDE)),
    }
    z = {name: float(image.ravel() @ w) for name, image in images.items()}
    edge_image, *others = z
    most = max(others, key=lambda name: z[name])
    hint = f"; it is positive for the image {most}" if z[most] > 0 else ""
    require(
        z[edge_image] > 0,
        f"the image {edge_image} gives {z[edge_image]:.2f}; it should be positive{hint}",
    )
    require(
        z[most] <= 0.1 * z[edge_image],
        f"the image {most} gives {z[most]:.2f}, the edge itself {z[edge_image]:.2f}: which pixels "
        "need negative weights, and what should the weights add up to?",
    )
    _is_in_the_middle(w)
    return "it responds to its edge and to nothing else here"


def _is_in_the_middle(w: np.ndarray) -> None:
    edges = [float((np.arange(PIXELS) % SIDE >= left) @ w) for left in range(1, SIDE)]
    best = 1 + int(np.argmax(edges))
    require(
        edges[SIDE // 2 - 1] >= max(edges) * (1 - 1e-9),
        f"an edge at column {best} gives {max(edges):.2f}, more than one in the middle, where "
        f"column {SIDE // 2} is the first bright one ({edges[SIDE // 2 - 1]:.2f})",
    )


def three_sums(sums) -> str:
    """The weighted sums of the weights 2, -1, 3 and the bias -1 for three inputs."""
    inputs = np.array([[1, 2, 0], [0, 1, 1], [2, 0, -1]])
    w, b = np.array([2, -1, 3]), -1
    z = np.asarray(sums, dtype=float)
    require(z.shape == (3,), f"give three numbers, one for each input, not {sums!r}")
    errors = {
        "; that is the sum without the bias": inputs @ w,
        "; you subtract the bias, which is negative already": inputs @ w - b,
        "; you take the second weight as +1": inputs @ np.abs(w) + b,
        "; you subtract 1 for each input that is not zero": inputs @ w - (inputs != 0).sum(axis=1),
        "; that is the activation; the weighted sum is wanted": sigmoid(1.0 * (inputs @ w + b)),
    }
    hint = diagnose(z, errors)
    for x, found, expected in zip(inputs, z, inputs @ w + b, strict=True):
        require(
            abs(found - expected) < 1e-9,
            f"for the input {tuple(x.tolist())} the weighted sum is not {found:g}{hint}",
        )
    return "the products, their sum, and the bias"


def majority(answer) -> str:
    """`(weights, b)`: a perceptron that fires when at least two of its three inputs are 1."""
    inputs = list(np.ndindex(2, 2, 2))
    fired = [int(_fires(np.array(x, dtype=float), answer)) for x in inputs]
    on = np.array(inputs).sum(axis=1)
    tables = {
        "; it fires for one or more": on >= 1,
        "; it fires only for all three": on == 3,
        "; it fires for a minority": on < 2,
        "; it fires always": on >= 0,
        "; it never fires": on > 3,
    }
    hint = diagnose(fired, {words: table.astype(int) for words, table in tables.items()})
    for x, found, count in zip(inputs, fired, on, strict=True):
        require(
            found == (count >= 2),
            f"for the inputs {x[0]}, {x[1]}, {x[2]} the output is {found}; "
            f"it should be {int(count >= 2)}{hint}",
        )
    return "two votes are enough, one is not"


def changes(predictions) -> str:
    """The weighted sum 0.4 of weights that add up to zero, after each of four changes."""
    z = np.asarray(predictions, dtype=float)
    require(z.shape == (4,), f"give four numbers, one for each change, not {predictions!r}")
    rows = {
        "every pixel is brighter by 0.1": (
            0.4,
            {0.5: "the constant meets every weight, and the weights add up to zero"},
        ),
        "every pixel is half as bright": (
            0.2,
            {0.4: "every product is half as large", 0.8: "half as bright, not twice"},
        ),
        "the image is inverted": (
            -0.4,
            {
                0.6: "1 - z would need weights that add up to 1",
                0.4: "the products change their sign, and the constant contributes nothing",
                0.0: "inverted is not erased: compute the sum of w (1 - x)",
            },
        ),
        "all weights are multiplied by 3": (
            1.2,
            {0.4: "every product is three times as large", 3.4: "multiplied, not increased"},
        ),
    }
    for found, (change, (expected, errors)) in zip(z, rows.items(), strict=True):
        why = diagnose(found, {f": {words}": value for value, words in errors.items()})
        require(abs(found - expected) < 1e-9, f"when {change}, z is not {found:g}{why}")
    return "a constant cancels, a factor goes through, and inverting changes the sign"


def with_sigmoid(answer: Callable) -> str:
    """`with_sigmoid(w, b, v, c)`: the four numbers with which σ gives v tanh(w x + b) + c."""
    x = np.linspace(-2, 2, 9)
    for w, b, v, c in ((1.0, 0.0, 1.0, 0.0), (1.5, -0.5, 2.0, 0.3), (-0.7, 1.0, -3.0, 2.0)):
        found = np.asarray(returned(answer(w, b, v, c)), dtype=float)
        require(found.shape == (4,), f"return four numbers, w', b', v' and c', not {found!r}")
        errors = {
            ": the output weight must be doubled, and the constant lowered": [2 * w, 2 * b, v, c],
            ": the constant is too high by v, since tanh is 2σ - 1": [2 * w, 2 * b, 2 * v, c],
            ": -1 is multiplied by v too": [2 * w, 2 * b, 2 * v, c - 1],
            ": inside the sigmoid stands 2z, so weight and bias double": [w, b, 2 * v, c - v],
            ": the bias doubles too": [2 * w, b, 2 * v, c - v],
        }
        given = f"for w = {w:g}, b = {b:g}, v = {v:g}, c = {c:g}"
        y = found[2] * sigmoid(found[0] * x + found[1]) + found[3]
        off = float(np.abs(y - (v * np.tanh(w * x + b) + c)).max())
        require(off < 1e-6, f"{given} the two outputs differ by {off:.3f}{diagnose(found, errors)}")
    return "one function, two ways to write it"


def derivative(answer: Callable) -> str:
    """`derivative(a)` is the derivative of the sigmoid where the activation is `a`."""
    for z in (-3.0, -0.7, 0.0, 0.7, 2.0):
        a, h = float(sigmoid(np.float64(z))), 1e-5
        expected = float(sigmoid(np.float64(z + h)) - sigmoid(np.float64(z - h))) / (2 * h)
        found, again = returned(answer(a)), float(sigmoid(np.float64(a)))
        errors = {
            "; that is 1 - a, only one of two factors": 1 - a,
            "; that is the activation itself, only one of two factors": a,
            "; that has the wrong sign: σ rises everywhere": -a * (1 - a),
            "; that takes a for z: σ has been applied already": again * (1 - again),
            "; that is the derivative of tanh": 1 - a**2,
            "; that is a (1 + a): which sign does the chain rule give?": a * (1 + a),
        }
        require(
            abs(found - expected) < 1e-6,
            f"where the activation is {a:.3f} the derivative of σ is {expected:.4f}; your "
            f"formula gives {found:.4f}{diagnose(found, errors)}",
        )
    return "the derivative follows from the activation alone"


class _Watched(np.ndarray):
    """An array that warns where finite numbers overflow, also where the processor does not tell.

    In a browser no floating-point operation leaves a flag from which NumPy could know.
    """

    def __array_ufunc__(self, ufunc, method, *given, **named):
        given = [np.asarray(x) for x in given]
        if "out" in named:
            named["out"] = tuple(np.asarray(x) for x in named["out"])
        found = getattr(ufunc, method)(*given, **named)
        floats = np.asarray(found).dtype.kind == "f" and np.geterr()["over"] == "warn"
        if floats and np.isinf(found).any() and not any(map(np.any, map(np.isinf, given))):
            warnings.warn(f"overflow encountered in {ufunc.__name__}", RuntimeWarning, stacklevel=2)
        return found.view(_Watched) if isinstance(found, np.ndarray) else found


def stable_sigmoid(answer: Callable) -> str:
    """`stable_sigmoid(z)` works for every z, without a warning, for arrays of any shape."""
    values = ((0, 0.5), (1000, 1.0), (-1000, 0.0), (2, 0.880797), (-2, 0.119203))
    for kind in (np.float64, np.float32, np.int64):
        for value, expected in values:
            z = np.array([value, 0], dtype=kind).view(_Watched)
            with warnings.catch_warnings(record=True) as noise:
                warnings.simplefilter("always")
                found = np.asarray(returned(answer(z)))
            require(found.shape == z.shape, f"two numbers went in, {found.shape} came out")
            where = f"at z = {value}{' in an array of whole numbers' * (kind is np.int64)}"
            require(z[0] == value and z[1] == 0, f"{where} your sigmoid changed the array z itself")
            hint = diagnose(found[0], _slips(value, expected))
            require(
                bool(np.isclose(found[0], expected, atol=1e-5)),
                f"{where} your sigmoid gives {found[0]}; it should give {expected}{hint}",
            )
            if noise:
                both = "; `np.where` computes both alternatives for every z" * (value > 0)
                raise Wrong(f"{where} NumPy warns: {noise[0].message}{both}")
    _agrees_everywhere(answer)
    return "no number is too large for it"


def _slips(value: int, expected: float) -> dict[str, float]:
    return {
        "; infinity divided by infinity is not a number": np.nan,
        "; that is σ(-z)" if value > 0 else "; that is right for positive z only": 1 - expected,
        "; an array of whole numbers, as `zeros_like(z)` is here, cannot hold it": int(expected),
        "; that is e^-|z| without the division": np.exp(-abs(value)),
    }


def _agrees_everywhere(answer: Callable) -> None:
    z = np.random.default_rng(0).normal(scale=10, size=(3, 4))
    found = np.asarray(answer(z.copy()))
    require(found.shape == z.shape, f"an array of shape {z.shape} came out as {found.shape}")
    off = np.abs(found - sigmoid(z))
    worst = np.unravel_index(off.argmax(), off.shape)
    require(
        bool(off[worst] < 1e-6),
        f"at z = {z[worst]:.4f} your sigmoid gives {found[worst]:.6f}; "
        f"it should give {sigmoid(z)[worst]:.6f}",
    )


def hardness(answer: Callable) -> str:
    """`hardness(z, error)`: the smallest c for which σ(c z) is within `error` of the step."""
    for z, error in ((0.5, 0.01), (0.1, 0.01), (-0.5, 0.001), (3.0, 0.2), (2.0, 0.4)):
        c, odds = float(returned(answer(z, error))), np.log((1 - error) / error)
        errors = {
            "; σ(-|z|) = 1 - σ(|z|), so only the distance of z from 0 matters": odds / z,
            "; the fraction in your logarithm is upside down": -odds / abs(z),
            "; e^(c|z|) = (1 - error) / error, not 1 / error": -np.log(error) / abs(z),
            "; divide by |z|: the closer z is to 0, the larger c must be": odds * abs(z),
            "; c does not depend on z here": odds,
            "; the logarithm should be the natural one": odds / abs(z) / np.log(10),
            "; the logarithm is missing: solve for c in the exponent": (1 - error) / error / abs(z),
            "; 1 / error is far more than e^(c|z|) needs": 1 / error,
        }
        hint, given = diagnose(c, errors), f"for z = {z} and error {error}"
        require(c > 0, f"{given} your c is {c:g}; it should be positive{hint}")
        off = abs(float(sigmoid(np.float64(c * z))) - float(heaviside(np.float64(z))))
        require(
            off <= error * (1 + 1e-5),
            f"{given} the neuron with c = {c:.3g} still misses the step by {off:.2g}, more than "
            f"{error}{hint}",
        )
        require(
            off > error * 0.999,
            f"{given} a smaller c than {c:.3g} would do: it misses by {off:.2g} only{hint}",
        )
    return "the closer z is to zero, the larger c must be"


def xor(answer) -> str:
    """`(hidden, output)`: perceptrons as pairs (w, b) that together compute exclusive or."""
    require(_is_pair(answer), "give a pair: the list of hidden neurons, and the output neuron")
    hidden, output = answer
    inputs = ([0, 0], [0, 1], [1, 0], [1, 1])
    tables = {"OR": [0, 1, 1, 1], "AND": [0, 0, 0, 1], "NOT XOR": [1, 0, 0, 1]}
    tables |= {"NAND": [1, 1, 1, 0], "the first input": [0, 0, 1, 1]}
    fired = [[int(_fires(np.array(x, dtype=float), each)) for each in hidden] for x in inputs]
    found = [int(_fires(np.array(h, dtype=float), output)) for h in fired]
    other = diagnose(found, {f"; together they compute {name}": t for name, t in tables.items()})
    for x, h, out in zip(inputs, fired, found, strict=True):
        require(
            out == x[0] ^ x[1],
            f"for the inputs {x[0]} and {x[1]} the hidden neurons give {h} and the output {out}; "
            f"it should be {x[0] ^ x[1]}{other}",
        )
    return "two lines do what one cannot"


def _is_pair(found) -> bool:
    return isinstance(found, tuple | list) and len(found) == 2


def _fires(x: np.ndarray, pair) -> np.floating:
    require(_is_pair(pair), f"a neuron is a pair, its weights and its bias, not {pair!r}")
    weights, b = (np.asarray(part, dtype=float) for part in pair)
    require(
        weights.shape == x.shape,
        f"a neuron with {x.size} inputs needs {x.size} weights, not {list(weights.shape)}",
    )
    require(b.ndim == 0, f"the bias of a neuron is one number, not {b.tolist()}")
    return neuron(x, weights, float(b), activation=heaviside)
