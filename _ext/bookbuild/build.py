"""The steps of a build, in order; each raises BuildError and leaves the last good book intact."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from jupyter_book.sphinx import build_sphinx

from bookbuild import (
    execution,
    finish,
    guards,
    latex,
    notebooks,
    pages,
    publishing,
    record,
    verdicts,
)
from bookbuild.chapters import chapter_files, is_executable

WORK = Path("_build", "work")
ISLAND = ["ref.*", "myst.xref_missing", "toc.not_included", "bibtex.*", "mystnb.unknown_mime_type"]


class BuildError(Exception):
    """The build cannot go on; the message says why."""


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Keep a second build out of this checkout: it is refused while the first one runs."""
    (root / "_build").mkdir(exist_ok=True)
    with open(root / "_build" / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildError(f"another build is running in {root}; wait for it to end") from None
        yield


def check_sources(root: Path) -> None:
    """Stop at the first look when the sources break a rule of the book."""
    if found := list(guards.problems(root)):
        raise BuildError("\n".join(found))


def execute(root: Path, paths: list[Path] | None = None) -> None:
    """Run the stale chapters among `paths` (all by default) and keep the exercises honest."""
    runs = execution.run_all(root, chapter_files(root) if paths is None else paths)
    failed = [str(run.path.relative_to(root)) for run in runs if run.error]
    if failed:
        raise BuildError(f"failed: {', '.join(failed)}; the last good book is left as it was")
    broken = [
        f"{run.path.relative_to(root)}: {problem}"
        for run in runs
        for problem in verdicts.broken(run.notebook)
    ]
    if broken:
        raise BuildError("\n".join(broken))
    record.write(root, {_name(run.path, root): run.seconds for run in runs})


def _name(path: Path, root: Path) -> str:
    return str(path.relative_to(root).with_suffix(""))


def sphinx(root: Path, builder: str) -> Path:
    """Write the whole book with `builder`; a warning is an error. Return the output's folder."""
    out = root / WORK / builder
    _sphinx(root, builder, out, root / WORK / "doctrees", root / "_toc.yml", strict=True)
    return out


def _sphinx(
    root: Path, builder: str, out: Path, doctrees: Path, toc: Path, strict: bool, **settings
) -> None:
    if seconds := record.last_change(root, "%ct"):
        os.environ.setdefault("SOURCE_DATE_EPOCH", seconds)  # two builds carry the same dates
    status = build_sphinx(
        root,
        out,
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides={
            "external_toc_path": str(toc),
            "latex_individualpages": False,
            **settings,
        },
        doctreedir=doctrees,
        builder=builder,
        quiet=True,
        warningiserror=strict,
        keep_going=True,
    )
    if status != 0:
        raise BuildError(f"Sphinx could not write {out.name}: see the warnings above")


def make_notebooks(root: Path) -> None:
    """Write `_build/notebooks`: every chapter with its results, the wheel, and one zip of all."""
    out = sphinx(root, "notebooks")
    notebooks.pack(root, out)
    publish(out, root / "_build" / "notebooks", shutil.ignore_patterns("_static"))


def make_pdf(root: Path) -> None:
    """Write `_build/book.pdf`."""
    try:
        pdf = latex.typeset(sphinx(root, "latex"))
    except RuntimeError as error:
        raise BuildError(str(error)) from None
    shutil.copy(pdf, root / "_build" / "book.pdf.new")
    os.replace(root / "_build" / "book.pdf.new", root / "_build" / "book.pdf")


def make_site(root: Path) -> None:
    """Write `_build/html`, with what it offers to download if that has been made."""
    out = sphinx(root, "html")
    front = (out / "chapters" / "index.html").read_text("utf-8")
    (out / "index.html").write_text(publishing.introduced(FORWARD, front), "utf-8")
    built = root / "_build"
    shutil.copytree(built / "notebooks", out / "notebooks", dirs_exist_ok=True)
    if (built / "book.pdf").is_file():
        shutil.copy(built / "book.pdf", out / "book.pdf")
    publish(out, built / "html", last=lambda new: _finish(new, root))


def _finish(site: Path, root: Path) -> None:
    try:
        finish.finish(site, root / WORK / "fonts")
    except pages.PageError as error:
        raise BuildError(str(error)) from None


def make_page(root: Path, name: str) -> Path:
    """Write one chapter, and the pages without code; references to other chapters stay open."""
    path = root / "chapters" / f"{name}.md"
    if not path.is_file():
        known = (_name(p, root).removeprefix("chapters/") for p in chapter_files(root))
        raise BuildError(f"there is no chapter {name!r}; there are {', '.join(known)}")
    execute(root, [path])
    work = root / WORK / "chapter" / name
    work.mkdir(parents=True, exist_ok=True)
    toc, out = work / "_toc.yml", work / "html"
    # pages without code cost nothing, and hold the glossary and the bibliography
    others = [
        p for p in chapter_files(root) if p != path and not is_executable(p.read_text("utf-8"))
    ]
    pages = [{"file": _name(other, root)} for other in others]
    toc.write_text(yaml.dump({"format": "jb-book", "root": f"chapters/{name}", "chapters": pages}))
    _sphinx(root, "html", out, work / "doctrees", toc, strict=False, suppress_warnings=ISLAND)
    publish(out, work / "site", last=lambda new: _finish(new, root))
    return work / "site" / "chapters" / f"{name}.html"


FORWARD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Weighted Sums</title>
<link rel="icon" href="_static/favicon.svg">
<meta http-equiv="refresh" content="0; url=chapters/index.html">
</head>
<body><main><h1>Weighted Sums</h1><p><a href="chapters/index.html">To the book</a></p></main></body>
</html>
"""


def publish(
    source: Path,
    target: Path,
    ignore: Callable | None = None,
    last: Callable[[Path], None] = lambda new: None,
) -> None:
    """Put a copy of the folder `source`, after `last` was done to it, in the place of `target`."""
    new, old = target.with_name(target.name + ".new"), target.with_name(target.name + ".old")
    for rest in (new, old):
        shutil.rmtree(rest, ignore_errors=True)
    shutil.copytree(source, new, ignore=ignore)
    last(new)
    if target.exists():
        os.replace(target, old)
    os.replace(new, target)
    shutil.rmtree(old, ignore_errors=True)
