"""Results: drawn on a terminal, plain text in a pipe, and files that are written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

import click

from xo_cnn import words
from xo_cnn.cli.forms import FORMS, Form, form_of
from xo_cnn.cli.messages import complain
from xo_cnn.errors import OutputError, XoCnnError

if TYPE_CHECKING:
    from xo_cnn.formats import Format
    from xo_cnn.grid import Map

Path = str | os.PathLike[str] | None


class Output(NamedTuple):
    """Where a result goes (`path`, or None for standard output), and in which format.

    `palette` colours pictures of pixels, `figure_palette` drawings with numbers, on a terminal or as SVG. `sheet` is
    the picture that an evaluation makes beside its result.
    """

    form: Form
    path: str | None = None
    scale: int = 1
    palette: str = "grey"
    figure_palette: str = "diverging"
    sheet: str | None = None

    @classmethod
    def chosen(
        cls,
        names: Sequence[str],
        default: str | None,
        form: str | None,
        path: str | None,
        scale: int | None = None,
        palette: str | None = None,
    ) -> Output:
        """What the options ask for, out of the formats `names`; UsageError where they do not go together."""
        target = None if path == "-" else path
        if form is not None:
            chosen = FORMS[form]
        elif target is None:
            chosen = FORMS[default or ("pretty" if _is_terminal(sys.stdout) else "text")]
        elif not is_folder(target):
            chosen = form_of(target, names)
        else:
            chosen = FORMS["png"]
        for option, value in (("scale", scale), ("palette", palette)):
            if value is not None and option not in chosen.options:
                fitting = " and ".join(name for name in names if option in FORMS[name].options)
                raise click.UsageError(f"--{option} does not apply to {chosen.name}; it applies to {fitting}")
        if target is not None:
            _check_target(target, chosen, names)
        elif chosen.binary and _is_terminal(sys.stdout):
            raise click.UsageError(f"{chosen.name} is binary: use --output FILE{chosen.endings[0]}, or a pipe")
        return cls(chosen, target, scale or 1, palette or "grey")

    @property
    def in_folder(self) -> bool:
        """Whether the result is one or more files of a folder."""
        return is_folder(self.path)

    @property
    def on_terminal(self) -> bool:
        """Whether the result appears on a terminal."""
        return self.path is None and _is_terminal(sys.stdout)

    @property
    def one_file_each(self) -> bool:
        """Whether each map becomes a picture in a file of its own."""
        return self.form.kind == "picture" and (self.in_folder or "{name}" in (self.path or ""))


def _check_target(target: str, form: Form, names: Sequence[str]) -> None:
    if form.kind == "drawing":
        raise click.UsageError(f"--format {form.name} draws on the terminal; save with another format")
    if is_folder(target) and "png" not in names:
        raise click.UsageError(f"{target} is a folder; name a file in it")
    if "{name}" in target and form.kind != "picture":
        raise click.UsageError(f"{{name}} gives a picture per map, but {form.name} holds all maps: name one file")


def _is_terminal(stream: object) -> bool:
    return stream is not None and bool(stream.isatty())  # type: ignore[attr-defined]


def stdout() -> BinaryIO:
    """Standard output for bytes; one clear error where it is closed."""
    if sys.stdout is None:
        raise XoCnnError("standard output is closed, so the result cannot be written")
    return sys.stdout.buffer


def is_folder(output: str | None) -> bool:
    """Whether `--output` names a folder, which exists already or is to be made."""
    separators = ("/", os.sep, os.altsep or os.sep)
    return output is not None and output != "-" and (output.endswith(separators) or os.path.isdir(output))


def refuse_over_input(output: str | None, inputs: Iterable[Path]) -> None:
    """Refuse to save a result over what it is made from, by whatever name."""
    if output is not None and output != "-":
        _refuse_these(output, _identities(inputs))


def _identities(inputs: Iterable[Path]) -> set[tuple[int, int]]:
    """What identifies files under all their names; standard input is one of them for None and `-`."""
    found = set()
    for path in inputs:
        try:
            status = os.fstat(sys.stdin.fileno()) if path in (None, "-") else os.stat(cast("str", path))
        except (OSError, ValueError, AttributeError):
            continue
        found.add((status.st_dev, status.st_ino))
    return found


def _refuse_these(output: str, inputs: set[tuple[int, int]]) -> None:
    """Refuse an output that is one of these files; devices and pipes may be both input and output."""
    try:
        target = os.stat(output)
    except (OSError, ValueError):
        return
    if os.path.isfile(output) and (target.st_dev, target.st_ino) in inputs:
        raise click.UsageError(f"output {output} is also the input; name another file")


def write_bytes(output: Output, write: Callable[[BinaryIO], None]) -> None:
    """Let `write` fill the output's file, or standard output."""
    if output.path is not None:
        from xo_cnn.formats.saving import save

        save(output.path, write)
        return
    stream = stdout()
    try:
        write(stream)
        stream.flush()
    except (BrokenPipeError, XoCnnError):
        raise
    except OSError as error:
        raise OutputError(f"standard output: {error.strerror or error}") from error


