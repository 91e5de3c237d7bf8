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
        "grid": walk.grid.values.tolist(),
        "naive": {
            likeness.exemplar.name: {"agree": likeness.agree, "cells": likeness.exemplar.sums.size}
            for likeness in walk.likenesses
        },
        "features": _by_name(walk.network.features),
        "match": {
            "feature": match.feature.name,
            "at": list(match.at),
            "patch": match.patch.values.tolist(),
            "products": match.products.values.tolist(),
            "sum": match.total,
            "cells": match.feature.sums.size,
            "quotient": match.quotient,
        },
        "maps": _by_name(walk.convolution.maps),
        "window": window
        and {"at": list(window.at), "cells": window.covered.values.tolist(), "maximum": window.maximum},
        "pooled": [_by_name(layer.maps) for layer in walk.pooling],
        "votes": walk.verdict.votes,
        "label": str(walk.verdict),
    }
    return json.dumps(entry) + "\n"


def _by_name(maps: Sequence[Map]) -> dict[str, Any]:
    return {filtered.name: filtered.values.tolist() for filtered in maps}
