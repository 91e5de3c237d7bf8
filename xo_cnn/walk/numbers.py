"""The walk as numbers: a network at work on one grid, every stage with its arithmetic, each number computed once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from operator import index
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xo_cnn.display import Displayed
from xo_cnn.engine.fusion import run_on_each
from xo_cnn.errors import OptionError, ShapeError
from xo_cnn.features import convolve
from xo_cnn.grid import Map
from xo_cnn.images.fit import Fitted
from xo_cnn.layers import Box, Cost, Layer
from xo_cnn.matching import agreement, better
from xo_cnn.network import Network
from xo_cnn.voting import Verdict
from xo_cnn.words import count

MOST_KEPT = 1 << 20  # of all maps: every number of a walk is kept, and its JSON takes some hundred bytes for each

Cell = tuple[int, int]  # row and column


@dataclass(frozen=True, eq=False)
class Likeness:
    """Naive matching with one saved picture: how many of its cells `agree`, and which `differ` (true)."""

    saved: Map
    agree: int
    differ: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Working:
    """One cell of a map worked out: its `place`, its `number`, and the `box` of cells `behind` it in the map before."""

    place: Cell
    number: float
    box: Box
    behind: Map


@dataclass(frozen=True, eq=False)
class Match(Working):
    """One cell of a filtered map worked out: the patch behind it times the feature, added up to `total`, divided."""

    feature: Map
    products: Map
    total: float


@dataclass(frozen=True, eq=False)
class Stage:
    """A layer at work: the maps that it gives, the work for each, and the `working` of one cell of `followed`.

    `followed` is the map of the feature that the walk follows.
    """

    layer: Layer
    maps: tuple[Map, ...]
    costs: tuple[Cost, ...]
    followed: Map
    working: Working

    @property
    def cost(self) -> Cost:
        """The work for all maps together."""
        return Cost(*map(sum, zip(*self.costs, strict=True)))

    @property
    def size(self) -> int:
        """The number of cells in all maps together."""
        return sum(one.sums.size for one in self.maps)


@dataclass(frozen=True, eq=False, repr=False)
class Walk(Displayed):
    """Everything between a picture and its verdict, as `explain` gives it; a notebook shows it as figures.

    `source` is the picture's name, `picture` its grey levels from -1 (black) to 1 (white), None where the grid was
    taken as it is, and `fitted` how it became the `grid`. `likenesses` hold naive matching with each saved picture, and
    `stages` each layer of the `network` with its maps, its costs and one cell worked out. `match` is that cell of the
    convolution, and `fits` holds for each feature the cell where it fits best; `chosen` is the place in the network
    of the feature that is followed, None for one that is not the network's. `votes` holds for each label one grid per
    last map: each cell's number times its weight. `verdict` is what `classify` gives.
    """

    source: str
    picture: Map | None
    fitted: Fitted
    network: Network
    grid: Map
    likenesses: tuple[Likeness, ...]
    fits: tuple[Match, ...]
    chosen: int | None
    match: Match
    stages: tuple[Stage, ...]
    votes: dict[str, tuple[NDArray[np.float64], ...]]
    verdict: Verdict

    @property
    def last(self) -> tuple[Map, ...]:
        """The maps whose cells vote."""
        return self.stages[-1].maps

    @property
    def naive(self) -> str:
        """The label that naive matching gives; empty where nothing was compared."""
        agreements = {likeness.saved.name: likeness.agree for likeness in self.likenesses}
        return better(agreements) if agreements else ""

    def __repr__(self) -> str:
        source = f"{self.source!r}, " if self.source else ""
        return f"Walk({source}{self.network.name}: {self.verdict})"


def refuse_too_large(network: Network) -> None:
    """Raise ShapeError for a network with so many cells that keeping every number would take gigabytes."""
    if network.side**2 * len(network.features) > MOST_KEPT:
        maps = f"{count(len(network.features), 'map')} of about {network.side}x{network.side} cells"
        raise ShapeError(f"the network {network.name} has {maps}; explain keeps every number, of at most {MOST_KEPT}")


def walk_through(
    network: Network,
    fitted: Fitted,
    feature: Map,
    at: Cell | None = None,
    source: str = "",
    picture: Map | None = None,
) -> Walk:
    """Run a network on the grid of a picture and keep every stage; `feature` is worked out at a place of its map.

    The place is by default that of the best fit. Raises ShapeError for a place outside its map, and what the
    network raises for a grid of another size or scale.
    """
    image = Map("", fitted.grid)
    network.stacked([image])
    number = len(network.features)
    # A feature that is not the network's goes along behind its own.
    features = [*network.features, *([] if feature in network.features else [feature])]
    followed = features.index(feature)
    before, maps, stages = [image] * len(features), convolve(image, features), list[Stage]()
    pairs = zip(maps, network.features, strict=False)
    fits = tuple(work_out_match(image, one, ours, _best(one)) for one, ours in pairs)
    match = work_out_match(image, maps[followed], feature, _best(maps[followed]) if at is None else at)
    for layer in network.layers:
        working: Working = match
        if stages:
            before, maps = maps, run_on_each(layer, maps)
            working = work_out(layer, before[followed], maps[followed])
        costs = tuple(layer.cost(one.shape, ours) for one, ours in zip(before, network.features, strict=False))
        stages.append(Stage(layer, tuple(maps[:number]), costs, maps[followed], working))
    last = stages[-1].maps
    votes = {
        label: tuple(one.values.astype(np.float32) * weights for one, weights in zip(last, grids, strict=True))
        for label, grids in network.votes.items()
    }
    return Walk(
        source,
        picture,
        fitted,
        network,
        image,
        _likenesses(image, network),
        fits,
        followed if followed < number else None,
        match,
        tuple(stages),
        votes,
        network.vote(last),
    )


def work_out_match(image: Map, filtered: Map, feature: Map, at: Cell) -> Match:
    """One cell of a filtered map, from the image's patch and the feature to the quotient."""
    rows, columns = filtered.shape
    try:
        row, column = map(index, at)
    except (TypeError, ValueError) as error:
        raise OptionError(f"at is {at!r}; use (row, column), two whole numbers") from error
    if not (0 <= row < rows and 0 <= column < columns):
        raise ShapeError(
            f"{row},{column} lies outside the map of {filtered.name}, which is {rows}x{columns}: "
            f"rows are 0 to {rows - 1}, columns 0 to {columns - 1}"
        )
    box = (row, column, *feature.shape)
    patch = _cut(image, box, "patch")
    products = np.multiply(patch.values, feature.values, dtype=np.result_type(patch.values, feature.values, np.int64))
    total, quotient = float(filtered.sums[row, column]), float(filtered.values[row, column])
    return Match((row, column), quotient, box, patch, feature, Map("products", products), total)


