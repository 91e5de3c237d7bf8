"""Views: the planes in which a picture can be seen, its light, its colours and its opacity."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.images.bits import bits_of, box_of
from xo_cnn.images.levels import LOOK, along, blocks_of, colour_axis, evened, grain, otsu, shrink
from xo_cnn.images.picture import Picture


class Plane:
    """One way to see a picture as levels: `look` is the whole of it, shrunk; `sides` are those that ink may be on.

    `level` is the threshold that parts dark from light, `inks` what is dark and what is light, and `range` the
    difference between the lightest and the darkest level.
    """

    def __init__(self, name: str, look: Array, sides: tuple[str, ...]) -> None:
        self.name, self.look, self.sides = name, look, sides
        self.bits = bits_of(*look.shape)
        self.level = otsu(look)
        light = self.bits.pack(look >= self.level)
        self.inks = {"dark": self.bits.all & ~light, "light": light}
        self.range = int(np.ptp(look))
        self._pieces: dict[str, list[int]] = {}

    def pieces(self, side: str) -> list[int]:
        """What is dark or what is light, parted into pieces."""
        if side not in self._pieces:
            self._pieces[side] = self.bits.pieces(self.inks[side])
        return self._pieces[side]

    def faint(self, side: str) -> int:
        """The ink, and what is fainter but joined to it (hysteresis, Canny 1986): thin lines break when shrunk.

        The second threshold is half way from the paper to the first.
        """
        ink, dark = self.inks[side], side == "dark"
        paper = int(np.median(self.look[self.look >= self.level if dark else self.look < self.level]))
        second = (paper + self.level) // 2
        return self.bits.flood(ink, self.bits.pack(self.look < second if dark else self.look >= second) | ink)


class View:
    """A picture without repeated rows and columns, and the planes to see it in; of a nearly empty one, a part."""

    def __init__(self, picture: Picture) -> None:
        levels = picture.levels
        rows, columns = grain(levels), grain(levels.T)
        self._places = None
        if (len(rows) - 1) * (len(columns) - 1) < levels.size:
            self._places = np.ix_((rows[:-1] + rows[1:]) // 2, (columns[:-1] + columns[1:]) // 2)
            levels = levels[self._places]
        self._look = shrink(levels)
        self._part = _part(levels.shape, self._look)
        if self._part is not None:
            levels = levels[self._part]
            self._look = shrink(levels)
            rows, columns = rows[self._part[0].start :], columns[self._part[1].start :]
        self.picture, self.levels = picture, levels
        self.rows, self.columns = rows, columns
        self.shape: tuple[int, int] = levels.shape
        self.blocks = blocks_of(levels.shape)

    def light(self) -> Plane | None:
        """The levels of light; None where they are all one."""
        return _plane("light", self._look)

    def others(self) -> Iterator[Plane]:
        """Opacity, the axis along which the colours vary most, and light evened for dark and for light ink."""
        planes = [self._opacity(), self._colour(), self._evened(True), self._evened(False)]
        yield from (plane for plane in planes if plane is not None)

    def without_repeats(self, layer: Array) -> Array:
        """A layer of the picture without its repeated rows and columns, and of the part that is looked at."""
        layer = layer if self._places is None else layer[self._places]
        return layer if self._part is None else layer[self._part]

    def _opacity(self) -> Plane | None:
        alpha = self.picture.alpha
        # ink is what can be seen, so dark here means clear
        return None if alpha is None else _plane("opacity", shrink(self.without_repeats(alpha)))

    def _colour(self) -> Plane | None:
        colours, alpha = self.picture.colours, self.picture.alpha
        if colours is None:
            return None
        colours = self.without_repeats(colours)
        if alpha is not None:
            colours = _on_white(colours, self.without_repeats(alpha))
        look = shrink(colours)
        axis = colour_axis(look)
        return None if axis is None else _plane("colour", along(look, axis))

    def _evened(self, dark: bool) -> Plane | None:
        look = self._look
        common = np.sort(np.bincount(look.ravel(), minlength=2))[-2:].sum()
        if min(look.shape) < LOOK // 4 or common * 10 >= look.size * 7:
            return None  # a small picture, or a drawing nearly all of one or two levels: no light to even out

        return _plane("evened", evened(look, dark), ("dark" if dark else "light",))


def _part(shape: tuple[int, int], look: Array) -> tuple[slice, slice] | None:
    """The rows and columns round all ink, where they can be seen in twice as many pixels as the whole; or None."""
    blocks = blocks_of(shape)
    if max(blocks) == 1:
        return None
    light = look >= otsu(look)
    ink = light if np.count_nonzero(light) * 2 < light.size else ~light
    if not ink.any():
        return None
    top, left, bottom, right = box_of(ink)
    room = 1 + max(bottom - top, right - left) // 8
    edges = zip((top, left), (bottom, right), blocks, shape, strict=True)
    rows, columns = (slice(max(0, low - room) * step, min(end, (high + room) * step)) for low, high, step, end in edges)
    closer = blocks_of((rows.stop - rows.start, columns.stop - columns.start))
    return (rows, columns) if 2 * max(closer) <= max(blocks) else None


def _on_white(colours: Array, alpha: Array) -> Array:
    """Colours composited onto white, a few rows at a time: what is between takes more memory than the result."""
    composited = np.empty_like(colours)
    step = max(1, (1 << 16) // alpha.shape[1])
    for top in range(0, len(alpha), step):
        share = alpha[top : top + step].astype(np.uint16)[..., None]
        composited[top : top + step] = (colours[top : top + step] * share + 255 * (255 - share) + 127) // 255
    return composited


def _plane(name: str, look: Array, sides: tuple[str, ...] = ("dark", "light")) -> Plane | None:
    return Plane(name, look, sides) if look.min() < look.max() else None
