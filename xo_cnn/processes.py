"""Worker processes on this machine: a pool of them, and a new one where a process is lost."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, wait
from multiprocessing.connection import wait as wait_for_one
from typing import Any, Generic, TypeVar

from xo_cnn.errors import ImageError, XoCnnError

T = TypeVar("T")

# What workers do: paths in, as many outcomes out. It is pickled, so it is a function of a module or an object of data.
Work = Callable[[Sequence[str]], Sequence[T | XoCnnError]]
# Windows waits for no more processes at once.
MOST_JOBS = 61 if sys.platform == "win32" else 256
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


# In a worker: what it does.
_work: Work[Any]


class LostError(Exception):
    """The process that had some work in hand has ended, or ran out of memory."""


class Processes(Generic[T]):
    """Up to `jobs` processes that do `work`; `notify` is called with a line once one of them ended unexpectedly.

    The chunks under way are lost with it, as an executor knows no more than that one of its processes is gone.
    """

    def __init__(self, work: Work[T], jobs: int, notify: Callable[[str], None]) -> None:
        self._work = work
        self._jobs = min(jobs, MOST_JOBS)
        self._notify = notify
        self._executor: ProcessPoolExecutor | None = None
        self._running = 0  # how many processes the executor has
        self._in_hand: set[Future[Any]] = set()  # what it was handed, and no executor before it

    @property
    def ahead(self) -> int:
        """The number of chunks to hand over before waiting for one."""
        return 2 * self._jobs

    def submit(self, paths: Sequence[str]) -> Future[Any]:
        """Hand over a chunk, and start the processes if there are none."""
        try:
            return self._submit(paths, self._jobs)
        except BrokenExecutor:  # a process ended with nothing in hand
            self._lose()
        except (OSError, RuntimeError) as error:  # the system's limit on processes or open files: fewer do as well
            self.close()
            if self._jobs == 1:
                raise XoCnnError(f"no worker process can be started: {error}; use --jobs 1") from error
            self._jobs //= 2
        return self.submit(paths)

    def outcomes(self, paths: Sequence[str], future: Future[Any]) -> Sequence[T | XoCnnError]:
        """Wait for the outcomes of a chunk; raises LostError."""
        current = future in self._in_hand
        try:
            return self._result(future)
        except MemoryError as error:
            raise LostError from error
        except BrokenExecutor as error:
            if current:
                self._lose()
            raise LostError from error

    def alone(self, path: str) -> T | XoCnnError:
        """Do the work again on a path that was lost among others: in a pool of one process, which it ends or not."""
        try:
            self._result(self._submit([], 1))
        except (BrokenExecutor, OSError) as error:
            raise XoCnnError("worker processes end as soon as they start; use --jobs 1") from error
        try:
            return self._result(self._submit([path], 1))[0]
        except MemoryError:
            return ImageError("not enough memory", path)
        except BrokenExecutor:
            self.close()
            return ImageError("the worker process that read it ended twice, perhaps for want of memory", path)

    def close(self) -> None:
        """End all processes at once, those in the middle of a chunk and those that are not ready too.

        A moment is left to the executor's threads, without which the next processes can be forked.
        """
        if self._executor is not None:
            for child in self._children():
                child.kill()
            self._executor.shutdown(wait=False)
            for thread in set(threading.enumerate()) - self._threads:
                thread.join(2)
            self._executor = None
            self._in_hand.clear()

    def _submit(self, paths: Sequence[str], jobs: int) -> Future[Any]:
        if self._executor is None or self._running != jobs:
            self.close()
            self._running = jobs
            self._threads = set(threading.enumerate())
            self._others = set(multiprocessing.active_children())
            # Forked workers start at once with everything in place, which is safe on Linux and without other threads.
            self._forked = sys.platform == "linux" and _threads() == 1
            context = multiprocessing.get_context("fork" if self._forked else "spawn")
            self._executor = ProcessPoolExecutor(jobs, context, _prepare, (self._work,))
        with contextlib.nullcontext() if self._forked else _signals_held():
            future = self._executor.submit(_do, paths)
        self._in_hand.add(future)
        return future

    def _result(self, future: Future[Any]) -> Sequence[T | XoCnnError]:
        """Wait for the outcomes; raises BrokenExecutor where a process has ended.

        An executor can miss that, when it reads the half of an answer that the process has left.
        """
        children = self._children()
        rounds = 0
        while not wait([future], 1).done:
            rounds += future not in self._in_hand or any(not child.is_alive() for child in children)
            if rounds > 2:
                raise BrokenExecutor
        self._in_hand.discard(future)
        return future.result()  # type: ignore[no-any-return]

    def _children(self) -> set[multiprocessing.process.BaseProcess]:
        return set(multiprocessing.active_children()) - self._others

    def _lose(self) -> None:
        self.close()
        self._notify("a worker process ended unexpectedly; its images are read again by a new one")
        self._notify = lambda line: None


def _threads() -> int:
    """The number of threads of this process, native ones too."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count() + 1


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Hold back the signals that end a process while another is spawned, which they would end with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare(work: Work[Any]) -> None:
    """The beginning of a worker: it leaves Ctrl-C to its parent, and ends when that ends, however it comes about."""
    global _work
    _work = work
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait_for_one([sentinel])
    os._exit(1)


def _do(paths: Sequence[str]) -> Sequence[Any]:
    return _work(paths) if paths else []
