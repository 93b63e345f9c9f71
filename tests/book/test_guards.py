"""Each guard passes what is right and stops what is wrong, by file and line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bookbuild import chapters, guards
from bookbuild.safety import BuildError

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "_ext")}

FRONT = """---
jupytext: {text_representation: {format_name: myst}}
kernelspec: {name: python3}
---
"""
TOC = "format: jb-book\nroot: chapters/one\n"


def figure_cell(caption="Two curves.", alt="A curve that rises and one falls.", name="fig-a"):
    return f"""```{{code-cell}} ipython3
---
mystnb:
  figure: {{name: {name}, caption: "{caption}"}}
  image: {{alt: "{alt}"}}
---
figures.curves(z)
```
"""


@pytest.fixture
def book(tmp_path):
    """A book without faults: one chapter, one module, one allowed number."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "code").mkdir()
    (tmp_path / "pyproject.toml").write_text('[tool.bookbuild]\nallowed-numbers = ["784"]\n')
    (tmp_path / "_config.yml").write_text("title: A book\n")
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "code" / "module.py").write_text('def f():\n    """Implements {eq}`sum`."""\n')
    (tmp_path / "chapters" / "one.md").write_text(
        FRONT
        + "# One\n\nIt sees 784 pixels.\n\n$$ z = 2 x $$ (sum)\n\n"
        + figure_cell(name="fig-x")
    )
    return tmp_path


def add(book, text):
    with open(book / "chapters" / "one.md", "a") as chapter:
        chapter.write(text)


def redirect(book, old, new):
    config = f"title: A book\nsphinx: {{config: {{redirects: {{{old}: {new}}}}}}}\n"
    (book / "_config.yml").write_text(config)
    return list(guards.problems(book))


def test_a_redirect_leads_from_no_page_to_a_page(book):
    assert redirect(book, "chapters/old", "one.html#a-part") == []
    assert redirect(book, "chapters/part/old", "../one.html") == []
    lost = redirect(book, "chapters/part/old", "one.html")
    assert lost == ["_config.yml:2: the redirect from chapters/part/old leads to one.html, "
                    "which is no page"]  # fmt: skip
    assert redirect(book, "chapters/old", "one") != []
    hides = redirect(book, "chapters/one", "one.html")
    assert hides == ["_config.yml:2: the redirect from chapters/one hides a page"]


def test_the_book_itself_keeps_to_its_guards():
    assert list(guards.problems(ROOT)) == []


def test_the_checks_need_no_sphinx():
    line = "import sys, bookbuild.guards; sys.exit('sphinx.application' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", line], env=ENVIRONMENT).returncode == 0


def test_a_book_without_faults_has_no_problems(book):
    assert list(guards.problems(book)) == []


