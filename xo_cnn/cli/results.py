"""Results, maps and verdicts alike: drawn on a terminal, text in a pipe, or a file written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

import click

from xo_cnn.cli.inputs import refuse_reading_twice
from xo_cnn.cli.messages import complain
from xo_cnn.errors import OutputError, XoCnnError
from xo_cnn.formats import EXTENSIONS
from xo_cnn.words import file_name, json_text, printable, repeated, stem

if TYPE_CHECKING:
    from xo_cnn.grid import Map
    from xo_cnn.voting import Verdict

# The extensions of every format: a drawing for the terminal, data that can be read back, and pictures.
ENDINGS: dict[str, tuple[str, ...]] = {
    "pretty": (),
    **{str(form): known for form, known in EXTENSIONS.items()},
    "png": (".png",),
    "pgm": (".pgm",),
    "svg": (".svg",),
    "html": (".html", ".htm"),
}
PIXELS = ("png", "pgm")  # one pixel a cell, so one map a file
PICTURES = (*PIXELS, "svg")
BINARY = ("npy", "npz", *PIXELS)

# What the commands write: grids and maps, verdicts, the walk, and lists.
MAPS = ("pretty", "text", "json", "csv", "npy", "npz", "png", "pgm", "svg")
VERDICTS = ("pretty", "text", "json", "csv")
WALK = ("pretty", "text", "json", "svg", "html")
REPORT = ("pretty", "text", "json")


def choose_output(
    names: Sequence[str],
    default: str | None,
    form: str | None,
    path: str | None,
    scale: int | None = None,
    palette: str | None = None,
) -> Output:
    """What the options ask for, out of the formats `names`; UsageError where they do not go together."""
    target = None if path == "-" else path
    folder = target is not None and (target.endswith(("/", os.sep)) or os.path.isdir(target))  # to be made, or there
    if form is None:
        form = default or ("pretty" if _is_terminal() else "text")
        if target is not None:
            form = "png" if folder else _form_of(target, names)
    for option, value, fitting in (("scale", scale, PIXELS), ("palette", palette, ("png",))):
        if value is not None and form not in fitting:
            raise click.UsageError(f"--{option} does not apply to {form}; it applies to {' and '.join(fitting)}")
    if target is None:
        if form in BINARY and _is_terminal():
            raise click.UsageError(f"{form} is binary: use --output FILE{ENDINGS[form][0]}, or a pipe")
    elif form == "pretty":
        raise click.UsageError("--format pretty draws on the terminal; save with another format")
    elif folder and "png" not in names:
        raise click.UsageError(f"{target} is a folder; name a file in it")
    elif "{name}" in target and form not in PICTURES:
        raise click.UsageError(f"{{name}} gives a picture per map, but {form} holds all maps: name one file")
    if folder:
        target = os.path.join(str(target), "{name}" + ENDINGS[form][0])
    return Output(form, target, scale or 1, palette or "grey")


def _form_of(path: str, names: Sequence[str]) -> str:
    """The format that a file's extension names, text for a device; any other extension is wrong usage."""
    if path.startswith("/dev/"):
        return "text"
    ending = os.path.splitext(path)[1].lower()
    for name in names:
        if ending in ENDINGS[name]:
            return name
    known = ", ".join(ENDINGS[name][0] for name in names if ENDINGS[name])
    raise click.UsageError(f"{printable(path)}: unknown extension; use {known}, or add --format")


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def stdout() -> BinaryIO:
    """Standard output for bytes; one clear error where it is closed."""
    if sys.stdout is None:
        raise XoCnnError("standard output is closed, so the result cannot be written")
    return sys.stdout.buffer


def encoded(line: str) -> bytes:
    """A line of text as bytes; names that are not UTF-8 become the bytes they are."""
    return line.encode("utf-8", "surrogateescape") + b"\n"


