"""`xo-cnn features`: what is installed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from xo_cnn.cli.options import output_options
from xo_cnn.cli.results import Output, stdout, write_lines, write_maps

if TYPE_CHECKING:
    from xo_cnn.grid import Map


@click.command(
    short_help="List the installed features and networks.",
    epilog="\b\nExamples:\n  xo-cnn features\n  xo-cnn features --format json | head -n 3",
)
@output_options()
def command(output: Output) -> None:
    """List the installed features with their names, sizes and a small drawing (# is 1, . is -1).

    On a terminal the installed networks are listed too.
    """
    from xo_cnn.catalogue import feature_names, network_names
    from xo_cnn.features import load_feature

    features = [load_feature(name) for name in feature_names()]
    if output.form.name == "pretty":
        from xo_cnn.drawing.terminal import console, draw_features

        stdout()
        draw_features(features, network_names(), console(sys.stdout))
    elif output.form.name == "text" and not output.in_folder:
        write_lines(output, [_line(feature) for feature in features])
    else:
        write_maps(features, output, [])


def _line(feature: Map) -> str:
    """Name, size and drawing, with a tab between them."""
    from xo_cnn.features import feature_drawing

    return "\t".join((feature.name, f"{feature.shape[0]}x{feature.shape[1]}", feature_drawing(feature)))
