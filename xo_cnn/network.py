"""A network: a side for its grid, features, pooling layers, and votes; read from one TOML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from os import PathLike
from os.path import dirname, join
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xo_cnn.catalogue import find_feature, find_network
from xo_cnn.display import Displayed
from xo_cnn.engine.layers import convolve_and_pool, last_sums
from xo_cnn.engine.shapes import last_shape, whole_steps
from xo_cnn.errors import FeatureError, GridError, NetworkError, ShapeError
from xo_cnn.features import is_drawing, load_feature, load_features
from xo_cnn.formats.networks import NetworkFile, network_text, read_network
from xo_cnn.grid import Array, Map, as_map, as_maps, refuse_wrong_scale
from xo_cnn.voting import Verdict, count_votes, count_votes_of_all
from xo_cnn.words import count, repeated, stem


class Pool(NamedTuple):
    """A pooling layer: the sides of its window and its steps, in cells."""

    window: int = 2
    stride: int = 2


@dataclass(frozen=True, eq=False, repr=False)
class Network(Displayed):
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

    def __post_init__(self) -> None:
        if not isinstance(self.side, int) or self.side < 1:
            raise NetworkError(f"the side of the grid must be a whole number of at least 1, not {self.side!r}")
        try:
            layers = tuple(Pool(*whole_steps(*layer)) for layer in self.layers)
            last = last_shapes(self.side, self.features, layers)
        except ShapeError as error:
            raise NetworkError(str(error)) from error
        for what, names, least in (("features", [one.name for one in self.features], 1), ("labels", self.labels, 2)):
            if len(names) < least:
                raise NetworkError(f"expected at least {count(least, what[:-1])}, got {len(names)}")
            if (name := repeated(names)) is not None:
                raise NetworkError(f"{what} lists `{name}` twice")
        votes = {label: self._weights(label, last) for label in self.labels}
        # Frozen for good: neither a layer nor a weight of a network changes once it is made.
        for field, value in (("layers", layers), ("votes", MappingProxyType(votes))):
            object.__setattr__(self, field, value)

    def _weights(self, label: str, last: Sequence[tuple[int, int]]) -> tuple[NDArray[np.float64], ...]:
        grids = self.votes.get(label, ())
        if len(grids) != len(last):
            raise NetworkError(f"votes.{label}: expected {len(last)} grids of weights, got {len(grids)}")
        weights = tuple(np.array(grid, dtype=np.float64) for grid in grids)
        for feature, grid, shape in zip(self.features, weights, last, strict=True):
            if grid.shape != shape:
                raise NetworkError(
                    f"votes.{label}.{feature.name} has {'x'.join(map(str, grid.shape))} weights, "
                    f"but the last map of {feature.name} is {shape[0]}x{shape[1]}"
                )
            if not np.isfinite(grid).all():
                raise NetworkError(f"votes.{label}.{feature.name} holds a weight that is not finite")
            grid.setflags(write=False)
        return weights

    def __reduce__(self) -> tuple[type[Network], tuple[object, ...]]:
        # A read-only mapping cannot be pickled, but a network travels to worker processes.
        values = [getattr(self, field.name) for field in fields(self)]
        return Network, tuple(dict(value) if isinstance(value, MappingProxyType) else value for value in values)

    def __repr__(self) -> str:
        return f"Network({self.name!r}, {self.side}x{self.side}, {count(len(self.features), 'feature')}, {self.labels})"

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Network:
        """Read a network file, or one of the installed networks by its name.

        Raises NetworkError, naming the file and the entry, for anything missing, unknown or of a wrong shape.
        """
        file = find_network(path)
        entries = read_network(file)
        files = [join(dirname(file) or ".", name) for name in entries.features]
        try:
            features = tuple(load_feature(feature) for feature in files)
            layers = tuple(Pool(*layer) for layer in entries.layers)
            return cls(stem(file), entries.side, features, layers, entries.labels, entries.votes, (file, *files))
        except FeatureError as error:
            raise NetworkError(f"its feature {error}", file) from error
        except NetworkError as error:
            raise error.naming(file) from error

    def maps(self, grid: Map | ArrayLike) -> list[Map]:
        """Run the layers: (side, side) cells in, one last map per feature out.

        Raises ShapeError for a grid of another size, GridError for cells outside [-1, 1] or of 0 and 1 alone.
        """
        image = as_map(grid, "a grid")
        self.stacked([image])
        return convolve_and_pool(image, self.features, self.layers)

    def classify(self, grid: Map | ArrayLike) -> Verdict:
        """Classify a grid of `side` by `side` cells: the label with the most votes, and the votes for each.

        >>> from xo_cnn.matching import exemplars
        >>> verdict = Network.load("article").classify(exemplars(9)["O"])
        >>> verdict == "O", {label: round(votes, 3) for label, votes in verdict.votes.items()}
        (True, {'X': 0.556, 'O': 1.0})
        """
        return self.vote(self.maps(grid))

    def classify_all(self, grids: ArrayLike | Sequence[Map | ArrayLike]) -> list[Verdict]:
        """Classify many grids of `side` by `side` cells, a list or a stack; the verdicts are those of `classify`.

        The votes are the same to the last bit where grids and features are ±1; with features of other numbers they
        agree within float32's rounding, because the additions come in another order.
        """
        images = as_maps(grids, "a grid")
        if not images:
            return []
        stack = self.stacked(images)
        sums = last_sums(stack, [feature.values for feature in self.features], self.layers)
        stacks = []
        for one, feature in zip(sums, self.features, strict=True):
            one_below_another = Map("", one.reshape(-1, one.shape[-1]), feature.sums.size)
            stacks.append(one_below_another.values.reshape(one.shape))
        return count_votes_of_all(stacks, self.votes)

    def vote(self, maps: ArrayLike | Sequence[Map | ArrayLike]) -> Verdict:
        """Let the cells of the last maps vote; maps with names may come in any order.

        Raises ShapeError if a map is missing, unknown, or not of the size that the last layer gives; GridError for
        cells outside [-1, 1].
        """
        ordered = self._in_order(as_maps(maps, "a map"))
        for one in ordered:
            # No more than a rounding error beyond 1: the products of cells in [-1, 1] are no larger.
            largest = np.abs(one.values, dtype=np.float64).max()
            if not largest < 1 + 1e-4:
                raise GridError(f"{one.called('the map')} has a cell of size {largest:g}; maps lie in [-1, 1]")
        return count_votes(ordered, self.votes)

    def stacked(self, images: Sequence[Map]) -> Array:
        """The grids of images in one stack, (images, side, side).

        Raises ShapeError for one of another size, GridError for cells outside [-1, 1] or of 0 and 1 alone.
        """
        for image in images:
            if image.shape != (self.side, self.side):
                raise ShapeError(
                    f"the network {self.name} takes a grid of {self.side}x{self.side} cells, not "
                    f"{image.shape[0]}x{image.shape[1]}: fit the image to it (fit={self.side})"
                )
        stack = np.stack([image.values for image in images])
        refuse_wrong_scale(stack, "the grid" if len(images) == 1 else "one of the grids")
        return stack

    def _in_order(self, maps: Sequence[Map]) -> list[Map]:
        ours = [feature.name for feature in self.features]
        theirs = [one.name for one in maps]
        if len(maps) != len(ours):
            raise ShapeError(f"the network {self.name}: expected {len(ours)} maps ({', '.join(ours)}), got {len(maps)}")
        if not any(theirs) or theirs == ours:
            return list(maps)
        by_name = {one.name: one for one in maps}
        missing = [name for name in ours if name not in by_name]
        if missing:
            raise ShapeError(
                f"the network {self.name}: expected the maps {', '.join(ours)}, got "
                f"{', '.join(name or 'one without a name' for name in theirs)}: {', '.join(missing)} missing"
            )
        return [by_name[name] for name in ours]

    def last_shapes(self) -> tuple[tuple[int, int], ...]:
        """The rows and columns of each feature's last map."""
        return last_shapes(self.side, self.features, self.layers)

    def text(self, about: str = "") -> str:
        """The network as a TOML file whose features lie beside it as NAME.txt, with `about` as its first comment."""
        names = tuple(f"{feature.name}.txt" for feature in self.features)
        return network_text(NetworkFile(self.side, names, self.layers, self.labels, self.votes), about)


