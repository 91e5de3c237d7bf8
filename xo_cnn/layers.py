"""Layers: what a network is made of. Each takes the maps of the layer before it, one per feature, and gives as many.

A new kind of layer is a frozen dataclass in a chapter of its own and a name in `formats.networks.KINDS`. Its fields are
its entries in a network file. What a method says here holds for a layer that takes each cell by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from xo_cnn.grid import Array, Map

Shape = tuple[int, int]
Box = tuple[int, int, int, int]  # some cells of a map: top, left, rows, columns
NO_FEATURE = Map("", np.zeros((0, 0)))  # where only shapes count, and no message names a feature


class Cost(NamedTuple):
    """The work for one map or one layer, counted."""

    products: int = 0
    sums: int = 0
    divisions: int = 0
    comparisons: int = 0


@dataclass(frozen=True)
class Layer:
    """One layer of a network; `define` is what it does, and `run` the same for many maps at once, only faster."""

    kind: ClassVar[str]  # its type in a network file
    title: ClassVar[str]  # what people call it

    def shape(self, shape: Shape, feature: Map = NO_FEATURE) -> Shape:
        """Rows and columns of the map that comes out of one of some `shape`; ShapeError, naming its `feature`."""
        return shape

    def define(self, numbers: Array, feature: Map = NO_FEATURE) -> Array:
        """The plain definition: from the numbers of one map, (rows, columns), those of the map that comes out."""
        raise NotImplementedError

    def run(self, numbers: Array) -> Array:
        """The numbers of `define` for maps shaped (…, rows, columns), of the type that comes in.

        The numbers may be sums that are still to be divided: a layer commutes with the division by a positive number.
        """
        raise NotImplementedError

    def rows(self, top: int, bottom: int, height: int) -> tuple[int, int]:
        """Which rows of a map of `height` rows are behind the rows from `top` up to `bottom` of what comes out."""
        return top, bottom

    def behind(self, at: tuple[int, int], shape: Shape, feature: Map = NO_FEATURE) -> Box:
        """The cells behind one cell of what comes out, in a map of some `shape`."""
        return (*at, 1, 1)

    def cost(self, shape: Shape, feature: Map = NO_FEATURE) -> Cost:
        """The work for one map of some `shape`."""
        raise NotImplementedError

    @property
    def caption(self) -> str:
        """What a map is that comes out, in a word or two."""
        raise NotImplementedError

    @property
    def sentence(self) -> str:
        """What it does, for those who walk through a network."""
        raise NotImplementedError


def last_shape(shape: Shape, feature: Map, layers: Sequence[Layer]) -> Shape:
    """Rows and columns of a feature's last map; ShapeError where a layer leaves none."""
    for layer in layers:
        shape = layer.shape(shape, feature)
    return shape
