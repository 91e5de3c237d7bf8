"""The README's lines for several machines, run as they are printed on this one: the rows of a single process."""

from __future__ import annotations

import re
import shutil
import subprocess
import textwrap
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from test_cluster_workers import Start, add_workers, scheduler, start  # noqa: F401 - fixtures
from test_readme import README, printed

ROWS = 40


def line(beginning: str) -> str:
    """The README's line that begins with a program's name."""
    block = re.search(r"^```sh cluster\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    assert block is not None
    return next(line for line in block[1].splitlines() if line.startswith(beginning))


def replaced(text: str, old: str, new: str) -> str:
    """The line for this machine, which must hold what is replaced."""
    assert old in text
    return text.replace(old, new)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty drawn letters and one bad image, their list, and what one process prints of them."""
    for label in ("X", "O"):
        assert printed(f"xo-cnn draw {label} --seed 3 --size 32 --count 20 --output letters/{label}/", tmp_path) == ""
    (tmp_path / "letters" / "bad image.png").write_bytes(b"")
    printed("find letters -type f | sort > list.txt; xo-cnn classify -q --jobs 1 --files-from list.txt > one", tmp_path)
    assert len((tmp_path / "one").read_text().splitlines()) == ROWS
    return tmp_path


def same_rows(folder: Path) -> bool:
    """Whether verdicts.txt holds, byte for byte, what one process prints."""
    return (folder / "verdicts.txt").read_bytes() == (folder / "one").read_bytes()


@pytest.mark.skipif(shutil.which("parallel") is None, reason="GNU parallel is not installed")
def test_gnu_parallel(folder: Path) -> None:
    """The list is cut into blocks of a few paths, which this machine's cores take in turn."""
    command = replaced(replaced(line("parallel"), "--block 1M", "--block 200"), "-S node1,node2", "-S :")
    assert "bad image.png: is empty" in printed(command, folder)
    assert same_rows(folder)


@pytest.mark.skipif(shutil.which("split") is None, reason="split is not installed")
def test_a_slurm_array(folder: Path) -> None:
    """Each task of the array is started by hand, the last one first."""
    wrapped = re.fullmatch(r"sbatch --array=1-100 --wrap '(.*)'", line("sbatch"))
    assert wrapped is not None
    for task in (3, 2, 1):
        printed(f"export SLURM_ARRAY_TASK_ID={task}; {replaced(wrapped[1], '/100', '/3')}", folder)
    assert printed(replaced(line("cat part-"), "{1..100}", "{1..3}"), folder) == ""
    assert same_rows(folder)


@pytest.mark.filterwarnings("ignore")  # Dask warns in ways of its own
def test_dask_with_two_workers(folder: Path, start: Start, scheduler: tuple[str, Any]) -> None:  # noqa: F811
    """A scheduler and its workers on the loopback."""
    address, _ = scheduler
    add_workers(start, address, count=2)
    assert "bad image.png: is empty" in printed(replaced(line("xo-cnn"), "tcp://head:8786", address), folder)
    assert same_rows(folder)
    rows = "xo-cnn classify -q -f json --files-from list.txt 2>/dev/null"  # with the errors, which name no other paths
    assert printed(f"{rows} --scheduler {address}", folder) == printed(f"{rows} --jobs 2", folder)


def test_split_cuts_between_lines(folder: Path) -> None:
    """Every path in one task, whatever their number: more tasks than paths leave some tasks nothing to do."""
    if subprocess.run(["split", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("split is not GNU's")
    printed("for k in {1..100}; do split -n l/$k/100 list.txt; done > again.txt", folder)
    assert (folder / "again.txt").read_bytes() == (folder / "list.txt").read_bytes()
    assert printed("xo-cnn classify -q --files-from - -o part-1.txt < /dev/null; cat part-1.txt", folder) == ""


def test_a_function_for_partitions(folder: Path) -> None:
    """What the page on scale gives to Spark and Ray: paths in, a row for each out, bad ones too."""
    block = re.search(r"code-block:: python\n\n((?: {4}.*\n|\n)+)", (ROOT / "docs" / "scale.rst").read_text())
    assert block is not None
    names: dict[str, Any] = {}
    exec(textwrap.dedent(block[1]), names)
    paths = [str(folder / line) for line in (folder / "list.txt").read_text().splitlines()]
    rows = list(names["verdicts"](paths))
    assert [row[0] for row in rows] == paths
    assert [bool(row[1]) for row in rows] == [not path.endswith("bad image.png") for path in paths]
    assert [row[2] for row in rows if not row[1]] == [f"{folder}/letters/bad image.png: is empty (0 bytes)"]
