"""A longer run on Shakespeare beside n-grams of the same characters, about fifteen minutes.

`python -m weighted_sums.experiments.longer_run FOLDER` trains the book's transformer and writes
three tables to FOLDER: its losses by step, the losses of n-grams of every order on the same
characters, and a text that it generates. The n-grams count the same training text and are measured
on the same validation text, so that the table can name the order that does best on it.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from weighted_sums import generation, ngrams, optimizers, schedules, texts, training, transformer
from weighted_sums.experiments.shakespeare_run import LINE_END, average_loss
from weighted_sums.tokens import CharTokenizer
from weighted_sums.transformer import Transformer
from weighted_sums.workshop import recorded
from weighted_sums.workshop.parameters import leaves

CONTEXT, BATCH_SIZE, STEPS, EVERY = 128, 16, 2600, 200
D_MODEL, N_HEADS, N_LAYERS = 192, 6, 4
LEARNING_RATE, WARMUP = 2e-3, 100
LONGEST = 9  # characters in the longest n-grams
COMMAND = "make longer-run"


def run(
    initial: Transformer, train: np.ndarray, validation: np.ndarray, steps: int, every: int
) -> tuple[Transformer, list[dict[str, Any]]]:
    """Train `initial`; return the model and a row of losses at the start and every so many steps.

    The training loss is measured on as many tokens as the validation loss: the first ones.
    """
    rows: list[dict[str, Any]] = []
    began = time.process_time()

    def measure(model: Transformer) -> None:
        losses = average_loss(model, train[: len(validation)]), average_loss(model, validation)
        row = {
            "step": len(rows) * every,
            "training_loss": f"{losses[0]:.4f}",
            "validation_loss": f"{losses[1]:.4f}",
            "cpu_s": f"{time.process_time() - began:.0f}",
        }
        rows.append(row)
        print(row, flush=True)

    measure(initial)
    optimizer = optimizers.Adam(
        schedules.cosine_schedule(LEARNING_RATE, steps, warmup=min(WARMUP, steps // 2)),
        beta2=0.99,
        weight_decay=0.01,
    )
    batches = texts.Windows(train, len(initial.positions), BATCH_SIZE, every)
    model = training.train(
        initial,
        transformer.cost_and_gradient,
        batches,
        optimizer=optimizer,
        epochs=steps // every,
        rng=np.random.default_rng(0),
        after_epoch=measure,
    )
    return model, rows


def ngram_rows(train: str, validation: str, alphabet: str) -> list[dict[str, Any]]:
    """Return the validation loss of n-grams of 1, 2, … characters, a row for each order."""
    costs = ngrams.NGrams.count(train, LONGEST, alphabet).costs(validation)
    return [{"n": n, "validation_loss": f"{cost:.4f}"} for n, cost in enumerate(costs, start=1)]


def main(folder: Path) -> None:
    """Count and train on the same text, and record both with a sample."""
    text = texts.shakespeare()
    tokenizer = CharTokenizer.of(text)
    parts = texts.split(text)
    recorded.record(
        folder / "longer-run-ngrams.csv", ngram_rows(*parts, tokenizer.alphabet), COMMAND
    )
    initial = transformer.init_transformer(
        tokenizer.vocab_size, CONTEXT, D_MODEL, N_HEADS, N_LAYERS, np.random.default_rng(1)
    )
    train, validation = (tokenizer.encode(part) for part in parts)
    model, rows = run(initial, train, validation, STEPS, EVERY)
    about = {
        "model": f"{N_LAYERS} layers, {N_HEADS} heads, d_model {D_MODEL}, context {CONTEXT}, "
        f"{sum(p.size for p in leaves(initial)):,} parameters",
        "batches": f"{BATCH_SIZE} windows, {BATCH_SIZE * CONTEXT:,} characters",
        "training text": f"{len(train):,} characters",
    }
    recorded.record(folder / "longer-run.csv", rows, COMMAND, about=about)
    prompt, rng = tokenizer.encode("\n"), np.random.default_rng(0)
    tokens = generation.generate(model, prompt, 400, rng, temperature=0.8)
    written = tokenizer.decode(tokens).replace("\n", LINE_END)
    recorded.record(folder / "longer-run-sample.csv", [{"text": written}], COMMAND, about=about)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
