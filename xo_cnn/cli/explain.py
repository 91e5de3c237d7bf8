"""`xo-cnn explain`: the whole walk from an image to its verdict, with the arithmetic."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from xo_cnn.catalogue import feature_names
from xo_cnn.cli.inputs import open_input
from xo_cnn.cli.options import FileOrName, ImageOptions, fitting_options, network_option
from xo_cnn.cli.results import refuse_over_input, stdout

if TYPE_CHECKING:
    from xo_cnn.walk.chapter import Chapter
    from xo_cnn.walk.numbers import Place, Walk

FORMS = {".txt": "text", ".json": "json", ".svg": "svg", ".gif": "gif", ".html": "html", ".htm": "html"}


class Cell(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """ROW,COL, counted from 0."""

    name = "row,col"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Place:
        found = re.fullmatch(r"\s*(\d{1,9})\s*,\s*(\d{1,9})\s*", str(value), re.ASCII)
        if found is None:
            self.fail(f"{value!r} is not a cell; write ROW,COL, counted from 0, such as 0,3", param, ctx)
        return int(found[1]), int(found[2])


@click.command(
    epilog="\b\nExamples:\n"
    "  xo-cnn explain sample_images/x.png --network article\n"
    "  xo-cnn explain sample_images/x.png --only convolve --feature diag --at 0,3\n"
    "  xo-cnn explain photo.jpg --output lesson.html"
)
@click.argument("image", required=False, type=click.Path(allow_dash=True))
@network_option("Network to explain; article is the text's own.")
@click.option(
    "-F",
    "--feature",
    type=FileOrName(feature_names),
    metavar="FEATURE",
    help="Feature to work out: one of the network's (default: its first), or any other as a name or a file.",
)
@click.option("--at", type=Cell(), metavar="ROW,COL", help="Cell of the feature's map to work out (default: best fit).")
@click.option(
    "--pool-at",
    type=Cell(),
    metavar="ROW,COL",
    help="Cell of its first pooled map whose window to work out (default: best fit).",
)
@click.option(
    "--only",
    type=click.Choice(["overview", "grid", "features", "convolve", "pool", "vote"]),
    help="Show this part of the walk alone.",
)
@click.option("--all", "everything", is_flag=True, help="Show every map and every vote of a large network.")
@click.option("--step", is_flag=True, help="On a terminal, show one screen at a time and wait for a key.")
@click.option("--animate", is_flag=True, help="On a terminal, slide the feature over the image and fill its map.")
@fitting_options
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["pretty", *dict.fromkeys(FORMS.values())]),
    help="Output format (default: pretty on a terminal, text elsewhere).",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(allow_dash=True),
    metavar="FILE",
    help="Save to FILE: .txt, .json, .svg (a figure), .gif (the feature sliding) or .html (a page to play with).",
)
def command(
    image: str | None,
    network: str,
    feature: str | None,
    at: Place | None,
    pool_at: Place | None,
    only: str | None,
    everything: bool,
    step: bool,
    animate: bool,
    image_options: ImageOptions,
    form: str | None,
    output: str | None,
) -> None:
    """Explain the verdict on IMAGE, stage by stage, with every number.

    The image is fitted to the network's grid as classify does it; a grid of that size is taken as it is. Rows and
    columns count from 0.
    """
    from xo_cnn.network import Network
    from xo_cnn.walk.explain import explain

    kind = _form(form, output)
    if only and kind not in ("pretty", "text", "svg"):
        raise click.UsageError(f"--only shows a part of the walk as text or svg; {kind} holds the whole of it")
    _refuse_motion(step, animate, form, output)
    loaded = Network.load(network)
    refuse_over_input(output, [image, feature, *loaded.files])
    with open_input(image, "an image") as (stream, source):
        reader = image_options.reader
        walk = explain(stream, loaded, feature=feature, at=at, pool_at=pool_at, reader=reader, name=source)
    if animate:
        _play(walk)
    elif kind in ("pretty", "text", "svg"):
        # To ask for one cell is to ask for the chapter that works it out, unless --only asks for more.
        asked = [name for name, place in (("patch", at), ("window", pool_at)) if place and not only]
        _write_chapters(walk, kind, output, _chosen(walk, only, asked, everything or kind == "svg"), step)
    else:
        _save(_whole(walk, kind), output)


def _form(form: str | None, output: str | None) -> str:
    if form:
        return form
    if output in (None, "-"):
        return "pretty" if sys.stdout is not None and sys.stdout.isatty() else "text"
    kind = FORMS.get(os.path.splitext(str(output))[1].lower())
    if kind is None:
        raise click.UsageError(f"{output}: unknown extension; use {', '.join(FORMS)}, or add --format")
    return kind


def _refuse_motion(step: bool, animate: bool, form: str | None, output: str | None) -> None:
    name = "--step" if step else "--animate"
    if step and animate:
        raise click.UsageError("--step and --animate exclude each other")
    if (step or animate) and (output is not None or form not in (None, "pretty")):
        raise click.UsageError(f"{name} is for the terminal; leave it out to save the walk (a .gif moves too)")
    if (step or animate) and not (sys.stdout is not None and sys.stdout.isatty()):
        raise click.UsageError(f"{name} needs a terminal; leave it out, or save a .gif, which moves too")


def _chosen(walk: Walk, only: str | None, names: Sequence[str], everything: bool) -> list[Chapter]:
    from xo_cnn.walk.words import chapters, overview

    if only == "overview":
        return [overview(walk)]
    return [
        chapter
        for chapter in chapters(walk, everything)
        if only in (None, chapter.part) and (not names or chapter.name in names)
    ]


def _write_chapters(walk: Walk, kind: str, output: str | None, chapters: Sequence[Chapter], step: bool) -> None:
    import io

    from xo_cnn.walk.words import introduction

    if kind == "svg":
        from xo_cnn.drawing.walk_svg import chapters_figure

        _save(chapters_figure(chapters, introduction(walk)).encode(), output)
        return

    from xo_cnn.drawing.terminal import console
    from xo_cnn.drawing.walk_terminal import draw_chapters

    first = introduction(walk)
    if output not in (None, "-"):
        text = io.StringIO()
        draw_chapters(chapters, console(text, plain=True), first)
        _save(text.getvalue().encode(), output)
        return
    stdout()
    window = console(sys.stdout, plain=kind == "text")
    if step:
        from xo_cnn.drawing.keyboard import keys
        from xo_cnn.drawing.stepping import step as step_through

        with keys() as key:
            step_through(chapters, window, key, first)
    else:
        draw_chapters(chapters, window, first)


def _play(walk: Walk) -> None:
    from xo_cnn.drawing.terminal import console
    from xo_cnn.drawing.walk_terminal import play
    from xo_cnn.walk.slides import slides

    play(slides(walk), console(sys.stdout))


def _whole(walk: Walk, kind: str) -> bytes:
    if kind == "gif":
        from xo_cnn.drawing.gif import slides_gif
        from xo_cnn.walk.slides import slides

        return slides_gif(slides(walk))
    if kind == "json":
        from xo_cnn.walk.record import as_json

        return as_json(walk).encode()
    from xo_cnn.drawing.page import lesson_page

    return lesson_page(walk).encode()


def _save(data: bytes, output: str | None) -> None:
    if output in (None, "-"):
        stdout().write(data)
        return
    from xo_cnn.formats.saving import save

    def write(stream: BinaryIO) -> None:
        stream.write(data)

    save(str(output), write)
