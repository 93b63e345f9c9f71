"""What a page must keep to in a browser: each check returns a list of problems."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import looks
from axe_playwright_python.sync_playwright import Axe

AXE = Axe()
# preload would fetch the style sheets again, relative to the page, and fail
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "preload": False,
    "resultTypes": ["violations"],  # what passes need not be listed node by node
}
# Words of code that look like one before are out of axe's sight: it need not weigh each of them.
COVER = """() => {
    const seen = new Set();
    for (const word of document.querySelectorAll("pre span")) {
        const code = getComputedStyle(word.closest("pre")), own = getComputedStyle(word);
        const look = [own.color, own.backgroundColor, own.opacity, code.backgroundColor].join();
        word.toggleAttribute("data-same", seen.has(look));
        seen.add(look);
    }
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("[data-same] { visibility: hidden !important }");
    document.adoptedStyleSheets = [sheet];
}"""
UNCOVER = "() => { document.adoptedStyleSheets = []; }"
# all that another theme can change at the same width: colours
COLOURS = ("color-contrast", "link-in-text-block")
# the theme marks up search and sidebars in its own way; these rules are advice, not WCAG
ADVICE = {"region", "landmark-unique", "landmark-no-duplicate-banner", "heading-order"}


class Watch:
    """Listens to one page: errors, failed answers, and requests that leave this machine."""

    def __init__(self, page):
        self.problems: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("response", self._response)
        page.on("request", self._request)

    def _console(self, message) -> None:
        if message.type == "error":
            address = message.location.get("url", "")
            self.problems.append(f"console error: {message.text} ({address})")

    def _response(self, response) -> None:
        if response.status >= 400:
            self.problems.append(f"answer {response.status}: {response.url}")

    def _request(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.hostname != "127.0.0.1":
            self.problems.append(f"request to another host: {request.url}")


def mathematics(page) -> list[str]:
    """Every formula is set, none with an error, in fonts that arrived."""
    unset = page.evaluate(
        "[...document.querySelectorAll('.math')].filter(n => !n.querySelector('math > *'))"
        ".map(n => n.textContent)"
    )
    errors = page.evaluate("[...document.querySelectorAll('merror')].map(n => n.textContent)")
    fonts = page.evaluate(
        "document.fonts.ready.then(all => [...all].filter(f => f.status === 'error')"
        ".map(f => f.family))"
    )
    return [
        *(f"formula that is not set: {text}" for text in unset),
        *(f"formula with an error: {text}" for text in errors),
        *(f"font that did not arrive: {name}" for name in fonts),
    ]


def images(page) -> list[str]:
    """Every image of the text is there and says in words what is to be seen."""
    page.evaluate(
        "Promise.allSettled([...document.images].map(i => { i.loading = 'eager';"
        " return i.decode(); }))"
    )
    broken = page.evaluate("[...document.images].filter(i => !i.naturalWidth).map(i => i.src)")
    told = "article img:not([role=presentation])"  # the others adorn a link that has words
    alts = page.evaluate(f"[...document.querySelectorAll('{told}')].map(i => [i.src, i.alt])")
    silent = [src for src, alt in alts if not alt.strip() or re.search(r"\.(svg|png)$", alt)]
    return [f"broken image: {s}" for s in broken] + [f"image without words: {s}" for s in silent]


def width(page) -> list[str]:
    """The page does not scroll sideways."""
    over = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [f"the page is {over} px wider than the screen"] if over > 0 else []


CUT = """() => {
    const article = document.querySelector("article"), found = [];
    const screen = document.documentElement.clientWidth, style = node => getComputedStyle(node);
    const cut = (node, box) => {  // who hides a part of it, unless it can be scrolled to
        for (let up = node.parentElement; up && up !== article; up = up.parentElement) {
            if (/auto|scroll/.test(style(up).overflowX)) return "";
            const edge = up.getBoundingClientRect();
            const hides = up.localName === "svg" || /hidden|clip/.test(style(up).overflowX);
            if (hides && style(up).overflowX !== "visible" &&
                (box.right > edge.right + 1 || box.left < edge.left - 1)) return "its box";
        }
        return box.right > screen + 1 || box.left < -1 ? "the screen" : "";
    };
    for (const node of article?.querySelectorAll("pre, table, math, img, svg, svg text, p") ?? []) {
        const box = node.getBoundingClientRect(), own = style(node).overflowX;
        if (!box.width || !node.checkVisibility({ visibilityProperty: true })) continue;
        let by = cut(node, box);
        const over = node.localName === "pre" && node.scrollWidth > node.clientWidth + 1;
        if (over && !/auto|scroll/.test(own)) by = "its box";
        else if (over && screen > 1000) by = "a scroll bar at a desk";
        const words = node.textContent.trim() || node.getAttribute("alt") || node.id;
        if (by) found.push(`${node.localName} cut by ${by}: ${words.slice(0, 60)}`);
    }
    return found;
}"""


def cut(page) -> list[str]:
    """No code, table, formula, picture or label ends at an edge past which nobody can scroll."""
    return page.evaluate(CUT)


def accessibility(page, within: str = "html", rules: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds in a part of a page, rule by rule; by all rules if none are named."""
    asked = {**RULES, "runOnly": {"type": "rule", "values": list(rules)}} if rules else RULES
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
        page.evaluate("rules => axe.configure({ rules })", looks.FIRST_ONLY)
    page.evaluate(COVER)
    page.evaluate(looks.FIRST)
    run = "([include, asked]) => axe.run({ include }, asked).then(found => found.violations)"
    violations = page.evaluate(run, [[[within]], asked])
    page.evaluate(UNCOVER)
    return [
        f"axe {v['id']} ({len(v['nodes'])} nodes): {v['nodes'][0]['html'][:150]}"
        for v in violations
        if v["id"] not in ADVICE
    ]


