"""How a page looks: a theme, a width, and what differs between two of them.

Axe weighs the colours of every word, which takes most of its time. Words of the same kind, at the
same position in the page's structure, in the same colours on the same backgrounds, need it once.
"""

WORDS = "[data-first-look]"
CHANGED = {"light": "[data-changed-look]", "dark": "[data-changed-colours]"}
# the rules of axe that weigh colours, for one of all words that look the same
FIRST_ONLY = [
    {"id": "color-contrast", "selector": WORDS},
    {"id": "link-in-text-block", "selector": f"a[href]{WORDS}"},
]
FIRST = """() => {
    const known = new Map(), said = new Set();
    const walk = (node, around, inFormula) => {
        const s = getComputedStyle(node);
        const look = [
            around, inFormula || [node.localName, node.getAttribute("class"), s.display],
            s.color, s.backgroundColor, s.backgroundImage, s.opacity, s.fontSize, s.fontWeight,
            s.fill, s.textDecorationLine, s.textShadow, s.visibility, s.position,
        ].join();
        if (!known.has(look)) known.set(look, known.size);
        const here = known.get(look);
        const speaks = node.matches("input, select, textarea, button") ||
            [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
        node.toggleAttribute("data-first-look", speaks && !said.has(here));
        if (speaks) said.add(here);
        // a formula's parts look alike wherever in it they stand
        const formula = inFormula || node.localName === "math";
        for (const child of node.children) walk(child, inFormula ? around : here, formula);
    };
    walk(document.body, "", false);
}"""
# all of an element that a narrower window may change and a rule of axe may look at
LOOK = """const look = (node) => {
    if (!node.checkVisibility({ visibilityProperty: true })) return [];
    const s = getComputedStyle(node), size = parseFloat(s.fontSize);
    const large = size >= 24 || (size > 18.6 && s.fontWeight >= 700);
    const scrolls = node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight;
    return [
        [s.color, s.backgroundColor, s.backgroundImage, s.opacity, s.position, large].join(),
        [node.tabIndex, node.ariaHidden, scrolls && s.overflowX + s.overflowY].join(),
    ];
};
const all = document.querySelectorAll("body, body *");"""
REMEMBER = """theme => {
    for (const node of all) (node.wasLook ??= {})[theme] = look(node);
}"""
COMPARE = """theme => {
    for (const node of all) {
        const [colours, other] = look(node), was = node.wasLook?.[theme] ?? [];
        const changed = colours && colours !== was[0];
        node.toggleAttribute("data-changed-colours", changed);
        node.toggleAttribute("data-changed-look", changed || other && other !== was[1]);
    }
}"""


def show(page, width: int, theme: str) -> None:
    """Draw an open page at a width and in a theme, without motion."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.wait_for_selector(f"html[data-theme={theme}]")
    page.evaluate("() => new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))")


def remember(page, theme: str) -> None:
    """Keep what every element of the page looks like now, in this theme."""
    page.evaluate(f"theme => {{ {LOOK} ({REMEMBER})(theme); }}", theme)


def compare(page, theme: str) -> None:
    """Mark what is seen now and was not, or not like this, when this theme was remembered."""
    page.evaluate(f"theme => {{ {LOOK} ({COMPARE})(theme); }}", theme)
