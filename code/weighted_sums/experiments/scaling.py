"""Tiny transformers of five sizes, each on more and more text: the book's own scaling law.

`python -m weighted_sums.experiments.scaling FILE` trains a model for every pair of a width and a
number of steps and writes a row for each to FILE, some ten minutes. Every width gets the
learning rate that does best at a middle number of steps; the short runs are repeated with other
seeds.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from weighted_sums import optimizers, schedules, texts, training, transformer
from weighted_sums.experiments.shakespeare_run import average_loss
from weighted_sums.tokens import CharTokenizer
from weighted_sums.transformer import Transformer
from weighted_sums.workshop import recorded
from weighted_sums.workshop.parameters import leaves

CONTEXT, BATCH_SIZE, N_HEADS, N_LAYERS = 64, 8, 2, 2
WIDTHS = (8, 16, 32, 64, 128)
STEPS = (100, 200, 400, 800, 1600, 3200)
BUDGET, LIGHT = 2.5e12, 2.5e11  # operations: the most of a run, and of one with several seeds
RATES = (1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
TUNED_AT = 400  # steps
SEEDS = (0, 1, 2)
COMMAND = "make scaling"


def in_matrices(model: Transformer) -> int:
    """Return the number of parameters that every token is multiplied by."""
    looked_up = model.embedding.size + model.positions.size
    return sum(p.size for p in leaves(model)) - looked_up


def run(
    parts: tuple[np.ndarray, np.ndarray], vocab_size: int, d_model: int, steps: int,
    rate: float, seed: int,
) -> dict[str, Any]:  # fmt: skip
    """Train one model on the first of `parts` and return its row, with its loss on the second."""
    initial = transformer.init_transformer(
        vocab_size, CONTEXT, d_model, N_HEADS, N_LAYERS, np.random.default_rng(seed)
    )
    model = training.train(
        initial,
        transformer.cost_and_gradient,
        texts.Windows(parts[0], CONTEXT, BATCH_SIZE, steps),
        optimizer=optimizers.Adam(
            schedules.cosine_schedule(rate, steps, warmup=steps // 20), beta2=0.99
        ),
        epochs=1,
        rng=np.random.default_rng([seed, 1]),
    )
    N, D = in_matrices(model), steps * BATCH_SIZE * CONTEXT
    return {
        "d_model": d_model, "parameters": N, "tokens": D, "operations": f"{6 * N * D:.3e}",
        "learning_rate": rate, "seed": seed,
        "validation_loss": f"{average_loss(model, parts[1]):.4f}",
    }  # fmt: skip


def best_rate(
    parts: tuple[np.ndarray, np.ndarray], vocab_size: int, d_model: int
) -> tuple[float, list[dict[str, Any]]]:
    """Return the learning rate of the lowest loss after `TUNED_AT` steps, and all its rows."""
    rows = [run(parts, vocab_size, d_model, TUNED_AT, rate, SEEDS[0]) for rate in RATES]
    return min(rows, key=lambda row: float(row["validation_loss"]))["learning_rate"], rows


def grid(parts: tuple[np.ndarray, np.ndarray], vocab_size: int) -> list[dict[str, Any]]:
    """Return the rows of all widths, steps and seeds within the budget."""
    rows = []
    for d_model in WIDTHS:
        rate, tuned = best_rate(parts, vocab_size, d_model)
        print(
            d_model, [(row["learning_rate"], row["validation_loss"]) for row in tuned], flush=True
        )
        for steps in STEPS:
            operations = 6 * tuned[0]["parameters"] * steps * BATCH_SIZE * CONTEXT
            if operations > BUDGET:
                break
            for seed in SEEDS if operations < LIGHT else SEEDS[:1]:
                rows.append(run(parts, vocab_size, d_model, steps, rate, seed))
                print(rows[-1], flush=True)
    return rows


def main(path: Path) -> None:
    """Train them all on the help pages and record their losses."""
    text = texts.default_text()
    tokenizer = CharTokenizer.of(text)
    train, validation = (tokenizer.encode(part) for part in texts.split(text))
    rows = grid((train, validation), tokenizer.vocab_size)
    about = {
        "model": f"{N_LAYERS} layers, {N_HEADS} heads, context {CONTEXT}",
        "batches": f"{BATCH_SIZE} windows, {BATCH_SIZE * CONTEXT} characters",
        "training text": f"{len(train):,} characters of Python's help pages",
    }
    recorded.record(path, rows, COMMAND, about=about)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
