"""The layers in words: features, convolution and pooling, with their pictures."""

from __future__ import annotations

from itertools import chain

from xo_cnn.layers import Box, Cost
from xo_cnn.pooling import Pool
from xo_cnn.walk.figures import BLACK_AND_WHITE, MATCHES, Chapter, Figure, Row
from xo_cnn.walk.numbers import Match, Place, Stage, Walk, Window
from xo_cnn.words import count, signed, size

FEW = 4  # maps; of more, only the one that is worked out is shown unless everything is asked for
ROUNDING = "Numbers are rounded: 7/9 is +0.78 here, where the text cuts the digits off and prints 0.77."


def place(at: Place) -> str:
    """A cell by its row and column, counted from 0 as in NumPy.

    >>> place((1, 2))
    'row 1, column 2'
    """
    return f"row {at[0]}, column {at[1]}"


def features_chapter(walk: Walk, whole: bool) -> Chapter:
    """The features, each beside the place where it fits best."""
    number = len(walk.network.features)
    rows: tuple[Row, ...] = (tuple(Figure(feature) for feature in walk.network.features),)
    beside = ""
    if whole:
        beside = ", each beside the place in the image where it fits best (rows and columns count from 0)"
        pairs = (
            (Figure(fit.feature), Figure(fit.patch, f"{signed(fit.quotient)} at {fit.at[0]},{fit.at[1]}"))
            for fit in walk.fits
        )
        rows = tuple(_fit_row(walk, fit) for fit in walk.fits) if number <= FEW else (tuple(chain(*pairs)),)
    own = "" if walk.chosen is not None else f" {walk.match.feature.name} is not one of them, but is worked out below."
    return Chapter(
        "features",
        "features",
        "Features: compare piece by piece",
        (
            (
                "Whole pictures seldom agree, but their pieces do. A feature is a mini-image of such a piece: a "
                "stroke, a bend or a crossing."
            ),
            f"This network looks for {count(number, 'feature')}{beside}.{own}",
        ),
        rows,
        legend=BLACK_AND_WHITE,
    )


def _fit_row(walk: Walk, fit: Match) -> Row:
    where = f"fits best at {place(fit.at)}: {signed(fit.quotient)}"
    return Figure(fit.feature), Figure(walk.grid, where, boxes=(fit.box,), numbered=True)


def patch_chapter(walk: Walk, match: Match) -> Chapter:
    """One cell of a filtered map: multiply, add, divide."""
    cells = match.feature.sums.size
    total = f"{match.total:.6g}"
    terms = [f"{value:.4g}" for value in match.products.values.ravel().tolist()]
    added = " + ".join(term if term[0] != "-" else f"({term})" for term in terms) + " = " if cells <= 9 else ""
    return Chapter(
        "convolve",
        "patch",
        "Convolution: one patch worked out",
        (
            (
                f"Lay {match.feature.name} on the image at {place(match.at)}. Multiply each cell of the feature by the "
                f"cell of the image under it, add up the {count(cells, 'product')}, and divide by the "
                f"{count(cells, 'cell')}."
            ),
            "Equal cells give 1, because 1 × 1 = 1 and -1 × -1 = 1; a white cell on a black one gives -1.",
        ),
        (
            (Figure(walk.grid, f"the image {size(walk.grid.shape)}", boxes=(match.box,), numbered=True),),
            (Figure(match.patch), "×", Figure(match.feature), "=", Figure(match.products)),
        ),
        (f"Sum: {added}{total}", f"{total} ÷ {count(cells, 'cell')} = {signed(match.quotient)}", ROUNDING),
    )


def convolution_chapter(walk: Walk, whole: bool) -> Chapter:
    """The filtered maps, and what they cost."""
    layer = walk.convolution
    boxes = ((*walk.match.at, 1, 1), *(() if whole or not walk.window else (walk.window.box,)))
    return Chapter(
        "convolve",
        "convolution",
        "The convolution layer: every feature in every possible position",
        (
            (
                "Do the same wherever the feature fits into the image, and write each answer down where it was "
                "found: that is the feature's filtered map. It shows where in the image the feature is."
            ),
            f"Each feature gives one map, {count(len(layer.maps), 'map')} in all.{_only(walk, layer, whole)}",
        ),
        _maps(walk, 0, whole, boxes),
        (
            *_costs(layer),
            (
                f"{count(walk.grid.sums.size, 'cell')} of the image have become {layer.size} cells of "
                f"{count(len(layer.maps), 'map')}."
            ),
        ),
        MATCHES,
    )


