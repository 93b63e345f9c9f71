"""Small numbers are converted; what does not fit is refused by its name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from weighted_sums.autodiff import Variable
from weighted_sums.workshop import checks

pytestmark = pytest.mark.usefixtures("without_shape_checks")


@given(hnp.arrays(hnp.integer_dtypes() | hnp.floating_dtypes(sizes=(16,)), 5))
def test_no_number_is_lost_by_making_it_a_float(array):
    found = checks.as_float(array)
    assert found.dtype == (np.float32 if array.dtype.kind == "f" else np.float64)
    if array.dtype.itemsize < 8:
        np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_what_can_be_computed_with_is_not_copied(kind):
    array = np.ones(3, kind)
    assert checks.as_float(array) is array
    assert checks.as_float(array[0]).dtype == kind


def test_lists_become_arrays_and_other_objects_are_left_alone():
    assert checks.as_float([1, 2]).dtype == np.float64
    assert checks.as_float(3).shape == ()
    v = Variable(1.0)
    assert checks.as_float(v) is v


@pytest.mark.parametrize(
    "wrong", [["a"], "a", None, {}, np.array(["1"]), [None], 1j * np.ones(2), [[1], [1, 2]]]
)
def test_what_is_no_number_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match="^the rewards must"):
        checks.as_float(wrong, "the rewards")


def test_targets_take_the_dtype_of_the_outputs():
    a, y = checks.as_float_pair(np.ones((2, 3), np.float32), np.ones((2, 3), int))
    assert a.dtype == y.dtype == np.float32
    with pytest.raises(ValueError, match=r"shape \(2, 3\) do not fit targets of shape \(2, 1\)"):
        checks.as_float_pair(np.ones((2, 3)), np.ones((2, 1)))
    with pytest.raises(ValueError, match=r"outputs of shape \(0, 3\) hold no example"):
        checks.as_float_pair(np.ones((0, 3)), np.ones((0, 3)))


@given(st.lists(st.integers(-3, 12), max_size=5))
def test_indices_are_those_of_a_list(numbers):
    if all(0 <= n < 10 or n == -1 for n in numbers):
        assert checks.indices(numbers, 10, ignore_index=-1).tolist() == numbers
    else:
        with pytest.raises(ValueError, match=r"labels must lie in 0\.\.9, found"):
            checks.indices(numbers, 10, "labels", ignore_index=-1)


@pytest.mark.parametrize("wrong", [0, -1, 2.0, True, "2", None])
def test_a_whole_number_is_one(wrong):
    assert checks.whole_number(np.int64(2), "k") == 2
    with pytest.raises(ValueError, match="k must be a whole number of at least 1, not"):
        checks.whole_number(wrong, "k")
