"""`xo-cnn features`: what is installed."""

from __future__ import annotations

import sys

import click

from xo_cnn.cli.options import output_options
from xo_cnn.cli.results import REPORT, Output, stdout
from xo_cnn.words import printable


@click.command(
    help="""List the installed features with their names, sizes and a drawing (# is 1, . is -1), which --feature takes
    too.

    On a terminal the installed networks are listed too.
    """,
    short_help="List the installed features and networks.",
    epilog="\b\nExamples:\n  xo-cnn features\n  xo-cnn features --format json | head -n 3",
)
@output_options(REPORT)
def command(output: Output) -> None:
    from xo_cnn.catalogue import feature_names, network_names
    from xo_cnn.features import feature_drawing, load_feature

    features = [load_feature(name) for name in feature_names()]
    if output.form == "pretty":
        from xo_cnn.drawing.terminal import console, draw_maps

        stdout()
        draw_maps(features, console(sys.stdout), in_signs=True)
        click.echo(f"Networks: {', '.join(map(printable, network_names()))}")
    elif output.form == "text":
        sizes = [f"{rows}x{columns}" for rows, columns in (feature.shape for feature in features)]
        drawings = [feature_drawing(feature) for feature in features]
        output.put_lines(["\t".join((f.name, *rest)) for f, *rest in zip(features, sizes, drawings, strict=True)])
    else:
        output.put_maps(features)
