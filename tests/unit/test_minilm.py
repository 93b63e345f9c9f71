"""MiniLM's kind of model is what PyTorch's encoder computes with the same weights."""

from itertools import product

import numpy as np
import pytest
import torch

from weighted_sums.pretrained import minilm

TOKENS, CONTEXT, WIDTH, NEURONS, LAYERS, PLACES = 13, 9, 24, 31, 2, 7


@pytest.fixture
def weights():
    rng = np.random.default_rng(0)

    def layer(name, fan_out, fan_in):
        return {
            f"{name}.weight": rng.standard_normal((fan_out, fan_in)) / 3,
            f"{name}.bias": rng.standard_normal(fan_out),
        }

    def norm(name):
        bias = rng.standard_normal(WIDTH)
        return {
            f"{name}.LayerNorm.weight": 1 + 0.3 * rng.standard_normal(WIDTH),
            f"{name}.LayerNorm.bias": bias,
        }

    found = norm("embeddings") | {
        "embeddings.word_embeddings.weight": rng.standard_normal((TOKENS, WIDTH)),
        "embeddings.position_embeddings.weight": rng.standard_normal((CONTEXT, WIDTH)),
        "embeddings.token_type_embeddings.weight": rng.standard_normal((2, WIDTH)),
    }
    for i in range(LAYERS):
        at = f"encoder.layer.{i}"
        for part in ("query", "key", "value"):
            found |= layer(f"{at}.attention.self.{part}", WIDTH, WIDTH)
        found |= layer(f"{at}.attention.output.dense", WIDTH, WIDTH)
        found |= layer(f"{at}.intermediate.dense", NEURONS, WIDTH)
        found |= layer(f"{at}.output.dense", WIDTH, NEURONS)
        found |= norm(f"{at}.attention.output") | norm(f"{at}.output")
    return found


def torch_streams(tokens, weights):
    t = {name: torch.tensor(array) for name, array in weights.items()}

    def norm(x, name):
        gain, bias = t[f"{name}.LayerNorm.weight"], t[f"{name}.LayerNorm.bias"]
        return torch.nn.functional.layer_norm(x, (WIDTH,), gain, bias, minilm.EPS)

    x = t["embeddings.word_embeddings.weight"][torch.tensor(tokens)]
    x = x + t["embeddings.position_embeddings.weight"][: len(tokens)]
    x = norm(x + t["embeddings.token_type_embeddings.weight"][0], "embeddings")
    streams = [x]
    for i in range(LAYERS):
        at = f"encoder.layer.{i}"
        twin = torch.nn.TransformerEncoderLayer(
            WIDTH, minilm.HEADS, NEURONS, 0.0, "gelu", minilm.EPS, batch_first=True
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


def test_the_streams_are_torchs(weights):
    tokens = np.random.default_rng(1).integers(TOKENS, size=PLACES)
    found, patterns = minilm.hidden_states(tokens, minilm.from_weights(weights))
    wanted = torch_streams(tokens, weights)
    assert len(found) == LAYERS + 1
    for ours, theirs in zip(found, wanted, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
    assert [p.shape for p in patterns] == [(minilm.HEADS, PLACES, PLACES)] * LAYERS


def test_every_place_sees_the_last_one(weights):
    tokens = np.random.default_rng(1).integers(TOKENS - 1, size=PLACES)
    model = minilm.from_weights(weights)
    before = minilm.hidden_states(tokens, model)[0][1]
    tokens[-1] = TOKENS - 1
    assert (np.abs(minilm.hidden_states(tokens, model)[0][1] - before).max(axis=1) > 0).all()


def test_a_sequence_longer_than_the_context_is_refused(weights):
    with pytest.raises(ValueError, match="10 tokens do not fit 9 places"):
        minilm.hidden_states(np.zeros(10, int), minilm.from_weights(weights))


def test_a_file_with_more_or_less_than_the_encoder_is_refused(weights):
    with pytest.raises(ValueError, match=r"holds 1 arrays that no part .* \['cls.bias'\]"):
        minilm.from_weights(weights | {"cls.bias": np.ones(3)})
    prefixed = {f"bert.{name}": array for name, array in weights.items()}
    with pytest.raises(ValueError, match=r"no array 'embeddings\.token_type.*only \['bert\."):
        minilm.from_weights(prefixed)
    unneeded = {name: np.ones(3) for name in minilm.NOT_NEEDED}
    assert minilm.from_weights(weights | unneeded).blocks


def test_halves_are_computed_with_in_single_precision(weights):
    halves = {name: array.astype(np.float16) for name, array in weights.items()}
    model = minilm.from_weights(halves)
    assert minilm.hidden_states(np.arange(5), model)[0][-1].dtype == np.float32
