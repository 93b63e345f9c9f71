"""Checks for the exercises of the chapter on descent."""

from __future__ import annotations

import numpy as np

from weighted_sums.descent import GradientDescent, central_difference, descend
from weighted_sums.exercises import Wrong, require
from weighted_sums.landscapes import RAVINE, SADDLE, TWO_HOLLOWS, bowl


def gradient(answer) -> str:
    """`gradient(p)` is the gradient of x²y + 3y² − 4x at p = (x, y)."""

    def f(p):
        x, y = p
        return float(x * x * y + 3 * y * y - 4 * x)

    for place in ([0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [1.5, -2.0], [-3.0, 0.5]):
        where = f"at (x, y) = ({place[0]:g}, {place[1]:g})"
        found = _vector(_call(answer, where, np.array(place)), 2, where)
        want = central_difference(f, np.array(place))
        for entry, name in enumerate("xy"):
            require(
                bool(np.isclose(found[entry], want[entry], atol=1e-5)),
                f"{where} your slope along {name} is {found[entry]:g}; a nudge of {name} alone "
                f"changes f by {want[entry]:.3f} times the nudge",
            )
    return "each slope found while the other number was held fixed"


def pays_most(answer) -> str:
    """`pays_most(dC)` names the parameter whose nudge lowers C most, and the way to nudge it."""
    rng = np.random.default_rng(0)
    cases = [np.array([0.5, -2.0, 1.0]), np.array([0.5, 2.0, -1.0]), rng.standard_normal(13)]
    cases += [rng.standard_normal(n) * rng.choice([0.01, 100]) for n in (1, 2, 7, 40)]
    for slopes in cases:
        shown = np.round(slopes, 3).tolist() if len(slopes) < 8 else f"{len(slopes)} slopes"
        where = f"for dC = {shown}"
        found = _call(answer, where, slopes.copy())
        pair = isinstance(found, tuple | list) and len(found) == 2
        require(pair, f"{where} return two things: a position and a sign")
        position, sign = found
        listed = isinstance(position, int | np.integer) and 0 <= position < len(slopes)
        require(listed, f"{where} a position is a whole number from 0 to {len(slopes) - 1}")
        best = int(np.abs(slopes).argmax())
        require(
            bool(position == best),
            f"{where} you choose position {position}, with the slope {slopes[position]:.3f}; "
            f"position {best} has {slopes[best]:.3f}, which is steeper",
        )
        require(sign in (1, -1), f"{where} the way should be 1 or -1, not {sign}")
        require(
            bool(sign == -np.sign(slopes[best])),
            f"{where} position {best} is right, but with the slope {slopes[best]:.3f} your way "
            "makes the cost larger",
        )
    return "size says how much it pays, sign says which way"


def steepest(answer) -> str:
    """`steepest(f, place)` is the whole degree in which f rises most from `place`."""
    places = ([1.0, 0.5], [-1.0, 0.3], [-0.4, -0.8], [0.7, -1.1])
    for name, land in (("ravine", RAVINE), ("saddle", SADDLE), ("hollows", TWO_HOLLOWS)):
        for place in map(np.array, places):
            where = f"on the {name} at ({place[0]:g}, {place[1]:g})"
            found = _number(_call(answer, where, land.height, place.copy()), where)
            uphill = land.gradient(place)
            want = np.degrees(np.arctan2(uphill[1], uphill[0])) % 360
            off = abs((found - want + 180) % 360 - 180)
            direction = np.array([np.cos(np.radians(found)), np.sin(np.radians(found))])
            hint = "is that down instead of up?" if off > 178 else (
                f"the slope there is {direction @ uphill:.3f}, and another direction has "
                f"{np.linalg.norm(uphill):.3f}"
            )  # fmt: skip
            require(off <= 1, f"{where} you say {found:g} degrees: {hint}")
    return "the steepest of the 360 points where the gradient points"


def largest_rate(answer) -> str:
    """`largest_rate(gradient, start)` is the limit 2/L of a bowl, to one per cent."""
    rng = np.random.default_rng(0)
    for curvatures in ([2.0], [0.5], [1.0, 4.0], [30.0, 7.0, 9.0], [0.02, 0.01]):
        dim = len(curvatures)
        turn = np.linalg.qr(rng.standard_normal((dim, dim)))[0]  # so that no axis is special
        steep = bowl(np.array(curvatures))
        where = f"for a bowl of curvatures {curvatures}"

        def slopes(x, turn=turn, steep=steep):
            return turn.T @ steep.gradient(turn @ x)

        with np.errstate(over="ignore", invalid="ignore"):  # descent may run away far
            found = _number(_call(answer, where, slopes, turn.T @ np.ones(dim)), where)
        require(0 < found < np.inf, f"{where} you say {found:g}; a rate should be positive")
        limit = 2 / max(curvatures)
        wild = not _converges(slopes, np.ones(dim), min(found, 9 * limit))
        words = "from there descent runs away" if wild else "larger rates still converge"
        require(
            bool(abs(found - limit) <= 0.01 * limit),
            f"{where} you say {found:.4g}: {words}; the limit is {limit:.4g}",
        )
    return "two, divided by the largest curvature"


def _converges(slopes, start, rate) -> bool:
    end = descend(slopes, start, GradientDescent(rate), 200)[-1]
    return bool(np.abs(slopes(end)).max() < np.abs(slopes(start)).max())


FLAT_PLACES = {
    "x² + 3y²": (lambda p: p[0] ** 2 + 3 * p[1] ** 2, "minimum"),
    "x² − y²": (lambda p: p[0] ** 2 - p[1] ** 2, "saddle"),
    "y² − x²": (lambda p: p[1] ** 2 - p[0] ** 2, "saddle"),
    "−x² − 2y²": (lambda p: -(p[0] ** 2) - 2 * p[1] ** 2, "maximum"),
    "x² + 4xy + y²": (lambda p: p[0] ** 2 + 4 * p[0] * p[1] + p[1] ** 2, "saddle"),
    "−x² + 4xy − y²": (lambda p: -(p[0] ** 2) + 4 * p[0] * p[1] - p[1] ** 2, "saddle"),
    "xy": (lambda p: p[0] * p[1], "saddle"),
    "x² + xy + y²": (lambda p: p[0] ** 2 + p[0] * p[1] + p[1] ** 2, "minimum"),
    "7 − x² + xy − y²": (lambda p: 7 - p[0] ** 2 + p[0] * p[1] - p[1] ** 2, "maximum"),
}


def kind(answer) -> str:
    """`kind(f, place)` says what a flat place is: "minimum", "maximum" or "saddle"."""
    for formula, (f, want) in FLAT_PLACES.items():
        for place in (np.zeros(2), np.array([3.0, -1.0])):

            def moved(p, f=f, place=place):
                return float(f(p - place))

            where = f"for {formula}, moved to ({place[0]:g}, {place[1]:g}),"
            found = _call(answer, where, moved, place.copy())
            require(
                found in ("minimum", "maximum", "saddle"),
                f"{where} say minimum, maximum or saddle, not {found}",
            )
            hint = "look in more directions" if want == "saddle" else "no direction disagrees"
            require(bool(found == want), f"{where} you say {found}; it is a {want}: {hint}")
    return "up in some directions and down in others is a saddle"


def _call(answer, where, *given):
    try:
        found = answer(*given)
    except Exception as error:
        words = f"{where} your function stops with {type(error).__name__}: {error}"
        raise Wrong(words) from error
    require(found is not None, f"{where} your function returns nothing; did you forget `return`?")
    return found


def _vector(found, length, where):
    found = np.asarray(found, dtype=float)
    require(found.shape == (length,), f"{where} expected {length} numbers, found {found.shape}")
    return found


def _number(found, where) -> float:
    require(np.ndim(found) == 0, f"{where} expected one number, not an array")
    return float(found)
