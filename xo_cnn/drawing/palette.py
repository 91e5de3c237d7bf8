"""How cells look: the colour and the number of each, and a map of too many cells shrunk to their means."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from xo_cnn.grid import Array, to_levels
from xo_cnn.walk.figures import Figure
from xo_cnn.words import in_signs, plain, short, signed

RGB = tuple[int, int, int]

WHITE: RGB = (255, 255, 255)
BLACK: RGB = (0, 0, 0)
ACCENT: RGB = (0, 133, 122)  # what is pointed out: it is in no palette

# From -1 over 0 to 1, by their levels; 0 lies between two, and both get its colour. Purple and orange stay apart for
# every kind of colour vision, and in grey too the ends are darker than the middle, so that a number's sign is written.
_STOPS = {0: "4c1d8f", 63.5: "9a7fd1", 127: "ffffff", 128: "ffffff", 191.5: "fdae61", 255: "d95f02"}
_CHANNELS = np.array([list(bytes.fromhex(stop)) for stop in _STOPS.values()]).T

PALETTES: dict[str, NDArray[np.uint8]] = {
    "grey": np.repeat(np.arange(256, dtype=np.uint8)[:, np.newaxis], 3, axis=1),
    "diverging": np.rint([np.interp(range(256), [*_STOPS], channel) for channel in _CHANNELS]).T.astype(np.uint8),
}
"""For each palette 256 colours, (256, 3) levels of red, green and blue: the first for -1, the last for 1.

`to_levels` says which of them is a number's.
"""


@cache
def colour(value: float, name: str = "diverging") -> RGB:
    """The colour of one number as red, green and blue.

    >>> colour(1), colour(0), colour(0, "grey")
    ((217, 95, 2), (255, 255, 255), (128, 128, 128))
    """
    red, green, blue = PALETTES[name][to_levels(np.array(value))].tolist()
    return red, green, blue


def ink_on(background: RGB) -> RGB:
    """Black or white, whichever reads better on a colour.

    >>> ink_on((255, 255, 255)), ink_on((76, 29, 143))
    ((0, 0, 0), (255, 255, 255))
    """
    linear = [(level / 255) ** 2.2 for level in background]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return BLACK if light > 0.18 else WHITE


def hex_colour(rgb: RGB) -> str:
    """A colour as the web writes it.

    >>> hex_colour((217, 95, 2))
    '#d95f02'
    """
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def number_styles(figure: Figure) -> list[Callable[[float], str]]:
    """The ways to write a figure's numbers, the shortest last: for a ±1 grid in signs.

    Whole numbers are written as they are, others with their sign.

    >>> from xo_cnn.grid import Map
    >>> [write(1) for write in number_styles(Figure(Map("", 2 * np.eye(2) - 1)))]
    ['1', '#']
    >>> [write(0.5) for write in number_styles(Figure(Map("", np.eye(2), cells=2)))]
    ['+0.50', '+.50']
    """
    if figure.is_black_and_white:
        return [in_signs] if figure.in_signs else [plain, in_signs]
    if figure.places != 2:
        return [partial(signed, places=figure.places)]
    values = figure.map.values
    whole = figure.map.cells == 1 and np.abs(values).max() < 1000 and (values == np.rint(values)).all()
    return [plain] if whole else [signed, short]


def shrunk(cells: Array, tall: int, wide: int) -> Array:
    """The mean of every `tall` by `wide` cells; at the lower and right edge, of those that are left.

    >>> shrunk(np.array([[1, 0, 1], [1, 0, 1]]), 2, 2).tolist()
    [[0.5, 1.0]]
    """
    rows, columns = (np.arange(0, side, step) for side, step in zip(cells.shape, (tall, wide), strict=True))
    down = np.add.reduceat(cells, rows, axis=0, dtype=np.float32)
    both = np.add.reduceat(down, columns, axis=1)
    heights, widths = np.diff(rows, append=cells.shape[0]), np.diff(columns, append=cells.shape[1])
    mean: Array = both / np.outer(heights, widths)
    return mean


def edges_of(figure: Figure) -> Array:
    """The cells of a figure's map on the edges of its boxes, true.

    >>> from xo_cnn.grid import Map
    >>> edges_of(Figure(Map("", np.zeros((3, 4))), boxes=((0, 0, 3, 3),))).astype(int).tolist()
    [[1, 1, 1, 0], [1, 0, 1, 0], [1, 1, 1, 0]]
    """
    edges = np.zeros(figure.map.shape, dtype=np.bool_)
    for top, left, rows, columns in figure.boxes:
        edges[[top, top + rows - 1], left : left + columns] = True
        edges[top : top + rows, [left, left + columns - 1]] = True
    return edges
