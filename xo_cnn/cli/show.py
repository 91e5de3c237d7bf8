"""`xo-cnn show`: a drawing of any grid or stream of maps."""

from __future__ import annotations

import sys

import click

from xo_cnn.cli.inputs import open_input
from xo_cnn.cli.options import OutputOptions, max_pixels_option, output_options
from xo_cnn.cli.results import write_maps


@click.command(
    epilog="\b\nExamples:\n"
    "  xo-cnn show features/diag.txt\n"
    "  xo-cnn convolve sample_images/x.png | xo-cnn show --output maps.svg"
)
@click.argument("file", required=False, type=click.Path(allow_dash=True))
@max_pixels_option
@output_options()
def command(file: str | None, max_pixels: int, output_options: OutputOptions) -> None:
    """Draw a grid or a stream of maps: text, csv, JSON, npy, npz, or a picture's levels of light.

    Drawn wherever it goes, also into a pipe; --format and --output give anything else.
    """
    from xo_cnn.formats.maps import read_maps, sniff
    from xo_cnn.grid import Map
    from xo_cnn.images.reading import as_grid, read_image

    with open_input(file, "a grid or maps") as (stream, source):
        head = stream.read(256)
        stream.seek(-len(head), 1)
        if head and sniff(head) is None:
            maps = [Map("", as_grid(read_image(stream, source, max_pixels), grey=True))]
            palette = "grey"
        else:
            maps = list(read_maps(stream, source))
            palette = "diverging"
    if output_options.form is None and output_options.output is None:
        from xo_cnn.cli.results import stdout
        from xo_cnn.drawing.terminal import console, draw_maps

        stdout()
        draw_maps(maps, console(sys.stdout), palette)
        return
    write_maps(maps, output_options, [file])
