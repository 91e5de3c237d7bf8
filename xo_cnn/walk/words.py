"""The walk in words: the chapters of the text, each with its sentences and its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np

from xo_cnn.grid import Map
from xo_cnn.layers import Cost
from xo_cnn.network import Network
from xo_cnn.walk.figures import BLACK_AND_WHITE, MATCHES, Chapter, Figure, Figures
from xo_cnn.walk.numbers import Stage, Walk
from xo_cnn.words import count, signed, size

FEW = 4  # features; of more, one map and the strongest votes are shown unless everything is asked for
STRONGEST = 5

ROUNDED = "Numbers are rounded: 7/9 is +0.78 here, where the text cuts the digits off and prints 0.77."
FOR_AND_AGAINST = "A vote above 0 speaks for the label, one below 0 against it."


def place(at: Sequence[int]) -> str:
    """A cell by its row and column, counted from 0 as in NumPy.

    >>> place((1, 2))
    'row 1, column 2'
    """
    return f"row {at[0]}, column {at[1]}"


def introduction(network: Network) -> str:
    """Which network this is, and where the text's own is."""
    kinds = Counter(layer.title for layer in network.layers[1:])
    layers = [count(number, title) for title, number in kinds.items()] or ["no pooling layer"]
    what = (
        f"The network {network.name} looks at {size((network.side, network.side))} cells with "
        f"{_listed([count(len(network.features), 'feature'), *layers], 'and')}, and answers "
        f"{_listed(network.labels, 'or')}."
    )
    if network.name == "article":
        return f"{what} It is the text's own example."
    return f"{what} The text's own, smaller network is --network article."


def _listed(words: Sequence[str], joint: str) -> str:
    *others, last = words
    return f"{', '.join(others)} {joint} {last}" if others else last


def is_cut(network: Network) -> bool:
    """Whether a network has so many features that without `everything` its chapters leave something out."""
    return len(network.features) > FEW


def chapters(walk: Walk, everything: bool = True) -> tuple[Chapter, ...]:
    """The walk's chapters in the order of the text.

    Without `everything`, a large network is cut down to what matters: the feature that is worked out, and the
    strongest votes.
    """
    whole = everything or not is_cut(walk.network)
    kinds = [stage.layer.kind for stage in walk.stages]
    told = [_grid_chapter(walk)]
    if walk.likenesses:
        told.append(_matching_chapter(walk, whole))
    told += [_features_chapter(walk, whole), patch_chapter(walk)]
    for number, stage in enumerate(walk.stages):
        first = number > 0 and stage.layer.kind not in kinds[:number]
        if first:
            told.append(_cell_chapter(walk, number))
        told.append(_layer_chapter(walk, number, whole, drawn=first))
    return (*told, _votes_chapter(walk, whole), _verdict_chapter(walk))


def portrait(network: Network) -> Chapter:
    """A network by itself: its features, and the weights of its votes."""
    weights = (
        tuple(
            Figure(Map("", grid), f"{feature.name} for {label}", places=3)
            for feature, grid in zip(network.features, grids, strict=True)
        )
        for label, grids in network.votes.items()
    )
    return Chapter(
        "vote",
        f"The network {network.name}",
        ("Its features, and for each label the weights of the votes of their last maps:",),
        (tuple(map(Figure, network.features)), *weights),
        legend="A weight above 0 lets a match speak for the label, one below 0 against it.",
    )


def overview(walk: Walk) -> Chapter:
    """The whole walk at a glance: a row for each feature, from the feature over its maps to the votes."""
    rows: list[Figures] = [(Figure(walk.grid, "the image"),)]
    for number, feature in enumerate(walk.network.features):
        maps = [Figure(stage.maps[number], stage.layer.caption) for stage in walk.stages]
        votes = [_votes_figure(walk, label, number, f"for {label}") for label in walk.network.labels]
        voting: Figures = () if is_cut(walk.network) else ("→", *votes)
        rows.append((Figure(feature), *(item for figure in maps for item in ("→", figure)), *voting))
    source = f" of {walk.source}" if walk.source else ""
    return Chapter(
        "overview",
        f"The walk{source}: {walk.verdict}",
        (),
        tuple(rows),
        legend=MATCHES,
        verdict=walk.verdict,
    )


def _grid_chapter(walk: Walk) -> Chapter:
    rows, columns = walk.grid.shape
    letters = "X's and O's: the" if set(walk.network.labels) == {"X", "O"} else "The"
    grid = Figure(walk.grid, f"the grid {size(walk.grid.shape)}", numbered=True)
    picture: Figures = ()
    if walk.picture and walk.fitted.box:
        top, left, bottom, right = walk.fitted.box
        marks = np.zeros(walk.picture.shape, dtype=np.bool_)
        if walk.fitted.letter is not None:
            marks[top:bottom, left:right] = walk.fitted.letter
        box = (top, left, bottom - top, right - left)
        picture = (Figure(walk.picture, boxes=(box,), marks=marks, sign="*", palette="grey"), "→")
    return Chapter(
        "grid",
        f"{letters} image becomes a grid",
        (
            *how_read(walk),
            (
                f"To a computer the image is a checkerboard of {rows}×{columns} = {rows * columns} cells with a number "
                "in each."
            ),
        ),
        ((*picture, grid),),
        legend=f"{BLACK_AND_WHITE} Marked in the picture: what was found in it." if picture else BLACK_AND_WHITE,
    )


