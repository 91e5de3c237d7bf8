"""The walk as numbers: a network at work on one grid, every stage with its arithmetic, each number computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xo_cnn.convolution import convolve
from xo_cnn.display import Displayed
from xo_cnn.engine.fusion import run_on_each
from xo_cnn.errors import ShapeError
from xo_cnn.grid import Map
from xo_cnn.layers import Box, Cost, Layer, Shape
from xo_cnn.matching import agreement, better, exemplars
from xo_cnn.network import Network
from xo_cnn.pooling import Pool
from xo_cnn.voting import Verdict
from xo_cnn.walk.reading import Reading
from xo_cnn.words import count

MOST_CELLS = 1 << 20  # of all maps: every number of a walk is kept, and its JSON takes some hundred bytes for each

Place = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Likeness:
    """Naive matching with one saved picture: how many of its cells `agree`, and which `differ` (true)."""

    exemplar: Map
    agree: int
    differ: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Match:
    """One cell of a filtered map worked out: patch times feature, added up, divided by the number of cells."""

    feature: Map
    at: Place
    patch: Map
    products: Map
    total: float
    quotient: float

    @property
    def box(self) -> Box:
        """The patch in the image: top, left, rows, columns."""
        return (*self.at, *self.feature.shape)


@dataclass(frozen=True, eq=False)
class Window:
    """One cell of a pooled map worked out: what the window `covered`, and `best`, the place of the maximum.

    `box` is the window in the map before pooling: top, left, rows, columns; fewer than the window has where it
    hangs over an edge.
    """

    at: Place
    pool: Pool
    covered: Map
    box: Box
    best: Place
    maximum: float

    @property
    def hangs_over(self) -> bool:
        """Whether the window reaches beyond the right or lower edge."""
        return self.covered.shape != (self.pool.window, self.pool.window)

    @property
    def best_in_window(self) -> Box:
        """The cell of the maximum, counted from the window's own corner: top, left, rows, columns."""
        return self.best[0] - self.box[0], self.best[1] - self.box[1], 1, 1


@dataclass(frozen=True, eq=False)
class Stage:
    """A layer at work: the maps that it gives, and the work for each."""

    layer: Layer
    maps: tuple[Map, ...]
    costs: tuple[Cost, ...]

    @property
    def cost(self) -> Cost:
        """The work for all maps together."""
        return sum(self.costs, Cost())

    @property
    def size(self) -> int:
        """The number of cells in all maps together."""
        return sum(filtered.sums.size for filtered in self.maps)


@dataclass(frozen=True, eq=False)
class Vote:
    """The vote of one cell: the number `at` a place of the last map of a feature, times its weight."""

    feature: str
    at: Place
    number: float
    weight: float
    vote: float


@dataclass(frozen=True, eq=False, repr=False)
class Walk(Displayed):
    """Everything between a picture and its verdict; `reading` says how the picture became the grid.

    `match` and, with a pooling layer, `window` work one cell out; `trail` holds the map of the feature that they
    follow after each layer, and `chosen` is that feature's place in the network, None for a feature that is not the
    network's. `votes` holds for each label one grid per last map: each cell's number times its weight.
    """

    reading: Reading
    network: Network
    grid: Map
    likenesses: tuple[Likeness, ...]
    fits: tuple[Match, ...]
    chosen: int | None
    match: Match
    trail: tuple[Map, ...]
    window: Window | None
    stages: tuple[Stage, ...]
    votes: dict[str, tuple[NDArray[np.float64], ...]]
    verdict: Verdict

    @property
    def last(self) -> tuple[Map, ...]:
        """The maps whose cells vote."""
        return self.stages[-1].maps

    @property
    def convolution(self) -> Stage:
        """The first stage."""
        return self.stages[0]

    @property
    def pooling(self) -> tuple[Stage, ...]:
        """The stages that pool."""
        return tuple(stage for stage in self.stages if isinstance(stage.layer, Pool))

    def __repr__(self) -> str:
        source = f"{self.reading.source!r}, " if self.reading.source else ""
        return f"Walk({source}{self.network.name}: {self.verdict})"

    @property
    def naive(self) -> str:
        """The label that naive matching gives; empty where nothing was compared."""
        agreements = {likeness.exemplar.name: likeness.agree for likeness in self.likenesses}
        return better(agreements) if agreements else ""

    def strongest(self, label: str) -> list[Vote]:
        """The votes of all cells that have a weight for a label, the strongest first."""
        found = [
            Vote(last.name, (at[0], at[1]), float(last.values[at]), float(weights[at]), float(votes[at]))
            for last, weights, votes in zip(self.last, self.network.votes[label], self.votes[label], strict=True)
            for at in np.ndindex(last.shape)
            if weights[at]
        ]
        return sorted(found, key=lambda vote: -abs(vote.vote))


