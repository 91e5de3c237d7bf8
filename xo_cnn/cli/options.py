"""The options that several commands share, in one wording."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

import click
from click.core import ParameterSource

from xo_cnn.catalogue import feature_names, network_names
from xo_cnn.cli.forms import MAPS, endings
from xo_cnn.cli.parameters import FileOrName, Threshold
from xo_cnn.cli.results import Output
from xo_cnn.limits import MAX_PIXELS

if TYPE_CHECKING:
    from xo_cnn.grid import Map
    from xo_cnn.images.reader import Reader

Command = TypeVar("Command", bound=Callable[..., Any])


class ImageOptions(NamedTuple):
    """How an image is read and becomes a grid."""

    threshold: Literal["auto"] | int
    ink: Literal["white", "black", "auto"] | None
    max_pixels: int
    no_fit: bool = False
    grey: bool = False
    fit: int | None = None

    def checked(self) -> ImageOptions:
        """The options themselves; UsageError where they exclude each other."""
        if self.fit and self.grey:
            raise click.UsageError("--fit separates ink from paper and --grey keeps levels: use one of them")
        if self.grey and self.threshold != "auto":
            raise click.UsageError("--threshold binarizes and --grey keeps levels: use one of them")
        return self

    @property
    def reader(self) -> Reader:
        """The reader that does it."""
        from xo_cnn.images.reader import Reader

        return Reader(self.threshold, self.ink or ("auto" if self.fit else "white"), self.max_pixels, self.no_fit)

    def grid(self, path: str | None) -> Map:
        """Read the grid of an image; None and `-` are standard input."""
        from xo_cnn.cli.inputs import open_input
        from xo_cnn.grid import Map

        with open_input(path, "an image") as (stream, source):
            if self.fit:
                return Map("", self.reader.fitted(stream, self.fit, source).grid)
            return Map("", self.reader.grid(stream, source, grey=self.grey).values)


class FeatureOptions(NamedTuple):
    """Which features a command looks for: those of `--feature` or `--features`, or those of a network."""

    feature_paths: tuple[str, ...]
    feature_folder: str | None
    network: str | None = None

    def checked(self) -> FeatureOptions:
        """The options themselves; UsageError where they exclude each other."""
        if self.feature_paths and self.feature_folder is not None:
            raise click.UsageError("--feature names features and --features a folder of them: use one of the two")
        if self.feature_paths or self.feature_folder is not None:
            refuse_given(["network"], "has features of its own, and --feature or --features name others")
        return self

    def load(self) -> tuple[list[Map], list[str]]:
        """Read the features, and name the files that they come from."""
        from xo_cnn.network import choose_features

        return choose_features(self.feature_paths, self.feature_folder, self.network or "xo")


def _chained(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def decorate(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def gathered(kind: Any, into: str, names: Sequence[str] = ()) -> Callable[[Any], Any]:
    """Pass some of a command's options to it as one object: by default the fields of `kind`, checked if it can be.

    Options are named tuples: a dataclass takes a millisecond to define, and a verdict on a small image a hundred.
    """

    def decorate(command: Any) -> Any:
        @wraps(command)
        def call(**given: Any) -> Any:
            made = kind(**{name: given.pop(name) for name in names or kind._fields if name in given})
            given[into] = made.checked() if hasattr(made, "checked") else made
            return command(**given)

        return call

    return decorate


def refuse_given(names: Sequence[str], why: str) -> None:
    """Refuse those of a command's options that are given on its command line, but have no effect in this case."""
    context = click.get_current_context()
    for name in names:
        if context.get_parameter_source(name) == ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name.replace('_', '-')} {why}; leave it out")


def network_option(text: str) -> Callable[[Command], Command]:
    """`--network`, with what this command uses of it."""
    return click.option(
        "-n",
        "--network",
        type=FileOrName(network_names),
        default="xo",
        show_default=True,
        metavar="NETWORK",
        help=text,
    )


