"""Random numbers from a seed, the same on every machine."""

from __future__ import annotations

import numpy as np

from xo_cnn.grid import Array

Amount = float | tuple[float, float]


class Dice:
    """Random numbers from a seed: PCG64's plain doubles alone, which are the same in every version of NumPy."""

    def __init__(self, *seed: int) -> None:
        self._draw = np.random.Generator(np.random.PCG64(np.random.SeedSequence(list(seed)))).random

    def between(self, low: float, high: float) -> float:
        """Any number from low to high."""
        return low + (high - low) * float(self._draw())

    def chance(self, share: float) -> bool:
        """True in that share of throws."""
        return float(self._draw()) < share

    def amount(self, amount: Amount) -> float:
        """The amount itself, or any from a range of two."""
        return self.between(*amount) if isinstance(amount, tuple) else amount

    def many(self, *shape: int) -> Array:
        """A grid of numbers from 0 to 1."""
        return self._draw(shape)
