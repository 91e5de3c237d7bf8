"""`xo-cnn grid`: an image in, its grid out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from xo_cnn.cli.options import INPUT, image_options, output_options, pair
from xo_cnn.cli.results import Output

if TYPE_CHECKING:
    from xo_cnn.grid import Map


@click.command(
    help="Turn IMAGE into a grid: each pixel becomes a cell, 1 for white and -1 for black.",
    short_help="Turn an image into a grid of 1 (white) and -1 (black).",
    epilog="\b\nExamples:\n"
    "  xo-cnn grid sample_images/x.png\n"
    "  xo-cnn grid --shift 0,2 sample_images/x.png\n"
    "  xo-cnn grid --fit 16 photo.jpg | xo-cnn convolve | xo-cnn pool | xo-cnn vote",
)
@click.argument("image", required=False, type=INPUT)
@image_options
@click.option(
    "--shift",
    type=pair("0,2"),
    default="0,0",
    metavar="ROWS,COLUMNS",
    help="Move the grid's content by whole cells, down and to the right (up and to the left if negative); "
    "cells that come in are -1.",
)
@output_options()
def command(image: str | None, read_grid: Callable[[str | None], Map], shift: tuple[int, int], output: Output) -> None:
    output.put_maps([_shifted(read_grid(image), *shift)], [image])


def _shifted(grid: Map, down: int, right: int) -> Map:
    import numpy as np

    from xo_cnn.grid import Map

    rows, columns = grid.shape
    moved = np.roll(grid.values, (down, right), axis=(0, 1))
    moved[: max(0, down)] = moved[max(0, rows + min(0, down)) :] = -1
    moved[:, : max(0, right)] = moved[:, max(0, columns + min(0, right)) :] = -1
    return Map(grid.name, moved)
