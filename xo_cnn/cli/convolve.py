"""`xo-cnn convolve`: an image or a grid in, one filtered map per feature out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from xo_cnn.cli.inputs import refuse_reading_twice
from xo_cnn.cli.options import (
    FeatureOptions,
    ImageOptions,
    feature_options,
    image_options,
    network_option,
    output_options,
)
from xo_cnn.cli.results import Output, write_maps, write_maps_of_each
from xo_cnn.words import printable

if TYPE_CHECKING:
    from xo_cnn.grid import Map


class PoolLayer(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """WINDOW or WINDOW/STRIDE."""

    name = "window/stride"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        window, _, stride = str(value).partition("/")
        try:
            layer = int(window), int(stride or 2)
        except ValueError:
            layer = (0, 0)
        if min(layer) < 1:
            self.fail(
                f"{printable(str(value)[:40])} is not a pooling layer; write WINDOW/STRIDE, such as 2/2", param, ctx
            )
        return layer


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
@click.argument("images", nargs=-1, type=click.Path(allow_dash=True), metavar="[IMAGE]...")
@network_option("Use the features of this network if none are given.")
@feature_options("")
@click.option(
    "--pool",
    "layers",
    multiple=True,
    type=PoolLayer(),
    metavar="WINDOW[/STRIDE]",
    help="Pool the maps before they are written; may be repeated.",
)
@image_options
@output_options()
def command(
    images: tuple[str, ...],
    features: FeatureOptions,
    layers: tuple[tuple[int, int], ...],
    image_options: ImageOptions,
    output: Output,
) -> int:
    from xo_cnn.engine.layers import convolve_and_pool

    refuse_reading_twice(images)
    looked_for, files = features.load()

    def maps_of(image: str | None) -> list[Map]:
        return convolve_and_pool(image_options.grid(image), looked_for, layers)

    if len(images) > 1:
        return write_maps_of_each(images, output, files, maps_of)
    image = images[0] if images else None
    write_maps(maps_of(image), output, [image, *files])
    return 0
