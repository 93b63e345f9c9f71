"""A graph of Variables has the gradient of torch, is never misread, and is released in time."""

import gc
import threading
import weakref

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import autodiff, backprop, networks
from weighted_sums.autodiff import Variable

UNARY = (
    lambda v: -v,
    lambda v: v.tanh(),
    lambda v: v.sigmoid(),
    lambda v: v.relu(),
    lambda v: v.tanh().exp(),
    lambda v: (v * v + 1.0).log(),
    lambda v: (v * v + 0.5) ** -0.5,
    lambda v: 3 - v**2,
    lambda v: 1 / (2 + v.sigmoid()),
    lambda v: v.sum(),
    lambda v: v.mean(),
    lambda v: v[..., None].sum(-2) if v.shape else v,
)
BINARY = (
    lambda v, w: v + w,
    lambda v, w: v - w,
    lambda v, w: v.tanh() * w,
    lambda v, w: v / (w * w + 1),
    lambda v, w: (v * w).tanh(),
)


def random_graph(rng, constant):
    """Build one expression twice, with Variables and with tensors; return leaves and results."""
    shapes = [(), (3,), (2, 3), (2, 1), (5, 2, 3), (3, 3), (7, 1, 2, 3)]
    arrays = [rng.standard_normal(shapes[i]) for i in rng.integers(len(shapes), size=3)]
    leaves = [(Variable(a), torch.tensor(a, requires_grad=True)) for a in arrays]
    pool = list(leaves)
    for _ in range(rng.integers(3, 15)):
        i, j = rng.integers(len(pool), size=2)
        (v, tv), (w, tw) = pool[i], pool[j]
        kind = rng.integers(4)
        if kind == 0:
            f = UNARY[rng.integers(len(UNARY))]
            pool.append((f(v), f(tv)))
        elif kind == 1 and v.shape[-1:] == (3,):
            weights = rng.standard_normal((3, 3))
            pool.append(((v @ weights).tanh(), (tv @ torch.tensor(weights)).tanh()))
        elif fits(v.shape, w.shape):
            f = BINARY[rng.integers(len(BINARY))]
            pool.append((f(v, w), f(tv, tw)))
        else:
            pool.append((v * constant, tv * constant))
    ends = [pool[i] for i in rng.integers(len(pool), size=3)] + pool[-1:]
    total = sum((v * v).mean() for v, _ in ends), sum((t * t).mean() for _, t in ends)
    return leaves, total


def fits(*shapes):
    try:
        return bool(np.broadcast_shapes(*shapes) or True)
    except ValueError:
        return False


@pytest.mark.slow
def test_a_thousand_random_graphs_agree_with_torch():
    rng = np.random.default_rng(0)
    for number in range(1000):
        leaves, (ours, theirs) = random_graph(rng, constant=0.5)
        ours.backward()
        theirs.backward()
        assert float(ours.data) == pytest.approx(theirs.item(), rel=1e-10), number
        for v, tensor in leaves:
            expected = np.zeros(v.shape) if tensor.grad is None else tensor.grad.numpy()
            np.testing.assert_allclose(v.grad, expected, rtol=1e-9, atol=1e-10, err_msg=str(number))


def test_numbers_and_arrays_may_be_on_either_side_of_every_operator():
    v, a = Variable([1.0, 2.0]), np.array([3.0, 5.0])
    for found, expected in (
        (v + 1, [2, 3]), (1 + v, [2, 3]), (v - 1, [0, 1]), (1 - v, [0, -1]), (v * 3, [3, 6]),
        (3 * v, [3, 6]), (v / 2, [0.5, 1]), (2 / v, [2, 1]), (a + v, [4, 7]), (a - v, [2, 3]),
        (v - a, [-2, -3]), (a * v, [3, 10]), (a / v, [3, 2.5]), (a @ v, 13), (v @ a, 13),
        (v @ [3.0, 5.0], 13), (np.float64(2) * v, [2, 4]), (v**2, [1, 4]), (-v, [-1, -2]),
    ):  # fmt: skip
        assert isinstance(found, Variable)
        np.testing.assert_array_equal(found.data, expected)


