"""`xo-cnn relu`: maps in, the same maps out with 0 wherever a number is negative."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from xo_cnn.cli.inputs import open_maps
from xo_cnn.cli.options import INPUT, max_pixels_option, output_options
from xo_cnn.cli.results import Output

if TYPE_CHECKING:
    from xo_cnn.grid import Map


@click.command(
    help="""Rectify MAPS: put 0 wherever a number is negative. This layer is called ReLU.

    As many maps come out, with as many cells. Several streams need --output FOLDER/.
    """,
    short_help="Rectify maps: 0 for every negative number.",
    epilog="\b\nExample:\n  xo-cnn convolve sample_images/x.png -F diag | xo-cnn relu | xo-cnn pool",
)
@click.argument("maps", nargs=-1, type=INPUT, metavar="[MAPS]...")
@max_pixels_option
@output_options()
def command(maps: tuple[str, ...], max_pixels: int, output: Output) -> int:
    from xo_cnn.rectification import relu

    def rectified(path: str | None) -> list[Map]:
        with open_maps(path, max_pixels) as (found, _):
            return [relu(one) for one in found]

    return output.put_maps_of(maps, rectified)
