"""Samples to learn reading from: letters in every hand, paint, place and light, with their true ink."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools import paper, printed
from tools.alphabet import SKELETONS
from tools.frames import Drawn, UnreadableError
from xo_cnn.errors import OptionError
from xo_cnn.images.picture import Picture
from xo_cnn.letters.dice import Dice

# what is drawn, and how often
KINDS: dict[str, tuple[float, Callable[[str, Dice], Drawn]]] = {
    "pen": (14, paper.pen),
    "cursive": (12, paper.running_hand),
    "board": (18, paper.board),
    "box or ring": (14, paper.boxed),
    "ruled paper": (9, paper.ruled),
    "clutter": (0, paper.clutter),  # asked for by name: it teaches the choice of a reading, not the network
    "typeface": (12, printed.typeface),
    "shades": (10, printed.shades),
    "transparent": (6, printed.transparent),
    "pixels": (4, printed.pixels),
}

MOST_INK = 0.9  # the share of a picture that a letter may cover


@dataclass(frozen=True, eq=False)
class Sample:
    """A drawn picture, its letter's true ink (bool, the picture's rows and columns), and its kind in plain words.

    What a hollow letter's outline encloses belongs to its ink; the counter of an O does not.
    """

    picture: Picture
    ink: NDArray[np.bool_]
    kind: str


def sample(label: str, seed: int, kind: str | None = None) -> Sample:
    """Draw a letter as the world has it: any hand or typeface, paint, surroundings and light, all from the seed.

    The label is a capital or a digit. `kind` draws only one of KINDS; otherwise the seed picks it. The same seed
    gives the same picture on every machine. Raises OptionError for any other label or kind.

    >>> drawn = sample("X", 1, "board")
    >>> drawn.ink.shape == drawn.picture.levels.shape
    True
    """
    if label not in SKELETONS:
        raise OptionError(f"no samples can be drawn of {label!r}; there are A to Z and 0 to 9")
    if kind is not None and kind not in KINDS:
        raise OptionError(f"{kind!r} is not a kind of sample; there are {', '.join(KINDS)}")
    dice = Dice(seed, ord(label), 1)
    name = kind or _picked(dice.between(0, sum(weight for weight, _ in KINDS.values())))
    while True:
        with suppress(UnreadableError):
            picture, ink = KINDS[name][1](label, dice)
            # a letter I in a tight frame would be nothing but ink
            if 0 < ink.mean() < MOST_INK:
                return Sample(picture, ink, name)


def _picked(throw: float) -> str:
    for name, (weight, _) in KINDS.items():
        throw -= weight
        if throw <= 0:
            return name
    return name
