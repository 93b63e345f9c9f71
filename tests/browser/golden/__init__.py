"""Golden vectors: what the package computes, for the figures' modules to compute again.

A module for each figure; its `cases()` returns, for each function under test, a list of cases.
"""

import importlib
import json
import pkgutil


def case(given, wanted, tolerance=1e-9):
    """One input and the output that Python finds; arrays become lists."""
    return {"input": plain(given), "output": plain(wanted), "tolerance": tolerance}


def plain(value):
    """`value` as JSON can hold it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return value.tolist()
    return value


def figures():
    """The names of all figures that have golden vectors."""
    return sorted(info.name.replace("_", "-") for info in pkgutil.iter_modules(__path__))


def vectors(figure):
    """The golden vectors of one figure."""
    return importlib.import_module(f"golden.{figure.replace('-', '_')}").cases()


def write(path):
    """Write the vectors of all figures to a file."""
    path.write_text(json.dumps({figure: vectors(figure) for figure in figures()}, allow_nan=False))
