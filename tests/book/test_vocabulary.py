"""The field's words: house words are found wherever they stand, and no list lets them back in."""

import re
from collections import Counter

import pytest
from checkout import ROOT

from tools import vocabulary

# the allow-list, all of it prose (1,086 when it was made); raising this number lets house words
# into the book
TOTAL = 28
WORDS = {word.name: word for word in vocabulary.house_words()}
# for each word, text with it in the sense of the house, and text with its ordinary sense
SENSES = {
    "slope": ("the slopes of all weights", "a sloping roof"),
    "squash": ("def squashed(z):", "squ4sh"),
    "wish": ("the wish minus the output", "the wishes of chapter 10"),
    "place": ("attention at every place", "the list is sorted in place"),
    "share": ("the share of each token", "they share an axis, sharey=True"),
    "behind": ("the layer norm behind each part", "behind the stage"),
    "hand": ("a hand of ten digits", "trained by hand on the right-hand side"),
    "deal": ("windows.deal(rng)", "a great deal with it"),
    "spread": ("a spread of 1/sqrt(n)", "a batch spread over workers"),
    "start": ("from five random starts", "start the program"),
    "valley": ("it stays on the ledge", "a heap of merges"),
    "walker": ("the drunk walker", "walk the tree"),
    "ruler": ("a ruler for each weight", "a rule"),
    "inertia": ("inertia of a ball", "inert"),
    "replacement": ("drawn and put back", "put forward"),
    "rightly": ("reads 95 % rightly", "brightly"),
    "runs": ("counted runs of five characters", "the program runs"),
    "surprise": ("the surprise in nats", "surprised"),
    "by": ("the derivative of the cost by W", "a gradient by central differences"),
    "asks": ("the position that asks", "the user asks"),
    "rotation": ("turned queries and keys", "turned around"),
    "silence": ("the head is silenced", "silent"),
    "leash": ("a policy on a leash", "unleaded"),
    "heart": ("learned by heart", "the heart of it"),
    "moved": ("a network for moved digits", "digits that move"),
    "box": ("a box of the graph", "the box plot"),
    "learnt": ("learnt from pairs", "learned"),
    "axis": ('Float[np.ndarray, "*batch width"]', 'Float[np.ndarray, "*batch d_model"]'),
}


def found(text, kind="code"):
    return [(f.word.name, f.line) for f in vocabulary.finds("x", kind, text, [*WORDS.values()])]


@pytest.mark.parametrize("name", sorted(WORDS.keys() | SENSES.keys()))
def test_each_word_is_found_in_the_sense_of_the_house_alone(name):
    house, ordinary = SENSES[name]
    assert name in dict(found(house))
    assert name not in dict(found(ordinary))


def test_names_comments_and_line_ends_hide_no_word():
    text = "x = 1\nslope_at_start = cost.baseSlope()\n# the derivative of the\n# cost by W\nslope\n"
    assert found(text) == [("slope", 2), ("slope", 2), ("slope", 5), ("by", 3)]


def test_the_cells_of_a_page_are_read_apart_from_its_prose(tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "a.md").write_text(
        "A slope.\n\n```{code-cell} ipython3\n---\nmystnb:\n  image:\n    alt: the slope\n---\n"
        "slope = 1\n```\n\n```{code-cell} ipython3\n:tags: [starter]\n\nslope\n```\n"
        "```\nslope\n```\n"
    )
    finds = vocabulary.all_finds(tmp_path)
    assert [(f.kind, f.line) for f in finds] == [
        ("cells", 9), ("cells", 15), ("prose", 1), ("prose", 7), ("prose", 18),
    ]  # fmt: skip


def test_every_kind_of_text_is_read():
    files = Counter(kind for _, kind, _ in vocabulary.texts(ROOT))
    assert files.keys() == {*vocabulary.EVERY}
    assert min(files.values()) > 15
    read = {file for file, _, _ in vocabulary.texts(ROOT)}
    assert {"README.md", "bench/gpt.py", "interactive/main.mjs", "tests/unit/doors.py"} <= read


def problems(counts, most):
    finds = [
        vocabulary.Find(file, 7, "prose", WORDS["slope"], "slope") for file in counts.elements()
    ]
    return vocabulary.problems(finds, {(file, "slope"): n for file, n in most.items()})


def test_a_word_more_than_is_allowed_is_an_error_and_so_is_one_less():
    assert not problems(Counter({"a.md": 3}), {"a.md": 3})
    assert len(problems(Counter({"a.md": 4}), {"a.md": 3})) == 4
    assert len(problems(Counter({"b.md": 1}), {"a.md": 0})) == 1
    (said,) = problems(Counter({"a.md": 1}), {"a.md": 3})
    assert "a.md holds slope 1 times: write 1, not 3" in said


def test_the_list_is_of_chapters_prose_gives_reasons_and_has_not_grown():
    rows = vocabulary.tomllib.loads((ROOT / vocabulary.ALLOWED).read_text("utf-8"))
    assert sum(sum(row["words"].values()) for row in rows.values()) <= TOTAL
    for file, row in rows.items():
        assert re.fullmatch(r"chapters/[\w/-]+\.md", file)
        assert row["reason"] and row["words"].keys() <= WORDS.keys()
        assert min(row["words"].values()) > 0


def test_shrinking_lowers_numbers_and_never_raises_or_adds_one(tmp_path, monkeypatch):
    (tmp_path / "tools").mkdir()
    path = tmp_path / vocabulary.ALLOWED
    path.write_text(
        '# why\n\n["a.md"]\nreason = "old"\nwords = { slope = 3, hand = 1 }\n\n'
        '["b.md"]\nreason = "old"\nwords = { slope = 1 }\n'
    )
    monkeypatch.setattr(vocabulary, "ROOT", tmp_path)
    counts = Counter({"a.md": 2, "b.md": 2, "c.md": 1})
    vocabulary.shrink(
        [vocabulary.Find(file, 1, "prose", WORDS["slope"], "slope") for file in counts.elements()]
    )
    assert vocabulary.allowed() == {("a.md", "slope"): 2, ("b.md", "slope"): 1}
    assert re.match(r"# why\n\n\[", path.read_text())


def test_make_lint_refuses_a_house_word(tmp_path, monkeypatch, capsys):
    for file in (vocabulary.WORDS, vocabulary.ALLOWED):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(
            (ROOT / file).read_text("utf-8") if "allowed" not in file else ""
        )
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a.py").write_text("x = 1\n")
    monkeypatch.setattr(vocabulary, "ROOT", tmp_path)
    assert vocabulary.main([]) == 0
    (tmp_path / "code" / "a.py").write_text("squash = 1\n")
    assert vocabulary.main([]) == 1
    assert "code/a.py:1: 'squash' in code" in capsys.readouterr().out
