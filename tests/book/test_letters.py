"""One letter, one thing: a letter that two nouns name in one chapter is found."""

import pytest
from checkout import ROOT

from bookbuild.chapters import chapter_files, read
from tools import letters

NOUNS, GROUPS = {"height", "step", "error", "distance", "width"}, [{"error", "distance"}]
NOTATION = (
    "| $h$ | `h` | The step of a difference; in {ref}`ch-bumps`, the height of a bump; "
    "in Part IV, a width. |"
)


def named(text):
    return [(n.line, n.section, n.letter, n.noun) for n in letters.namings(text, NOUNS)]


@pytest.mark.parametrize(
    "text",
    [
        "the height $h$ of a bump",
        "two heights $h$",
        "its **{term}`height`** $h$",
        "$h$ is the height of a bump",
        "Let $h$ be the largest height, and",
        "the point at $h$, the height, is",
    ],
)
def test_a_noun_beside_a_letter_names_it(text):
    assert named(text) == [(1, 0, "h", "height")]


@pytest.mark.parametrize(
    "text",
    [
        "the height of $h$",
        "the mean of $h$ is the height of a bump",
        "the height $h_1$",
        "at $h$, the step goes on",
        "the index $i$ of the height",
        "```{code-cell} ipython3\n# the height $h$\n```\n",
        "$$\nh = 2 \\text{ is the height } $$\n",
    ],
)
def test_what_names_no_letter_is_left_alone(text):
    assert named(text) == []


def test_line_and_section_are_those_of_the_page():
    page = "# A\n\n```{code-cell} ipython3\nx\n```\n\n## B\n\nthe step $h$\n"
    assert named(page) == [(9, 1, "h", "step")]


def test_a_letter_with_two_meanings_is_found():
    found = letters.collisions("the height $h$\n\nand the step $h$", NOUNS, GROUPS)
    assert len(found) == 1
    assert found[0].startswith("3: $h$ is the step here, the height in line 1")


@pytest.mark.parametrize("page", ["the error $h$, the distance $h$", "the step $h$, the error $e$"])
def test_nouns_that_say_the_same_and_two_letters_do_not_collide(page):
    assert letters.collisions(page, NOUNS, GROUPS) == []


@pytest.mark.parametrize(
    ("label", "folder", "noun", "count"),
    [
        ("ch-other", "neurons", "step", 0),
        ("ch-other", "neurons", "height", 2),
        ("ch-bumps", "neurons", "height", 0),
        ("ch-bumps", "neurons", "step", 2),
        ("ch-other", "transformers", "width", 0),
        ("ch-other", "transformers", "step", 2),
        ("ch-other", "backpropagation", "width", 2),
    ],
)
def test_what_the_page_on_notation_does_not_say_is_found(label, folder, noun, count):
    page = f"({label})=\n# A\n\n## B\n\nthe {noun} $h$\n\n## C\n\nthe {noun} $h$\n"
    assert len(letters.unexplained(page, folder, NOTATION, NOUNS, [])) == count


def test_what_one_section_explains_needs_no_place_in_the_table():
    page = "(ch-other)=\n# A\n\n## B\n\nthe height $h$, and the height $h$\n"
    assert letters.unexplained(page, "neurons", NOTATION, NOUNS, []) == []


def test_the_book_names_many_letters_and_none_twice(capsys):
    nouns, _ = letters.rules()
    pages = [read(path) for path in chapter_files(ROOT)]
    assert sum(len(list(letters.namings(page, nouns))) for page in pages) > 100
    assert letters.main() == 0, capsys.readouterr().out
