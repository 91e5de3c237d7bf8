"""Views: the planes in which a picture can be seen, its light, its colours and its opacity."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from xo_cnn.grid import Array
from xo_cnn.images.bits import Bits, bits_of
from xo_cnn.images.levels import LOOK, along, blocks_of, colour_axis, evened, grain, otsu, shrink
from xo_cnn.images.picture import Picture


@dataclass(frozen=True, eq=False)
class Plane:
    """One way to see a picture as levels: `look` is the whole of it, shrunk; `closer` shrinks a part of it."""

    name: str
    look: Array
    closer: Callable[[slice, slice], Array]
    sides: tuple[str, ...] = ("dark", "light")
    _pieces: dict[str, list[int]] = field(default_factory=dict)

    @cached_property
    def bits(self) -> Bits:
        """The Bits of the look."""
        return bits_of(*self.look.shape)

    @cached_property
    def inks(self) -> dict[str, int]:
        """What is dark and what is light."""
        light = self.bits.pack(self.look >= otsu(self.look))
        return {"dark": self.bits.all & ~light, "light": light}

    def pieces(self, side: str) -> list[int]:
        """What is dark or what is light, parted into pieces."""
        if side not in self._pieces:
            self._pieces[side] = self.bits.pieces(self.inks[side])
        return self._pieces[side]

    @cached_property
    def range(self) -> int:
        """The difference between the lightest and the darkest level."""
        return int(self.look.max()) - int(self.look.min())


class View:
    """A picture without repeated rows and columns, and the planes to see it in."""

    def __init__(self, picture: Picture) -> None:
        levels = picture.levels
        rows, columns = grain(levels), grain(levels.T)
        self._places = None
        if (len(rows) - 1) * (len(columns) - 1) < levels.size:
            self._places = np.ix_((rows[:-1] + rows[1:]) // 2, (columns[:-1] + columns[1:]) // 2)
            levels = levels[self._places]
        self.picture, self.levels = picture, levels
        self.rows, self.columns = rows, columns
        self.shape: tuple[int, int] = levels.shape
        self.blocks = blocks_of(levels.shape)

    def light(self) -> Plane | None:
        """The levels of light; None where they are all one."""
        levels = self.levels
        return _plane("light", shrink(levels), lambda rows, columns: shrink(levels[rows, columns]))

    def others(self) -> Iterator[Plane]:
        """Opacity, the axis along which the colours vary most, and light evened for dark and for light ink."""
        planes = [self._opacity(), self._colour(), self._evened(True), self._evened(False)]
        yield from (plane for plane in planes if plane is not None)

    def _without_repeats(self, layer: Array | None) -> Array | None:
        return layer if layer is None or self._places is None else layer[self._places]

    def _opacity(self) -> Plane | None:
        alpha = self._without_repeats(self.picture.alpha)
        if alpha is None:
            return None
        # ink is what can be seen, so dark here means clear
        return _plane("opacity", shrink(alpha), lambda rows, columns: shrink(alpha[rows, columns]))

    def _colour(self) -> Plane | None:
        colours, alpha = self._without_repeats(self.picture.colours), self._without_repeats(self.picture.alpha)
        if colours is None:
            return None
        if alpha is not None:
            colours = _on_white(colours, alpha)
        look = shrink(colours)
        axis = colour_axis(look)
        if axis is None:
            return None
        places = look.astype(np.int32) @ axis
        low, high = int(places.min()), int(places.max())

        def closer(rows: slice, columns: slice) -> Array:
            return along(shrink(colours[rows, columns]), axis, low, high)

        return _plane("colour", along(look, axis, low, high), closer)

    def _evened(self, dark: bool) -> Plane | None:
        levels = self.levels
        look = shrink(levels)
        common = np.sort(np.bincount(look.ravel(), minlength=2))[-2:].sum()
        if min(look.shape) < LOOK // 4 or common * 10 >= look.size * 7:
            return None  # a small picture, or a drawing nearly all of one or two levels: no light to even out

        def closer(rows: slice, columns: slice) -> Array:
            return evened(shrink(levels[rows, columns]), dark)

        plane = _plane("evened", evened(look, dark), closer)
        return plane and replace(plane, sides=("dark" if dark else "light",))


def _on_white(colours: Array, alpha: Array) -> Array:
    """Colours composited onto white, a few rows at a time: what is between takes more memory than the result."""
    composited = np.empty_like(colours)
    step = max(1, (1 << 16) // alpha.shape[1])
    for top in range(0, len(alpha), step):
        share = alpha[top : top + step].astype(np.uint16)[..., None]
        composited[top : top + step] = (colours[top : top + step] * share + 255 * (255 - share) + 127) // 255
    return composited


def _plane(name: str, look: Array, closer: Callable[[slice, slice], Array]) -> Plane | None:
    return Plane(name, look, closer) if look.min() < look.max() else None
