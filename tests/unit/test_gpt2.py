"""A GPT-2 file becomes the model that PyTorch computes with its arrays."""

import numpy as np
import pytest
import torch

from weighted_sums import generation, transformer
from weighted_sums.heads import BiasedAttention
from weighted_sums.pretrained import gpt2
from weighted_sums.torch_twin import TorchTransformer, to_numpy
from weighted_sums.workshop.parameters import leaves

TOKENS, CONTEXT, D_MODEL, D_HEAD, LAYERS = 13, 9, 12, 4, 2


@pytest.fixture
def arrays():
    """Arrays under the names and in the shapes of GPT-2's files."""
    rng = np.random.default_rng(0)
    sizes = {"wte.weight": (TOKENS, D_MODEL), "wpe.weight": (CONTEXT, D_MODEL)}
    sizes |= {"ln_f.weight": (D_MODEL,), "ln_f.bias": (D_MODEL,)}
    matrices = {"attn.c_attn": (D_MODEL, 3 * D_MODEL), "attn.c_proj": (D_MODEL, D_MODEL)}
    matrices |= {"mlp.c_fc": (D_MODEL, 4 * D_MODEL), "mlp.c_proj": (4 * D_MODEL, D_MODEL)}
    for i in range(LAYERS):
        for name, shape in matrices.items():
            sizes |= {f"h.{i}.{name}.weight": shape, f"h.{i}.{name}.bias": shape[1:]}
        for name in ("ln_1", "ln_2"):
            sizes |= {f"h.{i}.{name}.weight": (D_MODEL,), f"h.{i}.{name}.bias": (D_MODEL,)}
    found = {name: rng.standard_normal(shape) / 2 for name, shape in sizes.items()}
    return found | {"h.0.attn.bias": np.tri(CONTEXT)[None, None]}


def by_torch(tokens, arrays):
    """GPT-2 as its authors wrote it, with matrices (fan_in, fan_out)."""
    t = {name: torch.tensor(array) for name, array in arrays.items()}
    functional = torch.nn.functional

    def norm(x, name):
        return functional.layer_norm(x, (D_MODEL,), t[f"{name}.weight"], t[f"{name}.bias"], 1e-5)

    def linear(x, name):
        return x @ t[f"{name}.weight"] + t[f"{name}.bias"]

    x = t["wte.weight"][tokens] + t["wpe.weight"][: len(tokens)]
    for at in (f"h.{i}" for i in range(LAYERS)):
        rows = linear(norm(x, f"{at}.ln_1"), f"{at}.attn.c_attn").chunk(3, dim=-1)
        q, k, v = (part.reshape(len(tokens), -1, D_HEAD).transpose(0, 1) for part in rows)
        found = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + linear(found.transpose(0, 1).flatten(1), f"{at}.attn.c_proj")
        a = functional.gelu(linear(norm(x, f"{at}.ln_2"), f"{at}.mlp.c_fc"), approximate="tanh")
        x = x + linear(a, f"{at}.mlp.c_proj")
    return norm(x, "ln_f") @ t["wte.weight"].T


def test_logits_are_those_of_gpt_2(arrays):
    tokens = np.random.default_rng(1).integers(TOKENS, size=7)
    found = transformer.logits(gpt2.from_arrays(arrays, D_HEAD), tokens)
    np.testing.assert_allclose(found, by_torch(torch.tensor(tokens), arrays), atol=1e-10)


def test_biases_go_to_the_twin_and_back_and_get_its_gradients(arrays):
    model = gpt2.from_arrays(arrays, D_HEAD)
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


def test_a_cache_does_not_forget_the_biases(arrays):
    model = gpt2.from_arrays(arrays, D_HEAD)
    tokens = [3, 1, 4, 1, 5]
    cache = generation.KVCache(model)
    generation.next_logits(cache, tokens[:3])
    found = generation.next_logits(cache, tokens[3:])
    np.testing.assert_allclose(found, transformer.logits(model, np.array(tokens))[-1], atol=1e-12)


def test_names_with_a_prefix_and_an_unembedding_of_its_own_are_read_too(arrays):
    named = {f"transformer.{name}": array for name, array in arrays.items()}
    named["lm_head.weight"] = 2 * arrays["wte.weight"]
    found, plain = (gpt2.from_arrays(each, D_HEAD) for each in (named, arrays))
    np.testing.assert_array_equal(found.unembedding, 2 * plain.unembedding)


def test_float16_becomes_float32(arrays):
    halves = {name: array.astype(np.float16) for name, array in arrays.items()}
    found = leaves(gpt2.from_arrays(halves, D_HEAD))
    assert {array.dtype for array in found} == {np.dtype(np.float32)}


def test_a_file_with_more_or_less_than_the_model_is_refused(arrays):
    with pytest.raises(ValueError, match=r"holds 1 arrays that no part .*'h\.0\.adapter'"):
        gpt2.from_arrays(arrays | {"h.0.adapter": np.ones(3)}, D_HEAD)
    del arrays["h.1.ln_2.bias"]
    with pytest.raises(ValueError, match=r"no unused array 'h\.1\.ln_2\.bias'"):
        gpt2.from_arrays(arrays, D_HEAD)


def test_heads_that_do_not_divide_d_model_are_refused(arrays):
    with pytest.raises(ValueError, match="to d_model 12 with d_head 5"):
        gpt2.from_arrays(arrays, 5)
