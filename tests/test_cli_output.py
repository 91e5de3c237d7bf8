"""The one output of all commands: formats, pictures, folders, and options that do not apply."""

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

import numpy as np
import pytest
from conftest import ROOT, Ran, one_line_error
from PIL import Image

Run = Callable[..., Ran]


def maps_in(text: bytes) -> list[np.ndarray]:
    return [np.loadtxt(io.BytesIO(block), ndmin=2, dtype=np.float32) for block in text.split(b"\n\n\n")]


def ninths(numerators: Any) -> np.ndarray:
    return np.array(numerators, dtype=np.float32) / np.float32(9)


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


def test_a_figure_of_a_picture_is_grey(run: Run, samples: Path, tmp_path: Path) -> None:
    """Levels of light have the colours of a picture, on a terminal and in an SVG, alone or one in a file of its own."""
    for name, command in {
        "drawn": ["draw", "X", "--size", "12"],
        "each-{name}": ["draw", "X", "--size", "12", "--count", "2"],
        "shown": ["show", tmp_path / "grey.png"],
        "map": ["convolve", samples / "x.png", "-F", "diag"],
    }.items():
        run("draw", "X", "--size", "12", "-o", tmp_path / "grey.png")
        run(*command, "-o", tmp_path / f"{name}.svg")
    grey = {path.stem: "mid-grey" in path.read_text() for path in tmp_path.glob("*.svg")}
    assert grey == {"drawn": True, "each-X-0": True, "each-X-1": True, "shown": True, "map": False}


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


def test_names_from_elsewhere_fit_every_format(run: Run) -> None:
    """Lone surrogates, control characters and endless names in JSON come out in whatever is asked for."""
    stream = json.dumps({"name": "a\ud800\x00\n" + "b" * 70_000, "values": [[1, -1]]}).encode()
    for form in ("text", "json", "csv", "npz", "npy", "pretty"):
        ran = run("pool", "-w", "1", "-s", "1", "-f", form, stdin=stream)
        assert (ran.status, ran.errors) == (0, "")
    assert len(run("pool", "-w", "1", "-s", "1", stdin=stream).text) < 2000


def test_verdicts_are_drawn_or_saved_not_both(run: Run, samples: Path, tmp_path: Path) -> None:
    """`--format pretty` goes to no file, and a verdict to no folder."""
    x = samples / "x.png"
    assert "draws on the terminal" in one_line_error(run("classify", x, "-f", "pretty", "-o", tmp_path / "v"), 2)
    assert "is a folder" in one_line_error(run("classify", x, "-o", f"{tmp_path}/new/"), 2)
    assert list(tmp_path.iterdir()) == []


def test_pictures_go_to_standard_output_too(run: Run, samples: Path, tmp_path: Path) -> None:
    """PNG, PGM and SVG, the same bytes as in a file; several maps need a folder."""
    x = samples / "x.png"
    for form in ("png", "pgm", "svg"):
        piped = run("convolve", x, "-F", "diag", "-f", form)
        assert (piped.status, piped.errors) == (0, "")
        run("convolve", x, "-F", "diag", "-o", tmp_path / f"map.{form}")
        assert piped.output == (tmp_path / f"map.{form}").read_bytes()
    assert "standard output holds one" in one_line_error(run("convolve", x, "-f", "png"), 2)
    assert run("convolve", x, "-f", "svg").output.startswith(b"<svg")


def test_a_picture_too_large_to_write_says_so(run: Run, samples: Path, tmp_path: Path) -> None:
    """To a pipe as to a file, with the remedy."""
    for output in ("-", tmp_path / "large.png"):
        ran = run("grid", samples / "x.png", "--fit", "64", "--scale", "1000", "-f", "png", "-o", output)
        assert "64000x64000 pixels is too large; use a smaller --scale" in one_line_error(ran)


