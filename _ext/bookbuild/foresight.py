"""What the cells of a chapter take in a page, and what some of them would miss there.

A cell takes its own time and that of the cells above that it builds on: `needs` lists them. It
lacks a library that it imports, by itself or through the package, and that no page has.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
import re
import sys
import zipfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from bookbuild import runtime
from bookbuild.dependencies import MAGIC, imported_names
from weighted_sums.exercises._cells import Statement, earlier, needed

SLOWER = 6  # times as long as in the build, at most: `make bench-page` finds 1 to 6
CHECKED = re.compile(r"""\bcheck\(\s*["']([\w.]+)["']""")
NAMES = {"torch": "PyTorch", "sklearn": "scikit-learn", "scipy": "SciPy"}
# they can be imported in a page, but a page starts no process and opens no socket
HOLLOW = {"multiprocessing", "subprocess", "socket", "http", "urllib"}
FREE = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
Told = dict[str, Any]


def foreseen(cells: Sequence[Told], took: Sequence[float], code: Path, ships: set[str]) -> None:
    """Add to each of `cells`, of a source and tags, its `seconds`, `needs` and what it `lacks`.

    `took` are the seconds of each in the build, `ships` the libraries that the site holds.
    """
    given = [(MAGIC.sub("", cell["source"]), cell["tags"]) for cell in cells]
    own = [SLOWER * seconds for seconds in (took or [0.0] * len(cells))]
    for number, (source, tags) in enumerate(given):
        if not source:
            continue
        above = earlier(given, number)
        setup = [above[index] for index in needed(source, above)]
        seconds = max(own[number], _answer(given, own, number) if "starter" in tags else 0)
        told = {
            "seconds": round(seconds, 1),
            "needs": sorted({s.cell for s in setup if _costs(s)}),
            "lacks": lacks([s.text for s in setup] + [source], code, ships),
        }
        cells[number].update({key: value for key, value in told.items() if value})


def _answer(given: Sequence[tuple], own: Sequence[float], starter: int) -> float:
    # a right answer may take longer than a starter, which fails soon: as long as the solution
    wanted = CHECKED.search(given[starter][0])
    solutions = (n for n, (_, tags) in enumerate(given) if "solution" in tags and n > starter)
    found = (n for n in solutions if wanted and wanted[0] in given[n][0])
    return own[number] if (number := next(found, None)) is not None else 0


def _costs(statement: Statement) -> bool:
    tree = ast.parse(statement.text)
    calls = any(isinstance(node, ast.Call) for node in ast.walk(tree))
    return calls and not isinstance(tree.body[0], FREE)


def lacks(sources: Sequence[str], code: Path, ships: Collection[str]) -> str:
    """The library that `sources` import, themselves or by the package, and that no page has."""
    todo = [name for source in sources for name in imported_names(source)]
    seen: set[str] = set()
    while todo:
        name = todo.pop(0)
        top = name.partition(".")[0]
        if name in seen:
            continue
        seen.add(name)
        if top == "weighted_sums":
            todo += _of_module(name, code)
        elif not _is_there(top, ships):
            return NAMES.get(top, top)
    return ""


@functools.cache
def _of_module(name: str, code: Path) -> tuple[str, ...]:
    # what importing a module imports; what its functions import when they are called is not in it
    stem, package = code.joinpath(*name.split(".")), name.rpartition(".")[0]
    above = (package,) if package else ()
    for path, inside in ((stem / "__init__.py", name), (stem.with_suffix(".py"), package)):
        if path.is_file():
            body = [node for node in ast.parse(path.read_text("utf-8")).body if _runs(node)]
            source = "\n".join(map(ast.unparse, body))
            return above + imported_names(source, inside, path)
    return above


def _runs(node: ast.stmt) -> bool:
    return not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.If)


@functools.cache
def _is_there_in_python(top: str) -> bool:
    if top in HOLLOW:
        return False
    with zipfile.ZipFile(runtime.STORE / "python_stdlib.zip") as library:
        if top in {name.split("/")[0].removesuffix(".py") for name in library.namelist()}:
            return True
    # what is written in C is part of the interpreter; all else would be in the archive
    spec = importlib.util.find_spec(top)
    return not str(spec and spec.origin).endswith(".py")


def _is_there(top: str, ships: Collection[str]) -> bool:
    return top in ships or (top in sys.stdlib_module_names and _is_there_in_python(top))
