"""Whether a product is the one that would be built again: then nothing needs to be.

A stamp holds, for each product, a hash of all the inputs from which it was made. Reading it needs
the standard library and a lock alone: importing Sphinx takes longer than all of this.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from bookbuild.safety import write_whole

STAMP = Path("_build", "stamp.json")
PROGRAM = Path(__file__).parent
# no page shows them; everything else in the checkout counts as an input
LEFT_OUT = {"_build", "_ext", "__pycache__", "conf.py", "tests", "tools"}
PLACES = {
    "site": "html/index.html", "notebooks": "notebooks", "pdf": "book.pdf", "epub": "book.epub",
}  # fmt: skip


def inputs(root: Path) -> str:
    """One hash of all that a build reads: sources, program, versions, and the dates it shows."""
    given = [os.environ.get(name, "") for name in ("BOOK_URL", "SOURCE_DATE_EPOCH")]
    found = program(root), fingerprint(_files(root), root), last_change(root, "%ct") or ""
    return " ".join([*found, *given])


def program(root: Path) -> str:
    """One hash of what turns chapters into pages: this program, its settings, Python, packages."""
    parts = fingerprint(_files(PROGRAM), PROGRAM), fingerprint([root / "_config.yml"], root)
    made_of = " ".join([*parts, platform.python_version(), *_installed()])
    return hashlib.sha256(made_of.encode()).hexdigest()


def fingerprint(files: Iterable[Path], root: Path) -> str:
    """One hash of the files' names and contents."""
    sha = hashlib.sha256()
    for path in sorted(files):
        name, content = os.fsencode(path.relative_to(root)), path.read_bytes()
        sha.update(b"%d\0%b\0%d\0%b" % (len(name), name, len(content), content))
    return sha.hexdigest()[:16]


def _installed() -> list[str]:
    folders = {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    found = [path.name for top in folders for path in Path(top).glob("*.dist-info")]
    return sorted([*found, *(path.name for path in Path(sys.prefix, "share").glob("page-*"))])


def last_change(root: Path, form: str = "%cs") -> str | None:
    """The day of the last commit, or another form of its date; None outside of a repository."""
    try:
        git = ["git", "-C", str(root), "log", "-1", f"--format={form}"]
        return subprocess.run(git, capture_output=True, encoding="utf-8").stdout.strip() or None
    except OSError:
        return None


def is_current(root: Path, products: Iterable[str], made_from: str) -> bool:
    """Whether all of `products` are there and were made from these inputs."""
    wanted, there = dict.fromkeys(products, made_from), root / "_build"
    known = wanted.items() <= _noted(root).items()
    return known and all((there / PLACES[name]).exists() for name in wanted)


def note(root: Path, products: Iterable[str], made_from: str) -> None:
    """Note that `products` have been made from these inputs."""
    made = _noted(root) | dict.fromkeys(products, made_from)
    write_whole(root / STAMP, json.dumps(made, indent=1))


def _noted(root: Path) -> dict[str, str]:
    path = root / STAMP
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def _files(top: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(top):
        folders[:] = filter(_counts, folders)
        yield from filter(Path.is_file, (Path(folder, name) for name in filter(_counts, names)))


def _counts(name: str) -> bool:
    return not (name in LEFT_OUT or name.startswith(".") or name.endswith(".egg-info"))
