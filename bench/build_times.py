"""How long the book takes to build, and how much memory: from nothing, and after small changes.

    python bench/build_times.py bench/build

works in a clone of the last commit, on two cores, with the environment that runs it, and records
`bench/build.json` and `bench/build.md`. With `--cache _build/cache` the chapters are not run: what
is then called cold is all the rest of a build.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psutil

from bookbuild.chapters import chapter, chapter_files
from bookbuild.dependencies import imported_files

ROOT = Path(__file__).resolve().parents[1]
CORES = 2
INTERVAL = 0.1  # seconds between two looks at the memory
PAGE = Path("chapters", "neurons", "networks.md")
MODULE = Path("code", "weighted_sums", "ngrams.py")
RAN = re.compile(r"^\[\d+/\d+\] ran +[\d.]+ s  (\S+)$", re.M)
GOALS = {"cold": 360, "no change": 1, "a word of prose, the site": 20}


class Peak(threading.Thread):
    """Adds up the resident memory of a process and its descendants, and keeps the largest sum."""

    def __init__(self, pid: int):
        """Watch the process `pid`."""
        super().__init__(daemon=True)
        self.process, self.bytes, self.ended = psutil.Process(pid), 0, threading.Event()

    def run(self) -> None:
        """Look again and again until the process has ended."""
        while not self.ended.wait(INTERVAL):
            total = 0
            try:
                for process in [self.process, *self.process.children(recursive=True)]:
                    total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
            self.bytes = max(self.bytes, total)


def timed(checkout: Path, target: str, name: str) -> dict:
    """Make one target in `checkout`; return seconds, processor seconds, memory, and what ran."""
    code = os.pathsep.join(str(checkout / part) for part in ("_ext", "code"))
    line = ["make", "-s", "-o", ".venv/ready", f"PYTHONPATH={code}", target]
    before, load = os.times(), os.getloadavg()[0]
    process = subprocess.Popen(line, cwd=checkout, stdout=subprocess.PIPE, text=True)
    peak = Peak(process.pid)
    peak.start()
    out, _ = process.communicate()
    peak.ended.set()
    after = os.times()
    if process.returncode:
        raise SystemExit(f"make {target} failed")
    print(f"{name}: {after.elapsed - before.elapsed:.1f} s", file=sys.stderr)
    used = (after.children_user + after.children_system) - (
        before.children_user + before.children_system
    )
    return {
        "name": name,
        "command": f"make {target}",
        "seconds": round(after.elapsed - before.elapsed, 1),
        "processor_seconds": round(used, 1),
        "peak_mb": round(peak.bytes / 1e6),
        "load_before": round(load, 1),
        "chapters": sorted(RAN.findall(out)),
    }


def change_word(checkout: Path) -> None:
    """Put one more word into the prose of a chapter."""
    path = checkout / PAGE
    text = path.read_text("utf-8")
    path.write_text(text.replace("\nBefore you look: ", "\nBefore you look on: ", 1), "utf-8")
    assert path.read_text("utf-8") != text, f"no sentence to change in {PAGE}"


def dependents(checkout: Path) -> list[str]:
    """The chapters that import the module which is going to change."""
    texts = {path: path.read_text("utf-8") for path in chapter_files(checkout)}
    return sorted(
        str(path.relative_to(checkout))
        for path, text in texts.items()
        if chapter(text).runs and checkout / MODULE in imported_files(text, checkout / "code")
    )


def measure(checkout: Path) -> list[dict]:
    """Build from nothing, then after one change at a time."""
    rows = [timed(checkout, "book", "cold"), timed(checkout, "book", "no change")]
    change_word(checkout)
    rows.append(timed(checkout, "site", "a word of prose, the site"))
    rows.append(timed(checkout, "book", "then the PDF as well"))
    with open(checkout / MODULE, "a", encoding="utf-8") as file:
        file.write("# one more line\n")
    rows.append(timed(checkout, "book", f"a line of {MODULE.name}"))
    if rows[-1]["chapters"] != dependents(checkout):
        raise SystemExit(f"{rows[-1]['chapters']} ran, {dependents(checkout)} depend on {MODULE}")
    return rows


def markdown(result: dict) -> str:
    """The result as a table."""
    lines = [
        f"Measured {result['date']} at commit {result['commit']} on {CORES} cores of "
        f"{result['machine']}, Python {result['python']}.",
        "Memory is the largest sum of resident sizes of all processes, looked at every "
        f"{INTERVAL} s; shared pages count in each.",
        "The load says how busy the machine was when a row began.",
        *(["The chapters' results came from a cache: cold is all the rest."] * result["cached"]),
        "",
        "| what | command | seconds | goal | processor s | peak MB | load | chapters run |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in result["rows"]:
        ran = ", ".join(Path(name).stem for name in row["chapters"])
        shown = ran if 0 < len(row["chapters"]) < 9 else len(row["chapters"])
        lines.append(
            f"| {row['name']} | `{row['command']}` | {row['seconds']} | "
            f"{GOALS.get(row['name'], '')} | {row['processor_seconds']} | {row['peak_mb']} | "
            f"{row['load_before']} | {shown} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure in a clone and record the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("record", type=Path, help="where to write, without an ending")
    parser.add_argument("--cache", type=Path, help="results of chapters, not to run them")
    given = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    git = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder, "book")
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(checkout)], check=True)
        (checkout / ".venv").symlink_to(sys.prefix)
        if given.cache:
            shutil.copytree(given.cache, checkout / "_build" / "cache")
        result = {
            "date": datetime.date.today().isoformat(),
            "commit": subprocess.run(git, capture_output=True, text=True).stdout.strip(),
            "machine": f"{platform.machine()}, {platform.system()}",
            "python": platform.python_version(),
            "cached": given.cache is not None,
            "rows": measure(checkout),
        }
    given.record.with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    given.record.with_suffix(".md").write_text(markdown(result), "utf-8")
    print(markdown(result), end="")


if __name__ == "__main__":
    main()
