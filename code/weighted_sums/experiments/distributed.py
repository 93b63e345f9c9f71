"""Data-parallel training: each worker computes the gradient of its rows, then they average.

`torchrun --nproc-per-node 2 -m weighted_sums.experiments.distributed --checkpoint FILE` starts two
processes on this machine. Only the gradient differs from ordinary training: every worker draws the
same batch and computes the gradient of its own rows with the PyTorch twin, and the gradients are
averaged. So all workers take the same step, and their parameters stay equal.
Source: Li et al. (2020).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist

from weighted_sums import optimizers, texts, training, transformer
from weighted_sums.tokens import CharTokenizer
from weighted_sums.torch_twin import TorchTransformer, state_dict, to_numpy
from weighted_sums.transformer import Transformer
from weighted_sums.workshop import checkpoints
from weighted_sums.workshop.parameters import flatten, unflatten

NAME = "weighted_sums.experiments.distributed"


@dataclass(frozen=True)
class WorkerBatches:
    """The rows of each batch that belong to one of several workers."""

    batches: texts.Windows
    worker: int
    workers: int

    def __post_init__(self) -> None:
        if self.batches.batch_size % self.workers:
            raise ValueError(
                f"a batch of {self.batches.batch_size} windows is not divisible by "
                f"{self.workers} workers"
            )

    def epoch(self, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield this worker's rows of each batch; the batches are the same for every worker."""
        for x, y in self.batches.epoch(rng):
            yield x[self.worker :: self.workers], y[self.worker :: self.workers]


@dataclass
class AveragedGradient:
    """Cost and gradient of a batch spread over all workers: {eq}`averaged-gradient`.

    Called as `training.train` calls a gradient. `waited` adds up the seconds of communication.
    """

    twin: TorchTransformer
    waited: float = field(default=0.0, init=False)

    def __call__(
        self, model: Transformer, x: np.ndarray, y: np.ndarray
    ) -> tuple[float, Transformer]:
        """Return the average of the workers' costs and gradients for `model` on their rows."""
        self.twin.load_state_dict(state_dict(model))
        self.twin.zero_grad()
        cost = self.twin.cost(torch.from_numpy(x), torch.from_numpy(y))
        cost.backward()
        grads = to_numpy(self.twin, grads=True)
        # one vector, so that one message carries cost and gradient
        parts = torch.from_numpy(np.append(flatten(grads), np.float32(cost.item())))
        began = time.perf_counter()
        dist.all_reduce(parts)
        self.waited += time.perf_counter() - began
        parts /= dist.get_world_size()
        return float(parts[-1]), unflatten(parts[:-1].numpy(), grads)


def train(
    model: Transformer,
    windows: texts.Windows,
    *,
    learning_rate: float,
    epochs: int,
    seed: int,
    checkpoint: Path,
) -> tuple[Transformer, AveragedGradient, optimizers.Adam]:
    """Train `model` on all workers together; the first one writes the checkpoint.

    Resumes from the checkpoint if it exists. Raises ConnectionError, naming step and file, when
    another worker has stopped.
    """
    worker, workers = dist.get_rank(), dist.get_world_size()
    rng, optimizer = np.random.default_rng(seed), optimizers.Adam(learning_rate)
    gradient = AveragedGradient(TorchTransformer(model))
    # all read the file and one writes it: not before the others have read it and made a step
    done = checkpoints.resume(checkpoint, model, optimizer, rng) if worker else 0
    try:
        model = training.train(
            model,
            gradient,
            WorkerBatches(windows, worker, workers),
            optimizer=optimizer,
            epochs=max(epochs - done, 0),
            rng=rng,
            checkpoint=None if worker else checkpoint,
        )
    except RuntimeError as error:
        raise ConnectionError(
            f"worker {worker} of {workers} stopped after step {optimizer.steps}, because another "
            f"worker is gone. Run again to resume from {checkpoint}. "
            f"({str(error).splitlines()[0]})"
        ) from None
    return model, gradient, optimizer


def main(arguments: list[str]) -> None:
    """Train a small transformer on the default text, on the workers that torchrun has launched."""
    options = _parse(arguments)
    torch.set_num_threads(1)
    if "RANK" not in os.environ:
        sys.exit(f"launch this with: torchrun --nproc-per-node 2 -m {NAME} …")
    signal.signal(signal.SIGTERM, _raise_ended)
    dist.init_process_group("gloo")
    text = texts.default_text()
    tokenizer = CharTokenizer.of(text)
    windows = texts.Windows(tokenizer.encode(text), 64, options.windows, options.steps)
    initial = transformer.init_transformer(
        tokenizer.vocab_size,
        64,
        options.d_model,
        4,
        options.n_layers,
        np.random.default_rng(options.seed),
    )
    began = time.perf_counter()
    try:
        _, gradient, optimizer = train(
            initial, windows, learning_rate=options.learning_rate, epochs=options.epochs,
            seed=options.seed, checkpoint=options.checkpoint,
        )  # fmt: skip
    except ConnectionError as lost:
        sys.exit(str(lost))
    if dist.get_rank() == 0:
        seconds = time.perf_counter() - began
        report = {"workers": dist.get_world_size(), "steps": optimizer.steps, "seconds": seconds}
        print(json.dumps(report | {"waited": gradient.waited, "parameters": flatten(initial).size}))
    dist.destroy_process_group()


def _raise_ended(number: int, frame: Any) -> None:
    # torchrun may notice that a worker died before the others miss its message
    raise RuntimeError("torchrun ended the run")


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=NAME, description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="written every epoch")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--steps", type=int, default=10, help="steps in an epoch")
    parser.add_argument(
        "--windows", type=int, default=12, help="windows in a batch, of all workers"
    )
    parser.add_argument("--d-model", type=int, default=128)
    parser.add_argument("--n-layers", type=int, default=4)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
