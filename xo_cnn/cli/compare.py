"""`xo-cnn compare`: naive matching, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from xo_cnn.cli.inputs import refuse_reading_twice
from xo_cnn.cli.options import INPUT, image_options, output_options
from xo_cnn.cli.results import VERDICTS, Output, csv_row, path_text
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
    cells, best, form = grid.sums.size, counts.index(max(counts)), output.form
    width = max(len(printable(path)) for path in exemplars)

    def line(number: int) -> str:
        path, agree, better = exemplars[number], counts[number], number == best
        if form == "json":
            return json_text({"exemplar": path, "agree": agree, "cells": cells, "better": better})
        if form == "csv":
            return csv_row([str(agree), str(cells), path, str(better).lower()])
        if form == "pretty":
            mark = "  <- the better exemplar" if better else ""
            return f"{printable(path):{width}}  {agree} of {cells} cells agree{mark}"
        return f"{agree}\t{cells}\t{path_text(path)}" + "\tbetter" * better

    heading = ["agree,cells,exemplar,better"] if form == "csv" else []
    output.put_lines(heading + [line(number) for number in range(len(exemplars))])
