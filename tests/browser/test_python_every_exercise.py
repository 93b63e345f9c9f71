"""Each exercise of each page by keyboard alone, at a desk and on a phone.

Python itself is left out: a stand-in for the worker answers at once with the exercise that it was
asked about. `test_python_verdicts.py` asks Python about each.
"""

import checks
import looks
import pytest
from playwright.sync_api import expect
from python_page import chapters, there

PAGES = chapters()
# says of each run which cell was asked, and calls an answer right that says so
WORKER = """addEventListener("message", ({ data }) => {
    const name = /\\bcheck\\(\\s*["']([\\w.]+)["']/.exec(data.source ?? "")?.[1];
    const passed = (data.source ?? "").includes("# right");
    const verdict = { kind: "verdict", name, passed, message: `cell ${data.cell}` };
    const result = data.kind === "run" && { setup: "", parts: [verdict] };
    postMessage({ kind: "done", result });
});"""
OPEN = ".bd-article .exercise .tag_starter"

pytestmark = pytest.mark.skipif(not there(), reason="this site has no Python in its pages")


@pytest.mark.parametrize("page_name", PAGES)
def test_every_exercise_is_reached_done_and_left_by_keyboard(page, base, page_name):
    page.route(
        "**/run/worker.mjs",
        lambda route: route.fulfill(body=WORKER, content_type="text/javascript"),
    )
    page.goto(f"{base}{page_name}.html", wait_until="load")
    starters = [n for n, cell in enumerate(PAGES[page_name]) if "starter" in cell["tags"]]
    for done, number in enumerate(starters):
        part = page.locator(f".exercise div.cell-{number}")
        part.get_by_role("button", name="Do it here").focus()
        page.keyboard.press("Enter")
        expect(part.locator("textarea")).to_be_focused()
        page.keyboard.press("Control+End")
        page.keyboard.insert_text("  # right")
        for _ in range(2):  # what takes long is asked for twice
            page.keyboard.press("Control+Enter")
        expect(part.locator(".verdict-yes")).to_contain_text(f"cell {number}")
        told = f"{done + 1} of {len(starters)} exercises with a check done"
        expect(page.locator(".run-progress")).to_contain_text(told)
        page.keyboard.press("Escape")
        expect(part.get_by_role("button", name="Run")).to_be_focused()
    for width, theme in ((1280, "light"), (360, "dark")):
        looks.show(page, width, theme)
        assert checks.accessibility(page, OPEN) == []
        assert checks.width(page) == []