def test_single_numbers_agree_with_torch():
    """Products, powers, quotients and ReLUs, each value used several times."""
    v, w = Variable(-3.0), Variable(0.5)
    tv, tw = (torch.tensor(float(x.data), dtype=torch.float64, requires_grad=True) for x in (v, w))

    def mixed(v, w, relu):
        u = v * w + w**3 - 1
        u += u + relu(2 - v)
        u -= 2.5 * relu(w + v) / w
        return u**2 / 4.0 + 3.0 / u + relu(-v) ** 0.5

    found, expected = mixed(v, w, Variable.relu), mixed(tv, tw, torch.relu)
    found.backward()
    expected.backward()
    assert float(found.data) == pytest.approx(expected.item(), rel=1e-14)
    assert float(v.grad) == pytest.approx(tv.grad.item(), rel=1e-14)
    assert float(w.grad) == pytest.approx(tw.grad.item(), rel=1e-14)


@given(st.integers(1, 40))
def test_a_variable_used_many_times_gets_the_sum_of_its_derivatives(times):
    v = Variable(2.0)
    sum((v * k for k in range(times)), start=v).backward()
    assert v.grad == 1 + sum(range(times))


def test_the_gradients_of_two_results_accumulate():
    v = Variable(3.0)
    (v * v).backward()
    (5 * v).backward()
    assert v.grad == 11


def test_a_variable_that_the_result_does_not_depend_on_has_gradient_zero():
    v, w = Variable([1.0, 2.0]), Variable(1.0)
    (w * 2).backward()
    np.testing.assert_array_equal(v.grad, [0, 0])


def chain(v, length):
    for _ in range(length):
        v = v + 1.0
    return v


@pytest.mark.slow
def test_a_chain_of_a_hundred_thousand_additions_works():
    v = Variable(0.0)
    chain(v, 100_000).backward()
    assert v.grad == 1


@pytest.mark.slow
def test_long_chains_are_freed_without_recursion():
    """Python frees an object's members recursively; tried in a thread with a small stack."""

    def build_and_drop():
        end = chain(Variable(0.0), 30_000)
        done.append(float(end.data))
        del end
        done.append("freed")

    done = []
    before = threading.stack_size(128 * 1024)
    try:
        thread = threading.Thread(target=build_and_drop)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert done == [30_000.0, "freed"]


def test_every_node_is_visited_once_however_many_paths_lead_to_it():
    v = Variable(1.0)
    end = v
    for _ in range(60):
        end = end + end  # two to the power of sixty paths
    assert len(autodiff.topological_order(end)) == 61
    end.backward()
    assert v.grad == 2.0**60


def test_every_variable_is_listed_after_what_it_was_computed_from():
    rng = np.random.default_rng(3)
    for _ in range(50):
        _, (end, _) = random_graph(rng, constant=2.0)
        order = autodiff.topological_order(end)
        position = {v: i for i, v in enumerate(order)}
        assert order[-1] is end
        for v in order:
            inputs = v._record.inputs if v._record else ()
            assert all(position[w] < position[v] for w in inputs if isinstance(w, Variable))


def test_backward_frees_the_graph_while_the_result_lives():
    gc.disable()  # nothing may wait for the collector of cycles
    try:
        v = Variable(np.ones((3, 5)))
        middle = (v * 2).tanh()
        watched = weakref.ref(middle)
        end = (middle * middle).sum()
        del middle
        assert watched() is not None
        end.backward()
        assert watched() is None
        assert end.data.shape == ()
    finally:
        gc.enable()


def test_a_result_that_is_dropped_frees_its_graph_without_backward():
    gc.disable()
    try:
        end = (Variable(np.ones(3)) * 2).tanh().sum()
        watched = weakref.ref(end._record.inputs[0])
        del end
        assert watched() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("again", [lambda h, y: y, lambda h, y: h, lambda h, y: h * 2 + 1])
