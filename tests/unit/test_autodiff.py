"""Reverse mode finds the slopes that torch and differences find, for each operation of the table.

Whatever is added to the table is tried here without a line of its own.
"""

import gc
import itertools
import threading
import weakref

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import autodiff, backprop, networks
from weighted_sums.autodiff import Variable, apply
from weighted_sums.gradient_check import directional_difference
from weighted_sums.operations import OPERATIONS, unbroadcast

# what PyTorch calls by another name, or with other settings
TWINS = {
    "concatenate": lambda a, b, axis: torch.cat((a, b), axis),
    "index": lambda a, index: a[index],
    "matmul": torch.matmul,
    "max": lambda a, axis, keepdims: torch.amax(a, _all(a, axis), keepdim=keepdims),
    "pow": lambda a, k: a**k,
    "power": torch.pow,
    "reshape": torch.reshape,
    "sum": lambda a, axis, keepdims: torch.sum(a, _all(a, axis), keepdim=keepdims),
    "transpose": lambda a, axes: a.permute(*(axes or reversed(range(a.ndim)))),
    "where": lambda a, b, condition: torch.where(torch.tensor(condition), a, b),
}


def _all(a, axis):
    return tuple(range(a.ndim)) if axis is None else axis


def twin(name):
    return TWINS.get(name) or getattr(torch, name)


CASES = [
    pytest.param(name, shapes, settings, id=f"{name} {shapes} {settings or ''}")
    for name, operation in OPERATIONS.items()
    for shapes, settings in itertools.product(operation.shapes, operation.settings)
]


def drawn(name, shapes, dtype=np.float64):
    """Inputs in the range of the operation, no two numbers near each other, none near zero."""
    sizes = [int(np.prod(shape)) for shape in shapes]
    grid = np.linspace(OPERATIONS[name].low, 2.03, sum(sizes) + 1)
    numbers = iter(np.random.default_rng(0).permutation(grid))
    return [
        np.fromiter(numbers, dtype, size).reshape(shape)
        for size, shape in zip(sizes, shapes, strict=True)
    ]


def backward(name, arrays, settings, seed=None):
    inputs = [Variable(a) for a in arrays]
    y = apply(name, *inputs, **settings)
    if seed is None:
        seed = np.random.default_rng(1).standard_normal(y.shape).astype(y.data.dtype)
    y.backward(seed)
    return y.data, [v.grad for v in inputs], seed


@pytest.mark.parametrize(("name", "shapes", "settings"), CASES)
def test_an_operation_agrees_with_torch(name, shapes, settings):
    arrays = drawn(name, shapes)
    y, grads, seed = backward(name, arrays, settings)
    tensors = [torch.tensor(a, requires_grad=True) for a in arrays]
    expected = twin(name)(*tensors, **settings)
    expected.backward(torch.tensor(seed))
    assert y.shape == expected.shape
    np.testing.assert_allclose(y, expected.detach(), rtol=1e-10, atol=1e-12)
    for found, tensor in zip(grads, tensors, strict=True):
        assert found.shape == tensor.shape
        np.testing.assert_allclose(found, tensor.grad, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("name", "shapes", "settings"), CASES)
def test_an_operation_agrees_with_differences(name, shapes, settings):
    arrays = drawn(name, shapes)
    _, grads, seed = backward(name, arrays, settings)
    rng = np.random.default_rng(2)
    for i, (a, slope) in enumerate(zip(arrays, grads, strict=True)):

        def along(flat, i=i, a=a):
            inputs = [*arrays[:i], flat.reshape(a.shape), *arrays[i + 1 :]]
            return float((OPERATIONS[name].forward(*inputs, **settings) * seed).sum())

        direction = rng.standard_normal(a.size)
        found = directional_difference(along, a.ravel(), direction, h=1e-6)
        assert found == pytest.approx(float(slope.ravel() @ direction), rel=1e-7, abs=1e-7)


@pytest.mark.parametrize(("name", "shapes", "settings"), CASES)
def test_the_dtype_of_the_input_is_that_of_result_and_slope(name, shapes, settings):
    y, grads, _ = backward(name, drawn(name, shapes, np.float32), settings)
    assert y.dtype == np.float32
    assert {slope.dtype for slope in grads} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_its_name_when_it_is_tried_on_what_does_not_fit(name):
    settings = OPERATIONS[name].settings[0]
    misfits = {"sum": {"axis": 7}, "max": {"axis": 7}, "reshape": {"shape": (7, 7)}}
    misfits |= {"transpose": {"axes": (0, 5)}, "index": {"index": 99}}
    inputs = [Variable(np.ones((2, 3))), Variable(np.ones((4, 7)))]
    inputs = inputs[: len(OPERATIONS[name].grads)]
    if len(inputs) == 2 or name in misfits:
        settings = settings | misfits.get(name, {})
        with pytest.raises((ValueError, IndexError), match=rf"^{name} .*\(2, 3\)"):
            apply(name, *inputs, **settings)


