"""Checks for the book's exercises: `check("digits.classify_by_ink", answer)`.

Each chapter's checks stand in a module of its name here, a function for each exercise. Such a
function takes the reader's answer and raises `Wrong`, saying what failed and on which input.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

VERDICT_MIME = "application/vnd.weighted-sums.verdict+json"


class Wrong(Exception):  # noqa: N818 - it is a verdict, not an error
    """An answer that does not hold, with the reason in the reader's terms."""


@dataclass(frozen=True)
class Verdict:
    """What `check` found."""

    name: str
    passed: bool
    message: str

    def __repr__(self) -> str:
        return f"{'✓' if self.passed else '✗'} {self.name}: {self.message}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        return {"text/plain": repr(self), VERDICT_MIME: asdict(self)}


def check(name: str, answer: Any) -> Verdict:
    """Try `answer`, a function or a value, against the exercise `name`.

    A wrong answer is a verdict, never an exception; an answer that raises one is a wrong answer.
    An unknown name raises KeyError with the names there are.
    """
    test = _test(name)
    try:
        praise = test(answer)
    except Wrong as reason:
        return Verdict(name, False, str(reason))
    except Exception as error:
        return Verdict(name, False, f"your answer stopped with {type(error).__name__}: {error}")
    return Verdict(name, True, praise or "correct")


def require(holds: bool | np.bool_, reason: str) -> None:
    """Raise `Wrong(reason)` unless `holds`."""
    if not holds:
        raise Wrong(reason)


def returned(found: Any, where: str = "") -> Any:
    """Return `found`; raise `Wrong` for None, which a function without `return` gives."""
    where = f"{where} " if where else ""
    require(found is not None, f"{where}your function returns nothing; did you forget `return`?")
    return found


def diagnose(found: Any, results: Mapping[str, Any], otherwise: str = "") -> str:
    """The words of the first of `results`, what known errors give, that `found` equals.

    Equal means the same shape, and the same values up to rounding. Without such a result, or if
    `found` does not hold numbers, `otherwise`.
    """
    for words, result in results.items():
        try:
            if np.shape(found) == np.shape(result) and np.allclose(found, result, equal_nan=True):
                return words
        except (TypeError, ValueError):
            continue  # not numbers, or rows of different length
    return otherwise


def names(chapter: str) -> list[str]:
    """The exercises of one chapter, such as "digits", that can be checked."""
    module = importlib.import_module(f"{__name__}.{chapter}")
    tests = inspect.getmembers(module, inspect.isfunction)
    return [
        f"{chapter}.{name}"
        for name, test in tests
        if test.__module__ == module.__name__ and not name.startswith("_")
    ]


def _test(name: str):
    chapter, _, exercise = name.partition(".")
    try:
        known = names(chapter)
    except ModuleNotFoundError:
        raise KeyError(f"no chapter {chapter!r} has exercises to check") from None
    if name not in known:
        raise KeyError(f"no exercise {name!r}; chapter {chapter!r} has {', '.join(known)}")
    return getattr(importlib.import_module(f"{__name__}.{chapter}"), exercise)


def called(answer: Any, where: str, *given: Any) -> Any:
    """What `answer` returns for the inputs that `where` describes; `Wrong` if it stops, or None."""
    try:
        found = answer(*given)
    except Wrong:
        raise  # an input of the check has found the error itself
    except Exception as error:
        reason = f"{where} your function stops with {type(error).__name__}: {error}"
        if "core dimension" in reason:  # NumPy's own words for this help nobody
            reason = f"{where}: the rows left of @ are not as long as the columns right of it"
        raise Wrong(reason) from error
    return returned(found, where)


def call(answer: Any, where: str, *given: Any) -> Any:
    """What `called` returns; `Wrong` also if `answer` changes an array that it was given."""
    before = [one.copy() if isinstance(one, np.ndarray) else None for one in given]
    found = called(answer, where, *given)
    same = all(b is None or np.array_equal(a, b) for a, b in zip(given, before, strict=True))
    require(same, f"{where} you change an input in place; compute a new array from it")
    return found


def require_unchanged(given: Any, before: Any, name: str) -> None:
    """Raise `Wrong` unless an array, or each of several, is still as it was `before`."""
    pairs = (
        zip(given, before, strict=True) if isinstance(given, tuple | list) else [(given, before)]
    )
    same = all(np.array_equal(*pair) for pair in pairs)
    require(same, f"your function changes {name} itself; work on a copy")


def require_shape(found: Any, shape: tuple[int, ...], where: str) -> None:
    """Raise `Wrong` unless `found`, which `where` describes, has this shape."""
    require(np.shape(found) == shape, f"{where}: the shape is {np.shape(found)}, should be {shape}")


def require_equal(found: Any, want: Any, where: str, errors: dict, otherwise: str) -> None:
    """Raise `Wrong` unless `found`, which `where` describes, has the shape and numbers of `want`.

    The reason is that of the first of `errors` that it equals, a wrong shape, or `otherwise`.
    """
    if np.shape(found) == np.shape(want) and np.allclose(found, want):
        return
    require(not (why := diagnose(found, errors)), f"{where} {why}")
    require_shape(found, np.shape(want), where)
    raise Wrong(f"{where} {otherwise}")
