"""The command line as a filter: standard input, formats, files, statuses, and one clear line for bad input."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT, Ran, one_line_error, png
from PIL import Image

from xo_cnn.cli import COMMANDS

Run = Callable[..., Ran]
ARTICLE = ("--feature", "diag.txt", "--feature", "cross.txt", "--feature", "anti.txt")
PROGRAM = [sys.executable, "-m", "xo_cnn"]


def maps_in(text: bytes) -> list[np.ndarray]:
    return [np.loadtxt(io.BytesIO(block), ndmin=2, dtype=np.float32) for block in text.split(b"\n\n\n")]


def without_neither(line: bytes) -> bytes:
    """A line of verdicts without what neither label got, which only a picture can say."""
    return re.sub(rb"\tneither=[0-9.]+", b"", line)


def ninths(numerators: Any) -> np.ndarray:
    return np.array(numerators, dtype=np.float32) / np.float32(9)


@pytest.mark.parametrize(("picture", "file"), [("X", "x"), ("O", "o"), ("X_deformed", "x_deformed")])
def test_the_numbers_of_the_text_come_through_the_pipe(
    run: Run, samples: Path, article: dict[str, Any], picture: str, file: str
) -> None:
    """grid | convolve | pool | pool | vote shows every number of the figures, and the verdict of classify."""
    grid = run("grid", samples / f"{file}.png").output
    assert np.loadtxt(io.BytesIO(grid)).tolist() == article[picture]
    stages = {"maps": run("convolve", *ARTICLE, stdin=grid).output}
    stages["pool1"] = run("pool", "--window", "2", "--stride", "2", stdin=stages["maps"]).output
    stages["pool2"] = run("pool", stdin=stages["pool1"]).output
    for stage, stream in stages.items():
        expected = article[f"{stage}_numerators_over_9"][picture]
        assert [line for line in stream.decode().split("\n") if "#" in line] == [f"# {name}" for name in expected]
        for one, numerators in zip(maps_in(stream), expected.values(), strict=True):
            assert (one == ninths(numerators)).all()
    voted = run("vote", "--network", "article", "--votes", stdin=stages["pool2"])
    classified = run("classify", "--network", "article", "--votes", samples / f"{file}.png")
    assert (voted.status, voted.output, voted.errors) == (0, without_neither(classified.output), "")
    assert voted.text[0] == picture[0]


@pytest.mark.parametrize("form", ["text", "json", "csv", "npy", "npz"])
def test_every_format_carries_the_pipeline(run: Run, samples: Path, form: str) -> None:
    """Whatever one command writes the next one reads."""
    stream = run("grid", samples / "x_deformed.png", "--format", form).output
    stream = run("convolve", "-n", "article", "-f", form, stdin=stream).output
    stream = run("pool", "-f", form, stdin=stream).output
    stream = run("pool", "-f", form, stdin=stream).output
    assert run("vote", "-n", "article", "--votes", stdin=stream).text == "X\tX=0.822\tO=0.556\n"


def test_the_default_network_is_a_whole_sentence(run: Run, samples: Path) -> None:
    """grid --fit 16 | convolve | pool | vote says what classify says, for every sample image."""
    for image in sorted(samples.glob("*.png")):
        stream = run("grid", "--fit", "16", image).output
        voted = run("vote", "--votes", stdin=run("pool", stdin=run("convolve", stdin=stream).output).output)
        assert voted.output == without_neither(run("classify", "--votes", image).output)
        assert voted.text[:1].lower() == image.name[0]


def test_classify_prints_the_label_and_with_several_the_path(run: Run, samples: Path) -> None:
    """One word for one image, so that a shell can compare it; a line each with a tab for several."""
    x, o = samples / "x.png", samples / "o.png"
    assert run("classify", x).output == b"X\n"
    assert run("classify", stdin=o.read_bytes()).output == b"O\n"
    assert run("classify", "-", stdin=o.read_bytes()).output == b"O\n"
    assert run("classify", "--with-path", x).text == f"X\t{x}\n"
    assert run("classify", x, o).text == f"X\t{x}\nO\t{o}\n"
    assert run("classify", "-n", "article", "--votes", x, o).text == (
        f"X\tX=1.000\tO=0.556\tneither=0.000\t{x}\nO\tX=0.556\tO=1.000\tneither=0.000\t{o}\n"
    )


def test_a_json_verdict_carries_label_votes_and_path(run: Run, samples: Path) -> None:
    """One object a line, the votes by label."""
    entry = json.loads(run("classify", "-n", "article", "-f", "json", samples / "x.png").output)
    assert 0 <= entry.pop("neither") < 0.5
    assert entry == {"label": "X", "votes": {"X": 1.0, "O": pytest.approx(5 / 9)}, "path": str(samples / "x.png")}


def test_a_csv_verdict_has_a_heading(run: Run, samples: Path) -> None:
    """Columns for the label, the votes and the path."""
    rows = run("classify", "-n", "article", "-f", "csv", samples / "x.png").text.splitlines()
    assert rows == ["label,X,O,neither,path,error", f"X,1,0.555556,0,{samples / 'x.png'},"]


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


def test_compare_counts_the_cells_that_agree(run: Run, samples: Path) -> None:
    """Naive matching on the text's pictures: 65, 60 and 52 of 81."""
    x, o, deformed = (samples / f"{name}.png" for name in ("x", "o", "x_deformed"))
    assert run("compare", deformed, x, o).text == f"65\t81\t{x}\tbetter\n52\t81\t{o}\n"
    assert json.loads(run("compare", "-f", "json", x, o).output) == {
        "exemplar": str(o),
        "agree": 60,
        "cells": 81,
        "better": True,
    }
    assert one_line_error(run("compare", x, samples.parent / "features" / "diag.txt")).count("--fit") == 1


