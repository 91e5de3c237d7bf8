"""The workers of a Dask scheduler, and one clear line for each of the ways in which there may be none."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import socket
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, Generic

from xo_cnn import __version__
from xo_cnn.errors import XoCnnError
from xo_cnn.workers.crew import Ledger, T, Task, Work

# Seconds to wait for a scheduler to answer, for workers to appear, and for lost ones to come back.
PATIENCE = 6.0


class Cluster(Generic[T]):
    """A crew of the workers of the Dask scheduler at `address`, which find the files under the same absolute paths.

    Raises XoCnnError where no scheduler answers within seconds, or its workers are gone or cannot run xo_cnn.
    """

    def __init__(self, work: Work[T], address: str, patience: float = PATIENCE) -> None:
        self._work = work
        self._address = address
        self._patience = patience
        self._ledger: Ledger[T] = Ledger()
        self._finished: queue.SimpleQueue[tuple[Task, Any]] = queue.SimpleQueue()
        self._futures: set[Any] = set()
        self._open = contextlib.ExitStack()
        with contextlib.ExitStack() as entered:
            entered.enter_context(_quiet())
            self._client = _connected(address, patience)
            entered.callback(self._disconnect)
            self.ahead = 3 * self._checked_workers()
            self._open = entered.pop_all()

    def put(self, number: int, paths: Sequence[str]) -> None:
        """Hand over a chunk; its number comes back with its outcomes."""
        with self._or_gone():
            self._submit(self._ledger.open(number, [os.path.abspath(path) for path in paths]))

    def take(self) -> tuple[int, list[T | XoCnnError]]:
        """Wait for a chunk to be done, whichever it is."""
        with self._or_gone():
            alive = time.monotonic()
            while not self._ledger.done:
                try:
                    self._receive(*self._finished.get(timeout=0.5))
                except queue.Empty:
                    running = self._client.status == "running"
                    if running and self._client.nthreads():
                        alive = time.monotonic()
                    elif time.monotonic() - alive > self._patience:
                        fate = "has lost all its workers" if running else "is gone"
                        raise XoCnnError(f"the Dask scheduler at {self._address} {fate}") from None
        return self._ledger.close()

    def close(self) -> None:
        """Cancel what is under way, and disconnect."""
        self._open.close()

    @contextlib.contextmanager
    def _or_gone(self) -> Iterator[None]:
        """Say of whatever Dask raises from a broken connection that the scheduler is gone."""
        try:
            yield
        except XoCnnError:
            raise
        except Exception as error:
            raise XoCnnError(f"the Dask scheduler at {self._address} is gone: {_line(error)}") from error

    def _submit(self, task: Task) -> None:
        future = self._client.submit(self._work, task.paths, pure=False)
        self._futures.add(future)  # Dask forgets the work of a future that nobody holds
        self._watch(task, future)

    def _watch(self, task: Task, future: Any) -> None:
        future.add_done_callback(lambda done: self._finished.put((task, done)))

    def _receive(self, task: Task, future: Any) -> None:
        if future.status == "finished":
            with contextlib.suppress(TimeoutError):
                self._ledger.record(task, future.result(timeout=self._patience))
                self._futures.discard(future)
                return
        if future.status in ("finished", "pending", "lost"):  # its worker ended before it handed the outcomes over
            self._watch(task, future)
            return
        if future.status == "cancelled":
            raise XoCnnError(f"the Dask scheduler at {self._address} is gone")
        self._futures.discard(future)
        error = future.exception(timeout=self._patience)
        if type(error).__name__ != "KilledWorker" and not isinstance(error, MemoryError):
            raise XoCnnError(f"a worker of the Dask scheduler at {self._address} failed: {_line(error)}")
        for part in self._ledger.again(task, f"the workers that read it ended: {_line(error)}"):
            self._submit(part)

    def _checked_workers(self) -> int:
        """The number of threads of all workers, each of which must have this version of xo_cnn."""
        try:
            self._client.wait_for_workers(1, timeout=self._patience)
        except Exception as error:
            raise XoCnnError(f"the Dask scheduler at {self._address} has no workers") from error
        threads = self._client.nthreads()
        try:
            # Asked in the words of the standard library: work that a worker cannot import would end it.
            modules = {
                worker: self._client.submit(import_module, "xo_cnn", workers=[worker], pure=False) for worker in threads
            }
            asked = [
                self._client.submit(getattr, found, "__version__", workers=[worker], pure=False)
                for worker, found in modules.items()
            ]
            versions = {future.result(timeout=self._patience) for future in asked}
        except Exception as error:
            raise XoCnnError(
                f"the workers at {self._address} cannot run xo-cnn: {_line(error)}; "
                f"install xo-cnn {__version__} where the scheduler and the workers run"
            ) from error
        if versions != {__version__}:
            raise XoCnnError(
                f"the workers at {self._address} run xo-cnn {', '.join(sorted(versions - {__version__}))}, "
                f"this is {__version__}; install the same version everywhere"
            )
        return sum(threads.values())

    def _disconnect(self) -> None:
        with contextlib.suppress(Exception):
            self._client.close(timeout=1)


def _connected(address: str, patience: float) -> Any:
    from distributed import Client

    try:
        _probe(address, patience)
        return Client(address, timeout=patience, set_as_default=False)
    except Exception as error:  # Dask's layers have an exception each for what can be wrong
        raise XoCnnError(f"no Dask scheduler answers at {address}: {_line(error)}") from error


def _probe(address: str, patience: float) -> None:
    """Ask before a Client does, which waits without end for a port that is silent or speaks otherwise."""
    from distributed.comm import get_address_host_port, parse_address
    from distributed.security import Security

    scheme, _ = parse_address(address)
    host, port = get_address_host_port(address)
    secure = scheme == "tls"
    if secure and Security().get_connection_args("client").get("ssl_context") is None:
        raise ValueError("tls:// needs certificates, which Dask reads from its configuration (distributed.comm.tls)")
    if secure or scheme == "tcp":
        with socket.create_connection((host, port), timeout=patience) as connection:
            connection.settimeout(patience)
            # A scheduler greets whoever connects, with the number of parts of its greeting first.
            if not secure and len(connection.recv(8)) < 8:
                raise ValueError("what listens there is not a Dask scheduler")


def _line(error: BaseException | None) -> str:
    """What an exception says, on one line."""
    if isinstance(error, TimeoutError):
        return "it does not answer in time; a scheduler with TLS has an address that begins with tls://"
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(reason).strip().splitlines()[0]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the logs of Dask's layers off standard error; what matters in them becomes an error of ours."""
    try:
        import distributed  # noqa: F401 - it configures its loggers when it is imported
    except ImportError as error:
        raise XoCnnError("--scheduler needs the extra: pip install 'xo-cnn[dask]'") from error
    names = [
        name for name in logging.root.manager.loggerDict if name.split(".")[0] in ("distributed", "tornado", "asyncio")
    ]
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
