"""Matches with features of any numbers, as matrix products.

The grid is laid out flat as for additions, and copied once per cell of the feature, each copy shifted under that cell.
One matrix product (features × cells with cells × positions) then matches all features, at the speed of BLAS: the
method known as im2col (Chellapilla, Puri and Simard, 2006), a block of positions at a time.
"""

from __future__ import annotations

import numpy as np

from xo_cnn.engine.tuning import TUNING, Tuning
from xo_cnn.grid import Array


def multiply(flat: Array, sums: Array, features: Array, width: int, tuning: Tuning = TUNING) -> None:
    """Fill `sums`, a row for each feature, with the sums of its matches along a flat grid.

    The error of floats is at most `size of the feature * eps * sum of absolute products`, where eps is that of the
    type of `flat`, float32 or float64.
    """
    several, tall, wide = features.shape
    weights = features.reshape(several, -1).astype(flat.dtype)
    shifts = [row * width + column for row, column in np.ndindex(tall, wide)]
    stop = flat.size - shifts[-1]
    block = min(stop, max(256, tuning.products_block // (flat.itemsize * len(shifts))))
    patches = np.empty((len(shifts), block), flat.dtype)
    for start in range(0, stop, block):
        end = min(start + block, stop)
        for patch, shift in zip(patches, shifts, strict=True):
            patch[: end - start] = flat[start + shift : end + shift]
        sums[:, start:end] = weights @ patches[:, : end - start]
