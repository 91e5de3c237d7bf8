"""`xo-cnn compare`: naive matching, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import click

from xo_cnn.cli.forms import VERDICTS
from xo_cnn.cli.inputs import refuse_reading_twice
from xo_cnn.cli.options import ImageOptions, image_options, output_options
from xo_cnn.cli.results import Output, refuse_over_input, write_lines
from xo_cnn.cli.verdicts import csv_row, path_text
from xo_cnn.formats.names import json_text
from xo_cnn.words import printable


class Agreement(NamedTuple):
    """How many of an image's cells agree with an exemplar's, and whether no other exemplar has more."""

    exemplar: str
    agree: int
    cells: int
    better: bool


@click.command(
    help="""Compare IMAGE with each EXEMPLAR cell by cell, the naive way, and mark the better exemplar.

    Prints one line per exemplar: the number of cells that agree, the number of cells, the path, and "better" for the
    exemplar with the most (the first one if several have the most).
    """,
    short_help="Compare whole pictures cell by cell, the naive way.",
    epilog="\b\nExample:\n"
    "  xo-cnn compare sample_images/x_deformed.png \\\n    sample_images/x.png sample_images/o.png",
)
@click.argument("image", type=click.Path(allow_dash=True))
@click.argument("exemplars", nargs=-1, required=True, type=click.Path(allow_dash=True), metavar="EXEMPLAR...")
@image_options
@output_options(VERDICTS)
def command(image: str, exemplars: tuple[str, ...], image_options: ImageOptions, output: Output) -> None:
    from xo_cnn.matching import compare

    refuse_over_input(output.path, [image, *exemplars])
    refuse_reading_twice([image, *exemplars])
    grid = image_options.grid(image)
    counts = [compare(grid, image_options.grid(path)) for path in exemplars]
    cells = grid.shape[0] * grid.shape[1]
    best = counts.index(max(counts))
    found = [
        Agreement(path, count, cells, number == best)
        for number, (path, count) in enumerate(zip(exemplars, counts, strict=True))
    ]
    write_lines(output, _lines(found, output.form.name))


def _lines(found: Sequence[Agreement], form: str) -> list[str]:
    if form == "json":
        return [json_text(each._asdict()) for each in found]
    if form == "csv":
        rows = [[str(each.agree), str(each.cells), each.exemplar, str(each.better).lower()] for each in found]
        return [csv_row(row) for row in [["agree", "cells", "exemplar", "better"], *rows]]
    if form == "pretty":
        width = max(len(printable(each.exemplar)) for each in found)
        return [
            f"{printable(each.exemplar):{width}}  {each.agree} of {each.cells} cells agree"
            + ("  <- the better exemplar" if each.better else "")
            for each in found
        ]
    return [
        "\t".join(
            [
                str(each.agree),
                str(each.cells),
                path_text(each.exemplar),
                *(["better"] if each.better else []),
            ]
        )
        for each in found
    ]
