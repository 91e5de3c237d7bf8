"""Many images: in their order, whoever does the work, and whatever happens to the workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import Ran, png

from xo_cnn import Network
from xo_cnn import many as batch
from xo_cnn.errors import XoCnnError
from xo_cnn.images.reader import Reader
from xo_cnn.many import chunks, classify_many

Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty pictures of lines crossing or not, among them three that are none."""
    root = tmp_path_factory.mktemp("many")
    dice = np.random.default_rng(5)
    for number in range(60):
        cells = -np.ones((20, 20), dtype=np.int8)
        side = int(dice.integers(8, 18))
        if number % 2:
            cells[np.arange(side), np.arange(side)] = cells[np.arange(side), side - 1 - np.arange(side)] = 1
        else:
            cells[1, 1:side] = cells[side, 1:side] = cells[1:side, 1] = cells[1:side, side] = 1
        (root / f"{number:02}.png").write_bytes(png(cells) if number % 20 else b"broken")
    return root


def told(outcomes: Iterator[tuple[str, batch.Outcome]]) -> list[tuple[str, str]]:
    return [(Path(path).name, str(outcome)) for path, outcome in outcomes]


@pytest.fixture(scope="module")
def expected(folder: Path) -> list[tuple[str, str]]:
    """One at a time, in this process."""
    network = Network.load("xo")
    paths = [str(path) for path in sorted(folder.iterdir())]
    result = []
    for path in paths:
        (outcome,) = batch.classify_files([path], network, Reader())
        result.append((Path(path).name, str(outcome)))
    return result


@pytest.mark.parametrize("jobs", [None, 1, 2, 3])
def test_results_come_in_the_order_of_the_input(
    folder: Path, expected: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch, jobs: int | None
) -> None:
    """In one process or several, in chunks of any size, nothing is lost, nothing comes twice."""
    monkeypatch.setattr(batch, "CHUNK_IMAGES", 7)
    monkeypatch.setattr(batch, "ALONE", 0)
    paths = [str(path) for path in sorted(folder.iterdir())]
    assert told(classify_many([paths], Network.load("xo"), Reader(), jobs=jobs)) == expected


def test_bad_images_are_errors_in_their_place(expected: list[tuple[str, str]]) -> None:
    """The others go on."""
    bad = [name for name, outcome in expected if "not an image" in outcome]
    assert bad == ["00.png", "20.png", "40.png"]
    assert {outcome for name, outcome in expected if name not in bad} <= {"X", "O"}


def test_chunks_are_bounded_in_images_and_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And an empty batch, which says that there is nothing more for now, stays."""
    monkeypatch.setattr(batch, "CHUNK_IMAGES", 3)
    monkeypatch.setattr(batch, "CHUNK_BYTES", 10)
    (tmp_path / "large").write_bytes(b"0" * 11)
    large = str(tmp_path / "large")
    cut = list(chunks([["a", "b", "c", "d"], [], [large, "e"]]))
    assert cut == [["a", "b", "c"], ["d"], [], [large], ["e"]]


def test_a_killed_worker_loses_nothing(
    folder: Path, expected: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had in hand is done by those that are left."""
    import multiprocessing

    monkeypatch.setattr(batch, "CHUNK_IMAGES", 2)
    outcomes = classify_many([[str(path) for path in sorted(folder.iterdir())]], Network.load("xo"), Reader(), jobs=2)
    result = [next(outcomes)]
    for child in multiprocessing.active_children():
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
    result += outcomes
    assert told(iter(result)) == expected


def test_results_are_told_before_a_wait_for_more(folder: Path) -> None:
    """A slow find in front of the pipe delays no verdict that could be told."""
    first, second = (str(folder / name) for name in ("01.png", "02.png"))
    asked = []

    def slow() -> Iterator[list[str]]:
        yield [first]
        yield []
        asked.append("more")
        yield [second]

    for jobs in (1, 2):
        asked.clear()
        outcomes = classify_many(slow(), Network.load("xo"), Reader(), jobs=jobs)
        assert next(outcomes)[0] == first
        assert asked == []
        assert [path for path, _ in outcomes] == [second]


