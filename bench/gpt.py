"""A training step of a transformer: forward, backward and Adam, by hand and in PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch

from bench.pairs import OURS, Case, Growth, Programs
from weighted_sums import optimizers, transformer
from weighted_sums.torch_twin import TorchTransformer
from weighted_sums.workshop.parameters import leaves

SETTING = {"width": 128, "windows": 12}  # nanoGPT's for machines without a graphics card
RATE = 1e-3


class Work(NamedTuple):
    """A model with all that a step of training needs."""

    model: transformer.Transformer
    x: np.ndarray
    y: np.ndarray


def work(width: int, windows: int, context: int = 64, layers: int = 4, heads: int = 4) -> Work:
    """A transformer of 65 tokens at its start, and random windows to learn."""
    rng = np.random.default_rng(0)
    model = transformer.init_transformer(65, context, width, heads, layers, rng)
    return Work(model, *rng.integers(65, size=(2, windows, context)))


def programs(**setting: int) -> Programs:
    """The same step of the same model in the two programs; each returns the cost before it."""
    todo = work(**setting)
    gradient, step = in_torch(todo)

    def theirs() -> float:
        cost = gradient()
        step()
        return cost

    return {OURS: by_hand(todo), "PyTorch": theirs}


def adam_step(adam: optimizers.Adam, parameters: list, grads: list) -> None:
    """Ours; a function of its own, so that it can be timed apart."""
    adam.step(parameters, grads)


def by_hand(todo: Work, update: Callable = adam_step) -> Callable[[], float]:
    """Our step, as `training.train` takes it."""
    adam, parameters = optimizers.Adam(RATE), leaves(todo.model)

    def step() -> float:
        cost, grads = transformer.cost_and_gradient(*todo)
        update(adam, parameters, leaves(grads))
        return cost

    return step


def in_torch(todo: Work) -> tuple[Callable[[], float], Callable[[], None]]:
    """The two halves of PyTorch's step: the gradient, which returns the cost, and the update."""
    twin, x, y = TorchTransformer(todo.model), torch.from_numpy(todo.x), torch.from_numpy(todo.y)
    adam = torch.optim.AdamW(twin.parameters(), lr=RATE, weight_decay=0.0)

    def gradient() -> float:
        adam.zero_grad()
        cost = twin.cost(x, y)
        cost.backward()
        return cost.item()

    return gradient, adam.step


STEP = Case(
    name="GPT step",
    programs=programs,
    settings=[
        SETTING,
        *({"width": width, "windows": 12} for width in (32, 64, 256)),
        *({"width": 128, "windows": windows} for windows in (3, 6, 24)),
    ],
    main=[SETTING],
    tiny={"width": 8, "windows": 2, "context": 6, "layers": 1, "heads": 2},
    growth=(Growth("width", {"windows": 12}), Growth("windows", {"width": 128})),
    tolerance=1e-5,
)
