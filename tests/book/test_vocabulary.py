"""The field's words: house words are found wherever they stand, and no list lets them back in."""

import re
from collections import Counter

import pytest
from checkout import ROOT

from tools import vocabulary

# the allow-list when it was made; whoever raises this number lets house words into the book
TOTAL = 1086
# what is not prose and not done yet: this set may only lose names, and then goes
UNFINISHED = {
    "chapters/transformers/attention.md (cells)",
    "chapters/transformers/embeddings.md (cells)",
    "chapters/transformers/language-models.md (cells)",
    "chapters/transformers/limits.md (cells)",
    "chapters/transformers/training-gpt.md (cells)",
    "chapters/transformers/transformer.md (cells)",
    "code/weighted_sums/blocks.py",
    "code/weighted_sums/counting.py",
    "code/weighted_sums/exercises/embeddings.py",
    "code/weighted_sums/exercises/language_models.py",
    "code/weighted_sums/exercises/transformer.py",
    "code/weighted_sums/figures/attention.py",
    "code/weighted_sums/figures/embeddings.py",
    "code/weighted_sums/figures/language_models.py",
    "code/weighted_sums/figures/training_gpt.py",
    "code/weighted_sums/figures/transformer.py",
    "code/weighted_sums/ngrams.py",
    "code/weighted_sums/sampling.py",
    "code/weighted_sums/tasks.py",
    "code/weighted_sums/texts.py",
    "code/weighted_sums/tokens.py",
    "code/weighted_sums/torch_twin.py",
    "interactive/core/centring.mjs",
    "interactive/core/chain.mjs",
    "interactive/core/descent.mjs",
    "interactive/core/graph.mjs",
    "interactive/core/hollows.mjs",
    "interactive/core/network.mjs",
    "interactive/core/one-neuron.mjs",
    "interactive/core/optimizers.mjs",
    "interactive/core/pairs.mjs",
    "interactive/core/ravine.mjs",
    "interactive/core/softmax.mjs",
    "interactive/core/squash.mjs",
    "interactive/core/staircase.mjs",
    "interactive/core/strokes.mjs",
    "interactive/core/transformer.mjs",
    "interactive/figures/attention-grid.mjs",
    "interactive/figures/attention.mjs",
    "interactive/figures/autodiff-graph.mjs",
    "interactive/figures/autodiff.mjs",
    "interactive/figures/bpe.mjs",
    "interactive/figures/chain-rule.mjs",
    "interactive/figures/counter.mjs",
    "interactive/figures/descent.mjs",
    "interactive/figures/digit-layers.mjs",
    "interactive/figures/digit-pad.mjs",
    "interactive/figures/digit.mjs",
    "interactive/figures/gpt.mjs",
    "interactive/figures/neuron.mjs",
    "interactive/figures/noise.mjs",
    "interactive/figures/race-lane.mjs",
    "interactive/figures/race.mjs",
    "interactive/figures/saturated.mjs",
    "interactive/figures/softmax.mjs",
    "interactive/interactive.css",
    "interactive/kit/address.mjs",
    "interactive/kit/bars.mjs",
    "interactive/kit/controls.mjs",
    "interactive/kit/fields.mjs",
    "interactive/kit/frame.mjs",
    "interactive/kit/plot.mjs",
    "interactive/kit/words.mjs",
    "interactive/main.mjs",
    "interactive/tests/cases/autodiff.mjs",
    "interactive/tests/cases/chain-rule.mjs",
    "interactive/tests/cases/descent.mjs",
    "interactive/tests/cases/gpt.mjs",
    "interactive/tests/cases/neuron.mjs",
    "interactive/tests/cases/race.mjs",
    "interactive/tests/cases/softmax.mjs",
    "interactive/tests/compare.mjs",
    "tests/browser/checks.py",
    "tests/browser/golden/attention.py",
    "tests/browser/golden/autodiff.py",
    "tests/browser/golden/chain_rule.py",
    "tests/browser/golden/counter.py",
    "tests/browser/golden/descent.py",
    "tests/browser/golden/gpt.py",
    "tests/browser/golden/kit.py",
    "tests/browser/golden/neuron.py",
    "tests/browser/golden/race.py",
    "tests/browser/golden/softmax.py",
    "tests/browser/interactives.py",
    "tests/browser/looks.py",
    "tests/browser/served.py",
    "tests/browser/test_figure_attention.py",
    "tests/browser/test_figure_autodiff.py",
    "tests/browser/test_figure_chain_rule.py",
    "tests/browser/test_figure_descent.py",
    "tests/browser/test_figure_digit.py",
    "tests/browser/test_figure_gpt.py",
    "tests/browser/test_figure_softmax.py",
    "tests/browser/test_page_checks.py",
    "tests/browser/test_place.py",
    "tests/browser/test_search_page.py",
    "tests/unit/banks/attention.py",
    "tests/unit/banks/embeddings.py",
    "tests/unit/banks/language_models.py",
    "tests/unit/banks/transformer.py",
    "tests/unit/doors.py",
    "tests/unit/test_counting.py",
    "tests/unit/test_generation.py",
    "tests/unit/test_ngrams.py",
    "tests/unit/test_sampling.py",
    "tests/unit/test_tasks.py",
    "tests/unit/test_texts.py",
    "tests/unit/test_torch_twin.py",
    "tests/unit/test_variants.py",
}
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
    prose = [row["words"] for file, row in rows.items() if file not in UNFINISHED]
    assert sum(sum(words.values()) for words in prose) <= TOTAL
    for file, row in rows.items():
        assert re.fullmatch(r"chapters/[\w/-]+\.md", file) or file in UNFINISHED
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
