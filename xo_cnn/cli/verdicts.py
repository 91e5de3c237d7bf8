"""How a verdict is written: the label, the votes if asked for, and the image's path; or the error in its place."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from xo_cnn.words import json_text, printable

if TYPE_CHECKING:
    from xo_cnn.voting import Verdict


class Row(NamedTuple):
    """What one input got: a verdict, or the error that says why there is none."""

    path: str | None
    verdict: Verdict | None = None
    error: str = ""

    def entry(self) -> dict[str, object]:
        """The row as a JSON object."""
        entry: dict[str, object] = {"error": self.error}
        if self.verdict is not None:
            entry = {"label": str(self.verdict), "votes": self.verdict.votes}
        return entry if self.path is None else {**entry, "path": self.path}


class Style(NamedTuple):
    """How rows are written: the format, whether text has the votes and the path, and the network's labels."""

    form: str
    votes: bool
    with_path: bool
    labels: tuple[str, ...]

    def heading(self) -> list[str]:
        """The line before the first row, if the format has one."""
        return [csv_row(["label", *self.labels, "path", "error"])] if self.form == "csv" else []

    def lines(self, row: Row) -> list[str]:
        """The line of a row; text has none for an input without a verdict."""
        if self.form == "json":
            return [json_text(row.entry())]
        if self.form == "csv":
            return [self._csv(row)]
        if row.verdict is None:
            return []
        votes = row.verdict.votes.items() if self.votes else ()
        path = [path_text(row.path)] if self.with_path and row.path is not None else []
        return ["\t".join([printable(row.verdict), *(f"{printable(of)}={vote:.3f}" for of, vote in votes), *path])]

    def draw(self, row: Row) -> None:
        """Draw a verdict on the terminal."""
        from xo_cnn.cli.results import stdout
        from xo_cnn.drawing.terminal import console, draw_verdict

        stdout()
        if row.verdict is not None:
            if self.with_path and row.path is not None:
                print(printable(row.path))
            draw_verdict(row.verdict, console(sys.stdout))

    def _csv(self, row: Row) -> str:
        votes = (
            [""] * len(self.labels) if row.verdict is None else [f"{vote:.6g}" for vote in row.verdict.votes.values()]
        )
        return csv_row([row.verdict or "", *votes, row.path or "", row.error])


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
