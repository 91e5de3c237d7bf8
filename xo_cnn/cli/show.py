"""`xo-cnn show`: a drawing of any grid, stream of maps or feature."""

from __future__ import annotations

import os
from functools import partial

import click

from xo_cnn.catalogue import feature_names
from xo_cnn.cli.inputs import open_maps
from xo_cnn.cli.options import INPUT, complete, max_pixels_option, output_options
from xo_cnn.cli.results import Output


@click.command(
    help="""Draw a grid or a stream of maps (text, csv, JSON, npy or npz), the grey levels of a picture, or an installed
    feature by its name.

    Always draws, even into a pipe, unless --format or --output asks for something else.
    """,
    short_help="Draw a picture, a grid, maps or a feature.",
    epilog="\b\nExamples:\n  xo-cnn show diag\n  xo-cnn convolve sample_images/x.png | xo-cnn show --output maps.svg",
)
@click.argument("file", required=False, type=INPUT, shell_complete=partial(complete, feature_names))
@max_pixels_option
@output_options(default="pretty")
def command(file: str | None, max_pixels: int, output: Output) -> None:
    if file in feature_names() and not os.path.exists(file):
        from xo_cnn.features import load_feature

        output.put_maps([load_feature(file)])
        return
    with open_maps(file, max_pixels) as (found, picture):
        maps = list(found)
    output.put_maps(maps, [file], "grey" if picture else "diverging")
