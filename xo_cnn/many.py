"""Many images: a chunk of them at a time, here, in other processes or on other machines, and in input order."""

from __future__ import annotations

import contextlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from xo_cnn.errors import XoCnnError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from xo_cnn.cluster import Cluster
    from xo_cnn.processes import Processes, T, Work

# A chunk is a task for a worker: enough images to pay for handing it over, few enough to hear of them soon.
CHUNK_IMAGES = 64
CHUNK_BYTES = 4 << 20
# Starting processes takes a moment; work that is done within it is done faster alone.
ALONE = 0.25


def do_many(
    paths: Iterable[str | None],
    work: Work[T],
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    notify: Callable[[str], None] | None = None,
    images: int = CHUNK_IMAGES,
    alone: float = ALONE,
) -> Iterator[tuple[str, T | XoCnnError]]:
    """Do some work on many images in the order of their paths, yielding each as soon as those before it are done.

    `paths` come as they become known; None among them says that the next will take a while. `jobs` is the number of
    processes (default: one per core, where the work takes longer than `alone` seconds in this one); `scheduler` is the
    address of a Dask scheduler whose workers do the work instead, and find the files under the same paths. Each gets
    chunks of at most `images`. `notify` is called with a line when a worker process is lost. An image that cannot be
    read, or that ends two processes that read it, has an error in its place.
    """
    chunks = cut(paths, images)
    if scheduler is not None:
        from xo_cnn.cluster import Cluster

        yield from _shared(chunks, Cluster(work, scheduler))
        return
    cores = jobs or _cores()
    start = time.monotonic()
    if jobs is None or cores == 1:
        for chunk in chunks:
            yield from zip(chunk, work(chunk), strict=True)
            if cores > 1 and time.monotonic() - start > alone:
                break
    # The first chunk of what is left decides whether there is anything to start processes for.
    first = next(chunks, None)
    if first is not None:
        from xo_cnn.processes import Processes

        yield from _shared(chain([first], chunks), Processes(work, cores, notify or (lambda line: None)))


def cut(paths: Iterable[str | None], images: int = CHUNK_IMAGES, size: int = CHUNK_BYTES) -> Iterator[list[str]]:
    """Cut paths into chunks of a bounded number of images and bytes; a wait for more ends one, and is an empty one."""
    chunk: list[str] = []
    filled = 0
    for path in paths:
        if path is not None:
            chunk.append(path)
            filled += _size(path)
        if chunk and (path is None or len(chunk) >= images or filled >= size):
            yield chunk
            chunk, filled = [], 0
        if path is None:
            yield []
    if chunk:
        yield chunk


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0


def _cores() -> int:
    """The number of cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # elsewhere than on Linux
        return os.cpu_count() or 1


def _shared(chunks: Iterable[list[str]], workers: Processes[T] | Cluster[T]) -> Iterator[tuple[str, T | XoCnnError]]:
    """Hand chunks to workers, a bounded number ahead, and yield their outcomes in order."""
    from xo_cnn.processes import LostError

    waiting: deque[tuple[list[str], Future[Any]]] = deque()
    losing = False  # what is under way is yielded first, before anything new is handed over

    def finished() -> Iterator[tuple[str, T | XoCnnError]]:
        nonlocal losing
        paths, future = waiting.popleft()
        try:
            outcomes: Iterable[T | XoCnnError] = workers.outcomes(paths, future)
        except LostError:
            losing = True
            outcomes = map(workers.alone, paths)
        yield from zip(paths, outcomes, strict=True)

    with contextlib.closing(workers):
        for chunk in chunks:
            if chunk:
                waiting.append((chunk, workers.submit(chunk)))
            while waiting and (losing or not chunk or len(waiting) >= workers.ahead or waiting[0][1].done()):
                yield from finished()
            losing = False
        while waiting:
            yield from finished()
