"""What a page of the site asks a reader to load stays small."""

import gzip
import re
from pathlib import Path

import pytest
from checkout import leads_on

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
NAMED = re.compile(
    r'<(?:link rel="stylesheet"|script|img)\b[^>]*(?<![-\w])(?:href|src)="([^"?#:]+)'
)
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


def files(page: Path) -> set[Path]:
    """What a page names, with the fonts of its style sheets and the modules of its figures."""
    found = {(page.parent / name).resolve() for name in NAMED.findall(page.read_text("utf-8"))}
    for sheet in [path for path in found if path.suffix == ".css"]:
        found |= {
            (sheet.parent / name).resolve() for name in FONT.findall(sheet.read_text("utf-8"))
        }
    for entry in [path for path in found if path.suffix == ".mjs"]:
        found |= set(entry.parent.rglob("*.mjs"))
    return found


WRITTEN = [path for path in SITE.glob("chapters/**/*.html") if not leads_on(path)]
PAGES = sorted(str(path.relative_to(SITE)) for path in WRITTEN)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light(name):
    page = SITE / name
    named = files(page)
    assert len(named) > 10
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
