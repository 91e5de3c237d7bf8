"""A Dask scheduler and its workers: nothing is lost, and whatever is wrong is one clear line within seconds."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from xo_cnn.cluster import Cluster
from xo_cnn.errors import XoCnnError
from xo_cnn.many import do_many

pytest.importorskip("distributed", reason="the extra dask is not installed")
# Dask warns and cleans up in ways of its own.
pytestmark = pytest.mark.filterwarnings("ignore")


def refuse(address: str, patience: float = 1.0) -> str:
    """The one line that a scheduler's address gives, without a word in the logs."""
    with pytest.raises(XoCnnError) as caught:
        Cluster(list, address, patience)
    assert address in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("nonsense://x", "unknown address scheme"),
        ("foo", "missing port number"),
        ("", "missing port number"),
        ("tls://127.0.0.1:9", "needs certificates"),
        ("tcp://127.0.0.1:9", "refused"),
    ],
)
def test_an_address_at_which_nothing_can_be(address: str, message: str) -> None:
    """Said at once."""
    assert message in refuse(address)


@contextlib.contextmanager
def listening(answer: bytes | None) -> Iterator[str]:
    """A port that accepts one connection and says something that is not Dask's, or nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    if answer is not None:
                        connection.sendall(answer)
                    else:
                        connection.recv(1)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        thread.join(10)


@pytest.mark.parametrize(
    ("answer", "message"), [(None, "does not answer in time"), (b"220\r\n", "not a Dask scheduler")]
)
def test_a_port_that_is_silent_or_speaks_otherwise(answer: bytes | None, message: str) -> None:
    """A web server, a scheduler with TLS, or anything else."""
    with listening(answer) as address:
        assert message in refuse(address)


Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start parts of Dask on the loopback, and end them all."""
    running: list[subprocess.Popen[bytes]] = []

    def started(part: str, *options: str, before: str = "") -> subprocess.Popen[bytes]:
        lines = (
            before,
            f"import sys; sys.argv = {['dask', *options]!r}",
            f"import distributed.cli.dask_{part} as part",
        )
        code = "\n".join((*lines, "part.main()"))
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path
        )
        running.append(process)
        return process

    yield started
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture
def scheduler(start: Start, tmp_path: Path) -> tuple[str, subprocess.Popen[bytes]]:
    """A scheduler without workers: its address and its process."""
    file = tmp_path / "scheduler.json"
    process = start("scheduler", "--host=127.0.0.1", "--port=0", "--no-dashboard", f"--scheduler-file={file}")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError):
            return json.loads(file.read_text())["address"], process
        time.sleep(0.05)
    raise AssertionError("the scheduler does not start")


def add_workers(start: Start, address: str, count: int = 1, before: str = "") -> list[subprocess.Popen[bytes]]:
    """Workers of a scheduler, once it knows them."""
    from distributed import Client

    options = (address, "--no-nanny", "--nthreads=1", "--no-dashboard", "--host=127.0.0.1")
    workers = [start("worker", *options, before=before) for _ in range(count)]
    with Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)
    return workers


def test_a_scheduler_without_workers(scheduler: tuple[str, Any]) -> None:
    """It is not waited for without end."""
    assert "has no workers" in refuse(scheduler[0])


def test_workers_without_this_program(start: Start, scheduler: tuple[str, Any]) -> None:
    """They are asked first, in words that they know."""
    address, _ = scheduler
    add_workers(start, address, before="import sys; sys.modules['xo_cnn'] = None")
    assert "cannot run xo-cnn" in refuse(address, 20)


def test_a_worker_that_ends_loses_nothing(start: Start, scheduler: tuple[str, Any]) -> None:
    """Every path once, in order."""
    address, _ = scheduler
    workers = add_workers(start, address, count=2)
    paths = [os.path.abspath(str(number)) for number in range(200)]
    outcomes = do_many(paths, list, scheduler=address, images=2)
    result = [next(outcomes) for _ in range(20)]
    workers[0].kill()
    result += outcomes
    assert result == [(path, path) for path in paths]


@pytest.mark.parametrize(("which", "message"), [("worker", "has lost all its workers"), ("scheduler", "is gone")])
def test_all_workers_or_the_scheduler_gone(
    start: Start, scheduler: tuple[str, subprocess.Popen[bytes]], which: str, message: str
) -> None:
    """What is done so far has been told; then one line."""
    address, head = scheduler
    (worker,) = add_workers(start, address)
    workers = Cluster(list, address, patience=2)
    with contextlib.closing(workers):
        assert workers.alone("/a") == "/a"
        process = worker if which == "worker" else head
        process.kill()
        process.wait()
        with pytest.raises(XoCnnError, match=message):
            list(map(workers.alone, ["/a"] * 100))
