"""Adapters of low rank: what they change, their gradient, and what stays frozen."""

import numpy as np
import pytest
import torch

from weighted_sums import lora, optimizers, training, transformer
from weighted_sums.gradient_check import central_difference
from weighted_sums.lora import Adapter
from weighted_sums.workshop.parameters import flatten, leaves, unflatten

RNG = np.random.default_rng(0)
MODEL = transformer.init_transformer(7, 6, 12, 3, 2, RNG, np.float64)
X, Y = RNG.integers(7, size=(2, 4, 6))


def adapters(rank=2, seed=1):
    drawn = lora.init_adapters(MODEL, rank, np.random.default_rng(seed))
    return [
        Adapter(A, 0.1 * np.random.default_rng(i).standard_normal(B.shape))
        for i, (A, B) in enumerate(drawn)
    ]


def test_a_model_has_six_matrices_in_each_block():
    found = lora.matrices(MODEL)
    assert len(found) == 12
    assert [W.shape for W in found[:6]] == [(12, 12)] * 4 + [(48, 12), (12, 48)]
    assert [W.shape for W in found[6:]] == [W.shape for W in found[:6]]


def test_matrices_go_back_where_they_came_from():
    model = transformer.init_transformer(7, 6, 12, 3, 3, np.random.default_rng(0))
    again = lora.with_matrices(model, lora.matrices(model))
    for one, other in zip(leaves(model), leaves(again), strict=True):
        np.testing.assert_array_equal(one, other)
    new = [np.full_like(W, i) for i, W in enumerate(lora.matrices(model))]
    found = []
    for block in lora.with_matrices(model, new).blocks:
        a = block.attention
        found += [a.W_q, a.W_k, a.W_v, a.W_o, block.up.W, block.down.W]
    assert [float(np.unique(W).item()) for W in found] == [*range(18)]


def test_an_output_matrix_is_that_of_all_heads_side_by_side():
    head_outputs = RNG.standard_normal((3, 4))
    W_o = MODEL.blocks[0].attention.W_o
    joined = lora.matrices(MODEL)[3] @ head_outputs.ravel()
    np.testing.assert_allclose(joined, sum(W @ o for W, o in zip(W_o, head_outputs, strict=True)))


def test_new_adapters_change_nothing_but_can_learn():
    new = lora.init_adapters(MODEL, 3, np.random.default_rng(0))
    assert [a.A.shape[0] for a in new] == [3] * 12 and not any(a.B.any() for a in new)
    deviation = np.concatenate([a.A.ravel() * np.sqrt(a.A.shape[1]) for a in new]).std()
    assert deviation == pytest.approx(1, abs=0.1)
    merged = lora.merge(MODEL, new)
    np.testing.assert_array_equal(transformer.logits(merged, X), transformer.logits(MODEL, X))
    _, grads = lora.cost_and_gradient(MODEL, new, X, Y)
    assert all(g.B.any() and not g.A.any() for g in grads)


def test_single_precision_stays():
    model = transformer.init_transformer(7, 6, 12, 3, 1, np.random.default_rng(0))
    new = lora.init_adapters(model, 2, np.random.default_rng(1))
    every = leaves([new, lora.merge(model, new), lora.cost_and_gradient(model, new, X, Y)[1]])
    assert {W.dtype for W in every} == {np.dtype(np.float32)}


def test_a_merged_matrix_has_changed_by_a_product_of_low_rank():
    merged = lora.merge(MODEL, adapters(rank=2))
    for new, old, (A, B) in zip(
        lora.matrices(merged), lora.matrices(MODEL), adapters(rank=2), strict=True
    ):
        assert np.linalg.matrix_rank(new - old) == 2
        np.testing.assert_allclose(new - old, B @ A, atol=1e-12)
    for name in ("embedding", "positions", "unembedding"):
        np.testing.assert_array_equal(getattr(merged, name), getattr(MODEL, name))
    np.testing.assert_array_equal(merged.blocks[0].up.b, MODEL.blocks[0].up.b)


def test_the_gradient_of_a_product_equals_torch():
    A, B, dW = (RNG.standard_normal(shape) for shape in ((2, 5), (3, 2), (3, 5)))
    ta, tb = (torch.tensor(M, requires_grad=True) for M in (A, B))
    (tb @ ta).backward(torch.tensor(dW))
    found = lora.adapter_backward(dW, Adapter(A, B))
    np.testing.assert_allclose(found.A, ta.grad, atol=1e-12)
    np.testing.assert_allclose(found.B, tb.grad, atol=1e-12)


def test_the_gradient_through_the_model_equals_differences():
    at = adapters()
    cost, grads = lora.cost_and_gradient(MODEL, at, X, Y)
    assert cost == pytest.approx(transformer.cost(lora.merge(MODEL, at), X, Y))
    start, direction = flatten(at), RNG.standard_normal(flatten(at).size)

    def along(step):
        return lora.cost_and_gradient(MODEL, unflatten(start + step[0] * direction, at), X, Y)[0]

    measured = central_difference(along, np.zeros(1))[0]
    assert flatten(grads) @ direction == pytest.approx(measured, abs=1e-7)


def test_training_adapters_leaves_the_model_itself_alone():
    before = flatten(MODEL)

    class Same:
        def epoch(self, rng):
            yield from [(X, Y)] * 60

    trained = training.train(
        lora.init_adapters(MODEL, 2, np.random.default_rng(0)),
        lambda a, x, y: lora.cost_and_gradient(MODEL, a, x, y),
        Same(),
        optimizer=optimizers.Adam(1e-2),
        epochs=1,
        rng=np.random.default_rng(0),
    )
    np.testing.assert_array_equal(flatten(MODEL), before)
    merged = lora.merge(MODEL, trained)
    assert transformer.cost(merged, X, Y) < 0.9 * transformer.cost(MODEL, X, Y)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="has 12 matrices, not 11"):
        lora.merge(MODEL, adapters()[:-1])
    with pytest.raises(ValueError, match="has 12 matrices, not 11"):
        lora.with_matrices(MODEL, lora.matrices(MODEL)[1:])
    with pytest.raises(ValueError, match="rank"):
        lora.init_adapters(MODEL, 0, np.random.default_rng(0))
    with pytest.raises(ValueError, match="the change of the matrix"):
        lora.adapter_backward(np.ones((5, 7)), adapters()[0])
