"""`xo-cnn pool`: maps in, smaller maps out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from xo_cnn.cli.inputs import read_stream
from xo_cnn.cli.options import OutputOptions, output_options
from xo_cnn.cli.results import write_maps, write_maps_of_each

if TYPE_CHECKING:
    from xo_cnn.grid import Map


@click.command(
    epilog="\b\nExamples:\n"
    "  xo-cnn convolve sample_images/x.png --feature diag | xo-cnn pool\n"
    "  xo-cnn pool --window 3 --stride 2 maps.npz --output smaller.npz"
)
@click.argument("maps", nargs=-1, type=click.Path(allow_dash=True), metavar="[MAPS]...")
@click.option(
    "-w", "--window", type=click.IntRange(1), default=2, show_default=True, help="The window's side in cells."
)
@click.option(
    "-s", "--stride", type=click.IntRange(1), default=2, show_default=True, help="The window's step in cells."
)
@output_options()
def command(maps: tuple[str, ...], window: int, stride: int, output_options: OutputOptions) -> int:
    """Shrink MAPS: step a window across each and keep the maximum at each step.

    As many maps come out, each with fewer cells. A window that hangs over the right or lower edge counts, over
    the cells that it does cover. Several streams need --output FOLDER/.
    """
    from xo_cnn.pooling import max_pool

    def smaller(path: str | None) -> list[Map]:
        # One after the other, so that of the larger maps only one is in memory.
        return [max_pool(one, window, stride) for one in read_stream(path)]

    if len(maps) > 1:
        return write_maps_of_each(maps, output_options, [], smaller)
    path = maps[0] if maps else None
    write_maps(smaller(path), output_options, [path])
    return 0