def how_read(walk: Walk) -> list[str]:
    """How the picture became the grid."""
    fitted, grid = walk.fitted, size(walk.grid.shape)
    name = f"The image {walk.source}" if walk.source else "The image"
    if not walk.picture or not fitted.box:
        return [f"{name} is a grid of {grid} cells already, so it is taken as it is."] if walk.source else []
    top, left, bottom, right = fitted.box
    how = (
        f"{name} of {size(walk.picture.shape)} pixels was fitted, as classify does it: its ink, which is "
        f"{fitted.ink}, was found (rows {top} to {bottom - 1}, columns {left} to {right - 1}), thinned "
        f"to lines and stretched to {grid} cells. Ink is 1; a border of one cell is left free."
    )
    second = f"; the second best reading was {fitted.runner_up.reading}" if fitted.runner_up else ""
    return [how, f"It was read as {fitted.reading}{second}."]


def _matching_chapter(walk: Walk, whole: bool) -> Chapter:
    cells = walk.grid.sums.size
    figures = (
        Figure(one.saved, f"the saved {one.saved.name} {size(one.saved.shape)}", marks=one.differ, numbered=True)
        for one in walk.likenesses
    )
    return Chapter(
        "grid",
        "Naive matching: compare whole images, cell by cell",
        (
            (
                f"The simplest idea: keep a picture of {_listed([one.saved.name for one in walk.likenesses], 'and')}, "
                "lay each over the image, and count the cells that hold the same number."
            ),
            *(
                f"With the saved {one.saved.name}, {one.agree} of {cells} cells agree and {cells - one.agree} differ."
                for one in walk.likenesses
            ),
        ),
        (tuple(figures),) if whole else (),
        (
            f"Naive matching says {walk.naive}. It took {cells} comparisons for each saved image.",
            "It takes the picture too literally: a letter that is moved by two cells agrees in far fewer of them.",
        ),
        f"{BLACK_AND_WHITE} Marked are the cells that differ." if whole else "",
    )


def _features_chapter(walk: Walk, whole: bool) -> Chapter:
    """The features, each beside the place where it fits best."""
    number = len(walk.network.features)
    row: Figures = tuple(map(Figure, walk.network.features))
    beside = ""
    if whole:
        beside = ", each beside the patch of the image where it fits best (rows and columns count from 0)"
        pairs = (
            (Figure(fit.feature), Figure(fit.behind, f"{signed(fit.number)} at {place(fit.place)}"))
            for fit in walk.fits
        )
        row = tuple(chain(*pairs))
    own = "" if walk.chosen is not None else f" {walk.match.feature.name} is not one of them, but is worked out below."
    return Chapter(
        "features",
        "Features: compare piece by piece",
        (
            (
                "Whole pictures seldom agree, but their pieces do. A feature is a mini-image of such a piece: a "
                "stroke, a bend or a crossing."
            ),
            f"This network looks for {count(number, 'feature')}{beside}.{own}",
        ),
        (row,),
        legend=BLACK_AND_WHITE,
    )


def patch_chapter(walk: Walk) -> Chapter:
    """One cell of a filtered map: multiply, add, divide."""
    match = walk.match
    cells = match.feature.sums.size
    total = f"{match.total:.6g}"
    terms = [f"{value:.4g}" for value in match.products.values.ravel().tolist()]
    added = " + ".join(term if term[0] != "-" else f"({term})" for term in terms) + " = " if cells <= 9 else ""
    return Chapter(
        "convolve",
        "Convolution: one patch worked out",
        (
            (
                f"Lay {match.feature.name} on the image at {place(match.place)}. Multiply each cell of the feature by "
                f"the cell of the image under it, add up the {count(cells, 'product')}, and divide by the "
                f"{count(cells, 'cell')}."
            ),
            "Equal cells give 1, because 1 × 1 = 1 and -1 × -1 = 1; a white cell on a black one gives -1.",
        ),
        (
            (Figure(walk.grid, f"the image {size(walk.grid.shape)}", boxes=(match.box,), numbered=True),),
            (Figure(match.behind), "×", Figure(match.feature), "=", Figure(match.products)),
        ),
        (f"Sum: {added}{total}", f"{total} ÷ {count(cells, 'cell')} = {signed(match.number)}", ROUNDED),
    )


