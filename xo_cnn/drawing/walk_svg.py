"""The walk as one figure: the image, and from it a row for each feature to its votes, then the verdict."""

from __future__ import annotations

from textwrap import wrap

from xo_cnn.drawing.palette import colour, hex_colour
from xo_cnn.drawing.svg import GAP, MOST_CELLS, Piece, column, document, flow, legend_piece, map_piece, words
from xo_cnn.grid import Map
from xo_cnn.walk.walk import Walk, chapters, place
from xo_cnn.words import signed, size

LINE = 17


def walk_figure(told: Walk) -> str:
    """The whole walk as one SVG file, the same bytes for the same walk."""
    columns = [_image(told), *_rows(told)]
    figure = flow(columns, width=sum(piece.width + 2 * GAP for piece in columns), gap=1.5 * GAP)
    verdict = f"The verdict: {told.verdict}"
    source = f"From {told.source} to its verdict" if told.source else "From the image to its verdict"
    title = Piece(480, 24, [words(f"{source}: {told.verdict}", 0, 18, 20, "font-weight='bold'")])
    foot = flow([_verdict(told), _in_words(told, max(figure.width - 380, 560))], width=10_000, gap=2 * GAP)
    return document(column([title, figure, foot, legend_piece()]), f"{source}. {verdict}.")


def _cell(one: Map) -> float:
    return max(26.0, min(32.0, 300 / one.shape[1]))


def _lines(lines: list[str], width: float, bold_first: bool = False) -> Piece:
    parts, y = [], 0.0
    for number, line in enumerate(lines):
        indent = 14.0 if line.startswith("  ") else 0.0
        for part in wrap(line.strip(), max(int((width - indent) / 7.3), 20)):
            y += LINE
            parts.append(words(part, indent, y - 4, 12, "font-weight='bold'" if bold_first and not number else ""))
    return Piece(width, y, parts)


def _image(told: Walk) -> Piece:
    """The image with the patch, naive matching, and the patch and the window worked out, below each other."""
    match, window = told.match, told.window
    parts = [map_piece(told.grid, 28, title=f"the image {size(told.grid.shape)}", boxes=[match.box])]
    width = max(parts[0].width, 300)
    products = [
        map_piece(match.patch, 26, title="patch"),
        _sign("×", match.patch),
        map_piece(match.feature, 26, title=match.feature.name),
        _sign("=", match.patch),
        map_piece(match.products, 26, title="products"),
    ]
    sum_line = f"{match.total:.6g} ÷ {match.feature.sums.size} cells = {signed(match.quotient)}"
    at = f"One patch: {match.feature.name} at {place(match.at)}"
    parts.append(column([_lines([at], width, True), flow(products, 10_000, 8), _lines([f"sum: {sum_line}"], width)], 4))
    if window:
        at = f"One window: {match.feature.name} pooled, {place(window.at)}"
        best = (window.best[0] - window.box[0], window.best[1] - window.box[1], 1, 1)
        covered = map_piece(window.cells, 30, title="window", boxes=[best])
        parts.append(
            column([_lines([at], width, True), covered, _lines([f"maximum: {signed(window.maximum)}"], width)], 4)
        )
    for one in told.likenesses:
        boxes = [(row, across, 1, 1) for row, across in zip(*one.differ.nonzero(), strict=True)]
        heading = f"the saved {one.exemplar.name}: {one.agree} of {one.cells} cells agree"
        note = _lines(["outlined: the cells that differ"] if len(boxes) > 0 and one.cells <= MOST_CELLS else [], width)
        parts.append(column([map_piece(one.exemplar, 20, title=heading, boxes=boxes), note], 2))
    return column(parts, GAP)


def _sign(sign: str, beside: Map) -> Piece:
    return Piece(12, 20, [words(sign, 0, 28 + beside.shape[0] * 26 * 0.375, 18)])


def _rows(told: Walk) -> list[Piece]:
    """A column for each stage, with a row for each feature."""
    stages = [told.convolution, *told.pooling]
    heads = [
        "features",
        "convolution",
        *(f"pooling {size((p.window, p.window))}/{p.stride}" for p in told.network.layers),
    ]
    heads += [f"votes for {label}" for label in told.network.labels]
    table: list[list[Piece]] = [[] for _ in heads]
    for number, feature in enumerate(told.network.features):
        chosen = number == told.chosen
        row = [map_piece(feature, 28)]
        for depth, layer in enumerate(stages):
            one, boxes = layer.maps[number], []
            if chosen and depth == 0:
                boxes = [(*told.match.at, 1, 1), *([told.window.box] if told.window else [])]
            elif chosen and depth == 1 and told.window:
                boxes = [(*told.window.at, 1, 1)]
            row.append(map_piece(one, _cell(one), boxes=boxes))
        for label in told.network.labels:
            votes = Map(feature.name, told.votes[label][number])
            title = f"{feature.name} {signed(float(votes.sums.sum()), 3)}"
            row.append(map_piece(votes, _cell(votes) * 1.2, title=title, places=3))
        for pieces, piece in zip(table, row, strict=True):
            pieces.append(piece)
    heights = [max(piece.height for piece in row) for row in zip(*table, strict=True)]
    result = []
    for head, pieces in zip(heads, table, strict=True):
        width = max(max(piece.width for piece in pieces), 7.9 * len(head))
        aligned = [Piece(width, height, piece.parts) for piece, height in zip(pieces, heights, strict=True)]
        result.append(column([Piece(width, 14, [words(head, 0, 11, 13, "fill='#555'")]), column(aligned)], 10))
    return result


def _verdict(told: Walk) -> Piece:
    """The labels with their votes as bars and numbers."""
    votes = told.verdict.votes
    low, high = min(0.0, *votes.values()), max(0.0, *votes.values())
    scale = 180 / ((high - low) or 1.0)
    parts = [words(f"The verdict: {told.verdict}", 0, 18, 18, "font-weight='bold'")]
    axis = 70 - low * scale
    for number, (label, vote) in enumerate(votes.items()):
        y = 34 + number * 30
        left = axis + min(vote, 0.0) * scale
        box = f"x='{left:.1f}' y='{y}' width='{abs(vote) * scale:.1f}' height='22'"
        short = label if len(label) <= 8 else label[:7] + "…"
        weight = "font-weight='bold'" if label == str(told.verdict) else ""
        parts += [
            words(short, 0, y + 15, 14, weight),
            f"<rect {box} fill='{hex_colour(colour(1.0 if vote >= 0 else -1.0))}'/>",
            words(signed(vote, 3), 262, y + 15, 13, weight),
        ]
    parts.append(f"<path d='M{axis:.1f} 30v{len(votes) * 30}' stroke='#555'/>")
    return Piece(330, 40 + len(votes) * 30, parts)


def _in_words(told: Walk, width: float) -> Piece:
    pieces = [
        _lines([chapter.title, *chapter.sums_up], width, bold_first=True)
        for chapter in chapters(told)
        if chapter.sums_up
    ]
    prepared = [_lines(list(told.prepared), width)] if told.prepared else []
    return column([*prepared, *pieces], 8)
