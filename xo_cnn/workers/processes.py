"""Worker processes on this machine: each does one chunk at a time, and one that ends unexpectedly is replaced."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, Generic

from xo_cnn.errors import XoCnnError
from xo_cnn.workers.crew import Ledger, Notify, T, Task, Work


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    connection: Connection[Any, Any]
    ready: bool = False
    task: Task | None = None


class Processes(Generic[T]):
    """A crew of `jobs` processes that do `work`; `notify` is told once that one of them ended unexpectedly.

    An image over which workers keep ending, with no other in hand, becomes an ImageError.
    """

    def __init__(self, work: Work[T], jobs: int, notify: Notify) -> None:
        self.ahead = 2 * jobs + 1
        self._work = work
        self._notify: Notify | None = notify
        self._context = _context()
        self._tasks: deque[Task] = deque()
        self._ledger: Ledger[T] = Ledger()
        self._workers: list[_Worker] = []
        self._stillborn = 0
        self._most_stillborn = 3 * jobs
        try:
            for _ in range(jobs):
                self._start()
        except OSError as error:  # the system's limit on processes or open files: fewer do as well
            if not self._workers:
                raise XoCnnError(f"no worker process can be started: {error.strerror}; use --jobs 1") from error

    def put(self, number: int, paths: Sequence[str]) -> None:
        """Hand over a chunk; its number comes back with its outcomes."""
        self._tasks.append(self._ledger.open(number, paths))
        self._feed()

    def take(self) -> tuple[int, list[T | XoCnnError]]:
        """Wait for a chunk to be done, whichever it is."""
        while not self._ledger.done:
            busy: dict[Any, _Worker] = {}
            for worker in self._workers:
                if worker.task or not worker.ready:
                    busy |= {worker.connection: worker, worker.process.sentinel: worker}
            for worker in {busy[ready] for ready in wait(busy)}:
                self._hear(worker)
            self._feed()
        return self._ledger.close()

    def close(self) -> None:
        """End all workers, those in the middle of a chunk too."""
        for worker in self._workers:
            with contextlib.suppress(OSError):
                if worker.task or not worker.ready:
                    worker.process.terminate()
                else:
                    worker.connection.send(None)
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        try:
            # Its class depends on the context, which the base class does not say.
            process = self._context.Process(target=_serve, args=(theirs, self._work), daemon=True)  # type: ignore[attr-defined]
            process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._workers.append(_Worker(process, ours))

    def _feed(self) -> None:
        """Give every idle worker the next task."""
        for worker in list(self._workers):
            if self._tasks and worker.ready and not worker.task:
                try:
                    worker.connection.send(self._tasks[0].paths)
                except OSError:  # it ended with nothing in hand
                    self._lose(worker)
                else:
                    worker.task = self._tasks.popleft()

    def _hear(self, worker: _Worker) -> None:
        """Take what a worker has to say: that it is ready, its outcomes, what went wrong, or that it has ended."""
        try:
            if not worker.connection.poll():
                raise EOFError
            answer = worker.connection.recv()
        except (EOFError, OSError):
            self._lose(worker)
            return
        task, worker.task = worker.task, None
        if task is None:
            worker.ready = True
        elif isinstance(answer, MemoryError):
            self._tasks.extendleft(self._ledger.again(task, "not enough memory"))
        elif isinstance(answer, BaseException):
            raise answer
        else:
            self._ledger.record(task, answer)

    def _lose(self, worker: _Worker) -> None:
        """Replace a worker that ended, and do again what it had in hand."""
        worker.process.join()
        worker.connection.close()
        self._workers.remove(worker)
        ending = _ending(worker.process.exitcode)
        self._stillborn = 0 if worker.ready else self._stillborn + 1
        if self._stillborn > self._most_stillborn:
            raise XoCnnError(f"worker processes end as soon as they start ({ending}); use --jobs 1")
        if self._notify:
            self._notify(f"a worker process ended unexpectedly ({ending}); its images are read again by a new one")
            self._notify = None
        if worker.task:
            self._tasks.extendleft(self._ledger.again(worker.task, f"the worker process that read it ended ({ending})"))
        try:
            self._start()
        except OSError as error:
            if not self._workers:
                raise XoCnnError(f"no worker process is left, and none can be started: {error.strerror}") from error


def _context() -> BaseContext:
    """Forked workers start at once with everything in place, which is safe on Linux and without other threads."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" and _threads() == 1 else "spawn")


def _threads() -> int:
    """The number of threads of this process, native ones too."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count() + 1


def _ending(status: int | None) -> str:
    if status is None or status >= 0:
        return f"exit status {status}"
    return f"signal {-status}" + (", perhaps for want of memory" if status == -9 else "")


def _serve(connection: Connection[Any, Any], work: Work[Any]) -> None:
    """The life of a worker: chunks in, outcomes out, until it is told to end or its parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair, which then ends its workers
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    _end_with_parent()
    connection.send(None)  # ready: from now on, an end is the work's fault
    while (paths := connection.recv()) is not None:
        answer: object
        try:
            answer = work(paths)
        except Exception as error:
            answer = error
        connection.send(answer)


def _end_with_parent() -> None:
    """Let a worker end when the process that started it does, however that comes about."""
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()
