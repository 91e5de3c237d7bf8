"""The walk: a network at work on one grid, stage by stage with its arithmetic, as data for every drawing to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xo_cnn.convolution import convolve
from xo_cnn.errors import FeatureError, ShapeError
from xo_cnn.grid import Array, Map, as_map
from xo_cnn.matching import better, compare, exemplars
from xo_cnn.network import Network, Pool
from xo_cnn.pooling import max_pool
from xo_cnn.voting import Verdict
from xo_cnn.words import count, signed, size

Place = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Likeness:
    """Naive matching with one saved picture: how many of all cells agree, and which `differ` (true)."""

    exemplar: Map
    agree: int
    cells: int
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
    def box(self) -> tuple[int, int, int, int]:
        """The patch in the image: top, left, rows, columns."""
        return (*self.at, *self.feature.shape)


@dataclass(frozen=True, eq=False)
class Window:
    """One cell of a pooled map worked out: the `cells` that the window covers, and `best`, where their maximum lies.

    `box` is the window in the map before pooling: top, left, rows, columns; fewer than the window has where it
    hangs over an edge.
    """

    at: Place
    pool: Pool
    cells: Map
    box: tuple[int, int, int, int]
    best: Place
    maximum: float

    @property
    def hangs_over(self) -> bool:
        """Whether the window reaches beyond the right or lower edge."""
        return self.cells.shape != (self.pool.window, self.pool.window)


@dataclass(frozen=True)
class Cost:
    """The work for one map or one layer."""

    products: int = 0
    sums: int = 0
    divisions: int = 0
    comparisons: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.products + other.products,
            self.sums + other.sums,
            self.divisions + other.divisions,
            self.comparisons + other.comparisons,
        )


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer at work: the maps that it gives, the work for each, and of a pooling layer its window and stride."""

    maps: tuple[Map, ...]
    costs: tuple[Cost, ...]
    pool: Pool | None = None

    @property
    def cost(self) -> Cost:
        """The work for all maps together."""
        return sum(self.costs, Cost())

    @property
    def cells(self) -> int:
        """How many cells all maps have together."""
        return sum(one.sums.size for one in self.maps)


@dataclass(frozen=True, eq=False)
class Walk:
    """Everything that happens between a grid and its verdict, each number computed once.

    `chosen` is the place of the feature that is worked out, by `match` and, with a pooling layer, by `window`.
    `votes` holds for each label one grid per last map: each cell's number times its weight.
    """

    source: str
    prepared: tuple[str, ...]
    network: Network
    grid: Map
    likenesses: tuple[Likeness, ...]
    fits: tuple[Match, ...]
    chosen: int
    match: Match
    convolution: Layer
    window: Window | None
    pooling: tuple[Layer, ...]
    votes: dict[str, tuple[NDArray[np.float64], ...]]
    verdict: Verdict

    @property
    def last(self) -> tuple[Map, ...]:
        """The maps whose cells vote."""
        return (self.pooling[-1] if self.pooling else self.convolution).maps


