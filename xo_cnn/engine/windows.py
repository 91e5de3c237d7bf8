"""The maxima of windows, in passes over whole rows.

A maximum over a window is taken down the columns first and then along the rows (the maximum is separable), and along
the rows by doubling: maxima of 1, 2, 4 … neighbours, each from two of the last, as in van Herk's and Gil and Werman's
running maxima. Every pass is one `numpy.maximum` of contiguous cells, on a block of rows that fits the cache.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from xo_cnn.engine.tuning import TUNING, Tuning
from xo_cnn.grid import Array


def steps_along(side: int, window: int, stride: int) -> int:
    """The number of steps of a window along a side: the last may hang over the edge, none begins beyond it.

    >>> [steps_along(n, window=2, stride=2) for n in (7, 4, 2)]
    [4, 2, 1]
    """
    steps = -(-(side - window) // stride) + 1
    return steps if (steps - 1) * stride < side else steps - 1


def largest_in_windows(numbers: Array, window: int, stride: int, tuning: Tuning = TUNING) -> Array:
    """The maxima of windows over the last two axes of an array shaped (…, rows, columns).

    >>> largest_in_windows(np.arange(12).reshape(1, 3, 4), window=2, stride=2).tolist()
    [[[5, 7], [9, 11]]]
    """
    *several, height, width = numbers.shape
    stride = min(stride, max(height, width))  # a larger one gives a single window too
    rows, columns = steps_along(height, window, stride), steps_along(width, window, stride)
    kind = numbers.dtype.newbyteorder("=")
    maxima = np.empty((*several, rows, columns), kind)
    # Room for the last window even where it hangs over, and for a whole number of strides.
    reach = (columns - 1) * stride + max(window, stride)
    pitch = reach + -reach % stride
    used = min(width, (columns - 1) * stride + window)
    # One map is pooled in blocks of rows that fit the cache; many small ones are a block as they are.
    many = rows if several else min(rows, max(1, tuning.pooling_block // (pitch * kind.itemsize)))
    buffers = [np.empty((*several, many, pitch), kind) for _ in range(2)]
    for top in range(0, rows, many):
        size = min(many, rows - top)
        block, other = (buffer[..., :size, :] for buffer in buffers)
        # Down the columns first, because it leaves fewer rows. A window that hangs over at the bottom ends sooner.
        for row in range(window):
            cells = numbers[..., top * stride + row : (top + size - 1) * stride + row + 1 : stride, :used]
            there = block[..., : cells.shape[-2], :used]
            if row:
                np.maximum(there, cells, out=there)
            else:
                there[...] = cells
        # Repeating the last column changes no maximum: every window that hangs over contains it.
        block[..., used:] = block[..., used - 1 : used]
        # Along the rows: maxima of 1, 2, 4, ... cells from every cell on, wanted or not, in contiguous passes.
        covered = 1
        while covered < window:
            step = min(covered, window - covered)
            np.maximum(block.reshape(-1)[:-step], block.reshape(-1)[step:], out=other.reshape(-1)[:-step])
            block, other = other, block
            covered += step
        _keep_steps(block, maxima[..., top : top + size, :], stride)
    return maxima


def _keep_steps(block: Array, maxima: Array, stride: int) -> None:
    """Copy every stride-th column out of a block."""
    columns, size = maxima.shape[-1], block.itemsize
    if stride == 2 and size < 8 and sys.byteorder == "little":
        # Every second number is the lower half of an integer twice as wide: narrowing it is one fast pass.
        halves: Any = f"i{size}"
        np.copyto(maxima.view(halves), block.view(f"i{2 * size}")[..., :columns], casting="unsafe")
    else:
        maxima[...] = block[..., ::stride][..., :columns]
