"""What a page costs to load: `make bench-site`, after `make book`.

A small static server on this machine compresses as such servers do (gzip). Chromium opens each page
twice, once as a first visit, with nothing kept, and once as the second page, after another page of
the book. Counted is what goes over the wire, headers included, as the page opens, and again when it
has been read to its end, which brings late pictures and wakes the figures that answer back.
What a figure fetches on a click is not in it.

Lighthouse judges each page on its simulated phone, if `npx` can run it: of the performance, which
varies, the median of three runs counts.
The result is recorded in `bench/site.json`, and as Markdown beside it.
"""

from __future__ import annotations

import datetime
import gzip
import json
import mimetypes
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
RESULT = ROOT / "bench" / "site.json"
LIGHTHOUSE = "lighthouse@12.8.2"
RUNS = 3  # its performance varies by some hundredths from run to run
JUDGED = ("performance", "accessibility", "best-practices", "seo")
GOALS = {"first_kb": 400, "first_read_kb": 400, "second_kb": 120, "second_read_kb": 120}
MOVED = "<title>This page has moved</title>"  # an old address, which leads on
LEAST = 0.93  # Lighthouse's mark for performance
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
BEFORE = "chapters/index.html"  # the page that a second page comes after
TO_THE_END = """async () => {
    for (let y = 0; y < document.body.scrollHeight; y += 500) {
        scrollTo(0, y);
        await new Promise(done => setTimeout(done, 40));
    }
}"""
SHRINKS = {"json", "wasm", "xml", "svg+xml", "manifest+json", "rss+xml", "atom+xml"}
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("font/woff2", ".woff2")


class Compressing(BaseHTTPRequestHandler):
    """Serves the site as static hosts do: compressed where that helps, kept for ten minutes."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer with a file, or with 404."""
        path = SITE / self.path.split("?")[0].lstrip("/")
        if not path.is_file():
            self.send_error(404)
            return
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        content = path.read_bytes()
        small = kind.startswith("text/") or kind.partition("/")[2] in SHRINKS
        if small:
            content = gzip.compress(content, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "max-age=600")
        if small:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def transfer(context: BrowserContext, address: str) -> tuple[float, float]:
    """Kilobytes over the wire for one page: as it opens, and when it was read to its end."""
    page = context.new_page()
    sizes: list[int] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    opened = sum(sizes)
    page.evaluate(TO_THE_END)
    page.wait_for_load_state("networkidle")
    page.close()
    return round(opened / 1000, 1), round(sum(sizes) / 1000, 1)


def weights(browser: Browser, base: str, name: str) -> dict[str, float]:
    """Kilobytes of a page as the first visit and as the second page."""
    found = {}
    for key, before in (("first", None), ("second", BEFORE)):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        if before:
            transfer(context, base + before)
        found[f"{key}_kb"], found[f"{key}_read_kb"] = transfer(context, base + name)
        context.close()
    return found


def judgement(address: str) -> dict[str, float]:
    """What Lighthouse says of a page, from 0 to 1; of the performance, the median of `RUNS` runs.

    Nothing where it cannot be run.
    """
    found = _judged(address, JUDGED)
    runs = [found, *(_judged(address, JUDGED[:1]) for _ in range(RUNS - 1))] if found else []
    return found | {key: statistics.median(run[key] for run in runs) for key in JUDGED[:1] if runs}


def _judged(address: str, categories: tuple[str, ...]) -> dict[str, float]:
    if not shutil.which("npx"):
        return {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.json")
        flags = f"--chrome-flags=--headless {' '.join(FLAGS[:2])}"
        command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", flags, "--output=json"]
        command += [f"--only-categories={','.join(categories)}"]
        run = subprocess.run([*command, f"--output-path={path}"], capture_output=True, text=True)
        if not path.is_file():
            print(f"no judgement: {run.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
            return {}
        report = json.loads(path.read_text("utf-8"))
    return {key: report["categories"][key]["score"] for key in categories}


def table(found: dict) -> str:
    """The result as Markdown."""
    rows = found["pages"]
    lines = [
        "# The weight of the site",
        "",
        f"Measured {found['date']} with Chromium {found['chromium']} by `make bench-site`: kB over",
        "the wire, compressed, as a page opens and, in brackets, when it was read to its end; and",
        f"what Lighthouse says of it, of its performance the median of {RUNS} runs. Goals: first",
        f"visit {GOALS['first_kb']} kB, second page {GOALS['second_kb']} kB.",
        "",
        "| page | first visit | second page | " + " | ".join(JUDGED) + " |",
        "|---|---|---|" + "---|" * len(JUDGED),
    ]
    for row in rows:
        marks = " | ".join(str(row.get(key, "")) for key in JUDGED)
        first = f"{row['first_kb']} ({row['first_read_kb']})"
        second = f"{row['second_kb']} ({row['second_read_kb']})"
        lines.append(f"| {row['page']} | {first} | {second} | {marks} |")
    if low := [row["page"] for row in rows if row.get("performance", 1) < LEAST]:
        lines += ["", f"Performance below {LEAST}: {', '.join(low)}."]
    for key, goal in GOALS.items():
        over = [row["page"] for row in rows if row[key] > goal]
        lines += ["", f"`{key}` above {goal}: {', '.join(over) or 'none'}."]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure every page, print the table and record it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Compressing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/"
    pages = [
        p for p in sorted((SITE / "chapters").rglob("*.html")) if MOVED not in p.read_text("utf-8")
    ]
    names = [str(p.relative_to(SITE)) for p in pages]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        rows = [{"page": name, **weights(browser, base, name)} for name in names]
        version = browser.version
        browser.close()
    for row in rows:
        row |= judgement(base + row["page"])
        print(row, flush=True)
    day = datetime.date.today().isoformat()
    found = {"date": day, "chromium": version, "lighthouse": LIGHTHOUSE, "pages": rows}
    RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    RESULT.with_suffix(".md").write_text(table(found), "utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
