"""Many images: in their order, whoever does the work, and whatever happens to the workers."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Ran, png

from xo_cnn import Network, processes
from xo_cnn.errors import XoCnnError
from xo_cnn.images.reader import Reader
from xo_cnn.many import cut, do_many
from xo_cnn.pictures import classify, outcomes

Run = Callable[..., Ran]
WORK: Any = partial(classify, network=Network.load("xo"), errors="return")


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


def told(outcomes: Iterator[tuple[str, object]]) -> list[tuple[str, str]]:
    return [(Path(path).name, str(outcome)) for path, outcome in outcomes]


@pytest.fixture(scope="module")
def expected(folder: Path) -> list[tuple[str, str]]:
    """One at a time, in this process."""
    network = Network.load("xo")
    paths = [str(path) for path in sorted(folder.iterdir())]
    result = []
    for path in paths:
        (outcome,) = classify([path], network, errors="return")
        result.append((Path(path).name, str(outcome)))
    return result


@pytest.mark.parametrize("jobs", [None, 1, 2, 3])
def test_results_come_in_the_order_of_the_input(
    folder: Path, expected: list[tuple[str, str]], jobs: int | None
) -> None:
    """In one process or several, in chunks of any size, nothing is lost, nothing comes twice."""
    paths = [str(path) for path in sorted(folder.iterdir())]
    assert told(do_many(paths, WORK, jobs=jobs, images=7, alone=0)) == expected


def test_bad_images_are_errors_in_their_place(expected: list[tuple[str, str]]) -> None:
    """The others go on."""
    bad = [name for name, outcome in expected if "not an image" in outcome]
    assert bad == ["00.png", "20.png", "40.png"]
    assert {outcome for name, outcome in expected if name not in bad} <= {"X", "O"}


def test_chunks_are_bounded_in_images_and_bytes(tmp_path: Path) -> None:
    """A wait for more, which None says, ends a chunk."""
    (tmp_path / "large").write_bytes(b"0" * 11)
    large = str(tmp_path / "large")
    chunks = list(cut(["a", "b", "c", "d", None, None, large, "e"], images=3, size=10))
    assert chunks == [["a", "b", "c"], ["d"], [], [], [large], ["e"]]


def test_killed_workers_lose_nothing_and_are_replaced(folder: Path, expected: list[tuple[str, str]]) -> None:
    """What they had in hand is done by new ones; it is said once."""
    said: list[str] = []
    paths = [str(path) for path in sorted(folder.iterdir())]
    outcomes = do_many(paths, WORK, jobs=2, images=2, notify=said.append)
    result = [next(outcomes)]
    first = {child.pid for child in multiprocessing.active_children()}
    for pid in first:
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    result += [next(outcomes) for _ in range(20)]
    assert len({child.pid for child in multiprocessing.active_children()} - first) == 2
    result += outcomes
    assert told(iter(result)) == expected
    assert said == ["a worker process ended unexpectedly; its images are read again by a new one"]
    assert not multiprocessing.active_children()


def deadly(paths: Sequence[str]) -> list[str | XoCnnError]:
    """Work that ends its process for one path, and runs out of memory for another."""
    if any(path.endswith("21.png") for path in paths):
        os.kill(os.getpid(), signal.SIGKILL)
    if any(path.endswith("35.png") for path in paths):
        raise MemoryError
    return [path[-6:] for path in paths]


def test_an_image_that_ends_its_worker_is_an_error_and_the_others_go_on(folder: Path) -> None:
    """Out of memory, by the system's hand or by Python's word."""
    paths = [str(path) for path in sorted(folder.iterdir())]
    outcomes = dict(do_many(paths, deadly, jobs=2, images=8))
    assert list(outcomes) == paths
    bad = {path[-6:]: str(outcome) for path, outcome in outcomes.items() if isinstance(outcome, XoCnnError)}
    assert list(bad) == ["21.png", "35.png"]
    assert bad["21.png"].startswith(f"{folder / '21.png'}: the worker process that read it ended twice")
    assert bad["35.png"] == f"{folder / '35.png'}: not enough memory"


def faulty(paths: Sequence[str]) -> list[str | XoCnnError]:
    """Work with a fault of its own."""
    raise RuntimeError("a fault")


def test_a_fault_of_the_work_is_raised_here(folder: Path) -> None:
    """It is not taken for a lost worker, and no worker is left behind."""
    with pytest.raises(RuntimeError, match="a fault"):
        list(do_many(["a", "b"], faulty, jobs=2))
    assert not multiprocessing.active_children()


def test_workers_that_cannot_start_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are not started again without end, and no image is blamed."""
    monkeypatch.setattr(processes, "_threads", lambda: 1)
    monkeypatch.setattr(processes, "_prepare", lambda *_: os._exit(3))
    with pytest.raises(XoCnnError, match="end as soon as they start"):
        list(do_many(["a", "b"], list, jobs=2))
    assert not multiprocessing.active_children()


