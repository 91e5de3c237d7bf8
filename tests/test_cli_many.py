"""Many images: one row for each, bad ones too; lists, folders, pipes, and what is left where a run is interrupted."""

from __future__ import annotations

import csv
import io
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

Run = Callable[..., Ran]


PROGRAM = [sys.executable, "-m", "xo_cnn"]


def test_a_json_verdict_carries_label_votes_and_path(run: Run, samples: Path) -> None:
    """One object a line, the votes by label."""
    entry = json.loads(run("classify", "-n", "article", "-f", "json", samples / "x.png").output)
    assert entry == {"label": "X", "votes": {"X": 1.0, "O": pytest.approx(5 / 9)}, "path": str(samples / "x.png")}


def test_a_csv_verdict_has_a_heading(run: Run, samples: Path) -> None:
    """Columns for the label, the votes and the path."""
    rows = run("classify", "-n", "article", "-f", "csv", samples / "x.png").text.splitlines()
    assert rows[0] == "label,X,O,path,error"
    label, x, o, path, error = rows[1].split(",")
    assert (label, x, o, path, error) == ("X", "1", "0.555556", str(samples / "x.png"), "")


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
        ["label", "path", "votes"],
        ["error", "path"],
    ]
    assert [run("classify", "--allow-bad", number, *paths).status for number in ("0", "1", "2", "3")] == [1, 1, 0, 0]
    single = run("classify", "-f", "json", tmp_path / "none.png")
    assert (single.status, "error" in json.loads(single.output)) == (1, True)


def test_quiet_leaves_errors_only(run: Run, samples: Path, tmp_path: Path) -> None:
    """No summary, no progress."""
    assert run("classify", "--quiet", samples / "x.png", samples / "o.png").errors == ""
    assert run("classify", "-q", samples / "x.png", tmp_path / "none.png").errors.count("\n") == 1


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
    """In the folder that is searched lies a hidden file while the run lasts."""
    shutil.copy(samples / "x.png", tmp_path)
    shutil.copy(samples / "o.png", tmp_path / "z.png")
    assert run("classify", "-r", tmp_path, "-o", tmp_path / "rows.txt").status == 0
    assert (tmp_path / "rows.txt").read_text() == f"X\t{tmp_path / 'x.png'}\nO\t{tmp_path / 'z.png'}\n"


@pytest.mark.parametrize("args", [["-r", "."], ["-r", ".", "--files-from", "list"], ["x.png", "o.png"]])
def test_pictures_are_never_written_over(
    run: Run, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str]
) -> None:
    """An output that is one of the images, however it was found."""
    for name in ("x.png", "o.png"):
        shutil.copy(samples / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("list").write_text("x.png\n")
    before = Path("x.png").read_bytes()
    assert "is also the input" in one_line_error(run("classify", "-q", "-f", "text", *args, "-o", "./x.png"), 2)
    assert Path("x.png").read_bytes() == before


def test_a_folder_without_an_image_is_said(run: Run, tmp_path: Path) -> None:
    """And nothing is written; an empty list is a shard with nothing to do."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".hidden.png").write_bytes(b"")
    assert one_line_error(run("classify", "-r", tmp_path / "empty")) == f"xo-cnn: {tmp_path / 'empty'}: no image in it"
    assert run("classify", "-r", tmp_path / "empty", "-o", tmp_path / "rows.csv").status == 1
    (tmp_path / "list").write_bytes(b"")
    assert run("classify", "--files-from", tmp_path / "list").status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "list"]


def test_folders_of_any_depth_are_searched(run: Run, samples: Path, tmp_path: Path) -> None:
    """Deeper than Python calls functions; beyond what the system can name, a line says so."""
    deepest = tmp_path
    os.chdir(tmp_path)
    for _ in range(1200):
        os.mkdir("d")
        os.chdir("d")
    shutil.copy(samples / "x.png", "x.png")
    os.chdir(tmp_path)
    ran = run("classify", "-r", ".")
    assert (ran.status, ran.text) == (0, f"X\t./{'d/' * 1200}x.png\n")
    for _ in range(1200):
        os.chdir("d")
    for _ in range(1000):
        os.mkdir("d")
        os.chdir("d")
    os.chdir(deepest)
    ran = run("classify", "-r", ".")
    assert (ran.status, ran.text) == (1, f"X\t./{'d/' * 1200}x.png\n")
    assert ran.errors.splitlines()[0].endswith("cannot be read: File name too long")
    subprocess.run(["rm", "-r", "d"], check=True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_in_a_list_is_an_error_in_its_row(run: Run, samples: Path, tmp_path: Path) -> None:
    """So is a device or a file that is no picture; nothing waits, and nothing of what is read is told."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "secret").write_text("root:s3cret:0:0\n")
    listed = [samples / "x.png", tmp_path / "pipe", "/dev/zero", tmp_path / "secret", samples / "o.png"]
    (tmp_path / "list").write_text("".join(f"{one}\n" for one in listed))
    ran = run("classify", "-f", "json", "--files-from", tmp_path / "list")
    rows = [json.loads(line) for line in ran.text.splitlines()]
    assert [row["path"] for row in rows] == list(map(str, listed))
    assert [row.get("label") for row in rows] == ["X", None, None, None, "O"]
    assert [rows[place]["error"].split(": ")[1] for place in (1, 2)] == [
        "is a pipe, a device or a socket; a list names files"
    ] * 2
    assert "s3cret" not in ran.text + ran.errors


def test_a_name_is_one_row_of_csv(run: Run, samples: Path, tmp_path: Path) -> None:
    """Whatever is in it; and nothing in it reaches the terminal."""
    odd = tmp_path / 'a\n\r\x1b]0;T\x07,".png'
    shutil.copy(samples / "x.png", odd)
    bad = tmp_path / "b\nX,1,0,,forged.png,"
    bad.write_bytes(b"")
    text = run("classify", "-f", "csv", odd, bad).text
    assert text.count("\n") == 3
    assert all(c.isprintable() for c in text.replace("\n", ""))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["label"] for row in rows] == ["X", ""]
    assert rows[0]["path"] == f'{tmp_path}/a\\n\\r\\x1b]0;T\\x07,".png'


def test_a_list_that_cannot_be_decoded_is_said(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has names of Unicode only, and lists in its old encodings."""
    (tmp_path / "list").write_bytes(b"caf\xe9.png\n")
    monkeypatch.setattr(os, "fsdecode", lambda name: name.decode("utf-8") if isinstance(name, bytes) else name)
    assert "list: has a path that is not UTF-8" in one_line_error(run("classify", "--files-from", tmp_path / "list"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_two_runs_with_one_output_write_one_of_them_whole(samples: Path, tmp_path: Path) -> None:
    """Each writes a file of its own, and puts it in place in the end."""
    out, runs = tmp_path / "rows.csv", []
    for letter in "xo":
        os.mkfifo(tmp_path / letter)
        command = [*PROGRAM, "classify", "-q", "--files-from", tmp_path / letter, "-o", out]
        runs.append((subprocess.Popen(command), open(tmp_path / letter, "w")))  # noqa: SIM115 - closed below
    for _ in range(3):
        for (_, stream), letter in zip(runs, "xo", strict=True):
            stream.write(f"{samples / letter}.png\n")
            stream.flush()
    for (process, stream), label in zip(runs, "XO", strict=True):
        stream.close()
        assert process.wait() == 0
        assert [line.split(",")[0] for line in out.read_text().splitlines()] == ["label", *label * 3]
