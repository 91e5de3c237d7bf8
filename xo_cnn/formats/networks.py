"""Network files as plain values: read from TOML, checked entry by entry, and written back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xo_cnn.catalogue import read_whole
from xo_cnn.errors import NetworkError
from xo_cnn.formats.maps import wide
from xo_cnn.limits import MAX_NETWORK
from xo_cnn.words import repeated, stem

MAX_SIDE = 4096
TOP_KEYS = ("grid", "features", "labels", "layers", "votes")
POOL_KEYS = ("window", "stride")
MAX_KEYS = 20_000
MAX_VOTE = float(np.finfo(np.float32).max)

# tomllib takes memory by the square of a key's parts, and a kilobyte for each key: both are counted before it reads.
_STRING_OR_COMMENT = re.compile(
    r'''"""(?:[^\\]|\\.?)*?(?:"{3,5}|\Z)|'{3}.*?(?:'{3,5}|\Z)|"(?:[^"\\\n]|\\.?)*+"?|'[^'\n]*+'?|\#[^\n]*+''', re.DOTALL
)
_DEEP_KEY = re.compile(r'(?<![\w-])(?:[\w-]++|"")(?:[ \t]*+\.[ \t]*+(?:[\w-]++|"")){4}')
_HEADER = re.compile(r'^[ \t]*\[[^,\n]*\][ \t"]*$', re.MULTILINE)


class NetworkFile(NamedTuple):
    """The entries of a network file.

    `features` are file names relative to the network file, `layers` the (window, stride) of each pooling layer in
    cells, and `votes` holds for each label one grid of weights per feature, in the order of `features`.
    """

    side: int
    features: tuple[str, ...]
    layers: tuple[tuple[int, int], ...]
    labels: tuple[str, ...]
    votes: Mapping[str, tuple[NDArray[np.float64], ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each feature: its file name without folder and extension."""
        return tuple(stem(file) for file in self.features)


def read_network(file: str) -> NetworkFile:
    """Read the entries of the network file at the path `file`.

    Raises NetworkError, with the path and the entry, for anything missing, unknown or out of range. Whether the
    grids of weights are as large as the last maps is not checked: that takes the features.
    """
    data = read_whole(file, MAX_NETWORK, "network", NetworkError)
    try:
        return _checked(_parsed(data))
    except NetworkError as error:
        raise error.naming(file) from error


def network_text(network: NetworkFile, about: str = "") -> str:
    """The text of a network file, with `about` as its first comment; `read_network` returns the same entries.

    Raises NetworkError for a network too large to be read back.

    >>> entries = NetworkFile(9, ("diag.txt",), (), ("X", "O"), {"X": (np.eye(1),), "O": (np.zeros((1, 1)),)})
    >>> network_text(entries).splitlines()[-3:]
    ['diag = [', '    [0],', ']']
    """
    lines = [f"# {line}".rstrip() for line in about.splitlines()]
    lines += [f"grid = {network.side}", "features = ["]
    lines += [f"    {_quoted(name)}," for name in network.features]
    lines += ["]", f"labels = [{', '.join(map(_quoted, network.labels))}]", "", "[[layers]]", 'type = "convolve"']
    for window, stride in network.layers:
        lines += ["", "[[layers]]", 'type = "pool"', f"window = {window}", f"stride = {stride}"]
    for label in network.labels:
        lines += ["", f"[votes.{_key(label)}]"]
        for name, weights in zip(network.names, network.votes[label], strict=True):
            lines.append(f"{_key(name)} = [")
            lines += [f"    [{', '.join(map(_weight, row))}]," for row in weights.tolist()]
            lines.append("]")
    text = "\n".join(lines) + "\n"
    if len(text) > MAX_NETWORK:
        raise NetworkError(f"the network takes more than {MAX_NETWORK >> 20} MiB: use a smaller grid or more pooling")
    return text


def _weight(weight: float) -> str:
    return repr(weight) if str(weight) == "-0.0" else repr(weight).removesuffix(".0")


def _key(text: str) -> str:
    return text if text.isascii() and text.replace("-", "").replace("_", "").isalnum() else _quoted(text)


def _quoted(text: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"'}
    body = "".join(escapes.get(c, c if c.isprintable() else f"\\U{ord(c):08X}") for c in text)
    return f'"{body}"'


def _parsed(data: bytes) -> dict[str, Any]:
    if encoding := wide(data[:256]):
        raise NetworkError(f"is text in {encoding}; save it as UTF-8 (iconv -f {encoding} -t UTF-8)")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NetworkError("not text in UTF-8; a network is a TOML file") from error
    keys = _STRING_OR_COMMENT.sub('""', text)
    if _DEEP_KEY.search(keys):
        raise NetworkError("not a network file: a key has more than four parts; the longest is votes.LABEL.FEATURE")
    if keys.count("=") + len(_HEADER.findall(keys)) > MAX_KEYS:
        raise NetworkError(f"not a network file: has more than {MAX_KEYS} entries")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise NetworkError("not valid TOML: nested too deeply") from error
    except ValueError as error:  # a TOMLDecodeError, or Python's own limit on the digits of a whole number
        raise NetworkError(f"not valid TOML: {error}") from error


def _checked(entries: Mapping[str, Any]) -> NetworkFile:
    for key in entries:
        if key not in TOP_KEYS:
            raise NetworkError(f"unknown entry {_short(key)}; a network has {', '.join(TOP_KEYS)}")
    for key in TOP_KEYS:
        if key not in entries:
            raise NetworkError(f"has no {key}; a network has {', '.join(TOP_KEYS)}")
    side = _whole(entries["grid"], "grid", MAX_SIDE)
    features = _names(entries, "features")
    layers = _layers(entries["layers"])
    labels = _names(entries, "labels")
    if len(labels) < 2:
        raise NetworkError("labels needs two labels or more")
    network = NetworkFile(side, features, layers, labels, {})
    _once(network.names, "features")
    table = _table(entries["votes"], "votes", labels)
    votes = {label: _label_votes(table[label], f"votes.{label}", network.names) for label in labels}
    return NetworkFile(side, features, layers, labels, votes)


def _whole(value: object, where: str, most: int) -> int:
    if type(value) is not int or not 1 <= value <= most:
        raise NetworkError(f"{where} must be a whole number from 1 to {most}, not {_short(value)}")
    return value


def _names(entries: Mapping[str, Any], key: str) -> tuple[str, ...]:
    names = entries[key]
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise NetworkError(f'{key} must be a list of names such as ["X", "O"], not {_short(names)}')
    _once(names, key)
    return tuple(names)


def _once(names: Sequence[str], key: str) -> None:
    if (name := repeated(names)) is not None:
        raise NetworkError(f"{key} lists `{name}` twice")


def _layers(layers: object) -> tuple[tuple[int, int], ...]:
    if not isinstance(layers, list) or not layers or not all(isinstance(layer, dict) for layer in layers):
        raise NetworkError('layers must be written as [[layers]] with type = "convolve" or "pool"')
    pools = []
    for number, layer in enumerate(layers, start=1):
        kind = layer.get("type")
        expected = "convolve" if number == 1 else "pool"
        if kind not in ("convolve", "pool"):
            raise NetworkError(f"layer {number} has the unknown type {_short(kind)}; use convolve or pool")
        if kind != expected:
            raise NetworkError(f"layer {number} is {kind}; one convolve comes first, then any number of pool layers")
        known = ("type",) if kind == "convolve" else ("type", *POOL_KEYS)
        for key in layer:
            if key not in known:
                raise NetworkError(f"layer {number} ({kind}) has the unknown entry {_short(key)}")
        if kind == "pool":
            window, stride = (_whole(layer.get(key, 2), f"{key} of layer {number}", MAX_SIDE) for key in POOL_KEYS)
            pools.append((window, stride))
    return tuple(pools)


def _table(table: object, where: str, keys: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(table, dict):
        raise NetworkError(f"{where} must be a table, not {_short(table)}")
    for key in table:
        if key not in keys:
            raise NetworkError(f"{where} has the unknown entry {_short(key)}; expected {', '.join(keys)}")
    for key in keys:
        if key not in table:
            raise NetworkError(f"{where}.{key} is missing")
    return table


def _label_votes(table: object, where: str, names: Sequence[str]) -> tuple[NDArray[np.float64], ...]:
    entries = _table(table, where, names)
    votes = tuple(_weights(entries[name], f"{where}.{name}") for name in names)
    if sum(float(np.abs(weights).sum()) for weights in votes) > MAX_VOTE:
        raise NetworkError(f"{where}: weights add up to more than {MAX_VOTE:.2g}; votes must be finite")
    return votes


def _weights(rows: object, where: str) -> NDArray[np.float64]:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        raise NetworkError(f"{where} must be a grid of numbers, rows of weights in a list, not {_short(rows)}")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise NetworkError(f"{where}: row {number} has {len(row)} weights, but row 1 has {len(rows[0])}")
        for weight in row:
            if type(weight) not in (int, float):
                raise NetworkError(f"{where}: row {number} holds {_short(weight)}, which is not a number")
    try:
        weights = np.array(rows, dtype=np.float64)
    except OverflowError as error:
        raise NetworkError(f"{where} holds a number that is too large") from error
    if not np.isfinite(weights).all() or np.abs(weights).max() > MAX_VOTE:
        raise NetworkError(f"{where} holds nan, inf, or a number that is too large")
    return weights


def _short(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > 100:  # Python writes out only 4300 digits
        return "a number of many digits"
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
