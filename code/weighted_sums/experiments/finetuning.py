"""A small GPT becomes an assistant: all parameters or adapters, with the mask and without.

`python -m weighted_sums.experiments.finetuning FOLDER` pretrains five models on the help pages of
Python and on lists of names, fine-tunes each in every way at every learning rate, and records for
each run how many requests about new words are answered correctly and what the model forgot of its
pretraining text. The chapter runs some of them with the same functions.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from weighted_sums import chats, lora, optimizers, schedules, texts, training, transformer
from weighted_sums.chats import Chats, ChatTemplate, Pair
from weighted_sums.transformer import Transformer
from weighted_sums.workshop import recorded
from weighted_sums.workshop.parameters import leaves

CONTEXT, D_MODEL, N_HEADS, N_LAYERS = 48, 64, 4, 2
BATCH_SIZE, BASE_STEPS, BASE_RATE = 16, 1000, 6e-3
LISTS = 10  # invented names after each paragraph
LETTERS = list("abcdefghijklmnopqrstuvwxyz")
CHATS, STEPS = 32, 150
SEEDS = range(5)
RATES = {"full": (3e-3, 1e-2, 3e-2), "LoRA": (1e-2, 3e-2, 1e-1)}
WAYS = (("full", None, True), ("full", None, False), *(("LoRA", rank, True) for rank in (1, 4, 16)))
COMMAND = "make finetuning"


class Parts(NamedTuple):
    """The chats to train on, those that choose a learning rate, and those that no run has used."""

    train: list[Pair]
    validation: list[Pair]
    test: list[Pair]


def conversations(text: str, seed: int = 0, held_out: int = 100) -> Parts:
    """Ask for each short word of `text` to be shouted and echoed; divide the words, not the pairs.

    So no word of the validation or the test pairs occurs in a chat to train on.
    """
    words = sorted(set(re.findall(r"\b[a-z]{3,5}\b", text)))
    np.random.default_rng(seed).shuffle(words)
    parts = words[2 * held_out :], words[:held_out], words[held_out : 2 * held_out]
    return Parts(*([pair for word in part for pair in _asked(word)] for part in parts))


def _asked(word: str) -> list[Pair]:
    return [(f"shout {word}", word.upper()), (f"echo {word}", word)]


def optimizer(learning_rate: float, steps: int) -> optimizers.Adam:
    """Adam with a short warm-up and a cosine, as every run here uses it."""
    schedule = schedules.cosine_schedule(learning_rate, steps, warmup=min(50, steps // 10))
    return optimizers.Adam(schedule, beta2=0.99)


def pretraining_text(text: str, seed: int = 1) -> str:
    """Return `text` with lists between its paragraphs: "xyz XYZ xyz", for invented names.

    Large texts hold lists of all kinds. From these the model can learn to copy and to capitalise.
    """
    rng, found = np.random.default_rng(seed), []
    for paragraph in text.split("\n\n"):
        found.append(paragraph)
        for _ in range(LISTS):
            name = "".join(rng.choice(LETTERS, rng.integers(3, 6)))
            found.append(f"{name} {name.upper()} {name}")
    return "\n\n".join(found)


def base_model(
    template: ChatTemplate, text: str, seed: int, steps: int = BASE_STEPS
) -> Transformer:
    """Pretrain a small GPT to continue `text`."""
    rng = np.random.default_rng(seed)
    sizes = template.vocab_size, CONTEXT, D_MODEL, N_HEADS, N_LAYERS
    return training.train(
        transformer.init_transformer(*sizes, rng),
        transformer.cost_and_gradient,
        texts.Windows(template.documents(text), CONTEXT, BATCH_SIZE, steps),
        optimizer=optimizer(BASE_RATE, steps),
        epochs=1,
        rng=rng,
    )


def text_loss(model: Transformer, tokens: np.ndarray, windows: int = 400) -> float:
    """Return the loss on the first `windows` windows of a text, in nats per token."""
    rows = min(windows, (len(tokens) - 1) // CONTEXT)
    end = rows * CONTEXT
    x, y = tokens[:end].reshape(rows, -1), tokens[1 : end + 1].reshape(rows, -1)
    return transformer.cost(model, x, y)


def fine_tune(
    base: Transformer, data: Chats, learning_rate: float, seed: int, rank: int | None = None
) -> Transformer:
    """Return `base`, fine-tuned on chats: all parameters, or adapters of this rank, merged."""
    rng = np.random.default_rng(seed)
    settings: dict[str, Any] = {
        "optimizer": optimizer(learning_rate, len(data)), "epochs": 1, "rng": rng
    }  # fmt: skip
    if rank is None:
        return training.train(base, transformer.cost_and_gradient, data, **settings)

    def gradient(adapters: Sequence[lora.Adapter], x: np.ndarray, y: np.ndarray) -> Any:
        return lora.cost_and_gradient(base, adapters, x, y)

    start = lora.init_adapters(base, rank, rng)
    return lora.merge(base, training.train(start, gradient, data, **settings))


def trained_parameters(base: Transformer, rank: int | None) -> int:
    """Return how many numbers fine-tuning changes."""
    if rank is None:
        return sum(p.size for p in leaves(base))
    return sum(p.size for p in leaves(lora.init_adapters(base, rank, np.random.default_rng(0))))


def runs(
    base: Transformer, template: ChatTemplate, parts: Parts, held_out: np.ndarray, seed: int
) -> list[dict[str, Any]]:
    """Return a row for each way of fine-tuning `base` and each learning rate."""
    rows = []
    for way, rank, masked in WAYS:
        for rate in RATES[way]:
            data = Chats(template, parts.train, CHATS, STEPS, masked)
            model = fine_tune(base, data, rate, seed, rank)
            right = [chats.exact_match(model, template, p).mean() for p in parts[1:]]
            rows.append({
                "way": way, "rank": 0 if rank is None else rank, "masked": int(masked),
                "learning_rate": rate, "seed": seed,
                "parameters": trained_parameters(base, rank),
                "validation": f"{right[0]:.4f}", "test": f"{right[1]:.4f}",
                "text_before": f"{text_loss(base, held_out):.4f}",
                "text_after": f"{text_loss(model, held_out):.4f}",
            })  # fmt: skip
            print(rows[-1], flush=True)
    return rows


def best_runs(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the runs of each way at the learning rate that is best for it on validation words."""
    found = {}
    for way, rank, masked in WAYS:
        name = f"LoRA, rank {rank}" if rank else "all parameters" if masked else "without mask"
        mine = [r for r in rows if (r["rank"], r["masked"]) == (rank or 0, masked)]

        def right(rate: float, mine: Sequence[dict[str, Any]] = mine) -> float:
            return float(np.mean([r["validation"] for r in mine if r["learning_rate"] == rate]))

        best = max(RATES[way], key=right)
        found[name] = [r for r in mine if r["learning_rate"] == best]
    return found


def main(folder: Path) -> None:
    """Pretrain, fine-tune in every way, and record all runs."""
    text = texts.default_text()
    template, parts = ChatTemplate("".join(sorted(set(text)))), conversations(text)
    train, held_out = texts.split(text)
    train = pretraining_text(train)
    rows = []
    for seed in SEEDS:
        base = base_model(template, train, seed, BASE_STEPS)
        rows += runs(base, template, parts, template.documents(held_out), seed)
    about = {"steps": f"{BASE_STEPS} of pretraining, {STEPS} of fine-tuning"}
    recorded.record(folder / "finetuning.csv", rows, COMMAND, about=about)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
