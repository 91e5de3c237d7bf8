"""`xo-cnn convolve`: an image or a grid in, one filtered map per feature out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from xo_cnn.cli.inputs import read_image_grid
from xo_cnn.cli.options import FEATURE, ImageOptions, OutputOptions, image_options, network_option, output_options
from xo_cnn.cli.results import write_maps, write_maps_of_each
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
            self.fail(f"{printable(str(value)[:40])} is no pooling layer; write WINDOW/STRIDE, such as 2/2", param, ctx)
        return layer


@click.command(
    epilog="\b\nExamples:\n"
    "  xo-cnn convolve sample_images/x.png --feature diag\n"
    "  xo-cnn convolve photo.jpg --feature my/edge.txt --output edges.png\n"
    "  xo-cnn convolve sample_images/x.png --features features/ --output maps/"
)
@click.argument("images", nargs=-1, type=click.Path(allow_dash=True), metavar="[IMAGE]...")
@click.option(
    "-F",
    "--feature",
    "paths",
    multiple=True,
    type=FEATURE,
    metavar="FEATURE",
    help="A feature file, or an installed feature's name; may be repeated.",
)
@click.option(
    "--features", "folder", type=click.Path(), metavar="FOLDER", help="Take every feature file NAME.txt of FOLDER."
)
@network_option("With neither of these, take the features of this network.")
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
    paths: tuple[str, ...],
    folder: str | None,
    network: str,
    layers: tuple[tuple[int, int], ...],
    image_options: ImageOptions,
    output_options: OutputOptions,
) -> int:
    """Match features with every patch of IMAGE, an image or a grid.

    Each feature gives a filtered map: at every position where it lies wholly inside the image, cells are
    multiplied, added, and divided by their number. 1 is a perfect match, -1 its negative, about 0 none.
    Several images need --output FOLDER/.
    """
    from xo_cnn.engine.layers import convolve_and_pool
    from xo_cnn.network import choose_features

    features, files = choose_features(paths, folder, network)

    def maps_of(image: str | None) -> list[Map]:
        return convolve_and_pool(read_image_grid(image, image_options), features, layers)

    if len(images) > 1:
        return write_maps_of_each(images, output_options, files, maps_of)
    image = images[0] if images else None
    write_maps(maps_of(image), output_options, [image, *files])
    return 0
