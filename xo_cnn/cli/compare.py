"""`xo-cnn compare`: naive matching, cell by cell."""

from __future__ import annotations

import json

import click

from xo_cnn.cli.inputs import read_image_grid
from xo_cnn.cli.options import VERDICT_FORMATS, ImageOptions, OutputOptions, image_options, output_options
from xo_cnn.cli.results import form_for, refuse_over_input, write_text
from xo_cnn.cli.verdicts import csv_row
from xo_cnn.words import printable


@click.command(
    epilog="\b\nExample:\n  xo-cnn compare sample_images/x_deformed.png \\\n    sample_images/x.png sample_images/o.png"
)
@click.argument("image", type=click.Path(allow_dash=True))
@click.argument("exemplars", nargs=-1, required=True, type=click.Path(allow_dash=True), metavar="EXEMPLAR...")
@image_options
@output_options(VERDICT_FORMATS)
def command(image: str, exemplars: tuple[str, ...], image_options: ImageOptions, output_options: OutputOptions) -> None:
    """Compare IMAGE with each EXEMPLAR cell by cell, the naive way, and mark the better one.

    A line for each exemplar: the cells that agree, all cells, its path, and "better" for the one with most
    (the first of equals).
    """
    from xo_cnn.matching import better, compare

    refuse_over_input(output_options.output, [image, *exemplars])
    if [image, *exemplars].count("-") > 1:
        raise click.UsageError("standard input can be read once; name the other images")
    form = form_for(output_options, VERDICT_FORMATS)
    grid = read_image_grid(image, image_options)
    agreements = {path: compare(grid, read_image_grid(path, image_options)) for path in exemplars}
    cells = grid.shape[0] * grid.shape[1]
    best = better(agreements)
    if form == "json":
        lines = [
            json.dumps({"exemplar": path, "agree": agree, "cells": cells, "better": path == best})
            for path, agree in agreements.items()
        ]
    elif form == "csv":
        rows = [[str(agree), str(cells), path, str(path == best).lower()] for path, agree in agreements.items()]
        lines = [csv_row(row) for row in [["agree", "cells", "exemplar", "better"], *rows]]
    elif form == "pretty":
        width = max(len(printable(path)) for path in agreements)
        lines = [
            f"{printable(path):{width}}  {agree} of {cells} cells agree"
            + ("  <- the better exemplar" if path == best else "")
            for path, agree in agreements.items()
        ]
    else:
        lines = [
            "\t".join([str(agree), str(cells), printable(path), *(["better"] if path == best else [])])
            for path, agree in agreements.items()
        ]
    write_text(output_options, lines)
