"""Maps: grids with a name, that NumPy takes for arrays."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from xo_cnn import convolve
from xo_cnn.errors import GridError, ShapeError
from xo_cnn.grid import (
    Map,
    as_map,
    as_maps,
    is_list,
    is_plus_minus_one,
    refuse_beyond_one,
    refuse_wrong_scale,
    to_cells,
    to_levels,
)


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


def test_every_row_of_a_large_map_is_divided() -> None:
    """The last ones too, also where the sums are a view of something larger."""
    sums = np.resize(np.arange(-60, 60, dtype=np.int8), (1500, 412))[:, :409]
    values = sums.astype(np.float32) / np.float32(9)
    assert np.array_equal(Map("", sums, 9).values, values)


def test_sums_in_float64_give_values_in_float64() -> None:
    """What came in double precision keeps it."""
    assert Map("", np.array([[1.0]]), 3).values.tolist() == [[1 / 3]]


@pytest.mark.parametrize("kind", [">f8", "<f8", np.longdouble])
def test_what_is_float64_stays_it(kind: Any) -> None:
    """In any order of bytes, and where a number has more bits than that; so does what is made from it."""
    feature = np.array([[0.1]], kind)
    assert as_map(feature).values.dtype == Map("", feature).values.dtype == np.float64
    assert convolve(np.ones((1, 1)), feature).values[0, 0] == np.float64(feature[0, 0])
    assert convolve(np.ones((1, 1)), np.array([[-1]], ">i4")).values.tolist() == [[-1]]


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
    assert np.asarray(Map("", one.sums)) is one.sums
    assert one.__array__().tolist() == one.values.tolist()  # as NumPy 1 calls it, without a word about copies
    assert not np.shares_memory(np.array(Map("", one.sums)), one.sums)
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
        (7, False),
    ],
)
def test_several_grids_are_told_from_one(what: Any, several: bool) -> None:
    """A list of rows is one grid, also with ragged rows; a list or a stack of grids is several."""
    assert is_list(what) is several


def test_equal_maps_are_equal() -> None:
    """The name and the numbers count, not what they are kept in; equal maps have equal hashes."""
    one = Map("diag", np.array([[9, -9]], np.int8), 9)
    same = Map("diag", np.array([[1, -1]], np.float64))
    assert one == same
    assert hash(one) == hash(same)
    assert Map("hole", np.array([[np.nan]])) == Map("hole", np.array([[np.nan]]))
    for other in (Map("anti", same.sums), Map("diag", same.sums.T), Map("diag", -same.sums), "diag"):
        assert one != other


def test_a_map_can_be_replaced() -> None:
    """As any dataclass, with a new name or new sums."""
    one = Map("diag", np.array([[9, -9]]), 9)
    assert replace(one, name="anti") == Map("anti", one.sums, 9)
    assert replace(one, sums=one.sums * 0).values.tolist() == [[0, 0]]


def test_a_list_a_tuple_and_a_stack_are_several_maps() -> None:
    """And one grid alone is an error that says what was expected."""
    for several in ([[[1]], [[2]]], ([[1]], Map("", np.array([[2]]))), np.array([[[1]], [[2]]])):
        assert [one.sums.tolist() for one in as_maps(several)] == [[[1]], [[2]]]
    with pytest.raises(ShapeError, match="expected a list of grids"):
        as_maps([[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (np.array([[0, 255]], np.uint8), "from 0 to 255, not from -1"),
        (np.array([[-128, 1]], np.int8), "from -128 to 1, not"),
        (np.array([[0.5, np.nan]]), "from nan to nan, not"),
        (np.array([[0, 1]]), "of 0 and 1 alone"),
        (np.zeros((2, 2)), "of 0 and 1 alone"),
        (np.array([[[1, -1]], [[0, 1]]]), "of 0 and 1 alone"),
    ],
)
def test_a_wrong_scale_is_refused(cells: Any, said: str) -> None:
    """Levels, bits, and what is not a number."""
    with pytest.raises(GridError, match=f"the grid has cells {said}"):
        refuse_wrong_scale(cells, "the grid")


@pytest.mark.parametrize("cells", [[[1, 1]], [[-1, 0]], [[0, 0.5]], [[0.25, 1]]])
def test_cells_from_black_to_white_are_right(cells: Any) -> None:
    """±1 and greys alike, also where all are light."""
    refuse_wrong_scale(np.array(cells), "the grid")


@pytest.mark.parametrize("dtype", ["i1", "u1", "i8", "f4", "f8"])
def test_a_grid_of_ones_is_told_from_others(dtype: str) -> None:
    """Every cell 1 or -1, in any type; nothing wraps."""
    assert is_plus_minus_one(np.ones((2, 2), dtype))
    for other in (0, 127, -128 if dtype == "i1" else 2, *([0.5, np.nan] if dtype[0] == "f" else [])):
        assert not is_plus_minus_one(np.array([[1, other]], dtype))


def test_levels_of_light_and_cells_are_one_scale() -> None:
    """Every level comes back from its cell; what lies beyond black and white is clipped."""
    levels = np.arange(256, dtype=np.uint8)[None]
    cells = to_cells(levels)
    assert cells.dtype == np.float32
    assert (cells[0, 0], cells[0, -1]) == (-1, 1)
    assert np.allclose(cells, levels / 127.5 - 1, rtol=0, atol=1e-7)
    assert np.array_equal(to_levels(cells), levels)
    assert to_levels(np.array([[-7.0, 0, 9]])).tolist() == [[0, 128, 255]]


@pytest.mark.parametrize("bad", [2, -2])
@pytest.mark.parametrize("row", [0, 1099])
def test_no_block_of_a_large_grid_is_left_unchecked(bad: int, row: int) -> None:
    """The smallest and the largest cell are those of all blocks."""
    cells = np.ones((1100, 1000), np.int8)
    cells[row, 0] = bad
    with pytest.raises(GridError, match=f"has cells from {min(bad, 1)} to {max(bad, 1)}, not"):
        refuse_beyond_one(cells, "the grid")