def walk(
    network: Network,
    grid: Map | ArrayLike,
    *,
    source: str = "",
    prepared: Sequence[str] = (),
    feature: str | None = None,
    at: Place | None = None,
    pool_at: Place | None = None,
) -> Walk:
    """Run a network on a grid of its side, and keep every stage.

    The cell `at` of the map of `feature` is worked out, by default the best fit of the first feature; so is the cell
    `pool_at` of its first pooled map, by default the first. `prepared` says what was done to the image before.
    Raises FeatureError for an unknown feature, ShapeError for a place outside its map or a grid of another size.

    >>> import numpy
    >>> told = walk(Network.load("article"), 2 * numpy.eye(9) - 1, at=(0, 1))
    >>> told.match.total, round(told.match.quotient, 2), str(told.verdict)
    (-1.0, -0.11, 'X')
    """
    image = as_map(grid, "an image's grid")
    if image.shape != (network.side, network.side):
        raise ShapeError(
            f"the network {network.name} takes a grid of {network.side}x{network.side} cells, not "
            f"{image.shape[0]}x{image.shape[1]}: fit the image to it (--fit {network.side})"
        )
    chosen = _place_of(feature, network)
    maps = convolve(image, network.features)
    convolution = Layer(tuple(maps), tuple(_matching(one, of) for one, of in zip(maps, network.features, strict=True)))
    pooling: list[Layer] = []
    for pool in network.layers:
        smaller = max_pool(maps, *pool)
        costs = tuple(_choosing(before, after, pool) for before, after in zip(maps, smaller, strict=True))
        pooling.append(Layer(tuple(smaller), costs, pool))
        maps = smaller
    fits = tuple(
        work_out(image, one, of, _best(one)) for one, of in zip(convolution.maps, network.features, strict=True)
    )
    match, window = fits[chosen], None
    if at is not None:
        match = work_out(image, convolution.maps[chosen], network.features[chosen], at)
    if pooling:
        window = look_in(convolution.maps[chosen], pooling[0].maps[chosen], network.layers[0], pool_at or (0, 0))
    elif pool_at is not None:
        raise ShapeError(f"the network {network.name} has no pooling layer, so no window can be worked out")
    votes = {
        label: tuple(one.values.astype(np.float32) * weights for one, weights in zip(maps, grids, strict=True))
        for label, grids in network.votes.items()
    }
    return Walk(
        source=source,
        prepared=tuple(prepared),
        network=network,
        grid=Map("", image.sums, image.divisor),
        likenesses=_likenesses(image),
        fits=fits,
        chosen=chosen,
        match=match,
        convolution=convolution,
        window=window,
        pooling=tuple(pooling),
        votes=votes,
        verdict=network.vote(maps),
    )


def work_out(image: Map, one: Map, feature: Map, at: Place) -> Match:
    """One cell of a filtered map, from the image's patch and the feature to the quotient."""
    row, column = _inside(one, at, "map")
    tall, wide = feature.shape
    patch = image.values[row : row + tall, column : column + wide]
    dtype = np.result_type(patch, feature.values, np.int64)
    products = np.multiply(patch, feature.values, dtype=dtype)
    return Match(
        feature=feature,
        at=(row, column),
        patch=Map("patch", patch),
        products=Map("products", products),
        total=float(one.sums[row, column]),
        quotient=float(one.values[row, column]),
    )


def look_in(before: Map, after: Map, pool: Pool, at: Place) -> Window:
    """One cell of a pooled map, from the window's cells to their maximum."""
    row, column = _inside(after, at, "pooled map")
    top, left = row * pool.stride, column * pool.stride
    cells = before.sums[top : top + pool.window, left : left + pool.window]
    down, right = divmod(int(cells.argmax()), cells.shape[1])
    return Window(
        at=(row, column),
        pool=pool,
        cells=Map(before.name, cells, before.divisor),
        box=(top, left, *cells.shape),
        best=(top + down, left + right),
        maximum=float(after.values[row, column]),
    )


def _place_of(name: str | None, network: Network) -> int:
    names = [feature.name for feature in network.features]
    if name is None:
        return 0
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise FeatureError(f"the network {network.name} has no feature {name}: {hint}it has {', '.join(names)}")
    return names.index(name)


def _inside(one: Map, at: Place, what: str) -> Place:
    rows, columns = one.shape
    row, column = at
    if not (0 <= row < rows and 0 <= column < columns):
        raise ShapeError(
            f"{row},{column} lies outside the {what} of {one.name}, which is {rows}x{columns}: "
            f"rows are 0 to {rows - 1}, columns 0 to {columns - 1}"
        )
    return row, column


def _best(one: Map) -> Place:
    row, column = divmod(int(one.sums.argmax()), one.shape[1])
    return row, column


def _likenesses(image: Map) -> tuple[Likeness, ...]:
    side = image.shape[0]
    if side < 5:
        return ()
    return tuple(
        Likeness(saved, compare(image, saved), side * side, image.values != saved.values)
        for saved in exemplars(side).values()
    )


def better_exemplar(likenesses: Sequence[Likeness]) -> str:
    """The label that naive matching gives."""
    return better({one.exemplar.name: one.agree for one in likenesses})


def _matching(one: Map, feature: Map) -> Cost:
    positions, cells = one.sums.size, feature.sums.size
    return Cost(products=positions * cells, sums=positions * (cells - 1), divisions=positions)


