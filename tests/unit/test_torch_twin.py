"""The twin is the same transformer: logits, cost, slopes, a step, and there and back."""

import numpy as np
import pytest
import torch

from weighted_sums import optimizers, transformer
from weighted_sums.torch_twin import TorchTransformer, to_numpy
from weighted_sums.workshop.parameters import copy, leaves, rebuild

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)


def model(dtype=np.float64):
    start = transformer.init_transformer(11, 7, 12, 3, 2, RNG, dtype)
    moved = (p + 0.1 * RNG.standard_normal(p.shape).astype(dtype) for p in leaves(start))
    return rebuild(moved, start)


def agree(found, wanted, tolerance=1e-10):
    for one, other in zip(leaves(found), leaves(wanted), strict=True):
        np.testing.assert_allclose(one, other, atol=tolerance)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_parameters_go_over_and_come_back_to_the_bit(dtype):
    m = model(dtype)
    back = to_numpy(TorchTransformer(m))
    for one, other in zip(leaves(back), leaves(m), strict=True):
        assert one.dtype == dtype
        np.testing.assert_array_equal(one, other)


def test_logits_cost_and_slopes_are_equal():
    m, x, y = model(), *RNG.integers(11, size=(2, 4, 6))
    y[1, :2] = transformer.IGNORE_INDEX
    twin = TorchTransformer(m)
    np.testing.assert_allclose(twin(torch.tensor(x)).detach(), transformer.logits(m, x), atol=1e-10)
    cost, grads = transformer.cost_and_gradient(m, x, y)
    found = twin.cost(torch.tensor(x), torch.tensor(y))
    found.backward()
    assert found.item() == pytest.approx(cost, abs=1e-10)
    agree(to_numpy(twin, grads=True), grads)


def test_ten_steps_of_adam_lead_to_the_same_place():
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


def test_the_twin_does_not_share_memory_with_the_model():
    m = model()
    twin = TorchTransformer(m)
    before = copy(m)
    with torch.no_grad():
        for p in twin.parameters():
            p.add_(1)
    agree(m, before, 0)
