"""Threads: NumPy lets go of Python's lock during a pass, so that large passes can run side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")

WORKERS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def for_each(work: Callable[[Item], object], items: Iterable[Item], worth: bool = True) -> None:
    """Do the work once for every item, in any order, on as many threads as there are processors if that is worth it.

    >>> squares = {}
    >>> for_each(lambda n: squares.update({n: n * n}), range(3))
    >>> sorted(squares.items())
    [(0, 0), (1, 1), (2, 4)]
    """
    items = list(items)
    workers = min(WORKERS, len(items)) if worth else 1
    if workers < 2:
        for item in items:
            work(item)
        return
    # Imported only here: it costs more than a small verdict takes.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(work, items):
            pass
