"""`xo-cnn vote`: pooled maps in, the verdict out."""

from __future__ import annotations

import sys

import click

from xo_cnn.cli.inputs import read_stream
from xo_cnn.cli.options import VERDICT_FORMATS, OutputOptions, network_option, output_options
from xo_cnn.cli.results import form_for, refuse_over_input, refuse_saving, write_text
from xo_cnn.cli.verdicts import csv_heading, csv_line, json_line, text_line


@click.command(
    epilog="\b\nExample:\n"
    "  xo-cnn grid --fit 16 sample_images/x.png |\n"
    "    xo-cnn convolve | xo-cnn pool | xo-cnn vote --votes"
)
@click.argument("maps", required=False, type=click.Path(allow_dash=True))
@network_option("The network whose weights the votes have.")
@click.option("--votes", is_flag=True, help="Write the votes for each label too.")
@output_options(VERDICT_FORMATS)
def command(maps: str | None, network: str, votes: bool, output_options: OutputOptions) -> None:
    """Let every cell of the pooled MAPS cast its weighted vote, and name the label that gets most.

    The maps are those of the network's features, after its own layers.
    """
    from xo_cnn.network import Network

    form = form_for(output_options, VERDICT_FORMATS)
    voting = Network.load(network)
    refuse_over_input(output_options.output, [maps, *voting.files])
    verdict = voting.vote(list(read_stream(maps)))
    if form == "pretty":
        from xo_cnn.drawing.terminal import console, draw_verdict

        refuse_saving(output_options)
        draw_verdict(verdict, console(sys.stdout))
    elif form == "csv":
        write_text(output_options, [csv_heading(voting.labels), csv_line(verdict, None)])
    else:
        line = json_line(verdict, None) if form == "json" else text_line(verdict, None, votes)
        write_text(output_options, [line])
