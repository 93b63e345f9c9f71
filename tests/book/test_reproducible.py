"""Two cold builds give the same book; where two books differ, the numbers that changed are told."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import compare

ROOT = Path(__file__).resolve().parents[2]

PLAIN = {"LC_ALL": "C"}
TIMED = """
```{code-cell} ipython3
:tags: [timing]
import time
from myst_nb import glue
glue("seconds", time.perf_counter(), display=False)
```

It took {glue:text}`seconds:.3f` seconds.
"""


@pytest.fixture(scope="module")
def twins(tmp_path_factory, make_book):
    """The same book, built in two folders, the second time in the locale C."""
    books = [make_book(tmp_path_factory.mktemp(name)) for name in ("plain", "ünd")]
    for book, environment in zip(books, ({}, PLAIN), strict=True):
        book.append("chapters/one.md", TIMED + "\nA letter: ß.\n")
        done = book.build("notebooks", **environment)
        assert done.returncode == 0, done.stderr
    return [book.root / "_build" / "notebooks" for book in books]


def told(old, new):
    """What the command says, and its status."""
    line = [sys.executable, str(ROOT / "tools/compare.py"), str(old), str(new)]
    done = subprocess.run(line, env={"LC_ALL": "C"}, capture_output=True, encoding="utf-8")
    return done.stdout + done.stderr, done.returncode


def test_two_cold_builds_in_different_folders_give_the_same(twins):
    assert told(*twins) == (
        f"# `{twins[1]}` against `{twins[0]}`\n\nNo difference in notebooks (2).\n",
        0,
    )
    old, new = ({p.relative_to(t): p.read_bytes() for p in t.rglob("*.whl")} for t in twins)
    assert old == new != {}


def test_another_number_is_found_and_told(twins, tmp_path):
    changed = tmp_path / "changed"
    shutil.copytree(twins[1], changed)
    path = changed / "01-one.ipynb"
    path.write_text(path.read_text("utf-8").replace("first value", "first value 4.5"), "utf-8")
    report, status = told(twins[0], changed)
    assert status == 1
    assert "## 01-one\n" in report
    assert "* code cell 2: “value'” → “value 4.5'”" in report
    assert "## two" not in report


def test_a_folder_without_notebooks_is_refused(tmp_path):
    report, status = told(tmp_path, tmp_path)
    assert status == 1
    assert report == f"there are no notebooks in {tmp_path}\n"


def notebook(*cells):
    return new_notebook(cells=list(cells))


def printed(text, **metadata):
    return new_code_cell("f()", metadata=metadata, outputs=[new_output("stream", text=text)])


def changes(old, new):
    pair = notebook(*old), notebook(*new)
    return list(compare.notebook_changes(*pair, *(compare.times([book]) for book in pair)))


def test_numbers_are_told_with_what_they_were():
    old, new = printed("loss 0.25, 1,000 of -3.5e-4 kept"), printed("loss 0.5, 1,000 of -3e-4 kept")
    assert changes([old], [new]) == ["* code cell 1: 0.25 → 0.5, -3.5e-4 → -3e-4"]


def test_other_words_are_told_as_words():
    found = changes([printed("the cat sat")], [printed("the dog sat")])
    assert found == ["* code cell 1: “cat” → “dog”"]


def test_a_number_in_the_prose_is_told_with_its_place():
    old, new = ([printed("x"), new_markdown_cell(f"about {n} per cent")] for n in (93, 94))
    assert changes(old, new) == ["* text after code cell 1: 93 → 94"]


def test_addresses_of_objects_are_no_results():
    old, new = (printed(f"<object at 0x7f{digit}08b1c4d0>") for digit in "12")
    assert changes([old], [new]) == []


def test_a_picture_is_compared_to_the_byte():
    def drawn(data):
        output = new_output("display_data", data={"image/png": data, "text/plain": "<Figure>"})
        return new_code_cell("f()", outputs=[output])

    assert changes([drawn("aa==")], [drawn("ab==")]) == ["* code cell 1: another picture"]


def test_times_are_left_out_and_so_is_the_prose_that_repeats_them():
    def timed(seconds, words):
        cell = printed(f"{seconds} s", tags=["timing"], measured=[f"{seconds / 4}"])
        return [cell, new_markdown_cell(words)]

    assert changes(timed(1.234, "It took 0.31 s."), timed(2.345, "It took 0.59 s.")) == []
    # a number that is no time is told, though a time stands beside it
    found = changes(timed(1.234, "It took 0.31 s of 7."), timed(2.345, "It took 0.59 s of 8."))
    assert found == ["* text after code cell 1: 7 → 8"]


def test_a_cell_more_is_told():
    found = changes([printed("1")], [printed("1"), printed("2")])
    assert found == ["* 1 cells → 2 cells"]


def test_a_chapter_that_only_one_book_has_is_told(tmp_path):
    for name, chapters in (("old", "ab"), ("new", "bc")):
        for chapter in chapters:
            path = tmp_path / name / f"{chapter}.ipynb"
            path.parent.mkdir(exist_ok=True)
            nbformat.write(notebook(printed("1")), path)
    report, equal = compare.report(tmp_path / "old", tmp_path / "new")
    assert not equal
    assert f"`a` is only in `{tmp_path / 'old'}`." in report
    assert f"`c` is only in `{tmp_path / 'new'}`." in report


def test_the_words_of_two_pdfs_are_compared_and_their_times_and_pages_are_not():
    record = "How long each chapter took to run\nchapter seconds\none {0}\ntogether {0}\n"
    old = (
        f"Head 1\nIt took 0.2 s. A long (continues on next page)\fHead 2\nloss\n{record.format(7)}"
    )
    new = f"Head 1\nIt took 12.3 s. A\fHead 2\nlong loss\n{record.format(9)}"
    assert list(compare.word_changes(old, new)) == []
    other = new.replace("long loss", "short loss, a loss")
    assert list(compare.word_changes(old, other)) == ["* − long", "* + short, loss,, a"]


def test_pdfs_beside_the_notebooks_are_compared(tmp_path, monkeypatch):
    texts = {"old": "1\nA loss.", "new": "1\nA gain."}
    for name in texts:
        folder = tmp_path / name / "notebooks"
        folder.mkdir(parents=True)
        nbformat.write(notebook(printed("1")), folder / "a.ipynb")
        (tmp_path / name / "book.pdf").touch()
    monkeypatch.setattr(compare, "words", lambda pdf: texts[pdf.parent.name])
    report, equal = compare.report(*(tmp_path / name / "notebooks" for name in texts))
    assert not equal
    assert report.endswith("## book.pdf\n\n* − loss.\n* + gain.\n")
    texts["new"] = texts["old"]
    report, equal = compare.report(*(tmp_path / name / "notebooks" for name in texts))
    assert equal
    assert report.endswith("\n\nNo difference in notebooks (1) and the words of the PDF.\n")
