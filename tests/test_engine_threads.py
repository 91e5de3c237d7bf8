"""Threads: every item is worked on once, and a failure is not lost."""

from __future__ import annotations

from unittest import mock

import pytest

from xo_cnn.engine import threads


@pytest.mark.parametrize("workers", [1, 2, 9])
@pytest.mark.parametrize("worth", [True, False])
def test_every_item_is_worked_on_once(workers: int, worth: bool) -> None:
    """However many threads there are, and whether they are used or not."""
    done: list[int] = []
    with mock.patch.object(threads, "WORKERS", workers):
        threads.for_each(done.append, range(50), worth)
    assert sorted(done) == list(range(50))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_comes_out(workers: int) -> None:
    """What goes wrong on a thread goes wrong for the caller."""

    def fail(number: int) -> None:
        raise ValueError(number)

    with mock.patch.object(threads, "WORKERS", workers), pytest.raises(ValueError, match="0"):
        threads.for_each(fail, range(3))