def vote(maps: ArrayLike | Sequence[Map | ArrayLike], network: Network | str | PathLike[str] = "xo") -> Verdict:
    """Let the cells of a network's last maps vote; the network may be given by its name or path.

    Maps with names may come in any order; a list or a stack (features, rows, columns) without names is in the order
    of the features.

    Raises ShapeError if a map is missing, unknown, or not of the size that the last layer gives; GridError for cells
    outside [-1, 1].

    >>> from xo_cnn.matching import exemplars
    >>> vote(Network.load("article").maps(exemplars(9)["X"]), "article").votes["X"]
    1.0
    """
    return as_network(network).vote(maps)


def as_network(network: Network | str | PathLike[str]) -> Network:
    """A network as it is, or loaded by its name or path."""
    return network if isinstance(network, Network) else Network.load(network)


def choose_features(
    given: Sequence[str], folder: str | None, network: Network | str | PathLike[str]
) -> tuple[list[Map], list[str]]:
    """The features that `--feature` and `--features` name, in this order, and the files that they were read from.

    Each of `given` is what `load_feature` takes. With neither, the features are those of the network. Raises
    FeatureError if two features have one name.
    """
    if not given and folder is None:
        loaded = as_network(network)
        return list(loaded.features), list(loaded.files)
    features = [load_feature(one) for one in given]
    files = [find_feature(one) for one in given if not is_drawing(one)]
    if folder is not None:
        features += load_features(folder)
        files += [join(folder, f"{feature.name}.txt") for feature in features[len(given) :]]
    name = repeated([feature.name for feature in features])
    if name is not None:
        raise FeatureError(f"the feature `{name}` is given twice; leave one out, or rename its file")
    return features, files


def last_shapes(side: int, features: Sequence[Map], layers: Sequence[Pool]) -> tuple[tuple[int, int], ...]:
    """The rows and columns of each feature's last map on a grid of `side` by `side`; ShapeError if none is left."""
    return tuple(last_shape((side, side), feature, layers) for feature in features)
