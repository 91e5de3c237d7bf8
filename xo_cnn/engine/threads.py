"""Threads: NumPy releases Python's lock (the GIL) during a pass, so that large passes run side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


def for_each(work: Callable[[Item], object], items: Iterable[Item], workers: int) -> None:
    """Do the work once for every item, in any order, on up to `workers` threads.

    >>> squares = {}
    >>> for_each(lambda n: squares.update({n: n * n}), range(3), workers=2)
    >>> sorted(squares.items())
    [(0, 0), (1, 1), (2, 4)]
    """
    items = list(items)
    workers = min(workers, len(items))
    if workers < 2:
        for item in items:
            work(item)
        return
    # Imported only here: the import takes longer than a small verdict.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(work, items):
            pass
