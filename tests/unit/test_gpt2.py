"""A GPT-2 file becomes the model that PyTorch computes with its arrays."""

import numpy as np
import pytest
import torch

from weighted_sums import generation, transformer
from weighted_sums.attention import BiasedAttention
from weighted_sums.pretrained import gpt2
from weighted_sums.torch_twin import TorchTransformer, to_numpy
from weighted_sums.workshop.parameters import leaves

TOKENS, CONTEXT, WIDTH, DIM, LAYERS = 13, 9, 12, 4, 2


@pytest.fixture
def weights():
    """Arrays under the names and in the shapes of GPT-2's files."""
    rng = np.random.default_rng(0)
    sizes = {"wte.weight": (TOKENS, WIDTH), "wpe.weight": (CONTEXT, WIDTH)}
    sizes |= {"ln_f.weight": (WIDTH,), "ln_f.bias": (WIDTH,)}
    matrices = {"attn.c_attn": (WIDTH, 3 * WIDTH), "attn.c_proj": (WIDTH, WIDTH)}
    matrices |= {"mlp.c_fc": (WIDTH, 4 * WIDTH), "mlp.c_proj": (4 * WIDTH, WIDTH)}
    for i in range(LAYERS):
        for name, shape in matrices.items():
            sizes |= {f"h.{i}.{name}.weight": shape, f"h.{i}.{name}.bias": shape[1:]}
        for name in ("ln_1", "ln_2"):
            sizes |= {f"h.{i}.{name}.weight": (WIDTH,), f"h.{i}.{name}.bias": (WIDTH,)}
    found = {name: rng.standard_normal(shape) / 2 for name, shape in sizes.items()}
    return found | {"h.0.attn.bias": np.tri(CONTEXT)[None, None]}


def by_torch(tokens, weights):
    """GPT-2 as its authors wrote it, with matrices (fan_in, fan_out)."""
    t = {name: torch.tensor(array) for name, array in weights.items()}
    functional = torch.nn.functional

    def norm(x, name):
        return functional.layer_norm(x, (WIDTH,), t[f"{name}.weight"], t[f"{name}.bias"], 1e-5)

    def linear(x, name):
        return x @ t[f"{name}.weight"] + t[f"{name}.bias"]

    x = t["wte.weight"][tokens] + t["wpe.weight"][: len(tokens)]
    for at in (f"h.{i}" for i in range(LAYERS)):
        rows = linear(norm(x, f"{at}.ln_1"), f"{at}.attn.c_attn").chunk(3, dim=-1)
        q, k, v = (part.reshape(len(tokens), -1, DIM).transpose(0, 1) for part in rows)
        found = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + linear(found.transpose(0, 1).flatten(1), f"{at}.attn.c_proj")
        a = functional.gelu(linear(norm(x, f"{at}.ln_2"), f"{at}.mlp.c_fc"), approximate="tanh")
        x = x + linear(a, f"{at}.mlp.c_proj")
    return norm(x, "ln_f") @ t["wte.weight"].T


def test_logits_are_those_of_gpt_2(weights):
    tokens = np.random.default_rng(1).integers(TOKENS, size=7)
    found = transformer.logits(tokens, gpt2.from_weights(weights, DIM))
    np.testing.assert_allclose(found, by_torch(torch.tensor(tokens), weights), atol=1e-10)


def test_biases_go_to_the_twin_and_back_and_get_its_slopes(weights):
    model = gpt2.from_weights(weights, DIM)
    twin = TorchTransformer(model)
    for one, other in zip(leaves(to_numpy(twin)), leaves(model), strict=True):
        np.testing.assert_array_equal(one, other)
    x, y = np.random.default_rng(2).integers(TOKENS, size=(2, 3, 6))
    cost, grads = transformer.cost_and_gradient(model, x, y)
    wanted = twin.cost(torch.tensor(x), torch.tensor(y))
    wanted.backward()
    assert cost == pytest.approx(wanted.item(), abs=1e-12)
    assert isinstance(grads.blocks[0].attention, BiasedAttention)
    for one, other in zip(leaves(grads), leaves(to_numpy(twin, grads=True)), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-10)


def test_a_cache_does_not_forget_the_biases(weights):
    model = gpt2.from_weights(weights, DIM)
    tokens = [3, 1, 4, 1, 5]
    cache = generation.KVCache(model)
    generation.next_logits(tokens[:3], cache)
    found = generation.next_logits(tokens[3:], cache)
    np.testing.assert_allclose(found, transformer.logits(np.array(tokens), model)[-1], atol=1e-12)


def test_names_with_a_prefix_and_an_unembedding_of_its_own_are_read_too(weights):
    named = {f"transformer.{name}": array for name, array in weights.items()}
    named["lm_head.weight"] = 2 * weights["wte.weight"]
    found, plain = (gpt2.from_weights(arrays, DIM) for arrays in (named, weights))
    np.testing.assert_array_equal(found.unembedding, 2 * plain.unembedding)


def test_halves_become_numbers_that_can_be_computed_with(weights):
    halves = {name: array.astype(np.float16) for name, array in weights.items()}
    found = leaves(gpt2.from_weights(halves, DIM))
    assert {array.dtype for array in found} == {np.dtype(np.float32)}


def test_a_file_with_more_or_less_than_the_model_is_refused(weights):
    with pytest.raises(ValueError, match=r"holds 1 arrays that no part .*'h\.0\.adapter'"):
        gpt2.from_weights(weights | {"h.0.adapter": np.ones(3)}, DIM)
    del weights["h.1.ln_2.bias"]
    with pytest.raises(ValueError, match=r"no array 'h\.1\.ln_2\.bias'"):
        gpt2.from_weights(weights, DIM)


def test_heads_that_do_not_divide_the_width_are_refused(weights):
    with pytest.raises(ValueError, match="heads of 5 dimensions in a width of 12"):
        gpt2.from_weights(weights, 5)
