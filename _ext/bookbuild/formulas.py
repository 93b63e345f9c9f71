"""Mathematics on the site: MathJax turns TeX into MathML while the book is built.

Browsers draw MathML themselves, with one mathematics font, and screen readers read it aloud, so a
page holds each formula once and runs no script for it. MathJax runs here, in a JavaScript engine
without browser or network.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from html import unescape
from importlib.metadata import distribution
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from fontTools.ttLib import TTFont
from py_mini_racer import MiniRacer
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

PARTS = ("startup", "core", "adaptors/liteDOM", "input/tex-full")
# what shows a mistake on the page, and what measures a drawing
WITHOUT = {"packages": {"[-]": ["noerrors", "noundefined", "bussproofs"]}}
NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'
LETTER = re.compile(r"(?:MATHEMATICAL )?([A-Z -]+?) (?:CAPITAL|SMALL|DIGIT|NABLA|PARTIAL|\w+ SYM)")
MATH = re.compile(r"<math\b.*?</math>", re.S)
ALONE = re.compile(r"<mi>([^<])</mi>")
logger = logging.getLogger(__name__)


class FormulaError(ValueError):
    """A formula that cannot be set; the message says why."""


def font() -> Path:
    """The mathematics font, STIX Two Math (SIL Open Font License), in the package that has it."""
    return Path(distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf"))


@functools.cache
def _alphabets() -> dict[tuple[str, str], str]:
    # Unicode's letter for a style and a plain letter: browsers know no attribute for styles
    found = {("italic", "h"): "\u210e"}  # Planck's constant, left out of its row
    for letter in map(chr, [*range(0x2100, 0x2150), *range(0x1D400, 0x1D800)]):
        kind, _, base = unicodedata.decomposition(letter).partition(" ")
        if kind == "<font>" and (style := LETTER.match(unicodedata.name(letter))):
            found[_style(style[1]), chr(int(base, 16))] = letter
    return found


def _style(words: str) -> str:
    # MathML and Unicode order the words of a style differently
    return " ".join(sorted(re.split("[ -]", words.lower())))


def characters(page: str) -> set[str]:
    """What a browser draws for the formulas of a page: a letter alone is drawn in italics."""
    formulas = "".join(MATH.findall(page))
    text = unescape(re.sub("<[^>]*>", "", formulas))
    root = "\u221a" if re.search("<m(?:sqrt|root)>", formulas) else ""
    letters = map(unescape, ALONE.findall(formulas))
    return {*text, *root, *(_alphabets().get(("italic", letter), letter) for letter in letters)}


@functools.cache
def _engine(settings: str) -> MiniRacer:
    # with the settings of MathJax's TeX, as JSON; it takes about half a second to start
    engine, package = MiniRacer(), distribution("sphinx-mathjax-offline")
    mathjax = Path(package.locate_file("sphinx-mathjax-offline/static/mathjax"))
    # `ready` does nothing: there is no page that MathJax could look through by itself
    startup = "MathJax.startup = { typeset: false, ready() {} }; null;"
    tex = json.dumps(WITHOUT | json.loads(settings))
    engine.eval(f"globalThis.MathJax = {{ tex: {tex} }}; {startup}")
    for part in PARTS:
        engine.eval((mathjax / f"{part}.js").read_text("utf-8") + "; null;")
    engine.eval(Path(__file__).with_name("typeset.js").read_text("utf-8"))
    return engine


@functools.cache
def _drawable() -> set[str]:
    return {*map(chr, TTFont(font(), lazy=True).getBestCmap()), "\n"}


@functools.cache
def typeset(tex: str, display: bool, settings: str = "{}") -> str:
    r"""The MathML of a formula, with MathJax's `settings` for TeX, such as macros, as JSON.

    FormulaError where it cannot be set. Lines that `\\` parts get an environment, as in Sphinx.
    """
    lines = rf"\begin{{split}}{tex}\end{{split}}" if display and r"\\" in tex else tex
    found = _engine(settings).call("typeset", lines, display).replace(NAMESPACE, "")
    root = ElementTree.fromstring(found)
    if (fault := root.find(".//merror")) is not None:
        raise FormulaError(f"{fault.get('data-mjx-error')}, in the formula {tex}")
    markup = ElementTree.tostring(_lean(root), "unicode")
    if foreign := characters(markup) - _drawable():
        raise FormulaError(f"{min(foreign)!r} is not in the font of formulas: {tex}")
    return markup


def _lean(node: ElementTree.Element) -> ElementTree.Element:
    # the same formula with what browsers understand, and no more
    node[:] = map(_lean, node)
    node.tail, node.text = None, None if len(node) else (node.text or "").strip("\n ")
    node.attrib = {name: value for name, value in node.items() if not name.startswith("data-")}
    if (style := node.get("mathvariant", "normal")) != "normal":
        del node.attrib["mathvariant"]
        node.text = "".join(_alphabets().get((_style(style), c), c) for c in node.text)
    alone = node[0] if len(node) == 1 and node.tag in ("mrow", "mstyle") else None
    if alone is None or "minsize" in alone.attrib:  # which Chromium heeds in a row alone
        return node
    plain = not node.attrib if node.tag == "mrow" else alone.tag == "mspace"
    return alone if plain else node


def visit(translator, node: nodes.math | nodes.math_block) -> None:
    """Write a formula in a line, or on lines of its own with its number."""
    display = isinstance(node, nodes.math_block)
    tag, end = ("div", "\n") if display else ("span", "")
    body, settings = translator.body, translator.config.mathjax3_config or {}
    body.append(translator.starttag(node, tag, end, CLASS="math notranslate nohighlight"))
    if node.get("number"):
        body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        body.append("</span>")
    try:
        body.append(typeset(node.astext(), display, json.dumps(settings.get("tex", {}))))
    except FormulaError as error:
        logger.warning("%s", error, location=node)
    body.append(f"</{tag}>{end}")
    raise nodes.SkipNode


def setup(app) -> None:
    """Make this the way in which Sphinx's HTML writer writes mathematics."""
    app.add_html_math_renderer("build", (visit, None), (visit, None))