def found_in(book, text):
    """What is wrong with a text at the end of a chapter, with the lines counted from its own."""
    before = (book / "chapters" / "one.md").read_text().count("\n")
    add(book, text)
    found = [problem.split(":", 2) for problem in guards.problems(book)]
    assert {file for file, *_ in found} <= {"chapters/one.md"}
    return [(int(line) - before, message.strip()) for _, line, message in found]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("![](x.svg)\n", 1, "this picture has no alt text"),
        ("Words\nand [![ ](x.svg)](y.md).\n", 1, "this picture has no alt text"),
        ("![$x$][x]\n\n[x]: x.svg\n", 1, "this picture has no alt text"),
        ("```{figure} x.svg\n:name: fig-y\n\nWords.\n```\n", 1, "this picture has no alt text"),
        ("```{figure} x.svg\n---\nalt: ''\n---\nWords.\n```\n", 1, "this picture has no alt text"),
        (":::{image} x.svg\n:::\n", 1, "this picture has no alt text"),
        ("```{glue:figure} x\n:name: fig-y\n```\n", 1, "no check can read this {glue:figure}"),
        ("* one\n\n  :::{image} x.svg\n  :::\n", 3, "this picture has no alt text"),
        ("::::{note}\n:class: x\n\n:::{image} x.svg\n:::\n::::\n", 4, "this picture has no alt"),
        ("::::{grid}\n:::{card}\n![](x.svg)\n:::\n::::\n", 3, "this picture has no alt text"),
        ("> <p>Words <img src=x.svg></p>\n", 1, "no check can read this html_block"),
        ("<div>\n<img src=x.svg alt=''></div>\n", 1, "no check can read this html"),
        ("Words <img src=x.svg> and words.\n", 1, "no check can read this html_inline"),
    ],
)
def test_a_picture_without_words_is_found(book, text, line, problem):
    found = found_in(book, text)
    assert any(place == line and said.startswith(problem) for place, said in found)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("It reaches 91.5 percent.\n", 1),
        ("Words\nand `code\nin two lines`, then\n91.5 percent.\n", 4),
        ("# The 17 layers\n", 1),
        ("- an accuracy of 93\n", 1),
        ("- an item\n\n      code\n\n  with 93\n", 5),
        ("```{admonition} After 30 epochs\nWords.\n```\n", 1),
        ("````{note}\n```{tip}\n:class: x\n\nTrain\n12 networks.\n```\n````\n", 6),
        ("````{prf:theorem} At most 12\n:label: thm-a\nWords.\n````\n", 1),
        ("Words.[^note]\n\n[^note]: Not\n    91.\n", 4),
        ("| a | 55 |\n|---|---|\n", 1),
        ("| a | b |\n|---|---|\n| c | 55 |\n", 3),
        ("```{list-table} Words\n* - a\n  - 55\n```\n", 3),
        ("```{glossary}\nterm\n  Of 55.\n```\n", 3),
        ("Term\n: Of 55.\n", 2),
        (":field: of 55\n", 1),
        ("> Of 55.\n", 1),
        ("See [the 55 others](x.md).\n", 1),
        ('See [the others](x.md "all 55").\n', 1),
        ("See {ref}`the 55 others <sec-a>`, {term}`55`.\n", 1),
        ("![of 55](x.svg)\n", 1),
        ("```{figure} x.svg\n:alt: of 55\n\nWords.\n```\n", 1),
        ("```{figure} x.svg\n:alt: words\n\nOf 55.\n```\n", 4),
        ("```{code-block} python\n:caption: of 55\nx\n```\n", 1),
        ("It reaches **5**5 percent.\n", 1),
        ("It reaches $55\\%$.\n", 1),
        ("It reaches &#53;5.\n", 1),
        ("It reaches .55 of them.\n", 1),
        ("准确率达到55。\n", 1),
        ("准确率达到５５。\n", 1),
        ('![words](x.svg "of 55")\n', 1),
        ("See <a href='x17.html'>the 55 others</a>.\n", 1),
        ("[of 55]{.x}\n", 1),
        ("```{csv-table}\na, 55\n```\n", 2),
        ("It has 55k or 5e5 parameters.\n", 1),
        ("The 55th, 10⁵ times.\n", 1),
        (figure_cell(caption="It reaches 91 percent."), 1),
        (figure_cell(alt="A bar that ends at 91."), 1),
        ("The bound is 4,000.\n", 1),
    ],
)
def test_a_number_typed_by_hand_is_found_at_its_line(book, text, line):
    found = found_in(book, text)
    assert found
    assert all(place == line and "typed by hand" in problem for place, problem in found)


@pytest.mark.parametrize("value", ["0.915", "-3", "'91'", "91, 1", "\n    91,\n"])
def test_a_number_that_is_glued_as_it_was_typed_is_found(book, value):
    ((line, problem),) = found_in(book, f'```{{code-cell}}\nglue("accuracy", {value})\n```\n')
    assert line == 1 and "is glued as it was typed" in problem


def test_a_number_in_the_description_of_a_page_is_found(book):
    (book / "chapters" / "one.md").write_text("---\ndescription: Of 55.\n---\n# One\n$$z$$ (sum)\n")
    assert guards.problems(book) == [
        "chapters/one.md:1: the number 55 is typed by hand: glue it, or use words"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "In 1989 and 2015 it sees 784 pixels, says GPT2.\n",
        "Take $x = 3$ and `f(2)`, see {eq}`sum` and [this](https://example.org/17).\n",
        "See <https://example.org/17>.\n",
        "It reaches {glue:text}`accuracy:.1f` percent {cite:p}`nobody17`.\n",
        "```{code-cell} ipython3\nx = 17\n```\n",
        "```python\nx = 17\n```\n",
        "```{code-block} python\n:lineno-start: 17\nx = 17\n```\n",
        "    x = 17\n",
        "$$\nz = 17\n$$ (seventeen)\n",
        "$$ z = 17 $$\n",
        "\\begin{align}\nz = 17\n\\end{align}\n",
        "```{math}\n:label: seventeen\nz = 17\n```\n",
        "1. first\n2. second\n",
        "(ch-17)=\n",
        "% 17 things to do\n",
        "See <a href='x17.html'>the others</a>.\n",
        "```{figure} x17.svg\n:alt: words\n:width: 17%\n\nWords.\n```\n",
    ],
)
def test_numbers_that_are_no_results_may_stand(book, text):
    add(book, text)
    assert list(guards.problems(book)) == []


