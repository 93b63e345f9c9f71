"""Python in the page judges every answer as CPython does: all starters, solutions and banks."""

import json
import sys

import pytest
from python_page import Python, chapters, there
from served import ROOT

sys.path.insert(0, str(ROOT / "tests" / "unit"))
from test_banks import CHAPTERS

PAGES = chapters()
FEW = 7  # answers of a bank that are written with PyTorch or SciPy
NOT_THERE = {"own_trainer"}  # its checks load data that the page does not carry
# solutions that call what the reader has written in the exercise before
LATER = {"autodiff.cost", "autodiff.update", "autodiff.train", "convolution.kernel_gradient"}
# run in both Pythons: what `check` says of each answer in the bank of a chapter
JUDGE = """
import json, sys, banks
from weighted_sums.exercises import check

def judged(chapter):
    found, asked = [], getattr(sys.modules.get("torch"), "asked_of_absent", [])
    for name, bank in banks.of(chapter).items():
        wrong = [(label, answer, words) for label, (answer, words) in bank.wrong.items()]
        unusual = [(label, answer, "") for label, answer in bank.unusual.items()]
        for label, answer, words in wrong + unusual:
            before = len(asked)
            verdict = check(name, answer)
            absent = len(asked) > before
            good = (words in verdict.message) if words else verdict.passed
            found.append([name, label, verdict.passed, good, verdict.message, absent])
    return found

print(json.dumps(judged({chapter!r})))
"""
# a chapter anew, and each of its exercises twice
BEGIN = """
import json
from weighted_sums.exercises import _page, VERDICT_MIME
chapter = _page.Chapter([(cell["source"], cell["tags"]) for cell in json.loads({cells!r})])
"""
TRY = """
verdict = chapter.answer({number}, chapter.cells[{number}][0])
print(json.dumps([verdict.name, verdict.passed, verdict.message]))
"""


@pytest.fixture(scope="session")
def python(chromium, base):
    if not there():
        pytest.skip("this site has no Python in its pages")
    page = chromium.new_page()
    yield Python(page, base)
    page.close()


def last_line(printed):
    return json.loads(printed.strip().splitlines()[-1])


@pytest.mark.parametrize("chapter", [name for name in CHAPTERS if name not in NOT_THERE])
def test_a_bank_is_judged_as_by_cpython(python, chapter, capsys):
    exec(JUDGE.format(chapter=chapter), {})
    expected = last_line(capsys.readouterr().out)
    found = last_line(python.run(JUDGE.format(chapter=chapter))["printed"])
    pairs = [pair for pair in zip(found, expected, strict=True) if not pair[0][5]]
    assert [page for page, here in pairs if page[:3] != here[:3] or not page[3]] == []
    assert len(expected) - len(pairs) <= FEW


@pytest.mark.parametrize("page", PAGES)
def test_starters_are_refused_and_solutions_pass(python, page):
    cells = PAGES[page]
    python.run(BEGIN.format(cells=json.dumps(cells)))
    for number, cell in enumerate(cells):
        if {"starter", "solution"} & set(cell["tags"]):
            name, passed, message = last_line(python.run(TRY.format(number=number))["printed"])
            if name not in LATER:
                assert passed == ("solution" in cell["tags"]), f"{name}: {message}"