def test_paths_come_from_a_file_from_standard_input_and_from_folders(run: Run, folder: Path, tmp_path: Path) -> None:
    """--files-from, -0 for find -print0, and --recursive name the same images."""
    images = [path for path in sorted(folder.iterdir()) if path.name not in ("00.png", "20.png", "40.png")]
    lines = run("classify", *images)
    assert lines.status == 0
    assert lines.text.count("\n") == 57
    listed = tmp_path / "list"
    listed.write_text("".join(f"{path}\n" for path in images))
    assert run("classify", "--files-from", listed).output == lines.output
    listed.write_text("\0".join(map(str, images)))
    assert run("classify", "-0", "--files-from", listed).output == lines.output
    everything = run("classify", "--recursive", folder)
    assert everything.status == 1
    assert everything.output == lines.output
    assert everything.errors.splitlines()[-1].endswith("3 without a verdict")
    piped = subprocess.run(
        [sys.executable, "-m", "xo_cnn", "classify", "--jobs", "2", "--files-from", "-"],
        input="".join(f"{path}\n" for path in images).encode(),
        capture_output=True,
        check=False,
    )
    assert piped.stdout == lines.output


def test_a_line_is_flushed_as_soon_as_it_is_known(folder: Path) -> None:
    """A verdict is read from the pipe while the next path has not been written yet."""
    process = subprocess.Popen(
        [sys.executable, "-m", "xo_cnn", "classify", "--files-from", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    watchdog = threading.Timer(30, process.kill)
    watchdog.start()
    for name in ("01.png", "02.png"):
        process.stdin.write(f"{folder / name}\n".encode())
        process.stdin.flush()
        assert process.stdout.readline().endswith(f"{name}\n".encode())
    process.stdin.close()
    assert process.wait() == 0
    process.stdout.close()
    watchdog.cancel()


def test_a_scheduler_that_does_not_answer_is_said_so(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so is a missing extra."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    images = [folder / "01.png", folder / "02.png"]
    ran = run("classify", "--scheduler", "tcp://127.0.0.1:9", *images)
    assert (ran.status, ran.errors.strip()) == (1, "xo-cnn: --scheduler needs the extra: pip install 'xo-cnn[dask]'")


WORKER = ["--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"]


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A real scheduler and two workers on the loopback."""
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    dask = [sys.executable, "-m", "distributed.cli"]
    file = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    head = subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", *options], **quiet)  # type: ignore[call-overload]
    workers = [
        subprocess.Popen([*dask[:2], "distributed.cli.dask_worker", "--scheduler-file", str(file), *WORKER], **quiet)  # type: ignore[call-overload]
        for _ in range(2)
    ]
    try:
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        import json

        address = json.loads(file.read_text())["address"]
        from distributed import Client

        with Client(address, timeout=30) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, workers
    finally:
        for process in (*workers, head):
            process.kill()
            process.wait()


@pytest.mark.filterwarnings("ignore")
def test_a_dask_worker_that_ends_in_the_middle_loses_nothing(
    folder: Path,
    expected: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    scheduler: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    """Two workers on the loopback, one killed while it works: every image once, in order, the same verdicts."""
    monkeypatch.setattr(batch, "CHUNK_IMAGES", 2)
    address, workers = scheduler
    paths = [str(path) for path in sorted(folder.iterdir())]
    outcomes = classify_many([paths * 3], Network.load("xo"), Reader(), scheduler=address)
    result = [next(outcomes) for _ in range(20)]
    workers[0].kill()
    result += outcomes
    assert told(iter(result)) == expected * 3


def test_a_wrong_address_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback of a network library."""
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    with pytest.raises(XoCnnError, match="no scheduler answers at nonsense"):
        list(classify_many([["a", "b"]], Network.load("xo"), Reader(), scheduler="nonsense://x"))
