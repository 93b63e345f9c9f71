"""The home page: a digit to draw at once, a way to begin, and the whole book at a glance."""

import re

import pytest
import yaml
from playwright.sync_api import expect
from served import ROOT, SITE

HOME = "chapters/index.html"
PARTS = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))["parts"]
FILES = [entry["file"] for part in PARTS if part.get("numbered") for entry in part["chapters"]]
NUMBERS = {file.rsplit("/", 1)[1]: at for at, file in enumerate(FILES, start=1)}
DRAWN = """pad => { const c = pad.getContext("2d");
    return c.getImageData(0, 0, pad.width, pad.height).data.some((v, i) => i % 4 < 3 && v > 0); }"""


@pytest.fixture
def home(page, base):
    page.goto(base + HOME, wait_until="load")
    return page


def test_one_draws_on_the_first_screen_and_the_network_answers(home):
    pad, words = home.locator("canvas.ws-digit-pad"), home.locator("#fig-front .ws-words")
    expect(words).to_contain_text("draw a digit on it")
    expect(words).not_to_contain_text("predicts")
    assert pad.evaluate(DRAWN) is False
    box = pad.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 900
    label = "p => getComputedStyle(p, '::after').content"
    assert pad.locator("xpath=..").evaluate(label) == '"draw a digit"'
    before = words.inner_text()
    x, y = box["x"] + box["width"] / 2, box["y"] + 0.2 * box["height"]
    home.mouse.move(x, y)
    home.mouse.down()
    home.mouse.move(x, y + 0.6 * box["height"], steps=8)
    assert pad.evaluate(DRAWN) is True
    assert words.inner_text() != before
    home.mouse.up()


def test_a_button_begins_the_book_above_the_fold(home):
    start = home.get_by_role("link", name="Start with chapter 1")
    box = start.bounding_box()
    assert box["y"] + box["height"] < 900
    start.click()
    home.wait_for_url("**/neurons/digits.html*")


def test_every_numbered_chapter_has_a_card_with_a_picture_and_a_question(home):
    cards = home.locator(".cards a")
    numbers = [int(text) for text in cards.locator(".name > span").all_inner_texts()]
    assert numbers == list(NUMBERS.values())
    assert all(text.endswith("?") for text in cards.locator(".question").all_inner_texts())
    home.evaluate("[...document.images].forEach(image => { image.loading = 'eager'; })")
    home.wait_for_function(
        "() => [...document.querySelectorAll('.cards img')].every(image => image.naturalWidth)"
    )
    assert cards.locator("img").count() == len(numbers)


def test_the_map_shows_what_the_recall_questions_refer_to(home):
    entries = home.locator(".map a")
    assert entries.count() == len(NUMBERS)
    attention = entries.filter(has_text=re.compile(rf"^\s*{NUMBERS['attention']}\s"))
    name = attention.get_attribute("aria-label")
    page = (SITE / "chapters/transformers/attention.html").read_text("utf-8")
    boxes = re.findall(r'<div class="dropdown recall admonition">.*?</div>', page, re.S)
    asked = ["chain-rule", "embeddings"]
    assert [key for key in asked if any(f"{key}.html#ch-{key}" in box for box in boxes)] == asked
    assert name.endswith(": recalls " + ", ".join(str(NUMBERS[key]) for key in asked))
    assert attention.locator("path").count() == 2


def test_no_sentence_of_the_changelog_stands_on_the_home_page(home):
    text = home.locator("article").inner_text()
    assert "is complete" not in text and "Whom it owes" not in text
    assert "Acknowledgements" in text


def test_lines_of_the_gpt_are_those_of_its_chapter(home):
    rows = home.locator("#it-ends-with-a-model-that-writes td:last-child").all_inner_texts()
    chapter = (SITE / "chapters/transformers/training-gpt.html").read_text("utf-8")
    plain = re.sub(r"\s+|\\n", "", re.sub(r"<[^>]*>", "", chapter))
    assert len(rows) == 4 and len({*rows}) == 4
    for row in rows[1:3]:
        assert re.sub(r"\W", "", row)[:30] in re.sub(r"\W", "", plain)


def test_without_scripts_the_picture_and_all_links_stay(still, base):
    still.goto(base + HOME)
    assert still.locator("#fig-front img").is_visible()
    assert still.locator(".cards a:visible").count() == len(NUMBERS)
    assert still.locator(".map a").count() == len(NUMBERS)
