"""Choice: votes for letter or neither, cast by a reading's pooled maps and by measures of its shape and place."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from os.path import join

import numpy as np

from xo_cnn.catalogue import READING, contents, installed
from xo_cnn.features import load_feature
from xo_cnn.grid import Array, Map
from xo_cnn.images.readings import Look


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
        """Read the file that `xo-cnn train --readings` writes; its features lie beside it."""
        entries = tomllib.loads(contents(path).decode())
        features = tuple(load_feature(join(installed(), name)) for name in entries["features"])
        votes = tuple(np.array(entries["votes"][feature.name]) for feature in features)
        measures = {name: (tuple(steps["from"]), tuple(steps["votes"])) for name, steps in entries["measures"].items()}
        return cls(features, votes, measures, entries["always"], entries["sure"])

    def score(self, look: Look) -> float:
        """The votes for letter less those for neither."""
        measures = look.measures()
        total = self.always
        for name, (begins, votes) in self.measures.items():
            value = measures[name]
            total += votes[sum(1 for begin in begins if value >= begin)]
        return total + self._seen(look.grid)

    def _seen(self, grid: Array) -> float:
        """What the pooled maps of a grid vote: whole numbers up to one division, the same on every machine."""
        light = (grid > 0).view(np.uint8)
        across = light[:, :-2] | light[:, 1:-1] << 1 | light[:, 2:] << 2
        window = across[:-2] | across[1:-1].astype(np.int64) << 3 | across[2:].astype(np.int64) << 6
        side = len(window) // 2
        sums = self._sums[window].reshape(side, 2, side, 2, -1).max(axis=(1, 3))
        return int(np.vdot(sums, self._weights)) / 9000

    @cached_property
    def _sums(self) -> Array:
        """The sums of every feature over all 512 windows of 3 x 3 cells."""
        windows = np.arange(512)[:, None] >> np.arange(9) & 1
        cells = np.stack([feature.values.ravel() for feature in self.features], axis=1).astype(np.int64)
        return np.asarray((2 * windows - 1) @ cells)

    @cached_property
    def _weights(self) -> Array:
        """The votes of the pooled cells in whole thousandths, shaped (rows, columns, features)."""
        return np.rint(1000 * np.stack(self.votes, axis=-1)).astype(np.int64)

    def text(self, about: str) -> str:
        """The choice as a TOML file, with `about` as its first comment."""
        lines = [f"# {line}" for line in about.splitlines()]
        lines += ["features = ["] + [f'    "{feature.name}.txt",' for feature in self.features] + ["]"]
        lines += [f"always = {self.always:g}", f"sure = {self.sure:g}", "", "[votes]"]
        for feature, votes in zip(self.features, self.votes, strict=True):
            lines.append(f"{feature.name} = [")
            lines += [f"    [{', '.join(f'{vote:g}' for vote in row)}]," for row in votes.tolist()]
            lines.append("]")
        for name, (begins, steps) in self.measures.items():
            lines += ["", f"[measures.{name}]", f"from = {list(begins)}"]
            lines.append(f"votes = [{', '.join(f'{vote:g}' for vote in steps)}]")
        return "\n".join(lines) + "\n"


@lru_cache(maxsize=1)
def installed_choice() -> Choice:
    """The choice that ships."""
    return Choice.read(join(installed(), READING))
