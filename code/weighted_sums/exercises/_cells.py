"""Which earlier statements of a chapter a piece of code needs: what an exercise must run first.

The page runs an exercise without the whole chapter above it, and so does the grader. Statements are
followed by the names that they bind, change and read.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

APART = frozenset({"starter", "raises-exception"})  # cells that nothing builds on
CERTAIN = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Statement:
    """A top-level statement of a cell: its text, and the names that it reads, binds and changes."""

    text: str
    cell: int
    reads: frozenset[str]
    binds: frozenset[str]
    changes: frozenset[str]  # by a method, an index or an attribute
    certain: bool  # what it binds, it binds whatever comes before


def statements(source: str, cell: int = 0) -> list[Statement]:
    """The top-level statements of a cell; none where it is no Python."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return []
    return [_statement(node, ast.get_source_segment(source, node) or "", cell) for node in body]


def _statement(node: ast.stmt, text: str, cell: int) -> Statement:
    if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.decorator_list:
        text = ast.unparse(node)  # the segment begins after the decorators
    table = symtable.symtable(text, "cell", "exec")
    names = table.get_symbols()
    binds = {s.get_name() for s in names if s.is_assigned() or s.is_imported() or s.is_namespace()}
    reads = frozenset(_read(table)) - (binds if isinstance(node, ast.FunctionDef) else set())
    changes = frozenset(_changed(node)) - binds
    return Statement(text, cell, reads, frozenset(binds), changes, isinstance(node, CERTAIN))


def _read(table: symtable.SymbolTable, top: bool = True) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _read(child, top=False)


def _changed(node: ast.stmt) -> Iterator[str]:
    for part in ast.walk(node):
        match part:
            case ast.Expr(value=ast.Call(func=ast.Attribute() as target)):
                yield from _root(target)
            case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                yield from _root(part)


def _root(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def earlier(cells: Sequence[tuple[str, Iterable[str]]], number: int) -> list[Statement]:
    """The statements that cell `number` may build on; `cells` are sources with their tags.

    They are those of a notebook in which the exercises before are solved: an exercise may ask for
    what an earlier one made. A solution builds on its starter and on its own first cells, too.
    """
    tags = [set(given) for _, given in cells]
    begin = max((i for i in range(number) if "starter" in tags[i]), default=number)
    own = range(begin, number) if "solution" in tags[number] else ()
    above = [i for i in range(number) if i in own or not APART & tags[i]]
    return [statement for i in above for statement in statements(cells[i][0], i)]


def needed(source: str, above: Sequence[Statement]) -> list[int]:
    """The indices of those statements `above` that `source` needs, in order."""
    modules = {name for s in above if s.text.startswith(("import ", "from ")) for name in s.binds}
    wanted: set[str] = set()
    for statement in reversed(statements(source)):
        _pass(statement, wanted)
    found = []
    for index in reversed(range(len(above))):
        if wanted & (above[index].binds | (above[index].changes - modules)):
            found.append(index)
            _pass(above[index], wanted)
    return found[::-1]


def _pass(statement: Statement, wanted: set[str]) -> None:
    # what is wanted after a statement becomes what is wanted before it
    if statement.certain:
        wanted -= statement.binds - statement.reads
    wanted |= statement.reads | statement.changes
