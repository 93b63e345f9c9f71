"""The steps of a build, in order; each raises BuildError and leaves the last good book intact.

Chapters are run, stock Jupyter Book writes notebooks, printed book and site from their results, and
the finished products take the place of the last good ones.
"""

from __future__ import annotations

import gc
import os
import shutil
import time
from collections.abc import Container, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import yaml
from jupyter_book.sphinx import build_sphinx

from bookbuild import execution, guards, latex, record
from bookbuild.chapters import chapter, chapter_files, read
from bookbuild.freshness import last_change
from bookbuild.safety import BuildError, publish, publish_file, workspace

WORK = Path("_build", "work")
PAGES = Path("_build", "pages")
GARBAGE = 100_000  # new objects between two searches for garbage: doctrees are large and all in use
ISLAND = ["ref.*", "myst.xref_missing", "toc.not_included", "bibtex.*", "mystnb.unknown_mime_type"]


def execute(root: Path, paths: list[Path] | None = None) -> None:
    """Run the stale chapters among `paths` (all by default) and keep the exercises honest."""
    runs = execution.run_all(root, chapter_files(root) if paths is None else paths)
    if failed := [str(run.path.relative_to(root)) for run in runs if run.error]:
        raise BuildError(f"failed: {', '.join(failed)}; the last good book is left as it was")
    record.write(root, {_name(run.path, root): run.seconds for run in runs})


def _name(path: Path, root: Path) -> str:
    return str(path.relative_to(root).with_suffix(""))


def make(root: Path, products: Container[str]) -> None:
    """Run the stale chapters, write the products, and publish them all once they are good."""
    guards.check(root)
    with step("chapters"):
        execute(root)
    built, work = root / "_build", root / WORK
    # a new process: grimp's threads would not come along into a copy of this one
    beside = ProcessPoolExecutor(1, get_context("spawn"), execution.end_with_the_build)
    with workspace(work), beside:
        if "pdf" in products:
            typeset = beside.submit(make_pdf, root)
        if "notebooks" in products:
            make_notebooks(root)
        if "site" in products:
            make_site(root, "pdf" in products)
        if "pdf" in products:
            publish_file(typeset.result(), built / "book.pdf")
            if "site" in products:
                shutil.copy(built / "book.pdf", work / "html")
        for name in ("notebooks", "html"):
            if (work / name).is_dir():
                publish(work / name, built / name)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say when a step of the build begins, and how long it took."""
    print(f"{name} …", flush=True)
    start = time.perf_counter()
    yield
    print(f"{name} took {time.perf_counter() - start:.1f} s", flush=True)


def sphinx(root: Path, builder: str, doctrees: str = "doctrees", **settings) -> Path:
    """Write the whole book with `builder`; a warning is an error. Return the output's folder."""
    work = root / WORK
    run_sphinx(root, builder, work / builder, work / doctrees, **settings)
    return work / builder


def run_sphinx(
    root: Path, builder: str, out: Path, doctrees: Path, strict: bool = True, **settings
) -> None:
    """Write the whole book with `builder` into `out`; if strict, a warning is an error."""
    if seconds := last_change(root, "%ct"):
        os.environ.setdefault("SOURCE_DATE_EPOCH", seconds)  # two builds carry the same dates
    gc.set_threshold(GARBAGE)
    status = build_sphinx(
        root,
        out,
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides={
            "external_toc_path": str(root / "_toc.yml"),
            "latex_individualpages": False,
            "book_prepared": True,
            **settings,
        },
        doctreedir=doctrees,
        builder=builder,
        quiet=True,
        warningiserror=strict,
        keep_going=True,
    )
    if isinstance(status, KeyboardInterrupt):
        raise status
    if status != 0:
        cause = status if isinstance(status, Exception) else None
        raise BuildError(f"Sphinx could not write {out.name}: see the warnings above") from cause


def make_notebooks(root: Path) -> Path:
    """Write every chapter with its results, the wheel, and one zip of all; return their folder."""
    with step("notebooks"):
        return sphinx(root, "notebooks")


def make_pdf(root: Path) -> Path:
    """Write the printed book; return its place. It takes one core, while the rest takes another."""
    with step("PDF"):
        try:
            return latex.typeset(sphinx(root, "latex", "doctrees-latex"))
        except RuntimeError as error:
            raise BuildError(str(error)) from error


def make_site(root: Path, with_pdf: bool) -> Path:
    """Write the site, with the notebooks and, if it comes, the PDF to download."""
    offered = {"book_notebooks": str(WORK / "notebooks")}
    if with_pdf:
        offered["book_pdf"] = "yes"
    with step("site"):
        return sphinx(root, "html", **offered)


def make_page(root: Path, name: str) -> Path:
    """Write one chapter, and the pages without code; references to other chapters stay open."""
    path = root / "chapters" / f"{name}.md"
    if not path.is_file():
        known = (_name(p, root).removeprefix("chapters/") for p in chapter_files(root))
        raise BuildError(f"there is no chapter {name!r}; there are {', '.join(known)}")
    execute(root, [path])
    # pages without code cost nothing, and hold the glossary and the bibliography
    others = [p for p in chapter_files(root) if p != path and not chapter(read(p)).runs]
    files = [{"file": _name(other, root)} for other in others]
    contents = {"format": "jb-book", "root": f"chapters/{name}", "chapters": files}
    work = root / PAGES / name
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    toc, out = work / "_toc.yml", work / "html"
    toc.write_text(yaml.dump(contents), "utf-8")
    settings = {"external_toc_path": str(toc), "suppress_warnings": ISLAND, "book_notebooks": ""}
    run_sphinx(root, "html", out, work / "doctrees", strict=False, **settings)
    return out / "chapters" / f"{name}.html"