def refuse_too_large(network: Network) -> None:
    """Raise ShapeError for a network with so many cells that keeping every number would take gigabytes."""
    cells = network.side**2 * len(network.features)
    if cells > MOST_CELLS:
        maps = f"{count(len(network.features), 'map')} of about {network.side}x{network.side} cells"
        raise ShapeError(f"the network {network.name} has {maps}; explain keeps every number, of at most {MOST_CELLS}")


def run(
    network: Network,
    image: Map,
    feature: Map,
    reading: Reading,
    at: Place | None = None,
) -> Walk:
    """Run a network on a grid of its side and keep every stage; `feature` is worked out at a place of its map.

    The place is by default that of the best fit. Raises ShapeError for a place outside its map, and what the
    network raises for a grid of another size or scale.
    """
    network.refuse([image])
    chosen = next((number for number, ours in enumerate(network.features) if ours is feature), None)
    stages = _stages(network, image)
    if chosen is None:
        trail = [convolve(image, feature)]
        for layer in network.layers[1:]:
            trail += run_on_each(layer, trail[-1:])
    else:
        trail = [stage.maps[chosen] for stage in stages]
    window = None
    for depth, layer in enumerate(network.layers):
        if isinstance(layer, Pool) and window is None:
            window = look_in(trail[depth - 1], trail[depth], layer, _best(trail[depth]))
    convolution, last = stages[0], stages[-1].maps
    return Walk(
        reading=reading,
        network=network,
        grid=Map("", image.sums, image.cells),
        likenesses=_likenesses(image, network.labels),
        fits=tuple(
            work_out(image, filtered, ours, _best(filtered))
            for filtered, ours in zip(convolution.maps, network.features, strict=True)
        ),
        chosen=chosen,
        match=work_out(image, trail[0], feature, _best(trail[0]) if at is None else at),
        trail=tuple(trail),
        window=window,
        stages=stages,
        votes={
            label: tuple(
                filtered.values.astype(np.float32) * weights for filtered, weights in zip(last, grids, strict=True)
            )
            for label, grids in network.votes.items()
        },
        verdict=network.vote(last),
    )


def _stages(network: Network, image: Map) -> tuple[Stage, ...]:
    maps: Sequence[Map] = convolve(image, network.features)
    shapes: Sequence[Shape] = [image.shape] * len(network.features)
    stages = []
    for number, layer in enumerate(network.layers):
        if number:
            shapes, maps = [filtered.shape for filtered in maps], run_on_each(layer, maps)
        costs = tuple(layer.cost(*each) for each in zip(shapes, network.features, strict=True))
        stages.append(Stage(layer, tuple(maps), costs))
    return tuple(stages)


def work_out(image: Map, filtered: Map, feature: Map, at: Place) -> Match:
    """One cell of a filtered map, from the image's patch and the feature to the quotient."""
    row, column = _inside(filtered, at, "map")
    tall, wide = feature.shape
    patch = image.values[row : row + tall, column : column + wide]
    dtype = np.result_type(patch, feature.values, np.int64)
    products = np.multiply(patch, feature.values, dtype=dtype)
    return Match(
        feature=feature,
        at=(row, column),
        patch=Map("patch", patch),
        products=Map("products", products),
        total=float(filtered.sums[row, column]),
        quotient=float(filtered.values[row, column]),
    )


def look_in(before: Map, after: Map, pool: Pool, at: Place) -> Window:
    """One cell of a pooled map, from the cells that its window covers to their maximum."""
    row, column = _inside(after, at, "pooled map")
    top, left = row * pool.stride, column * pool.stride
    covered = before.sums[top : top + pool.window, left : left + pool.window]
    down, right = divmod(int(covered.argmax()), covered.shape[1])
    return Window(
        at=(row, column),
        pool=pool,
        covered=Map(before.name, covered, before.cells),
        box=(top, left, *covered.shape),
        best=(top + down, left + right),
        maximum=float(after.values[row, column]),
    )


def _inside(filtered: Map, at: Place, what: str) -> Place:
    rows, columns = filtered.shape
    row, column = at
    if not (0 <= row < rows and 0 <= column < columns):
        raise ShapeError(
            f"{row},{column} lies outside the {what} of {filtered.name}, which is {rows}x{columns}: "
            f"rows are 0 to {rows - 1}, columns 0 to {columns - 1}"
        )
    return row, column


def _best(filtered: Map) -> Place:
    row, column = divmod(int(filtered.sums.argmax()), filtered.shape[1])
    return row, column


def _likenesses(image: Map, labels: Sequence[str]) -> tuple[Likeness, ...]:
    side = image.shape[0]
    if side < 5 or set(labels) != {"X", "O"}:
        return ()
    return tuple(
        Likeness(saved, agreement(image, saved), image.values != saved.values) for saved in exemplars(side).values()
    )
