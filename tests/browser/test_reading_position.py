"""A page keeps the reader's position: End, reload and Back lead where they should."""

import pytest

PAGES = ["transformers/transformer", "transformers/attention", "gradient-descent/adaptive-methods"]
NEAR = 4  # px
READ = """async () => {
    const heights = [];
    for (let y = 0; y < document.body.scrollHeight; y += 600) {
        scrollTo({ top: y, behavior: "instant" });
        await new Promise(requestAnimationFrame);
        heights.push(document.documentElement.scrollHeight);
    }
    return heights;
}"""
AWAKE = """() => document.querySelectorAll("script[data-interactive]").length
    === document.querySelectorAll(".ws-live").length"""
SETTLED = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await document.fonts.ready;
    for (let last = -1, same = 0; same < 10; last = scrollY) {
        await frame();
        same = scrollY === last ? same + 1 : 0;
    }
}"""
HEADING = """at => {
    const all = [...document.querySelectorAll("article h2, article h3")];
    const found = all[Math.floor(all.length * at)];
    found.scrollIntoView({ behavior: "instant" });
}"""
TOP = """() => {
    const all = [...document.querySelectorAll("article h2, article h3")];
    const found = all.find(h => h.getBoundingClientRect().top > -10);
    return [found.textContent, found.getBoundingClientRect().top];
}"""
LINKS = {
    "a citation": "article a[href*='bibliography']",
    "the glossary": "article a[href*='glossary']",
    "an equation of this page": "article a.reference.internal[href^='#equation']",
    "another chapter": "article p > a.reference.internal[href*='.html#']",
}


@pytest.fixture(params=PAGES)
def chapter(request, fresh, base):
    page = fresh
    page.emulate_media(reduced_motion="reduce")  # the theme scrolls smoothly otherwise
    page.goto(f"{base}chapters/{request.param}.html", wait_until="load")
    settled(page)
    return page


def settled(page):
    page.wait_for_load_state("load")
    page.wait_for_function(AWAKE)
    page.evaluate(SETTLED)


def test_end_reaches_the_end_in_one_press(chapter):
    chapter.keyboard.press("End")
    settled(chapter)
    left = chapter.evaluate(
        "document.documentElement.scrollHeight - innerHeight - Math.ceil(scrollY)"
    )
    assert left <= NEAR
    last = chapter.locator("footer p:visible").last.bounding_box()
    assert 0 < last["y"] + last["height"] <= 900 + NEAR


@pytest.mark.parametrize("at", [0.3, 0.7])
def test_a_reload_keeps_the_position(chapter, at):
    chapter.evaluate(HEADING, at)
    settled(chapter)
    heading, top = chapter.evaluate(TOP)
    chapter.reload(wait_until="load")
    settled(chapter)
    found, now = chapter.evaluate(TOP)
    assert (found, abs(now - top) <= NEAR) == (heading, True), now - top


@pytest.mark.parametrize("kind", LINKS)
def test_back_from_a_link_returns_to_the_position(chapter, kind):
    link = chapter.locator(f"{LINKS[kind]}:visible").last
    if not link.count():
        pytest.skip(f"the page has no link to {kind}")
    link.scroll_into_view_if_needed()
    settled(chapter)
    height = link.bounding_box()["y"]
    address = chapter.url
    link.evaluate("link => link.click()")  # the mouse may scroll first
    chapter.wait_for_function("address => location.href !== address", arg=address)
    settled(chapter)
    assert chapter.evaluate("scrollY") != 0
    chapter.go_back(wait_until="load")
    settled(chapter)
    assert abs(link.bounding_box()["y"] - height) <= NEAR


def test_the_page_does_not_grow_while_it_is_read(chapter):
    heights = chapter.evaluate(READ)
    assert len(heights) > 10
    assert max(heights) - min(heights) <= NEAR
