"""A network: a side for its grid, features, pooling layers, and votes; read from one TOML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from os.path import basename, dirname, join, splitext
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xo_cnn.catalogue import find_network
from xo_cnn.convolution import convolve, convolve_batch
from xo_cnn.errors import FeatureError, NetworkError, ShapeError
from xo_cnn.features import load_feature
from xo_cnn.formats.networks import NetworkFile, network_text, read_network
from xo_cnn.grid import Array, Map, as_map
from xo_cnn.pooling import largest_in_windows, max_pool, pooled_side
from xo_cnn.voting import Verdict, vote, vote_batch


class Pool(NamedTuple):
    """A pooling layer: the sides of its window and its steps, in cells."""

    window: int = 2
    stride: int = 2


@dataclass(frozen=True, eq=False)
class Network:
    """The features, pooling layers and votes that turn a grid of `side` by `side` cells into a label.

    `votes` holds for each label one grid of weights per feature, as large as that feature's last map.

    >>> network = Network.load("article")
    >>> network.side, network.labels, network.layers
    (9, ('X', 'O'), (Pool(window=2, stride=2), Pool(window=2, stride=2)))
    """

    name: str
    side: int
    features: tuple[Map, ...]
    layers: tuple[Pool, ...]
    labels: tuple[str, ...]
    votes: Mapping[str, tuple[NDArray[np.float64], ...]]
    files: tuple[str, ...] = ()  # what it was read from: the network file and its features

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Network:
        """Read a network file, or one of the installed networks by its name.

        Raises NetworkError, naming the file and the entry, for anything missing, unknown or of a wrong shape.
        """
        file = find_network(path)
        entries = read_network(file)
        files = [join(dirname(file) or ".", name) for name in entries.features]
        features = []
        for feature in files:
            try:
                features.append(load_feature(feature))
            except FeatureError as error:
                raise NetworkError(f"{file}: its feature {error}") from error
        layers = tuple(Pool(*layer) for layer in entries.layers)
        try:
            shapes = last_shapes(entries.side, features, layers)
        except ShapeError as error:
            raise NetworkError(f"{file}: {error}") from error
        for label, grids in entries.votes.items():
            for name, weights, (rows, columns) in zip(entries.names, grids, shapes, strict=True):
                if weights.shape != (rows, columns):
                    raise NetworkError(
                        f"{file}: votes.{label}.{name} has {weights.shape[0]}x{weights.shape[1]} weights, "
                        f"but the last map of {name} is {rows}x{columns}"
                    )
        name = splitext(basename(file))[0]
        return cls(name, entries.side, tuple(features), layers, entries.labels, entries.votes, (file, *files))

    def maps(self, grid: Map | ArrayLike) -> list[Map]:
        """Run the layers: (side, side) cells in, one last map per feature out.

        Raises ShapeError for a grid of another size.
        """
        image = as_map(grid, "a grid")
        self._check(image)
        maps = convolve(image, self.features)
        for window, stride in self.layers:
            maps = max_pool(maps, window, stride)
        return maps

    def classify(self, grid: Map | ArrayLike) -> Verdict:
        """Say which label a grid of `side` by `side` cells gets, with the votes for each.

        >>> from xo_cnn.matching import exemplars
        >>> verdict = Network.load("article").classify(exemplars(9)["O"])
        >>> verdict == "O", {label: round(votes, 3) for label, votes in verdict.votes.items()}
        (True, {'X': 0.556, 'O': 1.0})
        """
        return self.vote(self.maps(grid))

    def classify_all(self, grids: Sequence[Map | ArrayLike]) -> list[Verdict]:
        """Classify many grids of `side` by `side` cells; the verdicts are those of `classify`.

        The votes are the same to the last bit where grids and features are ±1; features of other numbers add up in
        another order, and their votes agree within float32's rounding.
        """
        if not grids:
            return []
        images = [as_map(grid, "a grid") for grid in grids]
        for image in images:
            self._check(image)
        sums = last_sums(np.stack([image.values for image in images]), self.features, self.layers)
        stacks = []
        for one, feature in zip(sums, self.features, strict=True):
            one_below_another = Map(feature.name, one.reshape(-1, one.shape[-1]), feature.sums.size)
            stacks.append(one_below_another.values.reshape(one.shape))
        return vote_batch(stacks, self.votes)

    def vote(self, maps: Sequence[Map]) -> Verdict:
        """Let the cells of the last maps vote; maps with names may come in any order.

        Raises ShapeError where maps are missing, unknown, or not of the size that the last layer gives.
        """
        return vote(self._in_order(maps), self.votes)

    def _check(self, image: Map) -> None:
        if image.shape != (self.side, self.side):
            raise ShapeError(
                f"the network {self.name} takes a grid of {self.side}x{self.side} cells, not "
                f"{image.shape[0]}x{image.shape[1]}: fit the image to it (--fit {self.side})"
            )

    def _in_order(self, maps: Sequence[Map]) -> list[Map]:
        ours = [feature.name for feature in self.features]
        theirs = [one.name for one in maps]
        if len(maps) != len(ours):
            raise ShapeError(
                f"the network {self.name} votes with {len(ours)} maps ({', '.join(ours)}), {len(maps)} came"
            )
        if not any(theirs) or theirs == ours:
            return list(maps)
        by_name = {one.name: one for one in maps}
        missing = [name for name in ours if name not in by_name]
        if missing:
            raise ShapeError(
                f"the network {self.name} votes with the maps {', '.join(ours)}; {', '.join(missing)} did not come, "
                f"but {', '.join(name or 'one without a name' for name in theirs)}"
            )
        return [by_name[name] for name in ours]

    def last_shapes(self) -> tuple[tuple[int, int], ...]:
        """The rows and columns of each feature's last map."""
        return last_shapes(self.side, self.features, self.layers)

    def text(self, about: str = "") -> str:
        """The network as a TOML file whose features lie beside it as NAME.txt, with `about` as its first comment."""
        names = tuple(f"{feature.name}.txt" for feature in self.features)
        return network_text(NetworkFile(self.side, names, self.layers, self.labels, self.votes), about)


def last_sums(grids: Array, features: Sequence[Map], layers: Sequence[Pool]) -> list[Array]:
    """Run the layers on many grids (number, side, side) at once: the sums of each feature's last maps, a stack each."""
    last: dict[int, Array] = {}
    for shape in {feature.shape for feature in features}:
        alike = [number for number, feature in enumerate(features) if feature.shape == shape]
        sums = convolve_batch(grids, np.stack([features[number].values for number in alike]))
        for window, stride in layers:
            sums = largest_in_windows(sums, window, stride)
        last.update(zip(alike, sums, strict=True))
    return [last[number] for number in range(len(features))]


def last_shapes(side: int, features: Sequence[Map], layers: Sequence[Pool]) -> tuple[tuple[int, int], ...]:
    """The rows and columns of each feature's last map on a grid of `side`; ShapeError where nothing is left."""
    shapes = []
    for feature in features:
        sides = [side - length + 1 for length in feature.shape]
        if min(sides) < 1:
            raise ShapeError(
                f"the feature {feature.name} ({feature.shape[0]}x{feature.shape[1]}) is larger than the grid "
                f"({side}x{side})"
            )
        for number, (window, stride) in enumerate(layers, start=1):
            if window > min(sides):
                raise ShapeError(
                    f"pooling layer {number} has a window of {window}x{window}, larger than the map {feature.name} "
                    f"({sides[0]}x{sides[1]}) that reaches it"
                )
            sides = [pooled_side(length, window, stride) for length in sides]
        shapes.append((sides[0], sides[1]))
    return tuple(shapes)
