"""How far each means carries: accuracy against the amount of shift, shrinking, rotation and deformation.

Drawn X's and O's (a pen's and a typeface's, of seeds that no training uses) are changed more and more. Three ways to
tell them apart stand side by side, each once on the picture as it is and once fitted (--fit): naive matching with the
text's X and O, the text's own network, and the default network. A last table and panel have the same three, fitted,
on every kind of picture that `tools/` draws: boards, frames, typefaces, transparency and so on.

    python benchmarks/robustness.py [--samples 100] [--figure benchmarks/robustness.svg]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from tools.mix import KINDS, sample
from xo_cnn.errors import ImageError
from xo_cnn.images.fit import fit
from xo_cnn.images.picture import Picture
from xo_cnn.learning.evaluation import match_naively, whole_grid
from xo_cnn.letters.samples import draw
from xo_cnn.network import Network

SEED = 5_000_000
# what changes, its amounts, and how the figure writes them
CHANGES: dict[str, tuple[list[float], str]] = {
    "shift": ([0, 0.05, 0.1, 0.15, 0.2, 0.25], "share of the letter's side"),
    "shrink": ([0, 0.15, 0.3, 0.45, 0.6, 0.75], "share of the side taken away"),
    "rotate": ([0, 9, 18, 27, 36, 45], "degrees"),
    "deform": ([0, 0.1, 0.2, 0.3, 0.4, 0.5], "share of half the side"),
}
METHODS = ["naive matching", "naive matching, fitted", "article", "article, fitted", "xo", "xo, fitted"]
COLOURS = {"naive matching": "#b35806", "article": "#998ec3", "xo": "#2d004b"}


def answers(levels: Any, article: Network, xo: Network) -> Iterator[str]:
    """What each method says of one picture, in the order of METHODS. Ink is told, so that only shapes are compared."""
    naive = {fitted: fit(levels, 9, "black").grid if fitted else whole_grid(levels, 9, "black") for fitted in (0, 1)}
    whole, found = whole_grid(levels, 16, "black"), fit(levels, 16, "black").grid
    yield str(match_naively(naive[0]))
    yield str(match_naively(naive[1]))
    yield str(article.classify(naive[0]))
    yield str(article.classify(naive[1]))
    yield str(xo.classify(whole))
    yield str(xo.classify(found))


def measure(samples: int) -> dict[str, list[list[float]]]:
    """For each change, for each amount, the accuracy of each method in percent."""
    article, xo = Network.load("article"), Network.load("xo")
    table: dict[str, list[list[float]]] = {}
    for change, (amounts, _) in CHANGES.items():
        table[change] = []
        for amount in amounts:
            how: dict[str, Any] = {change: amount}
            if change == "shift":
                how["shrink"] = 0.4  # a letter needs room to move in
            right = np.zeros(len(METHODS))
            for number in range(samples):
                for label in ("X", "O"):
                    style = ("pen", "type")[number % 2]
                    levels = draw(label, seed=SEED + number, style=style, size=96, **how)  # type: ignore[arg-type]
                    right += [said == label for said in answers(levels, article, xo)]
            table[change].append((100 * right / (2 * samples)).tolist())
    return table


def measure_kinds(samples: int) -> dict[str, list[float]]:
    """For each kind of picture the accuracy in percent of naive matching, the text's network and xo, all fitted."""
    article, xo = Network.load("article"), Network.load("xo")
    ways: list[tuple[int, Callable[[Any], Any]]] = [(9, match_naively), (9, article.classify), (16, xo.classify)]
    table = {}
    for kind in KINDS:
        right = np.zeros(len(ways))
        for number in range(samples):
            for label in ("X", "O"):
                picture = sample(label, SEED + number, kind).picture
                right += [_said(way, picture, side) == label for side, way in ways]
        table[kind] = (100 * right / (2 * samples)).tolist()
    return table


def _said(way: Callable[[Any], Any], picture: Picture, side: int) -> str:
    try:
        return str(way(fit(picture, side).grid))
    except ImageError:  # no ink found
        return ""


def as_markdown(table: dict[str, list[list[float]]], kinds: dict[str, list[float]]) -> str:
    """The same numbers as tables, one per change, and one of all kinds of pictures."""
    lines = []
    for change, (amounts, unit) in CHANGES.items():
        lines += [f"{change} ({unit})", ""]
        lines.append(f"| {change} | " + " | ".join(f"{amount:g}" for amount in amounts) + " |")
        lines.append("|---" * (len(amounts) + 1) + "|")
        for place, method in enumerate(METHODS):
            lines.append(f"| {method} | " + " | ".join(f"{row[place]:.1f}" for row in table[change]) + " |")
        lines.append("")
    lines += ["kinds of pictures, fitted", "", "| kind | " + " | ".join(kinds) + " |"]
    lines.append("|---" * (len(kinds) + 1) + "|")
    for place, method in enumerate(COLOURS):
        lines.append(f"| {method} | " + " | ".join(f"{row[place]:.1f}" for row in kinds.values()) + " |")
    return "\n".join(lines) + "\n"


