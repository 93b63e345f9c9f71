"""The sheet of the site leaves out no rule that an element of a page would have."""

import pytest
from served import SITE, pages

# the theme's sheets, and those of its extensions, as they came
WHOLE = [
    *(SITE / "_static" / "styles").glob("*.css"),
    *(SITE / "_static").glob("sphinx-*.css"),
    *(SITE / "_static").glob("mystnb.*.css"),
    *(SITE / "_static" / name for name in ("proof.css", "exercise.css", "togglebutton.css")),
]
# what the browser makes of both, selector by selector, and what it finds by those that are left out
LOST = r"""([whole, kept]) => {
    const selectors = (rules) => [...rules].flatMap((rule) =>
        rule.selectorText ? split(rule.selectorText) : selectors(rule.cssRules ?? []));
    const split = (text) => text.split(/,(?![^(]*\))/).map((part) => part.trim());
    const read = (text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        return new Set(selectors(sheet.cssRules));
    };
    const [all, left] = [read(whole), read(kept)];
    const state = /::?(before|after|hover|focus[\w-]*|active)\b/g;
    const plain = (selector) => selector.replace(state, "");
    const has = (selector) => {
        try { return document.querySelector(plain(selector) || "*"); } catch { return null; }
    };
    return [all.size, [...all].filter((selector) => !left.has(selector) && has(selector))];
}"""
SOME = [name for number, name in enumerate(pages(SITE)) if number % 6 == 0]


@pytest.mark.parametrize("name", SOME)
def test_what_a_page_shows_has_all_its_rules(chromium, base, name):
    whole = "\n".join(path.read_text("utf-8") for path in WHOLE)
    kept = (SITE / "_static" / "together.css").read_text("utf-8")
    page = chromium.new_page()
    page.goto(base + name)
    number, lost = page.evaluate(LOST, [whole, kept])
    (_, none) = page.evaluate(LOST, [".main{top:0}.bd-main{top:0}.none{top:0}", ".main{top:0}"])
    page.close()
    assert number > 3_000
    assert lost == []
    assert none == [".bd-main"]
