"""Many images: one row for each, bad ones too; lists, folders, and runs that are resumed."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Ran, one_line_error

from xo_cnn.cli.part import Part
from xo_cnn.cli.verdicts import Row

Run = Callable[..., Ran]


PROGRAM = [sys.executable, "-m", "xo_cnn"]


def test_a_json_verdict_carries_label_votes_and_path(run: Run, samples: Path) -> None:
    """One object a line, the votes by label."""
    entry = json.loads(run("classify", "-n", "article", "-f", "json", samples / "x.png").output)
    assert 0 <= entry.pop("neither") < 0.5
    assert entry == {"label": "X", "votes": {"X": 1.0, "O": pytest.approx(5 / 9)}, "path": str(samples / "x.png")}


def test_a_csv_verdict_has_a_heading(run: Run, samples: Path) -> None:
    """Columns for the label, the votes and the path."""
    rows = run("classify", "-n", "article", "-f", "csv", samples / "x.png").text.splitlines()
    assert rows[0] == "label,X,O,neither,path,error"
    label, x, o, neither, path, error = rows[1].split(",")
    assert (label, x, o, path, error) == ("X", "1", "0.555556", str(samples / "x.png"), "")
    assert 0 <= float(neither) < 0.5


def test_bad_images_among_several_are_reported_and_the_others_go_on(run: Run, samples: Path, tmp_path: Path) -> None:
    """The status is then 1; JSON lines have an object with the error in its place."""
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"")
    paths = [samples / "x.png", bad, tmp_path / "missing.png", samples / "o.png"]
    ran = run("classify", *paths)
    assert ran.status == 1
    assert [line.split("\t")[0] for line in ran.text.splitlines()] == ["X", "O"]
    assert f"{bad}: is empty" in ran.errors
    assert "missing.png: cannot be read: No such file" in ran.errors
    assert ran.errors.splitlines()[-1] == "4 images: 1 X, 1 O, 2 without a verdict"
    entries = [json.loads(line) for line in run("classify", "-f", "json", *paths).text.splitlines()]
    assert [entry.get("label", "error" in entry) for entry in entries] == ["X", True, True, "O"]


def test_control_characters_in_names_are_printed_harmless(run: Run, tmp_path: Path, samples: Path) -> None:
    """A newline or an escape code in a file's name neither breaks a line nor moves the cursor."""
    odd = tmp_path / "a\n\x1b[2J.png"
    odd.write_bytes((samples / "x.png").read_bytes())
    assert run("classify", "--with-path", odd).text == f"X\t{tmp_path}/a\\n\\x1b[2J.png\n"
    assert json.loads(run("classify", "-f", "json", odd).output)["path"] == str(odd)
    odd.write_bytes(b"")
    assert r"a\n\x1b[2J.png: is empty" in one_line_error(run("classify", odd))


def test_names_that_are_no_utf8_come_out_as_the_bytes_they_are(tmp_path: Path, samples: Path) -> None:
    """A name is bytes to the system; the next program in the pipe gets the same."""
    name = os.fsencode(tmp_path) + b"/\xff.png"
    with open(name, "wb") as stream:
        stream.write((samples / "x.png").read_bytes())
    ended = subprocess.run([*PROGRAM, "classify", "--with-path", name], capture_output=True, check=False)
    assert (ended.stdout, ended.stderr) == (b"X\t" + name + b"\n", b"")


def test_standard_input_is_one_image_among_several(run: Run, samples: Path) -> None:
    """`-` keeps its place in the order."""
    x, o = (samples / f"{name}.png" for name in "xo")
    assert run("classify", o, "-", o, stdin=x.read_bytes()).text == f"O\t{o}\nX\t-\nO\t{o}\n"


def test_pipes_stand_in_for_files(samples: Path) -> None:
    """Process substitution, for several images and for a feature."""
    x = f"{sys.executable} -m xo_cnn"
    line = f"{x} classify <(cat {samples}/x.png) <(cat {samples}/o.png) | cut -f 1; "
    line += f"{x} convolve {samples}/x.png -F <(echo 1) --pool 9 | tail -n 1"
    ended = subprocess.run(["bash", "-c", line], capture_output=True, cwd=ROOT, check=False)
    assert ended.stdout == b"X\nO\n1\n"


