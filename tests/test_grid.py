"""Maps: grids with a name, that NumPy takes for arrays."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from xo_cnn import grid as maps
from xo_cnn.errors import ShapeError
from xo_cnn.grid import Map, as_map, is_list


@given(st.integers(-30000, 30000), st.integers(2, 30000))
def test_a_number_is_the_float32_nearest_to_the_exact_fraction(total: int, cells: int) -> None:
    """No float32 lies closer to sum/cells than the one that a map gives, whatever the integers it is kept in."""
    value = Map("", np.array([[total]], np.int32), cells).values[0, 0]
    assert value.dtype == np.float32
    assert value == np.float32(total) / np.float32(cells)
    error = abs(Fraction(float(value)) - Fraction(total, cells))
    for neighbour in (np.nextafter(value, np.float32(np.inf)), np.nextafter(value, np.float32(-np.inf))):
        assert error <= abs(Fraction(float(neighbour)) - Fraction(total, cells))


@pytest.mark.parametrize("dtype", ["i1", "i2", "i4", "i8", "f4"])
def test_values_are_float32_whatever_the_sums_are_kept_in(dtype: str) -> None:
    """The type of the sums is a matter of speed and does not show."""
    one = Map("", np.array([[9, -7], [0, 3]], dtype), 9)
    assert one.values.dtype == np.float32
    assert one.values.tolist() == np.divide([[9, -7], [0, 3]], 9, dtype=np.float32).tolist()


@pytest.mark.parametrize("block", [1, 40, 1 << 20])
def test_values_come_out_alike_however_many_are_divided_at_a_time(block: int) -> None:
    """Every row is divided, the last ones too, also where the sums are a view of something larger."""
    sums = np.arange(-60, 60, dtype=np.int8).reshape(10, 12)[:, :9]
    with mock.patch.object(maps, "BLOCK", block):
        assert np.array_equal(Map("", sums, 9).values, sums.astype(np.float32) / np.float32(9))


def test_sums_in_float64_give_values_in_float64() -> None:
    """What came in double precision keeps it."""
    assert Map("", np.array([[1.0]]), 3).values.tolist() == [[1 / 3]]


def test_a_map_of_one_cell_sums_is_its_sums() -> None:
    """With nothing to divide by, the numbers are the sums themselves."""
    sums = np.array([[1, -1]], np.int8)
    assert Map("", sums).values is sums


def test_numpy_takes_a_map_for_an_array() -> None:
    """A map may stand wherever an array may, in any type."""
    one = Map("diag", np.array([[7, -1]], np.int8), 9)
    assert np.asarray(one).dtype == np.float32
    assert np.asarray(one, dtype=np.float64).dtype == np.float64
    assert np.add(one, 1).tolist() == (one.values + 1).tolist()
    assert np.max(np.array(one)) == np.float32(7) / np.float32(9)
    copy = np.array(one)
    copy[0, 0] = 5
    assert one.values[0, 0] < 1


def test_a_map_is_called_by_name_and_shape() -> None:
    """Messages name a map, and one without a name by its shape alone."""
    grid = np.ones((3, 2))
    assert repr(Map("diag", grid)) == "Map('diag', 3x2)"
    assert Map("diag", grid).called("the map") == "the map diag (3x2)"
    assert Map("", grid).called("the map") == "the map (3x2)"
    assert Map("two  blanks", grid).called("the map") == "the map two  blanks (3x2)"


@given(arrays(st.sampled_from(["?", "i1", "u2", "i8", "f2", "f4", "f8", ">i4"]), (2, 3)))
def test_any_rows_of_numbers_are_a_grid(array: Any) -> None:
    """Arrays of every real type and nested lists come in with the numbers that they hold."""
    assert np.array_equal(as_map(array).values, array, equal_nan=array.dtype.kind == "f")
    assert np.array_equal(as_map(array.tolist()).values, array, equal_nan=array.dtype.kind == "f")


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        ([1, 2, 3], r"an image needs rows and columns, not the shape \(3,\)"),
        (5, r"not the shape \(\)"),
        (np.zeros((2, 0)), r"not the shape \(2, 0\)"),
        (np.zeros((0, 3)), r"not the shape \(0, 3\)"),
        (np.zeros((2, 2, 2)), r"not the shape \(2, 2, 2\)"),
        ([[1, 2], [3]], "an image needs rows of one length"),
        ([[1j]], "an image needs real numbers, not complex128"),
        ([["a"]], "an image needs real numbers, not <U1"),
        ([[None]], "an image needs real numbers, not object"),
        ("a string", r"not the shape \(\)"),
    ],
)
def test_what_is_no_grid_is_refused_by_name_and_shape(grid: Any, said: str) -> None:
    """The message tells what was wanted and what came."""
    with pytest.raises(ShapeError, match=said):
        as_map(grid, "an image")


@pytest.mark.parametrize(
    ("what", "several"),
    [
        (Map("", np.ones((1, 1))), False),
        ([Map("", np.ones((1, 1)))], True),
        (np.ones((2, 2)), False),
        (np.ones((2, 2, 2)), True),
        ([np.ones((2, 2)), [[1]]], True),
        ([[1, 2], [3, 4]], False),
        (([[1, 2]],), True),
        ([], True),
        ("text", False),
        ([[[1, 2], [3]]], True),
        ([[1, 2], [3]], False),
    ],
)
def test_several_grids_are_told_from_one(what: Any, several: bool) -> None:
    """A list of rows is one grid, also with ragged rows; a list or a stack of grids is several."""
    assert is_list(what) is several
