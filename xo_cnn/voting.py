"""Voting: every cell of the last maps casts a weighted vote for each label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

import numpy as np

from xo_cnn.display import Displayed
from xo_cnn.errors import ShapeError
from xo_cnn.grid import Array, Map


class Votes(dict[str, float]):
    """The votes by label; they cannot be changed.

    >>> Votes({"X": 1.0})["X"]
    1.0
    """

    def _refuse(self, *given: object, **named: object) -> NoReturn:
        raise TypeError("the votes of a verdict cannot be changed; dict(votes) is a copy that can")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[Votes], tuple[dict[str, float]]]:
        return Votes, (dict(self),)


class Verdict(str, Displayed):
    """The label with the most votes; it is a string, and carries all `votes` by label.

    >>> verdict = Verdict({"X": 1.0, "O": 0.556})
    >>> verdict == "X", verdict.votes["O"]
    (True, 0.556)
    >>> verdict
    Verdict('X', votes={'X': 1.0, 'O': 0.556})
    """

    votes: Votes

    def __new__(cls, votes: Mapping[str, float]) -> Verdict:
        # max() keeps the first of equals, so a tie goes to the label that the network names first.
        verdict = super().__new__(cls, max(votes, key=votes.__getitem__))
        verdict.__dict__.update(votes=Votes(votes))
        return verdict

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a verdict cannot be changed: {name}")

    def __repr__(self) -> str:
        return f"Verdict({str(self)!r}, votes={self.votes})"

    def __getnewargs__(self) -> tuple[dict[str, float]]:  # type: ignore[override]
        return (dict(self.votes),)


def count_votes(maps: Sequence[Map], weights: Mapping[str, Sequence[Array]]) -> Verdict:
    """Add up each label's votes: every cell of every map times its weight.

    `weights` holds for each label one grid of weights per map, in the order of the maps and of their shapes.
    Raises ShapeError if a map and its weights differ in shape, or their number differs.

    >>> pooled = [Map("diag", np.array([[9, 5], [5, 9]]), cells=9)]
    >>> count_votes(pooled, {"X": [np.eye(2) / 2], "O": [(1 - np.eye(2)) / 2]}).votes
    {'X': 1.0, 'O': 0.5555555820465088}
    """
    for label, grids in weights.items():
        if len(grids) != len(maps):
            raise ShapeError(f"expected {len(grids)} maps, got {len(maps)}")
        for one, grid in zip(maps, grids, strict=True):
            if one.shape != grid.shape:
                raise ShapeError(
                    f"{one.called('the map')} has votes for {label} of {grid.shape[0]}x{grid.shape[1]}: "
                    "run the network's own layers before vote"
                )
    return count_votes_of_all([one.values[None] for one in maps], weights)[0]


def count_votes_of_all(stacks: Sequence[Array], weights: Mapping[str, Sequence[Array]]) -> list[Verdict]:
    """Count the votes of many images at once: from a stack (images, rows, columns) per map, a verdict per image.

    The numbers vote as float32, as they are written, so that a pipe gives the votes of one process to the last bit.
    """
    count = len(stacks[0])
    totals = {label: np.zeros(count) for label in weights}
    for number, stack in enumerate(stacks):
        numbers = stack.astype(np.float32, copy=False).reshape(count, -1)
        for label, grids in weights.items():
            totals[label] += np.add.reduce(numbers * grids[number].reshape(-1).astype(np.float64), axis=1)
    votes = zip(*(total.tolist() for total in totals.values()), strict=True)
    return [Verdict(dict(zip(weights, each, strict=True))) for each in votes]
