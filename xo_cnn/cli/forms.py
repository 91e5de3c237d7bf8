"""The formats of results: their extensions, what they hold, and the options that apply to them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal, NamedTuple

import click

from xo_cnn.formats import EXTENSIONS
from xo_cnn.words import printable


class Form(NamedTuple):
    """One format: a drawing for the terminal, data that can be read back, or a picture.

    A form that does not hold `many` holds one map a file; `binary` is not for terminals; `options` are those of
    `--scale` and `--palette` that apply.
    """

    name: str
    endings: tuple[str, ...]
    kind: Literal["drawing", "data", "picture"]
    many: bool = True
    binary: bool = False
    options: tuple[str, ...] = ()


FORMS = {
    form.name: form
    for form in (
        Form("pretty", (), "drawing"),
        *(Form(name, endings, "data", binary=name in ("npy", "npz")) for name, endings in EXTENSIONS.items()),
        Form("png", (".png",), "picture", many=False, binary=True, options=("scale", "palette")),
        Form("pgm", (".pgm",), "picture", many=False, binary=True, options=("scale",)),
        Form("svg", (".svg",), "picture"),
        Form("html", (".html", ".htm"), "picture"),
    )
}

# What the commands write: grids and maps, a list of features, verdicts, the walk, and an evaluation.
MAPS = ("pretty", "text", "json", "csv", "npy", "npz", "png", "pgm", "svg")
LISTING = ("pretty", "text", "json")
VERDICTS = ("pretty", "text", "json", "csv")
WALK = ("pretty", "text", "json", "svg", "html")
REPORT = ("pretty", "text", "json")


def endings(names: Sequence[str], separator: str = " ") -> str:
    """The usual extension of each of the formats that have one.

    >>> endings(REPORT)
    '.txt .json'
    """
    return separator.join(FORMS[name].endings[0] for name in names if FORMS[name].endings)


def form_of(path: str, names: Sequence[str]) -> Form:
    """The format that a file's extension names; any other extension is wrong usage.

    >>> form_of("maps.NPZ", MAPS).name
    'npz'
    """
    ending = os.path.splitext(path)[1].lower()
    for name in names:
        if ending in FORMS[name].endings:
            return FORMS[name]
    raise click.UsageError(f"{printable(path)}: unknown extension; use {endings(names, ', ')}, or add --format")
