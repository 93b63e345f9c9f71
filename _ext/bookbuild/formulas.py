"""Mathematics on the site: MathJax turns TeX into MathML while the book is built.

Browsers draw MathML themselves, with one mathematics font, and screen readers read it aloud, so a
page holds each formula once and runs no script for it. MathJax runs here, in a JavaScript engine
without browser or network.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import re
import unicodedata
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from fontTools.ttLib import TTFont
from py_mini_racer import MiniRacer
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

STYLE = "formulas.css"
PARTS = ("startup", "core", "adaptors/liteDOM", "input/tex-full")
# Browsers space operators by a dictionary of their own, in exponents too; TeX goes by the kinds of
# the neighbours. Here each operator is given TeX's space, and where none stands, a space is put.
START = """
MathJax.startup.getComponents(), MathJax.startup.makeMethods();
const EM = { thinmathspace: "0.167em", mediummathspace: "0.222em", thickmathspace: "0.278em" };
const set = (node, values) => node.attributes.setList(values);
const visit = (node) => {
  const [, over] = node.childNodes;
  if (node.isKind("mo")) set(node, { lspace: "0", rspace: "0" });
  if (node.isKind("mo") && node.getText() === "\u2299") set(node, { largeop: false }); // Firefox
  if (node.isKind("mover") && over.attributes.get("accent")) set(node, { accent: true });
  if (node.isToken) return;
  node.childNodes.forEach((child) => child && visit(child));
  if (!node.isKind("mrow") && !node.isInferred) return;
  for (let at = node.childNodes.length - 1; at >= 0; at--) {
    const [before, child] = [node.childNodes[at - 1], node.childNodes[at]];
    const width = EM[child.texSpacing()];
    if (!width) continue;
    if (child.isEmbellished) set(child.coreMO(), { lspace: width });
    else if (before?.isEmbellished) set(before.coreMO(), { rspace: width });
    else node.childNodes.splice(at, 0, node.factory.create("mspace", { width }));
  }
};
globalThis.typeset = (tex, display) => {
  const root = MathJax.startup.document.convert(tex, { display, end: 100 });
  root.setTeXclass(null);
  visit(root);
  return MathJax.startup.toMML(root);
};
null;
"""
NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'
OPENED = set("()[]{}")  # browsers put no space beside these either
LETTER = re.compile(r"(?:MATHEMATICAL )?([A-Z -]+?) (?:CAPITAL|SMALL|DIGIT|NABLA|PARTIAL|\w+ SYM)")
MATH = re.compile(r"<math\b.*?</math>", re.S)
ALONE = re.compile(r"<mi>([^<])</mi>")
logger = logging.getLogger(__name__)


class FormulaError(ValueError):
    """A formula that cannot be set; the message says why."""


def _folder(package: str, *parts: str) -> Path:
    found = importlib.util.find_spec(package)
    if not found:
        raise FormulaError(f"formulas need the Python package {package}, which is not installed")
    return Path(found.submodule_search_locations[0], *parts)


def mathjax() -> Path:
    """The folder of MathJax in the package that carries it."""
    return _folder("sphinx-mathjax-offline", "static", "mathjax")


def font() -> Path:
    """The mathematics font, STIX Two Math (SIL Open Font License), in the package that has it."""
    return _folder("ziamath", "fonts", "STIXTwoMath-Regular.ttf")


@functools.cache
def alphabets() -> dict[tuple[frozenset[str], str], str]:
    """Unicode's letter for the words of a style and a letter; browsers know no attribute."""
    found = {(frozenset(["ITALIC"]), "h"): "\u210e"}  # Planck's constant, left out of its row
    for letter in map(chr, [*range(0x2100, 0x2150), *range(0x1D400, 0x1D800)]):
        kind, _, base = unicodedata.decomposition(letter).partition(" ")
        if kind == "<font>" and (style := LETTER.match(unicodedata.name(letter))):
            found[_words(style[1]), chr(int(base, 16))] = letter
    return found


def _words(style: str) -> frozenset[str]:
    return frozenset(re.split("[ -]", style.upper()))


def characters(page: str) -> set[str]:
    """What a browser draws for the formulas of a page: a letter alone is drawn in italics."""
    formulas = "".join(MATH.findall(page))
    text = unescape(re.sub("<[^>]*>", "", formulas))
    italic, letters = _words("italic"), map(unescape, ALONE.findall(formulas))
    root = "\u221a" if re.search("<m(?:sqrt|root)>", formulas) else ""
    return {*text, *root, *(alphabets().get((italic, letter), letter) for letter in letters)}


class Typesetter:
    """MathJax as a function from TeX to MathML. `tex` are its settings, such as the macros."""

    def __init__(self, tex: dict | None = None) -> None:
        """Start the engine, which takes about half a second."""
        self.engine = MiniRacer()
        self.known = set(map(chr, TTFont(font(), lazy=True).getBestCmap())) | set("\n")
        # without what shows a mistake on the page, and without what measures a drawing
        strict = {"packages": {"[-]": ["noerrors", "noundefined", "bussproofs"]}}
        # `ready` does nothing: there is no page that MathJax could look through by itself
        start = f"globalThis.MathJax = {json.dumps({'tex': strict | (tex or {})})};"
        self.engine.eval(start + "MathJax.startup = { typeset: false, ready() {} }; null;")
        for part in PARTS:
            self.engine.eval((mathjax() / f"{part}.js").read_text("utf-8") + "; null;")
        self.engine.eval(START)

    @functools.cache  # noqa: B019 (there is one for a build, and formulas come back often)
    def __call__(self, tex: str, display: bool) -> str:
        """Return the MathML of a formula; FormulaError where it cannot be set."""
        found = self.engine.call("typeset", tex, display).replace(NAMESPACE, "")
        root = ElementTree.fromstring(found)
        if (fault := root.find(".//merror")) is not None:
            raise FormulaError(f"{fault.get('data-mjx-error')}, in the formula {tex}")
        markup = ElementTree.tostring(_lean(root), "unicode")
        if foreign := characters(markup) - self.known:
            raise FormulaError(f"{min(foreign)!r} is not in the font of formulas: {tex}")
        return markup


def _lean(node: ElementTree.Element) -> ElementTree.Element:
    # the same formula with what browsers understand, and no more
    node[:] = [_lean(child) for child in node]
    node.tail, node.text = None, None if len(node) else (node.text or "").strip("\n ")
    node.attrib = {name: value for name, value in node.items() if not name.startswith("data-")}
    if (style := node.get("mathvariant", "normal")) != "normal":
        del node.attrib["mathvariant"]
        node.text = "".join(alphabets().get((_words(style), c), c) for c in node.text)
    if node.tag == "mo" and node.text in OPENED and node.get("lspace") == node.get("rspace") == "0":
        del node.attrib["lspace"], node.attrib["rspace"]
    alone = node[0] if len(node) == 1 and node.tag in ("mrow", "mstyle") else None
    if alone is None or "minsize" in alone.attrib:  # which Chromium heeds in a row alone
        return node
    plain = not node.attrib if node.tag == "mrow" else alone.tag == "mspace"
    return alone if plain else node


@functools.cache
def typesetter(tex: str) -> Typesetter:
    """One engine for the settings `tex`, as JSON."""
    return Typesetter(json.loads(tex))


def _formula(translator, node: nodes.Node, tex: str, display: bool) -> str:
    settings = (translator.config.mathjax3_config or {}).get("tex", {})
    try:
        return typesetter(json.dumps(settings))(tex, display)
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
    app.add_css_file(STYLE)
