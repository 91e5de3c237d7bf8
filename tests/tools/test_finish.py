"""How letters are painted."""

from __future__ import annotations

import numpy as np
import pytest

from tools.finish import FINISHES, Finish, cast, finished, flat
from tools.frames import ground
from xo_cnn.letters.dice import Dice

Y, X = np.mgrid[-24:25, -24:25]
RING = 5 - np.abs(np.hypot(X, Y) - 16)  # the depth of an O whose strokes are 10 pixels wide
PAPER, INK = np.array([0.9, 0.8, 0.2]), np.array([0.1, 0.2, 0.6])


@pytest.mark.parametrize("finish", [flat, *FINISHES], ids=lambda finish: finish.__name__)
def test_every_finish_paints_the_letter_and_leaves_the_ground(finish: Finish) -> None:
    """Something of the letter is painted; what lies some pixels away from it is not."""
    for seed in range(12):
        painted = finish(Dice(seed), ground(RING, PAPER), RING, INK, 5.0)
        changed = np.abs(painted - PAPER).max(axis=2) > 0.02
        assert changed[RING > 0.5].mean() > 0.15
        assert not changed[RING < -8].any()


def test_thin_strokes_are_flat() -> None:
    """Where there is no room for an outline, every finish is plain ink."""
    thin = RING - 4.2
    for seed in range(20):
        painted = finished(Dice(seed), ground(thin, PAPER), thin, INK, 0.8, plain=0.0)
        share = (painted - PAPER) / (INK - PAPER)
        assert np.ptp(share, axis=2).max() < 1e-9


def test_casts_lie_beside_the_letter() -> None:
    """A shadow, a flank or a glow changes the ground near the letter; far away it fades."""
    near = 0
    for seed in range(20):
        laid = np.abs(cast(Dice(seed), ground(RING, PAPER), RING, 5.0) - PAPER).max(axis=2)
        near += laid[(RING < -0.6) & (RING > -3)].max() > 0.05
        assert laid[RING < -12].mean() < laid[np.abs(RING) < 3].mean()
    assert near >= 15