def work_out(layer: Layer, before: Map, after: Map) -> Working:
    """One cell of a map: the best fit, or of as many cells as before the one that changed most."""
    changes = np.abs(after.sums - before.sums) if after.shape == before.shape else np.zeros(1)
    at = _best(Map("", changes) if changes.any() else after)
    box = layer.behind(at, before.shape)
    return Working(at, float(after.values[at]), box, _cut(before, box, before.name))


def _cut(one: Map, box: Box, name: str) -> Map:
    top, left, rows, columns = box
    return Map(name, one.sums[top : top + rows, left : left + columns], one.cells)


def _best(filtered: Map) -> Cell:
    row, column = divmod(int(filtered.sums.argmax()), filtered.shape[1])
    return row, column


def _likenesses(image: Map, network: Network) -> tuple[Likeness, ...]:
    """Naive matching with the network's exemplars."""
    return tuple(
        Likeness(Map(label, one.sums, one.cells), agreement(image, one), image.values != one.values)
        for label, one in network.exemplars().items()
    )


def as_json(walk: Walk) -> str:
    """Every number of the walk as one line of JSON."""
    match = walk.match
    after = [{"type": one.layer.kind, **vars(one.layer), "maps": _by_name(one.maps)} for one in walk.stages[1:]]
    entry: dict[str, Any] = {
        "source": walk.source,
        "network": walk.network.name,
        "grid": walk.grid.values.tolist(),
        "naive": {one.saved.name: {"agree": one.agree, "cells": one.saved.sums.size} for one in walk.likenesses},
        "features": _by_name(walk.network.features),
        "match": {
            "feature": match.feature.name,
            "at": list(match.place),
            "patch": match.behind.values.tolist(),
            "products": match.products.values.tolist(),
            "sum": match.total,
            "cells": match.feature.sums.size,
            "quotient": match.number,
        },
        "maps": _by_name(walk.stages[0].maps),
        "after": after,
        "pooled": [one["maps"] for one in after if one["type"] == "pool"],
        "votes": walk.verdict.votes,
        "label": str(walk.verdict),
    }
    return json.dumps(entry) + "\n"


def _by_name(maps: Sequence[Map]) -> dict[str, Any]:
    return {one.name: one.values.tolist() for one in maps}
