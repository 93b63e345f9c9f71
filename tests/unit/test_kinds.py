"""What holds for all public functions that take arrays, a new one too: shapes, positions, numbers.

No annotation is checked here, as none is when a reader runs the package. Each property is shown to
fail for a careless function.
"""

import itertools
import types

import numpy as np
import pytest
from doors import doors, numbers_in
from jaxtyping import Float, Int

pytestmark = pytest.mark.usefixtures("without_shape_checks")

DOORS = doors()
REFUSED = (ValueError, TypeError)
ANY_WHOLE_NUMBER = {
    "positions.apply_rope.positions": "a position may be any",
    "positions.apply_rope_backward.positions": "a position may be any",
    "generation.window.tokens": "it cuts, and reads nothing",
}


def named(found):
    return pytest.mark.parametrize("door", found, ids=[door.name for door in found])


def careless(function):
    """The door of a function that checks nothing."""
    module = types.SimpleNamespace(__name__="careless", wrong=function)
    function.__module__ = "careless"
    return next(door for door in doors([module]))


def refuses(door, arguments, what):
    try:
        with np.errstate(all="ignore"):
            found = numbers_in(door.function(**arguments))
    except REFUSED:
        return
    pytest.fail(f"{door.name} takes {what} and returns {found!r:.200}")


def pairs_of(door):
    """Two arrays with an axis in common: which one to change, and where."""
    arrays = {p: axes.split() for p, axes in door.arrays("Float", "Int", "Real", "Bool").items()}
    given = door.arguments()
    return [
        (q, arrays[q].index(axis))
        for p, q in itertools.permutations([name for name in arrays if name in given], 2)
        for axis in dict.fromkeys(arrays[p])
        if axis in arrays[q] and axis not in ("...", "_", "digit") and "..." not in arrays[q]
    ]


def check_shapes(door):
    for name, axis in pairs_of(door):
        given = door.arguments()[name]
        longer = np.concatenate([given, given.take([0], axis)], axis)
        shapes = {"one entry": given.take([0], axis), "one more entry": longer}
        if given.ndim > 1:
            shapes["an axis less"] = given.take(0, axis)
        for what, other in shapes.items():
            changed = door.arguments() | {name: other}
            refuses(door, changed, f"{what} of {name} along axis {axis} of {given.shape}")


@named([door for door in DOORS if pairs_of(door)])
def test_arrays_that_do_not_fit_each_other_are_refused(door):
    door.function(**door.arguments())
    check_shapes(door)


def test_a_function_that_lets_numpy_stretch_its_arrays_is_found():
    def wrong(
        a: Float[np.ndarray, "example fan_out"], y: Float[np.ndarray, "example fan_out"]
    ) -> Float[np.ndarray, "example fan_out"]:
        return a - y

    with pytest.raises(pytest.fail.Exception, match="careless.wrong takes one entry of y"):
        check_shapes(careless(wrong))


def positions_in(door):
    given = door.arguments()
    tokens = [p for p in given if p in ("tokens", "prompt", "y") and "Int" in str(door.hints[p])]
    whole = {p for p in door.arrays("Int") if p in given} | set(tokens)
    return sorted(p for p in whole if f"{door.name}.{p}" not in ANY_WHOLE_NUMBER)


def check_positions(door):
    for name in positions_in(door):
        right = np.asarray(door.arguments()[name])
        wrong = {
            "-1": np.full_like(right, -1), "one of -2": changed_last(right, -2),
            "one of a million": changed_last(right, 10**6), "floats": right.astype(float),
            "texts": right.astype(str), "truth values": right.astype(bool),
        }  # fmt: skip
        for what, other in wrong.items():
            refuses(door, door.arguments() | {name: other}, f"{what} as {name}")


def changed_last(right, number):
    other = right.copy()
    other[..., -1] = number
    return other


@named([door for door in DOORS if positions_in(door)])
def test_positions_that_are_not_there_or_not_whole_are_refused(door):
    door.function(**door.arguments())
    check_positions(door)


def test_a_function_that_counts_from_the_end_is_found():
    def wrong(labels: Int[np.ndarray, " example"]) -> Float[np.ndarray, " example"]:
        return np.arange(10.0)[labels]

    with pytest.raises(pytest.fail.Exception, match="careless.wrong takes -1 as labels"):
        check_positions(careless(wrong))


def check_numbers(door):
    for name in door.arrays("Float", "Real"):
        for kind in (np.uint8, np.int8, np.float16):
            values = "quarters" if kind == np.float16 else "whole"
            given = door.arguments(values)
            if name not in given:
                continue
            with np.errstate(all="ignore"):
                right = numbers_in(door.function(**given))
                small = door.arguments(values) | {name: given[name].astype(kind)}
                try:
                    found = numbers_in(door.function(**small))
                except REFUSED:
                    continue
            near = 1e-4 if kind == np.float16 else 1e-12
            what = f"{door.name} with {kind.__name__} as {name}"
            np.testing.assert_allclose(found, right, rtol=near, atol=near, err_msg=what)


@named([door for door in DOORS if door.arrays("Float", "Real")])
def test_small_kinds_of_numbers_give_the_value_of_doubles_or_an_error(door):
    check_numbers(door)


def test_a_function_whose_whole_numbers_wrap_around_is_found():
    def wrong(z: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
        return -z

    with pytest.raises(AssertionError, match="careless.wrong with uint8 as z"):
        check_numbers(careless(wrong))


def test_the_functions_are_found_by_their_annotations():
    names = {door.name for door in DOORS}
    assert {"neurons.sigmoid", "softmax.softmax", "data.one_hot", "sampling.probabilities"} <= names
    assert len(names) > 100