def _choosing(before: Map, after: Map, pool: Pool) -> Cost:
    # How many cells the windows cover: a window that hangs over the edge covers fewer than its size.
    covered = 1
    for side, steps in zip(before.shape, after.shape, strict=True):
        starts: Array = np.arange(steps) * pool.stride
        covered *= int(np.minimum(pool.window, side - starts).sum())
    return Cost(comparisons=covered - after.sums.size)


# The walk in words. What is drawn between `says` and `sums_up` is the drawings' business.

ONLY = ("grid", "features", "convolve", "pool", "vote")


@dataclass(frozen=True)
class Chapter:
    """A stage of the walk in words: what it shows, before the drawing, and what it took, after it.

    `kind` tells the drawings which stage it is, and `only` under which of `ONLY` it is asked for.
    """

    kind: str
    only: str
    title: str
    says: tuple[str, ...]
    sums_up: tuple[str, ...] = ()
    layer: int = 0


ROUNDING = "Numbers are rounded: 7/9 is +0.78 here, where the text cuts the digits off and prints 0.77."


def chapters(told: Walk) -> tuple[Chapter, ...]:
    """The walk's chapters in the order of the text, in its words."""
    return (
        _grid_chapter(told),
        *([_matching_chapter(told)] if told.likenesses else []),
        _features_chapter(told),
        _patch_chapter(told),
        _layer_chapter(told),
        *([_window_chapter(told, told.window)] if told.window else []),
        *(_pooling_chapter(told, number) for number in range(len(told.pooling))),
        _votes_chapter(told),
        _verdict_chapter(told),
    )


def _grid_chapter(told: Walk) -> Chapter:
    rows, columns = told.grid.shape
    return Chapter(
        "grid",
        "grid",
        "X's and O's: the image becomes a grid",
        (
            *told.prepared,
            (
                f"To a computer the image is a checkerboard of {rows}×{columns} = {rows * columns} cells with a number "
                "in each: 1 is white, -1 is black."
            ),
        ),
    )


def _matching_chapter(told: Walk) -> Chapter:
    cells = told.grid.sums.size
    agree = tuple(
        f"With the saved {one.exemplar.name}, {one.agree} of {cells} cells agree and {cells - one.agree} differ."
        for one in told.likenesses
    )
    return Chapter(
        "matching",
        "grid",
        "Naive matching: compare whole images, cell by cell",
        agree,
        (f"Naive matching says {better_exemplar(told.likenesses)}. It took {cells} comparisons for each saved image.",),
    )


def _features_chapter(told: Walk) -> Chapter:
    number = len(told.network.features)
    return Chapter(
        "features",
        "features",
        "Features: compare piece by piece",
        (
            (
                f"{count(number, 'feature')}, each a mini-image, beside the place in the image where it fits best "
                "(rows and columns count from 0)."
            ),
        ),
    )


def _patch_chapter(told: Walk) -> Chapter:
    match = told.match
    cells = match.feature.sums.size
    return Chapter(
        "patch",
        "convolve",
        "Convolution: one patch worked out",
        (
            (
                f"{match.feature.name} at {place(match.at)}: multiply each cell of the feature by the cell of the "
                f"image under it, add up the {count(cells, 'product')}, divide by the {count(cells, 'cell')}."
            ),
        ),
        (*_sum_of_products(match), ROUNDING),
    )


def _sum_of_products(match: Match) -> tuple[str, str]:
    cells = match.feature.sums.size
    terms = [f"{value:.4g}" for value in match.products.values.ravel().tolist()]
    total = f"{match.total:.6g}"
    added = " + ".join(term if term[0] != "-" else f"({term})" for term in terms) + " = " if cells <= 9 else ""
    return f"Sum: {added}{total}", f"{total} ÷ {count(cells, 'cell')} = {signed(match.quotient)}"


def _layer_chapter(told: Walk) -> Chapter:
    layer = told.convolution
    return Chapter(
        "convolution",
        "convolve",
        "The convolution layer: every feature in every possible position",
        (
            (
                f"Each feature gives a filtered map of the image: 1 where it fits perfectly, -1 where its photographic "
                f"negative does, near 0 where nothing matches. {count(len(layer.maps), 'map')} in all."
            ),
        ),
        (
            *_costs(layer),
            (
                f"{count(told.grid.sums.size, 'cell')} of the image have become {layer.cells} cells of "
                f"{count(len(layer.maps), 'map')}."
            ),
        ),
    )


