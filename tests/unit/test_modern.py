"""A transformer of newer parts learns by the right gradient, whichever parts it has."""

from functools import partial

import numpy as np
import pytest

from weighted_sums import modern, optimizers, texts, training, transformer
from weighted_sums.gradient_check import directional_difference, relative_error
from weighted_sums.workshop.parameters import flatten, leaves, rebuild, unflatten

DESIGNS = {
    "base": {},
    "as in GPT-2": {"norm": "layer", "feed_forward": "gelu"},
    "one key": {"n_groups": 1},
    "experts": {"feed_forward": "mixture", "n_experts": 3, "n_groups": 2},
}


def drawn(name, seed=0):
    design = modern.Design(11, d_model=16, n_heads=4, neurons=9, **DESIGNS[name])
    model = modern.init(design, np.random.default_rng(seed))
    return rebuild((leaf.astype(np.float64) for leaf in leaves(model)), model)


def tokens(seed):
    return np.random.default_rng(seed).integers(11, size=(2, 7))


@pytest.mark.parametrize("top_k", [1, 2])
@pytest.mark.parametrize("name", DESIGNS)
def test_the_gradient_equals_a_directional_difference(name, top_k):
    model, x, y = drawn(name), tokens(1), tokens(2)
    grads = flatten(modern.cost_and_gradient(model, x, y, top_k, 0.1)[1])
    direction = np.random.default_rng(3).standard_normal(grads.size)

    def cost(parameters):
        return modern.cost_and_gradient(unflatten(parameters, model), x, y, top_k, 0.1)[0]

    expected = directional_difference(cost, flatten(model), direction)
    assert relative_error(float(grads @ direction), expected) < 1e-7


@pytest.mark.parametrize("name", DESIGNS)
def test_the_future_cannot_leak(name):
    model, x = drawn(name), tokens(1)
    before = modern.forward(model, x)[0]
    x[:, -1] = (x[:, -1] + 1) % 11
    np.testing.assert_allclose(modern.forward(model, x)[0][:, :-1], before[:, :-1], atol=1e-12)


def test_the_cost_without_balance_is_the_loss_alone():
    model, x, y = drawn("experts"), tokens(1), tokens(2)
    plain, balanced = (modern.cost_and_gradient(model, x, y, 1, b)[0] for b in (0.0, 0.5))
    assert plain == pytest.approx(modern.cost(model, x, y))
    assert modern.cost_and_gradient(model, x, y)[0] == plain
    assert balanced == pytest.approx(plain + 0.5 * modern.forward(model, x)[2])
    assert modern.forward(drawn("base"), x)[2] == 0


def test_the_first_loss_is_that_of_equal_probabilities():
    model = modern.init(modern.Design(50), np.random.default_rng(0))
    x = np.random.default_rng(1).integers(50, size=(8, 20))
    assert modern.cost(model, x, x[::-1]) == pytest.approx(np.log(50), abs=0.1)


def test_matrices_are_drawn_as_those_of_the_first_transformer():
    design = modern.Design(300, n_layers=3, feed_forward="gelu", neurons=256)
    new = modern.init(design, np.random.default_rng(0))
    old = transformer.init_transformer(300, 1, 64, 4, 3, np.random.default_rng(1))

    def deviations(model, mlp):
        a = model.blocks[0].attention
        both = (model.embedding, model.unembedding, *a, mlp.up.W, mlp.down.W)
        return [W.std() for W in both]

    wanted = deviations(old, old.blocks[0])
    np.testing.assert_allclose(deviations(new, new.blocks[0].feed_forward), wanted, rtol=0.05)


def test_swiglu_has_as_many_parameters_as_an_mlp_of_four_times_the_width():
    design = modern.Design(11)
    assert design.neurons == round(2 * 4 * design.d_model / 3)  # three matrices instead of two


def test_a_mixture_of_one_expert_is_that_expert_alone():
    one, alone = (
        modern.init(modern.Design(11, feed_forward=part), np.random.default_rng(0))
        for part in ("mixture", "swiglu")
    )
    logits = (modern.forward(model, tokens(1))[0] for model in (one, alone))
    np.testing.assert_allclose(*logits, rtol=1e-4, atol=1e-6)


def test_designs_differ_only_in_the_parts_that_they_name():
    base, one, layer = (
        modern.init(modern.Design(11, **parts), np.random.default_rng(0))
        for parts in ({}, {"n_groups": 1}, {"norm": "layer"})
    )
    np.testing.assert_array_equal(base.embedding, one.embedding)
    np.testing.assert_array_equal(base.blocks[0].attention.W_q, one.blocks[0].attention.W_q)
    assert [len(m.blocks[0].attention.W_k) for m in (base, one)] == [4, 1]
    assert len(leaves(layer)) == len(leaves(base)) + 5  # a bias for each norm
    dtypes = {leaf.dtype for leaf in leaves(base)}
    assert dtypes == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    "parts", [{"norm": "batch"}, {"feed_forward": "relu"}, {"n_groups": 3}, {"n_groups": 8}]
)
def test_unknown_parts_are_refused(parts):
    with pytest.raises(ValueError, match="there is no such design"):
        modern.init(modern.Design(11, **parts), np.random.default_rng(0))


def test_targets_of_another_shape_are_refused():
    with pytest.raises((ValueError, TypeError)):
        modern.cost_and_gradient(drawn("base"), tokens(1), tokens(1)[:, :-1])


@pytest.mark.slow
@pytest.mark.parametrize("name", DESIGNS)
def test_it_learns_a_row_that_repeats(name):
    row = np.tile(np.random.default_rng(0).permutation(11), 30)
    model = training.train(
        modern.init(
            modern.Design(11, d_model=16, neurons=16, **DESIGNS[name]), np.random.default_rng(0)
        ),
        partial(modern.cost_and_gradient, balance=0.01),
        texts.Windows(row, 12, 8, 60),
        optimizer=optimizers.Adam(1e-2),
        epochs=1,
        rng=np.random.default_rng(1),
    )
    x, y = next(texts.Windows(row, 12, 8, 1).epoch(np.random.default_rng(2)))
    assert modern.cost(model, x, y) < 0.3
