"""Results of runs too long for the build: small tables with date, versions and machine."""

from __future__ import annotations

import csv
import datetime
import importlib.metadata
import io
import json
import os
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weighted_sums.workshop.files import atomic_write

RESULTS = Path(__file__).parents[1] / "results"
INTEGER = re.compile("-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(INTEGER.pattern + r"(\.[0-9]+)?(e[+-]?[0-9]+)?|-?inf|nan")


@dataclass(frozen=True)
class Table:
    """The rows of a recorded result, with the command, date, versions and machine of its run."""

    about: dict[str, str]
    rows: list[dict[str, Any]]

    def __repr__(self) -> str:
        """The rows as columns of text, below a line for each entry of `about`."""
        lines = [list(self.rows[0]), *[[str(cell) for cell in row.values()] for row in self.rows]]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        cells = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        ]
        return "\n".join([*(f"{key}: {value}" for key, value in self.about.items()), "", *cells])

    def _repr_markdown_(self) -> str:
        return f"```text\n{self}\n```"


def table(name: str) -> Table:
    """Read the committed table `name`.

    Raises ValueError for an unknown name, listing the known ones, and for a damaged file.
    """
    path = RESULTS / f"{name}.csv"
    if not path.exists():
        known = sorted(file.stem for file in RESULTS.glob("*.csv"))
        raise ValueError(f"there is no recorded table {name!r}, only {known}")
    try:
        # newlines are not translated: those within a cell are part of it
        text = path.read_bytes().decode("utf-8")
        about, body = _about(text)
        names, *cells = csv.reader(io.StringIO(body, newline=""), strict=True)
        if len(set(names)) < len(names):
            raise ValueError(f"two of its columns have the same name: {names}")
        return Table(about, _numbers([dict(zip(names, row, strict=True)) for row in cells]))
    except (csv.Error, ValueError) as error:
        raise ValueError(f"{path} is damaged or is not a recorded table: {error}") from None


def load_json(name: str) -> dict[str, Any]:
    """Read the committed result `name`, which holds more than one table."""
    return json.loads((RESULTS / f"{name}.json").read_text("utf-8"))


def record(
    path: Path,
    rows: Sequence[dict[str, Any]],
    command: str,
    packages: Sequence[str] = ("numpy",),
    about: Mapping[str, str] | None = None,
) -> None:
    """Write `rows` to `path`, headed by the command that made them, the date and the versions.

    `about` adds notes, for example the name of a model. A string that looks like a number is read
    back as one, unless its column also holds a word; everything else is read back unchanged. Raises
    ValueError, before the file is touched, for rows of different columns and notes of several
    lines.
    """
    about = {
        **(about or {}),
        "command": command,
        "date": datetime.date.today().isoformat(),
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in packages},
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }
    for key, value in about.items():
        if ": " in key or not f"{key}{value}".isprintable():
            raise ValueError(f"a note must be on one line, not {key!r}: {value!r}")
    lines = _lines(rows)
    with atomic_write(path, "x", encoding="utf-8", newline="") as file:
        file.writelines(f"# {key}: {value}\n" for key, value in about.items())
        file.writelines(lines)


def _about(text: str) -> tuple[dict[str, str], str]:
    """Return the notes in the lines that begin with #, and the text of the table after them."""
    about = {}
    while text.startswith("# "):
        line, _, text = text.partition("\n")
        key, separator, value = line[2:].partition(": ")
        if not separator or key in about:
            raise ValueError(f"the line {line!r:.100} has no name, or one that occurs twice")
        about[key] = value
    return about, text


def _lines(rows: Sequence[dict[str, Any]]) -> list[str]:
    columns = list(rows[0]) if rows else []
    if not columns or columns[0].startswith("#"):
        raise ValueError(f"a table needs rows, and columns with names, not {columns}")
    for row in rows:
        if row.keys() != set(columns):
            raise ValueError(f"a row has the columns {list(row)}, the first one {columns}")
    return [_line(columns), *(_line([row[name] for name in columns]) for row in rows)]


def _line(cells: Sequence[Any]) -> str:
    # csv quotes cells that contain line ends, but only the line end that it writes itself
    csv.writer(file := io.StringIO(newline=""), lineterminator="\r\n").writerow(cells)
    return file.getvalue().removesuffix("\r\n") + "\n"


def _numbers(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    # if one cell of a column is a word, the others are strings too, even "7" and "nan"
    found = [{key: _number(text) for key, text in row.items()} for row in rows]
    words = {key for row in found for key, cell in row.items() if cell and isinstance(cell, str)}
    return [
        {key: row[key] if key in words else cell for key, cell in numbers.items()}
        for row, numbers in zip(rows, found, strict=True)
    ]


def _number(text: str) -> int | float | str:
    # Python would read "007" and "1_000" as numbers; a table must not
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text
