"""Fit: read a picture in several ways, choose the reading that is most a letter, and stretch its lines to a grid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Literal

import numpy as np

from xo_cnn.errors import ImageError
from xo_cnn.grid import Array
from xo_cnn.images.choice import Choice, installed_choice
from xo_cnn.images.lines import stretch, with_border
from xo_cnn.images.picture import Picture
from xo_cnn.images.readings import SIDE, Reading, rounds
from xo_cnn.images.view import View

Side = Literal["white", "black"]
Ink = Literal["auto", "white", "black"]

CLOSE = 4  # readings of a round that are looked at closely, of those that lead at a glance


@dataclass(frozen=True, eq=False)
class Fitted:
    """A grid and where it came from.

    `grid` is 1 on ink, `ink` the side of the picture that was ink, `box` the crop (top, left, bottom, right; None for
    a grid that was taken as it is), `mask` the letter in it (bool), in the pixels that it was looked at in. `reading`
    says in plain words how the picture was read, and `runner_up` is the second best reading, if there was another.
    """

    grid: Array
    ink: Side
    box: tuple[int, int, int, int] | None
    mask: Array | None = None
    reading: str = "as it is"
    runner_up: Fitted | None = None

    @property
    def letter(self) -> Array | None:
        """The letter's pixels in the box (bool, its rows and columns); None for a grid that was taken as it is."""
        if self.box is None or self.mask is None:
            return None
        top, left, bottom, right = self.box
        (tall, wide), height, width = self.mask.shape, bottom - top, right - left
        return self.mask[np.ix_(np.arange(height) * tall // height, np.arange(width) * wide // width)]


def fit(picture: Picture | Array, side: int, ink: Ink = "auto", threshold: int | None = None) -> Fitted:
    """Find the letter of a picture, crop it, thin its strokes and stretch it to a grid with a border of one cell.

    An array holds grey levels from 0 (black) to 255 (white), shaped (rows, columns). The grid is `side` cells
    a side, 1 on ink and -1 elsewhere. Enlarging a picture, a margin or swapping black and white change nothing.
    `ink` and `threshold` leave out the readings with other ink and at other thresholds. Raises ImageError where there
    is no ink: a picture of one flat level.

    >>> import numpy
    >>> strokes = numpy.eye(20, dtype=numpy.uint8)
    >>> print(fit(255 * (strokes | strokes[::-1]), side=7).grid)
    [[-1 -1 -1 -1 -1 -1 -1]
     [-1  1 -1 -1 -1  1 -1]
     [-1 -1  1 -1  1 -1 -1]
     [-1 -1 -1  1 -1 -1 -1]
     [-1 -1  1 -1  1 -1 -1]
     [-1  1 -1 -1 -1  1 -1]
     [-1 -1 -1 -1 -1 -1 -1]]
    """
    if side < 3:
        raise ImageError(f"a fit needs 3x3 cells or more, {side}x{side} leaves none inside the border")
    if not isinstance(picture, Picture):
        picture = Picture(picture)
    where = ""
    if threshold is not None:
        picture = Picture(np.where(picture.levels >= threshold, np.uint8(255), np.uint8(0)))
        where = f" at the threshold {threshold}"
    view = View(picture)
    best = sorted(_scored(view, ink, installed_choice()), key=itemgetter(1), reverse=True)[:2]
    if not best:
        raise ImageError(f"no ink to fit: the whole picture is one flat level{where}")
    first, *others = [_fitted(view, look, side) for look, _ in best]
    return replace(first, runner_up=others[0]) if others else first


def _scored(view: View, ink: Ink, choice: Choice) -> Iterator[tuple[Reading, float]]:
    """Readings and their votes; once a reading is sure, no other is looked at."""
    for number, round_ in enumerate(rounds(view, ink)):
        # after the first look only those that lead at a glance are looked at closely
        for look in round_ if number == 0 else sorted(round_, key=choice.glance, reverse=True)[:CLOSE]:
            score = choice.score(look)
            yield look, score
            if score >= choice.sure and (number > 0 or look.alone):
                return


def _fitted(view: View, reading: Reading, side: int) -> Fitted:
    grid = reading.grid if side == SIDE else with_border(stretch(reading.mask, side - 2))
    top, left, bottom, right = reading.box
    box = int(view.rows[top]), int(view.columns[left]), int(view.rows[bottom]), int(view.columns[right])
    return Fitted(grid, "black" if reading.ink == "dark" else "white", box, reading.mask, reading.words)
