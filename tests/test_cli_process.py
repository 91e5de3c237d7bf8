"""The process around a command: shells, terminals, signals, closed streams and odd environments."""

from __future__ import annotations

import contextlib
import io
import os
import re
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT, Ran, one_line_error
from PIL import Image

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


POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and terminals are those of POSIX")
SIGNALS = [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)]


@contextlib.contextmanager
def running(*args: Any, **how: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A command that is ended by force where a test waits for it in vain."""
    # A run in the background ignores these signals, and what it starts would ignore them too.
    before = {name: signal.signal(getattr(signal, name), signal.SIG_DFL) for name, _ in SIGNALS}
    process = subprocess.Popen([*PROGRAM, *map(str, args)], **{"stderr": subprocess.PIPE, **how})
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    try:
        yield process
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()


@contextlib.contextmanager
def two_at_work(samples: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run whose two workers have begun to answer, and which waits for more paths."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with running("classify", "--jobs", "2", "--files-from", "-", **pipes) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{samples / 'x.png'}\n".encode() * 200)
        process.stdin.flush()
        assert process.stdout.readline().startswith(b"X")
        yield process


@POSIX
@pytest.mark.parametrize(("name", "status"), SIGNALS)
def test_signals_end_without_a_word(samples: Path, name: str, status: int) -> None:
    """Ended while it waits for more input: a status, no traceback, and no worker that holds the pipe open."""
    with two_at_work(samples) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.send_signal(getattr(signal, name))
        assert process.stdout.read().count(b"X\t") < 200  # read to the end: all who could write have ended
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait() == status


@POSIX
@pytest.mark.parametrize(("name", "status"), SIGNALS)
def test_signals_leave_nothing_half_written(tmp_path: Path, name: str, status: int) -> None:
    """While a file is written: the old one stays, and the temporary one goes."""
    image, target = tmp_path / "noise.npy", tmp_path / "maps.csv"
    np.save(image, np.random.default_rng(0).choice([-1.0, 1.0], (1500, 1500)))
    target.write_text("old")
    with running("convolve", image, "-o", target) as process:
        while process.poll() is None and not list(tmp_path.glob("*.part")) + list(tmp_path.glob(".*.part")):
            pass
        process.send_signal(getattr(signal, name))
        assert process.wait() == status
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["maps.csv", "noise.npy"]


# A fork that takes a second, on either side, as on a loaded machine.
SLOW = "import os, time\nos.register_at_fork({}=lambda: time.sleep(1))\n"


@POSIX
@pytest.mark.parametrize(("name", "status"), SIGNALS)
@pytest.mark.parametrize("side", ["after_in_parent", "after_in_child"])
def test_a_signal_during_a_fork_is_not_lost(samples: Path, tmp_path: Path, name: str, status: int, side: str) -> None:
    """An exception would be, which nobody catches in a fork's hook. The old output stays, and nothing beside it."""
    (tmp_path / "sitecustomize.py").write_text(
        SLOW.format(side) + "os.register_at_fork(before=lambda: os.write(2, b'f'))\n"
    )
    (tmp_path / "rows.txt").write_text("old")
    images = [samples / "x.png"] * 100
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    with running("classify", "--jobs", "8", *images, "-o", tmp_path / "rows.txt", env=env) as process:
        assert process.stderr is not None
        assert process.stderr.read(1) == b"f"
        process.send_signal(getattr(signal, name))
        assert process.wait() == status
        assert process.stderr.read().strip(b"f") == b""
    assert (tmp_path / "rows.txt").read_text() == "old"
    assert not list(tmp_path.glob(".*"))


@POSIX
def test_a_worker_that_is_ended_early_tidies_up_nothing_of_its_parents(samples: Path, tmp_path: Path) -> None:
    """Just forked, it still has its parent's handlers, and must not take the unfinished output away."""
    text = "import os\nforks = []\nos.register_at_fork(before=lambda: forks.append(1))\n"
    text += "os.register_at_fork(after_in_child=lambda: len(forks) == 1 and os.kill(os.getpid(), 15))\n"
    (tmp_path / "sitecustomize.py").write_text(text)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    command = ["classify", "-q", "-j", "2", *[samples / "x.png"] * 100, "-o", tmp_path / "rows.txt"]
    with running(*command, env=env) as process:
        assert process.stderr is not None
        assert b"ended unexpectedly; its images are read again by a new one" in process.stderr.read()
        assert process.wait() == 0
    assert (tmp_path / "rows.txt").read_text().count("X\t") == 100


@POSIX
def test_a_finished_run_waits_for_no_worker(samples: Path, tmp_path: Path) -> None:
    """The second of two workers is not ready before it sleeps for long."""
    text = "import os, time\nforks = []\n"
    text += "os.register_at_fork(before=lambda: forks.append(1))\n"
    text += "os.register_at_fork(after_in_child=lambda: time.sleep(600 * (len(forks) > 1)))\n"
    (tmp_path / "sitecustomize.py").write_text(text)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    with running("classify", "-j", "2", *[samples / "x.png"] * 2, env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.read().count(b"X\t") == 2
        assert process.wait() == 0


@POSIX
def test_workers_leave_ctrl_c_to_their_parent(samples: Path) -> None:
    """A terminal sends it to all of them; none says a word, and without the parent's leave none ends."""
    with two_at_work(samples) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(workers) == 2
        for worker in workers:
            os.kill(int(worker), signal.SIGINT)
        process.stdin.write(f"{samples / 'x.png'}\n".encode() * 200)
        process.stdin.close()
        process.stdin = None
        assert process.stdout.read().count(b"X\t") == 399
        assert process.stderr is not None
        assert (process.stderr.read(), process.wait()) == (b"400 images: 400 X, 0 O\n", 0)


@POSIX
def test_a_signal_that_is_ignored_stays_ignored(samples: Path) -> None:
    """As nohup asks for it."""
    line = f"trap '' HUP; exec {sys.executable} -m xo_cnn classify --files-from -"
    with subprocess.Popen(["bash", "-c", line], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(2):
            process.stdin.write(f"{samples / 'x.png'}\n".encode())
            process.stdin.flush()
            assert process.stdout.readline().startswith(b"X")
            process.send_signal(signal.SIGHUP)
        process.stdin.close()
        assert process.wait() == 0


def noisy_tiff() -> bytes:
    """A fax whose decoder complains on standard error, and reads on."""
    stream = io.BytesIO()
    dots = np.random.default_rng(0).random((64, 64)) < 0.5
    Image.fromarray(dots).convert("1").save(stream, "TIFF", compression="group4")
    data = bytearray(stream.getvalue())
    data[8] ^= 0xFF
    return bytes(data)


@POSIX
@pytest.mark.parametrize("closed", ["2>&-", "0<&- 2>&-", "0<&- 1>&- 2>&-"])
def test_a_decoders_complaint_never_lands_in_a_result(samples: Path, tmp_path: Path, closed: str) -> None:
    """With standard error closed, the next file that is opened would take its place."""
    (tmp_path / "noisy.tif").write_bytes(noisy_tiff())
    line = f"{sys.executable} -m xo_cnn classify noisy.tif {samples / 'x.png'} -o rows.txt {closed}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(["bash", "-c", line], cwd=tmp_path, env=environment, check=True)
    assert [line.split("\t")[1] for line in (tmp_path / "rows.txt").read_text().splitlines()] == [
        "noisy.tif",
        str(samples / "x.png"),
    ]


@POSIX
@pytest.mark.parametrize("command", [["classify"], ["classify", "--files-from", "-"]])
def test_a_non_blocking_standard_input_is_read_to_its_end(samples: Path, command: list[str]) -> None:
    """An image, or a list of them, in pieces with gaps."""
    data = (samples / "x.png").read_bytes() if len(command) == 1 else f"{samples / 'x.png'}\n".encode()
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with running(*command, stdin=reading, stdout=subprocess.PIPE) as process:
        os.close(reading)
        for start in range(0, len(data), 40):
            os.write(writing, data[start : start + 40])
            os.sched_yield()
        os.close(writing)
        assert process.stdout is not None
        assert process.stdout.read()[:1] == b"X"
        assert process.wait() == 0


@POSIX
def test_a_non_blocking_standard_output_gets_everything(samples: Path) -> None:
    """However slowly it is read."""
    expected = subprocess.run([*PROGRAM, "convolve", samples / "x_thick.png"], capture_output=True, check=True).stdout
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with running("convolve", samples / "x_thick.png", stdout=writing) as process, open(reading, "rb") as stream:
        os.close(writing)
        while process.poll() is None and not select.select([stream], [], [], 0)[0]:
            pass  # the pipe is filled before anything is read
        assert stream.read() == expected
        assert process.wait() == 0


@POSIX
@pytest.mark.parametrize(
    "line",
    [
        "COLUMNS=0 {x} show {png} | wc -l",
        "COLUMNS=" + "9" * 5000 + " {x} show {png} | wc -l",
        "LINES=-1 COLUMNS=x {x} show {png} | wc -l",
        "TERM=dumb {x} show {png} | wc -l",
        "_XO_CNN_COMPLETE= {x} show {png} | wc -l",
        "ulimit -n 16; {x} show {png} | wc -l",
        "LC_ALL=C {x} show {png} | wc -l",
    ],
    ids=lambda line: line[:12],
)
def test_odd_environments(line: str, samples: Path) -> None:
    """A drawing as in any other environment."""
    line = line.format(x=f"{sys.executable} -m xo_cnn", png=samples / "x.png")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(["bash", "-o", "pipefail", "-c", line], capture_output=True, env=environment, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert int(ended.stdout) > 9


def test_a_value_of_five_thousand_digits_is_one_short_line(run: Callable[..., Ran]) -> None:
    """And so is one that is not a number."""
    for seed in ("9" * 5000, "-1", "one"):
        error = one_line_error(run("draw", "X", "--seed", seed), 2)
        assert "is not" in error
        assert len(error) < 200
    assert len(one_line_error(run("grid", "--shift", "9" * 5000, "x.png"), 2)) < 200


def test_other_systems_have_fewer_names(
    run: Callable[..., Ran], samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without what only POSIX has, the same rows are read, written and saved."""
    for module, name in ((os, "fchmod"), (os, "fork"), (os, "sched_getaffinity"), (signal, "SIGHUP")):
        monkeypatch.delattr(module, name, raising=False)
    monkeypatch.setitem(sys.modules, "select", None)
    (tmp_path / "list").write_text(f"{samples / 'x.png'}\n")
    for args in (("--files-from", tmp_path / "list"), ("-r", samples / "x.png")):
        assert run("classify", *args, "-o", tmp_path / "rows.txt").status == 0
        assert (tmp_path / "rows.txt").read_text() == f"X\t{samples / 'x.png'}\n"


@POSIX
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


@POSIX
def test_workers_end_with_the_process_that_started_them(samples: Path) -> None:
    """Ended by a signal it cannot answer, it leaves no worker behind that would hold the pipe open."""
    with two_at_work(samples) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.kill()
        process.stdout.read()  # ends only when the last worker has closed its end


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("args", [["--help"], ["show"], ["explain"], ["features", "-f", "pretty"], ["grid"]])
def test_a_full_standard_output_is_named(args: list[str]) -> None:
    """Drawn or printed, text or data: one line says which file is full."""
    image = [] if args[0] in ("--help", "features") else ["sample_images/x.png"]
    with open("/dev/full", "wb") as full:
        ran = subprocess.run([*PROGRAM, *args, *image], stdout=full, stderr=subprocess.PIPE, cwd=ROOT)
    assert (ran.returncode, ran.stderr) == (1, b"xo-cnn: standard output: No space left on device\n")


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="needs a file that opens and cannot be read")
@pytest.mark.parametrize("args", [["classify"], ["pool"], ["grid"], ["vote"]])
def test_a_standard_input_that_cannot_be_read_is_named(args: list[str]) -> None:
    """The system refuses to read the first byte; the line names standard input."""
    with open("/proc/self/mem", "rb") as memory:
        ran = subprocess.run([*PROGRAM, *args], stdin=memory, capture_output=True, cwd=ROOT)
    assert (ran.returncode, ran.stderr) == (1, b"xo-cnn: standard input: cannot be read: Input/output error\n")


def test_a_missing_choice_is_one_line(run: Run) -> None:
    """Click breaks the line before each choice."""
    errors = run("draw").errors.splitlines()
    assert errors[1:] == ["Try 'xo-cnn draw --help'."]
    # Older versions of Click print the choices as they are, newer ones in small letters.
    assert errors[0].lower() == "xo-cnn: missing argument 'x|o'. choose from: x, o"


def test_help_is_a_command_too(run: Run) -> None:
    """As people type it."""
    for command in ([], ["convolve"]):
        helped = run("help", *command)
        assert (helped.status, helped.text) == (0, run(*command, "--help").text)
    assert "unknown command" in run("help", "me").errors


def test_patterns_are_expanded_where_the_shell_does_not(
    run: Run, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows; a pattern that nothing matches stays, and is said."""
    monkeypatch.chdir(samples)
    assert "no file matches the pattern" in run("classify", "[xo].png").errors
    monkeypatch.setattr(sys, "platform", "win32")
    assert run("classify", "-q", "[xo].png").text == "O\to.png\nX\tx.png\n"
    assert "no file matches the pattern" in run("classify", "z*.png").errors


def test_ctrl_c_while_modules_load_is_quiet() -> None:
    """From the first module on, an interruption ends the program with status 130 and without a word."""
    interrupted = "import sys; sys.modules['click'] = None\nimport xo_cnn.__main__ as start, builtins\n"
    interrupted += "load = builtins.__import__\n"
    interrupted += "def stopped(name, *rest):\n    if name == 'xo_cnn.cli': raise KeyboardInterrupt\n"
    interrupted += "    return load(name, *rest)\nbuiltins.__import__ = stopped\nstart.run()\n"
    ran = subprocess.run([sys.executable, "-c", interrupted], capture_output=True, cwd=ROOT)
    assert (ran.returncode, ran.stderr) == (130, b"")
