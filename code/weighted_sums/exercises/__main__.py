"""Grade answers: `python -m weighted_sums.exercises grade FILE…`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from weighted_sums.exercises import _grade
from weighted_sums.exercises._judge import Limits, hide


def main(arguments: list[str] | None = None) -> int:
    """Grade files and print the verdicts; 0 if all exercises pass, 1 if not, 2 for a bad file."""
    parser = argparse.ArgumentParser(prog="weighted_sums.exercises", description=__doc__)
    grade = parser.add_subparsers(dest="command", required=True).add_parser("grade")
    grade.add_argument("files", nargs="+", type=Path, help="notebooks, modules, answers of a page")
    grade.add_argument("--chapter", action="append", default=[], help="whose exercises all count")
    grade.add_argument("--json", type=Path, help="write the verdicts there")
    grade.add_argument("--junit", type=Path, help="write them there as JUnit XML")
    grade.add_argument("--seconds", type=int, default=60, help="for each answer")
    grade.add_argument("--megabytes", type=int, default=4096, help="for each answer")
    given = parser.parse_args(arguments)
    reports, limits, bad = {}, Limits(given.seconds, given.megabytes), False
    for path in given.files:
        try:
            reports[str(path)] = _grade.of_file(path, limits, given.chapter)
        except Exception as error:  # one file that nobody can read must not hold up the others
            print(f"{path}: {type(error).__name__}: {error}", file=sys.stderr)
            bad = True
    for file, results in reports.items():
        print(f"{file}: {sum(r.passed for r in results)} of {len(results)}")
        for result in results:
            print(f"  {'✓' if result.passed else '✗'} {result.name}: {result.message}")
    if given.json:
        given.json.write_text(_grade.as_json(reports), "utf-8")
    if given.junit:
        given.junit.write_text(_grade.as_junit(reports), "utf-8")
    return 2 if bad else 0 if all(r.passed for results in reports.values() for r in results) else 1


if __name__ == "__main__":
    hide()
    raise SystemExit(main())
