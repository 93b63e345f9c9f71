"""Mathematics on the site, set while the book is built: no page loads or runs MathJax.

MathJax runs here, in a JavaScript engine without browser or network, and each formula becomes HTML
that draws with a style sheet and fonts, beside the MathML that screen readers read aloud.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import re
from pathlib import Path

from docutils import nodes
from py_mini_racer import MiniRacer
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

OUTPUT = "output/chtml"
PARTS = ("startup", "core", "adaptors/liteDOM", "input/tex-full", OUTPUT, f"{OUTPUT}/fonts/tex")
FONTS = f"{OUTPUT}/fonts/woff-v2"
START = """
MathJax.startup.getComponents();
MathJax.startup.makeMethods();
const text = MathJax.startup.adaptor;
globalThis.typeset = (tex, display) => {
  const found = text.outerHTML(MathJax.tex2chtml(tex, { display }));
  return JSON.stringify([found, MathJax.tex2mml(tex, { display })]);
};
globalThis.sheet = () => text.textContent(MathJax.chtmlStylesheet());
null;
"""
FAULT = re.compile(r'data-mjx-error="([^"]*)"')
FOREIGN = re.compile(r"<mjx-utext[^>]*>([^<]*)<")
SILENT = re.compile(r' data-(?:mjx|latex)[\w-]*="[^"]*"|(?<=>)\s+(?=<)')
logger = logging.getLogger(__name__)


class FormulaError(ValueError):
    """MathJax cannot read a formula; the message says why."""


def mathjax() -> Path:
    """The folder of MathJax in the package that carries it."""
    package = importlib.util.find_spec("sphinx-mathjax-offline")
    return Path(package.submodule_search_locations[0], "static", "mathjax")


class Typesetter:
    """MathJax as a function from TeX to HTML. `tex` are its settings, such as the macros."""

    def __init__(self, tex: dict | None = None) -> None:
        """Start the engine, which takes about half a second."""
        self.engine = MiniRacer()
        # without the two packages that show a mistake on the page instead of telling of it
        strict = {"packages": {"[-]": ["noerrors", "noundefined"]}}
        settings = {"tex": strict | (tex or {}), "chtml": {"adaptiveCSS": False, "fontURL": "."}}
        # `ready` does nothing: there is no page that MathJax could look through by itself
        start = f"globalThis.MathJax = {json.dumps(settings)};"
        self.engine.eval(start + "MathJax.startup = { typeset: false, ready() {} }; null;")
        for part in PARTS:
            self.engine.eval((mathjax() / f"{part}.js").read_text("utf-8") + "; null;")
        self.engine.eval(START)

    @functools.cache  # noqa: B019 (there is one for a build, and formulas come back often)
    def __call__(self, tex: str, display: bool) -> str:
        """Return the HTML of a formula; FormulaError where MathJax cannot read it."""
        drawn, spoken = json.loads(self.engine.call("typeset", tex, display))
        if fault := FAULT.search(drawn):
            raise FormulaError(f"{fault[1]}, in the formula {tex}")
        if foreign := FOREIGN.search(drawn):
            raise FormulaError(f"{foreign[1]!r} is in no font of formulas, in the formula {tex}")
        hidden = f"<mjx-assistive-mml>{SILENT.sub('', spoken)}</mjx-assistive-mml></mjx-container>"
        drawn = drawn.replace("<mjx-math ", '<mjx-math aria-hidden="true" ', 1)
        return drawn.removesuffix("</mjx-container>") + hidden

    @functools.cache  # noqa: B019
    def stylesheet(self) -> str:
        """The rules for every character that MathJax knows; fonts are named `./<name>.woff`."""
        return self.engine.call("sheet")


@functools.cache
def typesetter(tex: str) -> Typesetter:
    """One engine for the settings `tex`, as JSON."""
    return Typesetter(json.loads(tex))


def of(config) -> Typesetter:
    """The engine with the macros of a book's configuration."""
    return typesetter(json.dumps((config.mathjax3_config or {}).get("tex", {})))


def _formula(translator, node: nodes.Node, tex: str, display: bool) -> str:
    try:
        return of(translator.config)(tex, display)
    except FormulaError as error:
        logger.warning("%s", error, location=node)
        return ""


def visit_inline(translator, node: nodes.math) -> None:
    """Write a formula in a line."""
    html = _formula(translator, node, node.astext(), False)
    start = translator.starttag(node, "span", "", CLASS="math notranslate nohighlight")
    translator.body.append(f"{start}{html}</span>")
    raise nodes.SkipNode


def visit_block(translator, node: nodes.math_block) -> None:
    """Write a formula on lines of its own, with its number."""
    translator.body.append(translator.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append(_formula(translator, node, block(node.astext()), True) + "</div>\n")
    raise nodes.SkipNode


def block(tex: str) -> str:
    r"""Give lines that are parted by `\\` their environment, as Sphinx's own renderers do."""
    return rf"\begin{{split}}{tex}\end{{split}}" if r"\\" in tex else tex


def setup(app) -> None:
    """Make this the way in which Sphinx's HTML writer writes mathematics."""
    app.add_html_math_renderer("build", (visit_inline, None), (visit_block, None))
