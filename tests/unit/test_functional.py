"""What joins or chooses among Variables sends each entry's gradient to where it came from."""

import numpy as np
import pytest

from weighted_sums import functional
from weighted_sums.autodiff import Variable


def test_each_part_of_a_concatenation_gets_its_slice_of_the_gradient():
    sizes = (3, 1, 2, 2, 5)
    arrays = [np.random.default_rng(n).standard_normal((2, n)) for n in sizes]
    parts = [Variable(a) for a in arrays]
    joined = functional.concatenate([*parts[:2], arrays[2], *parts[3:]], axis=-1)
    np.testing.assert_array_equal(joined.data, np.concatenate(arrays, axis=-1))
    seed = np.random.default_rng(9).standard_normal(joined.shape)
    joined.backward(seed)
    expected = np.split(seed, np.cumsum(sizes)[:-1], axis=-1)
    for i in (0, 1, 3, 4):
        np.testing.assert_array_equal(parts[i].grad, expected[i])
    assert functional.concatenate(parts[:1]) is parts[0]
    with pytest.raises(ValueError, match="at least one part"):
        functional.concatenate([])


def test_the_larger_and_the_chosen_entries_get_the_gradient():
    v, w = Variable([1.0, 2.0, 3.0]), Variable([3.0, 2.0, 1.0])
    functional.maximum(v, w).sum().backward()
    np.testing.assert_array_equal(v.grad, [0, 0.5, 1])
    np.testing.assert_array_equal(w.grad, [1, 0.5, 0])
    found = functional.where(v.data > 1.5, v, 0.0)
    np.testing.assert_array_equal(found.data, [0, 2, 3])
    assert functional.maximum(Variable(np.ones(3, np.float32)), 0).data.dtype == np.float32
    with pytest.raises(ValueError, match="must be boolean, not float64"):
        functional.where([1.0, 0.0, 1.0], v, w)


def test_parts_are_joined_along_the_first_axis_unless_another_is_named():
    rows = [Variable(np.full((n, 2), float(n))) for n in (1, 3)]
    np.testing.assert_array_equal(
        functional.concatenate(rows).data, np.concatenate([v.data for v in rows])
    )
