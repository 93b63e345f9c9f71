"""Each statement of the notes leads to a section that exists, or says which part will hold it."""

import re
from pathlib import Path

import pytest

CHAPTERS = Path(__file__).parents[2] / "chapters"
PAGE = CHAPTERS / "appendix" / "provenance.md"
LABEL = re.compile(r"^\(([\w-]+)\)=$", re.MULTILINE)
REFERENCE = re.compile(r"\{ref\}`([\w-]+)`")
LINK = re.compile(r"\]\(\.\./([\w/-]+\.md)#([\w-]+)\)")
HEADING = re.compile(r"^##+ (.+)$", re.MULTILINE)
COMING = re.compile(r"→ coming in Part (II|III|IV)")
ITEM = re.compile(r"^\* (.*(?:\n  .*)*)", re.MULTILINE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def book_labels() -> set[str]:
    """Every label that a chapter puts before a title."""
    return {
        label
        for path in CHAPTERS.rglob("*.md")
        if path != PAGE
        for label in LABEL.findall(path.read_text("utf8"))
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


def faults(page: str, labels: set[str]) -> list[str]:
    """What is wrong with a page of statements, in the words of its statements."""
    first, *later = sections(page)
    return [
        *(f"no section for: {row}" for row in first if not _leads_to_a_section(row, labels)),
        *(f"no part for: {row}" for rows in later for row in rows if not _is_coming(row)),
        *(f"no quotation in: {row}" for row in sum(later, first) if not _quotes(row)),
    ]


def _leads_to_a_section(row: list[str], labels: set[str]) -> bool:
    found = REFERENCE.findall(row[-1])
    return len(row) == 3 and bool(found) and set(found) <= labels


def _is_coming(row: list[str]) -> bool:
    return len(row) == 3 and COMING.fullmatch(row[-1]) is not None


def _quotes(row: list[str]) -> bool:
    return bool(CHINESE.search(row[0]) or row[0].startswith("$"))


def test_every_statement_has_its_place():
    assert faults(PAGE.read_text("utf8"), book_labels()) == []


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


def page(place: str, later: str = "coming in Part II", words: str = "权重") -> str:
    """A small page with one statement on Part I and one on a later part."""
    first, second = (f"* {words}\\\n  A weight.\\\n  → {goal}\n" for goal in (place, later))
    return f"# Title\n\n## One\n\n{first}\n## Two\n\n{second}"


def test_a_good_page_has_no_faults():
    assert faults(page("{ref}`ch-digits`"), {"ch-digits"}) == []


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (page("{ref}`ch-gone`"), "no section"),
        (page("somewhere"), "no section"),
        (page("{ref}`ch-digits`", later="coming soon"), "no part"),
        (page("{ref}`ch-digits`", later="coming in Part I"), "no part"),
        (page("{ref}`ch-digits`", words="weight"), "no quotation"),
    ],
)
def test_a_bad_page_is_caught(bad, said):
    assert any(fault.startswith(said) for fault in faults(bad, {"ch-digits"}))