def _costs(layer: Layer) -> tuple[str, ...]:
    def words(cost: Cost) -> str:
        kinds = [(cost.products, "product"), (cost.sums, "sum"), (cost.divisions, "division")]
        return ", ".join(count(number, noun) for number, noun in kinds)

    if len(set(layer.costs)) == 1:
        each = [f"Each map costs {words(layer.costs[0])}"]
    else:
        each = [
            f"{one.name} ({size(one.shape)}) costs {words(cost)}"
            for one, cost in zip(layer.maps, layer.costs, strict=True)
        ]
    return (*(f"{line}." for line in each), f"The layer costs {words(layer.cost)}.")


def _window_chapter(told: Walk, window: Window) -> Chapter:
    over = " It hangs over the edge, so only the cells that it does cover count." if window.hangs_over else ""
    covered = ", ".join(signed(value) for value in window.cells.values.ravel().tolist())
    listed = f" of {covered}" if window.cells.sums.size <= 9 else ""
    return Chapter(
        "window",
        "pool",
        "Pooling: one window worked out",
        (f"{told.match.feature.name}, window {place(window.at)}: take the maximum of the cells in the window.{over}",),
        (f"The maximum{listed} is {signed(window.maximum)}, from {place(window.best)} of the map.",),
    )


def _pooling_chapter(told: Walk, number: int) -> Chapter:
    layer = told.pooling[number]
    before = told.pooling[number - 1] if number else told.convolution
    assert layer.pool is not None
    window, stride = layer.pool
    which = f"Pooling layer {number + 1}" if len(told.pooling) > 1 else "The pooling layer"
    each = f", {layer.costs[0].comparisons} for each map" if len(set(layer.costs)) == 1 else ""
    return Chapter(
        "pooling",
        "pool",
        f"{which}: as many maps, fewer cells",
        (
            (
                f"A window of {window}×{window} cells steps {count(stride, 'cell')} at a time across each map and "
                "keeps the maximum: it matters that a feature fits, not exactly where."
            ),
        ),
        (
            (
                f"{count(before.cells, 'cell')} before, {layer.cells} after. "
                f"It costs {count(layer.cost.comparisons, 'comparison')}{each}; no products, sums or divisions."
            ),
        ),
        number,
    )


def _votes_chapter(told: Walk) -> Chapter:
    cells = sum(one.sums.size for one in told.last)
    return Chapter(
        "votes",
        "vote",
        "The votes: every cell of the last maps",
        (
            (
                f"Each of the {count(cells, 'cell')} votes for each label with its number times a weight that the "
                "network gives it."
            ),
            *(line for label in told.network.labels for line in _strongest(told, label)),
        ),
        (f"It costs {count(cells * len(told.votes), 'product')} and {count((cells - 1) * len(told.votes), 'sum')}.",),
    )


def _strongest(told: Walk, label: str) -> tuple[str, ...]:
    """How many cells voted for a label, and the five that did most."""
    entries = [
        (one.name, cell, float(one.values[cell]), float(weights[cell]), float(votes[cell]))
        for one, weights, votes in zip(told.last, told.network.votes[label], told.votes[label], strict=True)
        for cell in np.ndindex(one.shape)
        if weights[cell]
    ]
    which = ", most from" if len(entries) > 5 else ""
    return (
        f"{label}: {signed(told.verdict.votes[label], 3)} from {count(len(entries), 'cell')} with a weight{which}",
        *(
            f"  {name} {place(cell)}: {signed(value)} × {weight:.4g} = {signed(vote, 3)}"
            for name, cell, value, weight, vote in sorted(entries, key=lambda entry: -abs(entry[-1]))[:5]
        ),
    )


def _verdict_chapter(told: Walk) -> Chapter:
    naive = f" Naive matching says {better_exemplar(told.likenesses)}." if told.likenesses else ""
    return Chapter(
        "verdict",
        "vote",
        f"The verdict: {told.verdict}",
        (f"It is always one or the other: the label with the most votes.{naive}",),
    )


def place(at: Place) -> str:
    """A cell by its row and column, counted from 0 as in NumPy.

    >>> place((1, 2))
    'row 1, column 2'
    """
    return f"row {at[0]}, column {at[1]}"