def test_prose_goes_on_after_code_and_mathematics():
    text = "$$ z = 17 $$ (a)\n\n1\n\n```{code-cell} x\ny = 17\n```\n\n$$\n17\n$$\n\n2\n"
    marks = chapters.chapter(text).of("number")
    assert [(mark.line, mark.text) for mark in marks] == [(3, "1"), (13, "2")]


def test_a_fence_inside_a_longer_fence_stays_inside():
    text = "````{admonition} A 1\nin 2\n```python\n17\n```\nin 3\n````\nout 4\n"
    marks = chapters.chapter(text).of("number")
    assert [(mark.line, mark.text) for mark in marks] == [(1, "1"), (2, "2"), (6, "3"), (8, "4")]


FIGURE = """```{{code-cell}}
---
mystnb:
  figure: {{name: fig-a, caption: "{caption}"}}
  image: {{alt: "a dot"}}
---
x
```
"""


def test_a_caption_may_have_words_on_a_live_figure_and_on_its_picture(book):
    caption = "A dot. [Drag it.]{.live}[It is printed on sites.]{.still}"
    assert found_in(book, FIGURE.format(caption=caption)) == []


@pytest.mark.parametrize("named", ["On the site", "in print", "The site"])
def test_a_caption_that_names_a_medium_is_found(book, named):
    (problem,) = found_in(book, FIGURE.format(caption=f"A dot. ({named}: drag it.)"))
    assert problem[0] == 1 and f"this caption says {named!r}" in problem[1]


EXERCISE = """```{exercise-start} A title
:label: ex-a
```
Words.
```{code-cell}
:tags: [starter]

x
```
```{exercise-end}
```
"""
SOLUTION = """```{solution-start} ex-a
:label: sol-a
```
```{code-cell}
:tags: [solution]

x
```
```{solution-end}
```
"""


def test_an_exercise_with_its_solution_is_right(book):
    pencil = EXERCISE.replace("ex-a", "ex-b").replace("[starter]", "[timing]")
    pencil = pencil.replace("A title", "A title $f(x)$ (with a pencil, hard)")
    assert found_in(book, EXERCISE + SOLUTION + pencil) == []


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (EXERCISE + SOLUTION + SOLUTION.replace("ex-a", "ex-b"), 22, "no exercise has the label"),
        (EXERCISE.replace("title", "(a riddle)") + SOLUTION, 1, "an exercise is not 'a riddle'"),
        (EXERCISE + SOLUTION + EXERCISE, 22, "chapters/one.md:19 has the label 'ex-a' too"),
        (
            EXERCISE.replace("ex-a", "EX-A") + EXERCISE,
            12,
            "chapters/one.md:19 has the label 'ex-a' too",
        ),
        (
            EXERCISE[: EXERCISE.index("```{exercise-end")],
            1,
            "no {exercise-end} closes this exercise",
        ),
        (
            EXERCISE.replace("exercise-end", "solution-end"),
            10,
            "{solution-end} does not match: exercise is open",
        ),
        ("```{exercise-end}\n```\n", 1, "{exercise-end} does not match: nothing is open"),
        (
            EXERCISE[: EXERCISE.index("```{exercise-end")] + SOLUTION,
            10,
            "{solution-start} does not match: ex",
        ),
        ("```{code-cell}\n:tags: [starter]\n\nx\n```\n", 1, "this starter is in no exercise"),
        (EXERCISE.replace("[starter]", "[solution]"), 5, "this solution is in no solution"),
        (EXERCISE.replace("[starter]", "[startre]") + SOLUTION, 5, "no cell has a tag 'startre'"),
        ("```{solution} ex-c\nWords.\n```\n", 1, "no exercise has the label 'ex-c'"),
    ],
)
def test_what_belongs_to_no_exercise_is_found(book, text, line, problem):
    found = found_in(book, text)
    assert any(place == line and said.startswith(problem) for place, said in found)


def test_exercises_and_cells_of_a_chapter_that_does_not_run_are_found(book):
    text = "# Two\n\n" + EXERCISE + SOLUTION
    (book / "chapters" / "two.md").write_text(text)
    (book / "_toc.yml").write_text(TOC + "chapters:\n  - file: chapters/two\n")
    found = guards.problems(book)
    assert len(found) == 1 and found[0].startswith("chapters/two.md:3: no cell of this chapter")


def test_a_front_matter_that_is_never_closed_is_found(book):
    text = FRONT.removesuffix("---\n") + "\n# One\n\n$$ z $$ (sum)\n\n```{code-cell}\nx\n```\n"
    (book / "chapters" / "one.md").write_text(text)
    assert any("no cell of this chapter runs" in problem for problem in guards.problems(book))


