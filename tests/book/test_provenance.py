"""Each statement of the notes leads to a section that exists, or says which part will hold it."""

import re
from pathlib import Path

import pytest

from bookbuild import chapters

CHAPTERS = Path(__file__).parents[2] / "chapters"
PAGE = CHAPTERS / "appendix" / "provenance.md"
REFERENCE = re.compile(r"\{ref\}`([\w-]+)`")
LINK = re.compile(r"\]\(\.\./([\w/-]+\.md)#([\w-]+)\)")
HEADING = re.compile(r"^##+ (.+)$", re.MULTILINE)
PARTS = {"II": "gradient-descent", "III": "backpropagation", "IV": "transformers"}
COMING = re.compile(r"→ coming in Part (II|III|IV)")
ITEM = re.compile(r"^\* (.*(?:\n  .*)*)", re.MULTILINE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def book_labels() -> set[str]:
    """Every label that a chapter gives to a title, a figure or an exercise."""
    return {
        mark.text
        for path in chapters.chapter_files(CHAPTERS.parent)
        if path != PAGE
        for mark in chapters.chapter(chapters.read(path)).of("label")
    }


def headings(text: str) -> set[str]:
    """The headings of a chapter as MyST writes them in addresses."""
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")
        for title in HEADING.findall(text)
    }


def sections(page: str) -> list[list[list[str]]]:
    """The statements of each section; each is a quotation, its meaning and its place."""
    parts = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    return [[_pieces(item) for item in ITEM.findall(part)] for part in parts]


def _pieces(item: str) -> list[str]:
    return [piece.strip() for piece in item.split("\\\n")]


def faults(page: str, labels: set[str], toc: str) -> list[str]:
    """What is wrong with a page of statements, in the words of its statements."""
    rows = [row for rows in sections(page) for row in rows]
    coming = {numeral for numeral, folder in PARTS.items() if f"chapters/{folder}/" not in toc}
    return [
        *(f"no place for: {row}" for row in rows if not _has_its_place(row, labels, coming)),
        *(f"no quotation in: {row}" for row in rows if not _quotes(row)),
    ]


def _has_its_place(row: list[str], labels: set[str], coming: set[str]) -> bool:
    later = COMING.fullmatch(row[-1])
    return later[1] in coming if later and len(row) == 3 else _leads_to_a_section(row, labels)


def _leads_to_a_section(row: list[str], labels: set[str]) -> bool:
    found = REFERENCE.findall(row[-1])
    return len(row) == 3 and bool(found) and set(found) <= labels


def _quotes(row: list[str]) -> bool:
    return bool(CHINESE.search(row[0]) or row[0].startswith("$"))


def test_every_statement_has_its_place():
    toc = (CHAPTERS.parent / "_toc.yml").read_text("utf8")
    assert faults(PAGE.read_text("utf8"), book_labels(), toc) == []


def test_every_link_leads_to_a_heading_that_exists():
    links = LINK.findall(PAGE.read_text("utf8"))
    assert links
    for file, heading in links:
        assert heading in headings((CHAPTERS / file).read_text("utf8")), (file, heading)


def test_headings_are_written_as_in_addresses():
    assert headings("# Title\n\n## Is `a` one?\n\n### Yes, it is\n") == {"is-a-one", "yes-it-is"}


def test_all_four_sections_of_the_notes_are_there():
    counts = [len(rows) for rows in sections(PAGE.read_text("utf8"))]
    assert len(counts) == 4
    assert min(counts) >= 2


TOC = "chapters/neurons/digits chapters/gradient-descent/cost"


def page(place: str, words: str = "权重") -> str:
    """A small page with one statement."""
    return f"# Title\n\n## One\n\n* {words}\\\n  A weight.\\\n  → {place}\n"


@pytest.mark.parametrize("place", ["{ref}`ch-digits`", "coming in Part III"])
def test_a_good_page_has_no_faults(place):
    assert faults(page(place), {"ch-digits"}, TOC) == []


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (page("{ref}`ch-gone`"), "no place"),
        (page("somewhere"), "no place"),
        (page("coming soon"), "no place"),
        (page("coming in Part I"), "no place"),
        (page("coming in Part II"), "no place"),  # that part is written
        (page("{ref}`ch-digits`", words="weight"), "no quotation"),
    ],
)
def test_a_bad_page_is_caught(bad, said):
    found = faults(bad, {"ch-digits"}, TOC)
    assert any(fault.startswith(said) for fault in found)
