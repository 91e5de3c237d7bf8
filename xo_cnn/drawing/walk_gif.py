"""The walk in motion: a feature slides over the image as its map fills, then the pooling window over the map."""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from xo_cnn.drawing.cells import is_black_and_white, is_whole, refuse_too_large
from xo_cnn.drawing.palette import PALETTES, ink_on
from xo_cnn.grid import Map
from xo_cnn.walk.walk import Place, Walk, look_in, place, work_out
from xo_cnn.words import plain, short, signed

MOST_FRAMES = 120  # for each of the two passes; with more positions than this, several go by in one frame
CELL = 30
MARGIN = 16
HEAD = 24
STEP = 160  # milliseconds
REST = 2400

# The one palette of the file: some of the diverging one, and what else is drawn.
_SHADES = PALETTES["diverging"][np.r_[0:128:2, 129:256:2]]
_OTHERS = [(255, 255, 255), (0, 0, 0), (128, 128, 128), (0, 133, 122), (232, 232, 232)]
WHITE, BLACK, GREY, ACCENT, EMPTY = range(len(_SHADES), len(_SHADES) + len(_OTHERS))
COLOURS = bytes(np.concatenate([_SHADES, np.array(_OTHERS, dtype=np.uint8)]).tobytes())


CLEAR = 255  # no colour: what was there before stays

Pixels = NDArray[np.uint8]


def _shade(value: float) -> int:
    half = len(_SHADES) // 2
    step = round(abs(max(-1.0, min(1.0, value))) * (half - 1))
    return half + step if value > 0 else half - 1 - step


def slide_gif(told: Walk) -> bytes:
    """An animated GIF of the chosen feature at work, looped, with one palette; the same bytes for the same walk.

    Raises ShapeError for a grid of too many cells for it.
    """
    refuse_too_large(told.grid, "a moving picture")
    scene = _Scene(told)
    # The screen and its palette of 256 colours, then Netscape's block that asks for endless repetition.
    parts = [b"GIF89a", struct.pack("<HHBBB", scene.width, scene.height, 0xF7, 0, 0), COLOURS.ljust(768, b"\0")]
    parts.append(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0")
    before: Pixels | None = None
    for frame, milliseconds in scene.frames():
        pixels = np.asarray(frame)
        parts.append(_frame(pixels, before, milliseconds))
        before = pixels
    return b"".join([*parts, b"\x3b"])


def _frame(pixels: Pixels, before: Pixels | None, milliseconds: int) -> bytes:
    """One frame: what has changed, the rest transparent; Pillow itself would give each frame a palette of its own."""
    changed = np.ones(pixels.shape, dtype=bool) if before is None else pixels != before
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    top, bottom = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 1)
    left, right = (int(columns[0]), int(columns[-1]) + 1) if len(columns) else (0, 1)
    part = np.where(changed, pixels, np.uint8(CLEAR))[top:bottom, left:right]
    control = struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 0b0000_0101, milliseconds // 10, CLEAR, 0)
    descriptor = struct.pack("<BHHHHB", 0x2C, left, top, right - left, bottom - top, 0)
    return control + descriptor + _packed(part)


def _packed(pixels: Pixels) -> bytes:
    """The compressed pixels of a frame, as they stand in a file of their own that Pillow writes."""
    image = Image.fromarray(pixels)
    image.putpalette(COLOURS.ljust(768, b"\0"))
    data = io.BytesIO()
    image.save(data, "GIF", optimize=False, interlace=False)
    file = data.getvalue()
    # Header, screen and palette have 13 + 768 bytes; extensions may follow, then the frame's descriptor of 10.
    start = 13 + 768
    while file[start] == 0x21:
        start += 2
        while file[start]:
            start += file[start] + 1
        start += 1
    return file[start + 10 : -1]


