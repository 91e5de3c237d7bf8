"""Matches with large features by way of the Fourier transform, which costs nearly the same for features of any size.

In the transform a match is one multiplication. The grid is cut into tiles that overlap by the size of the feature, and
of each the sums that wrap around are thrown away: the overlap-save method (Oppenheim and Schafer, *Discrete-Time Signal
Processing*, section 8.7).
"""

from __future__ import annotations

import numpy as np

from xo_cnn.engine.threads import for_each
from xo_cnn.engine.tuning import TUNING, Tuning
from xo_cnn.grid import Array


def transform(flat: Array, sums: Array, features: Array, width: int, tuning: Tuning = TUNING) -> None:
    """Fill `sums`, a row for each feature, with the sums of its matches along a flat grid of finite cells.

    The transforms are float64 whatever the type of the sums; their error is at most
    `1e-10 * largest cell * norm of the feature`. Integer sums are rounded, and so are exact while that is below 0.5.
    """
    tall, wide = features.shape[1:]
    grid, maps = flat.reshape(-1, width), sums.reshape(len(sums), -1, width)
    # Tiles a few times as large as the feature: they overlap little, and a transform fits the cache.
    pitch = min(width, 8 * wide)
    rows = min(len(grid) - tall + 1, max(tuning.fourier_span // pitch - tall + 1, 3 * tall))
    span = 1 << ((rows + tall - 1) * pitch - 1).bit_length()
    tiles = [
        (top, min(left, width - pitch))
        for top in range(0, len(grid) - tall + 1, rows)
        for left in range(0, width - wide + 1, pitch - wide + 1)
    ]
    for first in range(0, len(features), tuning.fourier_together):
        group = features[first : first + tuning.fourier_together]
        spread = np.zeros((len(group), tall, pitch))
        spread[:, :, :wide] = group
        # The conjugate undoes the flip: a plain product of transforms would match the feature turned round.
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

        for_each(work, tiles, tuning.workers if flat.size > tuning.fourier_span else 1)
