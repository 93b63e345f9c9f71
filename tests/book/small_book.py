"""A book of two small chapters and a package of two modules, to build and to break."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from checkout import ROOT

CHAPTER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
    format_version: 0.13
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# {title}

```{{code-cell}} ipython3
from mini import {module}
{module}.VALUE
```

The end of {title}.
"""

TOC = """format: jb-book
root: chapters/index
parts:
  - caption: "Part I: Minimal"
    numbered: true
    chapters:
      - file: chapters/one
      - file: chapters/two
"""

REDIRECTS = re.compile(r"^    redirects:.*\n(?:      .*\n)*", re.MULTILINE)


class Book:
    """The small book's folder, and the commands that a maintainer would type in it."""

    def __init__(self, root: Path):
        self.root = root

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def append(self, name: str, text: str) -> None:
        self.write(name, (self.root / name).read_text("utf-8") + text)

    def read(self, name: str) -> str:
        return (self.root / name).read_text("utf-8")

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "bookbuild", *arguments, "--root", str(self.root)]

    def environment(self) -> dict[str, str]:
        paths = os.pathsep.join([str(ROOT / "_ext"), str(self.root / "code")])
        return {**os.environ, "PYTHONPATH": paths}

    def build(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        return self.run(self.command(*arguments), **environment)

    def run(
        self, line: list[str], folder: str = ".", **environment: str
    ) -> subprocess.CompletedProcess:
        """Run a command in the book's folder, with its package and the book's own extension."""
        return subprocess.run(
            line,
            cwd=self.root / folder,
            env={**self.environment(), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )


def small_book(folder: Path) -> Book:
    small = Book(folder / "a small bóok")
    small.write("references.bib", (ROOT / "references.bib").read_text("utf-8"))
    config = (ROOT / "_config.yml").read_text("utf-8")  # it has no pages to which others moved
    small.write("_config.yml", REDIRECTS.sub("    redirects: {}\n", config))
    shutil.copytree(ROOT / "assets", small.root / "assets")
    (small.root / "_ext").symlink_to(ROOT / "_ext")
    small.write("_toc.yml", TOC)
    small.write(
        "pyproject.toml",
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "mini"\nversion = "1"\n'
        '[tool.setuptools.packages.find]\nwhere = ["code"]\n'
        "[tool.bookbuild]\nallowed-numbers = []\n",
    )
    small.write("code/mini/__init__.py", "")
    small.write("code/mini/first.py", "VALUE = 'first value'\n")
    small.write("code/mini/second.py", "VALUE = 'second value'\n")
    small.write("chapters/index.md", "# Small\n\nA small book.\n")
    small.write("chapters/one.md", CHAPTER.format(title="One", module="first"))
    small.write("chapters/two.md", CHAPTER.format(title="Two", module="second"))
    return small
