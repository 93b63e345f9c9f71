"""What Python in the page costs: `make bench-page`, after `make book`.

In Chromium, from a server on this machine that compresses as static hosts do: bytes and seconds
from the press of a button to the first verdict, to the second, and to the first of a later visit;
the seconds that all starters and solutions of a chapter take; and how many times as long as in
CPython a cell takes that computes for a while, one in each chapter. The result is recorded in
`bench/page.json`, and as Markdown beside it.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright
from site_weight import FLAGS, ROOT, SITE, Compressing

RESULT = ROOT / "bench" / "page.json"
PAGE, EXERCISE = "chapters/neurons/networks.html", "#ex-networks-count"
VERDICT = f"{EXERCISE} .run-output .verdict-no"
WHILE = (3, 30)  # seconds in the page, as foreseen, of a cell that is compared
PATIENCE = 300_000  # milliseconds
BEGIN = """async cells => {
    const script = document.querySelector("script[data-runtime]");
    const { Session } = await import(new URL("session.mjs", script.src));
    window.python = Session.at({ ...script.dataset, cells });
    await window.python.open();
}"""
RUN = """async ([scope, cell, source]) => {
    const begun = performance.now();
    const result = await window.python.run({ scope, cell, source }, () => {});
    const errors = result.parts.filter(part => part.kind === "error").map(part => part.text);
    return [(performance.now() - begun) / 1000, errors];
}"""
HERE = """
import json, sys, time
from weighted_sums.exercises import _page
cells, number = json.load(sys.stdin)
chapter = _page.Chapter([(cell["source"], cell["tags"]) for cell in cells])
for _ in range(2):
    begun = time.perf_counter()
    chapter.cell(number, cells[number]["source"])
print(time.perf_counter() - begun)
"""


class Counting(Compressing):
    """Counts what it sends: a page's own tools do not see what its worker loads."""

    sent: ClassVar[list[int]] = []

    def do_HEAD(self) -> None:  # noqa: N802
        """Say how large a file is."""
        self.send_response(200)
        self.send_header("Content-Length", str((SITE / self.path.lstrip("/")).stat().st_size))
        self.send_header("Accept-Ranges", "none")
        self.end_headers()

    def send_header(self, name: str, value: str) -> None:
        """Note the size that an answer states."""
        if name == "Content-Length" and self.command == "GET":
            Counting.sent.append(int(value))
        super().send_header(name, value)


def visit(page: Page, base: str, button: str) -> dict[str, float]:
    """Open a page, do an exercise twice; seconds to each verdict, and what had to be loaded."""
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(str(urlsplit(request.url).hostname)))
    page.goto(base + PAGE, wait_until="networkidle")
    Counting.sent.clear()
    page.locator(EXERCISE).get_by_role("button", name=button).press("Enter")
    page.locator(f"{EXERCISE} textarea").wait_for()
    found = {"first_seconds": _verdict(page), "second_seconds": _verdict(page)}
    hosts -= {"127.0.0.1", "None"}
    return found | {"megabytes": round(sum(Counting.sent) / 1e6, 2), "other_hosts": len(hosts)}


def _verdict(page: Page) -> float:
    page.evaluate("selector => document.querySelector(selector)?.remove()", VERDICT)
    begun = page.evaluate("performance.now()")
    page.keyboard.press("Control+Enter")
    page.locator(VERDICT).wait_for(timeout=PATIENCE)
    return round((page.evaluate("performance.now()") - begun) / 1000, 2)


def visits(browser: Browser, base: str) -> dict[str, dict[str, float]]:
    """The first visit of a browser, and one of another day."""
    context = browser.new_context()
    found = {}
    for name, button in (("first visit", "Do it here"), ("later visit", "Go on")):
        page = context.new_page()
        found[name] = visit(page, base, button)
        page.close()
    context.close()
    return found


def chapters() -> dict[str, list[dict]]:
    """The cells of each page that has some, by its address without the ending."""
    folder = SITE / "_static" / "cells"
    paths = {str(p.relative_to(folder).with_suffix("")): p for p in sorted(folder.rglob("*.json"))}
    return {name: json.loads(path.read_text("utf-8")) for name, path in paths.items()}


