"""Skeletons of all capitals and digits: what letters in general look like, as a pen or a typeface would have them."""

from __future__ import annotations

import itertools

import numpy as np

from tools.hands import nibbed
from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import Line, Shape, curve, stroked
from xo_cnn.letters.strokes import near

# strokes are separated by |, places (x,y) are tenths of the letter's square; ~ begins a curve of four places
_BOWL, _ROUND = "~-7,-10 12,-11 12,2 -7,1", "~0,-10 -12,-10 -12,10 0,10|~0,10 12,10 12,-10 0,-10"
_C = "~8,-6 2,-13 -9,-11 -9,0|~-9,0 -9,11 2,13 8,6"
SKELETONS = {
    "A": "-9,10 0,-10 9,10|-6,3 6,3",
    "B": "-7,10 -7,-10|~-7,-10 11,-10 11,0 -7,0|~-7,0 13,0 13,10 -7,10",
    "C": _C,
    "D": "-8,10 -8,-10|~-8,-10 14,-11 14,11 -8,10",
    "E": "-7,-10 -7,10|-7,-10 8,-10|-7,0 5,0|-7,10 8,10",
    "F": "-7,-10 -7,10|-7,-10 8,-10|-7,0 5,0",
    "G": _C + "|8,6 8,1 2,1",
    "H": "-8,-10 -8,10|8,-10 8,10|-8,0 8,0",
    "I": "0,-10 0,10",
    "J": "4,-10 4,5|~4,5 4,12 -6,12 -7,5",
    "K": "-7,-10 -7,10|7,-10 -7,2|-2,-2 8,10",
    "L": "-6,-10 -6,10|-6,10 7,10",
    "M": "-9,10 -8,-10 0,6 8,-10 9,10",
    "N": "-8,10 -8,-10 8,10 8,-10",
    "O": _ROUND,
    "P": "-7,10 -7,-10|" + _BOWL,
    "Q": _ROUND + "|2,4 9,11",
    "R": "-7,10 -7,-10|" + _BOWL + "|0,1 8,10",
    "S": "~7,-7 2,-13 -9,-11 -7,-4|~-7,-4 -5,0 8,0 8,5|~8,5 7,13 -5,12 -8,6",
    "T": "-9,-10 9,-10|0,-10 0,10",
    "U": "-8,-10 -8,3|~-8,3 -8,12 8,12 8,3|8,3 8,-10",
    "V": "-9,-10 0,10 9,-10",
    "W": "-10,-10 -5,10 0,-8 5,10 10,-10",
    "X": "-9,-10 9,10|9,-10 -9,10",
    "Y": "-9,-10 0,0 9,-10|0,0 0,10",
    "Z": "-8,-10 8,-10 -8,10 8,10",
    "0": _ROUND,
    "1": "-4,-6 1,-10 1,10",
    "2": "~-7,-5 -5,-12 9,-12 7,-3|7,-3 -8,10 8,10",
    "3": "~-7,-8 0,-12 9,-9 5,-2|~5,-2 3,0 0,0 -2,0|~-2,0 12,0 9,13 -7,8",
    "4": "3,10 3,-10 -8,4 8,4",
    "5": "7,-10 -6,-10 -7,-1|~-7,-1 10,-5 12,12 -7,9",
    "6": "~6,-9 -3,-10 -8,-3 -7,4|~-7,4 -6,12 8,12 8,4|~8,4 7,-3 -5,-3 -7,4",
    "7": "-8,-10 8,-10 -3,10",
    "8": "~0,-1 -9,-2 -8,-10 0,-10|~0,-10 8,-10 9,-2 0,-1|~0,-1 -12,0 -10,10 0,10|~0,10 10,10 12,0 0,-1",
    "9": "~-6,9 3,10 8,3 7,-4|~7,-4 6,-12 -8,-12 -8,-4|~-8,-4 -7,3 5,3 7,-4",
}


def _strokes(label: str, dice: Dice, shaky: float) -> list[tuple[bool, Line]]:
    """The skeleton's strokes, each place moved by up to `shaky`: strokes that meet still do."""
    moved: dict[str, complex] = {}
    strokes = []
    for text in SKELETONS[label].split("|"):
        line = []
        for place in text.lstrip("~").split():
            if place not in moved:
                x, y = (int(part) / 10 for part in place.split(","))
                moved[place] = near(dice, complex(x, y), shaky)
            line.append(moved[place])
        strokes.append((text.startswith("~"), line))
    return strokes


def penned_letter(label: str, dice: Dice, pen: float) -> Shape:
    """The letter as a hand draws it: its places a little off, its strokes a little bent."""
    lines: list[Line] = []
    sway = dice.between(0, 0.15)
    for bow, line in _strokes(label, dice, dice.between(0.03, 0.15)):
        if bow:
            lines.append(curve(*line, steps=6))
            continue
        for start, end in itertools.pairwise(line):
            lines.append(curve(start, near(dice, (start + end) / 2, sway), end, steps=4))
    return stroked(lines, pen)


def typed_letter(label: str, dice: Dice, pen: float) -> Shape:
    """The letter as a typeface has it: upright strokes thick, others thin or as thick, cut off level."""
    thin = pen * (dice.between(0.3, 1) if dice.chance(0.5) else 1.0)
    lines = [curve(*line) if bow else line for bow, line in _strokes(label, dice, 0.0)]
    strokes = nibbed(lines, pen, thin)
    return lambda x, y: np.asarray(np.minimum(strokes(x, y), 1 - np.abs(y)))