class _Scene:
    """The image, the map and the pooled map side by side, each where it stays."""

    def __init__(self, told: Walk) -> None:
        self.told = told
        self.feature = told.network.features[told.chosen]
        self.map = told.convolution.maps[told.chosen]
        self.pooled = told.pooling[0].maps[told.chosen] if told.pooling else None
        widest = max(told.grid.shape)
        self.cell = max(6, min(CELL, 384 // widest))
        self.font = ImageFont.load_default(self.cell * (0.32 if self.cell == CELL else 0.4))
        self.words = ImageFont.load_default(13)
        shown = [told.grid, self.feature, self.map, *([self.pooled] if self.pooled else [])]
        self.left = [MARGIN]
        for one in shown[:-1]:
            self.left.append(self.left[-1] + max(one.shape[1] * self.cell, 96) + MARGIN)
        self.width = self.left[-1] + max(shown[-1].shape[1] * self.cell, 96) + MARGIN
        self.height = HEAD + max(one.shape[0] for one in shown) * self.cell + 2 * MARGIN + 8

    def frames(self) -> Iterator[tuple[Image.Image, int]]:
        """Frames with their milliseconds: every position of the feature, then every window."""
        base = self.blank()
        self.title(base, 0, f"the image {_size(self.told.grid)}")
        self.title(base, 1, f"{_plain(self.feature.name)} {_size(self.feature)}")
        self.title(base, 2, f"map {_size(self.map)}")
        self.draw(base, 0, self.told.grid)
        self.draw(base, 1, self.feature)
        self.empty(base, 2, self.map)
        for places in _batches(self.map):
            for at in places:
                self.number(base, 2, self.map, at)
            match = work_out(self.told.grid, self.map, self.feature, places[-1])
            frame = base.copy()
            self.outline(frame, 0, match.box)
            self.outline(frame, 2, (*match.at, 1, 1))
            sums = f"sum {match.total:.6g} / {self.feature.sums.size} cells = {signed(match.quotient)}"
            self.caption(frame, f"{place(match.at)}: {sums}")
            yield frame, STEP
        yield self.captioned(base, "The map is full: 1 is a perfect match, -1 the negative, 0 no match."), REST
        if self.pooled is not None:
            yield from self.pooling(base, self.pooled)

    def pooling(self, base: Image.Image, pooled: Map) -> Iterator[tuple[Image.Image, int]]:
        """The window steps over the map and keeps the maximum."""
        pool = self.told.network.layers[0]
        self.title(base, 3, f"pooled {_size(pooled)}")
        self.empty(base, 3, pooled)
        for places in _batches(pooled):
            for at in places:
                self.number(base, 3, pooled, at)
            window = look_in(self.map, pooled, pool, places[-1])
            frame = base.copy()
            self.outline(frame, 2, window.box)
            self.outline(frame, 3, (*window.at, 1, 1))
            self.caption(frame, f"window {place(window.at)}: the maximum is {signed(window.maximum)}")
            yield frame, 2 * STEP
        fewer = f"Pooling kept the maximum of each window: {self.map.sums.size} cells became {pooled.sums.size}."
        yield self.captioned(base, fewer), REST

    def blank(self) -> Image.Image:
        image = Image.new("P", (self.width, self.height), WHITE)
        image.putpalette(COLOURS)
        return image

    def pen(self, image: Image.Image) -> ImageDraw.ImageDraw:
        pen = ImageDraw.Draw(image)
        pen.fontmode = "1"  # a palette has no shades to smooth letters with
        return pen

    def title(self, image: Image.Image, which: int, words: str) -> None:
        self.pen(image).text((self.left[which], MARGIN // 2), words, fill=BLACK, font=self.words)

    def caption(self, image: Image.Image, words: str) -> None:
        self.pen(image).text((MARGIN, self.height - MARGIN - 6), words, fill=BLACK, font=self.words)

    def captioned(self, base: Image.Image, words: str) -> Image.Image:
        image = base.copy()
        self.caption(image, words)
        return image

    def corner(self, which: int, row: int, column: int) -> Place:
        return self.left[which] + column * self.cell, HEAD + MARGIN // 2 + row * self.cell

    def draw(self, image: Image.Image, which: int, one: Map) -> None:
        for row, column in np.ndindex(one.shape):
            self.number(image, which, one, (row, column))

    def empty(self, image: Image.Image, which: int, one: Map) -> None:
        pen = self.pen(image)
        for row, column in np.ndindex(one.shape):
            x, y = self.corner(which, row, column)
            pen.rectangle((x, y, x + self.cell, y + self.cell), fill=EMPTY, outline=GREY)

    def number(self, image: Image.Image, which: int, one: Map, at: Place) -> None:
        value = float(one.values[at])
        if is_black_and_white(one):
            fill, ink = (WHITE, BLACK) if value > 0 else (BLACK, WHITE)
        else:
            fill = _shade(value)
            ink = BLACK if ink_on(tuple(_SHADES[fill].tolist())) == (0, 0, 0) else WHITE
        x, y = self.corner(which, *at)
        pen = self.pen(image)
        pen.rectangle((x, y, x + self.cell, y + self.cell), fill=fill, outline=GREY)
        if self.cell >= 16:
            whole = one.divisor == 1 and is_whole(one.values)
            words = plain(value) if whole else signed(value) if self.cell == CELL else short(value)
            middle = (x + self.cell / 2 + 0.5, y + self.cell / 2 + 0.5)
            pen.text(middle, words, fill=ink, font=self.font, anchor="mm")

    def outline(self, image: Image.Image, which: int, box: tuple[int, int, int, int]) -> None:
        top, left, rows, columns = box
        x, y = self.corner(which, top, left)
        pen = self.pen(image)
        right, bottom = x + columns * self.cell, y + rows * self.cell
        pen.rectangle((x - 1, y - 1, right + 1, bottom + 1), outline=WHITE, width=5)
        pen.rectangle((x, y, right, bottom), outline=ACCENT, width=3)


def _batches(one: Map) -> Iterator[Sequence[Place]]:
    """All cells of a map in order, as many at a time as the number of frames asks for."""
    places = [(row, column) for row, column in np.ndindex(one.shape)]
    step = math.ceil(len(places) / MOST_FRAMES)
    for start in range(0, len(places), step):
        yield places[start : start + step]


def _plain(name: str) -> str:
    """A name, where the built-in font has letters for it."""
    if not name or not name.isprintable() or any(ord(letter) > 0x17F for letter in name):
        return "feature"
    return name if len(name) <= 12 else name[:11] + "."


def _size(one: Map) -> str:
    return f"{one.shape[0]}x{one.shape[1]}"
