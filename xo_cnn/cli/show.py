"""`xo-cnn show`: a drawing of any grid or stream of maps."""

from __future__ import annotations

import click

from xo_cnn.cli.inputs import open_input
from xo_cnn.cli.options import max_pixels_option, output_options
from xo_cnn.cli.results import Output, write_maps


@click.command(
    help="""Draw a grid or a stream of maps (text, csv, JSON, npy or npz), or the grey levels of a picture.

    Always draws, even into a pipe, unless --format or --output asks for something else.
    """,
    short_help="Draw a picture, a grid or maps.",
    epilog="\b\nExamples:\n"
    "  xo-cnn show features/diag.txt\n"
    "  xo-cnn convolve sample_images/x.png | xo-cnn show --output maps.svg",
)
@click.argument("file", required=False, type=click.Path(allow_dash=True))
@max_pixels_option
@output_options(default="pretty")
def command(file: str | None, max_pixels: int, output: Output) -> None:
    from xo_cnn.formats.maps import read_maps
    from xo_cnn.formats.recognising import HEAD, sniff
    from xo_cnn.images.reader import Reader

    with open_input(file, "a grid or maps") as (stream, source):
        head = stream.read(HEAD)
        stream.seek(-len(head), 1)
        if head and sniff(head) is None:
            maps, palette = [Reader(ink="white", max_pixels=max_pixels).grid(stream, source, grey=True)], "grey"
        else:
            maps, palette = list(read_maps(stream, source, max_pixels)), "diverging"
    write_maps(maps, output, [file], palette)
