"""One layer of attention with each kind of position: gradients, the task, what is learned."""

import numpy as np
import pytest

from weighted_sums.experiments import order
from weighted_sums.gradient_check import directional_difference, relative_error
from weighted_sums.transformer import IGNORE_INDEX
from weighted_sums.workshop.parameters import flatten, leaves, rebuild, unflatten

TASK = order.CopyBack(batch_size=4, batches=1, length=6, back=2, symbols=5)


def model(seed=0):
    drawn = order.init(5, 9, 8, np.random.default_rng(seed))
    return rebuild((leaf.astype(np.float64) for leaf in leaves(drawn)), drawn)


def test_the_target_is_the_symbol_so_many_positions_back():
    x, y = next(TASK.epoch(np.random.default_rng(0)))
    assert len(TASK) == 1 and x.shape == y.shape == (4, 6)
    assert (y[:, :2] == IGNORE_INDEX).all()
    np.testing.assert_array_equal(y[:, 2:], x[:, :4])


def test_a_task_without_a_target_is_refused():
    with pytest.raises(ValueError, match="nothing stands 6 positions back in 6"):
        order.CopyBack(1, 1, length=6, back=6)


@pytest.mark.parametrize("kind", order.KINDS)
def test_the_gradient_equals_directional_differences(kind):
    m, (x, y) = model(), next(TASK.epoch(np.random.default_rng(1)))
    grads = flatten(order.cost_and_gradient(m, x, y, kind)[1])
    direction = np.random.default_rng(2).standard_normal(grads.size)

    def cost(parameters):
        return order.cost_and_gradient(unflatten(parameters, m), x, y, kind)[0]

    expected = directional_difference(cost, flatten(m), direction)
    assert relative_error(float(grads @ direction), expected) < 1e-7


@pytest.mark.parametrize("kind", ["none", "rotary"])
def test_without_learned_positions_their_table_gets_no_gradient(kind):
    x, y = next(TASK.epoch(np.random.default_rng(1)))
    assert not order.cost_and_gradient(model(), x, y, kind)[1].positions.any()


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="kind must be one of none, learned, rotary, not 'sine'"):
        order.forward(model(), np.zeros((1, 3), int), "sine")


def test_positions_make_the_order_known_and_only_rotation_reaches_beyond_the_trained_length():
    task, longer = order.CopyBack(32, 150, 10, back=1), order.CopyBack(64, 1, 20, back=1)
    reached = {}
    for kind in order.KINDS:
        m = order.trained(kind, task, context=20, seed=0)
        right = order.accuracy_by_position(m, kind, longer, np.random.default_rng(9))
        assert right.shape == (19,)
        reached[kind] = right[:9].mean(), right[9:].mean()
    assert reached["none"][0] < 0.6
    assert min(reached["learned"][0], reached["rotary"][0]) > 0.9
    assert reached["learned"][1] < 0.3 < 0.8 < reached["rotary"][1]
