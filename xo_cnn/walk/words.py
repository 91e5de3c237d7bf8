"""The walk in words: the chapters of the text, each with its sentences and its pictures."""

from __future__ import annotations

from xo_cnn.grid import Map
from xo_cnn.network import Network
from xo_cnn.walk import layers
from xo_cnn.walk.figures import BLACK_AND_WHITE, MATCHES, Chapter, Figure, Row
from xo_cnn.walk.layers import place
from xo_cnn.walk.numbers import Likeness, Vote, Walk
from xo_cnn.words import count, signed, size

FEW = 4
MOST_VOTES = 64  # cells; the votes of more are shown only when everything is asked for
STRONGEST = 5
LEAST_DOUBT = 0.1  # at or above it, the walk says that the picture looks like neither letter

FOR_AND_AGAINST = "A vote above 0 speaks for the label, one below 0 against it."


def introduction(network: Network) -> str:
    """Which network this is, and where the text's own is."""
    titles = [layer.title for layer in network.layers[1:]]
    layers = " and ".join(count(titles.count(title), title) for title in dict.fromkeys(titles)) or "no pooling layer"
    *labels, last = network.labels
    answers = f"{', '.join(labels)} or {last}" if labels else last
    what = (
        f"The network {network.name} looks at {size((network.side, network.side))} cells with "
        f"{count(len(network.features), 'feature')} and {layers}, and answers {answers}."
    )
    if network.name == "article":
        return f"{what} It is the text's own example."
    return f"{what} The text's own, smaller network is --network article."


def is_cut(network: Network) -> bool:
    """Whether a network is so large that without `everything` its chapters leave something out."""
    return len(network.features) > FEW or sum(rows * columns for rows, columns in network.last_shapes()) > MOST_VOTES


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


def portrait(network: Network) -> Chapter:
    """A network by itself: its features, and the weights of its votes."""
    weights = (
        tuple(Figure(Map(feature.name, grid), f"{feature.name} for {label}", places=3) for feature, grid in pairs)
        for label in network.labels
        for pairs in [zip(network.features, network.votes[label], strict=True)]
    )
    return Chapter(
        "vote",
        "network",
        f"The network {network.name}",
        ("Its features, and for each label the weights of the votes of their last maps:",),
        (tuple(map(Figure, network.features)), *weights),
        legend="A weight above 0 lets a match speak for the label, one below 0 against it.",
    )


def overview(walk: Walk) -> Chapter:
    """The whole walk at a glance: a row for each feature, from the feature over its maps to the votes."""
    rows: list[Row] = [(Figure(walk.grid, "the image"),)]
    for number, feature in enumerate(walk.network.features):
        maps = [Figure(stage.maps[number], stage.layer.caption) for stage in walk.stages]
        votes = [_votes_figure(walk, label, number, f"for {label}") for label in walk.network.labels]
        voting: Row = () if is_cut(walk.network) else ("→", *votes)
        rows.append((Figure(feature), *(item for view in maps for item in ("→", view)), *voting))
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
    grid = Figure(walk.grid, f"the grid {size(walk.grid.shape)}", numbered=True)
    picture = (
        (Figure(reading.picture, boxes=(reading.box,), marks=reading.outline(), sign="*", palette="grey"), "→")
        if reading.picture
        else ()
    )
    return Chapter(
        "grid",
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
    reading, grid = walk.reading, size(walk.grid.shape)
    name = f"The image {reading.source}" if reading.source else "The image"
    if reading.picture is None:
        return [f"{name} is a grid of {grid} cells already, so it is taken as it is."] if reading.source else []
    top, left, rows, columns = reading.box
    fitted = (
        f"{name} of {size(reading.picture.shape)} pixels was fitted, as classify does it: its ink, which is "
        f"{reading.ink}, was found (rows {top} to {top + rows - 1}, columns {left} to {left + columns - 1}), thinned "
        f"to lines and stretched to {grid} cells. Ink is 1; a border of one cell is left free."
    )
    way = f"It was read as {reading.way}" if reading.way else ""
    second = f"; the second best reading was {reading.runner_up}" if reading.runner_up else ""
    doubt = f"By {reading.neither:.0%} it looks like neither letter." if reading.neither >= LEAST_DOUBT else ""
    return [line for line in (fitted, way and f"{way}{second}.", doubt) if line]


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


def _exemplar(likeness: Likeness) -> Figure:
    saved = likeness.exemplar
    return Figure(saved, f"the saved {saved.name} {size(saved.shape)}", marks=likeness.differ, numbered=True)


def _votes_chapter(walk: Walk, everything: bool) -> Chapter:
    cells = sum(last.sums.size for last in walk.last)
    shown = everything or cells <= MOST_VOTES
    return Chapter(
        "vote",
        "votes",
        "The votes: every cell of the last maps",
        (
            (
                f"Each of the {count(cells, 'cell')} votes for every label: its number times a weight. With a "
                "positive weight a strong match speaks for the label, with a negative one against it."
            ),
            "The weights belong to the network: someone chose them, or they were learned from many examples.",
            *(line for label in walk.network.labels for line in _strongest(walk, label)),
        ),
        tuple(_votes_row(walk, label) for label in walk.votes) if shown else (),
        (f"It costs {count(cells * len(walk.votes), 'product')} and {count((cells - 1) * len(walk.votes), 'sum')}.",),
        FOR_AND_AGAINST if shown else "",
    )


def _votes_row(walk: Walk, label: str) -> Row:
    features = enumerate(walk.network.features)
    return tuple(_votes_figure(walk, label, number, f"{feature.name} for {label}") for number, feature in features)


def _votes_figure(walk: Walk, label: str, number: int, title: str) -> Figure:
    votes = walk.votes[label][number]
    return Figure(Map("", votes), f"{title} {signed(float(votes.sum()), 3)}", places=3)


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
