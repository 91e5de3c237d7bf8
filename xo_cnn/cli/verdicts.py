"""How a verdict is written: the label, its votes if asked for, and the image's path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xo_cnn.words import printable

if TYPE_CHECKING:
    from xo_cnn.voting import Verdict


def text_line(verdict: Verdict, path: str | None, votes: bool) -> str:
    """`X`, with a tab and LABEL=VOTES for each label, and a tab and the path, as asked for."""
    parts = [printable(verdict)]
    if votes:
        parts += [f"{printable(label)}={number:.3f}" for label, number in verdict.votes.items()]
    if path is not None:
        # Bytes that are no UTF-8 go out as they are: the next program in the pipe gets the name that the system has.
        parts.append("".join(c if "\udc80" <= c <= "\udcff" else printable(c) for c in path))
    return "\t".join(parts)


def json_line(verdict: Verdict, path: str | None) -> str:
    """One object with `label`, `votes` by label, and `path`."""
    import json

    entry: dict[str, object] = {"label": str(verdict), "votes": verdict.votes}
    if path is not None:
        entry["path"] = path
    return json.dumps(entry)


def error_line(error: Exception, path: str) -> str:
    """One object with `error` and `path`, in the place of the verdict that there is none of."""
    import json

    return json.dumps({"error": str(error), "path": path})


def csv_heading(labels: tuple[str, ...]) -> str:
    """The names of the columns of `csv_line`."""
    return csv_row(["label", *labels, "path"])


def csv_line(verdict: Verdict, path: str | None) -> str:
    """The label, the votes for each label, and the path."""
    return csv_row([str(verdict), *(f"{number:.6g}" for number in verdict.votes.values()), path or ""])


def csv_row(cells: list[str]) -> str:
    """One row of csv, quoted where it has to be."""
    return ",".join('"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',"\r\n') else cell for cell in cells)
