"""How far our forward passes of the two pretrained models are from those of `transformers`.

`python bench/agreement.py FILE` needs the models (`make models`), torch, and transformers with
accelerate and gguf; it writes the largest differences to FILE.
"""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModel, AutoModelForCausalLM

from weighted_sums.pretrained import minilm, models, smollm
from weighted_sums.workshop import recorded

TEXTS = (
    "The capital of France is",
    "Once upon a time, there were three bears who lived in a house in the woods.",
    "def add(a, b):\n    return a + b\n",
)


def difference(ours: np.ndarray, theirs: torch.Tensor) -> float:
    """Return the largest difference of two arrays."""
    return float(np.abs(ours - theirs[0].numpy()).max())


def smollm_difference() -> float:
    """Return the largest difference of a logit."""
    model, tokenizer = models.load_smollm2()
    path = models.verified_path(models.SMOLLM2)
    other = AutoModelForCausalLM.from_pretrained(
        path.parent, gguf_file=path.name, dtype=torch.float32
    )
    tokens = [tokenizer.encode(text) for text in TEXTS]
    return max(
        difference(smollm.logits(model, t), other(torch.tensor(t[None])).logits) for t in tokens
    )


def minilm_difference() -> float:
    """Return the largest difference of a number in the last hidden state."""
    model, tokenizer = models.load_minilm()
    other = AutoModel.from_pretrained(models.verified_path(models.MINILM).parent)
    tokens = [tokenizer.encode(text) for text in TEXTS]
    return max(
        difference(
            minilm.hidden_states(model, t).streams[-1],
            other(torch.tensor(t[None])).last_hidden_state,
        )
        for t in tokens
    )


def main(path: Path) -> None:
    """Compare both and record the differences."""
    with torch.inference_mode():
        found = {"SmolLM2": smollm_difference(), "MiniLM": minilm_difference()}
    rows = [{"model": name, "largest_difference": f"{x:.2e}"} for name, x in found.items()]
    large, small = models.SMOLLM2.about, models.MINILM.about
    about = {key: f"{large[key]}; {small[key]}" for key in large}
    about["against"] = f"transformers {importlib.metadata.version('transformers')}"
    recorded.record(path, rows, "python bench/agreement.py", ("numpy", "torch"), about)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
