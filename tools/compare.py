"""Tell what changed between two builds: the results of every cell, and the words of the PDF.

`python tools/compare.py OLD NEW` takes two folders of built notebooks. Where `book.pdf` is beside
both, its words are compared as well. The differences that any two builds have are left out: cells
tagged `timing` and the numbers that they pass to the prose, the addresses of objects in memory, and
the build's own record. (nbdime compares notebooks too, but it knows neither these nor numbers.)
"""

from __future__ import annotations

import argparse
import difflib
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

NUMBER = re.compile(r"(?<![\w.])[-+−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
RECORD = re.compile(r"How long each chapter took to run.*?\btogether\s+\S+", re.S)
TURNED = re.compile(r"\(continue[sd] (?:on next|from previous) page\)")
PICTURES = ("image/svg+xml", "image/png")
TEXTS = ("text/plain", "text/markdown")
UNITS = (1, 100, 1000)  # a share may be written in per cent, a second in milliseconds
SHOWN = 60  # characters of what is not a number
MANY = 40  # changes of one text


def report(old: Path, new: Path) -> tuple[str, bool]:
    """Compare two folders of notebooks; return a report in Markdown, and whether all is equal.

    Raises FileNotFoundError when one holds no notebooks.
    """
    books = [_read(old), _read(new)]
    parts = []
    for here, there, folder in ((*books, old), (*books[::-1], new)):
        parts += [f"`{name}` is only in `{folder}`." for name in sorted(here.keys() - there.keys())]
    for name in sorted(books[0].keys() & books[1].keys()):
        pair = books[0][name], books[1][name]
        if lines := list(notebook_changes(*pair, times([pair[0]]), times([pair[1]]))):
            parts.append("\n".join([f"## {name}", "", *lines]))
    pdfs = [folder.parent / "book.pdf" for folder in (old, new)]
    compared = f"notebooks ({len(books[0])})"
    if all(map(Path.is_file, pdfs)):
        compared += " and the words of the PDF"
        if lines := list(word_changes(*map(words, pdfs))):
            parts.append("\n".join(["## book.pdf", "", *lines]))
    head = f"# `{new}` against `{old}`"
    found = parts or [f"No difference in {compared}."]
    return "\n\n".join([head, *found]) + "\n", not parts


def _read(folder: Path) -> dict[str, NotebookNode]:
    paths = sorted(folder.rglob("*.ipynb"))
    if not paths:
        raise FileNotFoundError(f"there are no notebooks in {folder}")
    return {str(p.relative_to(folder).with_suffix("")): nbformat.read(p, 4) for p in paths}


def times(notebooks: Iterable[NotebookNode]) -> list[float]:
    """The numbers that cells tagged `timing` show, and those that they hand to the prose."""
    cells = [c for n in notebooks for c in n.cells if "timing" in c.metadata.get("tags", [])]
    texts = [text for c in cells for text in (_results(c)[0], *c.metadata.get("measured", []))]
    return [_value(number) for text in texts for number in NUMBER.findall(text)]


def _value(number: str) -> float:
    return float(number.replace(",", "").replace("−", "-"))


def _is_time(number: str, known: list[float]) -> bool:
    half = 0.501 * 10.0 ** -len(number.partition(".")[2])
    return any(abs(t * unit - _value(number)) <= half for t in known for unit in UNITS)


def notebook_changes(
    old: NotebookNode, new: NotebookNode, old_times: list[float], new_times: list[float]
) -> Iterator[str]:
    """Say what differs between two notebooks, a line each."""
    if [c.cell_type for c in old.cells] != [c.cell_type for c in new.cells]:
        yield f"* {len(old.cells)} cells → {len(new.cells)} cells"
        return
    code = 0
    for before, after in zip(old.cells, new.cells, strict=True):
        code += before.cell_type == "code"
        place = f"code cell {code}"
        if before.cell_type == "markdown":
            place = f"text after {place}"
        for line in text_changes(before.source, after.source, old_times, new_times):
            yield f"* {place}: {line}"
        if before.cell_type == "code" and "timing" not in before.metadata.get("tags", []):
            (text, pictures), (text_now, pictures_now) = map(_results, (before, after))
            yield from (f"* {place}: {line}" for line in text_changes(text, text_now))
            if pictures != pictures_now:
                yield f"* {place}: another picture"


def _results(cell: NotebookNode) -> tuple[str, list[str]]:
    """The text of a cell's results, and its pictures byte for byte."""
    texts, pictures = [], []
    for output in cell.outputs:
        data = output.get("data", {})
        texts += [output.get("text", ""), *(data[kind] for kind in TEXTS if kind in data)]
        pictures += [data[kind] for kind in PICTURES if kind in data]
    return "\n".join(filter(None, texts)), pictures


def text_changes(
    old: str, new: str, old_times: Sequence[float] = (), new_times: Sequence[float] = ()
) -> Iterator[str]:
    """Say which numbers of a text changed, old → new, and which words if others changed too."""
    old, new = (ADDRESS.sub("0x…", text) for text in (old, new))
    if old == new:
        return
    if NUMBER.sub("#", old) == NUMBER.sub("#", new):
        changed = [
            f"{a} → {b}"
            for a, b in zip(NUMBER.findall(old), NUMBER.findall(new), strict=True)
            if a != b and not (_is_time(a, old_times) and _is_time(b, new_times))
        ]
        if changed:
            yield ", ".join(changed)
        return
    before, after = old.split(), new.split()
    steps = difflib.SequenceMatcher(None, before, after).get_opcodes()
    changes = [
        f"{_short(before[a:b])} → {_short(after[c:d])}"
        for kind, a, b, c, d in steps
        if kind != "equal"
    ]
    yield from changes[:MANY]
    if len(changes) > MANY:
        yield f"and {len(changes) - MANY} more"


def _short(found: list[str]) -> str:
    text = " ".join(found)
    return f"“{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}”"


def word_changes(old: str, new: str) -> Iterator[str]:
    """Say which words one PDF has more often than the other.

    Numbers are compared in the notebooks, which know what is a time. A time that is a digit longer
    moves words within a page or to the next one.
    """
    before, after = (Counter(_lasting(text)) for text in (old, new))
    for sign, more in (("−", before - after), ("+", after - before)):
        if more:
            found = [f"{word} ({times})" if times > 1 else word for word, times in more.items()]
            yield f"* {sign} {', '.join(found[:MANY])}{', …' if len(found) > MANY else ''}"


def _lasting(text: str) -> list[str]:
    # the first line of a page is its head
    body = "\n".join(page.partition("\n")[2] for page in text.split("\f"))
    kept = TURNED.sub("", RECORD.sub("", body)).split()
    return [word for word in kept if not re.search(r"\d", word)]


def words(pdf: Path) -> str:
    """The text of a PDF, page by page."""
    if not shutil.which("pdftotext"):
        raise FileNotFoundError("comparing PDFs needs pdftotext, of the package poppler-utils")
    command = ["pdftotext", "-enc", "UTF-8", str(pdf), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")


def main() -> int:
    """Print what differs; return 0 if nothing does, and 1 if something does or is missing."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name in ("old", "new"):
        parser.add_argument(name, type=Path, help="a folder of built notebooks")
    given = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        text, equal = report(given.old, given.new)
    except FileNotFoundError as error:
        sys.exit(str(error))
    print(text, end="")
    return 0 if equal else 1


if __name__ == "__main__":
    raise SystemExit(main())
