"""Nothing gets lost: inputs, features and networks are never overwritten, and files are written whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, Ran, one_line_error, png

Run = Callable[..., Ran]


PROGRAM = [sys.executable, "-m", "xo_cnn"]


def test_nothing_is_saved_over_its_own_input(run: Run, samples: Path, tmp_path: Path) -> None:
    """Under whatever name the input comes: the same path, another path, a link, a feature."""
    image = tmp_path / "x.png"
    image.write_bytes((samples / "x.png").read_bytes())
    (tmp_path / "f.txt").write_text("1 -1\n")
    (tmp_path / "link.png").symlink_to(image)
    before = image.read_bytes()
    for output in (image, tmp_path / "." / "x.png", tmp_path / "link.png"):
        assert "is also the input" in one_line_error(run("grid", image, "-o", output), 2)
    one_line_error(run("convolve", image, "-F", tmp_path / "f.txt", "-o", tmp_path / "f.txt"), 2)
    with image.open("rb") as stdin:
        ended = subprocess.run([*PROGRAM, "grid", "-o", image], stdin=stdin, capture_output=True, check=False)
    assert ended.returncode == 2
    assert image.read_bytes() == before


def test_the_network_and_its_features_are_inputs_too(run: Run, samples: Path, tmp_path: Path) -> None:
    """No command saves its result over the files that its network or its features come from, or that are listed."""
    shutil.copytree(ROOT / "features", tmp_path / "f")
    x, network, feature = samples / "x.png", tmp_path / "f" / "article.toml", tmp_path / "f" / "diag.txt"
    (tmp_path / "list").write_text(f"{feature}\n")
    before = {path: path.read_bytes() for path in (network, feature)}
    for args in (
        ("classify", x, "-n", network, "-f", "text", "-o", network),
        ("classify", x, "-n", network, "-o", feature),
        ("convolve", x, "-n", network, "-o", feature),
        ("convolve", x, "--features", tmp_path / "f", "-o", feature),
        ("explain", x, "-n", network, "-o", feature),
        ("vote", feature, "-n", network, "-o", feature),
        ("train", "--out", feature, "-F", feature),
        ("classify", "--files-from", tmp_path / "list", "-o", feature),
        ("classify", "--recursive", tmp_path / "f", "-o", feature),
    ):
        assert "is also the input" in one_line_error(run(*args), 2), args
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("share", [0.0, 0.4, 0.8])
def test_a_kill_in_the_middle_leaves_the_old_file_or_the_new_one(run: Run, tmp_path: Path, share: float) -> None:
    """Whole, whichever it is; kill -9 gives no one time to tidy up."""
    image, target = tmp_path / "noise.png", tmp_path / "maps.csv"
    image.write_bytes(png(np.random.default_rng(0).random((700, 700)) - 0.5))
    command = ["convolve", "-n", "article", str(image), "-o", str(target)]
    assert run(*command).status == 0
    new, old = target.read_bytes(), b"old"
    target.write_bytes(old)
    process = subprocess.Popen([*PROGRAM, *command])
    while process.poll() is None:
        written = [path.stat().st_size for path in tmp_path.glob(".*.part") if path.exists()]
        if any(size >= share * len(new) for size in written):
            break
    process.kill()
    process.wait()
    assert target.read_bytes() in (old, new)


def test_a_failure_leaves_the_output_alone(run: Run, samples: Path, tmp_path: Path) -> None:
    """Only a result replaces a file."""
    kept = {tmp_path / f"keep.{ending}": f"old {ending}" for ending in ("txt", "json", "csv", "png", "npz")}
    for path, text in kept.items():
        path.write_text(text)
    typo = tmp_path / "typo.png"
    for ending in ("txt", "json", "csv"):
        assert run("classify", typo, "-o", tmp_path / f"keep.{ending}").status == 1
    assert run("classify", typo, typo, "-o", tmp_path / "keep.txt").status == 1
    assert run("compare", typo, samples / "x.png", "-o", tmp_path / "keep.csv").status == 1
    assert run("vote", typo, "-o", tmp_path / "keep.json").status == 1
    assert run("convolve", typo, "-F", "diag", "-o", tmp_path / "keep.png").status == 1
    assert run("pool", typo, "-o", tmp_path / "keep.npz").status == 1
    assert {path: path.read_text() for path in tmp_path.iterdir()} == kept


def test_a_picture_in_a_folder_is_not_its_own_input(run: Run, samples: Path, tmp_path: Path) -> None:
    """Where an image alone or one among several would be replaced by a picture of the same name in its folder."""
    for name in ("x.png", "a.png", "a-diag.png"):
        shutil.copy(samples / "x.png", tmp_path / name)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert "is also the input" in one_line_error(run("grid", tmp_path / "x.png", "-o", f"{tmp_path}/"), 2)
    images = (tmp_path / "a.png", tmp_path / "a-diag.png")
    assert "is also the input" in one_line_error(run("convolve", *images, "-F", "diag", "-o", f"{tmp_path}/"), 2)
    assert "is also the input" in one_line_error(run("pool", images[0], "-o", f"{tmp_path}/{{name}}.png"), 2)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


LIMITED = [*("bash", "-c"), 'ulimit -f 16; exec "$@"', "limited", *PROGRAM]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_cannot_be_written_whole_is_an_error(samples: Path, tmp_path: Path, unbuffered: str) -> None:
    """A file that the system cuts at 16 KiB: standard output or another is named, and the other stays as it was."""
    command = [*LIMITED, "explain", samples / "x.png", "-n", "article", "-f", "html"]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered, "PYTHONPATH": str(ROOT)}
    with (tmp_path / "cut.html").open("wb") as stdout:
        ran = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, env=environment, check=False)
    assert (ran.returncode, ran.stderr) == (1, b"xo-cnn: standard output: File too large\n")
    (tmp_path / "old.html").write_text("old")
    options = {"capture_output": True, "env": environment, "check": False, "cwd": tmp_path}
    ran = subprocess.run([*command, "-o", "old.html"], **options)
    assert (ran.returncode, ran.stderr) == (1, b"xo-cnn: old.html: cannot be written: File too large\n")
    assert (tmp_path / "old.html").read_text() == "old"


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="needs /dev/stdout")
def test_dev_stdout_is_standard_output(samples: Path, tmp_path: Path) -> None:
    """`>> log` appends, whatever name the output has."""
    log = tmp_path / "log"
    log.write_bytes(b"old\n")
    with log.open("ab") as stdout:
        for output in ("/dev/stdout", "/dev/fd/1", "-"):
            subprocess.run([*PROGRAM, "classify", samples / "x.png", "-o", output], stdout=stdout, check=True)
    assert log.read_bytes() == b"old\nX\nX\nX\n"


def test_rows_of_several_images_are_a_result(run: Run, samples: Path, tmp_path: Path) -> None:
    """One good image among bad ones is enough."""
    out = tmp_path / "rows.txt"
    out.write_text("old")
    assert run("classify", tmp_path / "typo.png", samples / "x.png", "-o", out).status == 1
    assert out.read_text() == f"X\t{samples / 'x.png'}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["rows.txt"]


def test_train_never_overwrites_what_it_learns_with(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its features, those of the default network, its images: by any spelling of the path, and before it works."""
    shutil.copytree(ROOT / "features", tmp_path / "f")
    (tmp_path / "new").mkdir()
    (tmp_path / "link.txt").symlink_to(tmp_path / "f" / "diag.txt")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.t*")}
    monkeypatch.setattr("xo_cnn.learning.training.drawn_grids", None)
    monkeypatch.setattr("xo_cnn.catalogue.installed", lambda: str(tmp_path / "f"))
    monkeypatch.chdir(tmp_path)
    for args in (
        ("--features", "f", "--out", "f/diag.txt"),
        ("--features", "f", "--out", "new/../f/./diag.txt"),
        ("-F", "f/diag.txt", "--out", "link.txt"),
        ("-F", "diag", "--out", "new/diag.txt"),
        ("-F", "diag", "--out", "new/DIAG.TXT"),
        ("--out", "f/diag.txt"),
        ("--out", "f/xo.toml"),
    ):
        assert "is also the input" in one_line_error(run("train", *args), 2), args
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.t*")} == before


