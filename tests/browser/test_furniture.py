"""What surrounds the text: sidebar, paging by keys, ticks, boxes, margin, and what was dropped."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect
from served import SITE

LONG = "chapters/transformers/limits.html"  # the last chapter of the longest part
CHAPTER = "chapters/transformers/attention.html"
TYPING = "chapters/transformers/trained-heads.html"  # its figure takes a line of text
FORBIDDEN = """for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, { configurable: true,
        get() { throw new DOMException("forbidden", "SecurityError"); } });"""
STILL = ["index.html", "backpropagation/backprop.html", "appendix/glossary.html"]
SHIFTS = """() => { window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(
    entry => { window.moved += entry.hadRecentInput ? 0 : entry.value; }
)).observe({ type: "layout-shift", buffered: true }); }"""


def mask(page, selector):
    style = "e => getComputedStyle(e, '::after').maskImage"
    return page.locator(f"{selector} > .admonition-title").first.evaluate(style)


def ends_at(page, end):
    page.wait_for_url(re.compile(re.escape(end) + "$"))


def test_brand_and_search_stay_while_the_list_of_chapters_scrolls(page, base):
    page.goto(base + LONG, wait_until="load")
    page.set_viewport_size({"width": 1280, "height": 400})
    page.locator(".chapters summary").last.scroll_into_view_if_needed()
    bar = page.locator(".bd-sidebar-primary")
    assert (
        bar.locator(".sidebar-primary-item:has(.chapters)").evaluate("list => list.scrollTop") > 0
    )
    for part in (".brand", ".search-button-field"):
        box = bar.locator(part).bounding_box()
        assert 0 <= box["y"] < box["y"] + box["height"] < 140


def test_the_part_of_the_page_is_open_and_shows_its_sections(page, base):
    page.goto(base + CHAPTER, wait_until="load")
    opened = page.locator(".chapters details[open]")
    assert opened.locator("summary").all_inner_texts() == ["Part IV: Transformers"]
    links = page.locator("#pst-page-toc-nav a").evaluate_all("a => a.map(a => a.hash.slice(1))")
    ids = page.locator(".bd-article section:has(> h2)").evaluate_all("s => s.map(s => s.id)")
    assert len(links) > 5
    assert links == ids[: len(links)]  # the build adds a section about the code
    page.goto(base + "search.html", wait_until="load")
    assert page.locator(".chapters details:not([open])").count() == 0


def test_the_current_chapter_is_in_sight_in_a_low_window(page, base):
    page.set_viewport_size({"width": 1280, "height": 420})
    page.goto(base + LONG, wait_until="load")
    box = page.locator(".chapters [aria-current]").bounding_box()
    assert 100 < box["y"] < 420


def test_arrow_keys_turn_the_page(page, base):
    page.goto(base + CHAPTER, wait_until="load")
    page.keyboard.press("ArrowRight")
    ends_at(page, "positions.html")
    page.keyboard.press("ArrowLeft")
    ends_at(page, "attention.html")


@pytest.mark.parametrize("keys", ["Shift+ArrowRight", "Alt+ArrowUp", "Control+ArrowRight"])
def test_arrow_keys_with_others_do_not(page, base, keys):
    page.goto(base + CHAPTER, wait_until="load")
    page.keyboard.press(keys)
    page.wait_for_timeout(200)
    assert page.url.endswith("attention.html")


@pytest.mark.parametrize(
    "field",
    [".ws-live input[type=text]", ".ws-live button", ".bd-article .cell_input pre[tabindex]"],
)
def test_an_arrow_key_in_a_field_a_figure_or_wide_code_stays_on_the_page(page, base, field):
    page.goto(base + TYPING, wait_until="load")
    page.wait_for_selector(field)
    page.locator(field).first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(200)
    assert "trained-heads.html" in page.url


def read_to_the_end(page):
    page.evaluate("scrollTo(0, 0)")
    page.clock.fast_forward(6_000)
    page.locator(".prev-next-footer").scroll_into_view_if_needed()


def tick(page):
    return page.locator(".chapters a.read")


def test_a_chapter_that_was_read_gets_a_tick_that_is_kept(fresh, base):
    fresh.clock.install()
    fresh.goto(base + CHAPTER, wait_until="load")
    expect(tick(fresh)).to_have_count(0)
    read_to_the_end(fresh)
    expect(tick(fresh)).to_have_text(re.compile(r"Attention \(read\)"))
    fresh.goto(base + LONG, wait_until="load")
    assert tick(fresh).get_attribute("data-page") == "chapters/transformers/attention"


def test_a_page_that_was_only_opened_gets_none(fresh, base):
    fresh.clock.install()
    fresh.goto(base + CHAPTER, wait_until="load")
    fresh.locator(".prev-next-footer").scroll_into_view_if_needed()
    fresh.wait_for_timeout(300)
    expect(tick(fresh)).to_have_count(0)


def test_where_the_store_is_forbidden_the_page_works_and_the_tick_lasts_as_long_as_it(fresh, base):
    errors = []
    fresh.on("pageerror", lambda error: errors.append(str(error)))
    fresh.add_init_script(FORBIDDEN)
    fresh.clock.install()
    fresh.goto(base + LONG, wait_until="load")
    assert not fresh.evaluate("localStorage instanceof Storage")  # it was forbidden indeed
    read_to_the_end(fresh)
    expect(tick(fresh)).to_have_count(1)
    fresh.locator("button.theme-switch-button").last.click()
    assert fresh.evaluate("document.documentElement.dataset.mode") != "auto"
    assert errors == []


def test_a_store_with_nonsense_is_no_fault(fresh, base):
    errors = []
    fresh.on("pageerror", lambda error: errors.append(str(error)))
    fresh.add_init_script("localStorage.setItem('chapters read', '{\"a\": 1')")
    fresh.goto(base + CHAPTER, wait_until="load")
    expect(tick(fresh)).to_have_count(0)
    assert errors == []


def test_every_kind_of_box_has_a_sign_of_its_own(page, base):
    page.goto(base + CHAPTER, wait_until="load")
    kinds = [".recall", ".misconception", ".exercise", ".exercise .dropdown", ".solution"]
    signs = [mask(page, f".bd-article {kind}") for kind in kinds]
    theorem = next(
        p for p in SITE.rglob("chapters/**/*.html") if "proof theorem" in p.read_text("utf-8")
    )
    page.goto(base + theorem.relative_to(SITE).as_posix(), wait_until="load")
    signs.append(mask(page, ".bd-article .proof.theorem"))
    assert len({*signs}) == len(signs)
    assert all(sign.startswith('url("data:image/svg+xml') for sign in signs)


def test_verdicts_are_green_and_red_with_a_sign_and_grey_on_a_starter(page, base):
    page.goto(base + CHAPTER, wait_until="load")
    look = """e => [getComputedStyle(e).backgroundColor, getComputedStyle(e, '::before').maskImage,
        getComputedStyle(e, '::before').backgroundColor]"""
    outputs = page.locator(".tag_starter .cell_output > .output")
    assert outputs.count() == page.locator(".tag_starter .verdict-open").count() > 0
    recorded = outputs.first.locator("pre").evaluate(look)
    # a reader's own run on the starter would say so
    outputs.first.evaluate("e => e.classList.replace('verdict-open', 'verdict-no')")
    no = outputs.first.locator("pre").evaluate(look)
    yes = page.locator(".tag_solution .verdict-yes pre").first.evaluate(look)
    assert not {*no} & {*yes} and not {*recorded} & {*no, *yes}
    assert (no[2], yes[2]) == ("rgb(179, 32, 44)", "rgb(27, 115, 64)")


def test_the_title_of_a_solution_opens_it(page, base):
    page.goto(base + CHAPTER, wait_until="load")
    solution = page.locator(".solution").first
    solution.scroll_into_view_if_needed()
    solution.locator(".admonition-title").click(position={"x": 120, "y": 8})
    solution.locator(".cell").first.wait_for(state="visible")
    assert "#" not in page.url


def test_an_aside_stands_in_the_margin_on_a_wide_screen_and_in_its_line_below(page, base):
    page.goto(base + "chapters/gradient-descent/descent.html", wait_until="load")
    asides = page.locator(".bd-article .aside")
    assert asides.count() > 4
    within = "n => n.parentElement.getBoundingClientRect().right"
    boxes = asides.evaluate_all("all => all.map(n => n.getBoundingClientRect().toJSON())")
    edges = asides.evaluate_all(f"all => all.map({within})")
    assert all(box["left"] >= edge for box, edge in zip(boxes, edges, strict=True))
    assert all(box["right"] <= 1280 for box in boxes)
    assert all(above["bottom"] <= below["top"] for above, below in pairwise(boxes))
    bracket = asides.first.locator(".bracket").first
    assert bracket.evaluate("b => getComputedStyle(b).clipPath") != "none"
    page.set_viewport_size({"width": 1100, "height": 900})
    assert asides.first.evaluate("n => getComputedStyle(n).float") == "none"
    assert bracket.evaluate("b => getComputedStyle(b).clipPath") == "none"


def test_nothing_covers_the_page_to_lead_back_to_its_top(page, base):
    page.goto(base + CHAPTER, wait_until="load")
    page.mouse.wheel(0, 9000)
    page.mouse.wheel(0, -2000)
    assert page.locator("#pst-back-to-top").count() == 0


@pytest.mark.parametrize(
    "name", ["chapters/index.html", CHAPTER, "chapters/appendix/glossary.html"]
)
@pytest.mark.parametrize("width", [1280, 360])
def test_little_moves_while_a_page_arrives(fresh, base, name, width):
    fresh.set_viewport_size({"width": width, "height": 800})
    fresh.goto(f"{base}chapters/{name}", wait_until="networkidle")
    fresh.evaluate(SHIFTS)
    fresh.wait_for_timeout(500)
    assert fresh.evaluate("window.moved") < 0.05


def test_the_text_is_set_in_the_books_fonts(page, base):
    page.goto(base + CHAPTER, wait_until="load")
    page.evaluate("document.fonts.ready")
    loaded = "[...document.fonts].filter(face => face.status === 'loaded')"
    faces = page.evaluate(f"{loaded}.map(face => face.family)")
    assert {"Book Serif", "Book Display", "Book Sans", "Formulas"} <= {*faces}


def test_the_foot_names_licences_and_the_day_of_the_text(page, base):
    page.goto(base + CHAPTER, wait_until="load")
    told = page.locator(".imprint").inner_text()
    assert "CC BY 4.0" in told and "BSD-3-Clause" in told
    assert re.search(r"text of \d{1,2} [A-Z][a-z]+ 20\d\d", told)


def test_the_numbers_of_the_index_have_room_for_a_finger(page, base):
    page.set_viewport_size({"width": 412, "height": 823})
    page.goto(base + "chapters/appendix/index-of-terms.html")
    sizes = page.locator(".index-of-terms a").evaluate_all(
        "all => all.map(a => { const b = a.getBoundingClientRect(); return [b.width, b.height]; })"
    )
    assert len(sizes) > 300
    assert min(min(size) for size in sizes) >= 24
