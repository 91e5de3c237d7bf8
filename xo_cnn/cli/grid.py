"""`xo-cnn grid`: an image in, its grid out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from xo_cnn.cli.options import ImageOptions, image_options, output_options
from xo_cnn.cli.results import Output, write_maps
from xo_cnn.words import printable

if TYPE_CHECKING:
    from xo_cnn.grid import Map


class Shift(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """ROWS,COLUMNS: whole numbers of cells, downward and to the right."""

    name = "rows,columns"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        found = re.fullmatch(r"\s*([+-]?\d{1,9})\s*,\s*([+-]?\d{1,9})\s*", str(value), re.ASCII)
        if found is None:
            self.fail(f"{printable(str(value)[:40])!r} is not a shift; write ROWS,COLUMNS, such as 0,2", param, ctx)
        return int(found[1]), int(found[2])


@click.command(
    help="Turn IMAGE into a grid: each pixel becomes a cell, 1 for white and -1 for black.",
    short_help="Turn an image into a grid of 1 (white) and -1 (black).",
    epilog="\b\nExamples:\n"
    "  xo-cnn grid sample_images/x.png\n"
    "  xo-cnn grid --shift 0,2 sample_images/x.png\n"
    "  xo-cnn grid --fit 16 photo.jpg | xo-cnn convolve | xo-cnn pool | xo-cnn vote",
)
@click.argument("image", required=False, type=click.Path(allow_dash=True))
@image_options
@click.option(
    "--shift",
    type=Shift(),
    metavar="ROWS,COLUMNS",
    help="Move the grid's content by whole cells, down and to the right (up and to the left if negative); "
    "cells that come in are -1.",
)
@output_options()
def command(image: str | None, image_options: ImageOptions, shift: tuple[int, int] | None, output: Output) -> None:
    grid = image_options.grid(image)
    write_maps([_shifted(grid, *shift) if shift else grid], output, [image])


def _shifted(grid: Map, down: int, right: int) -> Map:
    import numpy as np

    from xo_cnn.grid import Map

    cells = grid.values
    rows, columns = cells.shape
    moved = np.full_like(cells, -1)
    kept = cells[max(0, -down) : max(0, rows - down), max(0, -right) : max(0, columns - right)]
    moved[max(0, down) : max(0, down) + kept.shape[0], max(0, right) : max(0, right) + kept.shape[1]] = kept
    return Map(grid.name, moved)
