"""Tuning: how much is worked on at a time, and from how much work on another way pays."""

from __future__ import annotations

import os
from dataclasses import dataclass

PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Tuning:
    """The sizes that decide how fast the engine is; no result depends on them, beyond the rounding of floats.

    All were chosen with `benchmarks/speed.py` on two AMD EPYC cores with 1 MB of second-level cache each.
    """

    workers: int = PROCESSORS  # threads for work that pays for starting them
    additions_block: int = 1 << 19  # bytes of the grid that are added up at a time: a few such blocks fit the cache
    many_additions: int = 1 << 26  # additions that pay for threads: those of one feature 3x3 on eight megapixels
    many_cells: int = 1000  # cells of a feature of 1, 0 and -1 above which the Fourier transform beats additions
    products_block: int = 1 << 21  # bytes of shifted grids that one matrix product takes
    fourier_span: int = 1 << 15  # cells that one transform takes, unless the feature needs more
    fourier_together: int = 4  # features whose transforms are in memory at a time
    pooling_block: int = 1 << 18  # bytes of a map that are pooled at a time
    large_maps: int = 1 << 24  # bytes of all maps above which pooling them one by one pays for threads
    layer_block: int = 5 << 20  # cells of all maps of a layer that are added up and pooled at a time
    large_layer: int = 1 << 22  # cells of a whole layer above which its blocks pay for threads


TUNING = Tuning()
