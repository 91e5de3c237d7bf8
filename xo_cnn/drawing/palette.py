"""Palettes: which colour a number between -1 and 1 is drawn in."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from xo_cnn.grid import to_levels

Colours = NDArray[np.uint8]
RGB = tuple[int, int, int]

WHITE: RGB = (255, 255, 255)
BLACK: RGB = (0, 0, 0)
ACCENT: RGB = (0, 133, 122)  # what is pointed out: it is in no palette

# From -1 to 0 and from 0 to 1. Purple and orange stay apart for every kind of colour vision, and in grey too
# the ends are darker than the middle, so that a number's sign has to be written, and is.
_BELOW = ["4c1d8f", "9a7fd1", "ffffff"]
_ABOVE = ["ffffff", "fdae61", "d95f02"]


def _ramp(stops: list[str], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    colours = np.array([list(bytes.fromhex(stop)) for stop in stops], dtype=np.float64)
    places = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(steps, places, channel) for channel in colours.T], axis=-1)


# 0 lies between the indices 127 and 128: both get its colour.
_HALF = np.arange(128) / 127

PALETTES: dict[str, Colours] = {
    "grey": np.repeat(np.arange(256, dtype=np.uint8)[:, np.newaxis], 3, axis=1),
    "diverging": np.rint(np.concatenate([_ramp(_BELOW, _HALF), _ramp(_ABOVE, _HALF)])).astype(np.uint8),
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
