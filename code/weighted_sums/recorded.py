"""Results of runs that are too long for the build: small tables with date, versions and machine."""

from __future__ import annotations

import csv
import datetime
import importlib.metadata
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weighted_sums.files import replacing

RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True)
class Table:
    """The rows of a recorded result, and where, when and with what it was computed."""

    about: dict[str, str]
    rows: list[dict[str, Any]]

    def __repr__(self) -> str:
        """The rows under each other, below a line for each thing that is known about them."""
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

    Raises ValueError, listing what there is, for another, and naming the file when it is damaged.
    """
    path = RESULTS / f"{name}.csv"
    if not path.exists():
        known = sorted(file.stem for file in RESULTS.glob("*.csv"))
        raise ValueError(f"there is no recorded table {name!r}, only {known}")
    try:
        lines = path.read_text("utf-8").splitlines()
        about = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
        rows = csv.reader((line for line in lines if not line.startswith("#")), strict=True)
        names, *cells = rows
        return Table(about, _numbers([dict(zip(names, row, strict=True)) for row in cells]))
    except (csv.Error, ValueError) as error:
        raise ValueError(f"{path} is damaged or is no recorded table: {error}") from None


def document(name: str) -> dict[str, Any]:
    """Read the committed result `name` that is more than one table."""
    return json.loads((RESULTS / f"{name}.json").read_text("utf-8"))


def record(
    path: Path,
    rows: Sequence[dict[str, Any]],
    command: str,
    packages: Sequence[str] = ("numpy",),
    about: Mapping[str, str] | None = None,
) -> None:
    """Write `rows` to `path`, headed by the command that made them, the date and the versions.

    `about` says more, for example which model was asked. The file is whole or as it was before.
    """
    about = {
        **(about or {}),
        "command": command,
        "date": datetime.date.today().isoformat(),
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in packages},
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }
    with replacing(path, "x", encoding="utf-8", newline="") as file:
        file.writelines(f"# {key}: {value}\n" for key, value in about.items())
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _numbers(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    # where one cell of a column is a word, the others are words too, even "7" and "nan"
    found = [{key: _number(text) for key, text in row.items()} for row in rows]
    words = {key for row in found for key, cell in row.items() if cell and isinstance(cell, str)}
    return [
        {key: row[key] if key in words else cell for key, cell in numbers.items()}
        for row, numbers in zip(rows, found, strict=True)
    ]


def _number(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text
