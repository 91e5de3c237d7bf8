"""The mix: letters in every kind of picture, with their true ink, the same on every machine."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.frames import around
from tools.mix import KINDS, Sample, sample
from tools.paint import BLACK, WHITE
from tools.placed import any_place, laid, typed
from tools.printed import hollow
from xo_cnn.errors import OptionError
from xo_cnn.letters.dice import Dice

kinds = pytest.mark.parametrize("kind", KINDS)


def seen(drawn: Sample) -> np.ndarray:
    """The picture's pixels with colours and opacity, shaped (rows, columns, 4)."""
    picture = drawn.picture
    levels = np.dstack([picture.levels] * 3) if picture.colours is None else picture.colours
    opacity = np.full(levels.shape[:2], 255, np.uint8) if picture.alpha is None else picture.alpha
    return np.dstack([levels, opacity])


@kinds
@pytest.mark.parametrize("label", ["X", "O", "R"])
def test_every_kind_draws_every_letter(kind: str, label: str) -> None:
    """The picture and its true ink have the same rows and columns, and there is ink."""
    for seed in range(5):
        drawn = sample(label, seed, kind)
        assert drawn.kind == kind
        assert drawn.picture.levels.dtype == np.uint8
        assert drawn.ink.dtype == np.bool_
        assert drawn.ink.shape == drawn.picture.levels.shape == seen(drawn).shape[:2]
        assert 0 < drawn.ink.sum() < drawn.ink.size


@settings(max_examples=40)
@given(seed=st.integers(0, 10**9), label=st.sampled_from("XOA7"))
def test_the_same_seed_gives_the_same_picture(seed: int, label: str) -> None:
    """A seed is a picture, and what is drawn before it does not matter."""
    one = sample(label, seed)
    sample("O", seed + 1)
    two = sample(label, seed)
    assert one.kind == two.kind
    assert (seen(one) == seen(two)).all()
    assert (one.ink == two.ink).all()


def test_the_bytes_are_those_of_every_machine() -> None:
    """Drawn samples do not change from one machine to the next."""
    digest = hashlib.sha256()
    for kind in KINDS:
        for label in "XO":
            for seed in range(4):
                drawn = sample(label, seed, kind)
                digest.update(seen(drawn).tobytes() + drawn.ink.tobytes())
    assert digest.hexdigest() == "f11b0f78c876f79a487cb266cc4415e416d0d01d132711e1f4d9e7fd5597519c"


@kinds
def test_true_ink_differs_from_the_ground_beside_it(kind: str) -> None:
    """In nearly every picture the letter's pixels have another colour, light or opacity than those beside it."""
    found = 0
    for seed in range(20):
        for label in "XO":
            drawn = sample(label, seed, kind)
            wide = np.pad(drawn.ink, 2)
            near = sum(np.roll(wide, (down, across), (0, 1)) for down in (-2, 0, 2) for across in (-2, 0, 2))
            beside = (near[2:-2, 2:-2] > 0) & ~drawn.ink
            pixels = seen(drawn)
            found += bool(np.abs(pixels[drawn.ink].mean(axis=0) - pixels[beside].mean(axis=0)).max() > 10)
    assert found >= 38


def test_a_hollow_letter_is_ink_within_its_outline() -> None:
    """The outline alone is painted, but the true ink is the whole letter; an O's counter stays open."""
    for label in "XO":
        dice = Dice(4, 0)
        letter = laid(typed(label, dice, 0.3), any_place(dice, 80, upright=True), around(dice, 0.2, 0.2))
        assert letter is not None
        while True:
            painted = hollow(dice, np.broadcast_to(WHITE, (*letter.depth.shape, 3)), letter.depth, BLACK, 2.0)
            if painted[letter.depth > 6].min() == 1:
                break
        assert (painted[(letter.depth > 0.6) & (letter.depth < 0.9)] < 1).any(axis=1).mean() > 0.9
    top, bottom, left, right = letter.box
    assert letter.depth[(top + bottom) // 2, (left + right) // 2] < 0


def test_the_seed_picks_the_kind_by_its_weight() -> None:
    """Every kind comes up, and the heavy ones more often."""
    drawn = [sample("X", seed).kind for seed in range(400)]
    assert set(drawn) == {kind for kind, (weight, _) in KINDS.items() if weight}
    assert drawn.count("board") > drawn.count("pixels")


@pytest.mark.parametrize(
    ("label", "kind", "message"), [("x", None, "'x'"), ("X", "cartoon", "'cartoon' is not a kind")]
)
def test_unknown_labels_and_kinds_are_named(label: str, kind: str | None, message: str) -> None:
    """The message says what there is."""
    with pytest.raises(OptionError, match=message):
        sample(label, 0, kind)