def test_pooling_before_writing_is_pooling_after(run: Run, samples: Path) -> None:
    """convolve --pool spares the larger maps their journey."""
    maps = run("convolve", "-n", "article", samples / "x.png").output
    after = run("pool", "-w", "3", stdin=run("pool", stdin=maps).output).output
    assert run("convolve", "-n", "article", samples / "x.png", "--pool", "2/2", "--pool", "3").output == after


def test_a_saved_picture_is_the_filtered_image(run: Run, samples: Path, tmp_path: Path) -> None:
    """One pixel per cell, -1 black, 0 mid-grey, 1 white; --scale enlarges, and it can be filtered again."""
    out = tmp_path / "diag.png"
    assert run("convolve", samples / "x.png", "-F", "diag", "-o", out).output == b""
    pixels = np.asarray(Image.open(out).convert("L"))
    maps = ninths(np.array([[7, -1], [-1, 9]]))
    assert (pixels[:2, :2] == np.rint((maps + 1) * 127.5)).all()
    assert pixels.shape == (7, 7)
    run("convolve", samples / "x.png", "-F", "diag", "-o", tmp_path / "large.png", "--scale", "3")
    assert (np.asarray(Image.open(tmp_path / "large.png").convert("L"))[1::3, 1::3] == pixels).all()
    run("convolve", samples / "x.png", "-F", "diag", "-o", tmp_path / "colour.png", "--palette", "diverging")
    colours = np.asarray(Image.open(tmp_path / "colour.png").convert("RGB"))
    assert colours[0, 0, 0] > colours[0, 0, 2]  # 7/9 is orange
    again = run("convolve", out, "-F", "diag", "--grey")
    assert maps_in(again.output)[0].shape == (5, 5)
    run("grid", samples / "x.png", "-o", tmp_path / "grid.png")
    assert run("grid", tmp_path / "grid.png").output == run("grid", samples / "x.png").output
    run("grid", samples / "x.png", "-o", tmp_path / "grid.pgm")
    assert run("grid", tmp_path / "grid.pgm").output == run("grid", samples / "x.png").output


