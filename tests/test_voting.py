"""Votes: every cell of the last maps votes for each label."""

from __future__ import annotations

import copy
import json
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from xo_cnn.errors import ShapeError
from xo_cnn.grid import Map
from xo_cnn.voting import Verdict, count_votes


def mean_of(cells: list[int]) -> list[Any]:
    """Weights that take the mean of some of twelve cells, laid out as three maps of 2x2."""
    weights = np.zeros(12)
    weights[cells] = 1 / len(cells)
    return list(weights.reshape(3, 2, 2))


@pytest.mark.parametrize(("picture", "label"), [("X", "X"), ("O", "O"), ("X_deformed", "X")])
def test_the_vectors_of_the_text_get_the_votes_of_their_ninths(article: Any, picture: str, label: str) -> None:
    """The means of the heavy cells, as exact fractions, to the last digits of a float32."""
    vector = article["vector_numerators_over_9"][picture]
    maps = [Map("", np.array(part, np.int8), 9) for part in np.reshape(vector, (3, 2, 2))]
    heavy = {"X": article["heavy_X"], "O": article["heavy_O"]}
    verdict = count_votes(maps, {name: mean_of(cells) for name, cells in heavy.items()})
    assert verdict == label
    for name, cells in heavy.items():
        exact = Fraction(sum(vector[cell] for cell in cells), 9 * len(cells))
        assert verdict.votes[name] == pytest.approx(float(exact), abs=1e-7)


def test_the_list_of_the_texts_last_figure_gets_about_the_votes_it_prints(article: Any) -> None:
    """Of twelve numbers that no picture here gives it prints .92 for X and .51 for O, a hundredth off their means."""
    maps = [Map("", np.array(part)) for part in np.reshape(article["fig13_list"], (3, 2, 2))]
    verdict = count_votes(maps, {"X": mean_of(article["heavy_X"]), "O": mean_of(article["heavy_O"])})
    assert verdict == "X"
    assert verdict.votes == pytest.approx({"X": 0.912, "O": 0.5175})
    assert verdict.votes == pytest.approx(article["fig13_votes"], abs=0.01)


def test_a_verdict_is_a_string_that_carries_its_votes() -> None:
    """It prints and compares as the label alone."""
    verdict = Verdict({"X": 0.25, "O": 0.5})
    assert (verdict, f"{verdict}", verdict.votes) == ("O", "O", {"X": 0.25, "O": 0.5})
    assert repr(verdict) == "Verdict('O', votes={'X': 0.25, 'O': 0.5})"


def test_a_tie_goes_to_the_label_named_first() -> None:
    """It is always one or the other."""
    assert Verdict({"X": 0.5, "O": 0.5}) == "X"
    assert Verdict({"O": 0.5, "X": 0.5}) == "O"


@given(
    arrays(np.int8, (2, 3, 4), elements=st.integers(-9, 9)),
    arrays(np.float32, (2, 3, 4), elements=st.integers(-8, 8)),
    arrays(np.float32, (2, 3, 4), elements=st.integers(-8, 8)),
)
def test_votes_are_sums_of_cells_times_weights(sums: Any, for_x: Any, for_o: Any) -> None:
    """The label with the larger sum wins, and the votes are the sums, counted cell by cell with exact fractions."""
    verdict = count_votes([Map("", one, 9) for one in sums], {"X": list(for_x), "O": list(for_o)})
    for label, weights in (("X", for_x), ("O", for_o)):
        cells = zip(sums.ravel().tolist(), weights.ravel().tolist(), strict=True)
        exact = sum((Fraction(cell, 9) * Fraction(weight) for cell, weight in cells), Fraction(0))
        assert verdict.votes[label] == pytest.approx(float(exact), abs=1e-5)
    assert verdict.votes[verdict] == max(verdict.votes.values())


def test_weights_for_other_maps_are_refused() -> None:
    """Too few maps, or one of another shape, is said with the numbers and the shapes."""
    one = Map("diag", np.ones((2, 2)))
    with pytest.raises(ShapeError, match="expected 2 maps, got 1"):
        count_votes([one], {"X": [np.ones((2, 2))] * 2})
    with pytest.raises(ShapeError, match=r"the map diag \(2x2\) has votes for X of 3x1"):
        count_votes([one], {"X": [np.ones((3, 1))]})


@pytest.mark.parametrize(
    "change",
    [
        lambda verdict: verdict.votes.update(X=9),
        lambda verdict: verdict.votes.__setitem__("X", 9),
        lambda verdict: verdict.votes.pop("X"),
        lambda verdict: setattr(verdict, "votes", {}),
        lambda verdict: setattr(verdict, "label", "O"),
    ],
)
def test_a_verdict_cannot_be_changed(change: Any) -> None:
    """Its votes neither; a copy is as good, and they are JSON as they stand."""
    verdict = Verdict({"X": 1.0, "O": 0.5})
    with pytest.raises((TypeError, AttributeError), match="cannot be changed"):
        change(verdict)
    for same in (copy.deepcopy(verdict), pickle.loads(pickle.dumps(verdict))):
        assert (same, same.votes) == ("X", {"X": 1.0, "O": 0.5})
    assert json.dumps(verdict.votes) == '{"X": 1.0, "O": 0.5}'


def test_numbers_vote_as_they_are_written_and_weights_as_they_are() -> None:
    """A map's numbers are float32 in a pipe, and so in one process too; the weights keep all their digits."""
    one = Map("", np.array([[0.1]]))
    votes = count_votes([one], {"X": [np.array([[0.3]])], "O": [np.ones((1, 1))]}).votes
    assert votes == {"X": float(np.float32(0.1)) * 0.3, "O": float(np.float32(0.1))}
