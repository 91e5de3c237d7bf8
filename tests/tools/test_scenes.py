"""What stands round a letter, and what it leaves free."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tools import scenes
from tools.frames import around, ground
from tools.paint import BLACK, WHITE
from tools.placed import Laid, Place, laid, penned
from xo_cnn.letters.dice import Dice
from xo_cnn.letters.shapes import straight


def letter(label: str = "X", margin: float = 0.5) -> Laid:
    """A letter 40 pixels tall with margins all round."""
    found = laid(penned(label, Dice(3), 0.1), Place((20, 20), 0.0, 0.0, straight), around(Dice(1), margin, margin))
    assert found is not None
    return found


def painted(scene: Callable[..., Any], one: Laid, seed: int) -> Any:
    """Which pixels a scene paints on a white ground."""
    return (scene(Dice(seed), ground(one.depth, WHITE), one, BLACK) < 0.999).any(axis=2)


@pytest.mark.parametrize("scene", [scenes.board, scenes.box_or_ring, scenes.ruled])
def test_every_scene_paints_something(scene: scenes.Scene) -> None:
    """Round an X and round an O, in most throws."""
    for label in "XO":
        assert sum(painted(scene, letter(label), seed).any() for seed in range(20)) >= 15


def test_a_box_goes_round_the_letter() -> None:
    """Walking from the letter's middle to the left, right, up or down, one crosses it."""
    for seed in range(10):
        one = letter("O", margin=1.0)
        box = painted(scenes.box_or_ring, one, seed)
        row, column = (int(middle) for middle in one.middle[::-1])
        assert all(part.any() for part in (box[row, :column], box[row, column:], box[:row, column], box[row:, column]))
