"""The process around a command: shells, terminals, signals, closed streams and odd environments."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, Ran

Run = Callable[..., Ran]


PROGRAM = [sys.executable, "-m", "xo_cnn"]


IMPORTS = "import sys; sys.argv[1:] = {}; from xo_cnn.cli import main\ntry: main()\nexcept SystemExit: pass\n"


@pytest.mark.parametrize(
    ("args", "forbidden"),
    [
        (["--help"], {"numpy", "PIL", "rich"}),
        (["--version"], {"numpy", "PIL", "rich"}),
        (["classify", "--help"], {"numpy", "PIL", "rich"}),
        (["clasify"], {"numpy", "PIL", "rich"}),
        (["grid", "--nonsense"], {"numpy", "PIL", "rich"}),
        (["classify", "sample_images/x.png"], {"rich", "concurrent.futures", "multiprocessing", "distributed"}),
        (["grid", "sample_images/x.png"], {"rich"}),
        (["pool", "features/diag.txt"], {"rich", "PIL"}),
    ],
)
def test_only_what_is_needed_is_imported(args: list[str], forbidden: set[str]) -> None:
    """Help waits for no arithmetic, a verdict for no drawing."""
    script = IMPORTS.format(args) + "sys.stderr.write(' '.join(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not forbidden & set(ended.stderr.split())


SHELL = [
    ("{x} convolve {png} | head -n 1", 0, b"# "),
    ("{x} convolve {png} >/dev/full", 1, b""),
    ("{x} classify {png} >/dev/full", 1, b""),
    ("{x} --help >/dev/full", 1, b""),
    ("{x} grid {png} >&-", 1, b""),
    ("{x} grid <&-", 1, b""),
    ("{x} grid nofile 2>&-", 1, b""),
    ("{x} classify {png} 2>&-", 0, b"X\n"),
    ("env -i PATH=$PATH LC_ALL=C {x} classify {png}", 0, b"X\n"),
    ("env -u HOME {x} classify {png}", 0, b"X\n"),
    ("cat {png} | {x} classify", 0, b"X\n"),
    ("mkdir gone && cd gone && rmdir ../gone && {x} classify {png}", 0, b"X\n"),
    ("{x} grid {png} | {x} grid | {x} grid - | {x} show >/dev/null", 0, b""),
    ("test $({x} classify {png}) = X && echo same", 0, b"same\n"),
]


@pytest.mark.parametrize(("line", "status", "begin"), SHELL)
def test_it_behaves_in_a_shell(line: str, status: int, begin: bytes, samples: Path, tmp_path: Path) -> None:
    """Closed pipes, full disks, closed streams, bare environments: a status, a line, never a traceback."""
    program = f"{sys.executable} -m xo_cnn"
    script = "set -o pipefail; " + line.format(x=program, png=samples / "x.png")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(["bash", "-c", script], capture_output=True, cwd=tmp_path, env=environment, check=False)
    assert b"Traceback" not in ended.stderr
    assert b"Exception" not in ended.stderr
    assert ended.stderr.count(b"\n") <= 1
    assert (ended.returncode, ended.stdout[: len(begin)]) == (status, begin)


def test_ctrl_c_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    """Interrupted while it waits for input, it says nothing and leaves."""
    import signal
    import time

    process = subprocess.Popen([*PROGRAM, "pool"], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (130, b"")


@pytest.mark.skipif(os.name != "posix", reason="terminals are opened as POSIX has them")
@pytest.mark.parametrize(("environment", "columns"), [({}, 80), ({"NO_COLOR": "1"}, 40), ({"TERM": "dumb"}, 80)])
def test_on_a_terminal_grids_are_drawn(samples: Path, environment: dict[str, str], columns: int) -> None:
    """With colour or without, wide or narrow: numbers with signs, and no line wider than the window."""
    import pty

    mother, child = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns), **environment}
    env.pop("FORCE_COLOR", None)
    process = subprocess.Popen(
        [*PROGRAM, "convolve", "-n", "article", samples / "x.png"], stdin=child, stdout=child, stderr=child, env=env
    )
    os.close(child)
    drawn = b""
    while True:
        try:
            data = os.read(mother, 1 << 16)
        except OSError:
            break
        if not data:
            break
        drawn += data
    os.close(mother)
    assert process.wait() == 0
    plain = re.sub(r"\x1b\[[0-9;]*m", "", drawn.decode())
    assert ("+0.78" if columns == 80 else "+.78") in plain
    assert "diag" in plain
    assert max(len(line.rstrip()) for line in plain.splitlines()) <= columns
    assert (b"\x1b[" in drawn) == (not environment)


def test_a_missing_argument_on_a_terminal_is_said_at_once() -> None:
    """Waiting for a person to type an image would help nobody."""
    import pty

    mother, child = pty.openpty()
    for command in ("grid", "pool", "vote", "classify", "show"):
        ended = subprocess.run([*PROGRAM, command], stdin=child, capture_output=True, text=True, check=False)
        assert ended.returncode == 2
        assert "is missing" in ended.stderr
    os.close(mother)
    os.close(child)


def test_a_reader_that_leaves_is_no_failure(samples: Path) -> None:
    """Drawings too end well when the next program has seen enough; special files are written as they are."""
    x = f"{sys.executable} -m xo_cnn"
    for command in ("show", "explain", "convolve"):
        line = f"set -o pipefail; {x} {command} {samples}/x_thick.png | head -n 1 >/dev/null"
        assert subprocess.run(["bash", "-c", line], cwd=ROOT, check=False).returncode == 0
    line = f"{x} pool features/diag.txt -f text -o /dev/stdout | cat"
    assert b"\n-1  1\n" in subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, check=False).stdout


def test_workers_end_with_the_process_that_started_them(samples: Path) -> None:
    """Ended by a signal it cannot answer, it leaves no worker behind that would hold the pipe open."""
    process = subprocess.Popen(
        [*PROGRAM, "classify", "--jobs", "2", "--files-from", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{samples / 'x.png'}\n".encode() * 200)
    process.stdin.flush()
    assert process.stdout.readline().startswith(b"X")
    process.kill()
    process.stdin.close()
    watchdog = threading.Timer(20, os._exit, (1,))
    watchdog.start()
    process.stdout.read()  # ends only when the last worker has closed its end
    watchdog.cancel()
    process.stdout.close()
    process.wait()
