"""MiniLM's architecture computes what PyTorch's encoder does with the same weights."""

from itertools import product

import numpy as np
import pytest
import torch

from weighted_sums.pretrained import minilm

TOKENS, CONTEXT, D_MODEL, NEURONS, LAYERS, POSITIONS = 13, 9, 24, 31, 2, 7


@pytest.fixture
def arrays():
    rng = np.random.default_rng(0)

    def layer(name, fan_out, fan_in):
        return {
            f"{name}.weight": rng.standard_normal((fan_out, fan_in)) / 3,
            f"{name}.bias": rng.standard_normal(fan_out),
        }

    def norm(name):
        bias = rng.standard_normal(D_MODEL)
        return {
            f"{name}.LayerNorm.weight": 1 + 0.3 * rng.standard_normal(D_MODEL),
            f"{name}.LayerNorm.bias": bias,
        }

    found = norm("embeddings") | {
        "embeddings.word_embeddings.weight": rng.standard_normal((TOKENS, D_MODEL)),
        "embeddings.position_embeddings.weight": rng.standard_normal((CONTEXT, D_MODEL)),
        "embeddings.token_type_embeddings.weight": rng.standard_normal((2, D_MODEL)),
    }
    for i in range(LAYERS):
        at = f"encoder.layer.{i}"
        for part in ("query", "key", "value"):
            found |= layer(f"{at}.attention.self.{part}", D_MODEL, D_MODEL)
        found |= layer(f"{at}.attention.output.dense", D_MODEL, D_MODEL)
        found |= layer(f"{at}.intermediate.dense", NEURONS, D_MODEL)
        found |= layer(f"{at}.output.dense", D_MODEL, NEURONS)
        found |= norm(f"{at}.attention.output") | norm(f"{at}.output")
    return found


def torch_streams(tokens, weights):
    t = {name: torch.tensor(array) for name, array in weights.items()}

    def norm(x, name):
        gain, bias = t[f"{name}.LayerNorm.weight"], t[f"{name}.LayerNorm.bias"]
        return torch.nn.functional.layer_norm(x, (D_MODEL,), gain, bias, minilm.EPS)

    x = t["embeddings.word_embeddings.weight"][torch.tensor(tokens)]
    x = x + t["embeddings.position_embeddings.weight"][: len(tokens)]
    x = norm(x + t["embeddings.token_type_embeddings.weight"][0], "embeddings")
    streams = [x]
    for i in range(LAYERS):
        at = f"encoder.layer.{i}"
        twin = torch.nn.TransformerEncoderLayer(
            D_MODEL, minilm.N_HEADS, NEURONS, 0.0, "gelu", minilm.EPS, batch_first=True
        ).double()
        parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
        names = {"linear1": "intermediate.dense", "linear2": "output.dense"}
        names |= {"norm1": "attention.output.LayerNorm", "norm2": "output.LayerNorm"}
        names |= {"self_attn.out_proj": "attention.output.dense"}
        state = {
            f"self_attn.in_proj_{kind}": torch.cat([t[f"{part}.{kind}"] for part in parts])
            for kind in ("weight", "bias")
        }
        for (ours, theirs), kind in product(names.items(), ("weight", "bias")):
            state[f"{ours}.{kind}"] = t[f"{at}.{theirs}.{kind}"]
        twin.load_state_dict(state)
        x = twin(x[None])[0]
        streams.append(x)
    return [stream.detach().numpy() for stream in streams]


def test_the_streams_are_torchs(arrays):
    tokens = np.random.default_rng(1).integers(TOKENS, size=POSITIONS)
    found, patterns = minilm.hidden_states(minilm.from_arrays(arrays), tokens)
    expected = torch_streams(tokens, arrays)
    assert len(found) == LAYERS + 1
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
    assert [p.shape for p in patterns] == [(minilm.N_HEADS, POSITIONS, POSITIONS)] * LAYERS


def test_every_position_attends_to_the_last_one(arrays):
    tokens = np.random.default_rng(1).integers(TOKENS - 1, size=POSITIONS)
    model = minilm.from_arrays(arrays)
    before = minilm.hidden_states(model, tokens).streams[1]
    tokens[-1] = TOKENS - 1
    assert (np.abs(minilm.hidden_states(model, tokens).streams[1] - before).max(axis=1) > 0).all()


def test_a_sequence_longer_than_the_context_is_refused(arrays):
    with pytest.raises(ValueError, match="10 tokens do not fit a context of 9"):
        minilm.hidden_states(minilm.from_arrays(arrays), np.zeros(10, int))


def test_a_file_with_more_or_less_than_the_encoder_is_refused(arrays):
    with pytest.raises(ValueError, match=r"holds 1 arrays that no part .* \['cls.bias'\]"):
        minilm.from_arrays(arrays | {"cls.bias": np.ones(3)})
    prefixed = {f"bert.{name}": array for name, array in arrays.items()}
    with pytest.raises(ValueError, match=r"no unused array .*token_type.*only \['bert\."):
        minilm.from_arrays(prefixed)
    unused = {name: np.ones(3) for name in minilm.UNUSED}
    assert minilm.from_arrays(arrays | unused).blocks


def test_halves_are_computed_with_in_single_precision(arrays):
    halves = {name: array.astype(np.float16) for name, array in arrays.items()}
    model = minilm.from_arrays(halves)
    assert minilm.hidden_states(model, np.arange(5)).streams[-1].dtype == np.float32
