"""The wheel of the book's package, and one zip of it and all the notebooks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from bookbuild.dependencies import fingerprint

ZIP = "weighted-sums-notebooks.zip"
DAY = (2020, 1, 1, 0, 0, 0)  # the same zip twice has the same bytes
LEFT_BY_TOOLS = re.compile(r"__pycache__|\.egg-info")
DESCRIBING = ("pyproject.toml", "README.md", "LICENSE")
EPOCH = "1577836800"  # the same day for the wheel, where the build has no date of its own


def pack(root: Path, folder: Path) -> Path:
    """Put the wheel into `folder`/wheel and everything in `folder` into one zip there."""
    wheels = folder / "wheel"
    mark, made_from = folder.with_name(f"{folder.name}.wheel"), _made_from(root)
    if not (mark.is_file() and mark.read_text("utf-8") == made_from and any(wheels.glob("*.whl"))):
        shutil.rmtree(wheels, ignore_errors=True)
        wheels.mkdir(parents=True)
        build_wheel(root, wheels)
        mark.write_text(made_from, "utf-8")
    target = folder / ZIP
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted([*folder.rglob("*.ipynb"), *wheels.glob("*.whl")]):
            name = f"weighted-sums/{path.relative_to(folder)}"
            archive.writestr(zipfile.ZipInfo(name, DAY), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return target


def _described(root: Path) -> list[Path]:
    return [root / name for name in DESCRIBING if (root / name).is_file()]


def _date() -> str:
    return os.environ.get("SOURCE_DATE_EPOCH", EPOCH)


def _made_from(root: Path) -> str:
    code = (path for path in (root / "code").rglob("*") if path.is_file())
    files = [path for path in code if not LEFT_BY_TOOLS.search(str(path.relative_to(root)))]
    return f"{_date()} {fingerprint([*files, *_described(root)], root)}"


def build_wheel(root: Path, folder: Path) -> None:
    """Build the wheel of the package in `root` into `folder`, without asking any network."""
    with tempfile.TemporaryDirectory() as copy:
        # setuptools leaves its own folders beside what it builds: let it work on a copy
        shutil.copytree(root / "code", Path(copy, "code"))
        for path in _described(root):
            shutil.copy(path, copy)
        pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        options = ["--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
        dated = {**os.environ, "SOURCE_DATE_EPOCH": _date()}
        run = subprocess.run([*pip, *options, copy], env=dated, capture_output=True)
    if run.returncode:
        raise RuntimeError(f"the wheel could not be built:\n{run.stderr.decode(errors='replace')}")
