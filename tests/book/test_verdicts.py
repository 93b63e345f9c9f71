"""A solution passes its check, a starter fails it, neither stands alone; pictures have words."""

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from bookbuild import chapters, verdicts
from weighted_sums import exercises

WORDS = {"figure": {"caption": "A line."}, "image": {"alt": "A line that rises."}}


def cell(tag, passed, name="digits.mean"):
    data = (
        {} if passed is None else {verdicts.MIME: {"name": name, "passed": passed, "message": "m"}}
    )
    outputs = [new_output("display_data", data=data)]
    return new_code_cell("check(...)", metadata={"tags": [tag]}, outputs=outputs)


def broken(*cells):
    lines = [7, *range(10, 10 * len(cells) + 10, 10)]
    book = new_notebook(cells=[new_markdown_cell("Words."), *cells])
    book.metadata["source_map"] = lines
    return list(verdicts.broken(book))


def test_the_build_and_the_package_speak_of_the_same_record():
    assert verdicts.MIME == exercises.VERDICT_MIME


def test_a_failing_starter_and_a_passing_solution_are_right():
    assert broken(cell("starter", False), cell("solution", True)) == []


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ([("starter", True), ("solution", True)], "10: cell 1, the starter of digits.mean, passes"),
        ([("starter", False), ("solution", False)], "20: cell 2, the solution of digits.mean, fai"),
        ([("starter", None), ("solution", True)], "10: cell 1 is a starter, but its last line doe"),
        ([("starter", False)], "10: the exercise digits.mean has a starter and no solution"),
        ([("solution", True)], "10: the exercise digits.mean has a solution and no starter"),
    ],
)
def test_a_broken_exercise_is_found(cells, problem):
    assert any(line.startswith(problem) for line in broken(*(cell(*each) for each in cells)))


DRAWN = {
    "bound to a name first": "f = Drawing('<svg/>', b'%PDF')\nf",
    "displayed in a loop": "for x in range(1):\n    display(SVG('<svg/>'))",
    "shown by Matplotlib": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "drawn and left open": "_ = plt.plot([1, 2])",
    "written as HTML": "HTML('<p><img src=x.png></p>')",
    "written as Markdown": "Markdown('![](x.png)')",
    "pushed by the reader": "Interactive('x', {}, f)",
    "in a mime bundle": "display({'image/jpeg': ''}, raw=True)",
    "glued": "import myst_nb\nmyst_nb.glue('x', f, display=False)",
}
NOT_DRAWN = {
    "closed before it is shown": "plt.plot([1, 2])\nplt.close()",
    "words only": "'a word', 1.5",
    "a table in HTML": "HTML('<table><tr><td>image</td></tr></table>')",
    "printed": "print('<img src=x.png>')",
    "kept in a name": "g = f",
}
TWO = "display(f)\ndisplay(f)"
IMPORTS = """from IPython.display import HTML, SVG, Markdown, display
from weighted_sums.figures.style import Drawing
from weighted_sums.workshop.interactive import Interactive
%matplotlib inline"""


def fenced(source, settings="", tags="hide-output"):
    return f"```{{code-cell}}\n---\ntags: [{tags}]\n{settings}\n---\n{source}\n```\n\n"


@pytest.fixture(scope="module")
def run():
    """What is wrong with a chapter that one kernel ran, and the line of each of its cells."""
    words = f"mystnb: {WORDS}"
    sources = [IMPORTS, *DRAWN.values(), *NOT_DRAWN.values()]
    text = "# A\n\n" + "".join(fenced(source) for source in sources)
    text += "".join(fenced(s, words) for s in [*DRAWN.values(), TWO, "g = f"])
    notebook = chapters.notebook(text)
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    lines = [mark.line for mark in chapters.chapter(text).of("{code-cell}")][1:]
    return list(verdicts.broken(notebook)), lines


@pytest.mark.parametrize("how", DRAWN)
def test_a_picture_without_words_is_found_however_a_cell_draws_it(run, how):
    found, lines = run
    number = list(DRAWN).index(how)
    place = f"{lines[number]}: cell {number + 2} draws a figure that has no"
    assert [line for line in found if line.startswith(f"{lines[number]}:")] == [
        f"{place} caption",
        f"{place} alt text",
    ]


def test_a_caption_is_for_one_picture(run):
    found, lines = run
    number = len(lines)
    assert found[-2].startswith(f"{lines[-2]}: cell {number} draws 2 pictures, but has one caption")
    assert found[-1] == f"{lines[-1]}: cell {number + 1} has a caption, but draws no figure"


def test_other_results_and_pictures_with_words_are_right(run):
    found, lines = run
    assert len(found) == 2 * len(DRAWN) + 2
    assert len(lines) == 2 * len(DRAWN) + len(NOT_DRAWN) + 2
