"""`xo-cnn features`: what is installed."""

from __future__ import annotations

import sys

import click

from xo_cnn.cli.options import OutputOptions, output_options
from xo_cnn.cli.results import form_for, stdout, write_maps, write_text


@click.command(epilog="\b\nExamples:\n  xo-cnn features\n  xo-cnn features --format json | head -n 3")
@output_options()
def command(output_options: OutputOptions) -> None:
    """List the installed features, with their names, sizes and a small drawing, and the installed networks."""
    from xo_cnn.catalogue import feature_names, network_names
    from xo_cnn.cli.results import ENDINGS
    from xo_cnn.features import load_feature

    features = [load_feature(name) for name in feature_names()]
    form = form_for(output_options, tuple(ENDINGS.values()))
    if form == "pretty":
        from xo_cnn.drawing.terminal import console, draw_features

        stdout()
        draw_features(features, network_names(), console(sys.stdout))
    elif form == "text":
        marks = {-1: ".", 1: "#"}
        lines = [
            "\t".join(
                (
                    feature.name,
                    f"{feature.shape[0]}x{feature.shape[1]}",
                    "/".join("".join(marks.get(cell, "o") for cell in row) for row in feature.sums.tolist()),
                )
            )
            for feature in features
        ]
        write_text(output_options, lines)
    else:
        write_maps(features, output_options, [])
