"""`xo-cnn compare`: naive matching, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from xo_cnn.cli.inputs import refuse_reading_twice
from xo_cnn.cli.options import INPUT, image_options, output_options
from xo_cnn.cli.results import VERDICTS, Output
from xo_cnn.cli.verdicts import csv_row, path_text
from xo_cnn.words import json_text, printable

if TYPE_CHECKING:
    from xo_cnn.grid import Map


@click.command(
    help="""Compare IMAGE with each EXEMPLAR cell by cell, the naive way, and mark the better exemplar.

    Prints one line per exemplar: the number of cells that agree, the number of cells, the path, and "better" for the
    exemplar with the most (the first one if several have the most).
    """,
    short_help="Compare whole pictures cell by cell, the naive way.",
    epilog="\b\nExample:\n"
    "  xo-cnn compare sample_images/x_deformed.png \\\n    sample_images/x.png sample_images/o.png",
)
@click.argument("image", type=INPUT)
@click.argument("exemplars", nargs=-1, required=True, type=INPUT, metavar="EXEMPLAR...")
@image_options
@output_options(VERDICTS)
def command(image: str, exemplars: tuple[str, ...], read_grid: Callable[[str | None], Map], output: Output) -> None:
    from xo_cnn.matching import agreement

    output.refuse_over([image, *exemplars])
    refuse_reading_twice([image, *exemplars])
    grid = read_grid(image)
    counts = [agreement(grid, read_grid(path)) for path in exemplars]
    rows, columns = grid.shape
    better = counts.index(max(counts))
    heading = ["agree,cells,exemplar,better"] if output.form == "csv" else []
    width = max(map(len, map(printable, exemplars)))
    output.put_lines(
        heading
        + [
            _line(output.form, path, count, rows * columns, number == better, width)
            for number, (path, count) in enumerate(zip(exemplars, counts, strict=True))
        ]
    )


def _line(form: str, exemplar: str, agree: int, cells: int, better: bool, width: int) -> str:
    """How many cells agree, and whether no other exemplar has more."""
    if form == "json":
        return json_text({"exemplar": exemplar, "agree": agree, "cells": cells, "better": better})
    if form == "csv":
        return csv_row([str(agree), str(cells), exemplar, str(better).lower()])
    if form == "pretty":
        mark = "  <- the better exemplar" if better else ""
        return f"{printable(exemplar):{width}}  {agree} of {cells} cells agree{mark}"
    return "\t".join([str(agree), str(cells), path_text(exemplar), *(["better"] if better else [])])
