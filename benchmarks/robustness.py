"""How far each means carries: accuracy against the amount of shift, shrinking, rotation and deformation.

Drawn X's and O's (a pen's and a typeface's, of seeds that no training uses) are changed more and more. Three ways to
tell them apart stand side by side, each once on the picture as it is and once fitted (--fit): naive matching with the
text's X and O, the text's own network, and the default network.

    python benchmarks/robustness.py [--samples 100] [--figure benchmarks/robustness.svg]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from xo_cnn.images.fit import fit
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


def as_markdown(table: dict[str, list[list[float]]]) -> str:
    """The same numbers as tables, one per change."""
    lines = []
    for change, (amounts, unit) in CHANGES.items():
        lines += [f"{change} ({unit})", ""]
        lines.append(f"| {change} | " + " | ".join(f"{amount:g}" for amount in amounts) + " |")
        lines.append("|---" * (len(amounts) + 1) + "|")
        for place, method in enumerate(METHODS):
            lines.append(f"| {method} | " + " | ".join(f"{row[place]:.1f}" for row in table[change]) + " |")
        lines.append("")
    return "\n".join(lines)


def as_svg(table: dict[str, list[list[float]]]) -> str:
    """Four panels, one per change; dashed lines are pictures as they are, full lines are fitted."""
    wide, tall, left, top, gap = 190, 150, 40, 40, 26
    box = f"0 0 {left + 4 * (wide + gap)} {top + tall + 90}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="sans-serif" font-size="11" fill="#222">',
        "<title>Accuracy against the amount of shift, shrinking, rotation and deformation</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    height: Callable[[float], float] = lambda share: top + tall * (1 - (share - 40) / 60)  # noqa: E731
    for panel, (change, (amounts, unit)) in enumerate(CHANGES.items()):
        start = left + panel * (wide + gap)
        parts.append(
            f'<text x="{start + wide / 2}" y="{top - 14}" text-anchor="middle" font-weight="bold">{change}</text>'
        )
        for share in (40, 50, 60, 70, 80, 90, 100):
            y = height(share)
            parts.append(f'<line x1="{start}" x2="{start + wide}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
            if panel == 0:
                parts.append(f'<text x="{start - 6}" y="{y + 4:.1f}" text-anchor="end">{share} %</text>')
        for amount in amounts:
            x = start + wide * amount / amounts[-1]
            parts.append(f'<text x="{x:.1f}" y="{top + tall + 16}" text-anchor="middle">{amount:g}</text>')
        parts.append(
            f'<text x="{start + wide / 2}" y="{top + tall + 32}" text-anchor="middle" fill="#666">{unit}</text>'
        )
        for place, method in enumerate(METHODS):
            name, _, fitted = method.partition(", ")
            points = " ".join(
                f"{start + wide * amount / amounts[-1]:.1f},{height(max(40, row[place])):.1f}"
                for amount, row in zip(amounts, table[change], strict=True)
            )
            dashes = "" if fitted else ' stroke-dasharray="5 4"'
            parts.append(
                f'<polyline points="{points}" fill="none" stroke="{COLOURS[name]}" stroke-width="2"{dashes}>'
                f"<title>{method}</title></polyline>"
            )
    for place, method in enumerate(METHODS):
        name, _, fitted = method.partition(", ")
        x, y = left + place % 3 * 260, top + tall + 56 + place // 3 * 18
        dashes = "" if fitted else ' stroke-dasharray="5 4"'
        parts.append(
            f'<line x1="{x}" x2="{x + 34}" y1="{y}" y2="{y}" stroke="{COLOURS[name]}" stroke-width="2"{dashes}/>'
        )
        parts.append(f'<text x="{x + 42}" y="{y + 4}">{method}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    """Measure, print the tables, and draw the figure if a path is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=100, help="of each label, for each amount")
    parser.add_argument("--figure", type=Path, help="where to draw the figure (SVG)")
    given = parser.parse_args()
    table = measure(given.samples)
    print(as_markdown(table))
    if given.figure:
        given.figure.write_text(as_svg(table))


if __name__ == "__main__":
    main()
