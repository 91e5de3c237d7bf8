"""The commands as filters: the pipeline, its numbers, and one clear line for bad input."""

from __future__ import annotations

import io
import json
import os
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


def maps_in(text: bytes) -> list[np.ndarray]:
    return [np.loadtxt(io.BytesIO(block), ndmin=2, dtype=np.float32) for block in text.split(b"\n\n\n")]


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
    assert (voted.status, voted.output, voted.errors) == (0, classified.output, "")
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
        assert voted.output == run("classify", "--votes", image).output
        assert voted.text[:1].lower() == image.name[0]


def test_classify_prints_the_label_and_with_several_the_path(run: Run, samples: Path) -> None:
    """One word for one image, so that a shell can compare it; a line each with a tab for several."""
    x, o = samples / "x.png", samples / "o.png"
    assert run("classify", x).output == b"X\n"
    assert run("classify", stdin=o.read_bytes()).output == b"O\n"
    assert run("classify", "-", stdin=o.read_bytes()).output == b"O\n"
    assert run("classify", "--with-path", x).text == f"X\t{x}\n"
    assert run("classify", x, o).text == f"X\t{x}\nO\t{o}\n"
    assert (
        run("classify", "-n", "article", "--votes", x, o).text
        == f"X\tX=1.000\tO=0.556\t{x}\nO\tX=0.556\tO=1.000\t{o}\n"
    )


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


def test_pool_shrinks_a_picture(run: Run, tmp_path: Path) -> None:
    """A picture is a map of its grey levels: of 8 megapixels 2 are left, each the lightest of four."""
    levels = np.random.default_rng(0).integers(0, 256, (5, 6), dtype=np.uint8)
    Image.fromarray(levels).save(tmp_path / "grey.png")
    assert run("pool", tmp_path / "grey.png", "-o", tmp_path / "small.png").status == 0
    expected = [[levels[r : r + 2, c : c + 2].max() for c in (0, 2, 4)] for r in (0, 2, 4)]
    assert np.asarray(Image.open(tmp_path / "small.png")).tolist() == expected
    shown = run("show", tmp_path / "grey.png", "-f", "text").output
    assert run("pool", stdin=shown).output == run("pool", stdin=(tmp_path / "grey.png").read_bytes()).output


