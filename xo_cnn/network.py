"""A network: a side for its grid, layers, and votes; read from one TOML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from os import PathLike
from os.path import dirname, exists, isfile, join, realpath
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xo_cnn.catalogue import find_feature, find_network, installed
from xo_cnn.convolution import Convolve, convolve_with
from xo_cnn.display import Displayed
from xo_cnn.engine.fusion import run_layers
from xo_cnn.errors import FeatureError, NetworkError, ShapeError
from xo_cnn.features import is_drawing, load_feature, load_features, read_feature
from xo_cnn.formats.networks import NetworkFile, brief, network_text, read_network
from xo_cnn.grid import Array, Map, as_map, as_maps, divided, refuse_beyond_one, refuse_wrong_scale
from xo_cnn.layers import Layer, Shape, last_shape
from xo_cnn.matching import exemplars
from xo_cnn.voting import Verdict, count_votes, count_votes_of_all
from xo_cnn.words import count, repeated, stem

MAX_SIDE = 4096
MAX_VOTE = float(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False, repr=False)
class Network(Displayed):
    """The layers and votes that turn a grid of `side` by `side` cells into a label.

    `layers` begins with the convolution, which holds the features. `votes` holds for each label one grid of weights
    per feature, as large as that feature's last map; it is empty where the votes are still to be learned. `saved`
    holds the pictures that naive matching compares with, a grid for each label, or none.

    >>> network = Network.load("article")
    >>> network.side, network.labels, network.layers[1:]
    (9, ('X', 'O'), (Pool(window=2, stride=2), Pool(window=2, stride=2)))
    """

    name: str
    side: int
    layers: tuple[Layer, ...]
    labels: tuple[str, ...]
    votes: Mapping[str, tuple[NDArray[np.float64], ...]]
    saved: Mapping[str, Map] = field(default_factory=dict)
    files: tuple[str, ...] = ()  # what it was read from: the network file, its features and its saved pictures

    def __post_init__(self) -> None:
        if type(self.side) is not int or not 1 <= self.side <= MAX_SIDE:
            raise NetworkError(
                f"the side of the grid must be a whole number from 1 to {MAX_SIDE}, not {brief(self.side)}"
            )
        if [number for number, layer in enumerate(self.layers) if isinstance(layer, Convolve)] != [0]:
            raise NetworkError("the layers of a network begin with one convolution")
        for what, names, least in (("features", [one.name for one in self.features], 1), ("labels", self.labels, 2)):
            if len(names) < least:
                raise NetworkError(f"expected at least {count(least, what[:-1])}, got {len(names)}")
            if (name := repeated(names)) is not None:
                raise NetworkError(f"{what} lists `{name}` twice")
        try:
            last = self.last_shapes()
        except ShapeError as error:
            raise NetworkError(str(error)) from error
        votes = {label: self._weights(label, last) for label in self.labels} if self.votes else {}
        for label, saved in self.saved.items():
            if label not in self.labels or saved.shape != (self.side, self.side):
                raise NetworkError(f"saved.{label} is not a label's grid of {self.side}x{self.side} cells")
        # Frozen for good: neither a layer nor a weight of a network changes once it is made.
        for name, value in (
            ("layers", tuple(self.layers)),
            ("votes", MappingProxyType(votes)),
            ("saved", MappingProxyType(dict(self.saved))),
        ):
            object.__setattr__(self, name, value)

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
        if sum(float(np.abs(grid).max()) * grid.size for grid in weights) > MAX_VOTE:
            raise NetworkError(f"votes.{label}: weights add up to more than {MAX_VOTE:.2g}; votes must be finite")
        return weights

    def __reduce__(self) -> tuple[type[Network], tuple[object, ...]]:
        # A read-only mapping cannot be pickled, but a network travels to worker processes.
        values = [getattr(self, field.name) for field in fields(self)]
        return Network, tuple(dict(value) if isinstance(value, MappingProxyType) else value for value in values)

    def __repr__(self) -> str:
        return f"Network({self.name!r}, {self.side}x{self.side}, {count(len(self.features), 'feature')}, {self.labels})"

    @classmethod
    def load(cls, path: str | PathLike[str], *, trained: bool = True) -> Network:
        """Read a network file, or one of the installed networks by its name.

        With `trained=False` it may lack votes, as a network may whose votes are still to be learned. Raises
        NetworkError, naming the file and the entry, for anything missing, unknown or of a wrong shape.
        """
        file = find_network(path)
        network = _read_installed(file) if dirname(file) == installed() else _read(file)
        if trained:
            network._refuse_untrained()
        return network

    @property
    def features(self) -> tuple[Map, ...]:
        """The features that its convolution looks for."""
        first = self.layers[0]
        assert isinstance(first, Convolve)
        return first.features

    def maps(self, grid: Map | ArrayLike) -> list[Map]:
        """Run the layers: (side, side) cells in, one last map per feature out.

        Raises ShapeError for a grid of another size, GridError for cells outside [-1, 1] or of 0 and 1 alone.
        """
        image = as_map(grid)
        self.stacked([image])
        return convolve_with(self.layers[1:], image, self.features)

    def classify(self, grid: Map | ArrayLike) -> Verdict:
        """Classify a grid of `side` by `side` cells: the label with the most votes, and the votes for each.

        >>> from xo_cnn.matching import exemplars
        >>> verdict = Network.load("article").classify(exemplars(9)["O"])
        >>> verdict == "O", {label: round(votes, 3) for label, votes in verdict.votes.items()}
        (True, {'X': 0.556, 'O': 1.0})
        """
        return self.classify_all([as_map(grid)])[0]

    def classify_all(self, grids: ArrayLike | Sequence[Map | ArrayLike]) -> list[Verdict]:
        """Classify many grids of `side` by `side` cells, a list or a stack; the verdicts are those of `classify`."""
        self._refuse_untrained()
        images = as_maps(grids, "a grid")
        if not images:
            return []
        stack = self.stacked(images, "the grid" if len(images) == 1 else "one of the grids")
        if len({image.values.dtype for image in images}) > 1:  # each gets the numbers that it gets alone
            return [self.classify(image) for image in images]
        sums = run_layers(stack, [feature.values for feature in self.features], self.layers[1:])
        stacks = [divided(each, feature.sums.size) for each, feature in zip(sums, self.features, strict=True)]
        return count_votes_of_all(stacks, self.votes)

    def vote(self, maps: ArrayLike | Sequence[Map | ArrayLike]) -> Verdict:
        """Let the cells of the last maps vote; maps with names may come in any order.

        Raises ShapeError if a map is missing, unknown, or not of the size that the last layer gives; GridError for
        cells outside [-1, 1].
        """
        self._refuse_untrained()
        ordered = self._in_order(as_maps(maps, "a map"))
        for one in ordered:
            refuse_beyond_one(one.values, one.called("the map"))
        return count_votes(ordered, self.votes)

    def stacked(self, images: Sequence[Map], what: str = "the grid") -> Array:
        """The grids of images in one stack, (images, side, side); messages say `what` each of them is.

        Raises ShapeError for one of another size, GridError for cells outside [-1, 1] or of 0 and 1 alone.
        """
        for image in images:
            if image.shape != (self.side, self.side):
                raise ShapeError(
                    f"the network {self.name} takes a grid of {self.side}x{self.side} cells, not "
                    f"{image.shape[0]}x{image.shape[1]}: fit the image to it (fit={self.side})"
                )
        stack = np.stack([image.values for image in images])
        refuse_wrong_scale(stack, what)
        return stack

    def _refuse_untrained(self) -> None:
        if not self.votes:
            raise NetworkError("has no votes; learn them with xo-cnn train --network", *self.files[:1])

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

    def exemplars(self) -> Mapping[str, Map]:
        """What naive matching compares with: the saved pictures; without any, the text's X and O; else nothing."""
        if self.saved or set(self.labels) != {"X", "O"} or self.side < 5:
            return self.saved
        return exemplars(self.side)

    def last_shapes(self) -> tuple[Shape, ...]:
        """The rows and columns of each feature's last map."""
        return tuple(last_shape((self.side, self.side), feature, self.layers) for feature in self.features)

    def text(self, about: str = "") -> str:
        """The network as a TOML file, with `about` as its first comment.

        Its features lie beside it as NAME.txt, and its saved pictures as NETWORK-LABEL.txt.
        """
        names = tuple(f"{feature.name}.txt" for feature in self.features)
        saved = {label: f"{grid.name}.txt" for label, grid in self.saved.items()}
        return network_text(NetworkFile(self.side, names, self.layers[1:], self.labels, self.votes, saved), about)


def _read(file: str) -> Network:
    entries = read_network(file)
    folder = dirname(file)
    files = [join(folder, name) for name in (*entries.features, *entries.saved.values())]
    try:
        for path in files:
            if folder != installed():
                _refuse_outside(path, folder)
        features = tuple(read_feature(path) for path in files[: len(entries.features)])
        saved = dict(zip(entries.saved, map(read_feature, files[len(features) :]), strict=True))
        layers = (Convolve(features), *entries.layers)
        return Network(stem(file), entries.side, layers, entries.labels, entries.votes, saved, (file, *files))
    except FeatureError as error:
        raise NetworkError(f"its feature {error}", file) from error
    except NetworkError as error:
        raise error.naming(file) from error


# What ships is read once, however many pictures are classified one by one.
_read_installed = lru_cache(maxsize=8)(_read)


def _refuse_outside(path: str, folder: str) -> None:
    """Raise FeatureError for a file outside a network's folder, or for what is not a file, such as a FIFO."""
    if "\0" in path or not realpath(path).startswith(join(realpath(folder), "")):
        raise FeatureError("is outside the network's folder", path)
    if exists(path) and not isfile(path):
        raise FeatureError("not a regular file", path)


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
