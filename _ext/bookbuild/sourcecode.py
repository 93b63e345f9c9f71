"""The section *Code of this chapter* at the foot of a page: the modules that its cells import.

Each with the first sentence of its docstring, its source and its test, as links where `_config.yml`
names a repository. The printed book leaves the section out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes

from bookbuild.chapters import chapter
from bookbuild.dependencies import MAGIC, imported_names
from bookbuild.sources import read, settings

TITLE = "Code of this chapter"
NAME = nodes.make_id(TITLE)
# by the wing of the package, what tests a module in it; the first that exists is shown
TESTS = {
    "exercises": ("tests/unit/banks/{}.py",),
    "figures": ("tests/unit/test_figures_{}.py",),
    "": ("tests/unit/test_{}.py",),
}


def modules(text: str, code: Path) -> list[Path]:
    """The modules below `code` that a chapter's cells import, each once, those of wings last."""
    cells = (MAGIC.sub("", mark.text) for mark in chapter(text).of("{code-cell}"))
    names = (name.split(".") for cell in cells for name in imported_names(cell))
    files = (code.joinpath(*name[:size]).with_suffix(".py") for name in names
             for size in (len(name), len(name) - 1) if size)  # fmt: skip
    return sorted(filter(Path.is_file, dict.fromkeys(files)), key=lambda path: len(path.parts))


def purpose(module: Path) -> str:
    """The first sentence of a module's docstring."""
    said = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return " ".join(said.partition("\n\n")[0].split())


def tested_by(module: Path, root: Path) -> Path | None:
    """The test that goes with a module by its name; None where it is tested under another one."""
    patterns = TESTS.get(module.parent.name, TESTS[""])
    tests = (root / pattern.format(module.stem) for pattern in patterns)
    return next((path for path in tests if path.is_file()), None)


def _words(text: str) -> Iterator[nodes.Node]:
    for i, part in enumerate(re.split("`([^`]*)`", text)):
        yield nodes.literal(part, part) if i % 2 else nodes.Text(part)


def _entry(module: Path, root: Path, link: str) -> nodes.list_item:
    name = ".".join(module.relative_to(root / "code").with_suffix("").parts)
    line = nodes.paragraph("", "", nodes.literal(name, name), nodes.Text(": "))
    line.extend(_words(purpose(module)))
    for label, path in ((" Source: ", module), (", test: ", tested_by(module, root))):
        if path:
            file = path.relative_to(root).as_posix()
            named = nodes.literal(file, file)
            linked = nodes.reference(file, file, refuri=link + file)
            line += [nodes.Text(label), linked if link else named]
    line += nodes.Text(".")
    return nodes.list_item("", line)


def add(app, doctree: nodes.document) -> None:
    """Append the section to a page, other than home, that imports modules of this project."""
    root = Path(app.srcdir)
    path = root / f"{app.env.docname}.md"
    if app.env.docname == app.config.root_doc or not path.is_file():
        return
    if found := modules(read(path), root / "code"):
        given = settings(root / "_config.yml").get("repository") or {}
        link = f"{given['url']}/blob/{given.get('branch', 'main')}/" if given.get("url") else ""
        entries = nodes.bullet_list("", *(_entry(module, root, link) for module in found))
        section = nodes.section("", nodes.title(TITLE, TITLE), entries, ids=[NAME], names=[NAME])
        page = next(doctree.findall(nodes.section))
        page += section


def drop(app, doctree: nodes.document, docname: str) -> None:
    """Take the section out of the printed book."""
    if app.builder.format == "latex":
        for section in [*doctree.findall(nodes.section)]:
            if NAME in section["names"]:
                section.parent.remove(section)


def setup(app) -> None:
    """Register the section with Sphinx, before it collects the titles of a page."""
    app.connect("doctree-read", add, priority=400)
    app.connect("doctree-resolved", drop)
