"""Matches with features of any numbers: matrix products, and for large features the Fourier transform.

Both work along the flat grid of `partial_sums`: the cell (row, column) of a feature is the shift row * width + column.
"""

from __future__ import annotations

import numpy as np

from xo_cnn.engine import threads
from xo_cnn.grid import Array

# Bytes of the shifted grids that a matrix product takes at a time.
BLOCK = 1 << 21
# Cells that a Fourier transform takes at a time, if the feature leaves room.
SPAN = 1 << 15
# Features whose transforms are kept in memory at a time.
TOGETHER = 4


def multiply(flat: Array, sums: Array, features: Array, width: int) -> None:
    """Fill `sums`, a row for each feature, by matrix products: features x cells with cells x positions.

    Floats come out within `cells * eps * sums of absolute products`, in whatever order they are added. Integers come
    out exactly if no sum of absolute products reaches 1 / eps; eps is that of the type of `flat`, float32 or float64.
    """
    several, tall, wide = features.shape
    weights = features.reshape(several, -1).astype(flat.dtype)
    shifts = [row * width + column for row, column in np.ndindex(tall, wide)]
    stop = flat.size - shifts[-1]
    block = min(stop, max(256, BLOCK // (flat.itemsize * len(shifts))))
    patches = np.empty((len(shifts), block), flat.dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        for start in range(0, stop, block):
            end = min(start + block, stop)
            for patch, shift in zip(patches, shifts, strict=True):
                patch[: end - start] = flat[start + shift : end + shift]
            sums[:, start:end] = weights @ patches[:, : end - start]


def transform(flat: Array, sums: Array, features: Array, width: int) -> None:
    """Fill `sums`, a row for each feature, by way of the Fourier transform, where a match is one multiplication.

    Whatever the type of the sums, the transforms are float64, and their error is at most
    `1e-10 * largest cell * norm of the feature`. Integers are rounded to, so they come out exactly while that is
    less than a half. All cells have to be finite.
    """
    tall, wide = features.shape[1:]
    grid, maps = flat.reshape(-1, width), sums.reshape(len(sums), -1, width)
    # Tiles a few times as large as the feature: little is matched twice, and a transform stays close to the processor.
    pitch = min(width, 8 * wide)
    rows = min(len(grid) - tall + 1, max(SPAN // pitch - tall + 1, 3 * tall))
    span = 1 << ((rows + tall - 1) * pitch - 1).bit_length()
    tiles = [
        (top, min(left, width - pitch))
        for top in range(0, len(grid) - tall + 1, rows)
        for left in range(0, width - wide + 1, pitch - wide + 1)
    ]
    for first in range(0, len(features), TOGETHER):
        group = features[first : first + TOGETHER]
        spread = np.zeros((len(group), tall, pitch))
        spread[:, :, :wide] = group
        # The conjugate turns the feature round, for a product of transforms is a convolution with a flip.
        spectra = np.conj(np.fft.rfft(spread.reshape(len(group), -1), span))

        def work(tile: tuple[int, int], first: int = first, spectra: Array = spectra) -> None:
            top, left = tile
            cells = grid[top : top + rows + tall - 1, left : left + pitch].astype(np.float64)
            spectrum = np.fft.rfft(cells.reshape(-1), span)
            size = len(cells) - tall + 1
            for one, feature in zip(maps[first:], spectra, strict=False):
                matches = np.fft.irfft(spectrum * feature, span)[: size * pitch].reshape(size, pitch)
                if one.dtype.kind == "i":
                    np.rint(matches, out=matches)
                one[top : top + size, left : left + pitch - wide + 1] = matches[:, : pitch - wide + 1]

        threads.for_each(work, tiles, worth=flat.size > SPAN)
