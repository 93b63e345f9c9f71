"""Every operation of the table agrees with torch and with finite differences, new ones too."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from operation_cases import TRIALS

from weighted_sums.autodiff import Variable, apply
from weighted_sums.gradient_check import directional_difference
from weighted_sums.operations import OPERATIONS, unbroadcast

# what PyTorch calls by another name, or with other settings
IN_TORCH = {
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


def in_torch(name):
    return IN_TORCH.get(name) or getattr(torch, name)


CASES = [
    pytest.param(name, shapes, settings, id=f"{name} {shapes} {settings or ''}")
    for name, trials in TRIALS.items()
    for shapes, settings in itertools.product(trials.shapes, trials.settings)
]


def inputs_for(name, shapes, dtype=np.float64):
    """Inputs in the range of the operation, with no two numbers close together and none near 0."""
    sizes = [int(np.prod(shape)) for shape in shapes]
    grid = np.linspace(TRIALS[name].low, 2.03, sum(sizes) + 1)
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


def test_every_operation_is_tried():
    assert OPERATIONS.keys() == TRIALS.keys()


@pytest.mark.parametrize(("name", "shapes", "settings"), CASES)
def test_an_operation_agrees_with_torch(name, shapes, settings):
    arrays = inputs_for(name, shapes)
    y, grads, seed = backward(name, arrays, settings)
    tensors = [torch.tensor(a, requires_grad=True) for a in arrays]
    expected = in_torch(name)(*tensors, **settings)
    expected.backward(torch.tensor(seed))
    assert y.shape == expected.shape
    np.testing.assert_allclose(y, expected.detach(), rtol=1e-10, atol=1e-12)
    for found, tensor in zip(grads, tensors, strict=True):
        assert found.shape == tensor.shape
        np.testing.assert_allclose(found, tensor.grad, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("name", "shapes", "settings"), CASES)
def test_an_operation_agrees_with_finite_differences(name, shapes, settings):
    arrays = inputs_for(name, shapes)
    _, grads, seed = backward(name, arrays, settings)
    rng = np.random.default_rng(2)
    for i, (a, da) in enumerate(zip(arrays, grads, strict=True)):

        def along(flat, i=i, a=a):
            inputs = [*arrays[:i], flat.reshape(a.shape), *arrays[i + 1 :]]
            return float((OPERATIONS[name].forward(*inputs, **settings) * seed).sum())

        direction = rng.standard_normal(a.size)
        found = directional_difference(along, a.ravel(), direction, h=1e-6)
        assert found == pytest.approx(float(da.ravel() @ direction), rel=1e-7, abs=1e-7)


@pytest.mark.parametrize(("name", "shapes", "settings"), CASES)
def test_the_dtype_of_the_input_is_that_of_result_and_gradient(name, shapes, settings):
    y, grads, _ = backward(name, inputs_for(name, shapes, np.float32), settings)
    assert y.dtype == np.float32
    assert {da.dtype for da in grads} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_error_for_inputs_that_do_not_fit_names_the_operation(name):
    settings = TRIALS[name].settings[0]
    misfits = {"sum": {"axis": 7}, "max": {"axis": 7}, "reshape": {"shape": (7, 7)}}
    misfits |= {"transpose": {"axes": (0, 5)}, "index": {"index": 99}}
    inputs = [Variable(np.ones((2, 3))), Variable(np.ones((4, 7)))]
    inputs = inputs[: len(OPERATIONS[name].backward)]
    if len(inputs) == 2 or name in misfits:
        settings = settings | misfits.get(name, {})
        with pytest.raises((ValueError, IndexError), match=rf"^{name} .*\(2, 3\)"):
            apply(name, *inputs, **settings)


def axes_and_broadcast():
    """A shape, and one that can be broadcast to it."""
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
    summed = unbroadcast(d, short)
    assert summed.shape == short
    assert np.sum(summed * a) == pytest.approx(np.sum(d * np.broadcast_to(a, full)))


def test_equal_largest_entries_share_the_gradient():
    v = Variable([[1.0, 4.0, 4.0], [2.0, 2.0, 2.0]])
    v.max(axis=1).backward([6.0, 6.0])
    np.testing.assert_array_equal(v.grad, [[0, 3, 3], [2, 2, 2]])


def test_zero_to_a_power_has_the_right_derivative():
    for power, derivative in ((0, 0), (1, 1), (2, 0), (3, 0)):
        v = Variable(0.0)
        (v**power).backward()
        assert v.grad == derivative
        (v**power).backward(0.0)  # which adds nothing
        assert v.grad == derivative


def test_the_larger_of_two_equal_numbers_shares_its_gradient():
    v, w = Variable([1.0, 2.0, 3.0]), Variable([2.0, 2.0, 2.0])
    apply("maximum", v, w).backward([6.0, 6.0, 6.0])
    np.testing.assert_array_equal([v.grad, w.grad], [[0, 3, 6], [6, 3, 0]])


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0, 2.0, -1.0])
@pytest.mark.parametrize("base", [0.0, 1.0])
def test_zero_and_one_to_the_power_of_a_variable_agree_with_torch(base, exponent):
    v, w = Variable(base), Variable(exponent)
    tv, tw = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (base, exponent))
    infinite = {"divide": "ignore", "invalid": "ignore"} if exponent < 1 else {}
    with np.errstate(**infinite):
        (v**w).backward()
    (tv**tw).backward()
    assert w.grad == tw.grad.item()
    if exponent:  # at 0 to the 0 the derivative in the base is a matter of taste
        assert v.grad == tv.grad.item()
