"""Results: drawn on a terminal, plain text in a pipe, and files that are written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from xo_cnn.cli.messages import complain
from xo_cnn.errors import OutputError, XoCnnError

if TYPE_CHECKING:
    from xo_cnn.cli.options import OutputOptions
    from xo_cnn.formats.maps import Format
    from xo_cnn.grid import Map

ENDINGS = {
    ".txt": "text",
    ".text": "text",
    ".json": "json",
    ".jsonl": "json",
    ".csv": "csv",
    ".npy": "npy",
    ".npz": "npz",
    ".png": "png",
    ".pgm": "pgm",
    ".svg": "svg",
}
PICTURES = ("png", "pgm", "svg")


def stdout() -> BinaryIO:
    """Standard output for bytes; one clear error where there is none."""
    if sys.stdout is None:
        raise XoCnnError("standard output is closed; there is nowhere to write to")
    return sys.stdout.buffer


def form_for(options: OutputOptions, formats: Sequence[str]) -> str:
    """The format that `--format`, or the ending of `--output`, or the terminal asks for."""
    if options.form:
        return options.form
    if options.output in (None, "-"):
        return "pretty" if sys.stdout is not None and sys.stdout.isatty() else "text"
    assert options.output is not None
    if is_folder(options.output):
        if "png" not in formats:
            raise click.UsageError(f"{options.output} is a folder; name a file in it")
        return "png"
    ending = os.path.splitext(options.output)[1].lower()
    form = ENDINGS.get(ending)
    if form is None or form not in formats:
        known = ", ".join(name for name, known in ENDINGS.items() if known in formats)
        raise click.UsageError(f"{options.output}: its ending names no format; there are {known}, or add --format")
    return form


Path = str | os.PathLike[str] | None


def refuse_over_input(output: str | None, inputs: Iterable[Path]) -> None:
    """A result is never saved over what it is made from, under whatever name."""
    if output is not None and output != "-":
        refuse_these(output, identities(inputs))


def identities(inputs: Iterable[Path]) -> set[tuple[int, int]]:
    """What tells files apart under all their names; standard input is one of them for None and `-`."""
    found = set()
    for path in inputs:
        try:
            status = os.fstat(sys.stdin.fileno()) if path in (None, "-") else os.stat(cast("str", path))
        except (OSError, ValueError, AttributeError):
            continue
        found.add((status.st_dev, status.st_ino))
    return found


def refuse_these(output: str, inputs: set[tuple[int, int]]) -> None:
    """Refuse an output that is one of these files; devices and pipes are no files in this sense."""
    try:
        target = os.stat(output)
    except (OSError, ValueError):
        return
    if os.path.isfile(output) and (target.st_dev, target.st_ino) in inputs:
        raise click.UsageError(f"--output {output} is also the input; name another file")


def write_bytes(options: OutputOptions, write: Callable[[BinaryIO], None]) -> None:
    """Let `write` fill the file of `--output`, or standard output."""
    if options.output in (None, "-"):
        stream = stdout()
        try:
            write(stream)
            stream.flush()
        except (BrokenPipeError, XoCnnError):
            raise
        except OSError as error:
            raise OutputError(f"standard output: {error.strerror}") from error
        return
    from xo_cnn.formats.saving import save

    assert options.output is not None
    save(options.output, write)


def write_text(options: OutputOptions, lines: Iterable[str]) -> None:
    """Write lines of text as `write_bytes` does; names that are no UTF-8 go out as the bytes they are."""

    def write(stream: BinaryIO) -> None:
        for line in lines:
            stream.write(line.encode("utf-8", "surrogateescape") + b"\n")

    write_bytes(options, write)


def write_maps(maps: Sequence[Map], options: OutputOptions, inputs: Iterable[Path]) -> None:
    """Write maps in the format asked for; `inputs` are the files that they come from."""
    form = form_for(options, tuple(ENDINGS.values()))
    if is_folder(options.output) or writes_a_file_each(options):
        inputs = list(inputs)
        if len(maps) == 1 and not maps[0].name and inputs and inputs[0] not in (None, "-"):
            maps = [replace(maps[0], name=_stem(os.fspath(cast("str", inputs[0]))))]
        _write_files(maps, form, options, identities(inputs), "", set())
        return
    if "{name}" in (options.output or ""):
        raise click.UsageError(f"{{name}} gives a picture per map, and {form} holds all maps: name one file")
    refuse_over_input(options.output, inputs)
    if form == "pretty":
        _draw(maps, options)
        return
    _refuse_binary_on_terminal(form, options)
    if form in PICTURES and form != "svg" and len(maps) > 1:
        raise click.UsageError(
            f"{len(maps)} maps make {len(maps)} pictures: use --output FOLDER/, or {{name}} in the file's name"
        )
    write_bytes(options, lambda stream: _fill(stream, maps, form, options))


def write_maps_of_each(
    paths: Sequence[str], options: OutputOptions, inputs: Sequence[str], maps_of: Callable[[str], Sequence[Map]]
) -> int:
    """Write the maps of several images into a folder, one image after the other; a bad one does not stop the rest."""
    if not is_folder(options.output):
        raise click.UsageError(f"{len(paths)} images give their maps each: name a folder for them, --output FOLDER/")
    stems = [_stem(path) for path in paths]
    twice = [stem for stem, count in Counter(stems).items() if count > 1]
    if twice:
        raise click.UsageError(f"two images are called {twice[0]}, so one's maps would replace the other's; rename one")
    form = form_for(options, tuple(ENDINGS.values()))
    forbidden, written = identities([*paths, *inputs]), set[str]()
    status = 0
    for path, stem in zip(paths, stems, strict=True):
        try:
            _write_files(maps_of(path), form, options, forbidden, stem, written)
        except XoCnnError as error:
            complain(str(error))
            status = 1
    return status


def writes_a_file_each(options: OutputOptions) -> bool:
    """Whether each map becomes a picture in a file of its own."""
    form = form_for(options, tuple(ENDINGS.values()))
    return form in PICTURES and (is_folder(options.output) or "{name}" in (options.output or ""))


def _stem(path: str) -> str:
    return "standard-input" if path == "-" else os.path.splitext(os.path.basename(path))[0]


def is_folder(output: str | None) -> bool:
    """Whether `--output` names a folder, there already or to be made."""
    return output is not None and output != "-" and (output.endswith("/") or os.path.isdir(output))


def refuse_saving(options: OutputOptions) -> None:
    """A drawing goes to standard output, and to no file."""
    if options.output not in (None, "-"):
        raise click.UsageError("--format pretty is for the terminal; save with another format")
    stdout()


def _draw(maps: Sequence[Map], options: OutputOptions) -> None:
    from xo_cnn.drawing.terminal import console, draw_maps

    refuse_saving(options)
    draw_maps(maps, console(sys.stdout))


def _refuse_binary_on_terminal(form: str, options: OutputOptions) -> None:
    if form in ("npy", "npz") and options.output in (None, "-") and sys.stdout is not None and sys.stdout.isatty():
        raise click.UsageError(f"{form} is nothing to look at: use --output FILE.{form}, or a pipe")


def _write_files(
    maps: Sequence[Map],
    form: str,
    options: OutputOptions,
    forbidden: set[tuple[int, int]],
    stem: str,
    written: set[str],
) -> None:
    """A picture per map, or a file of all maps in another format, in a folder or where {name} says.

    `stem` is the name of the one image among several whose maps they are, `forbidden` are the inputs, and `written`
    the files of this command so far.
    """
    assert options.output is not None
    parts: list[tuple[str, Sequence[Map]]]
    if form in PICTURES:
        names = [_file_name(one.name) or f"map-{number}" for number, one in enumerate(maps, start=1)]
        parts = [(f"{stem}-{name}" if stem else name, [one]) for name, one in zip(names, maps, strict=True)]
    elif form == "pretty":
        raise click.UsageError("--format pretty is for the terminal; save with another format")
    else:
        parts = [(stem or "maps", maps)]
    ending = next(ending for ending, known in ENDINGS.items() if known == form)
    pattern = options.output if "{name}" in options.output else os.path.join(options.output, "{name}" + ending)
    targets = [pattern.replace("{name}", name) for name, _ in parts]
    for target in targets:
        if target in written:
            raise XoCnnError(f"{target} would hold two maps of one name, one replacing the other; rename one of them")
        written.add(target)
        refuse_these(target, forbidden)
        _make_folder(os.path.dirname(target))
    for target, (_, some) in zip(targets, parts, strict=True):
        write_bytes(
            replace(options, output=target),
            lambda stream, some=some: _fill(stream, some, form, options),  # type: ignore[misc]
        )


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder or ".", exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made a folder: {error.strerror}") from error


def _fill(stream: BinaryIO, maps: Sequence[Map], form: str, options: OutputOptions) -> None:
    if form == "svg":
        from xo_cnn.drawing.svg import maps_figure

        stream.write(maps_figure(maps).encode())
    elif form in PICTURES:
        from xo_cnn.drawing.picture import write_picture

        write_picture(maps[0], stream, form, options.scale, options.palette)
    else:
        from xo_cnn.formats.maps import write_maps as write

        write(maps, cast("Format", form), stream)


def _file_name(name: str) -> str:
    """A map's name as a file's: a stream from elsewhere may call a map ../../anything."""
    return "".join("_" if c in "/\\:" or not c.isprintable() else c for c in name).lstrip(".")[:100]
