"""Choice: votes for letter or neither, cast by a reading's pooled maps and by measures of its shape and place."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from os.path import join

import numpy as np

from xo_cnn.catalogue import READING, contents, installed
from xo_cnn.features import load_feature
from xo_cnn.grid import Array, Map
from xo_cnn.images.readings import SIDE, Look

# Between these, cells of 0 and 1 become numbers with a bit for each of 4 x 3 cells, from every other row on.
_DOWN = np.add.reduce([8**row * np.eye(SIDE, k=row, dtype=np.float32) for row in range(4)])[:-3:2]
_ACROSS = np.add.reduce([2**column * np.eye(SIDE, SIDE - 2, -column, dtype=np.float32) for column in range(3)])


@dataclass(frozen=True, eq=False)
class Choice:
    """What makes a reading a letter: votes of every cell of each feature's pooled map, and of each measure.

    A measure votes by the step it falls on: `measures` holds for each name the values at which the next step
    begins, and the vote of every step, one more than there are values. `always` is added to all votes. A reading with
    `sure` votes or more needs no second look. Votes for letter are positive, votes for neither negative.
    """

    features: tuple[Map, ...]
    votes: tuple[Array, ...]
    measures: Mapping[str, tuple[tuple[int, ...], tuple[float, ...]]]
    always: float
    sure: float

    @classmethod
    def read(cls, path: str) -> Choice:
        """Read a file such as the installed reading.toml; its features lie beside it."""
        entries = tomllib.loads(contents(path).decode())
        features = tuple(load_feature(join(installed(), name)) for name in entries["features"])
        votes = tuple(np.array(entries["votes"][feature.name]) for feature in features)
        measures = {name: (tuple(steps["from"]), tuple(steps["votes"])) for name, steps in entries["measures"].items()}
        return cls(features, votes, measures, entries["always"], entries["sure"])

    def glance(self, look: Look) -> float:
        """The votes of what costs little to measure, by which readings are ranked before they are looked at closely."""
        return self._measured(look.outline)

    def score(self, look: Look) -> float:
        """The votes for letter less those for neither."""
        return self.always + self._measured(look.outline) + self._measured(look.strokes) + self._seen(look.grid)

    def _measured(self, values: Mapping[str, int]) -> float:
        total = 0.0
        for name, value in values.items():
            begins, votes = self.measures[name]
            total += votes[bisect_right(begins, value)]
        return total

    def _seen(self, grid: Array) -> float:
        """What the pooled maps of a grid vote: whole numbers up to one division, the same on every machine."""
        pairs = _DOWN @ (grid > 0).astype(np.float32) @ _ACROSS
        best = self._best.take(pairs.astype(np.intp), axis=0)
        return int(np.vdot(np.maximum(best[:, ::2], best[:, 1::2]), self._weights)) / 9000

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
        """The votes of the pooled cells in whole thousandths, shaped (rows, columns, features)."""
        return np.asarray(np.rint(1000 * np.stack(self.votes, axis=-1)), dtype=np.int64)


@lru_cache(maxsize=1)
def installed_choice() -> Choice:
    """The choice that ships."""
    return Choice.read(join(installed(), READING))
