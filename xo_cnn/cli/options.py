"""The options that several commands share, in one wording, and the kinds of values that they take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from xo_cnn.catalogue import feature_names, network_names
from xo_cnn.cli.inputs import open_input
from xo_cnn.cli.results import MAPS, choose_output, endings
from xo_cnn.limits import MAX_PIXELS
from xo_cnn.words import printable

if TYPE_CHECKING:
    from xo_cnn.grid import Map
    from xo_cnn.images.reader import Reader

Command = TypeVar("Command", bound=Callable[..., Any])

# A file to read, or `-` for standard input.
INPUT = click.Path(allow_dash=True)


class Threshold(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """`auto`, or a grey level from 0 to 255."""

    name = "auto|0-255"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Literal["auto"] | int:
        if value == "auto":
            return "auto"
        if not (str(value).isdecimal() and len(value) < 4 and int(value) < 256):
            self.fail(f"{value[:40]!r} is neither auto nor a whole number from 0 (black) to 255 (white)", param, ctx)
        return int(value)


class Pair(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """Two whole numbers of at least `least` with a separator between them, such as 0,3; `last` stands for the second.

    `name` is how they are written: its first character that is no letter separates them.
    """

    def __init__(self, name: str, example: str, least: int | None = None, last: str = "") -> None:
        self.name, self.example, self.least, self.last = name, example, least, last
        self.separator = next(c for c in example if not c.isdigit())

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        first, _, second = str(value).partition(self.separator)
        try:
            pair = int(first), int(second or self.last)
        except ValueError:
            pair = None
        if pair is None or (self.least is not None and min(pair) < self.least):
            text = printable(str(value)[:40])
            self.fail(f"{text!r} is not {self.name.upper()}; write whole numbers, such as {self.example}", param, ctx)
        return pair


class FileOrName(click.Path):
    """A path, or the name of something installed; the shell completes both."""

    def __init__(self, names: Callable[[], list[str]]) -> None:
        super().__init__()
        self.names = names

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        names = [CompletionItem(name) for name in self.names() if name.startswith(incomplete)]
        # Files first: at them, bash forgets what came before, and looks for files only where nothing comes after.
        return super().shell_complete(ctx, param, incomplete) + names


def refuse_given(names: Sequence[str], why: str) -> None:
    """Refuse those of a command's options that are given on its command line, but have no effect in this case."""
    context = click.get_current_context()
    for name in names:
        if context.get_parameter_source(name) == ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name.replace('_', '-')} {why}; leave it out")


def network_option(text: str) -> Callable[[Command], Command]:
    """`--network`, with what this command uses of it."""
    return click.option("-n", "--network", type=FileOrName(network_names), default="xo", metavar="NETWORK", help=text)


def feature_option(text: str, **settings: Any) -> Callable[[Command], Command]:
    """`--feature`, with what this command makes of it."""
    return click.option("-F", "--feature", type=FileOrName(feature_names), metavar="FEATURE", help=text, **settings)


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
    type=Threshold(),
    default="auto",
    help="Grey level at or above which a pixel is white; auto chooses it (Otsu's method).",
)


def fitting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of commands that fit each image to the network's grid, passed on as one `reader`."""

    @click.option("--ink", type=click.Choice(["white", "black", "auto"]), default="auto", help="Ink colour.")
    @_threshold_option
    @click.option(
        "--no-fit", is_flag=True, help="Use a picture of the grid's size as it is: one pixel a cell, white 1."
    )
    @max_pixels_option
    @wraps(command)
    def call(threshold: Literal["auto"] | int, ink: Any, max_pixels: int, no_fit: bool, **given: Any) -> Any:
        from xo_cnn.images.reader import Reader

        return command(reader=Reader(threshold, ink, max_pixels, no_fit), **given)

    return call


def image_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that turn an image into a grid, passed on as a function `read_grid` of its path."""

    @click.option(
        "--fit",
        type=click.IntRange(3, 4096),
        metavar="N",
        help="Find the letter, crop it and stretch it to NxN cells, ink 1.",
    )
    @click.option("--grey", is_flag=True, help="Keep grey levels, from -1 (black) to 1 (white).")
    @click.option(
        "--ink",
        type=click.Choice(["white", "black", "auto"]),
        help="What becomes 1: white (the default), black, or the ink (auto, the default with --fit).",
    )
    @_threshold_option
    @max_pixels_option
    @wraps(command)
    def call(fit: int | None, grey: bool, ink: Any, threshold: Any, max_pixels: int, **given: Any) -> Any:
        from xo_cnn.images.reader import Reader

        if grey and (fit or threshold != "auto"):
            other = "--fit separates ink from paper" if fit else "--threshold binarizes"
            raise click.UsageError(f"{other} and --grey keeps levels: use one of them")
        reader = Reader(threshold, ink or ("auto" if fit else "white"), max_pixels)
        return command(read_grid=lambda path: _read_grid(path, reader, fit, grey), **given)

    return call


def _read_grid(path: str | None, reader: Reader, fit: int | None, grey: bool) -> Map:
    """Read the grid of an image; None and `-` are standard input."""
    from xo_cnn.grid import Map

    with open_input(path, "an image") as (stream, source):
        if fit:
            return Map("", reader.fitted(stream, fit, source).grid)
        return Map("", reader.grid(stream, source, grey=grey).values)


def output_options(
    names: Sequence[str] = MAPS, default: str | None = None, pixels: bool = True
) -> Callable[[Command], Command]:
    """`--format` and `--output`, and for maps `--scale` and `--palette` if `pixels`, passed on as one `output`.

    `names` are the formats that the command writes; `default` is the one for standard output, by default pretty on
    a terminal and text elsewhere.
    """
    usual = default or "pretty on a terminal, text elsewhere"
    several = " FOLDER/ or {name} in FILE gives a picture per map." if names is MAPS else ""

    def decorate(command: Any) -> Any:
        @click.option("-f", "--format", "form", type=click.Choice(names), help=f"Output format (default: {usual}).")
        @click.option(
            "-o",
            "--output",
            "path",
            type=INPUT,
            metavar="FILE",
            help=f"Save to FILE; its extension names the format ({endings(names)}).{several}",
        )
        @wraps(command)
        def call(form: str | None, path: str | None, **given: Any) -> Any:
            looks = {name: given.pop(name, None) for name in ("scale", "palette")}
            return command(output=choose_output(names, default, form, path, **looks), **given)

        if names is MAPS and pixels:
            palette = click.Choice(["grey", "diverging"])
            help_text = "Colours: grey, from black to white, or diverging, from purple to orange with white at 0 (png)."
            call = click.option("--palette", type=palette, help=help_text)(call)
            scale = click.IntRange(1, 1000)
            call = click.option("--scale", type=scale, metavar="N", help="Draw each cell as NxN pixels (png, pgm).")(
                call
            )
        return call

    return decorate