def test_train_looks_at_its_target_first(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Minutes of work are not lost to a folder that is missing, or to a feature of the same name."""
    monkeypatch.setattr("xo_cnn.learning.training.drawn_grids", None)
    (tmp_path / "a.toml").mkdir()
    assert "is a folder" in one_line_error(run("train", "--out", tmp_path / "a.toml"), 2)
    assert "a device" in one_line_error(run("train", "--out", os.devnull), 2)
    assert "make it first" in one_line_error(run("train", "--out", tmp_path / "none" / "a.toml"), 2)
    latin = tmp_path / os.fsdecode(b"caf\xe9.txt")
    latin.write_text("1\n")
    assert "no name for its file" in one_line_error(run("train", "--out", tmp_path / "b.toml", "-F", latin), 2)
    assert "no name in UTF-8" in one_line_error(run("train", "--out", latin.with_suffix(".toml"), "-F", "diag"), 2)
    (tmp_path / "large.txt").write_text("1 " * 17 + "\n")
    large = run("train", "--out", tmp_path / "b.toml", "-F", tmp_path / "large.txt")
    assert "large (1x17) is larger than the image" in one_line_error(large)
    twice = run("train", "--out", tmp_path / "b.toml", "-F", "diag", "-F", ROOT / "features" / "diag.txt")
    assert "twice" in one_line_error(twice)


def test_a_feature_that_train_saves_reads_back_exactly(run: Run, tmp_path: Path) -> None:
    """To the last bit of every number."""
    cells = np.random.default_rng(3).uniform(-1, 1, (3, 3)).astype(np.float32)
    np.savetxt(tmp_path / "odd.txt", cells, fmt="%.9g")
    (tmp_path / "out").mkdir()
    out = tmp_path / "out" / "a.toml"
    assert run("train", "--out", out, "-F", tmp_path / "odd.txt", "--count", "5").status == 0
    assert (np.loadtxt(tmp_path / "out" / "odd.txt", dtype=np.float32) == cells).all()
