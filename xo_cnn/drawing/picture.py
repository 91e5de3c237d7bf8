"""Maps in a format by its name: data, figures, or the filtered image itself, one pixel per cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from xo_cnn.errors import OutputError
from xo_cnn.formats.maps import write_maps
from xo_cnn.grid import Map, divided, to_levels
from xo_cnn.walk.figures import Figure

if TYPE_CHECKING:
    from xo_cnn.formats import Format

PIXELS = ("png", "pgm")  # one pixel a cell, so one map a file

# A picture of more pixels than this helps nobody, and would not be read again either.
LARGEST = 1 << 29


def levels(shown: Map) -> NDArray[np.uint8]:
    """The levels of light of a map: 0 (black) for -1, mid-grey for 0, 255 (white) for 1.

    >>> levels(Map("", np.array([[-1, 0, 1]], dtype=np.int8)))
    array([[  0, 128, 255]], dtype=uint8)
    """
    tops = range(0, shown.shape[0], 64)  # a few rows at a time keep the fractions small
    return np.concatenate([to_levels(divided(shown.sums[top : top + 64], shown.cells)) for top in tops])


def write_maps_as(
    form: str,
    maps: Sequence[Map],
    stream: BinaryIO,
    figure: str = "diverging",
    scale: int = 1,
    palette: str = "grey",
) -> None:
    """Write maps as svg, with numbers on the palette `figure`; one as png or pgm; or as any format of data."""
    if form == "svg":
        from xo_cnn.drawing.svg import maps_svg

        stream.write(maps_svg(maps, figure).encode())
    elif form in PIXELS:
        write_picture(maps[0], stream, form, scale, palette)
    else:
        write_maps(maps, cast("Format", form), stream)


def write_picture(shown: Map, stream: BinaryIO, form: str, scale: int, palette: str) -> None:
    """Write a map as PNG or PGM, each cell `scale` by `scale` pixels, in a palette from -1 to 1.

    Raises OutputError for a picture that would be larger than anything can read.
    """
    rows, columns = shown.shape
    if rows * columns * scale * scale > LARGEST:
        raise OutputError(f"a picture of {rows * scale}x{columns * scale} pixels is too large; use a smaller --scale")
    cells = levels(shown)
    if scale > 1:
        cells = cells.repeat(scale, axis=0).repeat(scale, axis=1)
    if form == "pgm":
        if palette != "grey":
            raise OutputError("PGM holds grey pictures only; save colours as .png")
        stream.write(b"P5 %d %d 255\n" % cells.shape[::-1])
        stream.write(cells.data)
        return
    from PIL import Image

    image = Image.fromarray(cells)
    if palette != "grey":
        from xo_cnn.drawing.palette import PALETTES

        image.putpalette(PALETTES[palette].tobytes())
    if palette == "grey" and Figure(shown).is_black_and_white:
        # A ±1 grid is black and white: a bit a pixel is an eighth of the work for the compressor.
        image.convert("1", dither=Image.Dither.NONE).save(stream, "PNG", compress_level=6)
    else:
        # Level 1 is several times as quick as the usual 6, and maps of few levels come out as small.
        image.save(stream, "PNG", compress_level=1)
