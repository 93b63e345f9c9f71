"""A language model of the kind Llama from a folder, as libraries save it: a base model, unrounded.

The folder holds `config.json`, `tokenizer.json` and the weights in one file, `model.safetensors`.
`python -m weighted_sums.pretrained.folders FOLDER` reads one and says what it is.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from weighted_sums.heads import Attention
from weighted_sums.pretrained.headers import NamedArrays
from weighted_sums.pretrained.safetensors import read_safetensors
from weighted_sums.pretrained.smollm import Llama, LlamaBlock
from weighted_sums.pretrained.tokenizers import SPECIAL, ByteLevelBPE
from weighted_sums.variants import SwiGLU

WEIGHTS = "model.safetensors"
NORMAL = 1  # the type of a token that stands for its bytes


def load(folder: Path) -> tuple[Llama, ByteLevelBPE]:
    """Return the model in `folder` and its tokenizer.

    FileNotFoundError names a file that is missing; ValueError says what of the model is not
    supported, and names arrays that are missing or left over.
    """
    config, arrays = _json(folder, "config.json"), read_safetensors(folder / WEIGHTS)
    tokenizer = _tokenizer(_json(folder, "tokenizer.json"))
    return _llama(folder, config, arrays), tokenizer


def about(folder: Path) -> dict[str, str]:
    """Return what recorded tables say about the model: folder, kind of numbers, SHA-256."""
    config = _json(folder, "config.json")
    content = (folder / WEIGHTS).read_bytes()
    kind = config.get("torch_dtype") or config.get("dtype") or "numbers as in the file"
    name = f"{folder.resolve().name}, {kind}"
    return {"model": name, "sha256": hashlib.sha256(content).hexdigest()}


def interleaved(W: Float[np.ndarray, "head d_head d_model"]) -> Float[np.ndarray, "..."]:
    """Bring the rows of queries or keys into the order in which {eq}`rotary` pairs them.

    Libraries rotate coordinate i with i + d/2; this book, like a GGUF file, rotates neighbours.
    """
    first, second = np.split(W, 2, axis=1)
    return np.stack([first, second], axis=2).reshape(W.shape)


def _json(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    if not path.is_file():
        raise FileNotFoundError(f"{folder} has no {name}")
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValueError(f"{path} holds no object")
    return found


def _llama(folder: Path, config: dict[str, Any], arrays: dict[str, np.ndarray]) -> Llama:
    _check(folder, config)
    get = NamedArrays(folder / WEIGHTS, arrays, arrays.keys() - {"lm_head.weight"})
    n_heads = config["num_attention_heads"]
    n_groups = config.get("num_key_value_heads", n_heads)

    def weight(name: str) -> np.ndarray:
        return np.asarray(get(f"model.{name}.weight"), np.float32)

    def block(at: str) -> LlamaBlock:
        gain = weight(f"{at}.input_layernorm")
        counts = {"q": n_heads, "k": n_groups, "v": n_groups}
        W_q, W_k, W_v = (
            weight(f"{at}.self_attn.{name}_proj").reshape(n, -1, gain.size)
            for name, n in counts.items()
        )
        W_o = weight(f"{at}.self_attn.o_proj").reshape(gain.size, n_heads, -1).swapaxes(0, 1)
        mlp = SwiGLU(*(weight(f"{at}.mlp.{name}_proj") for name in ("gate", "up", "down")))
        attention = Attention(interleaved(W_q), interleaved(W_k), W_v, W_o)
        return LlamaBlock(gain, attention, weight(f"{at}.post_attention_layernorm"), mlp)

    blocks = [block(f"layers.{i}") for i in range(config["num_hidden_layers"])]
    model = Llama(
        weight("embed_tokens"), blocks, weight("norm"),
        float(config.get("rope_theta", 10_000.0)), float(config.get("rms_norm_eps", 1e-6)),
    )  # fmt: skip
    get.check_all_used()
    return model


def _check(folder: Path, config: dict[str, Any]) -> None:
    """Refuse what this book's Llama would compute differently."""
    needed = ("num_attention_heads", "num_hidden_layers")
    if missing := [key for key in needed if key not in config]:
        raise ValueError(f"{folder / 'config.json'} lacks {', '.join(missing)}")
    wanted = {
        "model_type": "llama", "tie_word_embeddings": True, "hidden_act": "silu",
        "rope_scaling": None, "attention_bias": False, "mlp_bias": False,
    }  # fmt: skip
    for key, value in wanted.items():
        if (found := config.get(key, value)) != value:
            raise ValueError(f"{folder / 'config.json'}: {key} is {found!r}; only {value!r} works")


def _tokenizer(found: dict[str, Any]) -> ByteLevelBPE:
    model = found.get("model", {})
    if model.get("type") != "BPE":
        raise ValueError(f"the tokenizer is of kind {model.get('type')!r}, not 'BPE'")
    special = {one["content"]: one["id"] for one in found.get("added_tokens", [])}
    ids = {**model["vocab"], **special}
    tokens = sorted(ids, key=lambda token: ids[token])
    if [ids[token] for token in tokens] != list(range(len(tokens))):
        raise ValueError("the ids of the tokens are not 0, 1, 2, …")
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    return ByteLevelBPE(tokens, merges, [SPECIAL if t in special else NORMAL for t in tokens])


def main(folder: Path) -> None:
    """Read a model, and say what it is."""
    model, tokenizer = load(folder)
    notes = about(folder)
    print(f"{notes['model']}: {len(model.blocks)} layers, {len(tokenizer.tokens):,} tokens")
    print(f"sha256 {notes['sha256']}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
