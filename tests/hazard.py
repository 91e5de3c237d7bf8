"""One hazard: a command in a folder of its own, within limits, and what must hold when it has ended."""

from __future__ import annotations

import contextlib
import os
import pty
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROGRAM = [sys.executable, "-m", "xo_cnn"]
SECONDS = 60  # a command that takes longer hangs
MEBIBYTES = 500  # what an input of under a megabyte may take


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it took."""

    status: int
    output: bytes
    errors: bytes
    seconds: float
    mebibytes: int


Check = Callable[[Path, Outcome], object]


@dataclass(frozen=True)
class Hazard:
    """One command, the files and the surroundings that it meets, and what must come of it."""

    kind: str
    name: str
    args: list[str]
    files: dict[str, bytes] = field(default_factory=dict)
    prepare: Callable[[Path], object] = lambda folder: None
    statuses: tuple[int, ...] = (1,)
    environment: dict[str, str] = field(default_factory=dict)
    terminal: bool = False
    closed: tuple[int, ...] = ()
    open_files: int = 0
    sent: signal.Signals | None = None  # once the command reads the FIFO "pipe"
    holds: Check = lambda folder, outcome: True


def run(hazard: Hazard, folder: Path) -> Outcome:
    """Run a hazard in an empty folder, within limits of memory and time."""
    (folder / "x.png").write_bytes((ROOT / "sample_images" / "x.png").read_bytes())
    for name in ("diag.txt", "cross.txt", "anti.txt"):
        (folder / name).write_bytes((ROOT / "features" / name).read_bytes())
    for name, data in hazard.files.items():
        (folder / name).write_bytes(data)
    hazard.prepare(folder)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
        for number in (signal.SIGINT, signal.SIGHUP):  # which a run in the background ignores
            signal.signal(number, signal.SIG_DFL)
        if hazard.open_files:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hazard.open_files, hazard.open_files))
        for number in hazard.closed:
            os.close(number)

    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        terminal, inside = pty.openpty() if hazard.terminal else (-1, output.fileno())
        start = time.monotonic()
        child = subprocess.Popen(
            [*PROGRAM, *hazard.args],
            stdin=subprocess.DEVNULL,
            stdout=inside,
            stderr=errors,
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | hazard.environment,
            preexec_fn=limit,
        )
        if hazard.terminal:
            os.close(inside)
            threading.Thread(target=_drain, args=(terminal,)).start()
        status, kibibytes = _ended(child, hazard.sent, folder)
        seconds = time.monotonic() - start
        for stream in (output, errors):
            stream.seek(0)
        return Outcome(status, output.read(), errors.read(), seconds, kibibytes >> 10)


def _drain(terminal: int) -> None:
    with contextlib.suppress(OSError):  # the end of a terminal whose program has ended
        while os.read(terminal, 1 << 16):
            pass
    os.close(terminal)


def _ended(child: subprocess.Popen[bytes], sent: signal.Signals | None, folder: Path) -> tuple[int, int]:
    """Send the signal once the command waits for its FIFO, and wait for its end: its status and its memory in KiB."""
    alarm = threading.Timer(SECONDS, child.kill)
    alarm.start()
    waiting = -1
    while sent and waiting < 0 and os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        with contextlib.suppress(OSError):  # ENXIO, as long as nobody reads
            waiting = os.open(folder / "pipe", os.O_WRONLY | os.O_NONBLOCK)
            child.send_signal(sent)
    # A signal that comes between Python's last look for one and a read that waits is seen only after the next one.
    again = threading.Timer(3, child.send_signal, (sent,))
    if sent:
        again.start()
    _, status, usage = os.wait4(child.pid, 0)
    alarm.cancel()
    again.cancel()
    if waiting >= 0:
        os.close(waiting)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_maxrss


def check(hazard: Hazard, folder: Path) -> Outcome:
    """Run a hazard and hold the command to what is promised."""
    outcome = run(hazard, folder)
    what = (hazard.name, outcome.status, outcome.errors[-2000:].decode("utf-8", "replace"))
    assert outcome.status in hazard.statuses, what
    for noise in (b"Traceback", b"Exception ignored", b"not enough memory", b"more memory"):
        assert noise not in outcome.errors, what
    silent = 2 in hazard.closed or outcome.status > 128  # ended by a signal
    assert silent or bool(outcome.status) <= bool(outcome.errors), (*what, "failed without a word")
    assert hazard.kind != "bomb" or outcome.status == 0 or outcome.errors.count(b"\n") == 1, what
    assert outcome.mebibytes <= MEBIBYTES, (*what, outcome.mebibytes)
    hazard.holds(folder, outcome)
    assert not list(folder.rglob("*.part")), what
    return outcome