def test_several_maps_make_a_picture_each(run: Run, samples: Path, tmp_path: Path) -> None:
    """A folder or {name}; a plain file name cannot hold three pictures."""
    x = samples / "x.png"
    one_line_error(run("convolve", "-n", "article", x, "-o", tmp_path / "a.png"), 2)
    run("convolve", "-n", "article", x, "-o", f"{tmp_path}/maps/")
    run("convolve", "-n", "article", x, "-o", tmp_path / "is-{name}.svg")
    run("convolve", "-n", "article", x, "-o", tmp_path / "all.svg")
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    assert names == ["all.svg"] + [f"is-{n}.svg" for n in ("anti", "cross", "diag")] + [
        f"maps/{n}.png" for n in ("anti", "cross", "diag")
    ]


def test_a_name_from_elsewhere_stays_in_the_folder(run: Run, tmp_path: Path) -> None:
    """A stream may call its map ../../anything; its picture does not go there."""
    run("pool", "-o", f"{tmp_path}/in/", stdin=b"# ../../up\n1 1\n1 1\n\n\n1 1\n1 1\n")
    assert sorted(path.name for path in tmp_path.rglob("*.png")) == ["_.._up.png", "map-2.png"]
    assert not list(tmp_path.glob("*.png"))


def test_several_images_write_into_a_folder(run: Run, samples: Path, tmp_path: Path) -> None:
    """convolve and pool take many; a bad one is reported, the others go on."""
    images = [samples / "x.png", tmp_path / "none.png", samples / "o.png"]
    ran = run("convolve", "-n", "article", *images, "-o", f"{tmp_path}/maps/", "-f", "npz")
    assert (ran.status, ran.errors.count("\n")) == (1, 1)
    assert sorted(path.name for path in (tmp_path / "maps").iterdir()) == ["o.npz", "x.npz"]
    streams = sorted((tmp_path / "maps").iterdir())
    assert run("pool", *streams, "-o", f"{tmp_path}/pooled/", "-f", "text").status == 0
    pooled = run("pool", tmp_path / "maps" / "x.npz").output
    assert (tmp_path / "pooled" / "x.txt").read_bytes() == pooled
    one_line_error(run("convolve", *images), 2)
    one_line_error(run("convolve", samples / "x.png", samples / "x.png", "-o", f"{tmp_path}/maps/"), 2)


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


BAD_INPUT = [
    (("grid", "missing.png"), 1, "missing.png: cannot be read: No such file"),
    (("grid", "."), 1, ".: is a folder, not an image"),
    (("grid", "*.png"), 1, "no file matches the pattern"),
    (("grid", ".png"), 1, "did a space slip into *.png?"),
    (("grid", "empty"), 1, "empty: is empty (0 bytes)"),
    (("grid", "words"), 1, "words: not an image format"),
    (("grid", "cut.png"), 1, "cut.png: broken or truncated image"),
    (("grid", "--fit", "16", "flat.png"), 1, "flat.png: "),
    (("grid", "x.png", "--max-pixels", "10"), 1, "--max-pixels 81"),
    (("grid", "x.png", "--fit", "9", "--grey"), 2, "use one of them"),
    (("grid", "x.png", "--threshold", "256"), 2, "'256' is neither auto nor"),
    (("grid", "x.png", "-o", "x.xyz"), 2, "unknown extension"),
    (("grid", "x.png", "-o", "no/folder/x.txt"), 1, "cannot be written: No such file"),
    (("grid", "x.png", "-o", "words/x.txt"), 1, "cannot be written: Not a directory"),
    (("convolve", "x.png", "-F", "dig"), 1, "did you mean diag?"),
    (("convolve", "x.png", "-F", "x.png"), 1, "x.png: is a picture, not numbers"),
    (("convolve", "x.png", "-F", "ragged.txt"), 1, "ragged.txt: line 2: has 1 numbers"),
    (("convolve", "x.png", "--features", "words"), 1, "words: not a folder that can be read"),
    (("convolve", "dot.txt", "-F", "diag"), 1, "3x3"),
    (("convolve", "x.png", "-n", "artcle"), 1, "did you mean article?"),
    (("convolve", "x.png", "--pool", "0/2"), 2, "is not a pooling layer"),
    (("convolve", "x.png", "--pool", "8"), 1, "8"),
    (("pool", "x.png"), 1, "is a picture"),
    (("pool", "words"), 1, "neither text"),
    (("pool", "half"), 1, "its rows are missing"),
    (("pool", "dot.txt"), 1, "larger than the map"),
    (("pool", "dot.txt", "--window", "0"), 2, "--window"),
    (("vote", "dot.txt", "-n", "article"), 1, "expected 3 maps"),
    (("vote", "half"), 1, "its rows are missing"),
    (("classify", "words"), 1, "words: not an image"),
    (("classify", "."), 1, ".: is a folder, not an image"),
    (("classify", "-0"), 2, "--files-from"),
    (("show", "words"), 1, "not an image"),
    (("compare", "x.png"), 2, "EXEMPLAR"),
    (("clasify", "x"), 2, "did you mean classify?"),
    (("x.png",), 2, "xo-cnn classify x.png"),
    (("grid", "--fitt", "3"), 2, "--fit"),
]