WIDE, TALL, LEFT, TOP, GAP = 190, 150, 40, 40, 26  # of a panel, and what is round it
BELOW = TOP + TALL + 124  # where the second row of panels begins


def as_svg(table: dict[str, list[list[float]]], kinds: dict[str, list[float]]) -> str:
    """Four panels, one per change; dashed lines are pictures as they are, full lines fitted; below, all kinds."""
    box = f"0 0 {LEFT + 4 * (WIDE + GAP)} {BELOW + TALL + 90}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="sans-serif" font-size="11" fill="#222">',
        "<title>Accuracy against shift, shrinking, rotation and deformation, and on every kind of picture</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for panel, (change, (amounts, unit)) in enumerate(CHANGES.items()):
        parts += _panel(LEFT + panel * (WIDE + GAP), change, amounts, unit, table[change], labelled=panel == 0)
    for place, method in enumerate(METHODS):
        x, y = LEFT + place % 3 * 260, TOP + TALL + 56 + place // 3 * 18
        line = f'<line x1="{x}" x2="{x + 34}" y1="{y}" y2="{y}" {_stroke(method)}/>'
        parts += [line, f'<text x="{x + 42}" y="{y + 4}">{method}</text>']
    return "\n".join([*parts, *_bars(kinds), "</svg>"]) + "\n"


def _height(share: float, top: float = TOP) -> float:
    """Where a percentage lies: panels reach from 40 to 100."""
    return top + TALL * (1 - (max(40, share) - 40) / 60)


def _stroke(method: str) -> str:
    name, _, fitted = method.partition(", ")
    return f'stroke="{COLOURS[name]}" stroke-width="2"' + ("" if fitted else ' stroke-dasharray="5 4"')


def _levels(start: float, end: float, top: float, labelled: bool) -> list[str]:
    """The lines of every ten percent."""
    parts = []
    for share in range(40, 101, 10):
        y = _height(share, top)
        parts.append(f'<line x1="{start}" x2="{end}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        if labelled:
            parts.append(f'<text x="{start - 6}" y="{y + 4:.1f}" text-anchor="end">{share} %</text>')
    return parts


def _panel(
    start: float, change: str, amounts: list[float], unit: str, rows: list[list[float]], labelled: bool
) -> list[str]:
    middle, foot = start + WIDE / 2, TOP + TALL
    parts = [f'<text x="{middle}" y="{TOP - 14}" text-anchor="middle" font-weight="bold">{change}</text>']
    parts += _levels(start, start + WIDE, TOP, labelled)
    places = [start + WIDE * amount / amounts[-1] for amount in amounts]
    for x, amount in zip(places, amounts, strict=True):
        parts.append(f'<text x="{x:.1f}" y="{foot + 16}" text-anchor="middle">{amount:g}</text>')
    parts.append(f'<text x="{middle}" y="{foot + 32}" text-anchor="middle" fill="#666">{unit}</text>')
    for place, method in enumerate(METHODS):
        points = " ".join(f"{x:.1f},{_height(row[place]):.1f}" for x, row in zip(places, rows, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" {_stroke(method)}><title>{method}</title></polyline>')
    return parts


def _bars(kinds: dict[str, list[float]]) -> list[str]:
    """A group of bars for each kind of picture, one for each method."""
    wide = 4 * (WIDE + GAP) - GAP
    parts = [f'<text x="{LEFT}" y="{BELOW - 14}" font-weight="bold">kinds of pictures, fitted</text>']
    parts += _levels(LEFT, LEFT + wide, BELOW, labelled=True)
    step, foot = wide / len(kinds), BELOW + TALL
    for group, (kind, row) in enumerate(kinds.items()):
        start = LEFT + (group + 0.15) * step
        for place, (method, share) in enumerate(zip(COLOURS, row, strict=True)):
            x, y, bar = start + place * 0.23 * step, _height(share, BELOW), 0.21 * step
            text = f"{kind}, {method}: {share:.1f} %"
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{bar:.1f}" height="{foot - y:.1f}" fill="{COLOURS[method]}">'
                f"<title>{text}</title></rect>"
            )
        x = start + 0.35 * step
        parts.append(
            f'<text x="{x:.1f}" y="{foot + 12}" transform="rotate(-35 {x:.1f} {foot + 12})" '
            f'text-anchor="end">{kind}</text>'
        )
    return parts


def main() -> None:
    """Measure, print the tables, and draw the figure if a path is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=100, help="of each label, for each amount and kind")
    parser.add_argument("--figure", type=Path, help="where to draw the figure (SVG)")
    given = parser.parse_args()
    table, kinds = measure(given.samples), measure_kinds(given.samples)
    print(as_markdown(table, kinds))
    if given.figure:
        given.figure.write_text(as_svg(table, kinds))


if __name__ == "__main__":
    main()