IDLE = [
    (("convolve", "x.png", "-o", "a.svg", "--palette", "grey"), "--palette does not apply to svg"),
    (("convolve", "x.png", "-o", "a.svg", "--scale", "2"), "--scale does not apply to svg"),
    (("convolve", "x.png", "-o", "a.npy", "--scale", "2"), "--scale does not apply to npy"),
    (("convolve", "x.png", "--scale", "1"), "--scale does not apply to text"),
    (("grid", "x.png", "-o", "a.pgm", "--palette", "diverging"), "--palette does not apply to pgm"),
    (("grid", "x.png", "--grey", "--threshold", "9"), "use one of them"),
    (("show", "x.png", "--palette", "grey"), "--palette does not apply to pretty"),
    (("features", "-f", "pretty", "-o", "f"), "draws on the terminal"),
    (("compare", "x.png", "x.png", "-f", "pretty", "-o", "f"), "draws on the terminal"),
    (("classify", "x.png", "--jobs", "2", "--scheduler", "tcp://a:1"), "use one of them"),
    (("classify", "x.png", "-0"), "--files-from"),
    (("train", "--out", "a.toml", "--ink", "white"), "--ink is for reading images"),
    (("train", "--out", "a.toml", "f", "--seed", "1"), "--seed is for drawn samples"),
]


@pytest.mark.parametrize(
    ("args", "message"), IDLE, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_an_option_that_does_not_apply_is_wrong_usage(
    run: Run, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], message: str
) -> None:
    """Rather than silently ignored; and nothing is written."""
    shutil.copy(samples / "x.png", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert message in one_line_error(run(*args), 2)
    assert [path.name for path in tmp_path.iterdir()] == ["x.png"]


def test_every_format_is_in_one_table(run: Run) -> None:
    """What --help offers is what the table knows, and every extension leads to its format."""
    from xo_cnn.cli.results import ENDINGS, MAPS, REPORT, VERDICTS, WALK, choose_output

    assert {*MAPS, *REPORT, *VERDICTS, *WALK} == set(ENDINGS)
    for form, known in ENDINGS.items():
        assert all(choose_output([form], None, None, f"a.b{ending.upper()}").form == form for ending in known)
    assert ", ".join(MAPS) in " ".join(run("show", "--help").text.split())


@pytest.mark.skipif(os.name != "posix", reason="needs names that other systems lack")
def test_a_row_of_csv_is_one_harmless_line(run: Run, samples: Path, tmp_path: Path) -> None:
    """Whatever an image is called: a line feed makes no second row, and no control character reaches a terminal."""
    names = ["a\nX,9,-9,0,b.png,", "esc\x1b]0;title\x07", 'quote",\r', "caf\udce9", "bad\x1b\n"]
    for name in names[:-1]:
        shutil.copy(samples / "x.png", tmp_path / name)
    paths = [str(tmp_path / name) for name in names]
    for command in (["classify", *paths], ["compare", paths[0], *paths[:-1]]):
        output = run(*command, "-f", "csv").output.decode("utf-8", "surrogateescape")
        lines = output.splitlines()
        rows = list(csv.reader(lines))
        assert len(rows) == len(output.split("\n")) - 1 == (6 if command[0] == "classify" else 5)
        assert {len(row) for row in rows} == {len(rows[0])}
        assert all(c.isprintable() or "\udc80" <= c <= "\udcff" for line in lines for c in line)


def test_the_sheet_of_mistakes_needs_no_reader_of_the_report(samples: Path, tmp_path: Path) -> None:
    """`evaluate -o m.png | true`: the picture is written, and the closed pipe is no failure."""
    (tmp_path / "O").mkdir()
    shutil.copy(samples / "x.png", tmp_path / "O")
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "xo_cnn", "evaluate", tmp_path, "-o", tmp_path / "m.png"]
    assert subprocess.run(command, stdout=write, cwd=ROOT, check=False).returncode == 0
    os.close(write)
    assert (tmp_path / "m.png").read_bytes().startswith(b"\x89PNG")


def test_a_long_name_becomes_a_short_file(run: Run, tmp_path: Path) -> None:
    """A file's name has at most 255 bytes, and a map's may have any number."""
    assert run("pool", "-o", f"{tmp_path}/", stdin=f"# {'é' * 900}\n1 1\n1 1\n".encode()).status == 0
    (file,) = tmp_path.iterdir()
    assert len(os.fsencode(file.name)) <= 255
