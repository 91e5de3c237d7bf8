"""The walk as a page to play with: one offline HTML file that computes everything itself, bundled from this folder."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from xo_cnn.drawing.palette import PALETTES
from xo_cnn.errors import ShapeError
from xo_cnn.grid import Map
from xo_cnn.walk.numbers import Walk
from xo_cnn.walk.words import how_read

MOST_SIDE = 100  # of a grid each of whose cells can be drawn, moved and clicked in reasonable time


def lesson_page(walk: Walk) -> str:
    """Return the page for a walk: styles, scripts and the walk's numbers in one HTML file; same walk, same bytes.

    Raises ShapeError for a grid with too many cells for a page.

    >>> from xo_cnn.matching import exemplars
    >>> from xo_cnn.walk.explaining import explain
    >>> lesson_page(explain(exemplars(9)["X"], "article")).splitlines()[0]
    '<!doctype html>'
    """
    if walk.network.side > MOST_SIDE:
        raise ShapeError(
            f"a page draws every cell, and the network's grid of {walk.network.side}x{walk.network.side} has more than "
            f"{MOST_SIDE} a side; save the walk as .svg, which shrinks it, or as .txt or .json"
        )
    # No name can close the script element or open a comment in it.
    data = json.dumps(_data(walk), separators=(",", ":")).replace("<", "\\u003c")
    page = _BUNDLED.sub(lambda found: "\n".join(map(_source, found[1].split())), _source("lesson.html"))
    return page.replace('"the walk"', data, 1)


# Where the page names the files that belong there, in their order.
_BUNDLED = re.compile(r"/\* bundled: ([^*]*) \*/")

# Comments, and in style sheets the blanks that only people need.
_SPARED = {
    "html": r"<!--[^>]*-->",
    "css": r"/\*[^*]*\*/|(?<=[,;{])\s+|\s+(?=[{}])|(?<=[a-z]:) (?=[^{}]*[;}])",
    "js": r"(?m)(^|  )\s*// [^\n]*$|(?<=[=,;({>])[ ](?=[^\n\"'`/]*$)|[ ](?=[=>{}][^\n\"'`/]*$)",
}


def _source(name: str) -> str:
    """A file of this folder without indentation and comments, which makes the page a tenth smaller."""
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    text = re.sub(_SPARED[name.partition(".")[2]], "", text)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _data(walk: Walk) -> dict[str, Any]:
    """What the page cannot compute: the grid, the network, the saved pictures, and what is worked out first."""
    network = walk.network
    return {
        "source": walk.source,
        "read": " ".join(how_read(walk)),
        "name": network.name,
        "grid": _rows(walk.grid),
        "features": [{"name": feature.name, "cells": _rows(feature)} for feature in network.features],
        "guests": [] if walk.chosen is not None else [_guest(walk)],
        "layers": [{"type": layer.kind, **asdict(layer)} for layer in network.layers[1:]],
        "labels": list(network.labels),
        "votes": [[weights.tolist() for weights in network.votes[label]] for label in network.labels],
        "exemplars": [{"name": one.saved.name, "cells": _rows(one.saved)} for one in walk.likenesses],
        "chosen": len(network.features) if walk.chosen is None else walk.chosen,
        "at": list(walk.match.place),
        "poolAt": next((list(stage.working.place) for stage in walk.stages if stage.layer.kind == "pool"), [0, 0]),
        "palette": PALETTES["diverging"].tobytes().hex(),
    }


def _guest(walk: Walk) -> dict[str, Any]:
    """The feature worked out that is not the network's, under a name that none of the network's has."""
    name = walk.match.feature.name
    while name in [feature.name for feature in walk.network.features]:
        name += " (yours)"
    return {"name": name, "cells": _rows(walk.match.feature)}


def _rows(one: Map) -> list[list[float]]:
    rows: list[list[float]] = one.values.tolist()
    return rows