class Output(NamedTuple):
    """Where a result goes, in which format, and how pixels look.

    `path` is None for standard output, and holds {name} where there is a file for each map, or for each image.
    """

    form: str
    path: str | None = None
    scale: int = 1
    palette: str = "grey"

    @property
    def on_terminal(self) -> bool:
        """Whether the result appears on a terminal."""
        return self.path is None and _is_terminal()

    @property
    def one_file_each(self) -> bool:
        """Whether each map becomes a picture in a file of its own."""
        return self.form in PICTURES and "{name}" in (self.path or "")

    def refuse_over(self, inputs: Iterable[str | os.PathLike[str] | None]) -> None:
        """Refuse to save a result over what it is made from, by whatever name; None and `-` are standard input."""
        if self.path is not None:
            _refuse(self.path, _identities(inputs))

    def put(self, write: Callable[[BinaryIO], object]) -> None:
        """Let `write` write the result to a file, whole or not at all, or to standard output as it comes."""
        if self.path is not None:
            from xo_cnn.formats.saving import write_file

            write_file(self.path, write)
            return
        stream = stdout()
        try:
            write(stream)
            stream.flush()
        except (BrokenPipeError, XoCnnError):
            raise
        except OSError as error:
            raise OutputError(error.strerror or str(error), "standard output") from error

    def put_lines(self, lines: Iterable[str]) -> None:
        """Write lines of text."""
        self.put(lambda stream: stream.writelines(map(encoded, lines)))

    def put_maps(self, maps: Sequence[Map], inputs: Sequence[str | None] = (), figure: str = "diverging") -> None:
        """Write maps; `inputs` are the files that they come from, their image first.

        `figure` is the palette of drawings with numbers: grey for pictures, whose numbers are levels of light.
        """
        if self.form == "pretty":
            from xo_cnn.drawing.terminal import console, draw_maps

            stdout()
            draw_maps(maps, console(sys.stdout), figure)
        elif "{name}" in (self.path or ""):
            self._put_files(maps, inputs[0] if inputs else "", "", figure, _identities(inputs), set())
        elif len(maps) > 1 and self.form in PIXELS:
            where = "and standard output holds one: " if self.path is None else ""
            raise click.UsageError(
                f"{len(maps)} maps make {len(maps)} pictures, {where}use --output FOLDER/, or {{name}} in its name"
            )
        else:
            self.refuse_over(inputs)
            self.put(partial(self._fill, maps, figure))

    def put_maps_of(
        self, paths: Sequence[str], maps_of: Callable[[str | None], Sequence[Map]], inputs: Sequence[str] = ()
    ) -> int:
        """Write the maps of an image, or of several in a folder one after the other, and return the exit status.

        Without a path it is standard input. One bad image among several is reported, and the others are still written.
        """
        refuse_reading_twice(paths)
        if len(paths) < 2:
            path = paths[0] if paths else None
            self.put_maps(maps_of(path), [path, *inputs])
            return 0
        if "{name}" not in (self.path or ""):
            raise click.UsageError(f"{len(paths)} images need a folder for their maps: --output FOLDER/")
        if twice := repeated([_image_name(path) for path in paths]):
            raise click.UsageError(
                f"two images are called {twice}, so one would overwrite the other's maps; rename one"
            )
        forbidden, written, status = _identities([*paths, *inputs]), set[str](), 0
        for path in paths:
            try:
                self._put_files(maps_of(path), path, _image_name(path) + "-", "diverging", forbidden, written)
            except XoCnnError as error:
                complain(str(error))
                status = 1
        return status

    def _put_files(
        self, maps: Sequence[Map], path: str | None, prefix: str, figure: str, forbidden: set[object], written: set[str]
    ) -> None:
        """Write a picture per map, or all maps of the image `path` in another format, in a folder or where {name} says.

        `prefix` is for pictures of one image among several; `forbidden` are the inputs, and `written` the files of
        this command so far.
        """
        from xo_cnn.formats.saving import blaming

        files: list[tuple[str, Sequence[Map]]] = [(_image_name(path) if prefix else "maps", maps)]
        if self.form in PICTURES:
            alone = _image_name(path) if len(maps) == 1 else ""
            files = [
                (f"{prefix}{name}" if name else alone or f"{prefix}map-{number}", [one])
                for number, one in enumerate(maps, start=1)
                for name in [file_name(one.name)]
            ]
        targets = [str(self.path).replace("{name}", name) for name, _ in files]
        for target in targets:
            if target in written:
                raise XoCnnError("two maps have this name, and one would overwrite the other; rename one", target)
            written.add(target)
            _refuse(target, forbidden)
            with blaming(target):
                os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
        for target, (_, some) in zip(targets, files, strict=True):
            self._replace(path=target).put(partial(self._fill, some, figure))

    def _fill(self, maps: Sequence[Map], figure: str, stream: BinaryIO) -> None:
        from xo_cnn.drawing.picture import write_maps_as

        write_maps_as(self.form, maps, stream, figure, self.scale, self.palette)


