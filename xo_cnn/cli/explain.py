"""`xo-cnn explain`: the whole walk from an image to its verdict, with the arithmetic."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from xo_cnn.cli.inputs import open_input
from xo_cnn.cli.messages import complain
from xo_cnn.cli.options import ImageOptions, fitting_options, network_option
from xo_cnn.cli.results import refuse_over_input, stdout

if TYPE_CHECKING:
    from xo_cnn.network import Network
    from xo_cnn.walk.walk import Place, Walk

FORMS = {".txt": "text", ".json": "json", ".svg": "svg", ".gif": "gif", ".html": "html", ".htm": "html"}


class Cell(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """ROW,COL, counted from 0."""

    name = "row,col"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Place:
        found = re.fullmatch(r"\s*(\d{1,9})\s*,\s*(\d{1,9})\s*", str(value), re.ASCII)
        if found is None:
            self.fail(f"{value!r} is no cell; write ROW,COL, counted from 0, such as 0,3", param, ctx)
        return int(found[1]), int(found[2])


@click.command(
    short_help="Explain a verdict with every number on the way.",
    epilog="\b\nExamples:\n"
    "  xo-cnn explain sample_images/x.png --network article\n"
    "  xo-cnn explain sample_images/x.png --only convolve --feature diag --at 0,3\n"
    "  xo-cnn explain photo.jpg --output lesson.html",
)
@click.argument("image", required=False, type=click.Path(allow_dash=True))
@network_option("The network that is explained.")
@click.option("-F", "--feature", metavar="NAME", help="Work this feature of the network out; by default its first.")
@click.option(
    "--at", type=Cell(), metavar="ROW,COL", help="Work out this cell of the feature's map; by default its best fit."
)
@click.option(
    "--pool-at",
    type=Cell(),
    metavar="ROW,COL",
    help="Work out the pooling window of this cell of its first pooled map; by default 0,0.",
)
@click.option(
    "--only",
    type=click.Choice(["grid", "features", "convolve", "pool", "vote"]),
    help="Show this part of the walk alone.",
)
@click.option("--step", is_flag=True, help="On a terminal, go on to the next chapter at a key press.")
@click.option("--animate", is_flag=True, help="On a terminal, let the feature slide over the image as its map fills.")
@fitting_options
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["pretty", *dict.fromkeys(FORMS.values())]),
    help="How to write the walk; by default pretty, which is plain text where it does not go to a terminal.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(allow_dash=True),
    metavar="FILE",
    help="Save to FILE: .txt, .json, .svg (the whole walk as a figure), .gif (the feature sliding) or .html "
    "(a page to play with).",
)
def command(
    image: str | None,
    network: str,
    feature: str | None,
    at: Place | None,
    pool_at: Place | None,
    only: str | None,
    step: bool,
    animate: bool,
    image_options: ImageOptions,
    form: str | None,
    output: str | None,
) -> None:
    """Explain the verdict on IMAGE: the whole walk, stage by stage, with every number.

    The image is fitted to the network's grid as classify does it. Rows and columns count from 0.
    """
    from xo_cnn.network import Network
    from xo_cnn.walk.walk import walk

    kind = _form(form, output)
    if only and kind not in ("pretty", "text"):
        raise click.UsageError(f"--only shows a part of the walk as text; {kind} holds the whole of it")
    loaded = Network.load(network)
    refuse_over_input(output, [image, *loaded.files])
    grid, source, prepared = _fitted(image, loaded, image_options)
    told = walk(loaded, grid, source=source, prepared=prepared, feature=feature, at=at, pool_at=pool_at)
    if kind in ("pretty", "text"):
        # Who asks for one cell wants to see that one, unless it is to be a part of something larger.
        asked = [name for name, place in (("patch", at), ("window", pool_at)) if place and not only]
        _draw(told, kind, output, only, asked, step, animate)
    else:
        _save(_picture(told, kind), output)


def _form(form: str | None, output: str | None) -> str:
    from pathlib import Path

    if form:
        return form
    if output in (None, "-"):
        return "pretty" if sys.stdout is not None and sys.stdout.isatty() else "text"
    kind = FORMS.get(Path(str(output)).suffix.lower())
    if kind is None:
        raise click.UsageError(f"{output}: its ending names no format; there are {', '.join(FORMS)}, or add --format")
    return kind


def _fitted(image: str | None, network: Network, options: ImageOptions) -> tuple[Any, str, list[str]]:
    """The grid that classify would make of an image, the image's name, and what was done to it in words."""
    import os

    from xo_cnn.images.picture import Picture

    side = network.side
    with open_input(image, "an image") as (stream, source):
        picture = options.reader.read(stream, source)
        fitted = options.reader.fitted(picture, side, source)
    name = os.path.basename(source)
    rows, columns = picture.levels.shape if isinstance(picture, Picture) else picture.shape
    if fitted.box is None:
        return fitted.grid, name, [f"The image {name} is {rows}×{columns} pixels, one for each cell."]
    top, left, bottom, right = fitted.box
    done = (
        f"The image {name} of {rows}×{columns} pixels was fitted, as classify does it: its ink, which is {fitted.ink}, "
        f"was found and cropped (rows {top} to {bottom - 1}, columns {left} to {right - 1}), thinned to lines and "
        f"stretched to {side}×{side} cells in which ink is 1, with a border of one cell."
    )
    return fitted.grid, name, [done]


def _draw(
    told: Walk, kind: str, output: str | None, only: str | None, kinds: list[str], step: bool, animate: bool
) -> None:
    import io

    from xo_cnn.drawing.terminal import console
    from xo_cnn.drawing.walk_terminal import draw_walk

    if output not in (None, "-"):
        text = io.StringIO()
        draw_walk(told, console(text, plain=True), only, kinds)
        _save(text.getvalue().encode(), output)
        return
    stdout()
    window = console(sys.stdout, plain=kind == "text")
    if (step or animate) and not (kind == "pretty" and sys.stdout.isatty()):
        complain("--step and --animate need a terminal; here is the walk without them (a .gif moves too)")
        step = animate = False
    draw_walk(told, window, only, kinds, _wait if step else None, animate)


def _wait() -> None:
    click.echo("-- press a key to go on, q to stop --", nl=False, err=True)
    key = click.getchar()
    click.echo("\r" + " " * 40 + "\r", nl=False, err=True)
    if key in ("q", "Q", "\x1b"):
        raise click.exceptions.Exit(0)


def _picture(told: Walk, kind: str) -> bytes:
    if kind == "svg":
        from xo_cnn.drawing.walk_svg import walk_figure

        return walk_figure(told).encode()
    if kind == "gif":
        from xo_cnn.drawing.walk_gif import slide_gif

        return slide_gif(told)
    from xo_cnn.drawing.walk_page import lesson_page, numbers

    return (lesson_page(told) if kind == "html" else numbers(told)).encode()


def _save(data: bytes, output: str | None) -> None:
    if output in (None, "-"):
        stdout().write(data)
        return
    from xo_cnn.formats.saving import save

    write: Callable[[Any], None] = lambda stream: stream.write(data)  # noqa: E731
    save(str(output), write)
