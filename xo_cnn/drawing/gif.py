"""The walk in motion as a GIF: slide after slide, with its pictures side by side and a sentence below."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from xo_cnn.drawing.look import Look, refuse_too_large
from xo_cnn.drawing.palette import ACCENT, BLACK, PALETTES, RGB, WHITE, ink_on
from xo_cnn.walk.chapter import Row, Slide, View
from xo_cnn.words import PLAIN_LETTERS, size

LARGEST, ROOM = 40, 480  # pixels: a cell's side at most, and that of the largest map
NUMBERED = 16  # a cell's side from which its number is written
FULL = 34  # and from which it is written with all its digits
MARGIN = 16
TITLE = 24
SIGN = 28  # the width of a sign between two maps
CAPTION = 34
GREY: RGB = (136, 136, 136)
EMPTY: RGB = (236, 236, 236)
TITLE_LETTERS = 16  # a longer title is cut
TITLE_WIDTH = 110  # pixels of a title of that length

# The one palette of the file: every other colour of the diverging one, and what else is drawn.
COLOURS = np.concatenate([PALETTES["diverging"][1::2], np.array([WHITE, BLACK, GREY, ACCENT, EMPTY], dtype=np.uint8)])

Pixels = NDArray[np.uint8]


def slides_gif(slides: Iterable[Slide]) -> bytes:
    """Slides as an animated GIF, looped, with one palette; the same bytes for the same walk.

    Raises ShapeError where a map has too many cells for it.
    """
    shown = list(slides)
    views = [item for slide in (shown[0], shown[-1]) for item in slide.row if isinstance(item, View)]
    for view in views:
        refuse_too_large(view.map, "a moving picture")
    cell = max(5, min(LARGEST, ROOM // max(max(view.map.shape) for view in views)))
    # The widest and tallest slide make room for all, so that nothing moves but what is worked out.
    shape = (
        max(_height(slide.row, cell) for slide in shown),
        max(sum(_widths(slide.row, cell)) + 2 * MARGIN for slide in shown),
    )
    first, *rest = (_frame(slide, cell, shape) for slide in shown)
    data = io.BytesIO()
    durations = [slide.stays for slide in shown]
    first.save(data, "GIF", save_all=True, append_images=rest, duration=durations, loop=0, optimize=True, disposal=1)
    return data.getvalue()


@cache
def _ink(rgb: RGB) -> int:
    """The place in the palette of the colour that is nearest."""
    return int(((COLOURS.astype(int) - rgb) ** 2).sum(axis=1).argmin())


def _blank(width: int, height: int, colour: RGB) -> Image.Image:
    image = Image.new("P", (width, height), _ink(colour))
    image.putpalette(COLOURS.tobytes())
    return image


def _pen(image: Image.Image) -> ImageDraw.ImageDraw:
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"  # a palette has no shades to smooth letters with
    return pen


def _frame(slide: Slide, cell: int, shape: tuple[int, int]) -> Image.Image:
    image = _blank(shape[1], shape[0], WHITE)
    pen = _pen(image)
    left = MARGIN
    for number, (item, width) in enumerate(zip(slide.row, _widths(slide.row, cell), strict=True)):
        if isinstance(item, View):
            title = f"{item.map.name} {size(item.map.shape)}" if item.title is None else item.title
            pen.text((left, MARGIN), _short(title), fill=_ink(BLACK), font=_font(14))
            image.paste(Image.fromarray(_grid(item, cell)), (left, MARGIN + TITLE))
            for box in item.boxes:
                _outline(pen, left, MARGIN + TITLE, box, cell)
        else:
            beside = (slide.row[number - 1], slide.row[number + 1])
            rows = min(view.map.shape[0] for view in beside if isinstance(view, View))
            middle = (left - MARGIN / 2 + SIGN / 2 - 4, MARGIN + TITLE + rows * cell / 2)
            pen.text(middle, _short(item), fill=_ink(BLACK), font=_font(18), anchor="mm")
        left += width
    pen.text((MARGIN, shape[0] - MARGIN), _short(slide.says, 200), fill=_ink(BLACK), font=_font(16), anchor="ls")
    return image


def _widths(row: Row, cell: int) -> list[int]:
    """How far each picture of a row, or sign between two, reaches to the next."""
    return [SIGN if isinstance(item, str) else max(item.map.shape[1] * cell + 1, TITLE_WIDTH) + MARGIN for item in row]


def _height(row: Row, cell: int) -> int:
    tallest = max(item.map.shape[0] for item in row if isinstance(item, View))
    return tallest * cell + TITLE + CAPTION + 2 * MARGIN


def _grid(view: View, cell: int) -> Pixels:
    """The cells of a map, each with its number where there is room for it."""
    rows, columns = view.map.shape
    look = Look.of(view.map, view.palette, view.places)
    write = look.writings[0 if cell >= FULL else -1]
    pixels = np.full((rows * cell + 1, columns * cell + 1), _ink(GREY), dtype=np.uint8)
    values = view.map.values.tolist()
    for row, column in np.ndindex(rows, columns):
        value = values[row][column]
        hidden = view.hidden is not None and bool(view.hidden[row, column])
        words = "" if hidden or cell < NUMBERED else write(value)
        tile = _tile(words, EMPTY if hidden else look.background(value), cell)
        pixels[row * cell : (row + 1) * cell, column * cell : (column + 1) * cell] = tile
    return pixels


@cache
def _tile(words: str, background: RGB, cell: int) -> Pixels:
    image = _blank(cell, cell, background)
    pen = _pen(image)
    pen.line((0, cell, 0, 0, cell, 0), fill=_ink(GREY))
    font = _font(cell * (0.34 if len(words) > 4 else 0.42))
    pen.text((cell / 2 + 0.5, cell / 2 + 0.5), words, fill=_ink(ink_on(background)), font=font, anchor="mm")
    return np.asarray(image)


def _outline(pen: ImageDraw.ImageDraw, left: int, top: int, box: Sequence[int], cell: int) -> None:
    down, right, rows, columns = (side * cell for side in box)
    x, y = left + right, top + down
    pen.rectangle((x - 1, y - 1, x + columns + 1, y + rows + 1), outline=_ink(WHITE), width=5)
    pen.rectangle((x, y, x + columns, y + rows), outline=_ink(ACCENT), width=3)


@cache
def _font(points: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(points)


def _short(words: str, most: int = TITLE_LETTERS) -> str:
    """Words in letters that the built-in font has, and not too many of them."""
    known = (PLAIN_LETTERS.get(c) or (c if c.isprintable() and ord(c) < 0x180 else "?") for c in words)
    plain = "".join(known)
    return plain if len(plain) <= most else plain[: most - 1] + "."
