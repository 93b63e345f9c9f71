"""Small changes of a module's source, each of which its tests should notice.

An operator, a number, a returned value, a keyword, a sign or a `not` is changed, one at a time.
Annotations and other types, docstrings, errors and their messages, and `__all__` stay as they are.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import NamedTuple

SWAPS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    # the boundary moves, or the comparison is negated
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
UNCHANGED = {"annotation", "returns", "decorator_list", "bases", "exc", "cause"}  # fields of nodes
STRICT = "strict"  # `zip(…, strict=True)` guards against slips in this package alone


class Place(NamedTuple):
    """The outermost function or method around a node, and its lines; empty outside of any."""

    function: str = ""
    first: int = 0
    last: int = 0


class Mutant(NamedTuple):
    """A change: the characters from `start` to `end` become `new`.

    `was` and `now` are the lines of source that differ.
    """

    line: int
    place: Place
    was: str
    now: str
    start: int
    end: int
    new: str

    def applied(self, source: str) -> str:
        """The source with this change."""
        return source[: self.start] + self.new + source[self.end :]


def mutants(source: str) -> list[Mutant]:
    """All changes of a module's source, from its first line to its last."""
    lines = source.splitlines(keepends=True)
    found = (
        _mutant(lines, place, node, new)
        for place, node in _walk(ast.parse(source), Place())
        for new in _changes(node)
    )
    return sorted(set(found))


def _walk(node: ast.AST, place: Place) -> Iterator[tuple[Place, ast.AST]]:
    """Every node below `node` that may change."""
    for child in _children(node):
        if not _is_fixed(child):
            inside = _entered(child, place)
            yield inside, child
            yield from _walk(child, inside)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Call(func=ast.Name(id="isinstance"), args=[value, _]):
            yield value
        case ast.keyword(arg=arg) if arg == STRICT:
            return
        case ast.Call(func=ast.Attribute(attr="reshape"), args=sizes):
            # any number below 0 asks NumPy for the size that fits
            yield from (size for size in sizes if not isinstance(size, ast.UnaryOp))
            yield node.func
        case _:
            for field, value in ast.iter_fields(node):
                if field not in UNCHANGED:
                    children = value if isinstance(value, list) else [value]
                    yield from (child for child in children if isinstance(child, ast.AST))


def _is_fixed(node: ast.AST) -> bool:
    """Is this a text, a type, a list of names, or code that runs only as a program?"""
    match node:
        case ast.JoinedStr() | ast.Import() | ast.ImportFrom():
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
    return _is_type(node)


def _is_type(node: ast.AST) -> bool:
    """Is this a union of types, or an array's type with its axes?"""
    match node:
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return any(_is_type(side) or _names_type(side) for side in (left, right))
        case ast.Subscript(slice=ast.Tuple(elts=[_, ast.Constant(value=str())])):
            return True
    return False


def _names_type(node: ast.AST) -> bool:
    name = ast.unparse(node).rpartition(".")[2]
    return name[:1].isupper() or isinstance(getattr(builtins, name, None), type)


def _entered(node: ast.AST, place: Place) -> Place:
    match node:
        case ast.ClassDef(name=name):
            return place._replace(function=name)
        case ast.FunctionDef(name=name, decorator_list=above) if not place.last:
            first = min(node.lineno, *(decorator.lineno for decorator in above), node.lineno)
            return Place(f"{place.function}.{name}".lstrip("."), first, node.end_lineno or first)
    return place


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may take the place of a node."""
    match node:
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.BoolOp(op=op):
            yield from (_with(node, op=other()) for other in SWAPS.get(type(op), ()))
        case ast.Compare(ops=ops):
            for i, compared in enumerate(ops):
                for other in SWAPS[type(compared)]:
                    yield _with(node, ops=[*ops[:i], other(), *ops[i + 1 :]])
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value + 1)
        case ast.Constant(value=float() as value):
            yield ast.Constant(2 * value or 1.0)
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.Call(keywords=keywords):
            for keyword in keywords:
                if keyword.arg not in (None, STRICT):
                    yield _with(node, keywords=[k for k in keywords if k is not keyword])


def _with(node: ast.AST, **fields: object) -> ast.AST:
    return type(node)(**{name: getattr(node, name) for name in node._fields} | fields)


def _mutant(lines: list[str], place: Place, node: ast.AST, new: ast.AST) -> Mutant:
    first, last = node.lineno - 1, node.end_lineno - 1
    # columns are counted in bytes
    column = len(lines[first].encode()[: node.col_offset].decode())
    tail = lines[last].encode()[node.end_col_offset :].decode()
    before = "".join(lines[:first])
    was = "".join(lines[first : last + 1])
    after, text = "".join(lines[last + 1 :]), ast.unparse(new)
    bare, safe = (f"{was[:column]}{t}{tail}" for t in (text, f"({text})"))
    if isinstance(new, ast.expr) and not _same(before + bare + after, before + safe + after):
        bare, text = safe, f"({text})"
    start, end = len(before) + column, len(before) + len(was) - len(tail)
    was, now = (" ".join(code.split()) for code in (was, bare))
    return Mutant(node.lineno, place, was, now, start, end, text)


def _same(one: str, other: str) -> bool:
    try:
        return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))
    except SyntaxError:
        return False
