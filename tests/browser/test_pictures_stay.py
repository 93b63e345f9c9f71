"""Where a figure cannot live, its picture is what the reader sees."""

import re

import checks
import interactives
import pytest
from interactives import FIGURES, at, file_of, opened
from playwright.sync_api import expect
from served import ROOT, SITE

WORDS = re.compile(r'<span class="(?:live|still)">')


def shown(figure):
    return [
        figure.locator(f"figcaption .{medium}").first.is_visible() for medium in ("live", "still")
    ]


def test_a_caption_speaks_of_what_is_seen(page, still, base):
    assert shown(opened(page, base, "bumps")) == [True, False]
    still.goto(f"{base}chapters/{interactives.PAGES['bumps']}.bare-bumps.html")
    assert shown(at(still, "bumps")) == [False, True]


def test_words_on_a_live_figure_are_in_the_caption_of_one():
    for path in SITE.glob("chapters/**/*.html"):
        text = path.read_text("utf-8")
        captions = re.findall(r"data-interactive=.*?<figcaption>(.*?)</figcaption>", text, re.S)
        assert len(WORDS.findall(text)) == len(WORDS.findall("".join(captions))), path


@pytest.mark.parametrize("name", FIGURES)
def test_the_picture_stays_without_scripts(still, base, name):
    still.goto(f"{base}chapters/{interactives.PAGES[name]}.bare-{name}.html")
    assert at(still, name).locator("img").first.is_visible()
    assert at(still, name).locator(".ws-live").count() == 0


def test_without_scripts_the_picture_is_seen_in_the_dark(still, base):
    still.emulate_media(color_scheme="dark")
    still.goto(f"{base}chapters/{interactives.PAGES['bumps']}.bare-bumps.html")
    blended = "image => getComputedStyle(image).mixBlendMode"
    assert at(still, "bumps").locator("img").first.evaluate(blended) == "normal"


def test_the_picture_stays_when_a_module_fails(page, base):
    page.route("**/figures/neuron.mjs", lambda route: route.abort())
    with page.expect_console_message(lambda message: "stays a picture" in message.text):
        page.goto(f"{base}chapters/{interactives.PAGES['neuron']}.html")
        at(page, "neuron").scroll_into_view_if_needed()
    assert at(page, "neuron").locator("img").first.is_visible()
    assert at(page, "neuron").locator(".ws-live").count() == 0


def test_the_picture_comes_back_when_a_state_cannot_be_drawn(page, base):
    watch = checks.Watch(page)
    module = (ROOT / "interactive/figures/neuron.mjs").read_text("utf-8")
    line = "const { w, b, x } = state;"
    broken = module.replace(line, f"{line} if (w > 9) w();")
    assert broken != module
    script = {"body": broken, "content_type": "text/javascript"}
    page.route("**/figures/neuron.mjs", lambda route: route.fulfill(**script))
    figure = opened(page, base, "neuron")
    figure.get_by_role("button", name="nearly a step").click()
    expect(figure.locator(".ws-live")).to_have_count(0)
    assert figure.locator("img").first.is_visible()
    assert watch.problems == []


def test_the_picture_stays_from_a_file(page):
    page.goto(file_of("neuron").as_uri())
    at(page, "neuron").scroll_into_view_if_needed()
    assert at(page, "neuron").locator("img").first.is_visible()


def test_pages_without_figures_load_no_module(page, base):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(base + "chapters/appendix/bibliography.html", wait_until="networkidle")
    assert [url for url in asked if url.endswith(".mjs")] == []
