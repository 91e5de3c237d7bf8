"""The walk in words: the chapters of the text, each with its sentences and its pictures."""

from __future__ import annotations

from xo_cnn.grid import Map
from xo_cnn.walk import layers
from xo_cnn.walk.chapter import BLACK_AND_WHITE, FEW, MATCHES, Chapter, Row, View
from xo_cnn.walk.layers import place
from xo_cnn.walk.numbers import Likeness, Vote, Walk
from xo_cnn.words import count, signed, size

MOST_VOTES = 64  # cells; the votes of more are shown only when everything is asked for
STRONGEST = 5

FOR_AND_AGAINST = "A vote above 0 speaks for the label, one below 0 against it."


def introduction(walk: Walk) -> str:
    """Which network this is, and where the text's own is."""
    network = walk.network
    layers = count(len(network.layers), "pooling layer") if network.layers else "no pooling layer"
    what = (
        f"The network {network.name} looks at {size((network.side, network.side))} cells with "
        f"{count(len(network.features), 'feature')} and {layers}, and answers {' or '.join(network.labels)}."
    )
    if network.name == "article":
        return f"{what} It is the text's own example."
    return f"{what} The text's own, smaller example is --network article."


def chapters(walk: Walk, everything: bool = True) -> tuple[Chapter, ...]:
    """The walk's chapters in the order of the text.

    Without `everything`, a large network is cut down to what matters: the feature that is worked out, and the
    strongest votes.
    """
    whole = everything or len(walk.network.features) <= FEW
    return (
        _grid_chapter(walk),
        *([_matching_chapter(walk, whole)] if walk.likenesses else []),
        layers.features_chapter(walk, whole),
        layers.patch_chapter(walk, walk.match),
        layers.convolution_chapter(walk, whole),
        *([layers.window_chapter(walk, walk.window, whole)] if walk.window else []),
        *(layers.pooling_chapter(walk, number, whole) for number in range(len(walk.pooling))),
        _votes_chapter(walk, everything),
        _verdict_chapter(walk),
    )


def overview(walk: Walk) -> Chapter:
    """The whole walk at a glance: a row for each feature, from the feature over its maps to the votes."""
    stages = (walk.convolution, *walk.pooling)
    heads = ["filtered", *(f"pooled {size((pool.window, pool.window))}" for pool in walk.network.layers)]
    rows: list[Row] = [(View(walk.grid, "the image"),)]
    for number, feature in enumerate(walk.network.features):
        maps = (View(layer.maps[number], head) for layer, head in zip(stages, heads, strict=True))
        rows.append((View(feature), *(item for view in maps for item in ("→", view))))
    source = f" of {walk.reading.source}" if walk.reading.source else ""
    return Chapter(
        "overview",
        "overview",
        f"The walk{source}: {walk.verdict}",
        (),
        tuple(rows),
        legend=MATCHES,
        verdict=walk.verdict,
    )


def _grid_chapter(walk: Walk) -> Chapter:
    rows, columns = walk.grid.shape
    reading = walk.reading
    letters = "X's and O's: the" if set(walk.network.labels) == {"X", "O"} else "The"
    said = [how_read(walk)] if reading.source or reading.picture else []
    grid = View(walk.grid, f"the grid {size(walk.grid.shape)}", numbered=True)
    picture = (
        (View(reading.picture, boxes=(reading.box,), marks=reading.outline(), palette="grey"), "→")
        if reading.picture
        else ()
    )
    return Chapter(
        "grid",
        "grid",
        f"{letters} image becomes a grid",
        (
            *said,
            (
                f"To a computer the image is a checkerboard of {rows}×{columns} = {rows * columns} cells with a number "
                "in each."
            ),
        ),
        ((*picture, grid),),
        legend=BLACK_AND_WHITE,
    )


