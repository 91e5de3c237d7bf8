"""Convolution: the plain definition, and the public function that gives the same, only faster."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import correlate2d

from xo_cnn import convolve
from xo_cnn.convolution import match_sums
from xo_cnn.errors import GridError, ShapeError
from xo_cnn.grid import Map


@pytest.mark.parametrize("picture", ["X", "O", "X_deformed"])
def test_the_maps_of_the_text_come_out_in_ninths(article: Any, picture: str) -> None:
    """Every number of every map in the text's figures, as a whole number of ninths."""
    features = [Map(name, np.array(cells)) for name, cells in article["features"].items()]
    for grid in (article[picture], np.array(article[picture], np.float32)):
        maps = convolve(grid, features)
        assert {one.name: one.sums.tolist() for one in maps} == article["maps_numerators_over_9"][picture]
        assert all(one.cells == 9 for one in maps)


@given(arrays(np.int8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.sampled_from([-1, 1])))
def test_a_feature_matches_itself_and_its_negative_in_full(feature: Any) -> None:
    """1 is a perfect match, -1 the photographic negative, and nothing lies beyond."""
    assert convolve(feature, feature).values.tolist() == [[1]]
    assert convolve(-feature, feature).values.tolist() == [[-1]]
    rows, columns = feature.shape
    values = convolve(np.pad(feature, ((rows, rows), (columns, columns)), constant_values=-1), feature).values
    assert values.max() == 1
    assert values.min() >= -1


@pytest.mark.parametrize("side", [12, 40])
def test_large_features_are_exact(side: int) -> None:
    """Beyond int8, and through the Fourier transform, sums of ones come out to the last digit."""
    rng = np.random.default_rng(side)
    grid = rng.choice([-1, 1], (90, 70))
    for feature in (rng.choice([-1, 1], (side, side)), rng.integers(-1, 2, (side, side)), np.ones((side, side))):
        exact = correlate2d(grid.astype(np.int64), feature.astype(np.int64), mode="valid")
        assert np.array_equal(convolve(grid, feature).sums, exact)


@pytest.mark.parametrize("wrong", [255, -1.5, np.nan, np.inf])
@pytest.mark.parametrize("kind", ["i4", "f4"])
def test_cells_beyond_the_scale_are_refused(wrong: float, kind: str) -> None:
    """Levels of light are no cells, and neither are holes; the image and the feature are told apart."""
    if kind == "i4" and wrong != 255:
        wrong = -2
    cells, ones = np.array([[wrong, 1]], kind), np.ones((1, 2))
    with pytest.raises(GridError, match="the image's grid has cells from"):
        convolve(cells, ones)
    with pytest.raises(GridError, match=r"the feature mine \(1x2\) has cells from"):
        convolve(ones, Map("mine", cells))


def test_maps_are_convolved_again() -> None:
    """What a convolution gives may be the image of the next, rounding errors and all."""
    grid = np.random.default_rng(3).uniform(-1, 1, (12, 12)).astype(np.float32)
    feature = grid[:5, :5] / np.abs(grid[:5, :5]).max()
    once = convolve(grid, feature)
    assert convolve(once, feature).shape == (4, 4)


@pytest.mark.parametrize(
    ("grid", "feature", "sums", "values"),
    [
        ("i1", "i1", "int8", "float32"),
        ("?", "f8", "int8", "float32"),
        ("i8", "f4", "int8", "float32"),
        ("i1", "half", "float32", "float32"),
        ("f2", "i1", "float32", "float32"),
        ("f4", "f8", "float32", "float32"),
        ("f4", "half", "float32", "float32"),
        ("f8", "i1", "float64", "float64"),
        ("f4", "double half", "float64", "float64"),
    ],
)
def test_sums_have_the_smallest_fitting_type(grid: str, feature: str, sums: str, values: str) -> None:
    """Whole numbers in small integers; real ones in float32, or in float64 where something came in it."""
    halves = {"half": np.full((3, 3), 0.5, np.float32), "double half": np.full((3, 3), 0.5)}
    one = convolve(np.ones((4, 4), grid), halves[feature] if feature in halves else np.ones((3, 3), feature))
    assert (one.sums.dtype.name, one.values.dtype.name) == (sums, values)


def test_a_feature_does_not_depend_on_its_neighbours() -> None:
    """Features of other shapes and kinds in the same list change no number and no kind of number."""
    grid = np.random.default_rng(1).choice([-1, 1], (20, 20))
    cross = np.array([[1, -1, 1], [-1, 1, -1], [1, -1, 1]])
    others = [np.full((3, 3), 0.3), np.ones((5, 2)), [[1]], np.full((3, 3), 0.5), cross.astype(np.float32)]
    alone = convolve(grid, cross)
    maps = convolve(grid, [*others, Map("cross", cross)])
    assert [one.shape for one in maps] == [(18, 18), (16, 19), (20, 20), (18, 18), (18, 18), (18, 18)]
    for same in maps[-2:]:
        assert same.sums.dtype == alone.sums.dtype
        assert np.array_equal(same.sums, alone.sums)
    assert maps[-1].name == "cross"


