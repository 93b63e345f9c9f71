"""What each exercise is tried with, a module per chapter: `BANK` maps its name to its answers.

Wrong answers are what a reader would plausibly write; each has words of the verdict that names its
error. Unusual answers are right and written as nobody would expect.
"""

import importlib
from dataclasses import dataclass
from typing import Any

from weighted_sums.exercises import names


@dataclass(frozen=True)
class Bank:
    """Answers to one exercise, each with a few words that say what it does."""

    wrong: dict[str, tuple[Any, str]]  # the answer, and words that its verdict must hold
    unusual: dict[str, Any]


def of(chapter: str) -> dict[str, Bank]:
    """The banks of a chapter's exercises, by the names that `check` knows."""
    bank = importlib.import_module(f"banks.{chapter}").BANK
    return {f"{chapter}.{name}": answers for name, answers in bank.items()}


def missing(chapter: str) -> set[str]:
    """The exercises of a chapter that have no bank, and banks that belong to no exercise."""
    return set(names(chapter)) ^ set(of(chapter))