def _cell_chapter(walk: Walk, number: int) -> Chapter:
    """One cell of a layer's map, from the cells behind it."""
    stage, before = walk.stages[number], walk.stages[number - 1]
    working = stage.working
    top, left, rows, columns = working.box
    values = [signed(value) for value in working.behind.values.ravel().tolist()]
    where = place((top, left)) + (f" to {place((top + rows - 1, left + columns - 1))}" if len(values) > 1 else "")
    source = Figure(before.followed, boxes=(working.box,), numbered=True)
    return Chapter(
        stage.layer.kind,
        f"{_capital(stage.layer.title)}: one cell worked out",
        (
            (
                f"What stands at {place(working.place)} of {walk.match.feature.name}'s map comes from "
                f"{count(len(values), 'cell')} of the map before, {where}."
            ),
        ),
        ((source, "→", _followed(stage)),),
        (f"From {_listed(values, 'and')} comes {signed(working.number)}.",) if len(values) <= 9 else (),
        MATCHES,
    )


def _followed(stage: Stage) -> Figure:
    """The map that the walk follows, with the cell that is worked out."""
    return Figure(stage.followed, boxes=((*stage.working.place, 1, 1),), numbered=True)


def _layer_chapter(walk: Walk, number: int, whole: bool, drawn: bool) -> Chapter:
    """The maps that a layer gives, and what they cost; one alone is left out where it was `drawn` before."""
    stage, name = walk.stages[number], walk.match.feature.name
    title = stage.layer.title
    alike = [other for other in walk.stages if other.layer.title == title]
    which = f"{_capital(title)} {alike.index(stage) + 1}" if len(alike) > 1 else f"The {title}"
    maps, only = len(stage.maps), ""
    rows: tuple[Figures, ...] = ()
    if whole:
        others = (Figure(one, numbered=True) for one in stage.maps if one is not stage.followed)
        rows = ((_followed(stage), *others),)
        only = f" The first one shown is that of {name}." if walk.chosen != 0 else ""
    elif not drawn:
        rows = ((_followed(stage),),)
        only = f" Here is that of {name}, one of {maps}."
    before = walk.stages[number - 1].size if number else walk.grid.sums.size
    return Chapter(
        stage.layer.kind,
        f"{which}: {count(maps, 'map')}, {count(stage.size, 'cell')}",
        (stage.layer.sentence + only,),
        rows,
        (*_costs(stage), f"{count(before, 'cell')} before, {stage.size} after."),
        MATCHES if rows else "",
    )


def _capital(title: str) -> str:
    return title[0].upper() + title[1:]


def _costs(stage: Stage) -> list[str]:
    def words(cost: Cost) -> str:
        return ", ".join(count(number, kind[:-1]) for kind, number in cost._asdict().items() if number) or "nothing"

    each = [f"Each map costs {words(stage.costs[0])}."]
    if len(set(stage.costs)) > 1:
        pairs = zip(stage.maps, stage.costs, strict=True)
        each = [f"{one.name} ({size(one.shape)}) costs {words(cost)}." for one, cost in pairs]
    return [*each, f"The layer costs {words(stage.cost)}."]


def _votes_chapter(walk: Walk, whole: bool) -> Chapter:
    cells = sum(last.sums.size for last in walk.last)
    return Chapter(
        "vote",
        "The votes: every cell of the last maps",
        (
            (
                f"Each of the {count(cells, 'cell')} votes for every label: its number times a weight. With a "
                "positive weight a strong match speaks for the label, with a negative one against it."
            ),
            "The weights belong to the network: someone chose them, or they were learned from many examples.",
            *(line for label in walk.network.labels for line in _strongest(walk, label)),
        ),
        tuple(_votes_row(walk, label) for label in walk.votes) if whole else (),
        (f"It costs {count(cells * len(walk.votes), 'product')} and {count((cells - 1) * len(walk.votes), 'sum')}.",),
        FOR_AND_AGAINST if whole else "",
    )


def _votes_row(walk: Walk, label: str) -> Figures:
    features = enumerate(walk.network.features)
    return tuple(_votes_figure(walk, label, number, f"{feature.name} for {label}") for number, feature in features)


def _votes_figure(walk: Walk, label: str, number: int, title: str) -> Figure:
    votes = walk.votes[label][number]
    return Figure(Map("", votes), f"{title} {signed(float(votes.sum()), 3)}", places=3)


def _strongest(walk: Walk, label: str) -> tuple[str, ...]:
    """The number of cells that vote for a label, and the five strongest votes."""
    found = [
        (abs(vote), f"  {last.name} {place(at)}: {signed(number)} × {weight:.4g} = {signed(vote, 3)}")
        for last, weights, votes in zip(walk.last, walk.network.votes[label], walk.votes[label], strict=True)
        for at, number, weight, vote in zip(
            np.ndindex(last.shape), last.values.flat, weights.flat, votes.flat, strict=True
        )
        if weight
    ]
    which = "; the strongest" if len(found) > STRONGEST else ""
    return (
        f"{label}: {signed(walk.verdict.votes[label], 3)} from {count(len(found), 'cell')} with a weight{which}",
        *(line for _, line in sorted(found, key=lambda vote: -vote[0])[:STRONGEST]),
    )


def _verdict_chapter(walk: Walk) -> Chapter:
    naive = f" Naive matching says {walk.naive}." if walk.naive else ""
    return Chapter(
        "vote",
        f"The verdict: {walk.verdict}",
        (f"Add up the votes: the label with the most is the verdict, so it is always one or the other.{naive}",),
        verdict=walk.verdict,
    )
