"""Experiments on two real models; the book shows their results without having the models.

`python -m weighted_sums.experiments.probes FOLDER` asks the models and writes a table for each
experiment.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from weighted_sums.experiments import adjectives, repetition, senses
from weighted_sums.experiments.repetition import LanguageModel, Row, shown
from weighted_sums.pretrained import models, smollm
from weighted_sums.pretrained.wordpieces import ByteLevelBPE
from weighted_sums.sampling import probabilities, sample
from weighted_sums.workshop import recorded

PROMPTS = ("The capital of France is", "To be or not to", "Once upon a time, there was a")
# what one would like to read next, as the model's own token
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


def next_words(writer: LanguageModel, count: int = 10) -> list[Row]:
    """The likeliest tokens behind each prompt, and where the one that is true stands."""
    model, words = writer
    rows = []
    for prompt, wanted in FACTS:
        share = probabilities(smollm.next_logits(words.encode(prompt), model))
        order = np.argsort(-share)
        true = order.tolist().index(words.encode(wanted)[0])
        for rank in sorted({*range(count), true}):
            token = shown(words, order[rank])
            found = {"prompt": prompt, "rank": rank + 1, "token": token}
            rows.append(found | {"share": f"{share[order[rank]]:.5f}", "wanted": wanted.strip()})
    return rows


def prompt_logits(writer: LanguageModel, count: int = 40) -> list[Row]:
    """The largest logits behind each prompt, and what all the others come to (log-sum-exp)."""
    model, words = writer
    rows = []
    for prompt in PROMPTS:
        z = smollm.next_logits(words.encode(prompt), model).astype(float)
        order = np.argsort(-z)
        others = np.log(np.exp(z[order[count:]]).sum())
        for rank, token in enumerate(order[:count], start=1):
            found = {"prompt": prompt, "rank": rank, "token": shown(words, token)}
            rows.append(found | {"logit": f"{z[token]:.4f}", "others": f"{others:.4f}"})
    return rows


def samples(writer: LanguageModel, count: int = 30) -> list[Row]:
    """What the model writes behind a prompt at several temperatures, drawn with one seed."""
    model, words = writer
    rows = []
    for temperature in (0.0, 0.7, 1.0, 2.0):
        tokens, rng = words.encode(PROMPTS[2]), np.random.default_rng(0)
        for _ in range(count):
            share = probabilities(smollm.next_logits(tokens, model), temperature)
            tokens = np.append(tokens, sample(share, rng))
        text = words.decode(tokens).replace("\n", " / ")
        rows.append({"temperature": temperature, "text": text})
    return rows


def residual(writer: LanguageModel) -> list[Row]:
    """How long the rows of the stream are, place by place, behind each block."""
    model, words = writer
    tokens = words.encode(PROMPTS[0])
    streams = smollm.forward(tokens, model)[1].streams
    return [
        {
            "place": place,
            "layer": layer,
            "norm": f"{np.linalg.norm(stream[place]):.3f}",
            "token": shown(words, token),
        }
        for place, token in enumerate(tokens)
        for layer, stream in enumerate(streams)
    ]


def word_analogies(writer: LanguageModel, reader: senses.EncoderModel) -> list[Row]:
    """The analogies in the input embeddings of both models."""
    (model, words), (encoder, pieces) = writer, reader
    plain = [_plain(words, token) for token in range(len(words.tokens))]
    later = senses.analogies("SmolLM2", model.embedding, plain)
    return [*senses.analogies("MiniLM", encoder.embedding, pieces.pieces), *later]


def _plain(words: ByteLevelBPE, token: int) -> str:
    text = words.pieces[token].decode(errors="replace")
    return text[1:] if text.startswith(" ") else ""


def main(folder: Path) -> None:
    """Ask both models everything, and record a table for each question."""
    writer, reader = models.smollm2(), models.mini_lm()
    scored = repetition.heads(writer)
    strongest = max(scored, key=lambda row: float(row["score"]))
    small, large = models.MINILM.about, models.SMOLLM2.about
    both = {key: f"{small[key]}; {large[key]}" for key in small}
    tables: Iterable[tuple[str, list[Row], dict[str, str]]] = [
        ("mole", senses.sense_cosines(reader), small),
        ("senses", senses.senses(reader), small),
        ("neighbours", senses.neighbours(reader), small),
        ("plural", senses.plurals(reader), small),
        ("analogies", word_analogies(writer, reader), both),
        ("adjectives", adjectives.adjective_scores(reader), small),
        ("logits", prompt_logits(writer), large),
        ("next-words", next_words(writer), large),
        ("samples", samples(writer), large),
        ("induction", scored, large),
        ("pattern", repetition.one_pattern(writer, (strongest["layer"], strongest["head"])), large),
        ("repeats", repetition.repeated_losses(writer), large),
        ("residual", residual(writer), large),
        ("ablation", repetition.ablation(writer, scored), large),
    ]
    for name, rows, about in tables:
        recorded.record(folder / f"real-{name}.csv", rows, "make probes", about=about)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