def everything(page, watch: Watch, within: str = "html", rules: tuple[str, ...] = ()) -> list[str]:
    """All checks of a page that is open, axe's in a part of it, by all its rules or by some."""
    found = [*mathematics(page), *images(page), *width(page), *cut(page)]
    if page.locator(within).count():
        found += accessibility(page, within, rules)
    return [*watch.problems, *found]


def in_all_looks(page, watch: Watch) -> dict[str, list[str]]:
    """The problems of an open page at a desk and on a phone, light and dark.

    In the dark axe judges colours, on the phone what is not as it was at the desk.
    """
    found, rules = {}, {"light": (), "dark": COLOURS}
    for width, theme in ((1280, "light"), (1280, "dark"), (360, "dark"), (360, "light")):
        looks.show(page, width, theme)
        if width == 360:
            looks.compare(page, theme)
        within = "html" if width == 1280 else looks.CHANGED[theme]
        found[f"{width} px, {theme}"] = everything(page, watch, within, rules[theme])
        if width == 1280:
            looks.remember(page, theme)
    return found


class _Page(HTMLParser):
    """The addresses and the ids of one page."""

    def __init__(self, text: str):
        super().__init__()
        self.links: set[str] = set()
        self.icon = False
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.icon |= tag == "link" and given.get("rel") == "icon"
        self.ids |= {given[key] for key in ("id", "name") if given.get(key)}
        self.links |= {given[key] for key in ("href", "src") if given.get(key)}


def dead_links(site: Path, pages: list[str]) -> list[str]:
    """Links inside the site that lead to no file, or to no anchor in one."""
    parsed = {name: _Page((site / name).read_text("utf-8")) for name in pages}
    ids = {name: page.ids for name, page in parsed.items()}
    found = []
    for name, page in parsed.items():
        for link in sorted(page.links):
            if urlsplit(link).scheme:
                continue
            target = urlsplit(urljoin(name, link))
            path = unquote(target.path).lstrip("/") or name
            if not (site / path).exists():
                found.append(f"{name}: {link} leads to no file")
            elif path in ids and target.fragment and unquote(target.fragment) not in ids[path]:
                found.append(f"{name}: {link} leads to no anchor in {path}")
    return found


def without_icon(site: Path, pages: list[str]) -> list[str]:
    """Pages that name no icon: a browser then asks for /favicon.ico, and finds nothing there."""
    return [name for name in pages if not _Page((site / name).read_text("utf-8")).icon]
