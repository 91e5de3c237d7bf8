"""The walk as one line of JSON, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from xo_cnn.grid import Map
from xo_cnn.walk.numbers import Walk


def as_json(walk: Walk) -> str:
    """Every number of the walk as one line of JSON."""
    match, window = walk.match, walk.window
    entry: dict[str, Any] = {
        "source": walk.reading.source,
        "network": walk.network.name,
        "grid": _rows(walk.grid),
        "naive": {
            likeness.exemplar.name: {"agree": likeness.agree, "cells": likeness.exemplar.sums.size}
            for likeness in walk.likenesses
        },
        "features": _by_name(walk.network.features),
        "match": {
            "feature": match.feature.name,
            "at": list(match.at),
            "patch": _rows(match.patch),
            "products": _rows(match.products),
            "sum": match.total,
            "cells": match.feature.sums.size,
            "quotient": match.quotient,
        },
        "maps": _by_name(walk.convolution.maps),
        "window": window and {"at": list(window.at), "cells": _rows(window.covered), "maximum": window.maximum},
        "pooled": [_by_name(layer.maps) for layer in walk.pooling],
        "votes": walk.verdict.votes,
        "label": str(walk.verdict),
    }
    return json.dumps(entry) + "\n"


def _by_name(maps: Sequence[Map]) -> dict[str, list[list[float]]]:
    return {filtered.name: _rows(filtered) for filtered in maps}


def _rows(filtered: Map) -> list[list[float]]:
    rows: list[list[float]] = filtered.values.tolist()
    return rows
