"""Every figure that a reader can push, used as readers use it."""

import json
import re

import checks
import interactives
import looks
import pytest
from interactives import (
    FIGURES,
    again,
    at,
    file_of,
    nonsense,
    opened,
    payload_of,
    press,
    settled,
    words,
)
from playwright.sync_api import expect
from served import bare_page

OWN_BUTTONS = ":is(.ws-end, .ws-buttons) button:not(.ws-bare, .ws-primary, :text-is('Reset'))"
BUDGET = 150_000  # bytes of payload that come with a page
ABSURD = ("1e6", "-1e6", "1e308", "0", "", "NaN", "-0", "%F0%9F%8D%B0", "%3Cb%3E")
AROUND = """figure => {
    const found = [];
    for (let e = figure; e.localName !== "body"; e = e.parentElement)
        found.push([e.localName, e.id, e.className]);
    return found;
}"""
SCRIPT = re.compile(r"<script[^>]*data-interactive=\"([\w-]+)\"[^>]*>(.*?)</script>", re.S)


@pytest.fixture
def watched(page):
    return page, checks.Watch(page)


def misfits(figure):
    """What sticks out of the figure, and words in its drawing that are too small to read."""
    box, stage = figure.bounding_box(), figure.locator(".ws-stage").bounding_box()
    left, right = stage["x"] - box["x"], stage["x"] + stage["width"] - box["x"] - box["width"]
    small = figure.locator(".ws-stage text").evaluate_all(
        "t => t.map(n => parseFloat(getComputedStyle(n).fontSize)).filter(s => s < 10)"
    )
    return [f"{side} px out of its box" for side in (-left, right) if side > 1] + [
        f"words of {size} px" for size in small
    ]


def test_the_book_holds_all_figures_and_no_other():
    found = {}
    for path in (interactives.SITE / "chapters").rglob("*.html"):
        for name, _ in SCRIPT.findall(path.read_text("utf-8")):
            found[name] = str(path.relative_to(interactives.SITE / "chapters").with_suffix(""))
    assert found == interactives.PAGES


@pytest.mark.parametrize("name", FIGURES)
def test_payload_budget(name):
    """A page's payloads stay small; what is larger is fetched on request."""
    beside = [other for other in FIGURES if file_of(other) == file_of(name)]
    sizes = [len(json.dumps(payload_of(other), separators=(",", ":"))) for other in beside]
    assert name in beside
    assert 100 < sum(sizes) <= BUDGET


@pytest.mark.parametrize("name", FIGURES)
def test_it_wakes_without_a_word_and_keeps_its_picture(watched, base, name):
    page, watch = watched
    figure = opened(page, base, name, whole=True)
    assert words(figure) and not nonsense(figure)
    picture = figure.locator("> img, > a > img").first
    assert not picture.is_visible()
    assert picture.get_attribute("alt").strip()
    assert figure.locator("figcaption").inner_text().strip()
    assert figure.locator("[role=status][aria-live=polite]").inner_text() == ""
    assert misfits(figure) == []
    assert watch.problems == []
    # all other tests meet the same figure in the same surroundings
    whole = file_of(name).read_text("utf-8")
    bare = bare_page(f"/chapters/{interactives.PAGES[name]}.bare-{name}.html").decode()
    assert bare.split("<body")[0] == whole.split("<body")[0]
    (markup,) = re.findall(r"<figure.*?</figure>", bare, re.S)
    assert f'data-interactive="{name}"' in markup and markup in whole
    around = figure.evaluate(AROUND)
    assert opened(page, base, name).evaluate(AROUND) == around
    assert watch.problems == []


@pytest.mark.parametrize("name", ["digit", "staircase"])
def test_without_its_payload_a_figure_stays_a_picture(page, base, name):
    page.route("**/payloads/*.json", lambda route: route.fulfill(status=500, body="no"))
    page.goto(f"{base}chapters/{interactives.PAGES[name]}.bare-{name}.html")
    figure = at(page, name)
    expect(figure).to_have_class(re.compile("ws-asleep"))
    assert figure.locator("img").first.is_visible()


