"""`xo-cnn pool`: maps in, smaller maps out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from xo_cnn.cli.inputs import read_stream, refuse_reading_twice
from xo_cnn.cli.options import output_options
from xo_cnn.cli.results import Output, write_maps, write_maps_of_each

if TYPE_CHECKING:
    from xo_cnn.grid import Map


@click.command(
    help="""Shrink MAPS: step a window across each map and keep the maximum at each step.

    The number of maps stays the same, and each has fewer cells. A window that hangs over the right or lower edge
    takes the maximum of the cells it covers. Several streams need --output FOLDER/.
    """,
    short_help="Shrink maps: the maximum of each window.",
    epilog="\b\nExamples:\n"
    "  xo-cnn convolve sample_images/x.png --feature diag | xo-cnn pool\n"
    "  xo-cnn pool --window 3 --stride 2 maps.npz --output smaller.npz",
)
@click.argument("maps", nargs=-1, type=click.Path(allow_dash=True), metavar="[MAPS]...")
@click.option(
    "-w",
    "--window",
    type=click.IntRange(1),
    metavar="N",
    default=2,
    show_default=True,
    help="Side of the window in cells.",
)
@click.option(
    "-s",
    "--stride",
    type=click.IntRange(1),
    metavar="N",
    default=2,
    show_default=True,
    help="Step of the window in cells.",
)
@output_options()
def command(maps: tuple[str, ...], window: int, stride: int, output: Output) -> int:
    from xo_cnn.pooling import max_pool

    def smaller(path: str | None) -> list[Map]:
        # One after the other, so that of the larger maps only one is in memory.
        return [max_pool(larger, window, stride) for larger in read_stream(path)]

    refuse_reading_twice(maps)
    if len(maps) > 1:
        return write_maps_of_each(maps, output, [], smaller)
    path = maps[0] if maps else None
    write_maps(smaller(path), output, [path])
    return 0
