"""Every page of the site, as readers meet it: light and dark, at a desk and on a phone."""

import json
import re

import checks
import pytest
from served import SITE, pages

PAGES = pages(SITE)


def title(page):
    return page.locator("article h1").first.inner_text()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_problems(page, base, name):
    watch = checks.Watch(page)
    page.goto(base + name, wait_until="load")
    found = checks.in_all_looks(page, watch)
    assert found == {look: [] for look in found}


OPEN = """() => {
    document.querySelectorAll("article details").forEach(fold => { fold.open = true; });
    const folded = "article .toggle-hidden button.toggle-button";
    document.querySelectorAll(folded).forEach(button => button.click());
}"""


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("chapters/")])
def test_nothing_that_is_folded_is_cut_at_an_edge(page, base, name):
    page.goto(base + name, wait_until="load")
    page.evaluate(OPEN)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert checks.cut(page) == []
        assert page.locator("article .toggle-hidden").count() == 0


POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
LISTEN = """() => {
    window.seen = [];
    document.addEventListener("securitypolicyviolation",
        event => window.seen.push(event.effectiveDirective));
}"""
FORBIDDEN = {
    "a script that somebody wrote into the page": """() => {
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
        return window.ran === true;
    }""",
    "a script in an attribute": """() => {
        document.body.insertAdjacentHTML("beforeend", "<button onclick='window.ran = true'>x");
        document.body.lastElementChild.click();
        return window.ran === true;
    }""",
    # later, since what the test itself evaluates may evaluate text
    "text run as code": """() => new Promise(done => setTimeout(() => {
        try { done(eval("true")); } catch { done(false); }
    }))""",
    "a request to another host": """() => fetch("http://localhost:9/", { mode: "no-cors" })
        .catch(() => new Promise(done => setTimeout(done, 300)))
        .then(() => !window.seen.includes("connect-src"))""",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_policy_without_unsafe_scripts(name):
    (policy,) = POLICY.findall((SITE / name).read_text("utf-8"))
    assert policy.startswith("default-src 'none'; script-src 'self'")
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.replace("style-src-attr 'unsafe-inline'", "")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_policy_forbids(page, base, what):
    page.goto(base + "chapters/notation.html", wait_until="load")
    page.evaluate(LISTEN)
    assert page.evaluate(FORBIDDEN[what]) is False
    page.goto("about:blank")  # a page without a policy
    page.evaluate(LISTEN)
    assert page.evaluate(FORBIDDEN[what]) is True


def test_every_link_inside_the_site_leads_somewhere(base):
    assert checks.dead_links(SITE, PAGES) == []


def test_every_page_names_its_icon():
    assert checks.without_icon(SITE, PAGES) == []


def test_the_front_page_leads_into_the_book(page, base):
    page.goto(base)
    page.wait_for_url("**/chapters/index.html")
    assert "Weighted Sums" in title(page)


def test_search_finds_bias_in_the_chapter_on_neurons(page, base):
    page.goto(base + "search.html?q=bias", wait_until="networkidle")
    page.wait_for_selector("#search-results li")
    found = page.locator("#search-results li a").evaluate_all("a => a.map(n => n.href)")
    assert any("neurons/neurons.html" in link for link in found)


def test_the_search_dialog_opens_by_keyboard(page, base):
    page.goto(base + "chapters/index.html", wait_until="networkidle")
    page.keyboard.press("Control+k")
    page.keyboard.type("bias")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li")


def test_a_folded_solution_opens_by_click_and_by_keyboard(page, base):
    page.goto(base + "chapters/how-to-read.html", wait_until="networkidle")
    solution = page.locator("#sol-front-first")
    body, button = solution.locator(".cell").first, solution.locator("button.toggle-button")
    assert not body.is_visible()
    button.click()
    body.wait_for(state="visible")
    button.click()
    body.wait_for(state="hidden")
    button.focus()
    page.keyboard.press("Enter")
    body.wait_for(state="visible")


def test_a_folded_answer_opens(page, base):
    page.goto(base + "chapters/how-to-read.html", wait_until="networkidle")
    recall = page.locator(".admonition.recall").first
    answer = recall.locator("p:not(.admonition-title)").first
    assert not answer.is_visible()
    recall.locator("button.toggle-button").click()
    answer.wait_for(state="visible")


def test_dark_and_light_can_be_chosen(page, base):
    page.goto(base + "chapters/index.html", wait_until="networkidle")
    seen = set()
    for _ in range(3):
        page.locator("button.theme-switch-button").last.click()
        seen.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(seen) >= 2


def download(page, selector):
    link = page.locator(selector).first
    answer = page.request.get(link.evaluate("a => a.href"))
    assert answer.ok
    return answer.body()


def test_a_chapter_offers_its_notebook_and_the_pdf(page, base):
    page.goto(base + "chapters/how-to-read.html", wait_until="networkidle")
    notebook = json.loads(download(page, "a.btn-download-ipynb-button"))
    assert notebook["nbformat"] == 4
    assert notebook["cells"][0]["source"][0].startswith("# How to read")
    assert download(page, "a.btn-download-pdf-button").startswith(b"%PDF")
    entries = page.locator("[class*='btn-download-']").all_inner_texts()
    expected = ["Notebook of this chapter", "All chapters (zip)", "PDF", "EPUB"]
    assert [entry.strip() for entry in entries] == expected


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("notebooks/weighted-sums-notebooks.zip", b"PK"),
        ("weighted-sums-site.zip", b"PK"),
        ("book.epub", b"PK"),
        ("book.pdf", b"%PDF"),
    ],
)
def test_the_front_page_offers_the_book_in_all_its_forms(page, base, name, begins):
    page.goto(base + "chapters/index.html", wait_until="networkidle")
    assert download(page, f"main a[href$='{name}']").startswith(begins)


def test_the_book_opens_from_a_folder_without_a_server(page):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((SITE / "chapters" / "notation.html").as_uri(), wait_until="load")
    page.wait_for_selector("math")
    assert "Notation" in title(page)
    assert errors == []
