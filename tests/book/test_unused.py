"""Rules for what no page has are left out of the sheet; all others stay, and in their order."""

import re
from pathlib import Path

import pytest

from bookbuild import sheets, unused

ROOT = Path(__file__).resolve().parents[2]
KNOWN = unused.known(
    ['<p class="note wide">a rule</p><a class="note"></a>'],
    ['box.classList.add("open"); box.className = `size-${size}`; const a = b - c;'],
)


def left_of(sheet):
    return unused.without_unused(sheet, KNOWN)


def test_classes_of_pages_and_words_of_scripts_are_known():
    assert {"note", "wide", "open", "size-"} <= KNOWN
    assert not {"rule", "p"} & KNOWN


@pytest.mark.parametrize(
    "rule",
    [
        "p{color:red}",
        ".note{color:red}",
        "html[data-theme=dark] p > .note.wide:not(.other)::before{content:\"a{b}\\f00c,\"}",
        ".open{--a:1px;--b:url(data:image/png;base64,AAA=)}",
        ".size-3{width:calc(1px*3)}",
        "@font-face{font-family:a;src:url(\"b.woff2\")}",
        "@keyframes turn{0%{top:0}to{top:1px}}",
        "@media (min-width:10px) and (width<5em){.note{top:0}@supports (top:1px){.open{top:0}}}",
        ":is(.other,p){top:0}",
        ".note{top:0;&.other{top:1px}}",
    ],
)  # fmt: skip
def test_a_rule_that_may_be_used_stays_as_it_is(rule):
    assert re.sub(r"/\*\*/", "", left_of(rule)) == rule.replace("\\f00c", "\uf00c")


@pytest.mark.parametrize(
    "rule",
    [
        ".other{color:red}",
        ".note .other{color:red}",
        ".note.other:hover{color:red}",
        "@media print{.other{top:0}.siz-3{top:0}}",
        "@supports (top:1px){@media print{.rule{top:0}}}",
        "/* a comment */",
    ],
)
def test_a_rule_for_what_is_nowhere_goes(rule):
    assert left_of(f"p{{top:0}}{rule}a{{top:0}}") == "p{top:0}a{top:0}"


def test_of_several_selectors_those_that_may_be_used_stay():
    assert left_of(".other,.note,.rule .note,p{top:0}") == ".note,p{top:0}"


def test_a_sheet_that_cannot_be_read_is_named_by_its_line():
    with pytest.raises(ValueError, match="line 3 of the sheet"):
        left_of("p{top:0}\n.note{top:0}\n.open")


def test_the_sheet_of_the_site_is_small():
    sheet = (ROOT / "_build" / "html" / sheets.TOGETHER).read_text("utf-8")
    assert len(sheet) < 250_000
    assert ".accordion" not in sheet


def test_the_sheet_of_the_site_has_every_class_of_the_books_own():
    sheet = (ROOT / "_build" / "html" / sheets.TOGETHER).read_text("utf-8")
    own = [path for path in (ROOT / "assets").glob("*.css") if path.stem not in ("epub", "print")]
    text = "".join(path.read_text("utf-8") for path in own)
    for aside in (r"/\*.*?\*/", r"url\([^)]*\)"):
        text = re.sub(aside, "", text, flags=re.S)
    named = set(re.findall(r"\.([a-z][\w-]*)", text))
    assert "prism-code-editor" in named
    assert [name for name in sorted(named) if f".{name}" not in sheet] == []