def test_json_and_csv_have_a_row_per_input(run: Run, samples: Path, tmp_path: Path) -> None:
    """In order, with the error of a bad one; --allow-bad says how many may be bad."""
    paths = [tmp_path / "none.png", samples / "x.png", tmp_path]
    rows = list(csv.DictReader(io.StringIO(run("classify", "-f", "csv", *paths).text)))
    assert [row["path"] for row in rows] == [str(path) for path in paths]
    assert [row["label"] for row in rows] == ["", "X", ""]
    assert [bool(row["error"]) for row in rows] == [True, False, True]
    entries = [json.loads(line) for line in run("classify", "-f", "json", *paths).text.splitlines()]
    assert [sorted(entry) for entry in entries] == [
        ["error", "path"],
        ["label", "neither", "path", "votes"],
        ["error", "path"],
    ]
    assert [run("classify", "--allow-bad", number, *paths).status for number in ("0", "1", "2", "3")] == [1, 1, 0, 0]
    single = run("classify", "-f", "json", tmp_path / "none.png")
    assert (single.status, "error" in json.loads(single.output)) == (1, True)


def test_quiet_leaves_errors_only(run: Run, samples: Path, tmp_path: Path) -> None:
    """No summary, no progress."""
    assert run("classify", "--quiet", samples / "x.png", samples / "o.png").errors == ""
    assert run("classify", "-q", samples / "x.png", tmp_path / "none.png").errors.count("\n") == 1


