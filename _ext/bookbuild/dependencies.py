"""The cache follows the code: which package files a chapter runs, and one hash of them all.

jupyter-cache knows a chapter by its cells and its kernelspec, so a changed package would leave old
results on the page. The hash of every package file that the chapter imports, directly or through
others, goes into its kernelspec: a change runs the chapters that depend on it and no others.
The imports are followed here: grimp knows packages that this process can import, cells are no
modules to it, and its threads do not survive a fork.
"""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import yaml

from bookbuild.chapters import chapter
from bookbuild.freshness import fingerprint
from bookbuild.safety import BuildError

CHECKS = "weighted_sums.exercises"
TABLES = Path("weighted_sums", "results")
MAGIC = re.compile(r"^[ \t]*[%!?].*", re.M)  # IPython's own lines, which Python cannot parse
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
    """The files below the folder `code` that running the chapter's cells imports or reads.

    BuildError where one of them is no Python.
    """
    sources = [MAGIC.sub("", mark.text) for mark in chapter(text).of("{code-cell}")]
    todo = [name for source in sources for name in imported_names(source)]
    found: dict[Path, str] = {}
    while todo:
        name = todo.pop()
        stem, package = code.joinpath(*name.split(".")), name.rpartition(".")[0]
        if package:
            todo.append(package)  # it runs first
        for path, inside in ((stem / "__init__.py", name), (stem.with_suffix(".py"), package)):
            if path not in found and path.is_file():
                found[path] = path.read_text("utf-8")
                todo.extend(imported_names(found[path], inside, path))
    read = [*sources, *found.values()]
    return found.keys() | {table for source in read for table in recorded_tables(source, code)}


@functools.cache
def imported_names(source: str, package: str = "", path: Path | None = None) -> tuple[str, ...]:
    """The modules, or names in modules, that a cell or a module (at `path`) of `package` imports.

    `check("digits.mean", ...)` counts as an import of the checks of that chapter: they are
    imported by name when the check runs.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        if path:
            raise BuildError(f"{path}:{error.lineno}: this is no Python") from error
        return ()  # the cell fails when it runs, and says so with its place
    return tuple(name for node in ast.walk(tree) for name in _names(node, package))


def _names(node: ast.AST, package: str) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module, names=names, level=level):
            above = package.split(".")[: -level + 1 or None] if level else []
            base = ".".join([*above, *filter(None, [module])])
            return [f"{base}.{alias.name}" for alias in names]
        case ast.Call(func=ast.Name(id="check"), args=[ast.Constant(value=str(name)), *_]):
            return [f"{CHECKS}.{name.split('.')[0]}"]
    return []


def recorded_tables(source: str, code: Path) -> set[Path]:
    """What `recorded.table("name")` and `recorded.load_json("name")` read in a Python source."""
    found = re.findall(r"""\brecorded\.(?:table|load_json)\(\s*["']([^"']+)["']""", source)
    paths = {code / TABLES / f"{name}.{kind}" for name in found for kind in ("csv", "json")}
    return set(filter(Path.is_file, paths))
