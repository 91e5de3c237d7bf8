"""The walk as a page to play with: one HTML file that computes everything anew when a cell is flipped."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from xo_cnn.drawing.cells import refuse_too_large
from xo_cnn.drawing.palette import palette
from xo_cnn.grid import Map
from xo_cnn.walk.chapter import Chapter
from xo_cnn.walk.numbers import Walk
from xo_cnn.walk.words import chapters

# What these chapters say depends on cells that can be flipped in the page: it says it itself.
_SAYS_IT_ITSELF = {"matching", "patch", "window", "verdict"}
_SLOT = '<script type="application/json" id="walk">{}</script>'


def lesson_page(told: Walk) -> str:
    """The page, self-contained: `lesson.html` with the walk's grids in it; the same bytes for the same walk.

    Raises ShapeError for a grid of too many cells for a page.
    """
    refuse_too_large(told.grid, "a page")
    page = files("xo_cnn.drawing").joinpath("lesson.html").read_text(encoding="utf-8")
    data = json.dumps(_grids(told), separators=(",", ":"))
    # No name can close the script element, or open a comment in it.
    data = data.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return page.replace(_SLOT, _SLOT.replace("{}", data), 1)


def _grids(told: Walk) -> dict[str, Any]:
    """What the page cannot compute: the grids, the network, and the words."""
    network = told.network
    return {
        "source": told.reading.source,
        "grid": _rows(told.grid),
        "features": [
            # Sums of whole numbers are divided in single precision, others in double; the page does the same.
            {"name": feature.name, "cells": _rows(feature), "single": one.values.dtype.itemsize == 4}
            for feature, one in zip(network.features, told.convolution.maps, strict=True)
        ],
        "layers": [list(pool) for pool in network.layers],
        "labels": list(network.labels),
        "votes": [[weights.tolist() for weights in network.votes[label]] for label in network.labels],
        "exemplars": [{"name": one.exemplar.name, "cells": _rows(one.exemplar)} for one in told.likenesses],
        "chosen": told.chosen or 0,
        "at": list((told.match if told.chosen is not None else told.fits[0]).at),
        "chapters": [_words(chapter) for chapter in chapters(told) if chapter.name != "window"],
        "palette": palette("diverging").tobytes().hex(),
    }


def _words(chapter: Chapter) -> dict[str, Any]:
    says, sums_up = list(chapter.says), list(chapter.sums_up)
    if chapter.name in _SAYS_IT_ITSELF:
        says, sums_up = [], sums_up[-1:] if chapter.name == "patch" else []
    if chapter.name == "votes":
        says = says[:1]
    title = chapter.title.partition(":")[0] if chapter.name == "verdict" else chapter.title
    return {"kind": chapter.name, "layer": chapter.layer, "title": title, "says": says, "sums_up": sums_up}


def _rows(one: Map) -> list[list[float]]:
    rows: list[list[float]] = one.values.tolist()
    return rows