def test_a_list_gives_a_list_and_one_gives_one() -> None:
    """Lists of features, lists of lists and stacks alike; no features give no maps."""
    grid = [[1, -1], [-1, 1]]
    assert isinstance(convolve(grid, grid), Map)
    assert isinstance(convolve(grid, Map("", np.array(grid))), Map)
    assert [one.sums.tolist() for one in convolve(grid, [grid, [[1]], [[0, 0]]])] == [[[4]], grid, [[0], [0]]]
    assert len(convolve(grid, np.ones((3, 2, 2)))) == 3
    assert convolve(grid, []) == []


def test_a_feature_of_one_cell_gives_floats() -> None:
    """A map is made of float32 numbers, also where there is nothing to divide by."""
    assert convolve([[1, -1]], [[-1]]).values.dtype == np.float32
    assert convolve([[1, -1]], [[-1]]).values.tolist() == [[-1, 1]]


def test_a_map_may_be_convolved_again() -> None:
    """Maps come in with their numbers, not with their sums, as a grid and as a feature."""
    once = convolve(np.eye(6, dtype=np.int8), np.eye(2, dtype=np.int8))
    assert np.array_equal(convolve(once, np.ones((2, 2))).values, convolve(once.values, np.ones((2, 2))).values)
    feature = Map("halves", np.array([[1, -1]]), 2)
    assert convolve([[1, 0]], feature).values.tolist() == [[0.25]]


def test_any_layout_in_memory_is_taken() -> None:
    """Views, Fortran order, read-only memory and nested lists match alike, and nothing is written to."""
    rng = np.random.default_rng(2)
    grid = rng.choice(np.array([-1, 1], np.int8), (12, 15))
    feature = rng.choice(np.array([-1, 1], np.int8), (4, 3))
    grid.setflags(write=False)
    feature.setflags(write=False)
    plain = match_sums(grid, feature)
    for same in (grid, np.asfortranarray(grid), np.repeat(grid, 2, axis=1)[:, ::2], grid.tolist(), grid[::-1][::-1]):
        for alike in (feature, np.asfortranarray(feature), feature.tolist()):
            assert np.array_equal(convolve(same, alike).sums, plain)


@pytest.mark.parametrize(
    ("grid", "side", "kind"), [("i1", 5, "i1"), ("u1", 15, "i1"), ("f4", 5, "f4"), ("f4", 31, "f4")]
)
def test_little_memory_is_taken_besides_the_maps(grid: str, side: int, kind: str) -> None:
    """Eight megapixels take at most 64 MB more than what is kept, whichever way they are matched."""
    image = np.ones((2448, 3264), grid)
    ones = np.random.default_rng(6).choice([-1, 1], (2, side, side))
    features = list((ones / 2 if kind == "f4" else ones).astype(kind))
    tracemalloc.start()
    maps = convolve(image, features)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept >= sum(one.sums.nbytes for one in maps)
    assert peak - kept < 64e6


@pytest.mark.parametrize(
    ("grid", "features", "said"),
    [
        (
            np.ones((3, 9)),
            Map("diag", np.ones((4, 4))),
            r"feature diag \(4x4\) is larger than the image \(3x9\): choose",
        ),
        (np.ones((9, 3)), [np.ones((4, 4))], r"the feature \(4x4\) is larger than the image \(9x3\)"),
        (np.ones(9), np.ones((1, 1)), r"an image's grid needs rows and columns, not the shape \(9,\)"),
        (np.ones((9, 9)), np.ones(3), r"a feature needs rows and columns, not the shape \(3,\)"),
        (np.ones((9, 9)), [np.ones((3, 3)), np.ones((0, 3))], r"a feature needs .* not the shape \(0, 3\)"),
        (np.ones((9, 9)), [[1, 2], [3]], "a feature needs rows of one length"),
        (np.ones((9, 9)), np.ones((3, 3), complex), "a feature needs real numbers, not complex128"),
        ("image.png", np.ones((3, 3)), r"an image's grid needs rows and columns, not the shape \(\)"),
    ],
)
def test_what_does_not_go_together_is_refused(grid: Any, features: Any, said: str) -> None:
    """The message names the feature, the shapes, and the way out."""
    with pytest.raises(ShapeError, match=said):
        convolve(grid, features)
