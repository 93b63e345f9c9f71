"""The files of the book: which there are, and their text and YAML with errors that name a line."""

from __future__ import annotations

from pathlib import Path

import yaml
from sphinx_external_toc.parsing import MalformedError, parse_toc_data

from bookbuild.safety import BuildError


class TextError(BuildError):
    """What is wrong with a text and in which line of it, and the file if that is known."""

    def __init__(self, line: int, message: str, file: str = ""):  # noqa: D107
        super().__init__(f"{file}:{line}: {message}" if file else f"line {line}: {message}")
        self.place = file, line, message


class Strict(yaml.SafeLoader):
    """YAML in which no key stands twice: of two, the second would win in silence."""

    def construct_mapping(self, node, deep=False):
        """Refuse what SafeLoader lets pass."""
        keys = [key.value for key, _ in node.value]
        for i, (key, _) in enumerate(node.value):
            if key.value in keys[:i]:
                problem = f"{key.value!r} stands twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
        return super().construct_mapping(node, deep)


def name(path: Path) -> str:
    """A file of the book as messages name it, such as `chapters/neurons/neurons.md`."""
    *_, inside = str(path).replace("\\", "/").rpartition("/chapters/")
    return f"chapters/{inside}" if inside != str(path) else path.name


def read(path: Path) -> str:
    """The text of a file without a byte order mark; TextError if it cannot be read as UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{error.object[error.start]:02x}"
        message = f"{byte} is not UTF-8: save the file in that encoding"
        raise TextError(line, message, name(path)) from None
    except OSError as error:
        raise TextError(1, f"cannot be read: {error.strerror}", name(path)) from None


def load(text: str, line: int = 1, file: str = "") -> dict:
    """A mapping in YAML whose first line is `line` of `file`; TextError for anything else."""
    try:
        data = yaml.load(text, Strict)  # a SafeLoader
    except yaml.MarkedYAMLError as error:
        raise TextError(line + error.problem_mark.line, f"YAML: {error.problem}", file) from None
    except yaml.reader.ReaderError as error:
        line += text.count("\n", 0, error.position)
        raise TextError(line, f"YAML: {error.reason}", file) from None
    if not isinstance(data, dict | None):
        raise TextError(line, f"YAML: `name: value` is wanted here, not {data!r}", file)
    return data or {}


def settings(path: Path) -> dict:
    """What a YAML file of settings says; TextError names the line that is wrong."""
    return load(read(path), 1, name(path))


def chapter_files(root: Path) -> list[Path]:
    """The files that `_toc.yml` names, in reading order; TextError where one is not there."""
    toc = root / "_toc.yml"
    try:
        pages = parse_toc_data(settings(toc))
    except (MalformedError, AttributeError, TypeError) as error:
        raise TextError(1, str(error), toc.name) from None
    wrong = dict.fromkeys(pages.globs(), "name each chapter: a pattern puts them in no order")
    files = {page: root / f"{page.removesuffix('.md')}.md" for page in pages}
    wrong |= {page: f"there is no file {page}.md" for page in files if not files[page].is_file()}
    for line, row in enumerate(read(toc).splitlines(), 1):
        if (page := row.rpartition(":")[2].strip(" \"'")) in wrong:
            raise TextError(line, wrong[page], toc.name)
    return list(files.values())
