"""Samples: drawn from a seed, as asked, the same each time."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xo_cnn.errors import OptionError
from xo_cnn.letters.samples import draw


def ink_box(levels: Any) -> tuple[int, int, int, int]:
    """Top, left, bottom, right of what is dark."""
    rows, columns = np.nonzero(levels < 128)
    return rows.min(), columns.min(), rows.max() + 1, columns.max() + 1


@given(seed=st.integers(0, 10**6), label=st.sampled_from(["X", "O"]), style=st.sampled_from(["plain", "pen", "type"]))
def test_the_same_seed_gives_the_same_bytes(seed: int, label: Any, style: Any) -> None:
    """A seed is a picture; it has ink and paper."""
    one = draw(label, seed=seed, style=style)
    assert one.dtype == np.uint8
    assert one.tobytes() == draw(label, seed=seed, style=style).tobytes()
    assert one.min() < one.max()


def test_the_bytes_are_those_of_every_machine() -> None:
    """Drawn samples do not change from one machine, or one release, to the next."""
    digest = hashlib.sha256()
    for seed in range(20):
        for label in ("X", "O"):
            for style in ("plain", "pen", "type"):
                levels = draw(label, seed=seed, style=style, rotate=(0, 90), deform=(0, 0.3))  # type: ignore[arg-type]
                digest.update(levels.tobytes())
    assert digest.hexdigest() == "0d2fe22e8ecbc7fcd02eeca2e013d6e349e3606c0b2be43b79014d944bc0541c"


def test_plain_letters_are_symmetric() -> None:
    """The plain X and O look the same in every mirror."""
    for label in ("X", "O"):
        levels = draw(label, size=50)  # type: ignore[arg-type]
        assert (levels == levels[::-1]).all()
        assert (levels == levels.T).all()


def test_shrinking_and_shifting_do_what_they_say() -> None:
    """Shrunken by half a letter has half its side; shifted it moves by a share of its side."""
    full, half = ink_box(draw("O", size=200)), ink_box(draw("O", size=200, shrink=0.5))
    assert (half[2] - half[0]) / (full[2] - full[0]) == pytest.approx(0.5, abs=0.02)
    moved = ink_box(draw("O", size=200, shrink=0.5, shift=0.2, seed=3))
    distance = np.hypot(moved[0] - half[0], moved[1] - half[1])
    assert distance == pytest.approx(0.2 * 160, abs=2)


def test_rotating_an_x_by_an_eighth_makes_a_plus() -> None:
    """Turned by 45 degrees the strokes of an X are level and upright; turned by 90 it is an X again."""
    plus, x = draw("X", size=101, rotate=45), draw("X", size=101)
    assert plus[50, 20] < 128
    assert plus[20, 50] < 128
    assert plus[20, 20] == 255
    assert np.abs(draw("X", size=101, rotate=90).astype(int) - x).max() <= 1


def test_thickness_fills_an_o() -> None:
    """A thick pen leaves more ink."""
    thin, thick = (np.count_nonzero(draw("O", thickness=pen) < 128) for pen in (0.12, 0.3))
    assert thin < 0.8 * thick


def test_ranges_are_picked_from_by_the_seed() -> None:
    """A range gives a different amount for each seed, within its ends."""
    sides = {ink_box(draw("O", size=100, shrink=(0.2, 0.6), seed=seed))[2] for seed in range(8)}
    assert len(sides) > 4


def test_noise_and_ink() -> None:
    """Noise needs more levels than two; white ink is the negative of black."""
    assert len(np.unique(draw("X", noise=0.4))) > 50
    assert (draw("X", ink="white") == 255 - draw("X")).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": "Z"},
        {"seed": -1},
        {"seed": 0.5},
        {"size": 0},
        {"size": 10**9},
        {"size": 9.5},
        {"style": "wild"},
        {"ink": "red"},
        {"rotate": "a"},
        {"rotate": float("nan")},
        {"noise": 7},
        {"shrink": 1},
        {"shift": (0, 2)},
        {"deform": (0, 0.1, 0.2)},
    ],
)
def test_what_cannot_be_drawn_is_an_error(wrong: dict[str, Any]) -> None:
    """From Python as from the command: one line that names the argument."""
    (name,) = wrong
    with pytest.raises(OptionError, match=f"^{name} is .*; use "):
        draw(**{"label": "X", **wrong})
