"""The search of the built site, as a reader uses it."""

import re
from urllib.parse import quote, urlsplit

import checks
import pytest
from playwright.sync_api import expect
from served import SITE

INDEX = "_static/search-index.js"


@pytest.fixture(scope="module")
def search(chromium, base):
    """The search page, open for all tests that only ask it."""
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(base + "search.html")
    yield page
    page.close()


def results(page):
    return page.locator("#search-results > li")


def ask(page, query: str) -> list[tuple[str, str]]:
    """Type a query; the heads and the links of what is found."""
    page.locator("#search-query").fill(query)
    links = results(page).locator("a")
    return links.evaluate_all("a => a.map(n => [n.textContent, n.getAttribute('href')])")


@pytest.mark.parametrize(
    ("query", "term"),
    [
        ("softmax", "term-softmax"),
        ("learning rate", "term-learning-rate"),
        ("vanishing gradients", "term-vanishing-gradient"),
        ("激活值", "term-activation"),
        ("激活函数", "term-activation-function"),
    ],
)
def test_a_term_leads_to_its_definition_first(search, query, term):
    _, link = ask(search, query)[0]
    assert link == f"chapters/appendix/glossary.html#{term}"


@pytest.mark.parametrize("query", ["13002", "13,002", "13 002"])
def test_a_number_is_found_with_and_without_its_comma(search, query):
    found = ask(search, query)
    assert found == ask(search, "13,002")
    assert all("13,002" in title for title, _ in found[:2])
    expect(results(search).first.locator("a mark")).to_have_text("13,002")


def test_chinese_is_found(search):
    assert {"term-activation", "term-activation-function"} <= {
        link.partition("#")[2] for _, link in ask(search, "激活")[:3]
    }
    expect(results(search).first.locator("mark").first).to_have_text("激活")


def test_a_section_is_shown_by_number_title_chapter_and_words(search):
    sections = [title for title, link in ask(search, "residual stream") if "/transformers/" in link]
    assert re.match(r"\d+\.\d+ ", sections[0])
    first = results(search).nth(1)
    expect(first.locator(".where")).to_have_text(re.compile(r"^\d+\. "))
    expect(first.locator("p mark").first).to_have_text(re.compile("residual stream", re.I))


def test_a_phrase_in_quotes_is_found_to_the_letter(search):
    loose, exact = ask(search, "chain rule"), ask(search, '"chain rule"')
    assert 0 < len(exact) <= len(loose)
    for result in results(search).all():
        assert "chain rule" in re.sub(r"[-\s]+", " ", result.inner_text()).lower()


def test_nothing_found_is_said_kindly(search):
    assert ask(search, "zzyzx") == []
    expect(search.locator("#search-count")).to_have_text("Nothing found for “zzyzx”.")
    expect(search.locator("#search-none a")).to_have_attribute("href", "chapters/index.html")
    ask(search, "bias")
    expect(search.locator("#search-none")).to_be_hidden()


def test_excerpts_hold_no_code(search):
    for query in ("import", "numpy", "def", "glue"):
        ask(search, query)
        text = search.locator("#search-results").inner_text()
        assert "import numpy" not in text and "from weighted_sums" not in text


def test_every_anchor_in_the_index_is_on_its_page(search):
    pages = search.evaluate("bookIndex")
    assert sum(len(page["sections"]) for page in pages) > 200
    for page in pages:
        text = (SITE / page["page"]).read_text("utf-8")
        ids = set(re.findall(r'\bid="([^"]+)"', text))
        assert {item[0] for item in page["sections"] + page["terms"] if item[0]} <= ids


def test_a_result_opens_its_section_and_back_returns_to_the_list(page, base):
    page.goto(base + "chapters/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("induction heads")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=induction+heads")
    link = results(page).locator("a", has_text="induction").nth(1)
    anchor = urlsplit(link.get_attribute("href")).fragment
    link.click()
    page.wait_for_url(f"**#{anchor}")
    page.wait_for_load_state("load")
    at = page.locator(f"[id='{anchor}']").evaluate("n => n.getBoundingClientRect().top")
    assert 0 <= at <= 150
    assert "Hide Search Matches" not in page.content()
    page.go_back()
    expect(page.locator("#search-query")).to_have_value("induction heads")
    assert results(page).count() > 3


def test_the_address_keeps_the_query_and_back_the_one_before(page, base):
    page.goto(base + "search.html?q=" + quote("learning rate"))
    page.locator("#search-query").fill("bias")
    assert page.url.endswith("?q=bias")
    page.keyboard.press("Enter")
    page.locator("#search-query").fill("softmax")
    page.go_back()
    expect(page.locator("#search-query")).to_have_value("bias")
    page.go_back()
    expect(page.locator("#search-query")).to_have_value("learning rate")
    expect(results(page).first).to_contain_text("学习率")


def test_the_search_works_in_a_folder_without_a_server(page):
    watch = checks.Watch(page)
    page.goto((SITE / "chapters" / "notation.html").as_uri())
    page.keyboard.press("Control+k")
    page.keyboard.type("激活函数")
    page.keyboard.press("Enter")
    page.wait_for_url("file://**/search.html?q=*")
    expect(results(page).first).to_contain_text("activation function")
    ask(page, "softmax")
    results(page).first.locator("a").click()
    page.wait_for_url("file://**/glossary.html#term-softmax")
    # from a file, Chromium refuses to load a font early, says so, and loads it when it is used; it
    # refuses the modules of Python in the page, too, and the page then says how to serve it
    refused = ("Access to font", "Access to script", "ERR_FAILED")
    assert [said for said in watch.problems if not any(r in said for r in refused)] == []


def test_formulas_have_their_font_in_a_folder_without_a_server(page):
    page.goto((SITE / "chapters" / "notation.html").as_uri())
    loaded = "document.fonts.ready.then(() => document.fonts.check('16px Formulas', '∂'))"
    assert page.evaluate(loaded)
    (status,) = page.evaluate(
        "[...document.fonts].filter(f => f.family.includes('Formulas')).map(f => f.status)"
    )
    assert status == "loaded"


def test_the_page_is_sound_in_both_themes_and_on_a_phone(page, base):
    watch = checks.Watch(page)
    page.goto(base + "search.html?q=gradient")
    for width, theme in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=theme)
        page.wait_for_selector(f"html[data-theme={theme}]")
        assert checks.everything(page, watch) == []


def test_only_the_search_page_loads_the_index(page, base):
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(base + "chapters/notation.html", wait_until="networkidle")
    page.keyboard.press("Control+k")
    page.keyboard.type("bias")
    assert asked and not [path for path in asked if "search" in path]
    page.goto(base + "search.html")
    assert f"/{INDEX}" in asked


def test_without_scripts_the_page_says_what_it_needs(chromium, base):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + "search.html")
    said = page.locator("#main-content noscript p")
    expect(said).to_be_visible()
    assert "needs JavaScript" in said.evaluate("p => p.textContent")
    expect(page.locator("#search-form")).to_be_hidden()
    context.close()
