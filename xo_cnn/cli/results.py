"""Results: drawn on a terminal, plain text in a pipe, and files that are written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from xo_cnn.errors import OutputError, XoCnnError

if TYPE_CHECKING:
    from xo_cnn.cli.options import OutputOptions
    from xo_cnn.grids import Format
    from xo_cnn.maps import Map

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
PICTURES = ("png", "pgm")


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
    if options.output.endswith("/") or Path(options.output).is_dir():
        return "png"
    ending = Path(options.output).suffix.lower()
    form = ENDINGS.get(ending)
    if form is None or form not in formats:
        known = ", ".join(name for name, known in ENDINGS.items() if known in formats)
        raise click.UsageError(f"{options.output}: its ending names no format; there are {known}, or add --format")
    return form


def refuse_over_input(output: str | None, inputs: Iterable[str | os.PathLike[str] | None]) -> None:
    """A result is never saved over what it is made from, under whatever name."""
    if output is None or output == "-":
        return
    for path in inputs:
        if _is_same(output, path):
            raise click.UsageError(f"--output {output} is also the input; name another file")


def _is_same(output: str, path: str | os.PathLike[str] | None) -> bool:
    try:
        target = os.stat(output)
        if not os.path.isfile(output):
            return False
        source = os.fstat(sys.stdin.fileno()) if path in (None, "-") else os.stat(cast("str", path))
    except (OSError, ValueError, AttributeError):
        return False
    return os.path.samestat(target, source)


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
    from xo_cnn.files import save

    assert options.output is not None
    save(options.output, write)


def write_text(options: OutputOptions, lines: Iterable[str]) -> None:
    """Write lines of text as `write_bytes` does; names that are no UTF-8 go out as the bytes they are."""

    def write(stream: BinaryIO) -> None:
        for line in lines:
            stream.write(line.encode("utf-8", "surrogateescape") + b"\n")

    write_bytes(options, write)


def write_maps(maps: Sequence[Map], options: OutputOptions, inputs: Iterable[str | os.PathLike[str] | None]) -> None:
    """Write maps in the format asked for; `inputs` are the files that they come from."""
    inputs = list(inputs)
    refuse_over_input(options.output, inputs)
    form = form_for(options, tuple(ENDINGS.values()))
    if form == "pretty":
        _draw(maps, options)
    elif form in PICTURES:
        _write_pictures(maps, form, options, inputs)
    elif form == "svg":
        if _one_file_per_map(options.output):
            _write_each(maps, "svg", options, inputs)
        else:
            from xo_cnn.drawing.svg import maps_figure

            write_bytes(options, lambda stream: _write(stream, maps_figure(maps).encode()))
    else:
        _refuse_binary_on_terminal(form, options)
        from xo_cnn.grids import write_maps as write

        write_bytes(options, lambda stream: write(maps, cast("Format", form), stream))


def _write(stream: BinaryIO, data: bytes) -> None:
    stream.write(data)


def _refuse_binary_on_terminal(form: str, options: OutputOptions) -> None:
    if form in ("npy", "npz") and options.output in (None, "-") and sys.stdout is not None and sys.stdout.isatty():
        raise click.UsageError(f"{form} is nothing to look at: use --output FILE.{form}, or a pipe")


def _draw(maps: Sequence[Map], options: OutputOptions) -> None:
    from xo_cnn.drawing.terminal import console, draw_maps

    if options.output not in (None, "-"):
        raise click.UsageError("--format pretty is for the terminal; save with another format")
    if sys.stdout is None:
        stdout()
    draw_maps(maps, console(sys.stdout))


def _one_file_per_map(output: str | None) -> bool:
    return output is not None and ("{name}" in output or output.endswith("/") or Path(output).is_dir())


def _write_pictures(
    maps: Sequence[Map], form: str, options: OutputOptions, inputs: Sequence[str | os.PathLike[str] | None]
) -> None:
    from xo_cnn.drawing.picture import write_picture

    if _one_file_per_map(options.output):
        _write_each(maps, form, options, inputs)
        return
    if len(maps) > 1:
        raise click.UsageError(
            f"{len(maps)} maps make {len(maps)} pictures: use --output FOLDER/, or {{name}} in the file's name"
        )
    write_bytes(options, lambda stream: write_picture(maps[0], stream, form, options.scale, options.palette))


def _write_each(
    maps: Sequence[Map], form: str, options: OutputOptions, inputs: Sequence[str | os.PathLike[str] | None]
) -> None:
    """One picture per map, in a folder or under a name with {name} in it."""
    from xo_cnn.drawing.picture import write_picture
    from xo_cnn.drawing.svg import maps_figure
    from xo_cnn.files import save

    assert options.output is not None
    pattern = options.output if "{name}" in options.output else os.path.join(options.output, f"{{name}}.{form}")
    names = [_file_name(one.name) or f"map-{number}" for number, one in enumerate(maps, start=1)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise XoCnnError(f"two maps are called {twice}, so one picture would replace the other; rename a feature")
    targets = [pattern.replace("{name}", name) for name in names]
    for target in targets:
        refuse_over_input(target, inputs)
        try:
            Path(target).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise XoCnnError(f"{Path(target).parent}: cannot be made a folder: {error.strerror}") from error
    for target, one in zip(targets, maps, strict=True):
        if form == "svg":
            figure = maps_figure([one]).encode()
            save(target, lambda stream, figure=figure: _write(stream, figure))  # type: ignore[misc]
        else:
            save(
                target,
                lambda stream, one=one: write_picture(one, stream, form, options.scale, options.palette),  # type: ignore[misc]
            )


def _file_name(name: str) -> str:
    """A map's name as a file's: a stream from elsewhere may call a map ../../anything."""
    return "".join("_" if c in "/\\:\0" or not c.isprintable() else c for c in name).lstrip(".")[:100]
