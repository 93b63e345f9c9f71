"""How many tokens a second the chapter's GPT writes in the page, in this machine's Chromium.

Run `make book` first, then `python -m bench browser`. Prints the median and the range of several
runs, and the sizes of what the page fetches for it.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

import conftest  # noqa: E402
import interactives  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

TOKENS, RUNS = 100, 7
WRITE = """async ([folder, payload, address, count]) => {
    const {unpackTree} = await import(folder + "kit/unpack.mjs");
    const {Writer} = await import(folder + "figures/gpt.mjs");
    const bytes = await (await fetch(address)).arrayBuffer();
    const writer = new Writer(unpackTree(payload.model, bytes), payload.merges);
    const start = performance.now();
    writer.write({...payload.start, count});
    return count / (performance.now() - start) * 1000;
}"""


def main() -> None:
    """Measure and print."""
    server, base = conftest.serve(conftest.SITE)
    payload = interactives.payload_of("gpt")
    (modules,) = (conftest.SITE / "_static").glob("interactive-*")
    source = interactives.script_of("gpt")[0].split('data-src="')[1].split('"')[0]
    address = f"{base}{source.removeprefix('../../')}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.goto(base + "search.html")
        given = [f"{base}_static/{modules.name}/", payload, address, TOKENS]
        rates = [page.evaluate(WRITE, given) for _ in range(RUNS)]
        browser.close()
    server.shutdown()
    size = len(interactives.data_of("gpt"))
    print(f"{statistics.median(rates):.0f} tokens/s ({min(rates):.0f} to {max(rates):.0f})")
    print(f"{size:,} bytes of weights")


if __name__ == "__main__":
    main()
