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

from xo_cnn.catalogue import READING, installed, read_whole
from xo_cnn.errors import NetworkError
from xo_cnn.features import load_feature
from xo_cnn.grid import Array, Map
from xo_cnn.images.readings import SIDE, Reading
from xo_cnn.limits import MAX_NETWORK

# Between these, cells of 0 and 1 become numbers with a bit for each of 4 x 3 cells, from every other row on.
_DOWN = np.add.reduce([8**row * np.eye(SIDE, k=row, dtype=np.float32) for row in range(4)])[:-3:2]
_ACROSS = np.add.reduce([2**column * np.eye(SIDE, SIDE - 2, -column, dtype=np.float32) for column in range(3)])


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
        measured = self._measured(reading, reading.outline) + self._measured(reading, reading.strokes)
        return measured + self._seen(reading.grid)

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
        pairs = _DOWN @ (grid > 0).astype(np.float32) @ _ACROSS
        best = self._best.take(pairs.astype(np.intp), axis=0)
        votes = (np.maximum(best[:, ::2], best[:, 1::2]).ravel() @ self._weights).tolist()
        each: list[float] = [vote / 9000 + always for vote, always in zip(votes, self.always.values(), strict=True)]
        return max(each) + math.log(sum(math.exp(vote - max(each)) for vote in each))

    @cached_property
    def _best(self) -> Array:
        """The larger of the sums of every feature over two windows of 3 x 3 cells, one a row below the other.

        There are 4096 such pairs, which cover 4 x 3 cells.
        """
        windows = np.arange(512)[:, None] >> np.arange(9) & 1
        cells: Array = np.stack([feature.values.ravel() for feature in self.features], axis=1).astype(np.int64)
        sums = (2 * windows - 1) @ cells
        pairs = np.arange(4096)
        return np.asarray(np.maximum(sums[pairs & 511], sums[pairs >> 3]))

    @cached_property
    def _weights(self) -> Array:
        """The votes of the pooled cells in whole thousandths, shaped (cells, labels)."""
        cells = [np.rint(1000 * np.stack(self.votes[label], axis=-1)).ravel() for label in self.always]
        return np.stack(cells, axis=-1).astype(np.int64)


@lru_cache(maxsize=1)
def installed_choice() -> Choice:
    """The choice that ships."""
    return Choice.read(join(installed(), READING))