class Style(NamedTuple):
    """How verdicts are written: the format, whether text has the votes and the path, and the network's labels."""

    form: str
    votes: bool
    with_path: bool
    labels: tuple[str, ...]

    def heading(self) -> list[str]:
        """The line before the first row, if the format has one."""
        return [csv_row(["label", *self.labels, "path", "error"])] if self.form == "csv" else []

    def lines(self, path: str | None, outcome: Verdict | XoCnnError) -> list[str]:
        """The line of an input: its label, the votes if asked for, and its path; text has none for an error."""
        if self.form == "json":
            return [json_text(entry(path, outcome))]
        if isinstance(outcome, XoCnnError):
            blanks = [""] * (len(self.labels) + 1)
            return [csv_row([*blanks, path or "", str(outcome)])] if self.form == "csv" else []
        if self.form == "csv":
            return [csv_row([outcome, *(f"{vote:.6g}" for vote in outcome.votes.values()), path or "", ""])]
        shown = [f"{printable(label)}={vote:.3f}" for label, vote in outcome.votes.items()] if self.votes else []
        named = [path_text(path)] if self.with_path and path is not None else []
        return ["\t".join([printable(outcome), *shown, *named])]

    def draw(self, path: str | None, verdict: Verdict | XoCnnError) -> None:
        """Draw a verdict on the terminal; an error is not drawn."""
        from xo_cnn.drawing.terminal import console, draw_verdict

        stdout()
        if isinstance(verdict, XoCnnError):
            return
        if self.with_path and path is not None:
            print(printable(path))
        draw_verdict(verdict, console(sys.stdout))


def entry(path: str | None, outcome: Verdict | XoCnnError) -> dict[str, object]:
    """A verdict, or the error in its place, as a JSON object."""
    found: dict[str, object]
    if isinstance(outcome, XoCnnError):
        found = {"error": str(outcome)}
    else:
        found = {"label": str(outcome), "votes": outcome.votes}
    return found if path is None else {**found, "path": path}


def path_text(path: str) -> str:
    """A path on one line; bytes that are not UTF-8 stay, so that the next program gets the name the system has."""
    return "".join(c if "\udc80" <= c <= "\udcff" else printable(c) for c in path)


def csv_row(cells: Iterable[str]) -> str:
    r"""One row of csv on one line, quoted where it has to be; a control character in a name is harmless in it.

    >>> csv_row(["a\n", "b,c"])
    'a\\n,"b,c"'
    """
    import csv
    import io

    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(map(path_text, cells))
    return line.getvalue()


def _image_name(path: str | None) -> str:
    return "standard-input" if path in (None, "-") else stem(str(path))


def _identities(inputs: Iterable[str | os.PathLike[str] | None]) -> set[object]:
    from xo_cnn.formats.saving import identity

    return {identity(0 if path in (None, "-") else cast("str", path)) for path in inputs}


def _refuse(output: str, inputs: set[object]) -> None:
    """Refuse an output that is one of these inputs; devices and pipes may be both."""
    from xo_cnn.formats.saving import identity

    if os.path.isfile(output) and identity(output) in inputs:
        raise click.UsageError(f"output {output} is also the input; name another file")