def axes_and_broadcast():
    """A shape, and one that broadcasting stretches to it."""
    full = st.lists(st.sampled_from([2, 3, 5, 7]), max_size=4, unique=True)

    def narrowed(shape):
        ones = st.tuples(*(st.sampled_from([1, n]) for n in shape))
        return ones.flatmap(
            lambda short: st.integers(0, len(shape)).map(lambda drop: (tuple(shape), short[drop:]))
        )

    return full.flatmap(narrowed)


@given(axes_and_broadcast())
def test_unbroadcasting_is_the_transpose_of_broadcasting(shapes):
    full, short = shapes
    rng = np.random.default_rng(0)
    d, a = rng.standard_normal(full), rng.standard_normal(short)
    folded = unbroadcast(d, short)
    assert folded.shape == short
    assert np.sum(folded * a) == pytest.approx(np.sum(d * np.broadcast_to(a, full)))


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


def test_numbers_and_arrays_may_stand_on_either_side_of_every_sign():
    v, a = Variable([1.0, 2.0]), np.array([3.0, 5.0])
    for found, expected in (
        (v + 1, [2, 3]), (1 + v, [2, 3]), (v - 1, [0, 1]), (1 - v, [0, -1]), (v * 3, [3, 6]),
        (3 * v, [3, 6]), (v / 2, [0.5, 1]), (2 / v, [2, 1]), (a + v, [4, 7]), (a - v, [2, 3]),
        (v - a, [-2, -3]), (a * v, [3, 10]), (a / v, [3, 2.5]), (a @ v, 13), (v @ a, 13),
        (v @ [3.0, 5.0], 13), (np.float64(2) * v, [2, 4]), (v**2, [1, 4]), (-v, [-1, -2]),
    ):  # fmt: skip
        assert isinstance(found, Variable)
        np.testing.assert_array_equal(found.data, expected)


def test_numbers_of_one_entry_compute_like_plain_numbers():
    """A mixed sum of products, powers, quotients and kinks, each value used several times."""
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
def test_a_value_used_many_times_gets_the_sum_of_the_slopes(times):
    v = Variable(2.0)
    sum((v * k for k in range(times)), start=v).backward()
    assert v.grad == 1 + sum(range(times))


def test_slopes_of_two_results_add_up_until_new_variables_are_made():
    v = Variable(3.0)
    (v * v).backward()
    (5 * v).backward()
    assert v.grad == 11


def test_a_variable_that_the_result_does_not_depend_on_has_slope_zero():
    v, w = Variable([1.0, 2.0]), Variable(1.0)
    (w * 2).backward()
    np.testing.assert_array_equal(v.grad, [0, 0])


def test_equal_largest_entries_share_the_slope():
    v = Variable([[1.0, 4.0, 4.0], [2.0, 2.0, 2.0]])
    v.max(axis=1).backward([6.0, 6.0])
    np.testing.assert_array_equal(v.grad, [[0, 3, 3], [2, 2, 2]])


def test_zero_to_a_power_has_its_true_slope():
    for power, slope in ((0, 0), (1, 1), (2, 0), (3, 0)):
        v = Variable(0.0)
        (v**power).backward()
        assert v.grad == slope


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
    """Python frees what hangs on a freed thing; tried in a thread with a small stack."""

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


def test_every_variable_is_listed_behind_what_it_was_computed_from():
    rng = np.random.default_rng(3)
    for _ in range(50):
        _, (end, _) = random_graph(rng, constant=2.0)
        order = autodiff.topological_order(end)
        place = {v: i for i, v in enumerate(order)}
        assert order[-1] is end
        for v in order:
            inputs = v._record[1] if v._record else ()
            assert all(place[w] < place[v] for w in inputs if isinstance(w, Variable))


def test_what_lies_between_is_freed_by_backward_while_the_result_lives():
    gc.disable()  # nothing may wait for the search for cycles
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
        watched = weakref.ref(end._record[1][0])
        del end
        assert watched() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("again", [lambda h, y: y, lambda h, y: h, lambda h, y: h * 2 + 1])
def test_a_released_graph_says_so_and_leaves_the_slopes_alone(again):
    v = Variable(2.0)
    h = v * v
    y = h + 1.0
    y.backward()
    with pytest.raises(RuntimeError, match="released the graph; compute it anew"):
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


def test_changes_of_the_arrays_given_change_no_slope():
    w, x, rows = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0]), np.array([0, 1])
    view = w[0]
    v = Variable(w)
    y = (v[rows] * x).sum()
    w[:], x[:], view[:], rows[:] = 0, 0, 0, 0
    y.backward()
    np.testing.assert_array_equal(v.grad, [[5, 6], [5, 6]])
    np.testing.assert_array_equal(v.data, [[1, 2], [3, 4]])


