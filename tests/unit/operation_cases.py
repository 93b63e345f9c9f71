"""Inputs on which each operation of the table is tried: shapes, settings, the smallest number."""

from typing import Any, NamedTuple

import numpy as np

Shapes = tuple[tuple[int, ...], ...]  # one for each input


class Trials(NamedTuple):
    """All combinations of these shapes and settings are tried, on numbers from `low` to 2."""

    shapes: tuple[Shapes, ...] = (((),), ((2, 3, 5),))
    settings: tuple[dict[str, Any], ...] = ({},)
    low: float = -2.0


# fmt: off
# no two axes have the same length, so that mixed-up axes cannot fit by accident
PAIRS = (((), ()), ((2, 3), (2, 3)), ((5,), (2, 3, 5)), ((2, 3, 1), (7, 1, 1, 5)), ((), (2, 3)))
PRODUCTS = (
    ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 5)), ((2, 3), (3, 5)), ((7, 2, 3), (3, 5)),
    ((2, 3), (7, 3, 5)), ((11, 1, 2, 3), (7, 3, 5)), ((7, 2, 3), (3,)), ((3,), (7, 3, 5)),
)
CUBE = (((2, 3, 5),),)
AXES = tuple({"axis": axis, "keepdims": k} for axis in (None, 0, -1, (0, 2)) for k in (False, True))
CONDITIONS = ({"condition": np.array([True, False, True])}, {"condition": np.array(False)})
EXPONENTS = tuple({"k": k} for k in (3.0, 2.0, 1.0, 0.0, 0.5, -1.0, -1.5))
INDICES = (1, slice(0, 2), (..., None, 2), np.array([1, 0, 1]), ([0, 1, 1], slice(None), [4, 0, 0]))

TRIALS = {
    "add": Trials(PAIRS), "sub": Trials(PAIRS), "mul": Trials(PAIRS),
    "div": Trials(PAIRS, low=0.5),
    "neg": Trials(), "exp": Trials(), "tanh": Trials(), "sigmoid": Trials(), "relu": Trials(),
    "log": Trials(low=0.5),
    "pow": Trials(settings=EXPONENTS, low=0.5),
    "power": Trials(PAIRS, low=0.5),
    "maximum": Trials(PAIRS),
    "where": Trials((((2, 3), (2, 3)), ((3,), (2, 3)), ((2, 1), (3,)), ((), ())), CONDITIONS),
    "concatenate": Trials((((2, 3, 5), (2, 7, 5)),), ({"axis": 1}, {"axis": -2})),
    "matmul": Trials(PRODUCTS),
    "sum": Trials(CUBE, AXES), "max": Trials(CUBE, AXES),
    "reshape": Trials(CUBE, ({"shape": (5, -1)}, {"shape": (1, 30)})),
    "transpose": Trials(CUBE, ({"axes": (1, 2, 0)}, {"axes": (-1, 0, 1)}, {"axes": ()})),
    "index": Trials(CUBE, tuple({"index": i} for i in INDICES)),
}
# fmt: on
