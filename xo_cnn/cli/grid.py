"""`xo-cnn grid`: an image in, its grid out."""

from __future__ import annotations

import click

from xo_cnn.cli.inputs import read_image_grid
from xo_cnn.cli.options import ImageOptions, OutputOptions, image_options, output_options
from xo_cnn.cli.results import write_maps


@click.command(
    epilog="\b\nExamples:\n"
    "  xo-cnn grid sample_images/x.png\n"
    "  xo-cnn grid --fit 16 photo.jpg | xo-cnn convolve | xo-cnn pool | xo-cnn vote"
)
@click.argument("image", required=False, type=click.Path(allow_dash=True))
@image_options
@output_options()
def command(image: str | None, image_options: ImageOptions, output_options: OutputOptions) -> None:
    """Turn IMAGE into a grid: each pixel a cell, 1 for white and -1 for black."""
    write_maps([read_image_grid(image, image_options)], output_options, [image])