@pytest.mark.parametrize(
    ("args", "status", "message"),
    BAD_INPUT,
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else None,
)
def test_bad_input_gets_one_clear_line(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    article: dict[str, Any],
    args: tuple[str, ...],
    status: int,
    message: str,
) -> None:
    """What, where, and how to mend it; nothing on standard output, and no file is written."""
    monkeypatch.chdir(tmp_path)
    Path("x.png").write_bytes(png(article["X"]))
    Path("cut.png").write_bytes(png(np.eye(50))[:60])
    Path("flat.png").write_bytes(png(np.ones((20, 20))))
    Path("empty").write_bytes(b"")
    Path("words").write_text("hello")
    Path("ragged.txt").write_text("1 1\n1\n")
    Path("dot.txt").write_text("1\n")
    Path("half").write_text("# a\n1 1\n1 1\n\n\n# b\n")
    before = sorted(os.listdir())
    assert message in one_line_error(run(*args), status)
    assert sorted(os.listdir()) == before


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


def test_a_leading_dash_is_a_name_behind_two(run: Run, tmp_path: Path, samples: Path, monkeypatch: Any) -> None:
    """-- ends the options, as everywhere."""
    monkeypatch.chdir(tmp_path)
    Path("-x.png").write_bytes((samples / "x.png").read_bytes())
    assert run("classify", "--", "-x.png").output == b"X\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_a_purpose_and_an_example_and_fits_eighty_columns(run: Run, command: str) -> None:
    """--help of every command, its options all explained."""
    ran = run(command, "--help")
    assert ran.status == 0
    assert "Example" in ran.text
    assert max(map(len, ran.text.splitlines())) <= 80
    assert command in run("--help").text


def test_version_and_missing_command(run: Run) -> None:
    """--version is one line; nothing at all is wrong usage that shows the commands."""
    from xo_cnn import __version__

    assert run("--version").text == f"xo-cnn {__version__}\n"
    assert run().status == 2


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


def test_a_kill_in_the_middle_leaves_the_old_file_or_the_new_one(run: Run, tmp_path: Path) -> None:
    """Whole, whichever it is; kill -9 gives no one time to tidy up."""
    import time

    image, target = tmp_path / "noise.png", tmp_path / "maps.npz"
    image.write_bytes(png(np.random.default_rng(0).random((700, 700)) - 0.5))
    command = ["convolve", "-n", "article", str(image), "-o", str(target)]
    assert run(*command).status == 0
    new, old = target.read_bytes(), b"old"
    for delay in (0.15, 0.2, 0.25, 0.3, 0.4):
        target.write_bytes(old)
        process = subprocess.Popen([*PROGRAM, *command])
        time.sleep(delay)
        process.kill()
        process.wait()
        assert target.read_bytes() in (old, new)


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


