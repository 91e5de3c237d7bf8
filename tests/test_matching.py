"""Naive matching: the baseline that fails on anything shifted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from xo_cnn import compare
from xo_cnn.errors import GridError, ShapeError
from xo_cnn.matching import better, exemplars


def test_the_pictures_of_the_text_agree_in_65_60_and_52_cells(article: dict[str, Any]) -> None:
    """Of 81 cells: X and the deformed X, X and O, the deformed X and O."""
    assert compare(article["X"], article["X_deformed"]) == 65
    assert compare(article["X"], article["O"]) == 60
    assert compare(article["X_deformed"], article["O"]) == 52


def test_the_saved_exemplars_are_the_pictures_of_the_text(article: dict[str, Any]) -> None:
    """At the text's size they are its X and its O, and at others they keep a border."""
    saved = exemplars(9)
    assert saved["X"].sums.tolist() == article["X"]
    assert saved["O"].sums.tolist() == article["O"]
    for side in (5, 16, 40):
        for exemplar in exemplars(side).values():
            assert exemplar.shape == (side, side)
            assert (exemplar.sums[[0, -1]] == -1).all()
            assert (exemplar.sums == 1).any()
    with pytest.raises(ShapeError, match="at least five cells"):
        exemplars(4)


def test_shifting_an_x_by_one_cell_makes_naive_matching_fail(article: dict[str, Any]) -> None:
    """The reason for everything else: a shifted X agrees better with the O."""
    shifted = np.roll(np.array(article["X"]), 2, axis=1)
    agreements = {label: compare(shifted, article[label]) for label in ("X", "O")}
    assert better(agreements) == "O"


def test_grids_of_two_sizes_cannot_be_compared() -> None:
    """The message names both shapes and the remedy."""
    with pytest.raises(ShapeError, match=r"2x2 cells cannot be compared .* 3x3: .*fit=16"):
        compare(np.ones((2, 2)), np.ones((3, 3)))


def test_a_list_of_exemplars_gives_a_list_of_counts(article: dict[str, Any]) -> None:
    """Lists, tuples and stacks alike."""
    saved = [article["X"], article["O"]]
    for several in (saved, tuple(saved), np.array(saved)):
        assert compare(article["X_deformed"], several) == [65, 52]


@pytest.mark.parametrize("wrong", [[[0, 255], [255, 0]], [[0, 1], [1, 0]], np.full((2, 2), 200, np.uint8)])
def test_cells_of_another_scale_are_refused(wrong: Any) -> None:
    """Levels of light and bits would agree with no exemplar, in silence."""
    for grids in ((wrong, np.ones((2, 2))), (np.ones((2, 2)), wrong)):
        with pytest.raises(GridError, match=r"grid has cells (from .* not from -1|of 0 and 1 alone)"):
            compare(*grids)
