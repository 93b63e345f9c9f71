"""Newer parts of a transformer, exchanged one at a time, and what rounding its weights costs.

`python -m weighted_sums.experiments.modern_parts FOLDER` trains every design of `DESIGNS` with
five seeds, each at its own best learning rate, and writes two tables to FOLDER, a quarter of an
hour: the losses of all runs, and the loss of one design with its weights rounded to fewer and fewer
bits. Learning rates are chosen on the first half of the held-out text, and losses are measured on
the second.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from weighted_sums import mixtures, modern, optimizers, quantisation, schedules, texts, training
from weighted_sums.modern import Design, ModernTransformer
from weighted_sums.modern_blocks import after_attention, block_forward, norm_forward
from weighted_sums.tokens import CharTokenizer
from weighted_sums.workshop import recorded
from weighted_sums.workshop.parameters import leaves

CONTEXT, BATCH_SIZE, STEPS = 64, 8, 500
RATES = (3e-3, 1e-2, 2e-2)
SEEDS = (0, 1, 2, 3, 4)
DESIGNS: dict[str, dict[str, Any]] = {
    "base": {},
    "layer norm": {"norm": "layer"},
    "GELU": {"feed_forward": "gelu", "neurons": 256},
    "2 groups": {"n_groups": 2},
    "1 group": {"n_groups": 1},
    "4 experts": {"feed_forward": "mixture", "n_experts": 4},
    "4 experts, unbalanced": {"feed_forward": "mixture", "n_experts": 4},
    "4 times as wide": {"neurons": 684},
}
BALANCE = 0.01
FINE_TUNED = 150  # more steps, with the weights rounded in the forward pass or not
BITS = (8, 4, 3, 2)
COMMAND = "make modern-parts"

Parts = tuple[np.ndarray, np.ndarray, np.ndarray]  # training, validation and test tokens


def measure(model: ModernTransformer, tokens: np.ndarray) -> float:
    """Return the average loss of `model` on all of `tokens`, cut into windows."""
    n = (len(tokens) - 1) // CONTEXT
    x, y = (tokens[i : i + n * CONTEXT].reshape(n, CONTEXT) for i in (0, 1))
    parts = np.array_split(np.arange(n), -(-n // 128))
    return sum(modern.cost(model, x[part], y[part]) * len(part) for part in parts) / n


def fit(
    model: ModernTransformer, tokens: np.ndarray, gradient: Any, rate: float, steps: int, seed: int
) -> ModernTransformer:
    """Train `model` for so many steps, with a cosine schedule."""
    return training.train(
        model,
        gradient,
        texts.Windows(tokens, CONTEXT, BATCH_SIZE, steps),
        optimizer=optimizers.Adam(
            schedules.cosine_schedule(rate, steps, warmup=steps // 20), beta2=0.99
        ),
        epochs=1,
        rng=np.random.default_rng([seed, 1]),
    )


def trained(name: str, vocab_size: int, tokens: np.ndarray, rate: float, seed: int) -> Any:
    """Train the design of that name from its initial weights."""
    balance = 0.0 if "unbalanced" in name else BALANCE
    initial = modern.init(Design(vocab_size, **DESIGNS[name]), np.random.default_rng(seed))
    gradient = partial(modern.cost_and_gradient, balance=balance)
    return fit(initial, tokens, gradient, rate, STEPS, seed)


def busiest(model: ModernTransformer, tokens: np.ndarray) -> float:
    """Return the largest fraction of the tokens that one expert gets, over the layers; else 1."""
    x = model.embedding[tokens[: 64 * CONTEXT].reshape(64, CONTEXT)]
    loads = []
    for block in model.blocks:
        layer = block.feed_forward
        if isinstance(layer, mixtures.Experts):
            normed = norm_forward(after_attention(x, block), block.norm_2)
            cache = mixtures.mixture(normed, layer)[1]
            loads.append(mixtures.load(cache).max())
        x = block_forward(x, block)[0]
    return float(max(loads, default=1.0))


def active(model: ModernTransformer) -> tuple[int, int]:
    """Return the parameters in matrices, all of them and those that one token uses."""
    total = sum(p.size for p in leaves(model)) - model.embedding.size
    spared = sum(
        mixtures.total_parameters(layer) - mixtures.active_parameters(layer, 1)
        for layer in (block.feed_forward for block in model.blocks)
        if isinstance(layer, mixtures.Experts)
    )
    return total, total - spared


def compare(name: str, vocab_size: int, parts: Parts) -> list[dict[str, Any]]:
    """Return a row for every seed of a design at the learning rate that validates best."""
    train, validation, test = parts
    tuned = {
        rate: measure(trained(name, vocab_size, train, rate, SEEDS[0]), validation)
        for rate in RATES
    }
    rate = min(tuned, key=lambda each: tuned[each])
    print(name, {each: round(loss, 4) for each, loss in tuned.items()}, flush=True)
    rows = []
    for seed in SEEDS:
        model = trained(name, vocab_size, train, rate, seed)
        total, used = active(model)
        rows.append({
            "design": name, "learning_rate": rate, "seed": seed, "parameters": total,
            "active": used, "test_loss": f"{measure(model, test):.4f}",
            "busiest": f"{busiest(model, test):.3f}",
        })  # fmt: skip
        print(rows[-1], flush=True)
    return rows


def rounding(vocab_size: int, parts: Parts, rate: float) -> list[dict[str, Any]]:
    """Return the test loss of rounded weights: in blocks, in one block, and trained through."""
    train, _, test = parts
    rows = []
    for seed in SEEDS[:3]:
        model = trained("base", vocab_size, train, rate, seed)
        longer = fit(model, train, modern.cost_and_gradient, rate / 4, FINE_TUNED, seed)
        for bits in BITS:
            through = quantisation.straight_through(modern.cost_and_gradient, bits)
            aware = fit(model, train, through, rate / 4, FINE_TUNED, seed)
            models = {
                "exact": longer,
                "one block": quantisation.rounded(longer, bits, 0),
                "blocks of 32": quantisation.rounded(longer, bits),
                "trained through": quantisation.rounded(aware, bits),
            }
            losses = {kind: f"{measure(each, test):.4f}" for kind, each in models.items()}
            rows.append({"bits": bits, "seed": seed, **losses})
            print(rows[-1], flush=True)
    return rows


def main(folder: Path) -> None:
    """Train all designs on the help pages and record their losses."""
    text = texts.default_text()
    tokenizer = CharTokenizer.of(text)
    train, held_out = (tokenizer.encode(part) for part in texts.split(text))
    middle = len(held_out) // 2
    parts = train, held_out[:middle], held_out[middle:]
    rows = [row for name in DESIGNS for row in compare(name, tokenizer.vocab_size, parts)]
    about = {
        "model": f"2 layers, 4 heads, d_model 64, context {CONTEXT}, RMS norm and SwiGLU",
        "training": f"{STEPS} steps of {BATCH_SIZE * CONTEXT} characters",
    }
    recorded.record(folder / "modern-parts.csv", rows, COMMAND, about=about)
    rounded = rounding(tokenizer.vocab_size, parts, rows[0]["learning_rate"])
    recorded.record(folder / "modern-rounded.csv", rounded, COMMAND, about=about)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
