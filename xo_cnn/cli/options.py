"""The options that several commands share, in one wording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any, Literal, TypeVar

import click
from click.shell_completion import CompletionItem

from xo_cnn.catalogue import feature_names, network_names
from xo_cnn.limits import MAX_PIXELS

Command = TypeVar("Command", bound=Callable[..., Any])
MAP_FORMATS = ("pretty", "text", "json", "csv", "npy", "npz")
VERDICT_FORMATS = ("pretty", "text", "json", "csv")


class Threshold(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """`auto`, or a level of light from 0 to 255."""

    name = "auto|0-255"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Literal["auto"] | int:
        if value == "auto":
            return "auto"
        try:
            level = int(value)
        except ValueError:
            level = -1
        if not 0 <= level <= 255:
            self.fail(f"{value!r} is neither auto nor a whole number from 0 (black) to 255 (white)", param, ctx)
        return level


class FileOrName(click.Path):
    """A path, or the name of something installed; the shell completes both."""

    def __init__(self, names: Callable[[], list[str]]) -> None:
        super().__init__()
        self.names = names

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        names = [CompletionItem(name) for name in self.names() if name.startswith(incomplete)]
        return names + super().shell_complete(ctx, param, incomplete)


FEATURE = FileOrName(feature_names)
NETWORK = FileOrName(network_names)


def network_option(text: str) -> Callable[[Command], Command]:
    """`--network`, with what this command takes from it."""
    return click.option("-n", "--network", type=NETWORK, default="xo", show_default=True, metavar="NETWORK", help=text)


@dataclass(frozen=True)
class ImageOptions:
    """How an image becomes a grid."""

    threshold: Literal["auto"] | int
    grey: bool
    ink: Literal["white", "black", "auto"] | None
    fit: int | None
    max_pixels: int


@dataclass(frozen=True)
class OutputOptions:
    """Where a result goes, and in which format."""

    form: str | None
    output: str | None
    scale: int = 1
    palette: str = "grey"


def _chained(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def decorate(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _gathered(kind: type, into: str) -> Callable[[Any], Any]:
    """Hand a command its shared options as one object."""

    def decorate(command: Any) -> Any:
        @wraps(command)
        def call(**given: Any) -> Any:
            given[into] = kind(**{field.name: given.pop(field.name) for field in fields(kind) if field.name in given})
            return command(**given)

        return call

    return decorate


def fitting_options(command: Command) -> Command:
    """The options of commands that always fit their images: `--ink`, `--threshold` and `--max-pixels`."""
    decorated: Command = _chained(
        click.option(
            "--ink",
            type=click.Choice(["white", "black", "auto"]),
            default="auto",
            show_default=True,
            help="Which side of an image is ink.",
        ),
        threshold_options,
    )(command)
    return decorated


max_pixels_option = click.option(
    "--max-pixels",
    type=click.IntRange(1),
    default=MAX_PIXELS,
    show_default=True,
    help="Refuse an image of more pixels.",
)


def threshold_options(command: Command) -> Command:
    """`--threshold` and `--max-pixels`."""
    decorated: Command = _chained(
        click.option(
            "--threshold",
            type=Threshold(),
            default="auto",
            show_default=True,
            help="The level of light from which on a pixel is white; auto parts dark from light best (Otsu).",
        ),
        max_pixels_option,
    )(command)
    return decorated


def image_options(command: Command) -> Command:
    """The options that turn an image into a grid, handed on as `image_options`."""
    decorated: Command = _chained(
        click.option(
            "--fit",
            type=click.IntRange(3, 4096),
            metavar="N",
            help="Find the ink, crop it and stretch it to a grid of NxN cells, ink 1.",
        ),
        click.option("--grey", is_flag=True, help="Keep the levels of light, from -1 (black) to 1 (white)."),
        click.option(
            "--ink",
            type=click.Choice(["white", "black", "auto"]),
            help="Which side becomes 1: white as in the text (the default), black, or the ink "
            "(auto, the default with --fit).",
        ),
        threshold_options,
        _gathered(ImageOptions, "image_options"),
    )(command)
    return decorated


def output_options(formats: tuple[str, ...] = MAP_FORMATS) -> Callable[[Command], Command]:
    """`--format` and `--output`, and for maps `--scale` and `--palette`, handed on as `output_options`."""
    maps = formats == MAP_FORMATS
    endings = ".txt .json .csv .npy .npz .png .pgm .svg" if maps else ".txt .json .csv"

    def decorate(command: Command) -> Command:
        picture: list[Callable[[Any], Any]] = [
            click.option(
                "--scale",
                type=click.IntRange(1, 1000),
                default=1,
                metavar="N",
                help="In a picture, draw each cell as NxN pixels.",
            ),
            click.option(
                "--palette",
                type=click.Choice(["grey", "diverging"]),
                default="grey",
                show_default=True,
                help="In a picture, black to white, or purple to orange with white at 0.",
            ),
        ]
        decorated: Command = _chained(
            click.option(
                "-f",
                "--format",
                "form",
                type=click.Choice(formats),
                help="How to write the result; by default pretty on a terminal and text elsewhere.",
            ),
            click.option(
                "-o",
                "--output",
                type=click.Path(allow_dash=True),
                metavar="FILE",
                help=f"Save to FILE, in the format that its ending names ({endings})."
                + (" FOLDER/ or {name} in FILE gives a picture per map." if maps else ""),
            ),
            *(picture if maps else []),
            _gathered(OutputOptions, "output_options"),
        )(command)
        return decorated

    return decorate
