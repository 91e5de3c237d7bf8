"""Partial sums: each is made once, kept no longer than needed, and in the smallest integers."""

from __future__ import annotations

import numpy as np
import pytest

from xo_cnn.engine.additions import plan, smallest


def steps_for(side: int, several: int) -> int:
    """How many passes some features of ones take; different seeds give nearly the same."""
    rng = np.random.default_rng(0)
    features = tuple(rng.choice(np.array([-1, 1], np.int8), (side, side)).tobytes() for _ in range(several))
    return len(plan(features, (side, side), 100))


def test_features_share_their_partial_sums() -> None:
    """Sixteen features 3x3 have 128 additions in them; shared, a third of that is left."""
    assert steps_for(3, 16) < 128 / 3
    assert steps_for(5, 16) < 384 / 4
    assert steps_for(15, 1) < 224 / 3


def test_a_plan_uses_only_what_it_has_made_and_not_yet_spent() -> None:
    """Every step's sources are there when it is taken, and in the end all of them are spent."""
    rng = np.random.default_rng(3)
    features = tuple(rng.integers(-1, 2, (6, 5)).astype(np.int8).tobytes() for _ in range(9))
    alive = {0}
    made = []
    for step in plan(features, (6, 5), 100):
        assert {source for source, _, _ in step.terms} <= alive
        alive -= step.spent
        if step.target > 0:
            assert step.target not in alive
            alive.add(step.target)
        else:
            made.append(step.target)
    assert alive == {0}
    assert sorted(made) == list(range(-9, 0))


@pytest.mark.parametrize(("largest", "name"), [(127, "int8"), (128, "int16"), (32768, "int32"), (2.0**40, "int64")])
def test_sums_are_kept_in_the_smallest_integers(largest: float, name: str) -> None:
    """A bound that fits both ways, or the next type."""
    assert smallest(largest).name == name
    assert smallest(largest, np.float32) == np.float32
