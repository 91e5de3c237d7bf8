"""The options that several commands share, in one wording, and the kinds of values that they take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Literal

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from xo_cnn.catalogue import feature_names, network_names
from xo_cnn.cli.inputs import open_input
from xo_cnn.cli.results import MAPS, choose_output
from xo_cnn.limits import MAX_PIXELS

if TYPE_CHECKING:
    from xo_cnn.grid import Map

# What decorates a command.
Option = Callable[[Any], Any]
# A file to read, or `-` for standard input.
INPUT = click.Path(allow_dash=True)


def pair(example: str, least: int | None = None, second: str = "") -> Callable[[str], tuple[int, int]]:
    """The type of two whole numbers written as in `example`; `second` stands for the second if it is left out.

    >>> pair("0,2")("3,-1"), pair("2/2", second="2")("3")
    ((3, -1), (3, 2))
    """

    def convert(text: str) -> tuple[int, int]:
        first, _, last = text.partition("/" if "/" in example else ",")
        try:
            numbers = int(first), int(last or second)
        except ValueError:
            numbers = None
        if numbers is None or (least is not None and min(numbers) < least):
            limit = "" if least is None else f" of {least} or more,"
            raise click.BadParameter(f"{text[:40]!r} is not two whole numbers{limit} such as {example}")
        return numbers

    return convert


def threshold(text: str) -> Literal["auto"] | int:
    """The type of `auto`, or a grey level from 0 to 255."""
    if text == "auto":
        return "auto"
    if not (text.isdecimal() and len(text) < 4 and int(text) < 256):
        raise click.BadParameter(f"{text[:40]!r} is neither auto nor a whole number from 0 (black) to 255 (white)")
    return int(text)


def refuse_given(names: Sequence[str], why: str) -> None:
    """Refuse those of a command's options that are given on its command line, but have no effect in this case."""
    context = click.get_current_context()
    for name in names:
        if context.get_parameter_source(name) == ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name.replace('_', '-')} {why}; leave it out")


def complete(
    names: Callable[[], list[str]], context: click.Context, parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """What the shell completes where a path may stand, or the name of something installed."""
    # Files first: at them, bash forgets what came before, and looks for files only where nothing comes after.
    fitting = [CompletionItem(name) for name in names() if name.startswith(begun)]
    return [CompletionItem(begun, type="file"), *fitting]


network_option = partial(
    click.option, "-n", "--network", shell_complete=partial(complete, network_names), default="xo", metavar="NETWORK"
)
feature_option = partial(
    click.option, "-F", "--feature", shell_complete=partial(complete, feature_names), metavar="FEATURE"
)
jobs_option = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Number of worker processes (default: one per core for larger jobs).",
)
max_pixels_option = click.option(
    "--max-pixels",
    type=click.IntRange(1),
    default=MAX_PIXELS,
    metavar="N",
    help="Refuse an image of more than N pixels.",
)
_threshold_option = click.option(
    "--threshold",
    type=threshold,
    default="auto",
    metavar="auto|0-255",
    help="Grey level at or above which a pixel is white; auto chooses it (Otsu's method).",
)
_ink_option = partial(click.option, "--ink", type=click.Choice(["white", "black", "auto"]), metavar="white|black|auto")


def fitting_options(command: Any) -> Any:
    """The options of commands that fit each image to the network's grid, passed on as one `reader`."""

    @_ink_option(default="auto", help="Ink colour.")
    @_threshold_option
    @click.option(
        "--no-fit", is_flag=True, help="Use a picture of the grid's size as it is: one pixel a cell, white 1."
    )
    @max_pixels_option
    @wraps(command)
    def call(threshold: Any, ink: Any, max_pixels: int, no_fit: bool, **given: Any) -> Any:
        from xo_cnn.images.reader import Reader

        return command(reader=Reader(threshold, ink, max_pixels, no_fit), **given)

    return call


def image_options(command: Any) -> Any:
    """The options that turn an image into a grid, passed on as a function `read_grid` of its path."""

    @click.option(
        "--fit",
        type=click.IntRange(3, 4096),
        metavar="N",
        help="Find the letter, crop it and stretch it to NxN cells, ink 1.",
    )
    @click.option("--grey", is_flag=True, help="Keep grey levels: -1 is black, 1 is white.")
    @_ink_option(help="What becomes 1: white (the default), black, or the ink (auto, the default with --fit).")
    @_threshold_option
    @max_pixels_option
    @wraps(command)
    def call(fit: int | None, grey: bool, ink: Any, threshold: Any, max_pixels: int, **given: Any) -> Any:
        from xo_cnn.grid import Map
        from xo_cnn.images.reader import Reader

        if grey and (fit or threshold != "auto"):
            other = "--fit separates ink from paper" if fit else "--threshold binarizes"
            raise click.UsageError(f"{other} and --grey keeps levels: use one of them")
        reader = Reader(threshold, ink or ("auto" if fit else "white"), max_pixels)

        def read_grid(path: str | None) -> Map:
            with open_input(path, "an image") as (stream, source):
                if fit:
                    return Map("", reader.fitted(stream, fit, source).grid)
                return Map("", reader.grid(stream, source, grey=grey).values)

        return command(read_grid=read_grid, **given)

    return call


def format_option(names: Sequence[str], default: str | None = None) -> Option:
    """`--format`, passed on as `form`."""
    usual = default or "pretty on a terminal, text elsewhere"
    text = f"Output format: {', '.join(names)} (default: {usual})."
    return click.option("-f", "--format", "form", type=click.Choice(names), metavar="FORMAT", help=text)


def output_options(names: Sequence[str] = MAPS, default: str | None = None, pixels: bool = True) -> Option:
    """`--format` and `--output`, and for maps `--scale` and `--palette` if `pixels`, passed on as one `output`.

    `names` are the formats that the command writes; `default` is the one for standard output, by default pretty on
    a terminal and text elsewhere.
    """
    several = " FOLDER/ or {name} in FILE gives a picture per map." if names is MAPS else ""
    options = [
        format_option(names, default),
        click.option(
            "-o",
            "--output",
            "path",
            type=INPUT,
            metavar="FILE",
            help=f"Save to FILE; its extension names the format.{several}",
        ),
    ]
    if names is MAPS and pixels:
        options += [
            click.option(
                "--scale",
                type=click.IntRange(1, 1000),
                metavar="N",
                help="Draw each cell of a png or pgm as NxN pixels.",
            ),
            click.option(
                "--palette",
                type=click.Choice(["grey", "diverging"]),
                metavar="NAME",
                help="Colours of a png: grey, or diverging from purple to orange with white at 0.",
            ),
        ]

    def decorate(command: Any) -> Any:
        @wraps(command)
        def call(form: str | None, path: str | None, scale: Any = None, palette: Any = None, **given: Any) -> Any:
            return command(output=choose_output(names, default, form, path, scale, palette), **given)

        for option in reversed(options):
            option(call)
        return call

    return decorate
