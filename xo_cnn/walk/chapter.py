"""What a walk shows: chapters of sentences and rows of pictures, for every drawing to render in its own way."""

from __future__ import annotations

from dataclasses import dataclass

from xo_cnn.grid import Array, Map
from xo_cnn.voting import Verdict
from xo_cnn.walk.reading import Box

FEW = 4  # maps; of more, only the one that is worked out is shown unless everything is asked for
ROUNDING = "Numbers are rounded: 7/9 is +0.78 here, where the text cuts the digits off and prints 0.77."
BLACK_AND_WHITE = "1 is white, -1 is black."
MATCHES = "1 is a perfect match, 0 no match, -1 the negative."


@dataclass(frozen=True, eq=False)
class View:
    """A map as a chapter shows it: under a title, with boxes and marks on it.

    The title is by default the map's name and size. `boxes` are rectangles of its cells (top, left, rows, columns),
    `marks` its cells that are pointed out (true), by `sign` between numbers; `numbered`, its rows and columns have
    their numbers beside them. `places` are the decimal places of its numbers, and `palette` their colours, by default
    black and white for ±1 and diverging for anything else.
    """

    map: Map
    title: str | None = None
    boxes: tuple[Box, ...] = ()
    marks: Array | None = None
    sign: str = "≠"
    numbered: bool = False
    places: int = 2
    palette: str = ""


Row = tuple[View | str, ...]
"""Views side by side; a string between two is a sign such as × or =."""


@dataclass(frozen=True)
class Chapter:
    """A stage of the walk: what it says, the rows of pictures that it shows, and what it sums up after them.

    `part` is what `explain --only` calls it (grid, features, convolve, pool or vote), `name` its own. `legend` says
    what its numbers mean, and `verdict` has bars drawn of its votes.
    """

    part: str
    name: str
    title: str
    says: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    sums_up: tuple[str, ...] = ()
    legend: str = ""
    verdict: Verdict | None = None