def test_slopes_found_are_the_callers_to_change():
    v, w = Variable([1.0, 2.0]), Variable([3.0, 4.0])
    (v + w).sum().backward()
    v.grad += 10
    np.testing.assert_array_equal(w.grad, [1, 1])


def test_many_results_need_a_seed_of_their_shape():
    v = Variable([[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match=r"shape \(1, 3\) needs a seed"):
        (v * 2).backward()
    with pytest.raises(ValueError, match=r"seed of shape \(3,\) does not fit .* \(1, 3\)"):
        (v * 2).backward([1.0, 1.0, 1.0])
    (v * 2).backward([[1.0, 0.0, -1.0]])
    np.testing.assert_array_equal(v.grad, [[2, 0, -2]])


@pytest.mark.parametrize("data", [np.arange(3), [1, 2], "a", None, [True], 1j, Variable(1.0)])
def test_a_variable_refuses_what_are_no_decimal_numbers(data):
    with pytest.raises(TypeError, match="decimal numbers"):
        Variable(data)


def test_a_plain_whole_number_becomes_a_decimal_one():
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


def test_an_exponent_may_be_a_variable_or_an_array_and_a_number_may_have_one():
    v, w = Variable([2.0, 3.0]), Variable([3.0, 2.0])
    for found, expected in ((v**w, [8, 9]), (v ** [3.0, 2.0], [8, 9]), (2 ** Variable(3.0), 8)):
        np.testing.assert_array_equal(found.data, expected)
    (v**v).sum().backward()
    np.testing.assert_allclose(v.grad, v.data**v.data * (np.log(v.data) + 1))


@pytest.mark.parametrize(("base", "exponent"), [(0.0, 0.0), (0.0, 2.0), (0.0, 1.0)])
def test_zero_to_the_power_of_a_variable_has_the_slopes_of_torch(base, exponent):
    v, w = Variable(base), Variable(exponent)
    tv, tw = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (base, exponent))
    with np.errstate(divide="ignore", invalid="ignore"):
        (v**w).backward()
    (tv**tw).backward()
    assert w.grad == tw.grad.item()
    if exponent:
        assert v.grad == tv.grad.item()


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
def test_what_would_misread_a_variable_is_refused(wrong):
    with pytest.raises(TypeError, match="Variable|variable"):
        wrong(Variable([1.0, 2.0]))


def test_a_shape_and_an_order_of_axes_may_be_one_tuple():
    v = Variable([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    for shape in ((3, 2), [3, 2], (-1,), 6, np.int64(6)):
        assert v.reshape(shape).shape == v.data.reshape(shape).shape
    np.testing.assert_array_equal(v.transpose((1, 0)).data, v.data.T)
    np.testing.assert_array_equal(v.transpose([1, 0]).data, v.transpose(1, 0).data)


def test_parts_are_joined_and_each_gets_its_part_of_the_slope():
    sizes = (3, 1, 2, 2, 5)
    arrays = [np.random.default_rng(n).standard_normal((2, n)) for n in sizes]
    parts = [Variable(a) for a in arrays]
    joined = autodiff.concatenate([*parts[:2], arrays[2], *parts[3:]], axis=-1)
    np.testing.assert_array_equal(joined.data, np.concatenate(arrays, axis=-1))
    seed = np.random.default_rng(9).standard_normal(joined.shape)
    joined.backward(seed)
    wanted = np.split(seed, np.cumsum(sizes)[:-1], axis=-1)
    for i in (0, 1, 3, 4):
        np.testing.assert_array_equal(parts[i].grad, wanted[i])
    assert autodiff.concatenate(parts[:1]) is parts[0]
    with pytest.raises(ValueError, match="must be a part"):
        autodiff.concatenate([])


def test_the_larger_and_the_chosen_entries_get_the_slope():
    v, w = Variable([1.0, 2.0, 3.0]), Variable([3.0, 2.0, 1.0])
    autodiff.maximum(v, w).sum().backward()
    np.testing.assert_array_equal(v.grad, [0, 0.5, 1])
    np.testing.assert_array_equal(w.grad, [1, 0.5, 0])
    found = autodiff.where(v.data > 1.5, v, 0.0)
    np.testing.assert_array_equal(found.data, [0, 2, 3])
    assert autodiff.maximum(Variable(np.ones(3, np.float32)), 0).data.dtype == np.float32
    with pytest.raises(ValueError, match="true or false, not float64"):
        autodiff.where([1.0, 0.0, 1.0], v, w)


def test_going_through_the_rows_ends_after_the_last_one():
    rows = list(Variable([[1.0, 2.0], [3.0, 4.0]]))
    assert [row.data.tolist() for row in rows] == [[1, 2], [3, 4]]


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


def test_a_variable_shows_its_numbers():
    assert repr(Variable([1.0, 2.5])) == "Variable([1. , 2.5])"
