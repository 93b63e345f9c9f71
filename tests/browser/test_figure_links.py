"""Links to a figure in a state: one to copy, and those in the text that set it."""

import pytest
from interactives import PAGES, SITE, again, at, awake, file_of, opened, press, words
from playwright.sync_api import expect

CLIPBOARD = """works => Object.defineProperty(navigator, "clipboard", { value: {
    writeText: async (text) => { if (!works) throw new Error("forbidden"); window.copied = text; },
} })"""
LINKED = [name for name in PAGES if SITE.is_dir() and "sets-figure" in file_of(name).read_text()]


def test_the_copied_link_leads_to_the_same_state(page, base):
    figure = opened(page, base, "neuron")
    page.evaluate(CLIPBOARD, True)
    press(figure, "nearly a step")
    told = words(figure)
    press(figure, "Copy link")
    expect(figure.get_by_role("button", name="Copied")).to_be_visible()
    expect(figure.locator("[role=status]")).to_contain_text("has been copied")
    link = page.evaluate("window.copied")
    assert link.startswith("http") and "neuron.w=20" in link and link.endswith("#fig-neurons-knobs")
    page.goto(link.replace(".html?", ".html?again&"))
    assert words(awake(page, "neuron")) == told


def test_where_copying_is_forbidden_the_link_is_shown(page, base):
    figure = opened(page, base, "neuron")
    page.evaluate(CLIPBOARD, False)
    press(figure, "nearly a step")
    press(figure, "Copy link")
    assert "neuron.w=20" in figure.get_by_label("Link to copy").input_value()


def test_some_pages_set_their_figures_from_the_text():
    assert len(LINKED) >= 5


@pytest.mark.parametrize("name", LINKED)
def test_a_link_in_the_text_sets_the_figure_without_loading_the_page(page, base, name):
    figure = opened(page, base, name, whole=True)
    links = page.locator(f'a.sets-figure[href*="?{name}."]')
    page.evaluate("window.same = true")
    for i in range(links.count()):
        link = links.nth(i)
        href = link.get_attribute("href")
        link.click()
        told = words(figure)
        expect(figure.locator(".ws-stage")).to_be_in_viewport()
        expect(figure.locator("[role=status]")).to_have_text(told)
        assert page.evaluate("window.same")
        page.go_back()
        assert page.evaluate("window.same")  # back in the text, of the same page
        # it is an ordinary address of the figure too
        target, _, anchor = href.partition("#")
        assert page.locator(f"figure#{anchor}").count() == 1
        state = dict(pair.split("=") for pair in target[1:].split("&"))
        given = {key.split(".")[1]: value for key, value in state.items()}
        assert words(again(page, name, **given)) == told
        page.goto(page.url.split("?")[0] + "?fresh")
        page.evaluate("window.same = true")
        figure = awake(page, name)


def test_a_link_works_without_scripts(still, base):
    still.goto(f"{base}chapters/{PAGES['descent']}.html")
    link = still.locator("a.sets-figure").first
    link.click()
    assert "?descent." in still.url
    assert at(still, "descent").locator("img").first.is_visible()
