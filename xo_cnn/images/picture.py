"""A picture as it was decoded: its levels of light, and what colour and transparency say beyond them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Picture:
    """The pixels of one image, upright.

    `levels` are its levels of light composited onto white, uint8 shaped (rows, columns), 0 black to 255 white.
    `colours` are its red, green and blue before compositing, uint8 shaped (rows, columns, 3), or None where the
    image has only grey; `alpha` its opacity, uint8 shaped (rows, columns), or None where every pixel is opaque.
    """

    levels: NDArray[np.uint8]
    colours: NDArray[np.uint8] | None = None
    alpha: NDArray[np.uint8] | None = None
