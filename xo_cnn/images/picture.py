"""A picture as it was decoded: its levels of light, and what colour and transparency say beyond them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


class Picture:
    """The pixels of one image, upright.

    `levels` are its levels of light composited onto white, uint8 shaped (rows, columns), 0 black to 255 white;
    `alpha` its opacity, uint8 shaped (rows, columns), or None where every pixel is opaque. `colours` may also be a
    function that returns them, called when they are first asked for: most letters are found without them.
    """

    def __init__(
        self, levels: Pixels, colours: Pixels | Callable[[], Pixels] | None = None, alpha: Pixels | None = None
    ) -> None:
        self.levels = levels
        self.alpha = alpha
        self._colours = colours

    @cached_property
    def colours(self) -> Pixels | None:
        """Red, green and blue before compositing, uint8 shaped (rows, columns, 3); None where there is only grey."""
        return self._colours() if callable(self._colours) else self._colours
