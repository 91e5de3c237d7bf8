"""`xo-cnn show`: a drawing of any grid or stream of maps."""

from __future__ import annotations

import click

from xo_cnn.cli.inputs import open_maps
from xo_cnn.cli.options import INPUT, max_pixels_option, output_options
from xo_cnn.cli.results import Output


@click.command(
    help="""Draw a grid or a stream of maps (text, csv, JSON, npy or npz), or the grey levels of a picture.

    Always draws, even into a pipe, unless --format or --output asks for something else.
    """,
    short_help="Draw a picture, a grid or maps.",
    epilog="\b\nExamples:\n"
    "  xo-cnn show features/diag.txt\n"
    "  xo-cnn convolve sample_images/x.png | xo-cnn show --output maps.svg",
)
@click.argument("file", required=False, type=INPUT)
@max_pixels_option
@output_options(default="pretty")
def command(file: str | None, max_pixels: int, output: Output) -> None:
    with open_maps(file, max_pixels) as (found, picture):
        maps = list(found)
    output.put_maps(maps, [file], "grey" if picture else "diverging")
