"""`xo-cnn explain`: the whole walk from an image to its verdict, with the arithmetic."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from xo_cnn.cli.inputs import open_input
from xo_cnn.cli.options import INPUT, feature_option, fitting_options, network_option, output_options, pair
from xo_cnn.cli.results import WALK, Output, stdout

if TYPE_CHECKING:
    from xo_cnn.images.reader import Reader
    from xo_cnn.walk.figures import Chapter
    from xo_cnn.walk.numbers import Cell, Walk


@click.command(
    help="""Explain the verdict on IMAGE, stage by stage, with every number.

    The image is fitted to the network's grid as classify does it; a grid of that size is taken as it is. Rows and
    columns count from 0. An SVG holds the walk as a figure, and HTML is a page to play with.
    """,
    short_help="Explain a verdict with every number on the way.",
    epilog="\b\nExamples:\n"
    "  xo-cnn explain sample_images/x.png --network article\n"
    "  xo-cnn explain sample_images/x.png --only convolve --feature diag --at 0,3\n"
    "  xo-cnn explain photo.jpg --output lesson.html",
)
@click.argument("image", required=False, type=INPUT)
@network_option(help="Network to explain; article is the text's own.")
@feature_option(
    help="Feature to work out: one of the network's (default: its first), or any other as a name or a file."
)
@click.option(
    "--at",
    type=pair("0,3", least=0),
    metavar="ROW,COL",
    help="Cell of the feature's map to work out (default: best fit).",
)
@click.option(
    "--only",
    type=click.Choice(["overview", "grid", "features", "convolve", "relu", "pool", "vote"]),
    help="Show this part of the walk alone.",
)
@click.option("--all", "everything", is_flag=True, help="Show every map and every vote of a large network.")
@fitting_options
@output_options(WALK)
def command(
    image: str | None,
    network: str,
    feature: str | None,
    at: Cell | None,
    only: str | None,
    everything: bool,
    reader: Reader,
    output: Output,
) -> None:
    from xo_cnn.drawing.exporting import walk_text
    from xo_cnn.network import Network
    from xo_cnn.walk.explaining import explain
    from xo_cnn.walk.words import introduction, is_cut

    form = output.form
    if only and form in ("json", "html"):
        raise click.UsageError(f"--only shows a part of the walk as text or svg; {form} holds the whole of it")
    if everything and form not in ("pretty", "text"):
        raise click.UsageError(f"--all applies to text; {form} holds everything anyway")
    loaded = Network.load(network)
    output.refuse_over([image, feature, *loaded.files])
    with open_input(image, "an image") as (stream, source):
        walk = explain(stream, loaded, feature=feature, at=at, name=source, **vars(reader))
    one_cell = at is not None and only is None
    first = introduction(loaded)
    if is_cut(loaded) and not (everything or one_cell or only == "overview" or form == "svg"):
        first += " This is what matters most; --all shows every map and every vote."
    # To ask for one cell is to ask for the chapter that works it out, unless --only asks for more.
    chapters = _chosen(walk, only, one_cell, everything or form == "svg")
    if form == "pretty":
        from xo_cnn.drawing.terminal import console, draw_chapters

        stdout()
        draw_chapters(chapters, console(sys.stdout), first)
    else:
        text = walk_text(form, walk, chapters, first).encode()
        output.put(lambda stream: stream.write(text))


def _chosen(walk: Walk, only: str | None, one_cell: bool, everything: bool) -> list[Chapter]:
    from xo_cnn.walk.words import chapters, overview, patch_chapter

    if only == "overview" or one_cell:
        return [patch_chapter(walk) if one_cell else overview(walk)]
    return [chapter for chapter in chapters(walk, everything) if only in (None, chapter.part)]
