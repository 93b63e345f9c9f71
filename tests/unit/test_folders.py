"""A model saved as libraries save it is read, and computes what their own formulas give."""

import json

import numpy as np
import pytest
import weight_writers

from weighted_sums.pretrained import folders, smollm
from weighted_sums.softmax import softmax

D, HEADS, GROUPS, D_HEAD, NEURONS, LAYERS = 8, 4, 2, 4, 6, 2
BASE, EPS = 50.0, 1e-5
VOCABULARY = {"a": 0, "b": 1, "Ġ": 2, "ab": 3, "c": 4}
CONFIG = {
    "model_type": "llama", "num_attention_heads": HEADS, "num_key_value_heads": GROUPS,
    "num_hidden_layers": LAYERS, "rope_theta": BASE, "rms_norm_eps": EPS,
    "tie_word_embeddings": True, "hidden_act": "silu", "torch_dtype": "float32",
}  # fmt: skip
TOKENIZER = {
    "model": {"type": "BPE", "vocab": VOCABULARY, "merges": ["a b"]},
    "added_tokens": [{"id": 5, "content": "cc"}],
}


def weights():
    rng = np.random.default_rng(0)
    shapes = {"model.embed_tokens": (6, D), "model.norm": (D,)}
    for i in range(LAYERS):
        at = f"model.layers.{i}"
        shapes |= {
            f"{at}.input_layernorm": (D,), f"{at}.post_attention_layernorm": (D,),
            f"{at}.self_attn.q_proj": (HEADS * D_HEAD, D),
            f"{at}.self_attn.k_proj": (GROUPS * D_HEAD, D),
            f"{at}.self_attn.v_proj": (GROUPS * D_HEAD, D),
            f"{at}.self_attn.o_proj": (D, HEADS * D_HEAD),
            f"{at}.mlp.gate_proj": (NEURONS, D), f"{at}.mlp.up_proj": (NEURONS, D),
            f"{at}.mlp.down_proj": (D, NEURONS),
        }  # fmt: skip
    return {f"{name}.weight": rng.normal(size=s).astype("<f4") for name, s in shapes.items()}


def saved(folder, config=CONFIG, arrays=None, tokenizer=TOKENIZER):
    arrays = weights() if arrays is None else arrays
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    # the writer of these files overwrites what is said of an array "a": here of nothing
    content = weight_writers.safetensors({"a": np.zeros(1, "<f4"), **arrays})
    (folder / "model.safetensors").write_bytes(content)
    return folder


def without_a(monkeypatch):
    """Leave out the array that the writer asks for."""
    read = folders.read_safetensors
    monkeypatch.setattr(
        folders, "read_safetensors", lambda path: {k: v for k, v in read(path).items() if k != "a"}
    )


def rms(x, gain):
    return gain * x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + EPS)


def half_rotated(x):
    """The libraries' own rotation: coordinate i with i + d/2."""
    angles = np.arange(len(x))[:, None] * BASE ** (-np.arange(0, D_HEAD, 2) / D_HEAD)
    cos, sin = (np.concatenate([f(angles)] * 2, axis=1) for f in (np.cos, np.sin))
    first, second = np.split(x, 2, axis=1)
    return x * cos + np.concatenate([-second, first], axis=1) * sin


def logits(arrays, tokens):
    """The whole model, written out from the libraries' formulas."""
    get = {name.removesuffix(".weight"): a.astype(float) for name, a in arrays.items()}
    x, mask = get["model.embed_tokens"][tokens], np.tril(np.ones((len(tokens),) * 2, bool))
    for i in range(LAYERS):
        at = f"model.layers.{i}"
        normed = rms(x, get[f"{at}.input_layernorm"])
        q, k, v = (
            np.split(normed @ get[f"{at}.self_attn.{name}_proj"].T, n, axis=1)
            for name, n in (("q", HEADS), ("k", GROUPS), ("v", GROUPS))
        )
        outputs = []
        for h in range(HEADS):
            group = h // (HEADS // GROUPS)
            scores = half_rotated(q[h]) @ half_rotated(k[group]).T / np.sqrt(D_HEAD)
            outputs.append(softmax(np.where(mask, scores, -np.inf)) @ v[group])
        x = x + np.concatenate(outputs, axis=1) @ get[f"{at}.self_attn.o_proj"].T
        normed = rms(x, get[f"{at}.post_attention_layernorm"])
        gate, up = (normed @ get[f"{at}.mlp.{name}_proj"].T for name in ("gate", "up"))
        x = x + (gate / (1 + np.exp(-gate)) * up) @ get[f"{at}.mlp.down_proj"].T
    return rms(x, get["model.norm"]) @ get["model.embed_tokens"].T


def test_the_logits_are_those_of_the_libraries_formulas(tmp_path, monkeypatch):
    without_a(monkeypatch)
    model, _ = folders.load(saved(tmp_path))
    tokens = np.array([3, 1, 4, 1, 5, 0, 2])
    found = smollm.logits(model, tokens)
    np.testing.assert_allclose(found, logits(weights(), tokens), rtol=1e-3, atol=1e-3)


def test_the_tokenizer_merges_and_knows_its_special_tokens(tmp_path, monkeypatch):
    without_a(monkeypatch)
    _, tokenizer = folders.load(saved(tmp_path))
    assert tokenizer.encode("ab c").tolist() == [3, 2, 4]
    assert tokenizer.encode("acc", specials=True).tolist() == [0, 5]
    assert tokenizer.decode([3, 2, 4]) == "ab c"


def test_a_table_says_which_folder_it_was_made_with(tmp_path):
    (folder := tmp_path / "Base-1M").mkdir()
    found = folders.about(saved(folder))
    assert found["model"] == "Base-1M, float32" and len(found["sha256"]) == 64


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model_type": "gpt2"}, "model_type is 'gpt2'; only 'llama' works"),
        ({"tie_word_embeddings": False}, "tie_word_embeddings is False"),
        ({"rope_scaling": {"factor": 2}}, "rope_scaling is"),
    ],
)
def test_another_architecture_is_refused(tmp_path, monkeypatch, changes, words):
    without_a(monkeypatch)
    with pytest.raises(ValueError, match=words):
        folders.load(saved(tmp_path, {**CONFIG, **changes}))


def test_what_is_missing_or_left_over_is_named(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"has no config\.json"):
        folders.load(tmp_path)
    with pytest.raises(ValueError, match="'?a'?"):
        folders.load(saved(tmp_path))  # the array that belongs to no part
    without_a(monkeypatch)
    arrays = weights()
    del arrays["model.norm.weight"]
    with pytest.raises(ValueError, match=r"model\.norm\.weight"):
        folders.load(saved(tmp_path, arrays=arrays))
    with pytest.raises(ValueError, match="not 'BPE'"):
        folders.load(saved(tmp_path, tokenizer={"model": {"type": "Unigram"}}))
    config = {k: v for k, v in CONFIG.items() if k != "num_hidden_layers"}
    with pytest.raises(ValueError, match="lacks num_hidden_layers"):
        folders.load(saved(tmp_path, config))
