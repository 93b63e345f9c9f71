"""Grading: read what a reader handed in, have each answer judged, and report the verdicts."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from weighted_sums.exercises import names
from weighted_sums.exercises._cells import earlier, needed
from weighted_sums.exercises._judge import Limits, Result, grade

CHECK = re.compile(r"""\bcheck\(\s*["']([a-z_]+\.[a-z_0-9]+)["']""")
FORMAT = "Weighted Sums: answers"


def units(path: Path) -> Iterator[tuple[str, list[str]]]:
    """The pieces of a file that run apart, each with the exercises that it answers.

    A notebook's cells and a page's answers run with what they need of the cells above; a module
    runs whole. ValueError for a file that is none of these.
    """
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        yield text, sorted(set(CHECK.findall(text)))
        return
    data = json.loads(text)
    if data.get("format") == FORMAT:
        for one in data["answers"]:
            yield f"{one.get('setup', '')}\n{one['source']}", [str(one["name"])]
    elif "cells" in data:
        yield from _of_notebook(data["cells"])
    else:
        raise ValueError(f"{path} is no notebook, no module, and no file of answers from a page")


def _of_notebook(found: list[dict]) -> Iterator[tuple[str, list[str]]]:
    code = [cell for cell in found if cell["cell_type"] == "code"]
    cells = [("".join(c["source"]), c["metadata"].get("tags", [])) for c in code]
    for number, (source, tags) in enumerate(cells):
        if CHECK.search(source) and "solution" not in tags:
            above = earlier(cells, number)
            setup = [above[index].text for index in needed(source, above)]
            yield "\n".join([*setup, source]), CHECK.findall(source)


def of_file(path: Path, limits: Limits, chapters: list[str]) -> list[Result]:
    """All verdicts on a file; exercises of `chapters` that it does not answer count as open."""
    found = {r.name: r for unit, wanted in units(path) for r in grade(unit, wanted, limits)}
    wanted = [name for chapter in chapters for name in names(chapter)]
    missing = {name: Result(name, False, "not answered", 0.0) for name in wanted}
    return [*(missing | found).values()]


def as_json(reports: dict[str, list[Result]]) -> str:
    """The verdicts on several files as JSON."""
    told = {file: [asdict(result) for result in results] for file, results in reports.items()}
    return json.dumps(told, indent=1, ensure_ascii=False)


def as_junit(reports: dict[str, list[Result]]) -> str:
    """The same as JUnit XML: a suite for each file, a case for each exercise."""
    suites = ET.Element("testsuites")
    for file, results in reports.items():
        failures = sum(not result.passed for result in results)
        counted = {"name": file, "tests": str(len(results)), "failures": str(failures)}
        suite = ET.SubElement(suites, "testsuite", counted)
        for result in results:
            chapter, _, name = result.name.partition(".")
            about = {"classname": chapter, "name": name, "time": str(result.seconds)}
            case = ET.SubElement(suite, "testcase", about)
            if not result.passed:
                ET.SubElement(case, "failure", {"message": _legal(result.message)})
    return ET.tostring(suites, encoding="unicode", xml_declaration=True)


def _legal(text: str) -> str:
    # XML has no words for most control characters
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "�", text)
