"""Explaining a verdict: from any picture to the walk through a network."""

from __future__ import annotations

import os
from os import PathLike
from os.path import basename
from typing import Any, Literal, TypeAlias, Unpack, overload

from numpy.typing import ArrayLike

from xo_cnn.errors import XoCnnError
from xo_cnn.features import load_feature
from xo_cnn.grid import Array, Map, as_map, to_cells
from xo_cnn.images.reader import Reader
from xo_cnn.network import Network, as_network
from xo_cnn.pictures import Errors, Fitting, Many, Net, One, for_each
from xo_cnn.walk.numbers import Cell, Walk, refuse_too_large, walk_through

Feature: TypeAlias = "Map | ArrayLike | str | PathLike[str] | None"


class Explaining(Fitting, total=False):
    """What is worked out, and how the picture is read."""

    feature: Feature
    at: Cell | None
    name: str | None


@overload
def explain(  # type: ignore[overload-overlap]
    picture: One, network: Net = "xo", *, errors: Literal["raise"] = "raise", **options: Unpack[Explaining]
) -> Walk: ...
@overload
def explain(picture: Array, network: Net = "xo", *, errors: Errors = "raise", **options: Unpack[Explaining]) -> Any: ...
@overload
def explain(
    picture: Many, network: Net = "xo", *, errors: Literal["raise"] = "raise", **options: Unpack[Explaining]
) -> list[Walk]: ...
@overload
def explain(
    picture: Many, network: Net = "xo", *, errors: Literal["return"], **options: Unpack[Explaining]
) -> list[Walk | XoCnnError]: ...
def explain(
    picture: One | Array | Many,
    network: Net = "xo",
    *,
    feature: Feature = None,
    at: Cell | None = None,
    name: str | None = None,
    errors: Errors = "raise",
    **reading: Unpack[Fitting],
) -> Walk | list[Walk] | list[Walk | XoCnnError]:
    """Walk a picture through a network and keep every number between it and the verdict.

    `picture` and the other keywords are what `classify` takes, and several pictures give a list. Worked out are
    the cell `at`, (row, column) counted from 0, of the map of `feature`, by default its best fit, and the window that
    keeps the best fit. `feature` is one of the network's, by default its first, or any other: a file, an installed
    feature's name, or a grid. `name` is what the walk and errors call the picture. Raises FeatureError for an unknown
    feature, ShapeError for a cell outside its map, OptionError for no cell at all, and what `classify` raises.

    >>> import numpy
    >>> walk = explain(2 * numpy.eye(9) - 1, "article", at=(0, 1))
    >>> walk.match.total, round(walk.match.number, 2), str(walk.verdict)
    (-1.0, -0.11, 'X')
    """
    loaded = as_network(network)
    refuse_too_large(loaded)
    wanted = _feature_to_follow(feature, loaded)
    reader = Reader(**reading)

    def walk(one: Any, known: str | None) -> Walk:
        seen = reader.read(one, name or known)
        fitted = reader.fitted(seen, loaded.side, name or known)
        source = basename(name or known or (os.fsdecode(one) if isinstance(one, str | PathLike) else ""))
        picture = None
        if fitted.box is not None:
            picture = Map(source, to_cells(seen.levels) if seen.grid is None else seen.grid.values)
        return walk_through(loaded, fitted, wanted, at, source, picture)

    walks: Walk | list[Walk] = for_each(picture, walk, errors)
    return walks


def _feature_to_follow(feature: Feature, network: Network) -> Map:
    """One of a network's own features by its name, by default the first, or any other by its file or name."""
    if feature is None:
        return network.features[0]
    if isinstance(feature, str | PathLike):
        own = {ours.name: ours for ours in network.features}
        return own.get(os.fspath(feature)) or load_feature(feature)
    given = as_map(feature, "a feature")
    return given if given.name else Map("yours", given.sums, given.cells)
