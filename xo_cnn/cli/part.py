"""The rows of a long run, kept in FILE.part beside its output as they come, so that it can be resumed."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import BinaryIO

import click

from xo_cnn.cli.messages import complain
from xo_cnn.cli.results import encoded
from xo_cnn.cli.verdicts import Row, Style
from xo_cnn.errors import OutputError, XoCnnError
from xo_cnn.words import count

_BEGINNING = b'{"xo-cnn run": '


class Part:
    """A file with a heading, which identifies the run, and one JSON object per input, good or bad, in input order.

    It holds what the output is made of in the end, whatever its format. Raises OutputError where it cannot be
    written, and UsageError where it holds something else than the rows of this run.
    """

    def __init__(self, output: str, settings: str, resume: bool) -> None:
        self.output = output
        self.path = f"{output}.part"
        self._heading = _BEGINNING + json.dumps(settings).encode() + b"}\n"
        self._added = 0
        if os.path.exists(output) and not os.access(output, os.W_OK):
            raise OutputError("cannot be written: Permission denied", output)
        try:
            self._stream = open(self.path, "r+b" if os.path.exists(self.path) else "x+b")  # noqa: SIM115
            try:
                self._kept = self._take_up(resume)
            except BaseException:
                self._stream.close()
                raise
        except (OSError, ValueError) as error:
            raise OutputError(f"cannot be written: {getattr(error, 'strerror', error)}", output) from error

    def _take_up(self, resume: bool) -> int:
        """Go to the end of what an interrupted run has left, or to the beginning; return the bytes of its rows."""
        heading = self._stream.readline(1 << 16)
        if heading and not heading.startswith(_BEGINNING):
            raise click.UsageError(f"{self.path} is in the way, and not the rows of an earlier run; move it")
        if not resume or not heading.endswith(b"\n"):
            self._stream.seek(0)
            self._stream.truncate()
            self._stream.write(self._heading)
            self._stream.flush()
            return 0
        if heading != self._heading:
            raise click.UsageError(
                f"{self.path} was written with other options, another network or another version; "
                "repeat the command that wrote it, or leave out --resume to start anew"
            )
        whole = sum(len(line) for line in self._stream if line.endswith(b"\n"))
        self._stream.seek(len(heading) + whole)
        self._stream.truncate()
        return whole

    def __enter__(self) -> Part:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stream.close()
        if kind is None or not (self._added or self._kept):
            with contextlib.suppress(OSError):
                os.unlink(self.path)
        elif self._added:
            complain(f"{self.path} keeps {count(self._added, 'new row')}; the same command with --resume continues")

    def _rows(self, size: int) -> Iterator[Row]:
        """The rows in the first `size` bytes after the heading."""
        with open(self.path, "rb") as stream:
            stream.seek(len(self._heading))
            while size > 0:
                line = stream.readline()
                size -= len(line)
                try:
                    yield Row.of(json.loads(line))
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise XoCnnError("is damaged; leave out --resume to start anew", self.path) from error

    def after(self, batches: Iterator[list[str]], counted: Callable[[Row], None]) -> Iterator[list[str]]:
        """Yield the batches without the inputs that have their rows already; `counted` is called with each of those.

        Raises UsageError where the rows are not those of these inputs.
        """
        from xo_cnn.formats.saving import same_file

        rows = self._rows(self._kept)
        row = next(rows, None)
        for batch in batches:
            fresh = []
            for path in batch:
                if os.path.basename(path) == os.path.basename(self.path) and same_file(path, self.path):
                    continue  # in the folder that is searched
                if row is None:
                    fresh.append(path)
                elif row.path != path:
                    raise click.UsageError(
                        f"{self.path} has a row of {row.path} where the list has {path}; "
                        "use the same list, or leave out --resume to start anew"
                    )
                else:
                    counted(row)
                    row = next(rows, None)
            if fresh or not batch:
                yield fresh
        if row is not None:
            raise click.UsageError(
                f"{self.path} has rows of more inputs than the list; use the same list, or leave out --resume"
            )

    def add(self, row: Row) -> None:
        """Keep a row: from now on it survives an interruption."""
        self._stream.write(json.dumps(row.entry()).encode() + b"\n")
        self._stream.flush()
        self._added += 1

    def finish(self, style: Style) -> None:
        """Write the output from the rows; text of inputs that are all bad is no result, and leaves the file alone."""
        from xo_cnn.formats.saving import write_file

        size = os.path.getsize(self.path) - len(self._heading)
        if style.form == "text" and size and all(row.verdict is None for row in self._rows(size)):
            return

        def write(stream: BinaryIO) -> None:
            for line in style.heading():
                stream.write(encoded(line))
            for row in self._rows(size):
                for line in style.lines(row):
                    stream.write(encoded(line))

        write_file(self.output, write)