def test_a_released_graph_is_refused_and_leaves_the_gradients_unchanged(again):
    v = Variable(2.0)
    h = v * v
    y = h + 1.0
    y.backward()
    with pytest.raises(RuntimeError, match="has released this graph; compute the result again"):
        again(h, y).backward()
    assert v.grad == 4


@pytest.mark.parametrize(
    "change",
    [
        lambda v, y: v.data.__setitem__(0, 9.0),
        lambda v, y: y.data.__iadd__(1.0),
        lambda v, y: v.data[1:].__imul__(2.0),
        lambda v, y: v.data.reshape(1, 3).fill(7.0),
        lambda v, y: np.copyto(v.data.T, 0.0),
        lambda v, y: v.reshape(3, 1).data.fill(0.0),
        lambda v, y: v[1:].data.fill(0.0),
        lambda v, y: v.T.data.fill(0.0),
    ],
)
def test_what_was_recorded_cannot_be_written_to(change):
    v = Variable([1.0, 2.0, 3.0])
    y = (v * v).tanh()
    with pytest.raises(ValueError, match="read-only"):
        change(v, y)


def test_what_was_recorded_cannot_be_replaced():
    with pytest.raises(AttributeError, match="data"):
        Variable(1.0).data = np.array(2.0)


def test_changes_of_the_given_arrays_change_no_gradient():
    w, x, rows = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0]), np.array([0, 1])
    view = w[0]
    v = Variable(w)
    y = (v[rows] * x).sum()
    w[:], x[:], view[:], rows[:] = 0, 0, 0, 0
    y.backward()
    np.testing.assert_array_equal(v.grad, [[5, 6], [5, 6]])
    np.testing.assert_array_equal(v.data, [[1, 2], [3, 4]])


def test_gradients_may_be_changed_by_the_caller():
    v, w = Variable([1.0, 2.0]), Variable([3.0, 4.0])
    (v + w).sum().backward()
    v.grad += 10
    np.testing.assert_array_equal(w.grad, [1, 1])


def test_a_result_of_many_numbers_needs_a_seed_of_its_shape():
    v = Variable([[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match=r"shape \(1, 3\) needs a seed"):
        (v * 2).backward()
    with pytest.raises(ValueError, match=r"seed of shape \(3,\) does not fit .* \(1, 3\)"):
        (v * 2).backward([1.0, 1.0, 1.0])
    (v * 2).backward([[1.0, 0.0, -1.0]])
    np.testing.assert_array_equal(v.grad, [[2, 0, -2]])


@pytest.mark.parametrize("data", [np.arange(3), [1, 2], "a", None, [True], 1j, Variable(1.0)])
def test_a_variable_refuses_anything_but_floating_point_numbers(data):
    with pytest.raises(TypeError, match="floating-point numbers|cannot be converted"):
        Variable(data)


def test_a_plain_integer_becomes_a_float():
    assert Variable(2).data.dtype == np.float64


def test_dtypes_are_not_mixed_silently():
    single = Variable(np.ones(3, np.float32))
    with pytest.raises(TypeError, match="mul cannot mix float32 and float64"):
        single * np.ones(3)
    with pytest.raises(TypeError, match="add cannot mix"):
        Variable(np.ones(3)) + single
    assert (2.5 * single).data.dtype == np.float32


def test_a_function_of_numpy_refuses_a_variable():
    with pytest.raises(TypeError, match="Variable"):
        np.exp(Variable(1.0))


def test_bases_and_exponents_may_be_variables_arrays_or_numbers():
    v, w = Variable([2.0, 3.0]), Variable([3.0, 2.0])
    for found, expected in ((v**w, [8, 9]), (v ** [3.0, 2.0], [8, 9]), (2 ** Variable(3.0), 8)):
        np.testing.assert_array_equal(found.data, expected)
    (v**v).sum().backward()
    np.testing.assert_allclose(v.grad, v.data**v.data * (np.log(v.data) + 1))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda v: sum(Variable(3.0)), lambda v: list(Variable(3.0)), lambda v: len(Variable(3.0)),
        lambda v: bool(Variable(0.0)), lambda v: v == v, lambda v: v != 1.0, lambda v: v < 1.0,
        lambda v: v <= 1.0, lambda v: np.ones(2) == v, lambda v: np.dot(v, v),
        lambda v: np.average(v), lambda v: np.argmax(v), lambda v: np.sum(v), lambda v: np.array(v),
        lambda v: np.asarray(v), lambda v: np.maximum(v, 0), lambda v: np.concatenate([v, v]),
        lambda v: np.where([True, False], v, 0.0), lambda v: np.float64(Variable(1.0)),
    ],
)  # fmt: skip
def test_functions_that_would_misread_a_variable_are_refused(wrong):
    with pytest.raises(TypeError, match="Variable|variable"):
        wrong(Variable([1.0, 2.0]))


