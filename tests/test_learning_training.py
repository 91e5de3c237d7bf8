"""Training: votes learned by gradient descent, checked against independent oracles."""

from __future__ import annotations

import numpy as np
import pytest

from xo_cnn.errors import NetworkError, ShapeError
from xo_cnn.features import load_feature
from xo_cnn.grid import Map
from xo_cnn.learning.training import descend, drawn_grids, last_cells, mirrored, nesterov, softmax, train
from xo_cnn.pooling import Pool


def quiet(done: int, total: int) -> None:
    """No progress."""


def test_last_cells_are_those_of_the_network() -> None:
    """What training sees of all grids at once is what the network's layers give for each."""
    grids, answers = drawn_grids(5, side=12)
    features = [load_feature("diag"), load_feature("blank")]
    layers = [Pool(2, 2), Pool(3, 2)]
    network = train(grids, answers, features, layers, steps=1).network
    together = last_cells(grids, features, layers)
    for grid, cells in zip(grids, together, strict=True):
        alone = np.concatenate([one.values.ravel() for one in network.maps(grid)])
        np.testing.assert_allclose(alone, cells, atol=1e-6)


def test_descent_reaches_the_minimum() -> None:
    """At the end the gradient is all but zero, so the convex loss is at its only minimum."""
    chance = np.random.default_rng(0)
    cells = chance.normal(size=(200, 6))
    numbers = (cells @ chance.normal(size=6) + chance.normal(size=200) > 0).astype(int) + (cells[:, 0] > 1)
    weights = descend(cells, numbers, 3, steps=400, decay=0.01, progress=quiet)
    gradient = cells.T @ (softmax(cells @ weights) - np.eye(3)[numbers]) / 200 + 0.02 * weights
    assert np.abs(gradient).max() < 1e-6


def test_momentum_is_dropped_when_it_points_uphill() -> None:
    """In a long valley momentum overshoots and swings back; dropped in time, 600 steps end at the bottom."""
    curves = np.array([1.0, 0.001])
    weights = nesterov(lambda at: curves * (at - 1), 2, 1.0, 600, quiet)
    assert np.abs(weights - 1).max() < 1e-6


def test_a_saved_grid_is_one_that_was_learned_from() -> None:
    """Each label's own, nearest to its mean: of equal grids and one other it is no other; its name is its file's."""
    grids = np.full((20, 5, 5), -1, dtype=np.int8)
    grids[::2, 1, 1:4] = 1
    grids[1::2, 1:4, 1] = 1
    grids[[0, 1], 3, 3] = 1
    saved = train(grids, ["level", "upright"] * 10, [load_feature("bar")], [], name="lines", steps=5).network.saved
    assert {label: grid.name for label, grid in saved.items()} == {"level": "lines-level", "upright": "lines-upright"}
    assert (saved["level"].values == grids[2]).all()
    assert (saved["upright"].values == grids[3]).all()


def test_each_step_is_told() -> None:
    """Progress is told step by step."""
    told: list[tuple[int, int]] = []
    descend(np.eye(4), np.array([0, 1, 0, 1]), 2, 3, 0.1, lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_trained_network_tells_what_it_was_shown() -> None:
    """A hundred drawn samples teach three features; the grids kept apart are mostly right, and twice gives the same."""
    grids, answers = drawn_grids(100, side=16)
    features = [load_feature(name) for name in ("diag", "cross", "anti")]
    learned = train(grids, answers, features, mirror=True, steps=100)
    assert (learned.learned, learned.held_out) == (160, 40)
    assert learned.right >= 34
    assert train(grids, answers, features, mirror=True, steps=100).network.text() == learned.network.text()
    again = sum(learned.network.classify(grid) == answer for grid, answer in zip(grids, answers, strict=True))
    assert again >= 180


def test_three_labels_can_be_learned() -> None:
    """Votes are learned for any labels: here a level, an upright and a falling stroke."""
    chance = np.random.default_rng(1)
    grids = np.full((90, 8, 8), -1, dtype=np.int8)
    answers = []
    for number, grid in enumerate(grids):
        place, label = int(chance.integers(2, 6)), ("level", "upright", "falling")[number % 3]
        answers.append(label)
        if label == "level":
            grid[place, 1:7] = 1
        elif label == "upright":
            grid[1:7, place] = 1
        else:
            grid[range(1, 7), range(1, 7)] = 1
    learned = train(grids, answers, [load_feature(name) for name in ("bar", "pole", "diag")])
    assert learned.network.labels == ("level", "upright", "falling")
    assert learned.right == learned.held_out == 18


def test_mirrored_grids_are_all_eight() -> None:
    """A grid without symmetry has eight different ways to turn and mirror it."""
    grid = np.arange(9).reshape(1, 3, 3)
    assert len({one.tobytes() for one in mirrored(grid)}) == 8


def test_what_cannot_be_learned_from_is_told() -> None:
    """One label, too few grids of a label, and a feature or a window that is too large."""
    grids = np.ones((10, 5, 5), dtype=np.int8)
    feature = Map("dot", np.ones((1, 1), dtype=np.int8))
    with pytest.raises(NetworkError, match="two labels or more, there is X"):
        train(grids, ["X"] * 10, [feature])
    with pytest.raises(NetworkError, match="5 images of each label or more, O has 1"):
        train(grids, ["X"] * 9 + ["O"], [feature])
    with pytest.raises(ShapeError, match=r"wide \(6x6\) is larger than the image \(5x5\)"):
        train(grids, ["X", "O"] * 5, [Map("wide", np.ones((6, 6)))])
    with pytest.raises(ShapeError, match="a window of 9x9 is larger than the map dot"):
        train(grids, ["X", "O"] * 5, [feature], [Pool(9, 1)])