def test_labels_stand_once_in_the_book(book):
    (book / "chapters" / "two.md").write_text("(sum)=\n# Two\n\n```{note}\n$$ z $$ (sum)\n```\n")
    (book / "_toc.yml").write_text(TOC + "chapters:\n  - file: chapters/two\n")
    place = (book / "chapters" / "one.md").read_text().split("$$")[0].count("\n") + 1
    assert guards.problems(book) == [
        f"chapters/two.md:5: chapters/one.md:{place} has the label 'sum' too"
    ]


def test_figures_of_cells_have_labels_too(book):
    ((line, problem),) = found_in(book, figure_cell(name="fig-x"))
    assert line == 1 and problem.endswith("has the label 'fig-x' too")


@pytest.mark.parametrize(
    "text",
    [
        "$$ a $$ (one)",
        "$$\na\n$$ (one)",
        "```{math}\n:label: one\na\n```",
        "```{math}\n:nowrap:\n:label: one\n\na\n```",
        ":::{math}\n---\nlabel: one\n---\na\n:::",
        "$$ \\begin{aligned}\na\n\\end{aligned} $$ (one)",
        "```{admonition} A\n:class: b\n$$\na\n$$ (one)\n```",
        "* a\n\n  $$\n  a\n  $$ (one)",
        "> $$ a $$ (one)",
    ],
)
def test_every_way_to_label_an_equation_is_known(text):
    assert {mark.text for mark in chapters.chapter(text).of("equation")} == {"one"}


@pytest.mark.parametrize("text", ["```python\n$$ a $$ (one)\n```", "`$$ a $$ (one)`", "(one)="])
def test_what_looks_like_an_equation_is_none(text):
    assert chapters.chapter(text).of("equation") == []


def test_files_that_are_no_chapters_are_named_and_stop_nothing(book, capsys):
    folder = book / "chapters"
    (folder / ".#one.md").symlink_to("nobody@nowhere.1")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "one-checkpoint.md").write_text("# One, with 55\n")
    (folder / "folder.md").mkdir()
    (folder / "draft.md").write_text("# A draft, with 55\n")
    guards.check(book)
    assert capsys.readouterr().err == (
        "chapters/draft.md:1: warning: _toc.yml does not name this file\n"
    )


def test_everything_is_told_at_once_in_order_of_files_and_lines(book):
    (book / "_toc.yml").write_text(
        TOC + "chapters:\n  - file: chapters/two\n  - file: chapters/a\n"
    )
    (book / "chapters" / "a.md").write_bytes("# Ä\n".encode("latin-1"))
    cell = "```{code-cell}\n:tags: [\n\nx\n```\n"
    (book / "chapters" / "two.md").write_text(f"# Two of 55\n\n{cell}\n![](x.svg)\n\n{cell}")
    with pytest.raises(BuildError) as raised:
        guards.check(book)
    places = [line.split(": ")[0] for line in str(raised.value).splitlines()]
    lines = [f"chapters/two.md:{line}" for line in (1, 4, 9, 12)]
    assert places == ["chapters/a.md:1", *lines]


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("_config.yml", "title", "a: b\n\ttitle", "_config.yml:2: YAML: found character"),
        ("_toc.yml", "root", "- root", "_toc.yml:2: YAML: "),
        ("_toc.yml", "one", "three", "_toc.yml:2: there is no file chapters/three.md"),
    ],
)
def test_faults_of_the_settings_are_named(book, name, old, new, message):
    text = (book / name).read_text()
    (book / name).write_text(text.replace(old, new))
    with pytest.raises(BuildError, match=f"^{re.escape(message)}"):
        guards.check(book)


@pytest.mark.parametrize("tag", ["timing", "starter", "hide-output"])
def test_a_cell_wider_than_its_page_is_found(book, tag):
    fits = "```{code-cell}\n:tags: [timing]\n\n" + "x" * guards.COLUMNS + "\n```\n"
    ((line, problem),) = [
        (line, said)
        for line, said in found_in(book, fits + fits.replace("x\n", "xx\n").replace("timing", tag))
        if "columns" in said
    ]
    assert line == 6 and "has 77 columns" in problem


@pytest.mark.parametrize("tag", sorted(guards.UNSEEN))
def test_a_cell_that_nobody_sees_may_be_as_wide_as_it_likes(book, tag):
    wide = f"```{{code-cell}}\n:tags: [{tag}]\n\n{'x' * 99}\n```\n"
    assert found_in(book, wide) == []
