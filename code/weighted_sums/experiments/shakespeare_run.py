"""The larger run: nanoGPT's CPU setting on Shakespeare, by hand and in PyTorch, some ten minutes.

`python -m weighted_sums.experiments.shakespeare_run FOLDER` trains both models and writes two
tables to FOLDER: their validation loss by step, and text that they generate. Setting: Karpathy
(2022), nanoGPT's `train_shakespeare_char` for a CPU: batches of 12 windows of 64 characters, four
layers of four heads, d_model 128, 2,000 steps.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from weighted_sums import generation, optimizers, schedules, texts, training, transformer
from weighted_sums.tokens import CharTokenizer
from weighted_sums.torch_twin import TorchTransformer, state_dict, to_numpy
from weighted_sums.transformer import Transformer
from weighted_sums.workshop import recorded

CONTEXT, BATCH_SIZE, STEPS, EVERY = 64, 12, 2000, 250
D_MODEL, N_HEADS, N_LAYERS = 128, 4, 4
LINE_END = "⏎"  # a row of a recorded table is one line

Gradient = Callable[[Transformer, np.ndarray, np.ndarray], tuple[float, Transformer]]


def by_torch(model: Transformer) -> Gradient:
    """Return a gradient function for `training.train` that the PyTorch twin computes."""
    twin = TorchTransformer(model)

    def gradient(model: Transformer, x: np.ndarray, y: np.ndarray) -> tuple[float, Transformer]:
        twin.load_state_dict(state_dict(model))
        twin.zero_grad()
        cost = twin.cost(torch.from_numpy(x), torch.from_numpy(y))
        cost.backward()
        return cost.item(), to_numpy(twin, grads=True)

    return gradient


def run(
    gradient: Gradient,
    initial: Transformer,
    train: np.ndarray,
    validation: np.ndarray,
    seed: int = 0,
) -> tuple[Transformer, list[float], float]:
    """Train `initial`; return the model, its validation loss every 250 steps, and CPU seconds."""
    rng = np.random.default_rng(seed)
    losses: list[float] = []

    def evaluate(model: Transformer) -> None:
        losses.append(average_loss(model, validation))

    began = time.process_time()
    model = training.train(
        initial,
        gradient,
        texts.Windows(train, CONTEXT, BATCH_SIZE, EVERY),
        optimizer=optimizers.Adam(schedules.cosine_schedule(2e-3, STEPS, warmup=100), beta2=0.99),
        epochs=STEPS // EVERY,
        rng=rng,
        after_epoch=evaluate,
    )
    return model, losses, time.process_time() - began


def average_loss(model: Transformer, tokens: np.ndarray) -> float:
    """Return the average loss per token on all of `tokens`, cut into windows of the full context.

    Raises ValueError when there are too few for one window.
    """
    context = len(model.positions)
    windows = (len(tokens) - 1) // context
    if windows < 1:
        raise ValueError(f"{len(tokens)} tokens do not fill a window of {context} and the next one")
    x, y = (tokens[i : i + windows * context].reshape(windows, context) for i in (0, 1))
    parts = [slice(first, first + 128) for first in range(0, windows, 128)]  # to save memory
    sums = [transformer.cost(model, x[part], y[part]) * len(x[part]) for part in parts]
    return sum(sums) / windows


def main(folder: Path) -> None:
    """Train by hand and in PyTorch, with equal initial weights and windows; record both."""
    torch.set_num_threads(1)
    text = texts.shakespeare()
    tokenizer = CharTokenizer.of(text)
    train, validation = (tokenizer.encode(part) for part in texts.split(text))
    rng = np.random.default_rng(1)
    initial = transformer.init_transformer(
        tokenizer.vocab_size, CONTEXT, D_MODEL, N_HEADS, N_LAYERS, rng
    )
    programs = {"by hand": transformer.cost_and_gradient, "PyTorch twin": by_torch(initial)}
    rows, samples = [], []
    for name, gradient in programs.items():
        model, losses, seconds = run(gradient, initial, train, validation)
        for i, loss in enumerate(losses, start=1):
            rows.append({"program": name, "step": i * EVERY, "validation_loss": f"{loss:.4f}"})
        print(f"{name}: {losses[-1]:.4f} nats a character, {seconds:.0f} s", flush=True)
        tokens = generation.generate(
            model, tokenizer.encode("\n"), 400, np.random.default_rng(0), temperature=0.8
        )
        lines = tokenizer.decode(tokens).replace("\n", LINE_END)
        samples.append({"program": name, "text": lines})
    packages = ("numpy", "torch")
    recorded.record(folder / "shakespeare.csv", rows, "make full-data", packages)
    recorded.record(folder / "shakespeare-samples.csv", samples, "make full-data", packages)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
