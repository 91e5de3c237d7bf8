"""`xo-cnn pool`: maps in, smaller maps out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from xo_cnn.cli.inputs import open_maps
from xo_cnn.cli.options import INPUT, max_pixels_option, output_options
from xo_cnn.cli.results import Output

if TYPE_CHECKING:
    from xo_cnn.grid import Map


@click.command(
    help="""Shrink MAPS, or an image: step a window across each map and keep the maximum at each step.

    The number of maps stays the same, and each has fewer cells. A window that hangs over the right or lower edge
    takes the maximum of the cells it covers. Several streams need --output FOLDER/.
    """,
    short_help="Shrink maps: the maximum of each window.",
    epilog="\b\nExamples:\n"
    "  xo-cnn convolve sample_images/x.png --feature diag | xo-cnn pool\n"
    "  xo-cnn pool --window 3 --stride 2 maps.npz --output smaller.npz",
)
@click.argument("maps", nargs=-1, type=INPUT, metavar="[MAPS]...")
@click.option(
    "-w",
    "--window",
    type=click.IntRange(1),
    metavar="N",
    default=2,
    help="Side of the window in cells.",
)
@click.option(
    "-s",
    "--stride",
    type=click.IntRange(1),
    metavar="N",
    default=2,
    help="Step of the window in cells.",
)
@max_pixels_option
@output_options()
def command(maps: tuple[str, ...], window: int, stride: int, max_pixels: int, output: Output) -> int:
    from xo_cnn.pooling import max_pool

    def smaller(path: str | None) -> list[Map]:
        # One after the other, so that of the larger maps only one is in memory.
        with open_maps(path, max_pixels) as (found, _):
            return [max_pool(larger, window, stride) for larger in found]

    return output.put_maps_of(maps, smaller)