def test_strict_refuses_what_looks_like_neither(run: Run, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that got more for neither than a letter gets is an error; a grid is a letter by itself."""
    x = samples / "x.png"
    assert run("classify", "--strict", x).output == b"X\n"
    grid = run("grid", "--fit", "16", x).output
    monkeypatch.setattr("xo_cnn.images.fit.NEITHER", -1.0)
    assert "x.png: looks like neither X nor O" in one_line_error(run("classify", "--strict", x))
    assert run("classify", "--strict", stdin=grid).output == b"X\n"
    assert run("classify", x).output == b"X\n"


@pytest.fixture
def listed(samples: Path, tmp_path: Path) -> list[Path]:
    """A dozen images, among them bad ones and the same one twice."""
    images = sorted(samples.glob("*.png"))[:9]
    return [*images[:4], tmp_path / "none.png", *images[4:], images[0], tmp_path / "none.png"]


@pytest.mark.parametrize("ending", ["txt", "csv", "json"])
@pytest.mark.parametrize("rows", [1, 5, 11])
def test_an_interrupted_run_is_resumed(
    run: Run, listed: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, rows: int
) -> None:
    """No row twice, none lost, the same status and summary; and no image is read again."""
    whole, out = tmp_path / f"whole.{ending}", tmp_path / f"rows.{ending}"
    once = run("classify", *listed, "-o", whole)
    out.write_text("old")
    add, count = Part.add, itertools.count(1)

    def interrupted(part: Part, row: Row) -> None:
        add(part, row)
        if next(count) == rows:
            raise KeyboardInterrupt

    monkeypatch.setattr(Part, "add", interrupted)
    ended = run("classify", *listed, "-o", out)
    assert (ended.status, out.read_text()) == (130, "old")
    assert f"rows.{ending}.part" in ended.errors
    part = tmp_path / f"rows.{ending}.part"
    assert len(part.read_text().splitlines()) == 1 + rows
    with part.open("a") as stream:
        stream.write('{"label": "X", "vo')  # killed in the middle of a line
    asked = []

    def kept(part: Part, row: Row) -> None:
        asked.append(row.path)
        add(part, row)

    monkeypatch.setattr(Part, "add", kept)
    resumed = run("classify", *listed, "-o", out, "--resume")
    assert asked == [str(path) for path in listed[rows:]]
    assert resumed.status == once.status == 1
    assert resumed.errors.splitlines()[-1] == once.errors.splitlines()[-1]
    assert out.read_bytes() == whole.read_bytes()
    assert not part.exists()


def test_only_the_same_run_is_resumed(
    run: Run, listed: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other options, another network, another list: wrong usage, and the rows stay for the right command."""
    out, part = tmp_path / "rows.txt", tmp_path / "rows.txt.part"
    with monkeypatch.context() as patched:
        patched.setattr(Part, "finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert run("classify", *listed, "-o", out).status == 130
    rows = part.read_bytes()
    for args, message in (
        (("--threshold", "9", *listed), "other options"),
        (("-n", "article", *listed), "other options"),
        (("--strict", *listed), "other options"),
        (listed[1:], "has a row of"),
        (listed[:-1], "rows of more inputs"),
    ):
        assert message in one_line_error(run("classify", *args, "-o", out, "--resume"), 2)
        assert part.read_bytes() == rows
    assert run("classify", *listed, "-o", out, "--resume").status == 1
    part.write_text("my own notes\n")
    assert "is in the way" in one_line_error(run("classify", *listed, "-o", out), 2)
    assert part.read_text() == "my own notes\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_pipes_in_folders_are_passed_over(run: Run, samples: Path, tmp_path: Path) -> None:
    """With a line, and without waiting for someone to write into them."""
    for label in ("X", "O"):
        (tmp_path / label).mkdir()
        shutil.copy(samples / f"{label.lower()}.png", tmp_path / label)
    os.mkfifo(tmp_path / "X" / "pipe")
    for command in (("classify", "-r"), ("evaluate",)):
        ran = run(*command, tmp_path)
        assert ran.status == 0
        assert f"{tmp_path / 'X' / 'pipe'}: passed over" in ran.errors


def test_a_folder_that_cannot_be_read_is_a_failure(
    run: Run, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is reported, the others are still classified, and the status is 1."""
    (tmp_path / "closed").mkdir()
    shutil.copy(samples / "x.png", tmp_path)
    scan = os.scandir

    def guarded(path: Any) -> Any:
        if os.fspath(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", guarded)
    ran = run("classify", "-r", tmp_path)
    assert (ran.status, ran.text) == (1, f"X\t{tmp_path / 'x.png'}\n")
    assert "closed: cannot be read: Permission denied" in ran.errors


def test_lists_as_other_systems_write_them(run: Run, samples: Path, tmp_path: Path) -> None:
    """With a mark of UTF-8, with lines that end in two characters, without a last end; not in UTF-16."""
    x = samples / "x.png"
    for text in (f"\ufeff{x}\n{x}\n", f"{x}\r\n{x}\r\n", f"\n\n{x}\n\n{x}"):
        (tmp_path / "list").write_bytes(text.encode())
        assert run("classify", "--files-from", tmp_path / "list").text == f"X\t{x}\n" * 2
    (tmp_path / "list").write_bytes(f"{x}\n".encode("utf-16"))
    assert "UTF-16" in run("classify", "--files-from", tmp_path / "list").errors


@pytest.mark.parametrize("end", ["\n", "\0"])
def test_a_list_without_paths_ends(run: Run, tmp_path: Path, end: str) -> None:
    """An endless list of nothing is refused at the limit."""
    (tmp_path / "list").write_text(end * 200_000)
    ran = run("classify", "--files-from", tmp_path / "list", *(["-0"] if end == "\0" else []))
    assert ran.status == 1
    assert "without a path" in ran.errors


def test_the_rows_of_a_run_are_none_of_its_images(run: Run, samples: Path, tmp_path: Path) -> None:
    """In the folder that is searched lies FILE.part while the run lasts."""
    shutil.copy(samples / "x.png", tmp_path)
    shutil.copy(samples / "o.png", tmp_path / "z.png")
    assert run("classify", "-r", tmp_path, "-o", tmp_path / "rows.txt").status == 0
    assert (tmp_path / "rows.txt").read_text() == f"X\t{tmp_path / 'x.png'}\nO\t{tmp_path / 'z.png'}\n"
