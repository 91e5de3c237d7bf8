"""`xo-cnn vote`: pooled maps in, the verdict out."""

from __future__ import annotations

import click

from xo_cnn.cli.inputs import open_maps
from xo_cnn.cli.options import INPUT, network_option, output_options
from xo_cnn.cli.results import VERDICTS, Output, Style


@click.command(
    help="""Let every cell of the pooled MAPS cast its weighted vote, and print the label with the most votes.

    The maps are those of the network's features, after its own layers.
    """,
    short_help="Let pooled maps vote for a label.",
    epilog="\b\nExample:\n"
    "  xo-cnn grid --fit 16 sample_images/x.png |\n"
    "    xo-cnn convolve | xo-cnn pool | xo-cnn vote --votes",
)
@click.argument("maps", required=False, type=INPUT)
@network_option(help="The network whose weights the cells vote with.")
@click.option("--votes", is_flag=True, help="Print the votes for each label too.")
@output_options(VERDICTS)
def command(maps: str | None, network: str, votes: bool, output: Output) -> None:
    from xo_cnn.network import Network

    voting = Network.load(network)
    output.refuse_over([maps, *voting.files])
    with open_maps(maps) as (pooled, _):
        verdict = voting.vote(list(pooled))
    style = Style(output.form, votes, False, voting.labels)
    if output.form == "pretty":
        style.draw(None, verdict)
    else:
        output.put_lines([*style.heading(), *style.lines(None, verdict)])
