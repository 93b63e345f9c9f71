"""The cache follows the code: which package files a chapter runs, and one hash of them all.

jupyter-cache knows a chapter by its cells and its kernelspec, so a changed package would leave old
results on the page. The hash of every package file that the chapter imports, directly or through
others, goes into its kernelspec: a change runs the chapters that depend on it and no others.
"""

from __future__ import annotations

import ast
import functools
import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import yaml
from grimp.exceptions import SourceSyntaxError

from bookbuild.chapters import chapter, code_cells
from bookbuild.freshness import fingerprint
from bookbuild.safety import BuildError

CHECKS = "weighted_sums.exercises"
TABLES = Path("weighted_sums", "results")
MAGIC = re.compile(r"^[ \t]*[%!?].*", re.M)  # IPython's own lines, which Python cannot parse
ENDINGS = {"table": "csv", "document": "json"}
# other packages may give other numbers, and other rules another verdict on them
SHARED = ("requirements.lock", "_ext/bookbuild/verdicts.py")


def stamped(text: str, root: Path) -> tuple[str, set[Path]]:
    """Return a chapter's text with the hash in its kernelspec, and the files that it stands for.

    A text without a kernelspec comes back as it is. The lines keep their numbers.
    """
    found = chapter(text)
    if not found.runs:
        return text, set()
    shared = {root / name for name in SHARED if (root / name).is_file()}
    files = imported_files(text, root / "code") | shared
    kernel = {**found.front["kernelspec"], "depends": fingerprint(files, root)}
    settings = {**found.front, "kernelspec": kernel}
    front = yaml.safe_dump(settings, default_flow_style=True, width=2**20, allow_unicode=True)
    end = text.index("\n---", 3)
    return "---\n" + front.strip() + "\n" * (text.count("\n", 0, end) - 1) + text[end:], files


def imported_files(text: str, code: Path) -> set[Path]:
    """The files below the folder `code` that running the chapter's cells imports or reads."""
    graph, sources = import_graph(code), [MAGIC.sub("", cell.source) for cell in code_cells(text)]
    todo = [name for source in sources for name in imported_names(source)]
    modules: set[str] = set()
    while todo:
        name = todo.pop()
        if name and name not in modules:
            todo.append(name.rpartition(".")[0])  # its package runs first
        if name in graph.modules and name not in modules:
            modules.add(name)
            todo.extend(graph.find_modules_directly_imported_by(name))
    stems = [code.joinpath(*name.split(".")) for name in modules]
    files = {p for s in stems for p in (s / "__init__.py", s.with_suffix(".py")) if p.is_file()}
    read = [*sources, *(path.read_text("utf-8") for path in files)]
    return files | {table for source in read for table in recorded_tables(source, code)}


def import_graph(code: Path) -> grimp.ImportGraph:
    """Which module of the packages in `code` imports which; BuildError where one is no Python."""
    state = tuple(sorted((path, path.stat().st_mtime_ns) for path in code.rglob("*.py")))
    return _graph(code, state)


@functools.lru_cache(1)
def _graph(code: Path, state: tuple) -> grimp.ImportGraph:
    packages = sorted(path.parent.name for path in code.glob("*/__init__.py"))
    if not packages:
        return grimp.ImportGraph()
    # grimp looks for packages as an import would, and this process may know others by these names
    known = {name: sys.modules.pop(name) for name in packages if name in sys.modules}
    sys.path.insert(0, str(code))
    importlib.invalidate_caches()
    try:
        return grimp.build_graph(*packages, cache_dir=None)
    except SourceSyntaxError as error:
        raise BuildError(f"{error.filename}:{error.lineno}: this is no Python") from error
    finally:
        sys.path.remove(str(code))
        sys.modules.update(known)


def imported_names(source: str) -> Iterator[str]:
    """The modules, or names in modules, that the Python source of a cell imports.

    `check("digits.mean", ...)` counts as an import of the checks of that chapter: they are
    imported by name when the check runs.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:  # the cell fails when it runs, and says so with its place
        return
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.Call(func=ast.Name(id="check"), args=[ast.Constant(value=str(name)), *_]):
                yield f"{CHECKS}.{name.split('.')[0]}"


def recorded_tables(source: str, code: Path) -> set[Path]:
    """What `recorded.table("name")` and `recorded.document("name")` read in a Python source."""
    found = re.findall(r"""\brecorded\.(table|document)\(\s*["']([^"']+)["']""", source)
    paths = {code / TABLES / f"{name}.{ENDINGS[kind]}" for kind, name in found}
    return {path for path in paths if path.is_file()}
