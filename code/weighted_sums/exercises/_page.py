"""Running the cells of a chapter in one namespace: what Python in the page does, and the grader.

A cell is run as a notebook runs it: its last expression is shown. Errors name the reader's lines.
"""

from __future__ import annotations

import ast
import base64
import io
import linecache
import sys
import traceback
import types
from collections.abc import Callable, Sequence
from typing import Any

from weighted_sums.exercises import VERDICT_MIME, Verdict
from weighted_sums.exercises._cells import Statement, earlier, needed, statements

OWN = "<your code>"
CHAPTER = "<the chapter>"
PICTURES = ("image/svg+xml", "image/png")
LONGEST = 20_000  # characters of what one expression shows
CUT = "\n… the rest of the output is cut off\n"


class Output(io.TextIOBase):
    """A stream that hands on what is printed as it comes, up to a limit of characters."""

    def __init__(self, hand_on: Callable[[str], Any], limit: int = 100_000):
        self.hand_on, self.left = hand_on, limit

    def writable(self) -> bool:
        """Say that one can write to it."""
        return True

    def write(self, text: str) -> int:
        """Hand on what still fits."""
        if self.left > 0:
            self.hand_on(text[: self.left])
            self.left -= len(text)
            if self.left <= 0:
                self.hand_on(CUT)
        return len(text)


class Chapter:
    """The cells of a chapter, each a source with its tags, and the namespace in which they run."""

    def __init__(self, cells: Sequence[tuple[str, Sequence[str]]]):
        self.cells = [(source, tuple(tags)) for source, tags in cells]
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.done: set[tuple[int, str]] = set()  # statements that have run, by cell and text

    def setup(self, number: int, source: str) -> list[Statement]:
        """The statements of the chapter that `source`, run as cell `number`, needs."""
        above = earlier(self.cells, number)
        return [above[index] for index in needed(source, above)]

    def answer(self, number: int, source: str) -> Any:
        """Run an answer to the exercise whose starter is cell `number`; its last value.

        What it needs of the chapter runs first, once. It leaves no names there.
        """
        self._prepare(number, source)
        return run(source, dict(self.names), OWN)

    def cell(self, number: int, source: str) -> Any:
        """Run cell `number`, perhaps edited, in the namespace of the chapter; its last value.

        What it needs of the cells above runs first, if it has not run yet. What its own text would
        bind is not run again for the cells below: the edited one counts.
        """
        self._prepare(number, source)
        self.done |= {(number, s.text) for s in statements(self.cells[number][0])}
        return run(source, self.names, OWN)

    def _prepare(self, number: int, source: str) -> None:
        for statement in self.setup(number, source):
            if (statement.cell, statement.text) not in self.done:
                run(statement.text, self.names, CHAPTER)
                self.done.add((statement.cell, statement.text))


def run(source: str, names: dict[str, Any], file: str) -> Any:
    """Run statements in a namespace; the value of the last one if it is an expression."""
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    tree = ast.parse(source, file)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, file, "exec"), names)
    return last and eval(compile(last, file, "eval"), names)


def told(error: BaseException) -> str:
    """An error as a reader sees it: her own lines, then what went wrong."""
    found = traceback.TracebackException.from_exception(error)
    frames = {file: [f for f in found.stack if f.filename == file] for file in (OWN, CHAPTER)}
    lines = [f"line {f.lineno}, in {f.name}\n    {(f.line or '').strip()}\n" for f in frames[OWN]]
    if not lines and frames[CHAPTER]:
        lines = [f"in the chapter, at\n    {(frames[CHAPTER][-1].line or '').strip()}\n"]
    said = "".join(found.format_exception_only()).replace(f'File "{OWN}", ', "")
    return "".join(lines).replace(", in <module>", "") + said.strip()


def shown(value: Any) -> list[dict[str, Any]]:
    """What a page shows of the last value of a cell, and of figures that pyplot has open."""
    parts = [_part(value)] if value is not None else []
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        for number in pyplot.get_fignums():
            file = io.BytesIO()
            pyplot.figure(number).savefig(file, format="svg")
            parts.append({"kind": "picture", "type": PICTURES[0], "data": file.getvalue().decode()})
        pyplot.close("all")
    return parts


def _part(value: Any) -> dict[str, Any]:
    if isinstance(value, Verdict):
        return {"kind": "verdict", **value._repr_mimebundle_()[VERDICT_MIME]}
    bundle: Any = getattr(value, "_repr_mimebundle_", dict)() or {}
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    for kind in PICTURES:
        if kind in bundle:
            data = bundle[kind]
            text = base64.b64encode(data).decode() if isinstance(data, bytes) else data
            return {"kind": "picture", "type": kind, "data": text}
    text = getattr(value, "text", None) if hasattr(value, "_repr_markdown_") else None
    text = text if isinstance(text, str) else repr(value)
    return {"kind": "text", "text": text[:LONGEST] + (CUT if len(text) > LONGEST else "")}


def without_notebook() -> None:
    """Let `glue` find no notebook, in a Python that has no IPython."""
    stand_in = types.ModuleType("IPython")
    display = types.ModuleType("IPython.display")
    stand_in.get_ipython = lambda: None  # type: ignore[attr-defined]
    display.display = print  # type: ignore[attr-defined]
    sys.modules |= {"IPython": stand_in, "IPython.display": display}
