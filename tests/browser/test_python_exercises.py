"""Exercises in the page, by keyboard: edit, run, stop, keep, save and bring back."""

import json
import re
from urllib.parse import urlsplit

import checks
import looks
import pytest
from playwright.sync_api import expect
from python_page import there
from test_furniture import FORBIDDEN

PAGE = "chapters/neurons/networks.html"
EXERCISE = "#ex-networks-count"
RIGHT = """def count(sizes):
    print("look", sizes)
    return sum(n * (m + 1) for m, n in zip(sizes, sizes[1:]))

check("networks.count", count)"""
WRONG = """def count(sizes):
    return sizes[9]

count([1, 2])"""
# those of a first press: runtime, NumPy, package, editor; Matplotlib would be 9 MB more
MOST_BYTES = 19_000_000  # as files; compressed by a host some 9 MB
FIRST, AGAIN = 60_000, 20_000  # milliseconds, on a machine that does much else


pytestmark = pytest.mark.skipif(not there(), reason="this site has no Python in its pages")


@pytest.fixture
def opened(fresh, base):
    fresh.goto(base + PAGE, wait_until="networkidle")
    return fresh


def begin(page, exercise=EXERCISE):
    """Open the editor of an exercise as a keyboard does; its part of the page."""
    part = page.locator(exercise)
    part.get_by_role("button", name="Do it here").press("Enter")
    expect(part.locator("textarea")).to_be_focused()
    return part


def write(page, text):
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def run(page, part, verdict):
    page.keyboard.press("Control+Enter")
    expect(part.locator(f".run-output .{verdict}")).to_be_visible(timeout=FIRST)


def test_nothing_is_loaded_before_it_is_asked_for_and_nothing_from_elsewhere(fresh, base):
    asked, sizes = [], []
    fresh.on("request", lambda request: asked.append(request.url))
    fresh.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", 0))))
    watch = checks.Watch(fresh)
    fresh.goto(base + PAGE, wait_until="networkidle")
    assert not [url for url in asked if "python-" in url]
    sizes.clear()
    run(fresh, begin(fresh), "verdict-no")
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
    assert not [url for url in asked if "matplotlib" in url]
    assert 10_000_000 < sum(sizes) < MOST_BYTES
    assert watch.problems == []


def test_an_exercise_is_done_by_keyboard_alone(opened):
    part = begin(opened)
    family = "e => getComputedStyle(e).fontFamily"
    assert "monospace" in part.locator(".prism-code-editor").evaluate(family)
    run(opened, part, "verdict-no")
    write(opened, WRONG)
    opened.keyboard.press("Control+Enter")
    error = part.locator(".run-error")
    expect(error).to_contain_text("line 2, in count", timeout=AGAIN)
    expect(error).to_contain_text("IndexError: list index out of range")
    opened.keyboard.press("Control+z")
    assert "count" in part.locator("textarea").input_value()
    write(opened, RIGHT)
    run(opened, part, "verdict-yes")
    expect(part.locator(".run-printed")).to_contain_text("look [4, 3, 2]")
    expect(part.locator(".run-done")).to_be_visible()
    expect(opened.locator(".run-progress")).to_contain_text(
        re.compile(r"^1 of \d+ exercises with a check done")
    )


def test_a_run_is_seen_and_said_even_where_it_changes_nothing(opened):
    part = begin(opened)
    expect(part.locator(".verdict-open")).to_contain_text("(the starter’s verdict)")
    status = part.locator(".run-status")
    assert status.get_attribute("role") == "status"
    run(opened, part, "verdict-no")
    expect(part.locator(".verdict-open")).to_have_count(0)
    expect(status).to_contain_text(re.compile(r"^Run 1: not right yet, \d"))
    opened.keyboard.press("Control+Enter")
    expect(status).to_contain_text(re.compile(r"^Run 2: not right yet, \d"), timeout=AGAIN)
    motion = "e => getComputedStyle(e).animationName"
    assert part.locator(".run-output .verdict-no pre").evaluate(motion) == "ran"
    opened.emulate_media(reduced_motion="reduce")
    assert part.locator(".run-output .verdict-no pre").evaluate(motion) == "none"
    write(opened, WRONG)
    opened.keyboard.press("Control+Enter")
    expect(status).to_contain_text(re.compile(r"^Run 3: stopped by an error"), timeout=AGAIN)


def test_tab_indents_and_escape_leaves_the_editor(opened):
    part = begin(opened)
    write(opened, "x")
    opened.keyboard.press("Home")
    opened.keyboard.press("Tab")
    assert part.locator("textarea").input_value() == "    x"
    opened.keyboard.press("Escape")
    expect(part.get_by_role("button", name="Run")).to_be_focused()
    opened.keyboard.press("Tab")
    expect(part.get_by_role("button", name="Reset")).to_be_focused()
    opened.keyboard.press("Enter")
    assert 'check("networks.count", count)' in part.locator("textarea").input_value()
    opened.keyboard.press("Control+z")  # what Reset did can be undone
    assert part.locator("textarea").input_value() == "    x"


def test_a_loop_without_end_is_stopped_and_python_begins_anew(opened):
    part = begin(opened)
    run(opened, part, "verdict-no")
    write(opened, "while True:\n    print('again and again')")
    opened.keyboard.press("Control+Enter")
    expect(part.locator(".run-printed")).to_contain_text("the rest of the output is cut off")
    assert len(part.locator(".run-printed").inner_text()) < 200_000
    opened.keyboard.press("Escape")
    opened.keyboard.press("Enter")
    expect(part.locator(".run-status")).to_contain_text("Stopped")
    part.locator("textarea").focus()
    write(opened, RIGHT)
    run(opened, part, "verdict-yes")


