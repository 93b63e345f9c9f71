"""The steps of a build, in order; each raises BuildError and leaves the last good book intact."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Container
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import yaml
from jupyter_book.sphinx import build_sphinx

from bookbuild import (
    cache,
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
from bookbuild.freshness import last_change
from bookbuild.safety import BuildError, mirror, publish, publish_file, workspace

WORK = Path("_build", "work")
PAGES = Path("_build", "pages")
NOT_OFFERED = {"_static"}  # what Sphinx leaves beside the notebooks
GARBAGE = 100_000  # new objects between two searches for garbage: doctrees are large and all in use
ISLAND = ["ref.*", "myst.xref_missing", "toc.not_included", "bibtex.*", "mystnb.unknown_mime_type"]


def execute(root: Path, paths: list[Path] | None = None) -> None:
    """Run the stale chapters among `paths` (all by default) and keep the exercises honest."""
    paths = chapter_files(root) if paths is None else paths
    marks = {path: cache.mark(path.read_text("utf-8"), root) for path in paths}
    known = cache.sound(root)
    sound = {path: known[mark] for path, mark in marks.items() if mark in known}
    runs = execution.run_all(root, paths, sound)
    failed = [str(run.path.relative_to(root)) for run in runs if run.error]
    if failed:
        raise BuildError(f"failed: {', '.join(failed)}; the last good book is left as it was")
    broken = [
        f"{run.path.relative_to(root)}:{problem}"
        for run in runs
        if run.notebook
        for problem in verdicts.broken(run.notebook)
    ]
    if broken:
        raise BuildError("\n".join(broken))
    ran = [run for run in runs if run.notebook]
    cache.note_sound(root, {marks[run.path]: (run.notebook, run.seconds) for run in ran})
    record.write(root, {_name(run.path, root): run.seconds for run in runs})


def _name(path: Path, root: Path) -> str:
    return str(path.relative_to(root).with_suffix(""))


def make(root: Path, products: Container[str]) -> None:
    """Run the stale chapters, write the products, and publish them all once they are good."""
    guards.check(root)
    execute(root)
    built = root / "_build"
    folders: dict[str, Path] = {}
    beside = ProcessPoolExecutor(1, initializer=execution.end_with_the_build)
    with workspace(root / WORK), beside:
        if "notebooks" in products:
            folders["notebooks"] = make_notebooks(root)
        typeset = beside.submit(make_pdf, root, _own_doctrees(root)) if "pdf" in products else None
        if "site" in products:
            folders["html"] = make_site(root, folders["notebooks"])
        pdf = typeset.result() if typeset else built / "book.pdf"
        if "site" in products and pdf.is_file():
            shutil.copy(pdf, folders["html"] / "book.pdf")
    if typeset:
        publish_file(pdf, built / "book.pdf")
    for name, folder in folders.items():
        publish(folder, built / name, NOT_OFFERED if name == "notebooks" else ())


def _own_doctrees(root: Path) -> str:
    # the printed book takes one core while the site, which may change them, takes the other
    shared, own = (root / WORK / name for name in ("doctrees", "doctrees-latex"))
    if shared.is_dir():
        mirror(shared, own)
    return own.name


def sphinx(root: Path, builder: str, doctrees: str = "doctrees") -> Path:
    """Write the whole book with `builder`; a warning is an error. Return the output's folder."""
    work = root / WORK
    _sphinx(root, builder, work / builder, work / doctrees, root / "_toc.yml", strict=True)
    return work / builder


def _sphinx(
    root: Path, builder: str, out: Path, doctrees: Path, toc: Path, strict: bool, **settings
) -> None:
    if seconds := last_change(root, "%ct"):
        os.environ.setdefault("SOURCE_DATE_EPOCH", seconds)  # two builds carry the same dates
    gc.set_threshold(GARBAGE)
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
    if isinstance(status, KeyboardInterrupt):
        raise status
    if status != 0:
        cause = status if isinstance(status, Exception) else None
        raise BuildError(f"Sphinx could not write {out.name}: see the warnings above") from cause


def make_notebooks(root: Path) -> Path:
    """Write every chapter with its results, the wheel, and one zip of all; return their folder."""
    out = sphinx(root, "notebooks")
    try:
        notebooks.pack(root, out)
    except RuntimeError as error:
        raise BuildError(str(error)) from error
    return out


def make_pdf(root: Path, doctrees: str) -> Path:
    """Write the printed book; return its place."""
    try:
        return latex.typeset(sphinx(root, "latex", doctrees))
    except RuntimeError as error:
        raise BuildError(str(error)) from error


def make_site(root: Path, made: Path) -> Path:
    """Write the site with the notebooks in the folder `made` to download; return its folder."""
    out = sphinx(root, "html")
    for page in (out / "chapters").rglob("*.html"):
        if not (root / page.relative_to(out)).with_suffix(".md").is_file():
            page.unlink()  # its chapter is gone
    front = (out / "chapters" / "index.html").read_text("utf-8")
    (out / "index.html").write_text(publishing.forward(front), "utf-8")
    mirror(made, out / "notebooks", NOT_OFFERED)
    return _finished(root, out, root / WORK / "site")


def _finished(root: Path, written: Path, site: Path) -> Path:
    # on a copy: Sphinx must find its own pages as it left them
    mirror(written, site)
    try:
        finish.finish(site, root / WORK / "fonts")
    except pages.PageError as error:
        raise BuildError(str(error)) from error
    return site


def make_page(root: Path, name: str) -> Path:
    """Write one chapter, and the pages without code; references to other chapters stay open."""
    path = root / "chapters" / f"{name}.md"
    if not path.is_file():
        known = (_name(p, root).removeprefix("chapters/") for p in chapter_files(root))
        raise BuildError(f"there is no chapter {name!r}; there are {', '.join(known)}")
    execute(root, [path])
    # pages without code cost nothing, and hold the glossary and the bibliography
    others = [
        p for p in chapter_files(root) if p != path and not is_executable(p.read_text("utf-8"))
    ]
    files = [{"file": _name(other, root)} for other in others]
    contents = {"format": "jb-book", "root": f"chapters/{name}", "chapters": files}
    work = root / PAGES / name
    work.parent.mkdir(parents=True, exist_ok=True)
    with workspace(work):
        toc, out = work / "_toc.yml", work / "html"
        toc.write_text(yaml.dump(contents), "utf-8")
        _sphinx(root, "html", out, work / "doctrees", toc, strict=False, suppress_warnings=ISLAND)
        site = _finished(root, out, work / "site")
    return site / "chapters" / f"{name}.html"
