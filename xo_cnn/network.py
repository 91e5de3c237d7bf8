"""A network: a side for its grid, features, pooling layers, and votes; read from one TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from os.path import basename, dirname, join, splitext
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xo_cnn.catalogue import find_network
from xo_cnn.convolution import convolve, convolve_batch
from xo_cnn.errors import FeatureError, NetworkError, ShapeError
from xo_cnn.features import load_feature
from xo_cnn.grid import Array, Map, as_map
from xo_cnn.limits import MAX_NETWORK
from xo_cnn.pooling import largest_in_windows, max_pool, pooled_side
from xo_cnn.voting import Verdict, vote, vote_batch

MAX_SIDE = 4096
TOP_KEYS = ("grid", "features", "labels", "layers", "votes")


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
        try:
            with open(file, "rb") as stream:
                text = stream.read(MAX_NETWORK + 1)
        except (OSError, ValueError) as error:
            raise NetworkError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
        if len(text) > MAX_NETWORK:
            raise NetworkError(f"{file}: over {MAX_NETWORK >> 20} MiB, which no network file needs")
        try:
            entries = tomllib.loads(text.decode())
        except UnicodeDecodeError as error:
            raise NetworkError(f"{file}: is not text in UTF-8; a network is a TOML file") from error
        except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
            raise NetworkError(f"{file}: is no TOML: {error or 'nested too deeply'}") from error
        return _Reader(file, entries).network()

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
        lines = [f"# {line}".rstrip() for line in about.splitlines()]
        lines += [f"grid = {self.side}", "features = ["]
        lines += [f"    {_quoted(feature.name + '.txt')}," for feature in self.features]
        lines += ["]", f"labels = [{', '.join(map(_quoted, self.labels))}]", "", "[[layers]]", 'type = "convolve"']
        for window, stride in self.layers:
            lines += ["", "[[layers]]", 'type = "pool"', f"window = {window}", f"stride = {stride}"]
        for label in self.labels:
            lines += ["", f"[votes.{_key(label)}]"]
            for feature, weights in zip(self.features, self.votes[label], strict=True):
                lines.append(f"{_key(feature.name)} = [")
                lines += [f"    [{', '.join(f'{weight:g}' for weight in row)}]," for row in weights.tolist()]
                lines.append("]")
        return "\n".join(lines) + "\n"


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


def _key(text: str) -> str:
    return text if text.isascii() and text.replace("-", "").replace("_", "").isalnum() else _quoted(text)


def _quoted(text: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"'}
    body = "".join(escapes.get(c, c if c.isprintable() else f"\\U{ord(c):08X}") for c in text)
    return f'"{body}"'


class _Reader:
    """Turns the entries of one network file into a Network; every complaint names the file and the entry."""

    def __init__(self, file: str, entries: Mapping[str, Any]) -> None:
        self.file = file
        self.entries = entries

    def network(self) -> Network:
        for key in self.entries:
            if key not in TOP_KEYS:
                raise self.wrong(f"{key} is no entry of a network; it has {', '.join(TOP_KEYS)}")
        for key in TOP_KEYS:
            if key not in self.entries:
                raise self.wrong(f"has no {key}; a network has {', '.join(TOP_KEYS)}")
        side = self.whole(self.entries["grid"], "grid", most=MAX_SIDE)
        features = self.features()
        labels = self.names("labels")
        if len(labels) < 2:
            raise self.wrong("labels needs two labels or more")
        layers = self.layers()
        try:
            shapes = last_shapes(side, features, layers)
        except ShapeError as error:
            raise self.wrong(str(error)) from error
        votes = self.table(self.entries["votes"], "votes", labels)
        weights = {label: self.weights(votes[label], label, features, shapes) for label in labels}
        files = (self.file, *(self.beside(name) for name in self.entries["features"]))
        return Network(splitext(basename(self.file))[0], side, features, layers, labels, weights, files)

    def beside(self, name: str) -> str:
        return join(dirname(self.file) or ".", name)

    def wrong(self, message: str) -> NetworkError:
        return NetworkError(f"{self.file}: {message}")

    def whole(self, value: object, where: str, most: int) -> int:
        if type(value) is not int or not 1 <= value <= most:
            raise self.wrong(f"{where} is a whole number from 1 to {most}, not {_short(value)}")
        return value

    def names(self, key: str) -> tuple[str, ...]:
        names = self.entries[key]
        if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
            raise self.wrong(f'{key} is a list of names such as ["X", "O"], not {_short(names)}')
        if len(set(names)) < len(names):
            raise self.wrong(f"{key} names something twice")
        return tuple(names)

    def features(self) -> tuple[Map, ...]:
        features = []
        for name in self.names("features"):
            try:
                features.append(load_feature(self.beside(name)))
            except FeatureError as error:
                raise self.wrong(f"its feature {error}") from error
        if len({feature.name for feature in features}) < len(features):
            raise self.wrong("two of its features have one name")
        return tuple(features)

    def layers(self) -> tuple[Pool, ...]:
        layers = self.entries["layers"]
        if not isinstance(layers, list) or not layers or not all(isinstance(layer, dict) for layer in layers):
            raise self.wrong('layers are written as [[layers]] with type = "convolve" or "pool"')
        pools = []
        for number, layer in enumerate(layers, start=1):
            kind = layer.get("type")
            expected = "convolve" if number == 1 else "pool"
            if kind not in ("convolve", "pool"):
                raise self.wrong(f"layer {number} has the unknown type {_short(kind)}; there are convolve and pool")
            if kind != expected:
                raise self.wrong(f"layer {number} is {kind}; one convolve comes first, then pool as often as wanted")
            known = {"type"} if kind == "convolve" else {"type", "window", "stride"}
            for key in layer.keys() - known:
                raise self.wrong(f"layer {number} ({kind}) has the unknown entry {key}")
            if kind == "pool":
                sides = (self.whole(layer.get(key, 2), f"{key} of layer {number}", MAX_SIDE) for key in Pool._fields)
                pools.append(Pool(*sides))
        return tuple(pools)

    def table(self, table: object, where: str, keys: Sequence[str]) -> Mapping[str, Any]:
        if not isinstance(table, dict):
            raise self.wrong(f"{where} is a table, not {_short(table)}")
        for key in table:
            if key not in keys:
                raise self.wrong(f"{where}.{key} is unknown; there are {', '.join(keys)}")
        for key in keys:
            if key not in table:
                raise self.wrong(f"{where}.{key} is missing")
        return table

    def weights(
        self, table: object, label: str, features: Sequence[Map], shapes: Sequence[tuple[int, int]]
    ) -> tuple[NDArray[np.float64], ...]:
        where = f"votes.{label}"
        grids = self.table(table, where, [feature.name for feature in features])
        result = []
        for feature, shape in zip(features, shapes, strict=True):
            rows = grids[feature.name]
            try:
                weights = np.array(rows, dtype=np.float64)
            except (TypeError, ValueError, OverflowError) as error:
                raise self.wrong(f"{where}.{feature.name} is no grid of numbers") from error
            if weights.shape != shape:
                raise self.wrong(
                    f"{where}.{feature.name} has the shape {'x'.join(map(str, weights.shape)) or 'of one number'}, "
                    f"but the last map of {feature.name} is {shape[0]}x{shape[1]}"
                )
            if not np.isfinite(weights).all():
                raise self.wrong(f"{where}.{feature.name} holds a number that is not finite")
            result.append(weights)
        return tuple(result)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