def test_leaving_early_ends_the_workers(folder: Path) -> None:
    """A reader that has seen enough closes the generator."""
    outcomes = do_many([str(path) for path in sorted(folder.iterdir())], WORK, jobs=2, images=2)
    next(outcomes)
    assert len(multiprocessing.active_children()) == 2
    outcomes.close()
    assert not multiprocessing.active_children()


def test_workers_are_spawned_where_forking_is_not_safe(
    folder: Path, expected: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On other systems, and in a process that has threads."""
    with monkeypatch.context() as patch:
        patch.setattr(processes, "_threads", lambda: 2)
        patch.delattr(os, "sched_getaffinity")
        paths = [str(path) for path in sorted(folder.iterdir())]
        assert told(do_many(paths, WORK, images=30, alone=0)) == expected


@dataclass(frozen=True)
class Counted:
    """Work that ends its process at the last path, as often as it is told to, and counts its tries in a file."""

    file: Path
    deaths: int

    def __call__(self, paths: Sequence[str]) -> list[str | XoCnnError]:
        for path in paths:
            if path == "last":
                with self.file.open("a") as stream:
                    stream.write("x")
                if self.file.stat().st_size <= self.deaths:
                    os._exit(9)
        return list(paths)


@pytest.mark.parametrize(("deaths", "tries"), [(0, 1), (1, 2), (2, 2)])
def test_an_image_that_ends_two_processes_is_not_tried_again(tmp_path: Path, deaths: int, tries: int) -> None:
    """Once among others, and once alone; an image that was only near to another is not blamed."""
    work = Counted(tmp_path / "tries", deaths)
    outcomes = dict(do_many(["first", "last"], work, jobs=2))
    assert outcomes["first"] == "first"
    assert isinstance(outcomes["last"], XoCnnError) == (deaths == 2)
    assert (tmp_path / "tries").stat().st_size == tries


def test_fewer_processes_do_where_the_system_has_a_limit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And where not even one can be started, a line says so."""
    most = 0

    class Limited(ProcessPoolExecutor):
        def submit(self, *args: Any, **kwargs: Any) -> Any:
            if self._max_workers > most:
                raise BlockingIOError(11, "Resource temporarily unavailable")
            return super().submit(*args, **kwargs)

    monkeypatch.setattr(processes, "ProcessPoolExecutor", Limited)
    with pytest.raises(XoCnnError, match="no worker process can be started"):
        list(do_many(["a", "b"], list, jobs=4))
    most = 2
    assert list(do_many(["a", "b"], list, jobs=4)) == [("a", "a"), ("b", "b")]


def test_fits_come_in_the_order_of_the_input(folder: Path) -> None:
    """The same function for whoever needs the grids and not the verdicts."""
    paths = [str(folder / name) for name in ("03.png", "00.png", "02.png")]
    fits = list(do_many(paths, partial(outcomes, work=partial(Reader().fitted, side=9)), jobs=2))
    assert [path for path, _ in fits] == paths
    assert [getattr(fit, "grid", np.empty(0)).shape for _, fit in fits] == [(9, 9), (0,), (9, 9)]


def test_results_are_told_before_a_wait_for_more(folder: Path) -> None:
    """A slow find in front of the pipe delays no verdict that could be told."""
    first, second = (str(folder / name) for name in ("01.png", "02.png"))
    asked = []

    def slow() -> Iterator[str | None]:
        yield first
        yield None
        asked.append("more")
        yield second

    for jobs in (1, 2):
        asked.clear()
        outcomes = do_many(slow(), WORK, jobs=jobs)
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
