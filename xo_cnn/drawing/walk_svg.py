"""The walk as one figure: its chapters one below the other, with their pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap

from xo_cnn.drawing.look import Look
from xo_cnn.drawing.palette import colour, hex_colour
from xo_cnn.drawing.svg import GAP, Piece, column, document, flow, legend_piece, view_piece, words
from xo_cnn.voting import Verdict
from xo_cnn.walk.chapter import Chapter, Row, View
from xo_cnn.words import signed

LINE = 17
LETTER = 7.3  # the width of one at the size of prose
ROOM = 1000
CELL = 28


def chapters_figure(chapters: Sequence[Chapter], title: str) -> str:
    """Chapters as one SVG file under a title, the same bytes for the same walk."""
    return document(column([_prose([title]), *map(_chapter, chapters)], 36), title)


def _chapter(chapter: Chapter) -> Piece:
    pieces = [Piece(9.7 * len(chapter.title), 22, [words(chapter.title, 0, 16, 16, "font-weight='bold'")])]
    if chapter.says:
        pieces.append(_prose(chapter.says))
    rows = [_row(row) for row in chapter.rows]
    aside = sum(row.width + GAP for row in rows) <= ROOM + GAP
    pieces += [flow(rows, ROOM)] if rows and aside else rows
    views = [item for row in chapter.rows for item in row if isinstance(item, View)]
    if any(Look.of(view.map, view.palette).palette == "diverging" for view in views):
        pieces.append(legend_piece(meaning=chapter.legend))
    elif chapter.legend:
        pieces.append(_prose([chapter.legend]))
    if chapter.verdict:
        pieces.append(votes_piece(chapter.verdict))
    if chapter.sums_up:
        pieces.append(_prose(chapter.sums_up))
    return column(pieces, 12)


def _row(row: Row) -> Piece:
    """Views side by side, and signs between them on the middle of the lower one."""
    pieces = [view_piece(item, CELL) if isinstance(item, View) else Piece(14, 0) for item in row]
    for number, item in enumerate(row):
        if isinstance(item, str):
            lower = min(pieces[number - 1].height, pieces[number + 1].height)
            pieces[number] = Piece(14, 0, [words(item, 0, lower / 2 + 16, 18)])
    return flow(pieces, ROOM, 18)


def _prose(lines: Iterable[str]) -> Piece:
    parts, y = [], 0.0
    for line in lines:
        indent = 14.0 if line.startswith("  ") else 0.0
        for part in wrap(line.strip(), int((ROOM - indent) / LETTER)):
            y += LINE
            parts.append(words(part, indent, y - 4, 12))
    return Piece(ROOM, y, parts)


def votes_piece(verdict: Verdict) -> Piece:
    """The labels with their votes as bars and numbers."""
    votes = verdict.votes
    low, high = min(0.0, *votes.values()), max(0.0, *votes.values())
    scale = 360 / ((high - low) or 1.0)
    axis = 70 - low * scale
    parts = []
    for number, (label, vote) in enumerate(votes.items()):
        y = number * 30
        left = axis + min(vote, 0.0) * scale
        box = f"x='{left:.1f}' y='{y}' width='{abs(vote) * scale:.1f}' height='22'"
        short = label if len(label) <= 8 else label[:7] + "…"
        weight = "font-weight='bold'" if label == str(verdict) else ""
        parts += [
            words(short, 0, y + 15, 14, weight),
            f"<rect {box} fill='{hex_colour(colour(1.0 if vote >= 0 else -1.0))}'/>",
            words(signed(vote, 3), 442, y + 15, 13, weight),
        ]
    parts.append(f"<path d='M{axis:.1f} -4v{len(votes) * 30}' stroke='#555'/>")
    return Piece(510, len(votes) * 30, parts)
