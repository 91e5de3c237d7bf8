"""Explaining a verdict: from any picture to the walk through a network."""

from __future__ import annotations

import os
from difflib import get_close_matches
from os import PathLike
from typing import Any

import numpy as np

from xo_cnn.errors import FeatureError
from xo_cnn.features import load_feature
from xo_cnn.grid import Map, as_map
from xo_cnn.images.reading import fit_image, read_image
from xo_cnn.network import Network
from xo_cnn.walk.numbers import Place, Walk, run
from xo_cnn.walk.reading import Reading


def explain(
    picture: Any,
    network: Network | str | PathLike[str] = "xo",
    *,
    feature: Map | str | PathLike[str] | None = None,
    at: Place | None = None,
    pool_at: Place | None = None,
    name: str = "",
) -> Walk:
    """Walk a picture through a network and keep every number between it and the verdict.

    Worked out are the cell `at` of the map of `feature` and the cell `pool_at` of its first pooled map, both (row,
    column) counted from 0; by default the best fit. `feature` is one of the network's, by default its first, or any
    other: a feature file, an installed feature's name, or a grid. `name` is what the walk calls the picture.
    Raises FeatureError for an unknown feature, ShapeError for a place outside its map or a grid of another size.

    >>> import numpy
    >>> walk = explain(2 * numpy.eye(9) - 1, "article", at=(0, 1))
    >>> walk.match.total, round(walk.match.quotient, 2), str(walk.verdict)
    (-1.0, -0.11, 'X')
    """
    loaded = network if isinstance(network, Network) else Network.load(network)
    grid, reading = _read(picture, loaded.side, name)
    return run(loaded, grid, find_feature(feature, loaded), reading, at, pool_at)


def _read(source: Any, side: int, name: str) -> tuple[Map, Reading]:
    if not hasattr(source, "read"):
        return as_map(source, "an image's grid"), Reading(name)
    picture = read_image(source, name)
    if isinstance(picture, Map) and picture.shape == (side, side):
        return picture, Reading(name)
    fitted = fit_image(picture, side)
    levels = picture.values if isinstance(picture, Map) else picture / np.float32(127.5) - 1
    top, left, bottom, right = fitted.box
    reading = Reading(name, Map(name, levels), fitted.ink, (top, left, bottom - top, right - left))
    return Map("", fitted.grid), reading


def find_feature(feature: Map | str | PathLike[str] | None, network: Network) -> Map:
    """One of a network's own features by its name, by default the first, or any other by its file or name."""
    if feature is None:
        return network.features[0]
    if isinstance(feature, Map):
        return feature
    given = os.fspath(feature)
    names = [ours.name for ours in network.features]
    if given in names:
        return network.features[names.index(given)]
    try:
        return load_feature(given)
    except FeatureError as error:
        if os.path.exists(given) or any(mark in given for mark in "/.#"):
            raise
        near = get_close_matches(given, names, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise FeatureError(
            f"the network {network.name} has no feature {given}: {hint}it has {', '.join(names)}; "
            "or name a feature file"
        ) from error