def how_read(walk: Walk) -> str:
    """How the picture became the grid."""
    reading = walk.reading
    name = f"The image {reading.source}" if reading.source else "The image"
    if reading.picture is None:
        return f"{name} is a grid of {size(walk.grid.shape)} cells already, so it is taken as it is."
    top, left, rows, columns = reading.box
    return (
        f"{name} of {size(reading.picture.shape)} pixels was fitted, as classify does it: its ink, which is "
        f"{reading.ink}, was found (rows {top} to {top + rows - 1}, columns {left} to {left + columns - 1}), thinned "
        f"to lines and stretched to {size(walk.grid.shape)} cells. Ink is 1; a border of one cell is left free."
    )


def _matching_chapter(walk: Walk, whole: bool) -> Chapter:
    cells = walk.grid.sums.size
    return Chapter(
        "grid",
        "matching",
        "Naive matching: compare whole images, cell by cell",
        (
            (
                "The simplest idea: keep one picture of an X and one of an O, lay each over the image, and count the "
                "cells that hold the same number."
            ),
            *(
                f"With the saved {likeness.exemplar.name}, {likeness.agree} of {cells} cells agree and "
                f"{cells - likeness.agree} differ."
                for likeness in walk.likenesses
            ),
        ),
        (tuple(_exemplar(likeness) for likeness in walk.likenesses),) if whole else (),
        (
            f"Naive matching says {walk.naive}. It took {cells} comparisons for each saved image.",
            "It takes the picture too literally: a letter that is moved by two cells agrees in far fewer of them.",
        ),
        f"{BLACK_AND_WHITE} Marked are the cells that differ." if whole else "",
    )


def _exemplar(likeness: Likeness) -> View:
    saved = likeness.exemplar
    return View(saved, f"the saved {saved.name} {size(saved.shape)}", marks=likeness.differ, numbered=True)


def _votes_chapter(walk: Walk, everything: bool) -> Chapter:
    cells = sum(last.sums.size for last in walk.last)
    shown = everything or cells <= MOST_VOTES
    more = "" if shown else " --all shows every vote."
    return Chapter(
        "vote",
        "votes",
        "The votes: every cell of the last maps",
        (
            (
                f"Each of the {count(cells, 'cell')} votes for every label: its number times a weight. The weights "
                "belong to the network. With a positive weight a strong match speaks for the label, with a negative "
                "one against it."
                f"{more}"
            ),
            *(line for label in walk.network.labels for line in _strongest(walk, label)),
        ),
        tuple(_votes_row(walk, label) for label in walk.votes) if shown else (),
        (f"It costs {count(cells * len(walk.votes), 'product')} and {count((cells - 1) * len(walk.votes), 'sum')}.",),
        FOR_AND_AGAINST if shown else "",
    )


def _votes_row(walk: Walk, label: str) -> Row:
    return tuple(
        View(Map(last.name, votes), f"{last.name} for {label} {signed(float(votes.sum()), 3)}", places=3)
        for last, votes in zip(walk.last, walk.votes[label], strict=True)
    )


def _strongest(walk: Walk, label: str) -> tuple[str, ...]:
    """The number of cells that vote for a label, and the five strongest votes."""
    votes = walk.strongest(label)
    which = "; the strongest" if len(votes) > STRONGEST else ""
    return (
        f"{label}: {signed(walk.verdict.votes[label], 3)} from {count(len(votes), 'cell')} with a weight{which}",
        *map(_vote, votes[:STRONGEST]),
    )


def _vote(vote: Vote) -> str:
    return f"  {vote.feature} {place(vote.at)}: {signed(vote.number)} × {vote.weight:.4g} = {signed(vote.vote, 3)}"


def _verdict_chapter(walk: Walk) -> Chapter:
    naive = f" Naive matching says {walk.naive}." if walk.naive else ""
    return Chapter(
        "vote",
        "verdict",
        f"The verdict: {walk.verdict}",
        (f"Add up the votes: the label with the most is the verdict, so it is always one or the other.{naive}",),
        verdict=walk.verdict,
    )