@pytest.mark.parametrize("name", FIGURES)
def test_keys_alone_change_it_and_reset_it(page, base, name):
    figure = settled(opened(page, base, name))
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
def test_an_example_is_lit_while_its_state_is_the_figures(page, base, name):
    """The initial state is an example too, so a reader sees at once what she is looking at."""
    figure = opened(page, base, name)
    lit = figure.locator(".ws-chip[aria-pressed=true]")
    assert lit.count() == 1
    for chip in figure.locator(".ws-chip").all():
        chip.click()
        assert lit.all_inner_texts() == [chip.inner_text()]


@pytest.mark.parametrize("name", FIGURES)
def test_a_button_that_would_do_nothing_says_so(page, base, name):
    figure = settled(opened(page, base, name))
    at_first = words(figure)
    for button in figure.locator(OWN_BUTTONS).all():
        idle = button.get_attribute("aria-disabled") == "true"
        button.dispatch_event("click")
        assert idle == (words(figure) == at_first), button.inner_text()
        press(figure, "Reset")


@pytest.mark.parametrize("name", FIGURES)
def test_a_finger_changes_it(phone, base, name):
    figure = settled(opened(phone, base, name))
    at_first = words(figure)
    for button in figure.locator(".ws-presets button:not(:text-is('Reset'))").all():
        button.tap()
        if words(figure) != at_first:
            break
    assert words(figure) != at_first


@pytest.mark.parametrize("name", FIGURES)
def test_the_address_holds_its_state(page, base, name):
    figure = settled(opened(page, base, name))
    for button in figure.locator(".ws-presets button:not(:text-is('Reset'))").all():
        before = words(figure)
        button.click()
        if words(figure) != before:
            break
    page.wait_for_timeout(400)  # the address is written 300 ms after the last change
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
    fetches = figure.locator("script[data-src]").count()
    for value in ABSURD:
        # a text may well be "NaN", and is shown as it is
        given = {key: value for key, kind in fields.items() if (kind, value) != ("text", "NaN")}
        figure = again(page, name, **given)
        assert nonsense(figure) == [], value
        for button in ("Step", "Play"):
            found = figure.get_by_role("button", name=button, exact=True)
            if found.count() and found.is_enabled():
                found.click()
        if fetches:
            page.wait_for_timeout(100)  # nothing tells that a state asks for no bytes
        assert nonsense(figure) == [], value
    assert watch.problems == []


@pytest.mark.parametrize("name", ["neuron", "attention"])
def test_a_figure_woken_again_stands_where_a_loaded_one_does(page, base, name):
    start = words(opened(page, base, name))
    fields = at(page, name).locator(".ws-live").get_attribute("data-fields").split()
    given = {field.split(":")[0]: 1 for field in fields}
    loaded = words(opened(page, base, name, **given))
    assert loaded != start
    assert words(again(page, name)) == start
    assert words(again(page, name, **given)) == loaded


@pytest.mark.parametrize("name", FIGURES)
def test_it_fits_into_the_window(page, base, name):
    """At a desk the whole figure, on a phone the drawing with room for the controls below it."""
    page.set_viewport_size({"width": 1280, "height": 800})
    figure = opened(page, base, name, whole=True)
    assert figure.locator(".ws-live").bounding_box()["height"] <= 800
    page.set_viewport_size({"width": 360, "height": 780})
    expect(figure.locator(".ws-stage")).not_to_have_css("width", "0px")
    assert figure.locator(".ws-stage").bounding_box()["height"] <= 0.62 * 780


@pytest.mark.parametrize("name", FIGURES)
def test_it_is_accessible_and_fits(page, base, name):
    page.set_viewport_size({"width": 360, "height": 800})
    figure = opened(page, base, name)
    found = {}
    for width, theme in ((360, "light"), (360, "dark"), (1280, "dark"), (1280, "light")):
        looks.show(page, width, theme)
        rules = checks.COLOURS if theme == "dark" else ()
        axe = checks.accessibility(page, f"#{figure.get_attribute('id')}", rules)
        found[width, theme] = [*axe, *checks.width(page), *misfits(figure)]
    assert found == {look: [] for look in found}
