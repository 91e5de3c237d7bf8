"""Saving what the stages give, in the format that a file's extension names."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from functools import partial
from os.path import basename, dirname, splitext

from numpy.typing import ArrayLike

from xo_cnn.drawing.picture import PIXELS, write_maps_as
from xo_cnn.errors import OutputError
from xo_cnn.features import missing_beside, save_with_features
from xo_cnn.formats import EXTENSIONS
from xo_cnn.formats.saving import save_text, write_file
from xo_cnn.grid import Map, one_or_several
from xo_cnn.network import Network
from xo_cnn.walk.figures import Chapter
from xo_cnn.walk.numbers import Walk, as_json
from xo_cnn.walk.words import chapters, introduction

FORMS: dict[str, str] = {ending: form for form, endings in EXTENSIONS.items() for ending in endings}
FORMS |= {".png": "png", ".pgm": "pgm", ".svg": "svg"}
LESSONS = {".html": "html", ".htm": "html", ".svg": "svg", ".txt": "text", ".json": "json"}


def save(result: Network | Walk | Map | ArrayLike | Sequence[Map | ArrayLike], path: str | os.PathLike[str]) -> None:
    r"""Save grids and maps, a network or a walk; the file is written whole or not at all.

    A grid, a map or a list of maps becomes .txt, .json, .csv, .npy, .npz, .png, .pgm or .svg; a .png or .pgm holds one
    map, one pixel per cell, -1 black and 1 white. A Network becomes .toml, and its features and saved pictures that
    are not beside that file yet are saved there too. A Walk becomes the lesson as an .html page, its figures as .svg,
    .txt or .json.

    Raises OutputError for another extension or a file that cannot be written, GridError for maps that the format
    cannot hold, and ShapeError for a walk with too many cells for a page.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     save([[1, -1], [-1, 1]], f"{folder}/diag.txt")
    ...     Path(folder, "diag.txt").read_text()
    ' 1 -1\n-1  1\n'
    """
    target = os.fspath(path)
    ending = splitext(target)[1].lower()
    if isinstance(result, Network):
        if ending != ".toml":
            raise OutputError("a network is saved as .toml", target)
        missing = missing_beside([*result.features, *result.saved.values()], dirname(target))
        save_with_features(target, result.text(f"The network {basename(result.name)}."), missing)
    elif isinstance(result, Walk):
        if ending not in LESSONS:
            raise OutputError(f"a walk is saved as {', '.join(LESSONS)}", target)
        save_text(target, walk_text(LESSONS[ending], result, chapters(result), introduction(result.network)))
    else:
        maps, _ = one_or_several(result, "a grid")
        if ending not in FORMS:
            raise OutputError(f"unknown extension; use {', '.join(FORMS)}", target)
        form = FORMS[ending]
        if form in PIXELS and len(maps) != 1:
            raise OutputError(f"{len(maps)} maps make {len(maps)} pictures; save them one by one, or as .svg", target)
        write_file(target, partial(write_maps_as, form, maps))


def walk_text(form: str, walk: Walk, shown: Sequence[Chapter], first: str) -> str:
    """A walk as html or json; as svg or text, the chapters that are `shown` after a `first` sentence.

    Raises ShapeError for a walk with too many cells for a page.
    """
    if form == "html":
        from xo_cnn.drawing.page import lesson_page

        return lesson_page(walk)
    if form == "json":
        return as_json(walk)
    if form == "svg":
        from xo_cnn.drawing.svg import chapters_svg

        return chapters_svg(shown, first)
    from xo_cnn.drawing.terminal import console, draw_chapters

    stream = io.StringIO()
    draw_chapters(shown, console(stream, plain=True), first)
    return stream.getvalue()