def test_shapes_and_axes_may_be_one_tuple():
    v = Variable([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    for shape in ((3, 2), [3, 2], (-1,), 6, np.int64(6)):
        assert v.reshape(shape).shape == v.data.reshape(shape).shape
    np.testing.assert_array_equal(v.transpose((1, 0)).data, v.data.T)
    np.testing.assert_array_equal(v.transpose([1, 0]).data, v.transpose(1, 0).data)


def test_iterating_over_the_rows_ends_after_the_last_one():
    rows = list(Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    assert [row.data.tolist() for row in rows] == [[1, 2], [3, 4], [5, 6]]


def squared_error(network, x, y):
    a = x
    for W, b in network:
        a = (a @ W.T + b).sigmoid()
    return ((a - y) ** 2).sum(axis=1).mean()


@given(st.lists(st.sampled_from([1, 2, 3, 5, 7, 11]), min_size=2, max_size=5))
def test_the_gradient_of_a_network_is_that_of_backpropagation(sizes):
    rng = np.random.default_rng(len(sizes))
    network = networks.init_network(sizes, rng, dtype=np.float64)
    x, y = rng.standard_normal((13, sizes[0])), rng.uniform(size=(13, sizes[-1]))
    cost, grads = autodiff.cost_and_gradient(squared_error, network, x, y)
    expected_cost, expected = backprop.cost_and_gradient(network, x, y)
    assert cost == pytest.approx(expected_cost, rel=1e-14)
    for found, layer in zip(grads, expected, strict=True):
        assert isinstance(found, networks.Layer)
        np.testing.assert_allclose(found.W, layer.W, rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(found.b, layer.b, rtol=1e-10, atol=1e-14)


def test_the_repr_shows_the_data():
    assert repr(Variable([1.0, 2.5])) == "Variable([1. , 2.5])"


@pytest.mark.parametrize(
    "settings", [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 2)}, {"axis": 1, "keepdims": True}]
)
@pytest.mark.parametrize("name", ["sum", "mean", "max"])
def test_a_reduction_goes_along_the_axes_that_it_is_given(name, settings):
    a = np.random.default_rng(4).standard_normal((2, 3, 5))
    v, tensor = Variable(a), torch.tensor(a, requires_grad=True)
    found = getattr(v, name)(**settings)
    by_torch = getattr(torch, {"max": "amax"}.get(name, name))
    axis = settings.get("axis", tuple(range(a.ndim)))
    expected = by_torch(tensor, axis, keepdim=settings.get("keepdims", False))
    assert found.shape == expected.shape
    np.testing.assert_allclose(found.data, expected.detach())
    seed = np.random.default_rng(5).standard_normal(found.shape)
    found.backward(seed)
    expected.backward(torch.tensor(seed))
    np.testing.assert_allclose(v.grad, tensor.grad)
