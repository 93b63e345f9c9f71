"""What a link leads to is shown beside it: by mouse, by keyboard, and without a server."""

import pytest
from playwright.sync_api import expect
from served import SITE

CHAPTER = "chapters/transformers/attention.html"
FIGURE = "chapters/transformers/language-models.html"
# a link of each kind, and what its preview holds
LINKS = {
    "a term": (CHAPTER, "a[href*='#term-']", "dt"),
    "a source": (CHAPTER, ".bibtex-citation a", ".label"),
    "an equation of this page": (CHAPTER, "a.internal[href^='#equation-']", "math"),
    "an equation of another page": (
        "chapters/backpropagation/autodiff.html", "a[href*='.html#equation-']", "math",
    ),
    "a figure of this page": (FIGURE, "a.internal[href^='#fig-']", "figcaption"),
}  # fmt: skip


def box(page):
    return page.locator("#preview")


def link_on(page, address, selector):
    page.goto(address, wait_until="load")
    link = page.locator(f".bd-article {selector}").first
    if not link.count():
        pytest.skip("no page has such a link")
    link.scroll_into_view_if_needed()
    return link


@pytest.mark.parametrize("kind", LINKS)
def test_the_mouse_on_a_link_shows_what_it_leads_to(page, base, kind):
    name, selector, part = LINKS[kind]
    link = link_on(page, base + name, selector)
    link.hover()
    expect(box(page).locator(part).first).to_be_visible()
    assert link.get_attribute("aria-describedby") == "preview"
    assert (
        page.evaluate(
            "[...document.querySelectorAll('#preview [id]:not(svg *), #preview a')].length"
        )
        == 0
    )
    page.wait_for_function(
        "() => [...document.querySelectorAll('#preview img')].every(image => image.naturalWidth)"
    )
    page.mouse.move(5, 5)
    expect(box(page)).to_be_hidden()
    assert link.get_attribute("aria-describedby") is None


def test_the_mouse_can_rest_on_the_preview(page, base):
    link_on(page, base + CHAPTER, "a[href*='#term-']").hover()
    expect(box(page)).to_be_visible()
    box(page).hover()
    page.wait_for_timeout(600)
    expect(box(page)).to_be_visible()


def test_the_keyboard_shows_it_too_and_escape_hides_it(page, base):
    link = link_on(page, base + CHAPTER, "a[href*='#term-']")
    page.keyboard.press("Tab")  # so that focus counts as the keyboard's
    link.focus()
    expect(box(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(box(page)).to_be_hidden()
    assert link.evaluate("link => link === document.activeElement")
    link.blur()
    link.focus()
    expect(box(page)).to_be_visible()
    page.locator("button.theme-switch-button").last.focus()
    expect(box(page)).to_be_hidden()


def test_a_preview_stays_inside_the_window(page, base):
    page.set_viewport_size({"width": 700, "height": 500})
    link = link_on(page, base + CHAPTER, "a[href*='#term-']")
    for block in ("start", "end"):
        page.mouse.move(1, 1)
        link.evaluate("(link, block) => link.scrollIntoView({ block, behavior: 'instant' })", block)
        link.hover()
        expect(box(page)).to_be_visible()
        area = box(page).bounding_box()
        assert area["x"] >= 0 and area["x"] + area["width"] <= 700
        assert area["y"] >= 0 and area["y"] + area["height"] <= 500


def test_a_link_to_a_chapter_has_none(page, base):
    link_on(page, base + CHAPTER, "a[href*='.html#ch-']:visible").hover()
    page.wait_for_timeout(600)
    expect(box(page)).to_be_hidden()


def test_a_finger_follows_the_link_at_once(phone, base):
    link = link_on(phone, base + CHAPTER, "a[href*='#term-']")
    link.tap()
    phone.wait_for_url("**/glossary.html*")


def test_other_pages_are_shown_from_a_folder_without_a_server(page):
    link_on(page, (SITE / CHAPTER).as_uri(), "a[href*='#term-']").hover()
    expect(box(page).locator("dd")).to_be_visible()


def test_a_drawing_of_another_page_keeps_the_ids_that_it_refers_to(page, base):
    drawing = (
        '<dt id="term-key"><svg><defs><path id="mark" d="M0 0h9v9z"/></defs>'
        '<use href="#mark"/></svg></dt><dd id="gone">A key.</dd>'
    )
    script = f"bookPreviews['chapters/appendix/glossary']={{'term-key': {drawing!r}}};"
    page.route("**/previews/chapters-appendix-glossary.js", lambda route: route.fulfill(
        body=script, content_type="text/javascript",
    ))  # fmt: skip
    link_on(page, base + CHAPTER, "a[href$='#term-key']").hover()
    expect(box(page).locator("#mark")).to_be_attached()
    expect(box(page).locator("dd")).to_have_text("A key.")
    assert box(page).locator("dd[id]").count() == 0
