"""The experiment with fine-tuning: fair parts, restricted changes, and a record that is whole."""

import numpy as np
import pytest

from weighted_sums import chats, lora, transformer
from weighted_sums.chats import Chats, ChatTemplate
from weighted_sums.experiments import finetuning
from weighted_sums.workshop import recorded
from weighted_sums.workshop.parameters import flatten

TEXT = "\n\n".join(
    " ".join(f"{a}{b}{c}" for a in "abcde" for b in "xyz" for c in "pqr") for _ in range(3)
)
TEMPLATE = ChatTemplate("".join(sorted(set(TEXT + TEXT.upper() + "shout echo ghijklmnuvw"))))


@pytest.fixture(scope="module")
def base():
    sizes = TEMPLATE.vocab_size, 24, 16, 2, 1
    return transformer.init_transformer(*sizes, np.random.default_rng(0))


def test_no_word_of_one_part_is_asked_for_in_another():
    parts = finetuning.conversations(TEXT, held_out=10)
    words = [{request.split()[1] for request, _ in part} for part in parts]
    assert [len(w) for w in words] == [25, 10, 10]
    assert not words[0] & words[1] and not words[0] & words[2] and not words[1] & words[2]
    for request, answer in parts.train:
        what, word = request.split()
        assert answer == (word.upper() if what == "shout" else word)
    assert finetuning.conversations(TEXT, held_out=10) == parts


def test_lists_of_names_come_after_each_paragraph():
    found = finetuning.pretraining_text("one\n\ntwo").split("\n\n")
    assert len(found) == 2 * (1 + finetuning.LISTS) and found[0] == "one"
    first, second, third = found[1].split()
    assert first == third == second.lower() and second.isupper() and 3 <= len(first) <= 5


def test_the_loss_on_a_text_is_that_of_its_whole_windows(base, monkeypatch):
    monkeypatch.setattr(finetuning, "CONTEXT", 24)
    tokens = TEMPLATE.documents(TEXT)
    windows = [(tokens[i : i + 24], tokens[i + 1 : i + 25]) for i in (0, 24)]
    want = np.mean([transformer.cost(base, x[None], y[None]) for x, y in windows])
    assert finetuning.text_loss(base, tokens[:60]) == pytest.approx(want, rel=1e-5)
    assert finetuning.text_loss(base, tokens, windows=2) == pytest.approx(want, rel=1e-5)


def test_adapters_change_matrices_alone_and_full_fine_tuning_changes_all(base):
    parts = finetuning.conversations(TEXT, held_out=10)
    data = Chats(TEMPLATE, parts.train, 8, 12)
    before = transformer.cost(base, *chats.batch(TEMPLATE, parts.train))
    for rank in (None, 2):
        model = finetuning.fine_tune(base, data, 1e-2, 0, rank)
        assert transformer.cost(model, *chats.batch(TEMPLATE, parts.train)) < before
        assert np.array_equal(model.embedding, base.embedding) == (rank is not None)
        changes = zip(lora.matrices(model), lora.matrices(base), strict=True)
        ranks = [np.linalg.matrix_rank(new - old, tol=1e-5) for new, old in changes]
        assert max(ranks) <= 2 if rank else max(ranks) > 2


def test_trained_parameters_are_counted(base):
    assert finetuning.trained_parameters(base, None) == flatten(base).size
    sizes = [(16, 16)] * 4 + [(64, 16), (16, 64)]
    assert finetuning.trained_parameters(base, 3) == sum(3 * (o + i) for o, i in sizes)


def test_the_best_rate_is_chosen_by_validation_and_not_by_test(monkeypatch):
    monkeypatch.setattr(finetuning, "WAYS", [("full", None, True)])
    monkeypatch.setitem(finetuning.RATES, "full", (1e-3, 3e-3, 1e-2))

    def run(rate, validation, test):
        return {
            "rank": 0, "masked": 1, "learning_rate": rate, "validation": validation, "test": test
        }  # fmt: skip

    rows = [run(1e-3, 0.5, 0.9), run(3e-3, 0.7, 0.6), run(3e-3, 0.5, 0.4), run(1e-2, 0.1, 1.0)]
    assert finetuning.best_runs(rows)["all parameters"] == rows[1:3]


@pytest.mark.slow
def test_the_command_records_every_way_rate_and_seed(tmp_path, monkeypatch):
    text = finetuning.pretraining_text(TEXT) + "\n\nshout echo " + TEXT.upper()
    monkeypatch.setattr(finetuning.texts, "default_text", lambda: text)
    monkeypatch.setattr(recorded, "RESULTS", tmp_path)
    for name, value in (("D_MODEL", 8), ("STEPS", 2), ("SEEDS", (0, 1)), ("BASE_STEPS", 2)):
        monkeypatch.setattr(finetuning, name, value)
    parts = finetuning.conversations(TEXT, held_out=10)
    monkeypatch.setattr(finetuning, "conversations", lambda text: parts)
    finetuning.main(tmp_path)
    rows = recorded.table("finetuning").rows
    assert len(rows) == 2 * sum(len(finetuning.RATES[way]) for way, *_ in finetuning.WAYS)
    assert len(finetuning.best_runs(rows)) == len(finetuning.WAYS)


def test_the_recorded_runs_are_whole_and_the_rank_matters():
    rows = recorded.table("finetuning").rows
    assert {row["seed"] for row in rows} == set(finetuning.SEEDS)
    best = finetuning.best_runs(rows)
    means = {way: np.mean([row["test"] for row in found]) for way, found in best.items()}
    assert all(len(found) == len(finetuning.SEEDS) for found in best.values())
    assert min(means["all parameters"], means["without mask"]) > 0.8
    assert means["LoRA, rank 16"] > means["LoRA, rank 1"] + 0.2
