"""What a walk shows: chapters of sentences and figures, for every drawing to render in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from xo_cnn.grid import Array, Map, is_plus_minus_one
from xo_cnn.layers import Box
from xo_cnn.voting import Verdict
from xo_cnn.words import size

BLACK_AND_WHITE = "1 is white, -1 is black."
GREY_LEVELS = "-1 is black, 0 mid-grey, 1 white."
MATCHES = "1 is a perfect match, 0 no match, -1 the negative."
LONGEST = 36  # letters of a name above a map
MOST_NUMBERED = 16  # a picture of more rows or columns is drawn without numbers, which would say little


@dataclass(frozen=True, eq=False)
class Figure:
    """A map as a chapter shows it: under a title, with boxes and marks on it.

    The title is by default the map's name and size. `boxes` are rectangles of its cells, `marks` its cells that are
    pointed out (true), by `sign` between numbers; `numbered`, its rows and columns have their numbers beside them.
    `places` are the decimal places of its numbers, and `palette` their colours; ±1 is black and white in any, and
    `in_signs` a terminal draws it with # and a dot.
    """

    map: Map
    title: str = ""
    boxes: tuple[Box, ...] = ()
    marks: Array | None = None
    sign: str = "≠"
    numbered: bool = False
    places: int = 2
    palette: str = "diverging"
    in_signs: bool = False

    @property
    def heading(self) -> str:
        """What stands above it."""
        name = self.map.name
        return (
            self.title
            or f"{name if len(name) <= LONGEST else name[: LONGEST - 1] + '…'} {size(self.map.shape)}".strip()
        )

    @cached_property
    def is_black_and_white(self) -> bool:
        """Whether it is a ±1 grid, an image's or a feature's, and not a filtered map."""
        return self.map.cells == 1 and is_plus_minus_one(self.map.sums)

    @property
    def is_picture(self) -> bool:
        """Whether it shows levels of light, too many of them for numbers."""
        return self.palette == "grey" and not self.is_black_and_white and max(self.map.shape) > MOST_NUMBERED

    @property
    def colours(self) -> str:
        """The name of its palette."""
        return "grey" if self.is_black_and_white else self.palette


Figures = tuple[Figure | str, ...]
"""Figures side by side; a string between two is a sign such as × or =."""


@dataclass(frozen=True)
class Chapter:
    """A stage of the walk: what it says, the rows of figures that it shows, and what it sums up after them.

    `part` is what `explain --only` calls it (grid, features, convolve, relu, pool or vote). `legend` says what its
    numbers mean, and `verdict` has bars drawn of its votes.
    """

    part: str
    title: str
    says: tuple[str, ...]
    rows: tuple[Figures, ...] = ()
    sums_up: tuple[str, ...] = ()
    legend: str = ""
    verdict: Verdict | None = None

    @property
    def is_coloured(self) -> bool:
        """Whether a figure of it has colours that a legend explains."""
        return any(isinstance(item, Figure) and item.colours == "diverging" for row in self.rows for item in row)


def gallery(maps: Sequence[Map], palette: str = "diverging", in_signs: bool = False) -> Chapter:
    """Grids and maps by themselves, with what their numbers mean; with the palette grey they are levels of light."""
    figures = tuple(Figure(one, palette=palette, in_signs=in_signs) for one in maps)
    black_and_white = [figure.is_black_and_white for figure in figures]
    legend = [BLACK_AND_WHITE] if any(black_and_white) else []
    if not all(black_and_white):
        legend.append(GREY_LEVELS if palette == "grey" else MATCHES)
    return Chapter("", "", (), (figures,), legend="\n".join(legend))
