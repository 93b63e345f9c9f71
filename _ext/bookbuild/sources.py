"""The files of the book: which there are, and their text and YAML with errors that name a line."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from sphinx_external_toc.parsing import MalformedError, parse_toc_data

from bookbuild.safety import BuildError

# what is not UTF-8, what YAML refuses, and what ends a line for MyST-NB but not for MyST
ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\udc80-\udcff]")


class TextError(BuildError):
    """What is wrong with a text, in which line, and in which file if that is known."""

    def __init__(self, line: int, message: str, file: str = ""):  # noqa: D107
        super().__init__(f"{file}:{line}: {message}" if file else f"line {line}: {message}")
        self.place = file, line, message


def name(path: Path) -> str:
    """A file of the book as messages name it, such as `chapters/neurons/neurons.md`."""
    parts = path.parts
    return "/".join(parts[parts.index("chapters") :]) if "chapters" in parts else path.name


def read(path: Path) -> str:
    """The text of a file without a byte order mark; TextError if it is not plain UTF-8."""
    text = path.read_text("utf-8-sig", errors="surrogateescape")
    if found := ODD.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise TextError(line, f"save this as UTF-8 text, without {found[0]!r}", name(path))
    return text


def load(text: str, line: int = 1, file: str = "") -> dict:
    """A mapping in YAML whose first line is `line` of `file`; TextError for anything else."""
    try:
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        raise TextError(line + error.problem_mark.line, f"YAML: {error.problem}", file) from None
    if not isinstance(data, dict | None):
        raise TextError(line, f"YAML: expected `name: value`, not {data!r}", file)
    return data or {}


def settings(path: Path) -> dict:
    """What a YAML file of settings says; TextError names the line that is wrong."""
    return load(read(path), 1, name(path))


def chapter_files(root: Path) -> list[Path]:
    """The files that `_toc.yml` names, in reading order; TextError if one does not exist."""
    toc = root / "_toc.yml"
    try:
        pages = parse_toc_data(settings(toc))
    except (MalformedError, AttributeError, TypeError) as error:
        raise TextError(1, str(error), toc.name) from None
    files = []
    for page in [*pages, *pages.globs()]:  # a pattern, which would give no order, is no file
        files.append(root / f"{page.removesuffix('.md')}.md")
        if not files[-1].is_file():
            line = read(toc).partition(page)[0].count("\n") + 1
            raise TextError(line, f"there is no file {page}.md", toc.name)
    return files
