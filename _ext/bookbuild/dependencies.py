"""The cache follows the code: which package files a chapter runs, and one hash of them all.

jupyter-cache knows a chapter by its cells and its kernelspec, so a changed package would leave old
results on the page. The hash of every package file that the chapter imports, directly or through
others, goes into its kernelspec: a change runs the chapters that depend on it and no others.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from bookbuild.chapters import code_cells

KERNELSPEC = re.compile(r"^kernelspec:\n((?:[ \t]+\S.*\n)+)", re.M)
CHECKS = "weighted_sums.exercises"
TABLES = Path("weighted_sums", "results")
ENDINGS = {"table": "csv", "document": "json"}


def stamped(text: str, root: Path) -> tuple[str, set[Path]]:
    """Return a chapter's text with the hash in its kernelspec, and the files that it stands for.

    A text without a kernelspec comes back as it is. The lines keep their numbers.
    """
    found = KERNELSPEC.search(text)
    if not found:
        return text, set()
    files = imported_files(text, root / "code") | environment_files(root)
    items = [line.strip() for line in found[1].splitlines()]
    items.append(f"depends: {fingerprint(files, root)}")
    kernelspec = "kernelspec: {" + ", ".join(items) + "}" + "\n" * len(items)
    return text[: found.start()] + kernelspec + text[found.end() :], files


def environment_files(root: Path) -> set[Path]:
    """The files that fix every chapter's environment: other packages may give other numbers."""
    return {path for path in [root / "requirements.lock"] if path.is_file()}


def fingerprint(files: Iterable[Path], root: Path) -> str:
    """One hash of the files' names and contents."""
    sha = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes()
        sha.update(f"{path.relative_to(root)}\0{len(content)}\0".encode() + content)
    return sha.hexdigest()[:16]


def imported_files(text: str, package_root: Path) -> set[Path]:
    """The files below `package_root` that running the chapter's cells imports or reads."""
    found: set[Path] = set()
    todo = [(_python(cell.source), "") for cell in code_cells(text)]
    while todo:
        source, package = todo.pop()
        found |= recorded_tables(source, package_root)
        for name in imported_names(source, package):
            for path, inside in _files(package_root, name):
                if path not in found:
                    found.add(path)
                    todo.append((path.read_text("utf-8"), inside))
    return found


@functools.cache
def imported_names(source: str, package: str = "") -> frozenset[str]:
    """The modules, or names in modules, that a Python source imports.

    `check("digits.mean", ...)` counts as an import of the checks of that chapter: they are
    imported by name when the check runs.
    """
    return frozenset(_imports(source, package))


def _imports(source: str, package: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # the cell fails when it runs, and says so with its place
        return
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(names=names):
                base = _absolute(node, package)
                yield base
                yield from (f"{base}.{alias.name}" for alias in names)
            case ast.Call(func=ast.Name(id="check"), args=[ast.Constant(value=str(name)), *_]):
                yield f"{CHECKS}.{name.split('.')[0]}"


def recorded_tables(source: str, package_root: Path) -> set[Path]:
    """What `recorded.table("name")` and `recorded.document("name")` read in a Python source."""
    found = re.findall(r"""\brecorded\.(table|document)\(\s*["']([^"']+)["']""", source)
    paths = {package_root / TABLES / f"{name}.{ENDINGS[kind]}" for kind, name in found}
    return {path for path in paths if path.is_file()}


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parents = package.split(".")
    base = parents[: len(parents) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)


def _files(package_root: Path, module: str) -> Iterator[tuple[Path, str]]:
    """The files that importing `module` runs, each with the package it lies in."""
    parts = module.split(".")
    for i in range(1, len(parts) + 1):
        stem = package_root.joinpath(*parts[:i])
        if (stem / "__init__.py").is_file():
            yield stem / "__init__.py", ".".join(parts[:i])
        elif stem.with_suffix(".py").is_file():
            yield stem.with_suffix(".py"), ".".join(parts[: i - 1])


def _python(source: str) -> str:
    """A cell's code without IPython's own lines, which Python cannot parse."""
    return "\n".join(
        "" if line.lstrip().startswith(("%", "!", "?")) else line for line in source.splitlines()
    )