def test_memory_is_bounded(opened):
    part = begin(opened)
    write(opened, "import numpy as np\nkept = [np.ones(2**24) for i in range(99)]")
    opened.keyboard.press("Control+Enter")
    expect(part.locator(".run-error")).to_contain_text("MemoryError", timeout=FIRST)


def test_answers_outlive_a_visit_and_travel_as_a_file(opened, chromium, base, tmp_path):
    part = begin(opened)
    write(opened, RIGHT)
    run(opened, part, "verdict-yes")
    opened.reload(wait_until="networkidle")
    expect(opened.locator(".run-progress")).to_contain_text("1 of")
    with opened.expect_download() as download:
        opened.get_by_role("button", name="Save your answers").press("Enter")
    download.value.save_as(tmp_path / "answers.json")
    (answer,) = json.loads((tmp_path / "answers.json").read_text("utf-8"))["answers"]
    assert (answer["name"], answer["source"], answer["passed"]) == ("networks.count", RIGHT, True)
    assert "from weighted_sums.exercises import check" in answer["setup"]
    other = chromium.new_page()
    other.goto(base + PAGE, wait_until="networkidle")
    expect(other.locator(".run-progress")).to_contain_text("0 of")
    other.locator(".run-progress input").set_input_files(tmp_path / "answers.json")
    expect(other.locator(".run-progress")).to_contain_text("1 of")
    other.locator(EXERCISE).get_by_role("button", name="Go on with your answer").press("Enter")
    expect(other.locator(f"{EXERCISE} textarea")).to_have_value(RIGHT)
    (tmp_path / "other.json").write_text('{"format": "another"}', "utf-8")
    other.locator(".run-progress input").set_input_files(tmp_path / "other.json")
    expect(other.locator(".run-progress")).to_contain_text("could not be read")
    other.close()


# a store that is full, and one that is forbidden, for which the page has a stand-in
FULL = """const refuse = () => { throw new Error('no'); };
Storage.prototype.setItem = Storage.prototype.getItem = refuse;"""


@pytest.mark.parametrize("script", [FULL, FORBIDDEN], ids=["full", "forbidden"])
def test_it_works_where_a_browser_keeps_nothing(fresh, base, script):
    fresh.add_init_script(script)
    fresh.goto(base + PAGE, wait_until="networkidle")
    opened = fresh
    part = begin(opened)
    write(opened, RIGHT)
    run(opened, part, "verdict-yes")
    progress = opened.locator(".run-progress")
    expect(progress).to_contain_text("1 of")
    expect(progress).to_contain_text("save them before you leave")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_an_opened_exercise_is_accessible_and_fits(opened, width, theme):
    looks.show(opened, width, theme)
    part = begin(opened)
    run(opened, part, "verdict-no")
    write(opened, WRONG)
    opened.keyboard.press("Control+Enter")
    expect(part.locator(".run-error")).to_be_visible(timeout=AGAIN)
    assert checks.accessibility(opened, EXERCISE) == []
    assert checks.accessibility(opened, ".run-progress") == []
    assert checks.width(opened) == []
    assert part.locator(".run-bar").evaluate("bar => bar.scrollWidth <= bar.clientWidth + 1")


def test_from_a_folder_a_page_says_how_to_serve_it(fresh):
    from served import SITE

    fresh.goto((SITE / PAGE).as_uri(), wait_until="load")
    expect(fresh.locator(EXERCISE)).to_contain_text("python -m http.server")


def test_a_cell_of_the_chapter_runs_with_what_it_needs_and_draws(opened):
    # by its number: the figure goes when the cell runs
    first = opened.locator("div.cell:has(figure)").first.get_attribute("class")
    cell = opened.locator(f"div.{re.search(r'cell-[0-9]+', first)[0]}")
    cell.get_by_role("button", name="Edit and run").press("Enter")
    expect(cell.locator("textarea")).to_be_focused()
    opened.keyboard.press("Control+Enter")
    expect(cell.locator("img.run-picture")).to_be_visible(timeout=2 * FIRST)
    assert cell.locator("img.run-picture").evaluate("image => image.naturalWidth") > 100
    assert checks.accessibility(opened, "div.cell:has(.run-picture)") == []


def test_all_cells_above_run_in_one_namespace_that_can_be_left(opened):
    def own(index, text):
        cell = cells.nth(index)
        cell.get_by_role("button", name="Edit and run").press("Enter")
        expect(cell.locator("textarea")).to_be_focused()
        write(opened, text)
        return cell

    cells = opened.locator("div.cell:has(> .run-bar):not(.tag_starter, .tag_solution)")
    first, second = own(0, "here = 41"), own(1, "here + 1")
    second.get_by_role("button", name="Run all above").press("Enter")
    expect(second.locator(".run-output")).to_contain_text("42", timeout=FIRST)
    second.locator("textarea").focus()
    write(opened, "here + 2")
    opened.keyboard.press("Control+Enter")
    expect(second.locator(".run-output")).to_contain_text("43", timeout=AGAIN)
    first.get_by_role("button", name="Restart Python").press("Enter")
    second.locator("textarea").focus()
    opened.keyboard.press("Control+Enter")
    expect(second.locator(".run-error")).to_contain_text("'here' is not defined", timeout=FIRST)
