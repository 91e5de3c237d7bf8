"""How a picture became the grid of a walk: taken as it is, or fitted to the network's side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xo_cnn.grid import Map
from xo_cnn.layers import Box


@dataclass(frozen=True, eq=False)
class Reading:
    """Where a grid comes from: the `source` by its name, and for a picture that was fitted what the fit found.

    `picture` holds the picture's grey levels from -1 (black) to 1 (white), or is None where the grid was taken as it
    is; `box` is the letter in it (top, left, rows, columns), `letter` its pixels inside the box (true), where they are
    known, and `ink` the side, black or white, that is ink. `way` says in plain words how the picture was read,
    `runner_up` how it would have been read next, and `neither`, from 0 to 1, how little it looks like a letter.
    """

    source: str = ""
    picture: Map | None = None
    ink: str = ""
    box: Box = (0, 0, 0, 0)
    letter: NDArray[np.bool_] | None = None
    way: str = ""
    runner_up: str = ""
    neither: float = 0.0

    def outline(self) -> NDArray[np.bool_] | None:
        """The letter's pixels in the whole picture, true where there is ink; None where they are not known."""
        if self.picture is None or self.letter is None:
            return None
        whole = np.zeros(self.picture.shape, dtype=np.bool_)
        top, left, rows, columns = self.box
        whole[top : top + rows, left : left + columns] = self.letter
        return whole
