"""What an exercise needs of its chapter is found from names, and run once."""

import pytest

from weighted_sums.exercises import Verdict, _page
from weighted_sums.exercises._cells import earlier, needed, statements


def texts(source, *cells):
    """The statements of the cells above that `source` needs."""
    above = earlier([(cell, ()) for cell in [*cells, source]], len(cells))
    return [above[index].text for index in needed(source, above)]


def test_only_what_is_needed_is_taken_and_in_order():
    cells = ["import numpy as np\nimport this_is_not_needed", "a = np.ones(2)\nb = 3", "c = a + 1"]
    assert texts("c * 2", *cells) == ["import numpy as np", "a = np.ones(2)", "c = a + 1"]
    assert texts("b", *cells) == ["b = 3"]
    assert texts("print(1)", *cells) == []


def test_a_name_that_is_bound_anew_needs_nothing_older():
    assert texts("x", "x = slow()", "x = 1") == ["x = 1"]
    assert texts("x", "x = 1", "x = x + 1") == ["x = 1", "x = x + 1"]
    assert texts("x = 5\nx", "x = slow()") == []


def test_what_changes_a_value_in_place_belongs_to_it():
    assert texts("x", "x = []", "x.append(1)") == ["x = []", "x.append(1)"]
    assert texts("x", "x = [0]", "x[0] = y", "y = 2") == ["x = [0]", "x[0] = y"]
    assert texts("x", "x = 0", "for i in range(3):\n    x += i") == [
        "x = 0", "for i in range(3):\n    x += i",
    ]  # fmt: skip
    # to call a function of a module does not change the module
    assert texts("m", "import m", "m.draw(1)") == ["import m"]


def test_a_function_needs_the_names_that_it_reads_when_it_is_called():
    cells = ["rate = 2", "def f(x):\n    return [rate * i for i in x]"]
    assert texts("f([1])", *cells) == cells
    # its own variables are none of the chapter's
    assert texts("f(1)", "y = slow()", "def f(x):\n    y = x\n    return y") == [
        "def f(x):\n    y = x\n    return y",
    ]  # fmt: skip


def test_a_decorator_belongs_to_its_function():
    (one,) = statements("@cache\ndef f():\n    return 1")
    assert one.text.startswith("@cache")
    assert "cache" in one.reads


CELLS = [
    ("a = 1", []),
    ("a = 2", ["starter"]),
    ("b = a", ["solution"]),
    ("c = 3", []),
]


def above(*more, cells=CELLS):
    return [s.text for s in earlier([*cells, *more], len(cells) + len(more) - 1)]


def test_only_a_solution_builds_on_its_starter():
    assert above(("", ["solution"])) == ["a = 1", "a = 2", "b = a", "c = 3"]
    assert "a = 2" not in above(("", ["starter"])) and "a = 2" not in above(("", []))


def test_an_exercise_builds_on_the_solutions_of_those_before():
    assert above(("", ["starter"])) == ["a = 1", "b = a", "c = 3"]
    assert above(("d = b", ["starter"]), ("", ["solution"])) == ["a = 1", "b = a", "c = 3", "d = b"]
    assert above(("", []), cells=[("a = 1 / 0", ["raises-exception"])]) == []


CHAPTER = [
    ("from weighted_sums.exercises import check\nruns = []", []),
    ("runs.append(1)", []),
    ('check("networks.count", len(runs))', ["starter"]),
]


def test_an_answer_sees_the_chapter_and_leaves_no_names():
    chapter = _page.Chapter(CHAPTER)
    for _ in range(2):
        verdict = chapter.answer(2, "extra = runs\n" + CHAPTER[2][0])
        assert isinstance(verdict, Verdict)
    assert "extra" not in chapter.names
    assert chapter.names["runs"] == [1]  # what it needs has run once
    assert [s.text for s in chapter.setup(2, CHAPTER[2][0])][-1] == "runs.append(1)"


@pytest.mark.parametrize(
    ("source", "value"),
    [("1 + 1", 2), ("x = 3\nx", 3), ("x = 3", None), ("3;", None), ("", None), ("# words", None)],
)
def test_the_last_expression_is_the_value_of_a_cell(source, value):
    assert _page.run(source, {}, _page.OWN) == value


def error_of(source):
    try:
        _page.run(source, {}, _page.OWN)
    except BaseException as error:
        return _page.told(error)


def test_an_error_shows_the_readers_own_lines():
    said = error_of("def f(x):\n    return x[3]\n\nf([1])")
    assert said == (
        "line 4\n    f([1])\nline 2, in f\n    return x[3]\nIndexError: list index out of range"
    )
    assert "line 2" in error_of("x = 1\ny = = 2")
    # lines of libraries are none of hers
    assert error_of("import json\njson.loads('{')").count("line ") == 2


def test_an_error_in_the_chapter_says_so():
    chapter = _page.Chapter([("x = 1 / 0", []), ("x", ["starter"])])
    with pytest.raises(ZeroDivisionError) as raised:
        chapter.answer(1, "x")
    assert _page.told(raised.value) == (
        "in the chapter, at\n    x = 1 / 0\nZeroDivisionError: division by zero"
    )


def test_output_is_handed_on_as_it_comes_and_cut_off():
    heard = []
    output = _page.Output(heard.append, limit=10)
    print("abc", file=output)
    assert "".join(heard) == "abc\n"
    for _ in range(100):
        print("0123456789", file=output)
    assert "".join(heard) == "abc\n012345" + _page.CUT


def test_what_a_page_shows_of_values():
    verdict = Verdict("networks.count", True, "correct")
    (part,) = _page.shown(verdict)
    assert part == {
        "kind": "verdict",
        "name": "networks.count",
        "passed": True,
        "message": "correct",
    }
    assert _page.shown(None) == []
    assert _page.shown([1, 2]) == [{"kind": "text", "text": "[1, 2]"}]
    (long,) = _page.shown("x" * 10**6)
    assert len(long["text"]) < 10**5
    assert long["text"].endswith(_page.CUT)


def test_pictures_are_shown_as_pictures():
    from weighted_sums.figures.style import drawing

    @drawing(height=1)
    def draw(fig):
        fig.subplots().plot([1, 2])

    (part,) = _page.shown(draw())
    assert (part["kind"], part["type"]) == ("picture", "image/svg+xml")
    assert "<svg" in part["data"]
    import matplotlib.pyplot as plt

    plt.figure()
    plt.plot([1, 2])
    (part,) = _page.shown(None)
    assert part["kind"] == "picture"
    assert _page.shown(None) == []  # each figure once