def feature_options(default: str) -> Callable[[Command], Command]:
    """`--feature` and `--features`, passed on as `features`; `default` says what is used without them."""
    options: Callable[[Command], Command] = _chained(
        click.option(
            "-F",
            "--feature",
            "feature_paths",
            multiple=True,
            type=FileOrName(feature_names),
            metavar="FEATURE",
            help="A feature file, an installed feature's name, or a drawing such as '#../.#./..#'; may be repeated. "
            + default,
        ),
        click.option(
            "--features",
            "feature_folder",
            type=click.Path(),
            metavar="FOLDER",
            help="Use every feature NAME.txt in FOLDER.",
        ),
        gathered(FeatureOptions, "features"),
    )
    return options


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
    show_default=True,
    metavar="N",
    help="Refuse an image of more than N pixels.",
)

_threshold_option = click.option(
    "--threshold",
    type=Threshold(),
    default="auto",
    show_default=True,
    help="Grey level at or above which a pixel is white; auto chooses it (Otsu's method).",
)


def fitting_options(command: Command) -> Command:
    """The options of commands that fit each image to the network's grid, passed on as `image_options`."""
    decorated: Command = _chained(
        click.option(
            "--ink",
            type=click.Choice(["white", "black", "auto"]),
            default="auto",
            show_default=True,
            help="Ink colour.",
        ),
        _threshold_option,
        click.option(
            "--no-fit",
            is_flag=True,
            help="Use a picture of the grid's size as it is: one pixel a cell, white 1.",
        ),
        max_pixels_option,
        gathered(ImageOptions, "image_options"),
    )(command)
    return decorated


def image_options(command: Command) -> Command:
    """The options that turn an image into a grid, passed on as `image_options`."""
    decorated: Command = _chained(
        click.option(
            "--fit",
            type=click.IntRange(3, 4096),
            metavar="N",
            help="Find the letter, crop it and stretch it to NxN cells, ink 1.",
        ),
        click.option("--grey", is_flag=True, help="Keep grey levels, from -1 (black) to 1 (white)."),
        click.option(
            "--ink",
            type=click.Choice(["white", "black", "auto"]),
            help="What becomes 1: white (the default), black, or the ink (auto, the default with --fit).",
        ),
        _threshold_option,
        max_pixels_option,
        gathered(ImageOptions, "image_options"),
    )(command)
    return decorated


def output_options(
    names: Sequence[str] = MAPS, default: str | None = None, sheet: str = ""
) -> Callable[[Command], Command]:
    """`--format` and `--output`, and for maps `--scale` and `--palette`, passed on as `output`.

    `names` are the formats that the command writes; `default` is the one for standard output, by default pretty on
    a terminal and text elsewhere; `sheet` says what a PNG holds beside the result, if the command makes one.
    """
    several = "" if "png" not in names else " FOLDER/ or {name} in FILE gives a picture per map."
    usual = "pretty on a terminal, text elsewhere" if default is None else default
    options = [
        click.option("-f", "--format", "form", type=click.Choice(names), help=f"Output format (default: {usual})."),
        click.option(
            "-o",
            "--output",
            "path",
            type=click.Path(allow_dash=True),
            metavar="FILE",
            help=f"Save to FILE; its extension names the format ({endings(names)}).{several}{sheet}",
        ),
    ]
    if "png" in names:
        options += [
            click.option(
                "--scale", type=click.IntRange(1, 1000), metavar="N", help="Draw each cell as NxN pixels (png, pgm)."
            ),
            click.option(
                "--palette",
                type=click.Choice(["grey", "diverging"]),
                help="Colours: grey, from black to white, or diverging, from purple to orange with white at 0 (png).",
            ),
        ]

    def choose(path: str | None, **given: Any) -> Output:
        if sheet and path is not None and path.lower().endswith(".png"):
            return Output.chosen(names, default, path=None, **given)._replace(sheet=path)
        return Output.chosen(names, default, path=path, **given)

    decorated: Callable[[Command], Command] = _chained(
        *options, gathered(choose, "output", ("form", "path", "scale", "palette"))
    )
    return decorated
