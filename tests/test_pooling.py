"""Pooling: the plain definition, and the public function that gives the same, only faster."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from xo_cnn import convolve, max_pool
from xo_cnn.errors import ShapeError
from xo_cnn.grid import Map
from xo_cnn.pooling import window_maxima

TYPES = ["i1", "i2", "i4", "i8", "u1", "u2", "f2", "f4", "f8", ">i2", ">f4"]


@st.composite
def pools(draw: st.DrawFn, *leading: int) -> tuple[Any, int, int]:
    """A map or several, with a window that fits and any stride."""
    shape = draw(st.tuples(st.integers(1, 13), st.integers(1, 13)))
    dtype = np.dtype(draw(st.sampled_from(TYPES)))
    # Negative where that is possible: nothing may be filled with 0.
    cells = st.integers(0, 120) if dtype.kind == "u" else st.integers(-120, -1)
    numbers = draw(arrays(dtype, (*leading, *shape), elements=cells))
    return numbers, draw(st.integers(1, min(shape))), draw(st.integers(1, 15))


def by_hand(numbers: Any, window: int, stride: int) -> list[list[Any]]:
    """The definition once more, with lists alone: every window that begins inside and that the text keeps."""
    height, width = numbers.shape
    starts = [
        [
            start
            for start in range(0, side, stride)
            if start == 0 or start + window <= side or start - stride + window < side
        ]
        for side in (height, width)
    ]
    cells = numbers.tolist()
    return [
        [
            max(
                cells[row][column]
                for row in range(top, min(top + window, height))
                for column in range(left, min(left + window, width))
            )
            for left in starts[1]
        ]
        for top in starts[0]
    ]


@given(pools())
def test_the_plain_definition_is_the_texts(case: tuple[Any, int, int]) -> None:
    """Windows counted out one by one over lists give what the definition in NumPy gives."""
    assert window_maxima(*case).tolist() == by_hand(*case)


@given(pools())
def test_pooling_commutes_with_the_division(case: tuple[Any, int, int]) -> None:
    """The largest sum divided is the largest quotient, to the last bit."""
    numbers, window, stride = case
    later = max_pool(Map("", numbers, 9), window, stride)
    sooner = max_pool(Map("", numbers, 9).values, window, stride)
    assert later.cells == 9
    assert np.array_equal(later.values, sooner.values)


@pytest.mark.parametrize("picture", ["X", "O", "X_deformed"])
def test_the_layers_of_the_text_come_out_in_ninths(article: Any, picture: str) -> None:
    """7x7 maps become 4x4, then 2x2, with the very numbers of the text."""
    maps = convolve(article[picture], [Map(name, np.array(cells)) for name, cells in article["features"].items()])
    for layer in ("pool1_numerators_over_9", "pool2_numerators_over_9"):
        maps = max_pool(maps)
        assert {one.name: one.sums.tolist() for one in maps} == article[layer][picture]
        assert all(one.cells == 9 for one in maps)
    assert np.ravel([one.sums for one in maps]).tolist() == article["vector_numerators_over_9"][picture]


@given(pools())
def test_pooling_is_the_plain_definition(case: tuple[Any, int, int]) -> None:
    """Whatever the shape, the window, the stride and the type."""
    pooled = max_pool(*case)
    assert pooled.sums.dtype == case[0].dtype.newbyteorder("=")
    assert np.array_equal(pooled.sums, window_maxima(*case))


def test_a_list_gives_a_list_in_its_order() -> None:
    """Names and order come through lists, tuples and stacks; no maps give no maps."""
    maps = [Map(str(number), np.full((4, 4), number)) for number in range(7)]
    for several in (maps, tuple(maps)):
        pooled = max_pool(several)
        assert [(one.name, one.sums.tolist()) for one in pooled] == [(str(n), [[n, n], [n, n]]) for n in range(7)]
    assert max_pool([]) == []
    assert [one.shape for one in max_pool(np.ones((3, 5, 4)))] == [(3, 2)] * 3


def test_any_layout_in_memory_is_taken() -> None:
    """Views, Fortran order, read-only memory and nested lists pool alike, and nothing is written to."""
    numbers = np.arange(120).reshape(10, 12) % 17
    numbers.setflags(write=False)
    plain = window_maxima(numbers, 3, 2)
    for same in (numbers, np.asfortranarray(numbers), np.repeat(numbers, 2, axis=1)[:, ::2], numbers.tolist()):
        assert np.array_equal(max_pool(same, 3, 2), plain)


def test_not_a_number_is_kept() -> None:
    """A window with a hole in it has no maximum, and says so instead of hiding it."""
    numbers = np.ones((4, 4), np.float32)
    numbers[0, 1] = np.nan
    assert np.isnan(max_pool(numbers).values).tolist() == [[True, False], [False, False]]


@pytest.mark.parametrize("wrong", [(0, 2), (2, 0), (-1, 1), (2.0, 2), ("2", 2), (2, None)])
def test_only_whole_steps_from_one_on_are_taken(wrong: Any) -> None:
    """What else came is in the message."""
    with pytest.raises(ShapeError, match="whole numbers of at least 1, not " + repr(wrong[0])):
        max_pool(np.ones((4, 4)), *wrong)


def test_numbers_of_numpy_are_whole_numbers_too() -> None:
    """A window out of an array is a window."""
    assert max_pool(np.ones((4, 4)), np.int64(2), np.uint8(2)).shape == (2, 2)  # type: ignore[arg-type]


def test_a_window_larger_than_the_map_is_refused() -> None:
    """The message names the window, the map and its shape, and the way out."""
    with pytest.raises(ShapeError, match=r"a window of 3x3 is larger than the map diag \(2x5\): choose a smaller"):
        max_pool([Map("diag", np.ones((2, 5)))], 3)


def test_a_stride_beyond_the_map_takes_no_memory() -> None:
    """One window is left, however far the next would be."""
    assert max_pool([[1, 2], [3, 4]], window=2, stride=10**30).sums.tolist() == [[4]]
    assert max_pool([[1, 2], [3, 4]], window=1, stride=10**9).sums.tolist() == [[1]]
