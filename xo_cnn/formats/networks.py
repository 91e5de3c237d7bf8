"""Network files as plain values: read from TOML, checked entry by entry, and written back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xo_cnn.catalogue import read_whole
from xo_cnn.convolution import Convolve
from xo_cnn.errors import NetworkError, ShapeError
from xo_cnn.formats.maps import wide
from xo_cnn.layers import Layer
from xo_cnn.limits import MAX_NETWORK
from xo_cnn.pooling import Pool
from xo_cnn.rectification import Relu
from xo_cnn.words import stem

# Every kind of layer that may follow the convolution, by its type in a file.
KINDS: dict[str, type[Layer]] = {layer.kind: layer for layer in (Relu, Pool)}
NEEDED, OPTIONAL = ("grid", "features", "labels", "layers"), ("votes", "saved")
MAX_KEYS = 20_000

# tomllib takes memory by the square of a key's parts, and a kilobyte for each key: both are counted before it reads.
_STRING_OR_COMMENT = re.compile(
    r'''"""(?:[^\\]|\\.?)*?(?:"{3,5}|\Z)|'{3}.*?(?:'{3,5}|\Z)|"(?:[^"\\\n]|\\.?)*+"?|'[^'\n]*+'?|\#[^\n]*+''', re.DOTALL
)
_DEEP_KEY = re.compile(r'(?<![\w-])(?:[\w-]++|"")(?:[ \t]*+\.[ \t]*+(?:[\w-]++|"")){4}')
_HEADER = re.compile(r'^[ \t]*\[[^,\n]*\][ \t"]*$', re.MULTILINE)


class NetworkFile(NamedTuple):
    """The entries of a network file.

    `features` are file names relative to the network file, `layers` what follows the convolution, `votes` holds for
    each label one grid of weights per feature, in the order of `features`, and `saved` a file name for each label. A
    network that is still to be trained has no votes.
    """

    side: int
    features: tuple[str, ...]
    layers: tuple[Layer, ...]
    labels: tuple[str, ...]
    votes: Mapping[str, tuple[NDArray[np.float64], ...]]
    saved: Mapping[str, str]


def read_network(file: str) -> NetworkFile:
    """Read the entries of the network file at the path `file`, as plain values of the right types.

    Raises NetworkError, with the path and the entry, for anything missing, unknown or of another type. Whether the
    entries go together is for the network to say.
    """
    data = read_whole(file, MAX_NETWORK, "network", NetworkError)
    try:
        if encoding := wide(data[:256]):
            raise NetworkError(f"is text in {encoding}; save it as UTF-8 (iconv -f {encoding} -t UTF-8)")
        text = data.decode("utf-8-sig")
        _refuse_costly(_STRING_OR_COMMENT.sub('""', text))
        return _checked(tomllib.loads(text))
    except UnicodeDecodeError as error:
        raise NetworkError("not text in UTF-8; a network is a TOML file", file) from error
    except RecursionError as error:
        raise NetworkError("not valid TOML: nested too deeply", file) from error
    except NetworkError as error:
        raise error.naming(file) from error
    except ValueError as error:  # a TOMLDecodeError, or Python's own limit on the digits of a whole number
        raise NetworkError(f"not valid TOML: {error}", file) from error


def _refuse_costly(keys: str) -> None:
    """Raise NetworkError for what tomllib would take too long for; in `keys` no string and no comment is left."""
    if _DEEP_KEY.search(keys):
        raise NetworkError("not a network file: a key has more than four parts; the longest is votes.LABEL.FEATURE")
    if keys.count("=") + len(_HEADER.findall(keys)) > MAX_KEYS:
        raise NetworkError(f"not a network file: has more than {MAX_KEYS} entries")


def network_text(network: NetworkFile, about: str = "") -> str:
    """The text of a network file, with `about` as its first comment; `read_network` returns the same entries.

    Raises NetworkError for a network too large to be read back.

    >>> entries = NetworkFile(9, ("diag.txt",), (), ("X", "O"), {"X": (np.eye(1),), "O": (np.zeros((1, 1)),)}, {})
    >>> network_text(entries).splitlines()[-3:]
    ['diag = [', '    [0],', ']']
    """
    lines = [f"# {line}".rstrip() for line in about.splitlines()]
    lines += [f"grid = {network.side}", "features = ["]
    lines += [f"    {_quoted(name)}," for name in network.features]
    lines += ["]", f"labels = [{', '.join(map(_quoted, network.labels))}]"]
    lines += ["", "[[layers]]", f'type = "{Convolve.kind}"']
    for layer in network.layers:
        lines += ["", "[[layers]]", f'type = "{layer.kind}"']
        lines += [f"{name} = {value}" for name, value in vars(layer).items()]
    if network.saved:
        lines += ["", "[saved]", *(f"{_key(label)} = {_quoted(name)}" for label, name in network.saved.items())]
    for label, grids in network.votes.items():
        lines += ["", f"[votes.{_key(label)}]"]
        for name, weights in zip(map(stem, network.features), grids, strict=True):
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
    import json  # whose strings are TOML's, but for one character

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _checked(entries: Mapping[str, Any]) -> NetworkFile:
    entries = _table(entries, "the network", NEEDED, OPTIONAL)
    features, labels = _names(entries, "features"), _names(entries, "labels")
    names = [stem(file) for file in features]
    votes, saved = {}, {}
    if "votes" in entries:
        for label, table in _table(entries["votes"], "votes", labels).items():
            grids = _table(table, f"votes.{label}", names)
            votes[label] = tuple(_weights(grids[name], f"votes.{label}.{name}") for name in names)
    if "saved" in entries:
        saved = _table(entries["saved"], "saved", labels)
        if not all(isinstance(name, str) for name in saved.values()):
            raise NetworkError("saved must name a file for each label")
    return NetworkFile(entries["grid"], features, _layers(entries["layers"]), labels, votes, saved)


def _names(entries: Mapping[str, Any], key: str) -> tuple[str, ...]:
    names = entries[key]
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise NetworkError(f'{key} must be a list of names such as ["X", "O"], not {brief(names)}')
    return tuple(names)


def _layers(layers: object) -> tuple[Layer, ...]:
    kinds = " or ".join((Convolve.kind, *KINDS))
    if not isinstance(layers, list) or not layers or not all(isinstance(layer, dict) for layer in layers):
        raise NetworkError(f"layers must be written as [[layers]] with a type: {kinds}")
    made = []
    for number, layer in enumerate(layers, start=1):
        settings = dict(layer)
        kind = settings.pop("type", None)
        if not isinstance(kind, str) or kind not in (Convolve.kind, *KINDS):
            raise NetworkError(f"layer {number} has the unknown type {brief(kind)}; use {kinds}")
        if (kind == Convolve.kind) != (number == 1):
            raise NetworkError(f"layer {number} is {kind}; one {Convolve.kind} comes first, then any of the others")
        for key, value in settings.items():
            if number == 1 or key not in [field.name for field in fields(KINDS[kind])]:
                raise NetworkError(f"layer {number} ({kind}) has the unknown entry {brief(key)}")
            if type(value) is not int:
                raise NetworkError(f"{key} of layer {number} must be a whole number, not {brief(value)}")
        if number > 1:
            try:
                made.append(KINDS[kind](**settings))
            except ShapeError as error:
                raise NetworkError(f"layer {number}: {error}") from error
    return tuple(made)


def _table(table: object, where: str, keys: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """The entries of a table that has these keys, perhaps the optional ones, and no other, in this order."""
    if not isinstance(table, dict):
        raise NetworkError(f"{where} must be a table, not {brief(table)}")
    known = dict.fromkeys([*keys, *optional])
    for key in table:
        if key not in known:
            raise NetworkError(f"{where} has the unknown entry {brief(key)}; expected {brief(', '.join(known))}")
    for key in keys:
        if key not in table:
            raise NetworkError(f"{where} has no {key}; expected {brief(', '.join(known))}")
    return {key: table[key] for key in known if key in table}


def _weights(rows: object, where: str) -> NDArray[np.float64]:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        raise NetworkError(f"{where} must be a grid of numbers, rows of weights in a list, not {brief(rows)}")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise NetworkError(f"{where}: row {number} has {len(row)} weights, but row 1 has {len(rows[0])}")
        for weight in row:
            if type(weight) not in (int, float):
                raise NetworkError(f"{where}: row {number} holds {brief(weight)}, which is not a number")
    try:
        return np.array(rows, dtype=np.float64)
    except OverflowError as error:
        raise NetworkError(f"{where} holds a number that is too large") from error


def brief(value: object) -> str:
    """A value as an error shows it, in at most 60 characters."""
    if isinstance(value, int) and value.bit_length() > 100:  # Python writes out only 4300 digits
        return "a number of many digits"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
