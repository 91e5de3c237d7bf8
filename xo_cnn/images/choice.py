"""Choice: votes for letter or neither, cast by a reading's pooled maps and by measures of its shape and place."""

from __future__ import annotations

import math
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from os.path import join

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from xo_cnn.catalogue import READING, installed, read_whole
from xo_cnn.errors import NetworkError
from xo_cnn.features import load_feature
from xo_cnn.grid import Array, Map
from xo_cnn.images.readings import SIDE, Reading
from xo_cnn.limits import MAX_NETWORK

# Where the cells of every 3 x 3 window lie, shaped (4, pooled cells, 9): the four that are pooled stand in a column.
_WINDOWS = sliding_window_view(np.arange(SIDE * SIDE).reshape(SIDE, SIDE), (3, 3))
_POOLED = np.array([_WINDOWS[row::2, column::2].reshape(-1, 9) for row in (0, 1) for column in (0, 1)])


@dataclass(frozen=True, eq=False)
class Choice:
    """What makes a reading a letter: votes of every cell of each feature's pooled map, and of each measure.

    The pooled maps vote for each of a few labels (`votes`, and `always`, what is added), as those of a network do:
    what looks much like one of them is a letter. A measure votes by the step it falls on: `measures` holds for each
    name the values at which the next step begins, and the vote of every step, one more than there are values, for
    readings as they are and for those from which lines or a frame were erased. A reading with `sure` votes or more
    needs no second look. Votes for letter are positive, votes for neither negative.
    """

    features: tuple[Map, ...]
    votes: Mapping[str, tuple[Array, ...]]
    always: Mapping[str, float]
    measures: Mapping[str, tuple[tuple[int, ...], tuple[float, ...], tuple[float, ...]]]
    sure: float

    @classmethod
    def read(cls, path: str) -> Choice:
        """Read the file that `python -m tools.reading` writes; its features lie beside it."""
        entries = tomllib.loads(read_whole(path, MAX_NETWORK, "network", NetworkError).decode())
        features = tuple(load_feature(join(installed(), name)) for name in entries["features"])
        votes = {
            label: tuple(np.array(cells[feature.name]) for feature in features)
            for label, cells in entries["votes"].items()
        }
        measures = {
            name: (tuple(steps["from"]), tuple(steps["votes"]), tuple(steps["erased"]))
            for name, steps in entries["measures"].items()
        }
        return cls(features, votes, entries["always"], measures, entries["sure"])

    def glance(self, reading: Reading) -> float:
        """The votes of what costs little to measure, by which readings are ranked before they are looked at closely."""
        return self._measured(reading, reading.outline)

    def score(self, reading: Reading) -> float:
        """The votes for letter less those for neither."""
        return self._measured(reading, reading.measures()) + self._seen(reading.grid)

    def _measured(self, reading: Reading, values: Mapping[str, int]) -> float:
        total = 0.0
        for name, value in values.items():
            begins, *votes = self.measures[name]
            total += votes[reading.erased][bisect_right(begins, value)]
        return total

    def _seen(self, grid: Array) -> float:
        """How much the pooled maps of a grid vote for any label: the log of the sum of the powers of their votes.

        The votes are whole numbers up to one division, the same on every machine.
        """
        pooled = (grid.ravel().take(_POOLED) @ self._cells).max(axis=0)
        votes = (pooled.ravel() @ self._weights).tolist()
        each: list[float] = [vote / 9000 + always for vote, always in zip(votes, self.always.values(), strict=True)]
        return max(each) + math.log(sum(math.exp(vote - max(each)) for vote in each))

    @cached_property
    def _cells(self) -> Array:
        """The cells of the features, shaped (cells, features)."""
        return np.stack([feature.values.ravel() for feature in self.features], axis=1).astype(np.float64)

    @cached_property
    def _weights(self) -> Array:
        """The votes of the pooled cells in whole thousandths, shaped (cells, labels)."""
        cells = [np.rint(1000 * np.stack(self.votes[label], axis=-1)).ravel() for label in self.always]
        return np.stack(cells, axis=-1)


@lru_cache(maxsize=1)
def installed_choice() -> Choice:
    """The choice that ships."""
    return Choice.read(join(installed(), READING))
