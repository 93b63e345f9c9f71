"""The two pretrained models give what is recorded of them, and what `transformers` computes.

Without the models (`make models`) the tests that need them are skipped, and say so.
"""

import importlib.util

import numpy as np
import pytest

from weighted_sums.experiments import adjectives, probes, repetition, senses
from weighted_sums.pretrained import minilm, models, smollm
from weighted_sums.workshop import parameters, recorded
from weighted_sums.workshop.downloads import FOLDER_VARIABLE

needs_smollm2 = pytest.mark.skipif(
    not models.find(models.SMOLLM2), reason="SmolLM2 is not installed: make models"
)
needs_minilm = pytest.mark.skipif(
    not models.find(models.MINILM), reason="MiniLM is not installed: make models"
)
TEXTS = ("The capital of France is", "Twelve bears, we'll say, were reading a book.\n\n  In 1999!")


def disagreement(name, rows, tolerance):
    """The first row of the table `name` that differs from `rows`, or None."""
    kept = recorded.table(name).rows
    if len(kept) != len(rows):
        return f"real {name}: {len(kept)} rows recorded, {len(rows)} computed"
    for old, new in zip(kept, rows, strict=True):
        for key, value in new.items():
            same = (
                abs(old[key] - float(value)) <= tolerance
                if isinstance(old[key], int | float)
                else old[key] == str(value)
            )
            if not same:
                return f"{name}: {key} was recorded in {old} and is now {value}"
    return None


def test_a_file_is_found_in_the_folder_that_the_variable_names(tmp_path, monkeypatch):
    file = models.MINILM_VOCABULARY
    path = tmp_path / file.package / file.path
    path.parent.mkdir(parents=True)
    path.write_text("not the words")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert models.find(file) == path
    with pytest.raises(ValueError, match=r"vocab\.txt is damaged or is another file"):
        models.verified_path(file)


def test_the_error_for_a_missing_model_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert models.availability().count("is not installed") == 2
    with pytest.raises(FileNotFoundError, match=r"SmolLM2.* is not installed: run `make models`"):
        models.verified_path(models.SMOLLM2)


def test_every_table_of_the_real_models_names_the_model_and_its_hash():
    known = {file.sha256 for file in (models.SMOLLM2, models.MINILM)}
    names = [path.stem for path in recorded.RESULTS.glob("real-*.csv")]
    assert len(names) >= 14
    for name in names:
        about = recorded.table(name).about
        assert about["model"] and set(about["sha256"].split("; ")) <= known


def test_a_table_that_disagrees_with_the_model_is_said_to():
    rows = [dict(row) for row in recorded.table("real-mole").rows]
    assert disagreement("real-mole", rows, 0) is None
    rows[3]["cosine"] += 0.1
    assert "cosine was recorded" in disagreement("real-mole", rows, 1e-3)
    assert "rows recorded" in disagreement("real-mole", rows[1:], 1e-3)


@needs_smollm2
def test_smollm2_has_as_many_parameters_as_the_chapter_counts():
    model, _ = models.load_smollm2()
    arrays = [a for block in model.blocks for a in parameters.leaves(block)]
    assert sum(a.size for a in [model.embedding, model.norm, *arrays]) == 134_515_008


@needs_smollm2
def test_smollm2_still_gives_what_is_recorded():
    language_model = models.load_smollm2()
    assert disagreement("real-logits", probes.prompt_logits(language_model), 2e-3) is None
    assert disagreement("real-next-words", probes.next_words(language_model), 2e-3) is None
    assert disagreement("real-residual", probes.residual(language_model), 1.0) is None
    assert disagreement("real-repeats", repetition.repeated_losses(language_model), 5e-3) is None


@needs_smollm2
def test_the_strongest_induction_head_is_still_the_recorded_one():
    rows = recorded.table("real-induction").rows
    best = max(rows, key=lambda row: row["score"])
    head = best["layer"], best["head"]
    language_model = models.load_smollm2()
    assert disagreement("real-pattern", repetition.one_pattern(language_model, head), 2e-3) is None


@needs_minilm
def test_minilm_still_gives_what_is_recorded():
    encoder = models.load_minilm()
    assert disagreement("real-mole", senses.sense_cosines(encoder), 1e-3) is None
    assert disagreement("real-senses", senses.senses(encoder), 0) is None
    assert disagreement("real-neighbours", senses.neighbours(encoder), 1e-3) is None
    assert disagreement("real-plural", senses.plurals(encoder), 1e-3) is None
    assert disagreement("real-adjectives", adjectives.adjective_scores(encoder), 1e-3) is None


@needs_minilm
@needs_smollm2
def test_both_models_still_answer_the_analogies_as_recorded():
    rows = probes.word_analogies(models.load_smollm2(), models.load_minilm())
    assert disagreement("real-analogies", rows, 1e-3) is None


@needs_smollm2
@pytest.mark.parametrize("text", TEXTS)
def test_smollm2s_tokens_and_logits_are_those_of_transformers(text):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    pytest.importorskip("gguf", reason="gguf, which transformers needs, is not installed")
    path = models.verified_path(models.SMOLLM2)
    where = {"pretrained_model_name_or_path": path.parent, "gguf_file": path.name}
    model, tokenizer = models.load_smollm2()
    tokens = tokenizer.encode(text)
    theirs = transformers.AutoTokenizer.from_pretrained(**where)
    assert tokens.tolist() == theirs(text, add_special_tokens=False).input_ids
    twin = transformers.AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32)
    with torch.inference_mode():
        wanted = twin(torch.tensor(tokens[None])).logits[0].numpy()
    np.testing.assert_allclose(smollm.logits(model, tokens), wanted, rtol=0, atol=1e-3)


@needs_minilm
@pytest.mark.parametrize("text", [*TEXTS, "Naïve 深度学习, don't!"])
def test_minilms_tokens_and_streams_are_those_of_transformers(text):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    folder = models.verified_path(models.MINILM).parent
    model, tokenizer = models.load_minilm()
    tokens = tokenizer.encode(text)
    theirs = transformers.AutoTokenizer.from_pretrained(folder)
    assert tokens.tolist() == theirs(text).input_ids
    twin = transformers.AutoModel.from_pretrained(folder)
    with torch.inference_mode():
        found = twin(torch.tensor(tokens[None]), output_hidden_states=True).hidden_states
    for ours, wanted in zip(minilm.hidden_states(model, tokens).streams, found, strict=True):
        np.testing.assert_allclose(ours, wanted[0].numpy(), rtol=0, atol=1e-4)
