"""Many images: a chunk of them at a time, here, in other processes or on other machines, told in their order."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from xo_cnn.errors import XoCnnError
from xo_cnn.images.reader import Reader
from xo_cnn.network import Network
from xo_cnn.voting import Verdict

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

# A chunk is a task for a worker: enough images to pay for handing it over, few enough to hear of them soon.
CHUNK_IMAGES = 64
CHUNK_BYTES = 4 << 20
# Starting processes takes a moment; work that is done within it is done quicker alone.
ALONE = 0.25
# Chunks under way per worker: one in work, one waiting, so that none idles and memory stays flat.
AHEAD = 3

Outcome = Verdict | XoCnnError


def classify_files(paths: Sequence[str], network: Network, reader: Reader) -> list[Outcome]:
    """Classify images by their paths: a verdict for each, or the error that says why there is none."""
    grids = {}
    outcomes: dict[int, Outcome] = {}
    for number, path in enumerate(paths):
        try:
            grids[number] = reader.fitted(path, network.side).grid
        except XoCnnError as error:
            outcomes[number] = error
    outcomes.update(zip(grids, network.classify_all(list(grids.values())), strict=True))
    return [outcomes[number] for number in range(len(paths))]


def chunks(batches: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """Cut batches of paths into chunks of a bounded number of images and bytes; an empty batch stays one."""
    for batch in batches:
        chunk: list[str] = []
        size = 0
        for path in batch:
            chunk.append(path)
            size += _size(path)
            if len(chunk) >= CHUNK_IMAGES or size >= CHUNK_BYTES:
                yield chunk
                chunk, size = [], 0
        if chunk or not batch:
            yield chunk


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0


def classify_many(
    batches: Iterable[Sequence[str]],
    network: Network,
    reader: Reader,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
) -> Iterator[tuple[str, Outcome]]:
    """Classify images in the order of their paths, telling each as soon as those before it are told.

    `batches` gives the paths as they become known; an empty batch says that the next will take a while. `jobs` is the
    number of processes (by default as many as there are cores, once the work pays for starting them); `scheduler` is
    the address of a Dask scheduler whose workers do the work instead, and find the files under the same paths.
    """
    work = chunks(batches)
    if scheduler is not None:
        with _connected(scheduler) as client:
            workers = max(1, sum(client.nthreads().values()))
            yield from _spread(work, network, reader, client.get_executor(retries=3), workers, os.path.abspath)
        return
    cores = jobs or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else jobs or os.cpu_count() or 1
    start = time.monotonic()
    if jobs is None or cores == 1:
        for chunk in work:
            yield from zip(chunk, classify_files(chunk, network, reader), strict=True)
            if cores > 1 and time.monotonic() - start > ALONE:
                break
    if cores > 1:
        # The first chunk of what is left decides whether there is anything to start processes for.
        for chunk in work:
            yield from _spread(_before(chunk, work), network, reader, _processes(cores), cores)
            break


def _before(first: list[str], others: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from others


def _processes(jobs: int) -> Executor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # A forked worker starts at once with NumPy, Pillow and the network in place; elsewhere than on Linux forking
    # is not safe with the system's own libraries.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Let a worker end when the process that started it does, however that comes about."""
    import multiprocessing
    import threading

    parent = multiprocessing.parent_process()
    if parent is not None:

        def wait() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=wait, daemon=True).start()


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise XoCnnError("--scheduler needs the extra: pip install 'xo-cnn[dask]'") from error
    try:
        return Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise XoCnnError(f"no scheduler answers at {address}: {error}") from error


def _spread(
    work: Iterator[list[str]],
    network: Network,
    reader: Reader,
    executor: Executor,
    workers: int,
    path_there: Callable[[str], str] = str,
) -> Iterator[tuple[str, Outcome]]:
    """Hand chunks to workers, a bounded number ahead, and tell their outcomes in order.

    `path_there` gives the path under which a worker finds an image.
    """
    waiting: deque[tuple[list[str], Future[list[Outcome]] | None]] = deque()

    def told() -> Iterator[tuple[str, Outcome]]:
        chunk, future = waiting.popleft()
        try:
            outcomes = future.result() if future else classify_files(chunk, network, reader)
        except Exception:
            # Workers end in many ways, each with its own exception; what one had in hand is done here, where a fault
            # of the work itself would show again.
            outcomes = classify_files(chunk, network, reader)
        yield from zip(chunk, outcomes, strict=True)

    try:
        for chunk in work:
            if chunk:
                waiting.append((chunk, _submitted(executor, [path_there(path) for path in chunk], network, reader)))
            while waiting and (not chunk or len(waiting) >= AHEAD * workers or _done(waiting[0][1])):
                yield from told()
        while waiting:
            yield from told()
    finally:
        for _, future in waiting:
            if future:
                future.cancel()
        executor.shutdown(wait=False)


def _submitted(executor: Executor, chunk: list[str], network: Network, reader: Reader) -> Future[list[Outcome]] | None:
    try:
        return executor.submit(classify_files, chunk, network, reader)
    except Exception:  # all workers are gone, and this chunk is done here
        return None


def _done(future: Future[list[Outcome]] | None) -> bool:
    return future is None or future.done()
