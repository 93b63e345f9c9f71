"""Checks for the exercises of the chapter on descent."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, called, diagnose, require
from weighted_sums.landscapes import RAVINE, SADDLE, TWO_MINIMA, bowl


def gradient(answer) -> str:
    """`gradient(p)` is the gradient of x²y + 3y² − 4x at p = (x, y)."""
    for x, y in ([1.5, -2.0], [0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [-3.0, 0.5]):
        where = f"at (x, y) = ({x:g}, {y:g})"
        found = np.asarray(called(answer, where, np.array([x, y])), dtype=float)
        require(found.shape == (2,), f"{where} expected 2 numbers, found shape {found.shape}")
        right = np.array([2 * x * y - 4, x * x + 6 * y])
        if not np.allclose(found, right, atol=1e-5):
            slip = diagnose(found, {
                "that is −∇f, which points downhill": -right,
                "your derivatives are swapped; x comes first": right[::-1],
            }) or diagnose(found[0], {
                "with respect to x, y is held fixed and stays as a factor": 2 * x - 4,
                "the derivative with respect to x lacks that of −4x": 2 * x * y,
            }) or diagnose(found[1], {
                "with respect to y, x is held fixed and x² is a factor": 2 * x + 6 * y,
                "the derivative with respect to y lacks that of x²y": 6 * y,
                "the derivative of 3y² is 6y": x * x + 3 * y,
            })  # fmt: skip
            entry = int(np.abs(found - right).argmax())
            raise Wrong(f"{where} " + (slip or (
                f"your derivative along {'xy'[entry]} is {found[entry]:g}; a small change of "
                f"{'xy'[entry]} alone changes f by {right[entry]:.3f} times as much"
            )))  # fmt: skip
    return "each derivative found while the other number was held fixed"


def three_steps(answer) -> str:
    """The points after one, two and three steps of 1/8 on 2x² − 8x, from x = 0."""
    found = np.asarray(answer, dtype=float)
    if found.shape == (4,) and found[0] == 0:
        raise Wrong("leave out the initial point; give the three points after it")
    require(found.shape == (3,), f"expected 3 numbers, found shape {found.shape}")
    right = 2 - 0.5 ** np.arange(3)
    step = int(np.isclose(found, right, atol=1e-6).argmin())
    if not np.allclose(found, right, atol=1e-6):
        raise Wrong(diagnose(found, {
            "you use the derivative at 0 for every step; compute it anew at each point":
                np.array([1.0, 2.0, 3.0]),
            "your steps go along the derivative, uphill; subtract it":
                2 - 2 * 1.5 ** np.arange(1, 4),
            "those are the steps; give the points that they lead to": 0.5 ** np.arange(3),
            "those are the derivatives; give the points": np.array([-8.0, -4.0, -2.0]),
            "the learning rate is missing from your steps": np.array([8.0, -16.0, 56.0]),
        }, f"step {step + 1} leads to another point than {found[step]:g}: what is 4x − 8 before "
            "it?"))  # fmt: skip
    return "each step halves the distance from the minimum at 2"


def most_sensitive(answer) -> str:
    """`most_sensitive(dC)` is the index of the parameter that changes C most, and a sign."""
    rng = np.random.default_rng(0)
    cases = [np.array([1.0, -2.0, 0.5, 0.2, 0.3]), np.array([0.5, 2.0, -1.0])]
    cases += [rng.standard_normal(n) * rng.choice([0.01, 100]) for n in (13, 1, 2, 7, 40)]
    for dC in cases:
        shown = np.round(dC, 3).tolist() if len(dC) < 8 else f"{len(dC)} derivatives"
        where = f"for dC = {shown}"
        found = called(answer, where, dC.copy())
        pair = isinstance(found, tuple | list | np.ndarray) and len(found) == 2
        require(pair, f"{where} return two things: an index and a sign")
        index, sign = found
        listed = isinstance(index, int | np.integer) and 0 <= index < len(dC)
        require(listed, f"{where} an index is a whole number from 0 to {len(dC) - 1}")
        best = int(np.abs(dC).argmax())
        if index != best:
            raise Wrong(f"{where} " + diagnose(index, {
                "you choose the largest; a negative derivative may be steeper": dC.argmax(),
                "you choose the lowest; a positive derivative may be steeper": dC.argmin(),
                "your index counts from 1; count from 0": best + 1,
            }, f"you choose index {index}, with the derivative {dC[index]:.3f}; "
                f"index {best} has {dC[best]:.3f}, which is steeper"))  # fmt: skip
        one = np.ndim(sign) == 0 and sign in (1, -1)
        require(one, f"{where} the direction should be 1 or -1, not {sign}")
        require(
            bool(sign == -np.sign(dC[best])),
            f"{where} index {best} is right, but its derivative is {dC[best]:.3f}, so your "
            f"direction {sign} makes the cost larger",
        )
    return "size says how much it changes C, sign says in which direction"


def steepest(answer) -> str:
    """`steepest(f, point)` is the whole degree in which f rises most from `point`."""
    points = ([1.0, 0.5], [-1.0, 0.3], [-0.4, -0.8], [0.7, -1.1])
    for name, land in (("ravine", RAVINE), ("saddle", SADDLE), ("two minima", TWO_MINIMA)):
        for point in map(np.array, points):
            where = f"on the {name} at ({point[0]:g}, {point[1]:g})"
            found = _number(called(answer, where, land.height, point.copy()), where)
            uphill = land.gradient(point)
            want = np.degrees(np.arctan2(uphill[1], uphill[0])) % 360
            if _apart(found, want) > 0.7:
                for reason, degrees in _wrong_angles(want):
                    same = _apart(found, degrees) <= 0.7
                    require(not same, f"{where} you say {found:g} degrees: {reason}")
                most, off = np.linalg.norm(uphill), np.radians(found - want)
                raise Wrong(
                    f"{where} you say {found:g} degrees: the derivative in that direction is "
                    f"{most * np.cos(off):.3f}, another direction has {most:.3f}"
                )
            require(0 <= found < 360, f"{where} you say {found:g}; give a degree from 0 to 359")
    return "the steepest of the 360 points where the gradient points"


def largest_rate(answer) -> str:
    """`largest_rate(gradient, initial)` is the limit 2/L of a bowl, to one per cent."""
    rng = np.random.default_rng(0)
    for curvatures in ([2.0], [0.5], [1.0, 4.0], [30.0, 7.0, 9.0], [0.02, 0.01]):
        ones = np.ones(len(curvatures))
        turn = np.linalg.qr(rng.standard_normal(2 * ones.shape))[0]  # so that no axis is special
        steep = bowl(np.array(curvatures))
        where = f"for a bowl of curvatures {curvatures}"

        def grad(x, turn=turn, steep=steep):
            return turn.T @ steep.gradient(turn @ x)

        with np.errstate(over="ignore", invalid="ignore"):  # descent may diverge
            found = _number(called(answer, where, grad, turn.T @ ones), where)
        require(0 < found < np.inf, f"{where} you say {found:g}; a rate should be positive")
        limit = 2 / max(curvatures)
        if not abs(found - limit) <= 0.01 * limit:
            words = "there descent diverges" if found > limit else "larger rates still converge"
            raise Wrong(f"{where} you say {found:.4g}" + diagnose(round(found / limit, 3), {
                ", half the limit: larger rates still converge": 0.5,
                ", the limit of the flattest direction alone":
                    round(max(curvatures) / min(curvatures), 3),
                ", the limit for the average curvature":
                    round(max(curvatures) / float(np.mean(curvatures)), 3),
            }, f": {words}; the limit is {limit:.4g}"))  # fmt: skip
    return "two, divided by the largest curvature"


STATIONARY_POINTS = {
    "x² + 3y²": (lambda x, y: x**2 + 3 * y**2, "minimum"),
    "x² − y²": (lambda x, y: x**2 - y**2, "saddle"),
    "y² − x²": (lambda x, y: y**2 - x**2, "saddle"),
    "−x² − 2y²": (lambda x, y: -(x**2) - 2 * y**2, "maximum"),
    "x² + 4xy + y²": (lambda x, y: x**2 + 4 * x * y + y**2, "saddle"),
    "−x² + 4xy − y²": (lambda x, y: -(x**2) + 4 * x * y - y**2, "saddle"),
    "xy": (lambda x, y: x * y, "saddle"),
    "x² + xy + y²": (lambda x, y: x**2 + x * y + y**2, "minimum"),
    "7 − x² + xy − y²": (lambda x, y: 7 - x**2 + x * y - y**2, "maximum"),
    "(x − 2y)² − 0.01x²": (lambda x, y: (x - 2 * y) ** 2 - 0.01 * x**2, "saddle"),
    "0.01x² − (x + 2y)²": (lambda x, y: 0.01 * x**2 - (x + 2 * y) ** 2, "saddle"),
}


def kind(answer) -> str:
    """`kind(f, point)` says what a stationary point is: "minimum", "maximum" or "saddle"."""
    for formula, (f, want) in STATIONARY_POINTS.items():
        for point in (np.zeros(2), np.array([3.0, -1.0])):

            def moved(p, f=f, point=point):
                return float(f(*(p - point)))

            where = f"for {formula}, moved to ({point[0]:g}, {point[1]:g}),"
            found = called(answer, where, moved, point.copy())
            known = isinstance(found, str) and found in ("minimum", "maximum", "saddle")
            require(known, f"{where} say minimum, maximum or saddle, not {found}")
            if found != want:
                hint = "no direction disagrees" if found == "saddle" else "did you swap the two?"
                if want == "saddle":
                    way = "falls" if found == "minimum" else "rises"
                    hint = f"look in more directions, for one in which it {way}"
                raise Wrong(f"{where} you say {found}; it is a {want}: {hint}")
    return "up in some directions and down in others is a saddle"


def _wrong_angles(want):
    return (
        ("that is the opposite direction, downhill", want + 180),
        ("that is along a contour line, where f stays level", want + 90),
        ("zero degrees is along the first axis, ninety along the second", 90 - want),
        ("is that in radians?", np.radians(want)),
        ("that is one degree too far", want + 1),
        ("that is one degree short", want - 1),
    )


def _apart(degrees, others) -> float:
    return float(abs((degrees - others + 180) % 360 - 180))


def _number(found, where) -> float:
    require(np.ndim(found) == 0, f"{where} expected one number, not an array")
    return float(found)