def _only(walk: Walk, layer: Stage, whole: bool) -> str:
    if whole:
        return "" if walk.chosen is not None else f" The first one shown is that of {walk.match.feature.name}."
    return f" Here is that of {walk.match.feature.name}, one of {len(layer.maps)}."


def _maps(walk: Walk, depth: int, whole: bool, boxes: tuple[Box, ...] = ()) -> tuple[Row, ...]:
    """The maps after a layer: all of them, or the one that is worked out; that one with its boxes."""
    layer = (walk.convolution, *walk.pooling)[depth]
    maps = layer.maps if whole and walk.chosen is not None else (walk.trail[depth],)
    if whole and walk.chosen is None:
        maps = (*maps, *layer.maps)
    if not whole and depth == 1:
        return ()  # the chapter before has it already
    return (tuple(Figure(one, boxes=boxes if one is walk.trail[depth] else (), numbered=True) for one in maps),)


def _costs(layer: Stage) -> tuple[str, ...]:
    def words(cost: Cost) -> str:
        kinds = [(cost.products, "product"), (cost.sums, "sum"), (cost.divisions, "division")]
        return ", ".join(count(number, noun) for number, noun in kinds)

    if len(set(layer.costs)) == 1:
        each = [f"Each map costs {words(layer.costs[0])}"]
    else:
        each = [
            f"{filtered.name} ({size(filtered.shape)}) costs {words(cost)}"
            for filtered, cost in zip(layer.maps, layer.costs, strict=True)
        ]
    return (*(f"{line}." for line in each), f"The layer costs {words(layer.cost)}.")


def window_chapter(walk: Walk, window: Window, whole: bool) -> Chapter:
    """One cell of a pooled map: the largest number in its window."""
    over = " It hangs over the edge, so only the cells that it does cover count." if window.hangs_over else ""
    covered = ", ".join(signed(value) for value in window.covered.values.ravel().tolist())
    listed = f" of {covered}" if window.covered.sums.size <= 9 else ""
    pooled = walk.trail[1]
    title = f"{pooled.name} pooled {size(pooled.shape)}"
    return Chapter(
        "pool",
        "window",
        "Pooling: one window worked out",
        (
            (
                f"What stands at {place(window.at)} of the pooled map? Look at {walk.match.feature.name}'s map through "
                f"its window there, and keep the largest number in it.{over}"
            ),
            "The best fit survives, wherever in the window it was.",
        ),
        (
            (
                *((Figure(walk.trail[0], boxes=(window.box,), numbered=True),) if whole else ()),
                Figure(window.covered, f"the window {size(window.covered.shape)}", boxes=(window.best_in_window,)),
                Figure(pooled, title, boxes=((*window.at, 1, 1),), numbered=True),
            ),
        ),
        (f"The maximum{listed} is {signed(window.maximum)}, from {place(window.best)} of the map.",),
        MATCHES,
    )


def pooling_chapter(walk: Walk, number: int, whole: bool) -> Chapter:
    """The maps after a pooling layer, the first being number 0, and what they cost."""
    layer = walk.pooling[number]
    before = walk.pooling[number - 1] if number else walk.convolution
    pool = walk.pooling[number].layer
    assert isinstance(pool, Pool)
    window, stride = pool.window, pool.stride
    which = f"Pooling layer {number + 1}" if len(walk.pooling) > 1 else "The pooling layer"
    each = f", {layer.costs[0].comparisons} for each map" if len(set(layer.costs)) == 1 else ""
    rows = _maps(walk, number + 1, whole, ((*walk.window.at, 1, 1),) if walk.window and not number else ())
    return Chapter(
        "pool",
        "pooling",
        f"{which}: as many maps, fewer cells",
        (
            (
                f"A window of {window}×{window} cells steps across each map, {count(stride, 'cell')} at a time, and "
                "keeps the largest number. What matters now is that a feature fits, not exactly where."
                f"{_only(walk, layer, whole) if rows else ''}"
            ),
        ),
        rows,
        (
            (
                f"{count(before.size, 'cell')} before, {layer.size} after. "
                f"It costs {count(layer.cost.comparisons, 'comparison')}{each}; no products, sums or divisions."
            ),
        ),
        MATCHES if rows else "",
    )