def test_two_images_never_write_the_same_file(run: Run, samples: Path, tmp_path: Path) -> None:
    """`a` with the feature `b-c` and `a-b` with `c` have one name between them, and only the first gets it."""
    for name in ("a.png", "a-b.png"):
        shutil.copy(samples / "x.png", tmp_path / name)
    for name in ("b-c.txt", "c.txt"):
        (tmp_path / name).write_text("1\n")
    features = ("-F", tmp_path / "b-c.txt", "-F", tmp_path / "c.txt")
    ran = run("convolve", tmp_path / "a.png", tmp_path / "a-b.png", *features, "-o", f"{tmp_path}/out/")
    assert ran.status == 1
    assert "two maps have this name" in ran.errors


def test_a_bare_name_is_what_is_installed(run: Run, samples: Path, tmp_path: Path, monkeypatch: Any) -> None:
    """A folder or a file that happens to be called xo does not get in the way of the default network."""
    monkeypatch.chdir(tmp_path)
    Path("xo").mkdir()
    Path("diag").write_text("nothing")
    assert run("classify", samples / "x.png").output == b"X\n"
    assert run("convolve", samples / "x.png", "-F", "diag", "--pool", "7").text == "# diag\n1\n"


def test_names_from_elsewhere_fit_every_format(run: Run) -> None:
    """Lone surrogates, control characters and endless names in JSON come out in whatever is asked for."""
    stream = json.dumps({"name": "a\ud800\x00\n" + "b" * 70_000, "values": [[1, -1]]}).encode()
    for form in ("text", "json", "csv", "npz", "npy", "pretty"):
        ran = run("pool", "-w", "1", "-s", "1", "-f", form, stdin=stream)
        assert (ran.status, ran.errors) == (0, "")
    assert len(run("pool", "-w", "1", "-s", "1", stdin=stream).text) < 2000


def test_pipes_stand_in_for_files(samples: Path) -> None:
    """Process substitution, for several images and for a feature."""
    x = f"{sys.executable} -m xo_cnn"
    line = f"{x} classify <(cat {samples}/x.png) <(cat {samples}/o.png) | cut -f 1; "
    line += f"{x} convolve {samples}/x.png -F <(echo 1) --pool 9 | tail -n 1"
    ended = subprocess.run(["bash", "-c", line], capture_output=True, cwd=ROOT, check=False)
    assert ended.stdout == b"X\nO\n1\n"


def test_standard_input_is_one_image_among_several(run: Run, samples: Path) -> None:
    """`-` keeps its place in the order."""
    x, o = (samples / f"{name}.png" for name in "xo")
    assert run("classify", o, "-", o, stdin=x.read_bytes()).text == f"O\t{o}\nX\t-\nO\t{o}\n"


def test_nothing_at_all_shows_the_commands(run: Run) -> None:
    """The first thing that people type is answered with what there is, on standard error."""
    ran = run()
    assert (ran.status, ran.output) == (2, b"")
    assert "\n  classify " in ran.errors


def test_a_reader_that_leaves_is_no_failure(samples: Path) -> None:
    """Drawings too end well when the next program has seen enough; special files are written as they are."""
    x = f"{sys.executable} -m xo_cnn"
    for command in ("show", "explain", "convolve"):
        line = f"set -o pipefail; {x} {command} {samples}/x_thick.png | head -n 1 >/dev/null"
        assert subprocess.run(["bash", "-c", line], cwd=ROOT, check=False).returncode == 0
    line = f"{x} pool features/diag.txt -f text -o /dev/stdout | cat"
    assert b"\n-1  1\n" in subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, check=False).stdout


def test_verdicts_are_drawn_or_saved_not_both(run: Run, samples: Path, tmp_path: Path) -> None:
    """`--format pretty` goes to no file, and a verdict to no folder."""
    x = samples / "x.png"
    assert "draws on the terminal" in one_line_error(run("classify", x, "-f", "pretty", "-o", tmp_path / "v"), 2)
    assert "is a folder" in one_line_error(run("classify", x, "-o", f"{tmp_path}/new/"), 2)
    assert list(tmp_path.iterdir()) == []


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
