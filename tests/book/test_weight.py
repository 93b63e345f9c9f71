"""What a page of the site asks a reader to load stays small."""

import gzip
import re
from pathlib import Path

import pytest
from checkout import leads_on

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
NAMED = re.compile(
    r'<(?:link rel="stylesheet"|script\b|img\b)[^>]*(?<![-\w])(?:href|src)="([^"?#:]+)'
)
IMPORTED = re.compile(r'^(?:import|export)\b[^;]*?"(\.[^"]+)"', re.M)
FIGURE = re.compile(r'data-interactive="([\w-]+)"')
PAYLOAD = re.compile(r'data-payload="([^"]+)"')
FONT = re.compile(r"url\(\"?([^)\"?]+\.woff2)")
FIRST = 400_000  # bytes over the wire of everything that a first visit can load
ITSELF = 200_000  # and of the page and its pictures, where the rest has been kept


MATH = re.compile(r"<math\b.*?</math>", re.S)
SHARE = 0.2  # of a page's bytes for its formulas


def share(page: str) -> float:
    """The part of a page's bytes that its formulas take."""
    return len("".join(MATH.findall(page)).encode()) / len(page.encode())


def weight(path: Path) -> int:
    """Bytes of a file as a static host sends it."""
    content = path.read_bytes()
    return len(content if path.suffix in (".woff2", ".png") else gzip.compress(content))


def modules(entry: Path) -> set[Path]:
    """A module with all that it imports."""
    found, open_ = set(), {entry}
    while open_:
        path = open_.pop()
        found.add(path)
        named = IMPORTED.findall(path.read_text("utf-8"))
        open_ |= {(path.parent / name).resolve() for name in named} - found
    return found


def files(page: Path) -> set[Path]:
    """What a page names, with the fonts of its style sheets, and the modules of its figures."""
    text = page.read_text("utf-8")
    found = {(page.parent / name).resolve() for name in NAMED.findall(text)}
    for sheet in [path for path in found if path.suffix == ".css"]:
        found |= {
            (sheet.parent / name).resolve() for name in FONT.findall(sheet.read_text("utf-8"))
        }
    for entry in [path for path in found if path.suffix == ".mjs"]:
        found |= modules(entry)
        for name in FIGURE.findall(text) if entry.parent.name.startswith("interactive-") else ():
            found |= modules(entry.parent / "figures" / f"{name}.mjs")
    return found | {(page.parent / name).resolve() for name in PAYLOAD.findall(text)}


WRITTEN = [path for path in SITE.glob("chapters/**/*.html") if not leads_on(path)]
PAGES = sorted(str(path.relative_to(SITE)) for path in WRITTEN)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light(name):
    page = SITE / name
    named = files(page)
    assert {"together.css", "together.js"} < {path.name for path in named}
    assert weight(page) + sum(map(weight, named)) <= FIRST
    pictures = [path for path in named if path.parent.name == "_images"]
    assert weight(page) + sum(map(weight, pictures)) <= ITSELF


# the page of proofs is short, and little else than formulas
@pytest.mark.parametrize("name", [n for n in PAGES if n != "chapters/appendix/proofs.html"])
def test_formulas_are_a_small_part_of_a_page(name):
    assert share((SITE / name).read_text("utf-8")) <= SHARE


def test_the_share_of_formulas_is_what_is_between_their_tags():
    assert share("<p>1234</p>" + "<math>é</math>" * 2) == 30 / 41
    assert any(share((SITE / name).read_text("utf-8")) > 0.05 for name in PAGES)


def test_no_page_loads_what_was_cured():
    text = "".join((SITE / name).read_text("utf-8") for name in PAGES)
    assert PAGES
    for heavy in ("mathjax/", "fontawesome.js", "search-index.js", "highlight.js"):
        assert heavy not in text
    assert not list(SITE.rglob("*mathjax*"))
