"""What takes long in a page says so before it runs, and what cannot run says why."""

import json
import re
from urllib.parse import urlsplit

import checks
import looks
import pytest
from playwright.sync_api import expect
from python_page import there
from served import SITE

PAGE = "chapters/neurons/networks.html"
TORCH = "chapters/transformers/training-gpt.html"
FIRST = 60_000  # milliseconds, on a machine that does much else

pytestmark = pytest.mark.skipif(not there(), reason="this site has no Python in its pages")


def open_with(page, base, times):
    """Open a page whose build took other times: seconds for each cell, by `times(number)`."""

    def change(route):
        cells = json.loads((SITE / urlsplit(route.request.url).path[1:]).read_text("utf-8"))
        for number, cell in enumerate(cells):
            cell.pop("seconds", None)
            if seconds := times(number):
                cell["seconds"] = seconds
        route.fulfill(json=cells)

    page.route(re.compile(r"/cells/.*\.json"), change)
    page.goto(base + PAGE, wait_until="networkidle")


def cell_of(page, index):
    cells = page.locator("div.cell:has(> .run-bar .run-button):not(.tag_starter, .tag_solution)")
    name = re.search(r"cell-(\d+)", cells.nth(index).get_attribute("class"))
    return page.locator(f"div.{name[0]}"), int(name[1])


def begin(page, cell, text):
    cell.get_by_role("button", name="Edit and run").press("Enter")
    expect(cell.locator("textarea")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def test_what_takes_long_says_so_and_runs_when_it_is_asked_for_twice(fresh, base):
    open_with(fresh, base, lambda number: 200)
    cell, _ = cell_of(fresh, 0)
    begin(fresh, cell, "print('it', 'ran')")
    note = cell.locator(".run-note")
    expect(note).to_contain_text("Takes some 3 minutes in this page")
    assert note.get_by_role("link").get_attribute("href").endswith(".ipynb")
    fresh.keyboard.press("Control+Enter")
    expect(cell.locator(".run-status")).to_contain_text("Press Run once more")
    assert cell.locator(".run-output").count() == 0
    assert checks.accessibility(fresh, "div.cell:has(.run-note:not([hidden]))") == []
    looks.show(fresh, 360, "dark")
    assert checks.accessibility(fresh, "div.cell:has(.run-note:not([hidden]))") == []
    assert checks.width(fresh) == []
    cell.locator("textarea").focus()
    fresh.keyboard.press("Control+Enter")
    expect(cell.locator(".run-output")).to_contain_text("it ran", timeout=FIRST)


def test_an_exercise_that_takes_long_says_so_too(fresh, base):
    open_with(fresh, base, lambda number: 50)
    part = fresh.locator("#ex-networks-count")
    part.get_by_role("button", name="Do it here").press("Enter")
    expect(part.locator(".run-note")).to_contain_text("some 50 seconds")


@pytest.mark.parametrize("seconds", [0, 1])
def test_what_is_short_or_unknown_runs_at_once(fresh, base, seconds):
    open_with(fresh, base, lambda number: seconds)
    cell, _ = cell_of(fresh, 0)
    begin(fresh, cell, "print('it', 'ran')")
    fresh.keyboard.press("Control+Enter")
    expect(cell.locator(".run-output")).to_contain_text("it ran", timeout=FIRST)
    expect(cell.locator(".run-note")).to_be_hidden()


def test_all_above_are_summed_up_and_asked_for_once(fresh, base):
    open_with(fresh, base, lambda number: 15)  # none of them is long alone
    cells = [cell_of(fresh, index)[0] for index in range(2)]
    begin(fresh, cells[0], "here = 41")
    begin(fresh, cells[1], "here + 1")
    above = cells[1].get_by_role("button", name="Run all above")
    above.press("Enter")
    expect(cells[1].locator(".run-status")).to_contain_text("Press Run all above once more")
    expect(cells[1].locator(".run-note")).to_contain_text("Takes some")
    assert cells[1].locator(".run-output").count() == 0
    above.press("Enter")
    expect(cells[1].locator(".run-output")).to_contain_text("42", timeout=FIRST)


def test_a_cell_that_cannot_run_says_why_and_offers_the_notebook(page, base):
    page.goto(base + TORCH, wait_until="networkidle")
    refused = page.locator("div.cell:has(.run-lacks)")
    assert refused.count() > 1
    expect(refused.first.locator(".run-lacks")).to_contain_text("This needs PyTorch")
    assert refused.first.get_by_role("link").first.get_attribute("href").endswith(".ipynb")
    assert refused.get_by_role("button", name="Edit and run").count() == 0
    assert page.get_by_role("button", name="Edit and run").count() > 5
    assert checks.accessibility(page, "div.cell:has(.run-lacks)") == []
