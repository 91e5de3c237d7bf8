"""`xo-cnn pool`: maps in, smaller maps out."""

from __future__ import annotations

import click

from xo_cnn.cli.inputs import read_stream
from xo_cnn.cli.options import OutputOptions, output_options
from xo_cnn.cli.results import write_maps


@click.command(
    epilog="\b\nExamples:\n"
    "  xo-cnn convolve sample_images/x.png --feature diag | xo-cnn pool\n"
    "  xo-cnn pool --window 3 --stride 2 maps.npz --output smaller.npz"
)
@click.argument("maps", required=False, type=click.Path(allow_dash=True))
@click.option(
    "-w", "--window", type=click.IntRange(1), default=2, show_default=True, help="The window's side in cells."
)
@click.option(
    "-s", "--stride", type=click.IntRange(1), default=2, show_default=True, help="The window's step in cells."
)
@output_options()
def command(maps: str | None, window: int, stride: int, output_options: OutputOptions) -> None:
    """Shrink MAPS: step a window across each and keep the maximum at each step.

    As many maps come out, each with fewer cells. A window that hangs over the right or lower edge counts, over
    the cells that it does cover.
    """
    from xo_cnn.pooling import max_pool

    # One after the other, so that of the larger maps only one is in memory.
    smaller = [max_pool(one, window, stride) for one in read_stream(maps)]
    write_maps(smaller, output_options, [maps])