def encoded(line: str) -> bytes:
    """A line of text as bytes; names that are not UTF-8 become the bytes they are."""
    return line.encode("utf-8", "surrogateescape") + b"\n"


def write_lines(output: Output, lines: Iterable[str]) -> None:
    """Write lines of text as `write_bytes` does."""

    def write(stream: BinaryIO) -> None:
        for line in lines:
            stream.write(encoded(line))

    write_bytes(output, write)


def write_maps(maps: Sequence[Map], output: Output, inputs: Iterable[Path], palette: str = "diverging") -> None:
    """Write maps in the format asked for; `inputs` are the files that they come from.

    `palette` is the one for drawings: grey for pictures, whose numbers are levels of light.
    """
    output = output._replace(figure_palette=palette)
    if output.in_folder or output.one_file_each:
        inputs = list(inputs)
        if len(maps) == 1 and not maps[0].name and inputs and inputs[0] not in (None, "-"):
            maps = [replace(maps[0], name=_stem(os.fspath(cast("str", inputs[0]))))]
        _write_files(maps, output, _identities(inputs), "", set())
        return
    refuse_over_input(output.path, inputs)
    if output.form.kind == "drawing":
        from xo_cnn.drawing.terminal import console, draw_maps

        stdout()
        draw_maps(maps, console(sys.stdout), output.figure_palette)
        return
    if len(maps) > 1 and not output.form.many:
        where = "and standard output holds one: " if output.path is None else ""
        raise click.UsageError(
            f"{len(maps)} maps make {len(maps)} pictures, {where}use --output FOLDER/, or {{name}} in the file's name"
        )
    write_bytes(output, lambda stream: _fill(stream, maps, output))


def write_maps_of_each(
    paths: Sequence[str], output: Output, inputs: Sequence[str], maps_of: Callable[[str], Sequence[Map]]
) -> int:
    """Write the maps of several images into a folder, one image after the other, and return the exit status.

    A bad image is reported, and the others are still written.
    """
    if not output.in_folder:
        raise click.UsageError(f"{len(paths)} images need a folder for their maps: --output FOLDER/")
    stems = [_stem(path) for path in paths]
    twice = [stem for stem, count in Counter(stems).items() if count > 1]
    if twice:
        raise click.UsageError(f"two images are called {twice[0]}, so one would overwrite the other's maps; rename one")
    forbidden, written = _identities([*paths, *inputs]), set[str]()
    status = 0
    for path, stem in zip(paths, stems, strict=True):
        try:
            _write_files(maps_of(path), output, forbidden, stem, written)
        except XoCnnError as error:
            complain(str(error))
            status = 1
    return status


def _stem(path: str) -> str:
    return "standard-input" if path == "-" else words.stem(path)


def _write_files(
    maps: Sequence[Map], output: Output, forbidden: set[tuple[int, int]], stem: str, written: set[str]
) -> None:
    """Write a picture per map, or a file of all maps in another format, in a folder or where {name} says.

    `stem` is the name of the one image among several whose maps they are, `forbidden` are the inputs, and `written`
    the files of this command so far.
    """
    from xo_cnn.formats.names import file_name

    assert output.path is not None
    if output.form.kind == "picture":
        names = [file_name(filtered.name) or f"map-{number}" for number, filtered in enumerate(maps, start=1)]
        names = [f"{stem}-{name}" if stem else name for name in names]
        parts: list[Sequence[Map]] = [[filtered] for filtered in maps]
    else:
        names, parts = [stem or "maps"], [maps]
    pattern = output.path if "{name}" in output.path else os.path.join(output.path, "{name}" + output.form.endings[0])
    targets = [pattern.replace("{name}", name) for name in names]
    for target in targets:
        if target in written:
            raise XoCnnError("two maps have this name, and one would overwrite the other; rename one", target)
        written.add(target)
        _refuse_these(target, forbidden)
        _make_folder(os.path.dirname(target))
    for target, some in zip(targets, parts, strict=True):
        write_bytes(
            output._replace(path=target),
            lambda stream, some=some: _fill(stream, some, output),  # type: ignore[misc]
        )


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder or ".", exist_ok=True)
    except OSError as error:
        raise OutputError(f"the folder cannot be made: {error.strerror}", folder) from error


def _fill(stream: BinaryIO, maps: Sequence[Map], output: Output) -> None:
    if output.form.name == "svg":
        from xo_cnn.drawing.svg import maps_figure

        stream.write(maps_figure(maps, output.figure_palette).encode())
    elif output.form.kind == "picture":
        from xo_cnn.drawing.picture import write_picture

        write_picture(maps[0], stream, output.form.name, output.scale, output.palette)
    else:
        from xo_cnn.formats.maps import write_maps as write

        write(maps, cast("Format", output.form.name), stream)
