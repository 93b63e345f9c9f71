"""Experiments on two pretrained models; the book shows their results without needing the models.

`python -m weighted_sums.experiments.probes FOLDER` runs them and writes a table for each. With the
folder of another language model after it, those of the language model are asked of that one, and
nothing else is.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from weighted_sums.experiments import adjectives, quantised, repetition, senses
from weighted_sums.experiments.repetition import LanguageModel, Row, token_text
from weighted_sums.pretrained import folders, models, smollm
from weighted_sums.pretrained.tokenizers import ByteLevelBPE
from weighted_sums.sampling import probabilities, sample
from weighted_sums.workshop import recorded

PROMPTS = ("The capital of France is", "To be or not to", "Once upon a time, there was a")
# a prompt and its correct continuation, the first token of which is looked for
FACTS = (
    ("The capital of France is", " Paris"),
    ("The capital of Australia is", " Canberra"),
    ("The Eiffel Tower stands in the city of", " Paris"),
    ("The author of Romeo and Juliet is William", " Shakespeare"),
    ("The opposite of hot is", " cold"),
    ("The day after Monday is", " Tuesday"),
    ("Michael Jordan plays the sport of", " basketball"),
    ("Water is made of hydrogen and", " oxygen"),
    ("The largest planet of the solar system is", " Jupiter"),
    ("2+2=", "4"),
    ("7*8=", "56"),
    ("23*17=", "391"),
)


def next_words(language_model: LanguageModel, count: int = 10) -> list[Row]:
    """Return the likeliest next tokens of each prompt, and the rank of the correct one."""
    model, tokenizer = language_model
    rows = []
    for prompt, target in FACTS:
        p = probabilities(smollm.next_logits(model, tokenizer.encode(prompt)))
        order = np.argsort(-p)
        target_rank = order.tolist().index(tokenizer.encode(target)[0])
        for rank in sorted({*range(count), target_rank}):
            token = token_text(tokenizer, order[rank])
            row = {"prompt": prompt, "rank": rank + 1, "token": token}
            rows.append(row | {"probability": f"{p[order[rank]]:.5f}", "target": target.strip()})
    return rows


def prompt_logits(language_model: LanguageModel, count: int = 40) -> list[Row]:
    """Return the largest logits after each prompt, and the log-sum-exp of all others."""
    model, tokenizer = language_model
    rows = []
    for prompt in PROMPTS:
        z = smollm.next_logits(model, tokenizer.encode(prompt)).astype(float)
        order = np.argsort(-z)
        others = np.log(np.exp(z[order[count:]]).sum())
        for rank, token in enumerate(order[:count], start=1):
            row = {"prompt": prompt, "rank": rank, "token": token_text(tokenizer, token)}
            rows.append(row | {"logit": f"{z[token]:.4f}", "others": f"{others:.4f}"})
    return rows


def samples(language_model: LanguageModel, count: int = 30) -> list[Row]:
    """Return what the model generates from a prompt at several temperatures, with one seed."""
    model, tokenizer = language_model
    rows = []
    for temperature in (0.0, 0.7, 1.0, 2.0):
        tokens, rng = tokenizer.encode(PROMPTS[2]), np.random.default_rng(0)
        for _ in range(count):
            p = probabilities(smollm.next_logits(model, tokens), temperature)
            tokens = np.append(tokens, sample(p, rng))
        text = tokenizer.decode(tokens).replace("\n", " / ")
        rows.append({"temperature": temperature, "text": text})
    return rows


def residual(language_model: LanguageModel) -> list[Row]:
    """Return the norm of the residual stream at each position, after each block."""
    model, tokenizer = language_model
    tokens = tokenizer.encode(PROMPTS[0])
    streams = smollm.forward(model, tokens)[1].streams
    return [
        {
            "position": position,
            "layer": layer,
            "norm": f"{np.linalg.norm(stream[position]):.3f}",
            "token": token_text(tokenizer, token),
        }
        for position, token in enumerate(tokens)
        for layer, stream in enumerate(streams)
    ]


def word_analogies(language_model: LanguageModel, encoder: senses.EncoderModel) -> list[Row]:
    """Return the analogies in the input embeddings of both models."""
    (llama, bpe), (minilm, word_pieces) = language_model, encoder
    names = [_without_space(bpe, token) for token in range(len(bpe.tokens))]
    return [
        *senses.analogies("MiniLM", minilm.embedding, word_pieces.pieces),
        *senses.analogies("SmolLM2", llama.embedding, names),
    ]


def _without_space(tokenizer: ByteLevelBPE, token: int) -> str:
    text = tokenizer.token_bytes[token].decode(errors="replace")
    return text[1:] if text.startswith(" ") else ""


def language_model_tables(
    language_model: LanguageModel, about: dict[str, str]
) -> list[tuple[str, list[Row], dict[str, str]]]:
    """Return the tables of everything that is asked of a language model, with its notes."""
    scored = repetition.heads(language_model)
    strongest = max(scored, key=lambda row: float(row["score"]))
    head = strongest["layer"], strongest["head"]
    return [
        ("logits", prompt_logits(language_model), about),
        ("next-words", next_words(language_model), about),
        ("samples", samples(language_model), about),
        ("induction", scored, about),
        ("pattern", repetition.one_pattern(language_model, head), about),
        ("repeats", repetition.repeated_losses(language_model), about),
        ("residual", residual(language_model), about),
        ("ablation", repetition.ablation(language_model, scored), about),
    ]


def main(folder: Path, model_folder: Path | None = None) -> None:
    """Run all experiments, and record a table for each that names its model."""
    if model_folder is not None:
        tables = language_model_tables(folders.load(model_folder), folders.about(model_folder))
    else:
        language_model, encoder = models.load_smollm2(), models.load_minilm()
        small, large = models.MINILM.about, models.SMOLLM2.about
        both = {key: f"{small[key]}; {large[key]}" for key in small}
        tables = [
            ("mole", senses.sense_cosines(encoder), small),
            ("senses", senses.senses(encoder), small),
            ("neighbours", senses.neighbours(encoder), small),
            ("plural", senses.plurals(encoder), small),
            ("quantised", quantised.compare(encoder), small),
            ("analogies", word_analogies(language_model, encoder), both),
            ("adjectives", adjectives.adjective_scores(encoder), small),
            *language_model_tables(language_model, large),
        ]
    for name, rows, about in tables:
        recorded.record(folder / f"real-{name}.csv", rows, "make probes", about=about)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
