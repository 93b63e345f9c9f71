"""Python in the page judges every answer as CPython does: all starters, solutions and banks."""

import json
import sys
from collections import Counter

import pytest
from python_page import Python, chapters, there
from served import ROOT

sys.path.insert(0, str(ROOT / "tests" / "unit"))
from test_banks import CHAPTERS

PAGES = chapters()
FEW = 2  # answers to an exercise that are written with PyTorch or SciPy
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
# a chapter anew, and each of its exercises twice; of a solution, what its `check` needs: some go on
# to look at what the chapter measured in minutes
BEGIN = """
import json
from weighted_sums.exercises import _page
from weighted_sums.exercises._cells import needed, statements

chapter = _page.Chapter([(cell["source"], cell["tags"]) for cell in json.loads({cells!r})])

def judged(number):
    *above, check = statements(chapter.cells[number][0])
    kept = [above[index].text for index in needed(check.text, above)]
    verdict = chapter.answer(number, "\\n".join([*kept, check.text]))
    return json.dumps([verdict.name, verdict.passed, verdict.message])
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


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_bank_is_judged_as_by_cpython(python, chapter, capsys):
    exec(JUDGE.format(chapter=chapter), {})
    expected = last_line(capsys.readouterr().out)
    found = last_line(python.run(JUDGE.format(chapter=chapter))["printed"])
    pairs = [pair for pair in zip(found, expected, strict=True) if not pair[0][5]]
    assert [page for page, here in pairs if page[:3] != here[:3] or not page[3]] == []
    left_out = Counter(page[0] for page in found if page[5])
    assert {name: number for name, number in left_out.items() if number > FEW} == {}


@pytest.mark.parametrize("page", PAGES)
def test_starters_are_refused_and_solutions_pass(python, page):
    cells = PAGES[page]
    python.run(BEGIN.format(cells=json.dumps(cells)))
    for number, cell in enumerate(cells):
        if {"starter", "solution"} & set(cell["tags"]):
            name, passed, message = last_line(python.run(f"print(judged({number}))")["printed"])
            assert passed == ("solution" in cell["tags"]), f"{name}: {message}"
