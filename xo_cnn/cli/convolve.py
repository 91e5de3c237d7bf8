"""`xo-cnn convolve`: an image or a grid in, one filtered map per feature out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from xo_cnn.cli.options import (
    INPUT,
    feature_option,
    image_options,
    network_option,
    output_options,
    pair,
    refuse_given,
)
from xo_cnn.cli.results import Output

if TYPE_CHECKING:
    from xo_cnn.grid import Map


@click.command(
    help="""Match features with every patch of IMAGE, which may also be a grid.

    Each feature gives a filtered map: at every position where it lies wholly inside the image, multiply cell by
    cell, add, and divide by the number of cells. 1 is a perfect match, -1 its negative, about 0 no match.
    Several images need --output FOLDER/.
    """,
    short_help="Match features with every patch of an image.",
    epilog="\b\nExamples:\n"
    "  xo-cnn convolve sample_images/x.png --feature diag\n"
    "  xo-cnn convolve photo.jpg --feature my/edge.txt --output edges.png\n"
    "  xo-cnn convolve photo.jpg --feature '#../.#./..#' -f pgm > edges.pgm\n"
    "  xo-cnn convolve sample_images/x.png --features features/ --output maps/",
)
@click.argument("images", nargs=-1, type=INPUT, metavar="[IMAGE]...")
@network_option(help="Use the features of this network if none are given.")
@feature_option(
    help="A feature file, an installed feature's name, or a drawing such as '#../.#./..#'; may be repeated.",
    multiple=True,
)
@click.option("--features", type=click.Path(), metavar="FOLDER", help="Use every feature NAME.txt in FOLDER.")
@click.option(
    "--pool",
    "layers",
    multiple=True,
    type=pair("2/2", least=1, second="2"),
    metavar="WINDOW[/STRIDE]",
    help="Pool the maps before they are written; may be repeated.",
)
@image_options
@output_options()
def command(
    images: tuple[str, ...],
    network: str,
    feature: tuple[str, ...],
    features: str | None,
    layers: tuple[tuple[int, int], ...],
    read_grid: Callable[[str | None], Map],
    output: Output,
) -> int:
    from xo_cnn.convolution import convolve_with
    from xo_cnn.network import choose_features
    from xo_cnn.pooling import Pool

    if feature and features is not None:
        raise click.UsageError("--feature names features and --features a folder of them: use one of the two")
    if feature or features is not None:
        refuse_given(["network"], "has features of its own, and --feature or --features name others")
    looked_for, files = choose_features(feature, features, network)
    pools = [Pool(*layer) for layer in layers]
    return output.put_maps_of(images, lambda image: convolve_with(pools, read_grid(image), looked_for), files)
