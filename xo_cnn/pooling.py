"""Pooling: step a window across a map and keep the maximum at each step."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from operator import index
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from xo_cnn.engine import threads
from xo_cnn.errors import ShapeError
from xo_cnn.grid import Array, Layer, LayerMap, Map, as_map, is_list

# Bytes of a map that are worked on at a time.
BLOCK = 1 << 18
# Bytes of all maps from which on threads pay.
LARGE = 1 << 24
# Cells of each map of a layer that are added up before they are pooled.
LAYER_CELLS = 5 << 16


def pooled_side(side: int, window: int, stride: int) -> int:
    """How many steps a window takes along a side: a last one may hang over the edge, none begins beyond it.

    >>> [pooled_side(n, window=2, stride=2) for n in (7, 4, 2)]
    [4, 2, 1]
    """
    steps = -(-(side - window) // stride) + 1
    return steps if (steps - 1) * stride < side else steps - 1


def window_maxima(numbers: Array, window: int, stride: int) -> Array:
    """The plain definition: the maximum of each window over the cells that it does cover."""
    rows, columns = (pooled_side(side, window, stride) for side in numbers.shape)
    maxima = np.empty((rows, columns), dtype=numbers.dtype)
    for row, column in np.ndindex(rows, columns):
        top, left = row * stride, column * stride
        maxima[row, column] = numbers[top : top + window, left : left + window].max()
    return maxima


def largest_in_windows(numbers: Array, window: int, stride: int) -> Array:
    """The maxima of windows over the last two axes, (...,H,W): `window_maxima` for each map, only fast.

    >>> largest_in_windows(np.arange(12).reshape(1, 3, 4), window=2, stride=2).tolist()
    [[[5, 7], [9, 11]]]
    """
    *several, height, width = numbers.shape
    stride = min(stride, max(height, width))  # a larger one gives a single window too
    rows, columns = pooled_side(height, window, stride), pooled_side(width, window, stride)
    kind = numbers.dtype.newbyteorder("=")
    maxima = np.empty((*several, rows, columns), kind)
    # Room for the last window even where it hangs over, and for a whole number of strides.
    reach = (columns - 1) * stride + max(window, stride)
    pitch = reach + -reach % stride
    used = min(width, (columns - 1) * stride + window)
    # One map goes by blocks of rows that stay close to the processor; many small ones are a block as they are.
    many = rows if several else min(rows, max(1, BLOCK // (pitch * kind.itemsize)))
    buffers = [np.empty((*several, many, pitch), kind) for _ in range(2)]
    for top in range(0, rows, many):
        size = min(many, rows - top)
        block, other = (buffer[..., :size, :] for buffer in buffers)
        # Along the columns first, for it leaves fewer rows. A window that hangs over at the bottom just ends sooner.
        for row in range(window):
            cells = numbers[..., top * stride + row : (top + size - 1) * stride + row + 1 : stride, :used]
            there = block[..., : cells.shape[-2], :used]
            if row:
                np.maximum(there, cells, out=there)
            else:
                there[...] = cells
        # The last column again and again changes no maximum, for all windows that hang over have it in them.
        block[..., used:] = block[..., used - 1 : used]
        # Along the rows: maxima of 1, 2, 4, ... cells from every cell on, wanted or not, in contiguous passes.
        covered = 1
        while covered < window:
            step = min(covered, window - covered)
            np.maximum(block.reshape(-1)[:-step], block.reshape(-1)[step:], out=other.reshape(-1)[:-step])
            block, other = other, block
            covered += step
        keep_steps(block, maxima[..., top : top + size, :], stride)
    return maxima


def keep_steps(block: Array, maxima: Array, stride: int) -> None:
    """Copy every so many columns out of a block."""
    columns, size = maxima.shape[-1], block.itemsize
    if stride == 2 and size < 8 and sys.byteorder == "little":
        # Every second number is the lower half of an integer twice as wide: to narrow it is one fast pass.
        halves: Any = f"i{size}"
        np.copyto(maxima.view(halves), block.view(f"i{2 * size}")[..., :columns], casting="unsafe")
    else:
        maxima[...] = block[..., ::stride][..., :columns]


@overload
def max_pool(maps: Map, window: int = 2, stride: int = 2) -> Map: ...
@overload
def max_pool(maps: Sequence[Map], window: int = 2, stride: int = 2) -> list[Map]: ...
@overload
def max_pool(maps: ArrayLike | Sequence[Map | ArrayLike], window: int = 2, stride: int = 2) -> Map | list[Map]: ...
def max_pool(maps: Map | ArrayLike | Sequence[Map | ArrayLike], window: int = 2, stride: int = 2) -> Map | list[Map]:
    """Shrink maps: as many maps come out, each with fewer cells, and the best fit in every window is kept.

    A side of n cells gives ceil((n - window) / stride) + 1: windows that hang over the right or lower edge are kept,
    over the cells that they do cover (one that would begin beyond the edge is not). A list of maps gives a list.

    Raises ShapeError where a window is larger than a map, or window and stride are no whole numbers from 1 on.

    >>> max_pool([[7, -1, 1], [-1, 9, -1], [1, -1, 9]]).values
    array([[9, 1],
           [1, 9]])
    """
    window, stride = check_steps(window, stride)
    if not is_list(maps):
        return max_pool([as_map(maps, "a map")], window, stride)[0]  # type: ignore[arg-type]
    wanted = [as_map(one, "a map") for one in maps]  # type: ignore[union-attr]
    for one in wanted:
        if window > min(one.shape):
            raise ShapeError(
                f"a window of {window}x{window} is larger than {one.called('the map')}: "
                f"choose a smaller window, or pool less often"
            )
    layer = whole_layer(wanted)
    if layer is not None:
        maxima = pool_layer(layer, window, stride)
        return [Map(one.name, sums, one.cells) for one, sums in zip(wanted, maxima, strict=True)]
    pooled: dict[int, Map] = {}

    def pool(number: int) -> None:
        one = wanted[number]
        pooled[number] = Map(one.name, largest_in_windows(one.sums, window, stride), one.cells)

    threads.for_each(pool, range(len(wanted)), worth=sum(one.sums.nbytes for one in wanted) > LARGE)
    return [pooled[number] for number in range(len(wanted))]


def whole_layer(maps: Sequence[Map]) -> Layer | None:
    """The layer whose maps these are, all of them in their order, if its sums have not been added up yet."""
    layers = {id(one.layer): one.layer for one in maps if isinstance(one, LayerMap)}
    if len(layers) != 1:
        return None
    (layer,) = layers.values()
    numbers = [one.number if isinstance(one, LayerMap) else -1 for one in maps]
    return layer if numbers == list(range(layer.count)) and "sums" not in vars(layer) else None


def pool_layer(layer: Layer, window: int, stride: int) -> Array:
    """Add up some rows of a layer's maps and pool them while they are close to the processor, and so on downward."""
    height, width = layer.shape
    rows, columns = pooled_side(height, window, stride), pooled_side(width, window, stride)
    step = max(1, LAYER_CELLS // (width * stride))
    maxima = np.empty((layer.count, rows, columns), layer.add_up(0, 1).dtype)

    def pool(first: int) -> None:
        last = min(first + step, rows)
        sums = layer.add_up(first * stride, min((last - 1) * stride + window, height))
        maxima[:, first:last] = largest_in_windows(sums, window, stride)

    threads.for_each(pool, range(0, rows, step))
    return maxima


def check_steps(window: int, stride: int) -> tuple[int, int]:
    """Take whole numbers from 1 on, and nothing else, for a window and a stride."""
    try:
        steps = index(window), index(stride)
    except TypeError:
        steps = (0, 0)
    if min(steps) < 1:
        raise ShapeError(f"window and stride are whole numbers from 1 on, not {window!r} and {stride!r}")
    return steps
