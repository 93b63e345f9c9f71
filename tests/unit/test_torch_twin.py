"""The PyTorch model is the same transformer: parameters, logits, cost, gradient, Adam steps."""

import numpy as np
import pytest
import torch

from weighted_sums import optimizers, transformer
from weighted_sums.heads import with_biases
from weighted_sums.torch_twin import TorchBlock, TorchTransformer, to_numpy
from weighted_sums.workshop.parameters import copy, leaves, rebuild

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)


def model(dtype=np.float64, biased=False):
    drawn = transformer.init_transformer(11, 7, 12, 3, 2, RNG, dtype)
    if biased:
        blocks = [b._replace(attention=with_biases(b.attention)) for b in drawn.blocks]
        drawn = drawn._replace(blocks=blocks)
    changed = (p + 0.1 * RNG.standard_normal(p.shape).astype(dtype) for p in leaves(drawn))
    return rebuild(changed, drawn)


def agree(found, expected, tolerance=1e-10):
    for one, other in zip(leaves(found), leaves(expected), strict=True):
        np.testing.assert_allclose(one, other, atol=tolerance)


each_attention = pytest.mark.parametrize("biased", [False, True], ids=["plain", "biased"])


@each_attention
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_parameters_survive_the_round_trip_to_the_bit(dtype, biased):
    m = model(dtype, biased)
    back = to_numpy(TorchTransformer(m))
    for one, other in zip(leaves(back), leaves(m), strict=True):
        assert one.dtype == dtype
        np.testing.assert_array_equal(one, other)


@each_attention
def test_logits_cost_and_gradient_are_equal(biased):
    m, x, y = model(biased=biased), *RNG.integers(11, size=(2, 4, 6))
    y[1, :2] = transformer.IGNORE_INDEX
    twin = TorchTransformer(m)
    np.testing.assert_allclose(twin(torch.tensor(x)).detach(), transformer.logits(m, x), atol=1e-10)
    cost, grads = transformer.cost_and_gradient(m, x, y)
    found = twin.cost(torch.tensor(x), torch.tensor(y))
    found.backward()
    assert found.item() == pytest.approx(cost, abs=1e-10)
    agree(to_numpy(twin, grads=True), grads)


def test_ten_steps_of_adam_give_the_same_parameters():
    m = model()
    ours, twin = copy(m), TorchTransformer(m)
    adam = optimizers.Adam(1e-2, weight_decay=0.1)
    theirs = torch.optim.AdamW(twin.parameters(), lr=1e-2, weight_decay=0.1)
    for _ in range(10):
        x, y = RNG.integers(11, size=(2, 4, 6))
        adam.step(leaves(ours), leaves(transformer.cost_and_gradient(ours, x, y)[1]))
        theirs.zero_grad()
        twin.cost(torch.tensor(x), torch.tensor(y)).backward()
        theirs.step()
    agree(to_numpy(twin), ours, 1e-9)


def test_the_parameters_are_copied():
    m = model()
    twin = TorchTransformer(m)
    before = copy(m)
    with torch.no_grad():
        for p in twin.parameters():
            p.add_(1)
    agree(m, before, 0)


def test_gradients_before_the_backward_pass_are_refused():
    with pytest.raises(ValueError, match="embedding.weight has no gradient: call backward first"):
        to_numpy(TorchTransformer(model()), grads=True)


@pytest.mark.parametrize("batch", [(), (2, 3)])
def test_any_number_of_leading_axes_is_a_batch(batch):
    m, x = model(), RNG.integers(11, size=(*batch, 6))
    found = TorchTransformer(m)(torch.tensor(x)).detach()
    np.testing.assert_allclose(found, transformer.logits(m, x), atol=1e-10)


def test_a_block_has_no_biases_of_attention_unless_they_are_asked_for():
    block = TorchBlock(12, 3, 48)
    assert block.qkv.bias is None and block.out.bias is None
