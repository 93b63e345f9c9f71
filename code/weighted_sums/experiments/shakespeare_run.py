"""The larger run: nanoGPT's CPU setting on Shakespeare, by hand and in PyTorch, some ten minutes.

`python -m weighted_sums.experiments.shakespeare_run FOLDER` trains both and writes what they cost
by step, and what they write, to two tables in FOLDER. Setting: Karpathy (2022), nanoGPT's
`train_shakespeare_char` for a CPU: batches of 12 windows of 64 characters, four layers of four
heads, width 128, 2,000 steps.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from weighted_sums import generation, optimizers, schedules, texts, training, transformer
from weighted_sums.tokens import CharTokenizer
from weighted_sums.torch_twin import TorchTransformer, state, to_numpy
from weighted_sums.transformer import Transformer
from weighted_sums.workshop import recorded

CONTEXT, SIZE, STEPS, EVERY = 64, 12, 2000, 250
LINE_END = "⏎"  # a recorded table has a row in each line


def by_torch(model: Transformer) -> Callable[..., tuple[float, Transformer]]:
    """Make a gradient for `training.train` that the PyTorch twin works out."""
    twin = TorchTransformer(model)

    def gradient(model: Transformer, x: np.ndarray, y: np.ndarray) -> tuple[float, Transformer]:
        twin.load_state_dict(state(model))
        twin.zero_grad()
        cost = twin.cost(torch.from_numpy(x), torch.from_numpy(y))
        cost.backward()
        return cost.item(), to_numpy(twin, grads=True)

    return gradient


def run(
    gradient: Callable[..., tuple[float, Any]],
    start: Transformer,
    train: np.ndarray,
    held_out: np.ndarray,
    seed: int = 0,
) -> tuple[Transformer, list[float], float]:
    """Train from `start`; return the model, its held-out cost every 250 steps, and the seconds."""
    rng, costs = np.random.default_rng(seed), []

    def examine(model: Transformer) -> None:
        costs.append(examined(model, held_out))

    began = time.process_time()
    model = training.train(
        start,
        gradient,
        texts.Windows(train, CONTEXT, SIZE, EVERY),
        optimizer=optimizers.Adam(schedules.cosine_schedule(2e-3, STEPS, warmup=100), beta2=0.99),
        epochs=STEPS // EVERY,
        rng=rng,
        after_epoch=examine,
    )
    return model, costs, time.process_time() - began


def examined(model: Transformer, tokens: np.ndarray) -> float:
    """Average cost a token on all of `tokens`, cut into windows of the model's context.

    Raises ValueError when they do not fill one.
    """
    context = len(model.positions)
    windows = (len(tokens) - 1) // context
    if windows < 1:
        raise ValueError(f"{len(tokens)} tokens do not fill a window of {context} and the next one")
    x, y = (tokens[i : i + windows * context].reshape(windows, context) for i in (0, 1))
    parts = [slice(start, start + 128) for start in range(0, windows, 128)]  # to save memory
    sums = [transformer.cost(model, x[part], y[part]) * len(x[part]) for part in parts]
    return sum(sums) / windows


def main(folder: Path) -> None:
    """Train by hand and in PyTorch from the same start on the same windows, and record both."""
    torch.set_num_threads(1)
    text = texts.shakespeare()
    letters = CharTokenizer.of(text)
    train, held_out = (letters.encode(part) for part in texts.split(text))
    start = transformer.init_transformer(
        letters.vocabulary, CONTEXT, 128, 4, 4, np.random.default_rng(1)
    )
    rows, samples = [], []
    for name, gradient in (
        ("by hand", transformer.cost_and_gradient),
        ("PyTorch twin", by_torch(start)),
    ):
        model, costs, seconds = run(gradient, start, train, held_out)
        for i, cost in enumerate(costs):
            step = (i + 1) * EVERY
            rows.append({"program": name, "step": step, "held_out": f"{cost:.4f}"})
        print(f"{name}: {costs[-1]:.4f} nats a character, {seconds:.0f} s", flush=True)
        tokens = generation.generate(
            model, letters.encode("\n"), 400, np.random.default_rng(0), temperature=0.8
        )
        lines = letters.decode(tokens).replace("\n", LINE_END)
        samples.append({"program": name, "text": lines})
    packages = ("numpy", "torch")
    recorded.record(folder / "shakespeare.csv", rows, "make full-data", packages)
    recorded.record(folder / "shakespeare-samples.csv", samples, "make full-data", packages)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
