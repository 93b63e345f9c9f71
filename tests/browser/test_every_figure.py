"""Every figure that a reader can push, used as readers use it."""

import re

import checks
import interactives
import pytest
from interactives import FIGURES, at, file_of, nonsense, opened, words
from playwright.sync_api import expect

BUDGET = 150_000  # bytes of payload that come with a page
ABSURD = ("1e6", "-1e6", "1e308", "0", "", "NaN", "-0", "%F0%9F%8D%B0", "%3Cb%3E")
SCRIPT = re.compile(r"<script[^>]*data-interactive=\"([\w-]+)\"[^>]*>(.*?)</script>", re.S)


@pytest.fixture
def watched(page):
    return page, checks.Watch(page)


def test_the_book_holds_all_figures_and_no_other():
    found = {}
    for path in (interactives.SITE / "chapters").rglob("*.html"):
        for name, _ in SCRIPT.findall(path.read_text("utf-8")):
            found[name] = str(path.relative_to(interactives.SITE / "chapters").with_suffix(""))
    assert found == interactives.PAGES


@pytest.mark.parametrize("name", FIGURES)
def test_payload_budget(name):
    """A page's payloads stay small; what is larger is fetched on request."""
    sizes = [len(text.encode()) for _, text in SCRIPT.findall(file_of(name).read_text("utf-8"))]
    assert sum(sizes) <= BUDGET


@pytest.mark.parametrize("name", FIGURES)
def test_it_wakes_without_a_word_and_keeps_its_picture(watched, base, name):
    page, watch = watched
    figure = opened(page, base, name)
    assert words(figure) and not nonsense(figure)
    picture = figure.locator("> img, > a > img").first
    assert not picture.is_visible()
    assert picture.get_attribute("alt").strip()
    assert figure.locator("figcaption").inner_text().strip()
    assert figure.locator("[role=status][aria-live=polite]").inner_text() == ""
    assert watch.problems == []


@pytest.mark.parametrize("name", FIGURES)
def test_keys_alone_change_it_and_reset_it(page, base, name):
    figure = opened(page, base, name)
    at_first = words(figure)
    controls = figure.locator(".ws-controls")
    for control in [*controls.locator("input, select").all(), *controls.locator("button").all()]:
        control.focus()
        for key in ("ArrowRight", "Space"):
            page.keyboard.press(key)
            if words(figure) != at_first:
                break
        if words(figure) != at_first:
            break
    changed = words(figure)
    assert changed != at_first
    expect(figure.locator("[role=status]")).to_have_text(changed)
    figure.get_by_role("button", name="Reset", exact=True).focus()
    page.keyboard.press("Enter")
    expect(figure.locator(".ws-words")).to_have_text(at_first)


@pytest.mark.parametrize("name", FIGURES)
def test_a_finger_changes_it(chromium, base, name):
    context = chromium.new_context(viewport={"width": 360, "height": 780}, has_touch=True)
    figure = opened(context.new_page(), base, name)
    at_first = words(figure)
    for button in figure.locator(".ws-presets button:not(:text-is('Reset'))").all():
        button.tap()
        if words(figure) != at_first:
            break
    assert words(figure) != at_first
    context.close()


@pytest.mark.parametrize("name", FIGURES)
def test_the_address_holds_its_state(page, base, name):
    figure = opened(page, base, name)
    for button in figure.locator(".ws-presets button:not(:text-is('Reset'))").all():
        before = words(figure)
        button.click()
        if words(figure) != before:
            break
    page.wait_for_function("figure => location.search.includes(figure)", arg=f"{name}.")
    told = words(figure)
    assert f"?{name}." in page.url or f"&{name}." in page.url
    page.goto(page.url.replace("#", "&x=#"), wait_until="load")
    expect(at(page, name).locator(".ws-words")).to_have_text(told)


@pytest.mark.parametrize("name", FIGURES)
def test_absurd_values_leave_no_nonsense(watched, base, name):
    page, watch = watched
    figure = opened(page, base, name)
    found = figure.locator(".ws-live").get_attribute("data-fields").split()
    fields = dict(field.split(":") for field in found)
    assert fields
    for value in ABSURD:
        # a text may well be "NaN", and is shown as it is
        given = {key: value for key, kind in fields.items() if (kind, value) != ("text", "NaN")}
        figure = opened(page, base, name, **given)
        assert nonsense(figure) == [], value
        for button in ("Step", "Play"):
            found = figure.get_by_role("button", name=button, exact=True)
            if found.count() and found.is_enabled():
                found.click()
        page.wait_for_timeout(100)
        assert nonsense(figure) == [], value
    assert watch.problems == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", FIGURES)
def test_it_is_accessible_and_fits(page, base, name, theme):
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        figure = opened(page, base, name)
        page.wait_for_selector(f"html[data-theme={theme}]")
        assert checks.accessibility(page, f"#{figure.get_attribute('id')}") == []
        assert checks.width(page) == []
        box, stage = figure.bounding_box(), figure.locator(".ws-stage").bounding_box()
        assert stage["x"] >= box["x"] - 1
        assert stage["x"] + stage["width"] <= box["x"] + box["width"] + 1
        small = figure.locator(".ws-stage text").evaluate_all(
            "t => t.map(n => parseFloat(getComputedStyle(n).fontSize)).filter(s => s < 11)"
        )
        assert small == []


@pytest.mark.parametrize("name", FIGURES)
def test_the_picture_stays_without_scripts(chromium, base, name):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}chapters/{interactives.PAGES[name]}.html")
    picture = at(page, name).locator("img").first
    assert picture.is_visible()
    assert at(page, name).locator(".ws-live").count() == 0
    context.close()


def test_the_picture_stays_when_a_module_fails(page, base):
    page.route("**/figures/neuron.mjs", lambda route: route.abort())
    page.goto(f"{base}chapters/{interactives.PAGES['neuron']}.html", wait_until="networkidle")
    at(page, "neuron").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    assert at(page, "neuron").locator("img").first.is_visible()
    assert at(page, "neuron").locator(".ws-live").count() == 0


def test_the_picture_comes_back_when_a_state_cannot_be_drawn(watched, base):
    page, watch = watched
    module = (interactives.SITE.parents[1] / "interactive/figures/neuron.mjs").read_text("utf-8")
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
    page.goto(base + "chapters/how-to-read.html", wait_until="networkidle")
    assert [url for url in asked if url.endswith(".mjs")] == []
