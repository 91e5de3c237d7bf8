"""Threads: every item is worked on once, and a failure is not lost."""

from __future__ import annotations

import pytest

from xo_cnn.engine.threads import for_each


@pytest.mark.parametrize("workers", [1, 2, 9])
def test_every_item_is_worked_on_once(workers: int) -> None:
    """However many threads there are."""
    done: list[int] = []
    for_each(done.append, range(50), workers)
    assert sorted(done) == list(range(50))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_comes_out(workers: int) -> None:
    """What goes wrong on a thread goes wrong for the caller."""

    def fail(number: int) -> None:
        raise ValueError(number)

    with pytest.raises(ValueError, match="0"):
        for_each(fail, range(3), workers)
