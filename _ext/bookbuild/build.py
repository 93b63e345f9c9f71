"""The steps of a build, in order; each raises BuildError and leaves the last good book intact.

Chapters are run, stock Jupyter Book writes notebooks, printed book and site from their results, and
the finished products take the place of the last good ones.
"""

from __future__ import annotations

import gc
import os
import shutil
import time
from collections.abc import Container
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml
from jupyter_book.sphinx import build_sphinx

from bookbuild import epub, guards, latex, record, site
from bookbuild.chapters import chapter, chapter_files, read
from bookbuild.execution import run_chapters
from bookbuild.safety import KEPT, BuildError, publish, workspace

WORK = Path("_build", "work")
ISLAND = ["ref.*", "myst.xref_missing", "toc.not_included", "bibtex.*", "mystnb.unknown_mime_type"]


def execute(root: Path, paths: list[Path] | None = None) -> None:
    """Run those chapters of the book that are stale, with a line each, and keep their times.

    The text of all is checked first; given `paths`, only these are run and nothing is checked.
    BuildError names every chapter that failed, with its cell.
    """
    if paths is None:
        guards.check(root)
    paths = [path for path in paths or chapter_files(root) if chapter(read(path)).runs]
    times, errors = {}, {}
    for done, run in enumerate(run_chapters(root, paths), 1):
        name = _name(run.path, root)
        times[name] = run.seconds
        if run.error:
            errors[f"{name}.md"] = run.error
        state = "FAILED" if run.error else "ran" if run.notebook else "cached"
        print(f"[{done}/{len(paths)}] {state:6} {run.seconds:6.1f} s  {name}.md", flush=True)
    if errors:
        told = [*errors.values(), f"failed: {', '.join(errors)}; {KEPT}"]
        raise BuildError("\n\n".join(told))
    record.write(root, times)


def _name(path: Path, root: Path) -> str:
    return str(path.relative_to(root).with_suffix(""))


def make(root: Path, products: Container[str]) -> None:
    """Run the stale chapters, write the products, and publish them all once they are good."""
    execute(root)
    built, work = root / "_build", root / WORK
    with workspace(work), ThreadPoolExecutor(1) as beside:
        forms = [form for form in site.FORMS if form in products]
        if "pdf" in products:  # TeX takes one core, while the rest takes another
            typeset = beside.submit(latex.typeset, sphinx(root, "latex", work))
        if "notebooks" in products:
            sphinx(root, "notebooks", work)
        if "site" in products:
            sphinx(root, "html", work, book_notebooks=str(WORK / "notebooks"), book_forms=forms)
        made = {}
        if "epub" in products:
            made["epub"] = sphinx(root, "epub", work) / epub.NAME
        if "pdf" in products:
            made["pdf"] = typeset.result()
        for form, path in made.items():
            os.replace(shutil.copy(path, work / f"book.{form}"), built / f"book.{form}")
        if "site" in products and forms:
            site.close(root, work / "html")
        for name in ("notebooks", "html"):
            if (work / name).is_dir():
                publish(work / name, built / name)


def sphinx(root: Path, builder: str, work: Path, strict: bool = True, **settings) -> Path:
    """Write the book with `builder`; return the output's folder, below `work`.

    BuildError where Sphinx fails or, unless `strict` is false, warns.
    """
    gc.set_threshold(100_000)  # search less often: doctrees are large, and all are in use
    own = {"external_toc_path": str(root / "_toc.yml"), "latex_individualpages": False}
    print(f"{builder} …", flush=True)
    start = time.perf_counter()
    status = build_sphinx(
        root,
        work / builder,
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides={**own, "book_prepared": True, **settings},
        doctreedir=work / "doctrees",
        builder=builder,
        quiet=True,
        warningiserror=strict,
        keep_going=True,
    )
    if isinstance(status, KeyboardInterrupt):
        raise status
    if status != 0:
        told = BuildError(f"Sphinx could not write {builder}: see the warnings above")
        raise told from (status if isinstance(status, Exception) else None)
    print(f"{builder} took {time.perf_counter() - start:.1f} s", flush=True)
    return work / builder


def ask_links(root: Path) -> Path:
    """Ask for the links to other sites; return Sphinx's list of those that failed or moved."""
    try:
        sphinx(root, "linkcheck", root / "_build", strict=False, book_prepared=False)
    except BuildError as error:
        if error.__cause__:  # a link that fails is no reason to fail: other sites come and go
            raise
    return root / "_build" / "linkcheck" / "output.txt"


def make_page(root: Path, name: str) -> Path:
    """Write one chapter, and the pages without code; references to other chapters stay open."""
    path = root / "chapters" / f"{name}.md"
    if not path.is_file():
        known = (_name(p, root).removeprefix("chapters/") for p in chapter_files(root))
        raise BuildError(f"there is no chapter {name!r}; there are {', '.join(known)}")
    execute(root, [path])
    # pages without code cost nothing, and hold the glossary and the bibliography
    others = [_name(p, root) for p in chapter_files(root) if not chapter(read(p)).runs]
    files = [{"file": other} for other in others if other != f"chapters/{name}"]
    contents = {"format": "jb-book", "root": f"chapters/{name}", "chapters": files}
    work = root / "_build" / "pages" / name
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    toc = work / "_toc.yml"
    toc.write_text(yaml.dump(contents), "utf-8")
    own = {"external_toc_path": str(toc), "suppress_warnings": ISLAND, "book_notebooks": "none"}
    return sphinx(root, "html", work, strict=False, **own) / "chapters" / f"{name}.html"
