"""The lesson without its plumbing: what only checks, glues or draws is folded, by rule.

Such statements run, and notebooks keep them. On the site they stand in a fold after what the cell
shows, and on paper not at all.
"""

from __future__ import annotations

import ast
from itertools import takewhile

from docutils import nodes

IMPORTS, CHECKED, DRAWN = "Imports", "checked here ✓", "how this is drawn"
MANY = 3  # imports that open a cell and push down what it does
OWN = {"starter", "solution", "raises-exception"}  # what a reader is to read whole
DRAWS = {"figures", "Interactive"}  # the roots of calls that draw


class fold(nodes.General, nodes.Element):  # noqa: N801 - docutils names its nodes so
    """A line that opens: its children are hidden on the site, and on paper unless `paper`."""


def parts(source: str) -> tuple[str, str, str]:
    """What a cell shows of its `source`, what its fold holds, and the title of the fold."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a line for the shell or for IPython
        return source, "", ""
    imports = list(takewhile(lambda s: isinstance(s, ast.Import | ast.ImportFrom), body))
    if len(imports) < min(MANY, len(body)):
        imports = []
    drawn = {id(s) for s in body if _draws(s)}
    drawn |= {id(s) for s in body if drawn and _packs(s)}
    checked = {id(s) for s in body if _checks(s)}
    hidden = {id(s) for s in imports} | drawn | checked
    told: dict[bool, list[str]] = {True: [], False: []}
    rows, begin = source.split("\n"), 0
    for statement in body:  # comments belong to what follows them
        told[id(statement) in hidden] += rows[begin : statement.end_lineno]
        begin = statement.end_lineno or begin
    told[bool(body) and id(body[-1]) in hidden] += rows[begin:]
    shown, folded = ("\n".join(told[side]).strip("\n") for side in (False, True))
    return shown, folded, CHECKED if checked else DRAWN if drawn else IMPORTS


def _draws(statement: ast.stmt) -> bool:
    root = statement.value if isinstance(statement, ast.Expr) else None
    while isinstance(root, ast.Call | ast.Attribute):
        root = root.func if isinstance(root, ast.Call) else root.value
    return isinstance(root, ast.Name) and root.id in DRAWS


def _packs(statement: ast.stmt) -> bool:
    # what a live figure gets, by the name that chapters give it
    match statement:
        case ast.Assign(targets=[ast.Name(id="payload")], value=ast.Dict()):
            return True
    return False


def _checks(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assert() | ast.Expr(value=ast.Call(func=ast.Name(id="glue"))):
            return True
        case ast.For(body=inner, orelse=[]) | ast.With(body=inner):
            return all(map(_checks, inner))
    return False


def hide(app, doctree: nodes.document) -> None:
    """Fold what only checks or draws, in every cell of a page."""
    for cell in list(doctree.findall(nodes.container)):
        if cell.get("nb_element") != "cell_code" or OWN & set(_tags(cell)) or "hide_mode" in cell:
            continue
        source = next((n for n in cell if n.get("nb_element") == "cell_code_source"), None)
        if source is None:
            continue
        shown, folded, title = parts(source.astext())
        if not folded:
            continue
        block = next(source.findall(nodes.literal_block))
        kept = block.deepcopy()
        _rewrite(kept, folded)
        place = 0 if title == IMPORTS else len(cell)  # after what the cell shows, but for imports
        cell.insert(place, fold("", kept, title=title, classes=["plumbing"]))
        if shown:
            _rewrite(block, shown)
        else:
            cell.remove(source)


def _tags(cell: nodes.container) -> list[str]:
    return cell.get("cell_metadata", {}).get("tags", [])


def _rewrite(block: nodes.literal_block, text: str) -> None:
    block.rawsource, block[:] = text, [nodes.Text(text)]


def open_fold(self, node: fold) -> None:
    """Begin a fold on the site."""
    classes = " ".join(["fold", *node["classes"]])
    self.body.append(f'<details class="{classes}">\n<summary>{node["title"]}</summary>\n')


def close_fold(self, node: fold) -> None:
    """End it."""
    self.body.append("</details>\n")


def skip_fold(self, node: fold) -> None:
    """Leave a fold out on paper, or take only its title away."""
    if not node.get("paper"):
        raise nodes.SkipNode


def setup(app) -> None:
    """Connect to Sphinx."""
    nothing = (skip_fold, lambda self, node: None)
    app.add_node(fold, html=(open_fold, close_fold), latex=nothing, text=nothing)
    app.connect("doctree-read", hide, priority=600)
