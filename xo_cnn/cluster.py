"""The workers of a Dask scheduler, and one clear line for each of the ways in which there may be none."""

from __future__ import annotations

import contextlib
import logging
import os
import pkgutil
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from typing import Any, Generic

from xo_cnn import __version__
from xo_cnn.errors import ImageError, XoCnnError
from xo_cnn.processes import LostError, T, Work

# Seconds to wait for a scheduler to answer, for workers to appear, and for lost ones to come back.
PATIENCE = 6.0


class Cluster(Generic[T]):
    """The workers of the Dask scheduler at `address`, which find the files under the same absolute paths.

    Raises XoCnnError where no scheduler answers within seconds, or its workers are gone or cannot run xo_cnn.
    """

    def __init__(self, work: Work[T], address: str, patience: float = PATIENCE) -> None:
        self._work = work
        self._address = address
        self._patience = patience
        self._client = _connected(address, patience)
        try:
            self.ahead = 3 * self._checked_workers()
        except BaseException:
            self.close()
            raise
        self._executor = self._client.get_executor(pure=False)

    def submit(self, paths: Sequence[str]) -> Future[Any]:
        """Hand over a chunk."""
        future = self._reached(self._executor.submit, self._work, [os.path.abspath(path) for path in paths])
        assert isinstance(future, Future)
        return future

    def outcomes(self, paths: Sequence[str], future: Future[Any]) -> list[T | XoCnnError]:
        """Wait for the outcomes of a chunk, whose errors name the paths as they were given; raises LostError."""
        alive = time.monotonic()
        while not wait([future], 0.5).done:
            running = self._client.status == "running"
            if running and self._reached(self._client.nthreads):
                alive = time.monotonic()
            elif time.monotonic() - alive > self._patience:
                fate = "has lost all its workers" if running else "is gone"
                raise XoCnnError(f"the Dask scheduler at {self._address} {fate}")
        if future.cancelled():
            raise XoCnnError(f"the Dask scheduler at {self._address} is gone")
        error = future.exception()
        # ValueError, which no work raises, is what Dask's executor makes of a worker that ends before it hands over.
        if isinstance(error, MemoryError) or type(error).__name__ in ("KilledWorker", "ValueError"):
            raise LostError from error
        if error is not None:
            raise XoCnnError(f"a worker of the Dask scheduler at {self._address} failed: {_line(error)}") from error
        return [
            type(one)(one.message, path) if isinstance(one, XoCnnError) and one.source == os.path.abspath(path) else one
            for path, one in zip(paths, future.result(), strict=True)
        ]

    def alone(self, path: str) -> T | XoCnnError:
        """Do the work again on a path that was lost among others."""
        try:
            return self.outcomes([path], self.submit([path]))[0]
        except LostError as lost:
            return ImageError(f"the workers that read it ended: {_line(lost.__cause__)}", path)

    def close(self) -> None:
        """Cancel what is under way, and disconnect."""
        with contextlib.suppress(Exception):
            self._client.close(timeout=1)

    def _reached(self, call: Callable[..., Any], *args: Any) -> Any:
        """Ask Dask for something; whatever it raises from a broken connection, the scheduler is gone."""
        try:
            return call(*args)
        except Exception as error:
            raise XoCnnError(f"the Dask scheduler at {self._address} is gone: {_line(error)}") from error

    def _checked_workers(self) -> int:
        """The number of threads of all workers, each of which must have this version of xo_cnn."""
        try:
            self._client.wait_for_workers(1, timeout=self._patience)
        except Exception as error:
            raise XoCnnError(f"the Dask scheduler at {self._address} has no workers") from error
        try:
            # Asked in the words of the standard library: work that a worker cannot import would end it.
            found = set(self._client.run(pkgutil.resolve_name, "xo_cnn:__version__").values())
        except Exception as error:
            found = {_line(error)}
        if found != {__version__}:
            raise XoCnnError(
                f"the workers at {self._address} cannot run xo-cnn {__version__} ({', '.join(sorted(found))}); "
                "install this version where the scheduler and the workers run"
            )
        return sum(self._client.nthreads().values())


def _connected(address: str, patience: float) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise XoCnnError("--scheduler needs the extra: pip install 'xo-cnn[dask]'") from error
    # What matters in the logs of Dask's layers becomes an error of ours.
    for name in logging.root.manager.loggerDict:
        if name.split(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
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
