"""What a training step of the GPT is made of: matrix products, and the rest by name.

Ours is taken apart by a stopwatch: every matrix product and the functions below start a part and go
back to the one around it, so the parts add up to the step. PyTorch's operations are added up by its
own profiler. Its fused kernel holds products and softmax together, and is a part of its own.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import numpy as np
import torch

from bench import gpt
from bench.pairs import OURS, significant
from weighted_sums import blocks, dot_product, transformer
from weighted_sums.workshop.parameters import leaves, rebuild

PRODUCTS, NORM, GELU, SOFTMAX = "matrix products", "layer norm", "GELU", "softmax and mask"
ADAM, FUSED, REST = "Adam", "fused attention", "the rest"
FUNCTIONS = {
    (blocks, "layer_norm"): NORM,
    (blocks, "layer_norm_backward"): NORM,
    (transformer, "layer_norm"): NORM,
    (transformer, "layer_norm_backward"): NORM,
    (blocks, "gelu_gate"): GELU,
    (blocks, "gelu_derivative"): GELU,
    (dot_product, "attention_weights"): SOFTMAX,
    (dot_product, "softmax_backward"): SOFTMAX,
    (transformer, "softmax"): SOFTMAX,
}
OPERATIONS = {
    PRODUCTS: ("aten::mm", "aten::addmm", "aten::bmm"),
    NORM: ("aten::native_layer_norm", "aten::native_layer_norm_backward"),
    GELU: ("aten::gelu", "aten::gelu_backward"),
    FUSED: tuple(
        f"aten::_scaled_dot_product_flash_attention_for_cpu{end}" for end in ("", "_backward")
    ),
    SOFTMAX: ("aten::_log_softmax", "aten::_log_softmax_backward_data"),
}


class Stopwatch:
    """Seconds of the processor by part, where a part stands still while one inside it runs."""

    def __init__(self) -> None:
        """Begin with nothing spent."""
        self.spent: dict[str, float] = defaultdict(float)
        self._open: list[str] = []
        self._since = 0.0

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Spend what runs inside on the part `name`."""
        self._book()
        self._open.append(name)
        try:
            yield
        finally:
            self._book()
            self._open.pop()

    def _book(self) -> None:
        now = time.process_time()
        if self._open:
            self.spent[self._open[-1]] += now - self._since
        self._since = now

    def timed(self, name: str, function: Callable) -> Callable:
        """The same function, its time spent on `name`."""

        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            with self.part(name):
                return function(*args, **kwargs)

        return run


class Watched(np.ndarray):
    """An array whose matrix products are timed, as are those of all that is computed from it."""

    watch: Stopwatch

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        """Compute with plain arrays, a product inside of its part."""
        if out is not None:
            options["out"] = tuple(_plain(a) for a in out)
        run, inputs = getattr(ufunc, method), [_plain(a) for a in inputs]
        if ufunc is np.matmul:
            run = self.watch.timed(PRODUCTS, run)
        result = run(*inputs, **options)
        return result.view(Watched) if isinstance(result, np.ndarray) else result


def _plain(a: Any) -> Any:
    return a.view(np.ndarray) if isinstance(a, Watched) else a


def ours(rounds: int, **setting: int) -> dict[str, float]:
    """Milliseconds of each part of our step, the mean over `rounds` steps."""
    todo = gpt.work(**setting)
    watch = Watched.watch = Stopwatch()
    model = rebuild((leaf.view(Watched) for leaf in leaves(todo.model)), todo.model)
    with contextlib.ExitStack() as stack:
        for (module, name), part in FUNCTIONS.items():
            timed = watch.timed(part, getattr(module, name))
            stack.enter_context(patch.object(module, name, timed))
        step = gpt.by_hand(todo._replace(model=model), watch.timed(ADAM, gpt.adam_step))
        step()
        watch.spent.clear()
        for _ in range(rounds):
            with watch.part(REST):
                step()
    return {name: 1e3 * spent / rounds for name, spent in watch.spent.items()}


def theirs(rounds: int, **setting: int) -> dict[str, float]:
    """Milliseconds of each part of PyTorch's step, the mean over `rounds` steps."""
    gradient, step = gpt.in_torch(gpt.work(**setting))
    gradient(), step()
    names = {operation: part for part, own in OPERATIONS.items() for operation in own}
    found: dict[str, float] = defaultdict(float)
    for _ in range(rounds):
        for run, part in ((gradient, None), (step, ADAM)):
            with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as seen:
                run()
            for row in seen.key_averages():
                found[part or names.get(row.key, REST)] += row.self_cpu_time_total / 1e3 / rounds
    return dict(found)


def parts(rounds: int, setting: dict[str, int] = gpt.SETTING) -> list[dict[str, Any]]:
    """A row for each part of each program: milliseconds, and its fraction of the step."""
    rows = []
    for program, times in ((OURS, ours(rounds, **setting)), ("PyTorch", theirs(rounds, **setting))):
        whole = sum(times.values())
        for part, spent in sorted(times.items(), key=lambda item: -item[1]):
            row = {"program": program, "part": part, "milliseconds": significant(spent)}
            rows.append(row | {"fraction": round(spent / whole, 4)})
    return rows