def test_show_draws_an_installed_feature_by_its_name(
    run: Run, tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`show diag` is the feature; a file of that name in the current folder goes first."""
    by_path = run("show", samples.parent / "features" / "diag.txt", "-f", "csv").text
    assert run("show", "diag", "-f", "csv").text.splitlines()[1:] == by_path.splitlines()[1:]
    assert run("show", "diag").text.startswith("diag 3×3\n")
    monkeypatch.chdir(tmp_path)
    Path("diag").write_text("1 1\n")
    assert run("show", "diag").text.startswith("1×2\n")


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
    (("convolve", "x.png", "--pool", "0/2"), 2, "is not two whole numbers of 1 or more, such as 2/2"),
    (("convolve", "x.png", "--pool", "8"), 1, "8"),
    (("pool", "cut.png"), 1, "cut.png: broken or truncated image"),
    (("pool", "wide.txt"), 1, "wide.txt: is text in UTF-16"),
    (("pool", "words"), 1, "words: not an image format"),
    (("pool", "heading.csv"), 1, "heading.csv: line 1, column 1: 'width' is not a number; remove a heading line"),
    (("classify", "heading.csv"), 1, "heading.csv: line 1, column 1: 'width' is not a number"),
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
    (("grid", "--fit"), 2, "requires an argument"),
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
    Path("heading.csv").write_text('width,"größe (mm)"\n1,-1\n')
    Path("wide.txt").write_text("1 -1", "utf-16")
    Path("half").write_text("# a\n1 1\n1 1\n\n\n# b\n")
    before = sorted(os.listdir())
    assert message in one_line_error(run(*args), status)
    assert sorted(os.listdir()) == before


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


def test_a_bare_name_is_what_is_installed(run: Run, samples: Path, tmp_path: Path, monkeypatch: Any) -> None:
    """A folder or a file that happens to be called xo does not get in the way of the default network."""
    monkeypatch.chdir(tmp_path)
    Path("xo").mkdir()
    Path("diag").write_text("nothing")
    assert run("classify", samples / "x.png").output == b"X\n"
    assert run("convolve", samples / "x.png", "-F", "diag", "--pool", "7").text == "# diag\n1\n"


def test_nothing_at_all_shows_the_commands(run: Run) -> None:
    """The first thing that people type is answered with what there is, on standard error."""
    ran = run()
    assert (ran.status, ran.output) == (2, b"")
    assert "\n  classify " in ran.errors


def test_grid_moves_by_whole_cells(run: Run, samples: Path) -> None:
    """Down and to the right, or back; what comes in is -1, also where everything has left."""
    cells = maps_in(run("grid", samples / "x.png").output)[0]
    moved = maps_in(run("grid", "--shift", "1,2", samples / "x.png").output)[0]
    assert (moved[1:, 2:] == cells[:-1, :-2]).all()
    assert (moved[0] == -1).all()
    assert (moved[:, :2] == -1).all()
    back = maps_in(run("grid", "--shift", "-1,-2", samples / "x.png").output)[0]
    assert (back[:-1, :-2] == cells[1:, 2:]).all()
    assert (maps_in(run("grid", "--shift", "0,-99", samples / "x.png").output)[0] == -1).all()
    assert "is not two whole numbers such as 0,2" in one_line_error(run("grid", "--shift", "1", samples / "x.png"), 2)


def test_two_cells_to_the_right_break_naive_matching(run: Run, samples: Path) -> None:
    """The text's argument, in a pipe; the network, which fits the letter, does not mind."""
    moved = run("grid", "--shift", "0,2", samples / "x.png").output
    first, second = run("compare", "-", samples / "x.png", samples / "o.png", stdin=moved).text.splitlines()
    assert "better" in second
    assert "better" not in first


def test_equal_exemplars_get_a_line_each(run: Run, samples: Path) -> None:
    """The same file twice is two exemplars, and only the first of equals is the better one."""
    x = samples / "x.png"
    assert run("compare", x, x, x).text == f"81\t81\t{x}\tbetter\n81\t81\t{x}\n"


def test_a_grid_of_the_networks_side_is_taken_as_it_is(run: Run, samples: Path) -> None:
    """From a pipe or a file; --no-fit does the same with a picture."""
    grid = run("grid", "--shift", "0,1", samples / "x.png").output
    pooled = run("pool", stdin=run("pool", stdin=run("convolve", "-n", "article", stdin=grid).output).output).output
    expected = run("vote", "-n", "article", "--votes", stdin=pooled).output
    assert run("classify", "-n", "article", "--votes", stdin=grid).output == expected
    picture = run("grid", "-f", "png", stdin=grid).output
    assert run("classify", "-n", "article", "--votes", "--no-fit", stdin=picture).output == expected
    assert "without the fit" in one_line_error(run("classify", "--no-fit", samples / "x.png"))


@pytest.mark.parametrize("command", [("classify", "-", "-"), ("convolve", "-", "-", "-o", "d/"), ("compare", "-", "-")])
def test_standard_input_is_read_once(run: Run, command: tuple[str, ...]) -> None:
    """A second - is wrong usage, not an empty image."""
    assert "can be read once" in one_line_error(run(*command), 2)


def test_features_mean_the_same_in_every_command(run: Run, samples: Path, tmp_path: Path) -> None:
    """A drawing, a name and a file; one source of features at a time."""
    x = samples / "x.png"
    drawn = run("convolve", x, "-F", "#../.#./..#").text
    assert drawn.split("\n", 1)[1] == run("convolve", x, "-F", "diag").text.split("\n", 1)[1]
    for command in (("convolve", x), ("train", "--out", tmp_path / "a.toml")):
        for extra in (("-F", "diag", "--features", ROOT / "features"), ("--features", tmp_path / "none")):
            ran = run(*command, *extra)
            assert (ran.status, ran.output) == (2 if "-F" in extra else 1, b"")
    assert "--network has features of its own" in one_line_error(run("convolve", x, "-F", "diag", "-n", "xo"), 2)