def chapter(browser: Browser, base: str, name: str, cells: list[dict]) -> dict:
    """What the exercises of a chapter take, and one of its longer cells beside CPython."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{base}{name}.html")
    page.evaluate(BEGIN, f"cells/{name}.json")
    exercises = [n for n, c in enumerate(cells) if {"starter", "solution"} & {*c["tags"]}]
    times = [page.evaluate(RUN, ["answer", n, cells[n]["source"]]) for n in exercises]
    failed = [n for n, (_, errors) in zip(exercises, times, strict=True) if errors]
    taken = [seconds for seconds, _ in times]
    row = {"page": name, "answers": len(taken), "seconds": round(sum(taken), 1), "failed": failed,
           "slowest": round(max(taken, default=0), 1)}  # fmt: skip
    if (number := _longer(cells)) is not None:
        for _ in range(2):  # the first runs what it needs as well
            there, errors = page.evaluate(RUN, ["cell", number, cells[number]["source"]])
        given = json.dumps([cells, number])
        run = subprocess.run(
            [sys.executable, "-c", HERE], input=given, capture_output=True, text=True
        )
        if not errors and run.returncode == 0:
            here = float(run.stdout.split()[-1])
            row |= {"cell": number, "page_seconds": round(there, 2)}
            row |= {"cpython_seconds": round(here, 2), "factor": round(there / here, 1)}
    page.close()
    return row


def _longer(cells: list[dict]) -> int | None:
    # the longest cell that, with what it needs, stays within reason
    def whole(cell: dict) -> float:
        return cell.get("seconds", 0) + sum(
            cells[n].get("seconds", 0) for n in cell.get("needs", [])
        )

    fit = [(c["seconds"], n) for n, c in enumerate(cells) if WHILE[0] < c.get("seconds", 0)
           and whole(c) < WHILE[1] and not c.get("lacks") and n > 1
           and not {"starter", "solution", "raises-exception"} & {*c["tags"]}]  # fmt: skip
    return max(fit)[1] if fit else None


def table(found: dict) -> str:
    """The result as Markdown."""
    lines = [
        "# Python in the page",
        "",
        f"Measured {found['date']} with Chromium {found['chromium']} on {found['machine']} by",
        "`make bench-page`: what is loaded, compressed, when a reader presses the button, and the",
        "seconds from Ctrl+Enter to the verdict, the loading included. The machine's load was",
        f"{found['load']} when it began; on an idle one the seconds are fewer.",
        "",
        "| | MB loaded | first verdict | second verdict | other hosts asked |",
        "|---|---|---|---|---|",
    ]
    for name, one in found["visits"].items():
        lines.append(f"| {name} | {one['megabytes']} | {one['first_seconds']} s | "
                     f"{one['second_seconds']} s | {one['other_hosts']} |")  # fmt: skip
    factors = [row["factor"] for row in found["chapters"] if "factor" in row]
    lines += [
        "",
        "All starters and solutions of a chapter, with what they need of it, and one cell that",
        "computes for a while beside CPython, both with one thread:",
        "",
        "| page | answers | seconds | slowest | cell | page | CPython | times |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found["chapters"]:
        rest = [row.get(k, "") for k in ("cell", "page_seconds", "cpython_seconds", "factor")]
        shown = [row["page"], row["answers"], row["seconds"], row["slowest"], *rest]
        lines.append("| " + " | ".join(map(str, shown)) + " |")
    if factors:
        least, most, median = min(factors), max(factors), statistics.median(factors)
        lines += ["", f"A page takes {least} to {most} times as long as CPython; the median of"]
        lines += [f"{len(factors)} cells is {median:.1f}."]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print the table and record it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/"
    wanted = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        found = {
            "date": datetime.date.today().isoformat(),
            "chromium": browser.version,
            "load": round(os.getloadavg()[0], 1),
            "machine": f"{platform.machine()}, Python {platform.python_version()}",
            "visits": visits(browser, base),
            "chapters": [],
        }
        print(found["visits"], flush=True)
        for name, cells in chapters().items():
            if not wanted or Path(name).name in wanted:
                found["chapters"].append(chapter(browser, base, name, cells))
                print(found["chapters"][-1], flush=True)
        browser.close()
    RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    RESULT.with_suffix(".md").write_text(table(found), "utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
