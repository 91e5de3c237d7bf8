"""Matches with features of any numbers: matrix products, and for large features the Fourier transform.

Both work along the flat grid of `partial_sums`: the cell (row, column) of a feature is the shift row * width + column.
"""

from __future__ import annotations

import numpy as np

from xo_cnn import threads
from xo_cnn.maps import Array

# Bytes of the shifted grids that a matrix product takes at a time.
BLOCK = 1 << 21
# Cells that a Fourier transform takes at a time, if the feature is not larger still.
SPAN = 1 << 19
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
    reach = (tall - 1) * width + wide - 1
    stop = flat.size - reach
    span = 1 << (min(flat.size, max(SPAN, 4 * reach)) - 1).bit_length()
    for first in range(0, len(features), TOGETHER):
        group, rows = features[first : first + TOGETHER], sums[first : first + TOGETHER]
        spread = np.zeros((len(group), tall, width))
        spread[:, :, :wide] = group
        # The conjugate turns the feature round, for a product of transforms is a convolution with a flip.
        spectra = np.conj(np.fft.rfft(spread.reshape(len(group), -1), span))

        def work(start: int, rows: Array = rows, spectra: Array = spectra) -> None:
            end = min(start + span - reach, stop)
            spectrum = np.fft.rfft(flat[start : end + reach].astype(np.float64), span)
            for row, feature in zip(rows, spectra, strict=True):
                matches = np.fft.irfft(spectrum * feature, span)[: end - start]
                row[start:end] = np.rint(matches, out=matches) if row.dtype.kind == "i" else matches

        threads.for_each(work, range(0, stop, span - reach))
