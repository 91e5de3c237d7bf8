"""The walk in motion: a feature slides over the image while its map fills, then the pooling window over the map."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from xo_cnn.grid import Array, Map
from xo_cnn.walk.chapter import Slide, View
from xo_cnn.walk.layers import place
from xo_cnn.walk.numbers import Place, Walk, look_in, work_out
from xo_cnn.words import signed, size

MOST = 120  # slides of each of the two passes; with more positions, several go by in one
STAYS = 160  # milliseconds
RESTS = 2400


def slides(walk: Walk) -> Iterator[Slide]:
    """The slides of a walk: every position of its feature, then every window of the first pooling layer."""
    filtered, feature = walk.trail[0], walk.match.feature
    image = f"the image {size(walk.grid.shape)}"
    for at, hidden in _positions(filtered):
        match = work_out(walk.grid, filtered, feature, at)
        sums = f"sum {match.total:.6g} ÷ {feature.sums.size} cells = {signed(match.quotient)}"
        yield Slide(
            (
                View(walk.grid, image, boxes=(match.box,)),
                "×",
                View(feature),
                "=",
                View(match.products),
                "→",
                View(filtered, boxes=((*at, 1, 1),), hidden=hidden),
            ),
            f"{feature.name} at {place(at)}: {sums}",
            STAYS,
        )
    yield Slide(
        (View(walk.grid, image), "×", View(feature), "→", View(filtered)),
        "The map is full: 1 is a perfect match, -1 the negative, 0 no match.",
        RESTS,
    )
    if walk.pooling:
        yield from _pooling(walk, filtered, walk.trail[1])


def _pooling(walk: Walk, filtered: Map, pooled: Map) -> Iterator[Slide]:
    title = f"pooled {size(pooled.shape)}"
    for at, hidden in _positions(pooled):
        window = look_in(filtered, pooled, walk.network.layers[0], at)
        yield Slide(
            (
                View(filtered, boxes=(window.box,)),
                "→",
                View(window.covered, "the window", boxes=(window.best_in_window,)),
                "→",
                View(pooled, title, boxes=((*at, 1, 1),), hidden=hidden),
            ),
            f"The window at {place(at)}: the maximum is {signed(window.maximum)}",
            2 * STAYS,
        )
    yield Slide(
        (View(filtered), "→", View(pooled, title)),
        f"Pooling kept the maximum of each window: {filtered.sums.size} cells became {pooled.sums.size}.",
        RESTS,
    )


def _positions(filtered: Map) -> Iterator[tuple[Place, Array]]:
    """The positions of a map in order, each with the cells that are not worked out yet (true)."""
    places = [(row, column) for row, column in np.ndindex(filtered.shape)]
    step = math.ceil(len(places) / MOST)
    for last in (*range(step - 1, len(places) - 1, step), len(places) - 1):
        hidden = np.arange(len(places)).reshape(filtered.shape) > last
        yield places[last], hidden
