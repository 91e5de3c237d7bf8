"""The commands draw, train and evaluate, run as a shell runs them."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import one_line_error
from PIL import Image

from xo_cnn.letters.samples import draw
from xo_cnn.network import Network
from xo_cnn.pooling import Pool

Run = Callable[..., Any]


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    """Twelve drawn X's and twelve O's in a folder per label."""
    for label in ("X", "O"):
        made = run("draw", label, "--style", "pen", "--count", "12", "--output", f"{tmp_path}/letters/{label}/")
        assert made.status == 0, made.errors
    return tmp_path / "letters"


def test_draw_writes_a_grid_that_classify_reads(run: Run) -> None:
    """In a pipe a drawn letter is a stream like any other."""
    for label in ("X", "O"):
        drawn = run("draw", label, "--rotate", "30", "--shrink", "0.4")
        assert drawn.status == 0
        assert run("classify", stdin=drawn.output).text.strip() == label


def test_draw_saves_the_levels_of_the_sample(run: Run, tmp_path: Path) -> None:
    """A PNG holds exactly what `draw` drew."""
    assert run("draw", "O", "--seed", "5", "--style", "pen", "--output", tmp_path / "o.png").status == 0
    with Image.open(tmp_path / "o.png") as image:
        assert (np.asarray(image.convert("L")) == draw("O", seed=5, style="pen")).all()


def test_draw_makes_many_of_consecutive_seeds(run: Run, tmp_path: Path) -> None:
    """--count gives as many files, the same each time, and none like another."""
    for name in ("one", "two"):
        run("draw", "X", "--style", "pen", "--seed", "8", "--count", "5", "--output", f"{tmp_path}/{name}/")
    files = sorted((tmp_path / "one").iterdir())
    assert [path.name for path in files] == ["X-08.png", "X-09.png", "X-10.png", "X-11.png", "X-12.png"]
    assert len({path.read_bytes() for path in files}) == 5
    assert all(path.read_bytes() == (tmp_path / "two" / path.name).read_bytes() for path in files)


def test_draw_takes_ranges(run: Run) -> None:
    """A range LOW:HIGH is picked from by the seed."""
    one = run("draw", "X", "--rotate", "0:90", "--seed", "1").output
    assert one == run("draw", "X", "--rotate", "0:90", "--seed", "1").output
    assert one != run("draw", "X", "--rotate", "0:90", "--seed", "2").output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["X", "--shrink", "2"], "'2' is neither a number from 0 to 0.95 nor a range LOW:HIGH"),
        (["X", "--shift", "a:b"], "'a:b' is neither"),
        (["Q"], "'Q' is not one of"),
        (["X", "--style", "wild"], "'wild' is not one of"),
    ],
)
def test_draw_says_what_it_cannot_draw(run: Run, words: list[str], message: str) -> None:
    """Wrong options are wrong usage."""
    ran = run("draw", *words)
    assert ran.status == 2
    assert message in ran.errors


def test_evaluate_counts(run: Run, folder: Path, tmp_path: Path) -> None:
    """Text and JSON tell the same; a wrongly labelled image is the one mistake, and the sheet shows it."""
    shutil.copy(folder / "X" / "X-03.png", folder / "O" / "wrong.png")
    text = run("evaluate", folder, "--output", tmp_path / "mistakes.png")
    assert text.status == 0
    assert "network xo" in text.text
    assert "naive matching, whole pictures" in text.text
    data = json.loads(run("evaluate", folder, "--format", "json").output)
    network, fitted, whole = data["methods"]
    assert (data["images"], data["without_verdict"]) == (25, 0)
    assert network["right"] == 24
    assert network["confusion"] == {"X": {"X": 12, "O": 0}, "O": {"X": 1, "O": 12}}
    assert [mistake["path"] for mistake in network["mistakes"]] == [str(folder / "O" / "wrong.png")]
    assert network["mistakes"][0]["answer"] == "O"
    assert network["mistakes"][0]["votes"]["X"] > network["mistakes"][0]["votes"]["O"]
    assert len(fitted["mistakes"]) == 25 - fitted["right"]
    assert whole["accuracy"] == whole["right"] / 25
    assert str(folder / "O" / "wrong.png") in text.text
    with Image.open(tmp_path / "mistakes.png") as sheet:
        assert sheet.width > 96


def test_evaluate_goes_on_after_a_bad_file(run: Run, folder: Path) -> None:
    """A file that is no image is reported, the others count, and the status is 1."""
    (folder / "X" / "broken.png").write_bytes(b"no image")
    ran = run("evaluate", folder)
    assert ran.status == 1
    assert "broken.png" in ran.errors
    assert "1 without a verdict" in ran.text


def test_evaluate_tells_of_bad_files_and_saves_its_sheet_whoever_reads(folder: Path, tmp_path: Path) -> None:
    """A reader that closes the pipe at once changes neither the status nor the sheet."""
    (folder / "X" / "broken.png").write_bytes(b"no image")
    shutil.copy(folder / "X" / "X-03.png", folder / "O" / "wrong.png")
    sheet = tmp_path / "mistakes.png"
    command = [sys.executable, "-m", "xo_cnn", "evaluate", folder, "-o", sheet]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert b"broken.png" in process.stderr.read()
    assert process.returncode == 1
    assert sheet.exists()


def test_evaluate_says_what_is_missing(run: Run, folder: Path, tmp_path: Path) -> None:
    """No folder, no labels, and a label that the network does not know."""
    assert "cannot be read" in one_line_error(run("evaluate", tmp_path / "none"))
    assert "one folder per label" in one_line_error(run("evaluate", folder / "X"))
    (folder / "X").rename(folder / "Y")
    assert "has the label Y, but the network xo has X, O" in one_line_error(run("evaluate", folder))


def test_train_learns_from_a_folder(run: Run, folder: Path, tmp_path: Path) -> None:
    """Labels are the folders' names; the network and its features lie side by side and classify."""
    (folder / "X").rename(folder / "cross")
    (folder / "O").rename(folder / "ring")
    (tmp_path / "mine").mkdir()
    out = tmp_path / "mine" / "shapes.toml"
    ran = run("train", "--out", out, "-F", "diag", "-F", "blank", folder)
    assert ran.status == 0
    assert ran.output == b""
    assert "held out" in ran.errors
    network = Network.load(out)
    assert network.labels == ("cross", "ring")
    assert sorted(path.name for path in out.parent.iterdir()) == [
        *("blank.txt", "diag.txt", "shapes-cross.txt", "shapes-ring.txt", "shapes.toml")
    ]
    assert run("classify", "-n", out, folder / "ring" / "O-02.png").text.strip() == "ring"
    methods = json.loads(run("evaluate", folder, "-n", out, "-f", "json").output)["methods"]
    assert methods[0]["accuracy"] > 0.9
    assert [one["method"] for one in methods[1:]] == ["naive matching, fitted", "naive matching, whole pictures"]


def test_train_from_drawn_samples_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    """One command, one network file."""
    words = ["-F", "diag", "-F", "anti", "--count", "20"]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert run("train", "--out", tmp_path / name / "a.toml", *words).status == 0
    assert (tmp_path / "one" / "a.toml").read_bytes() == (tmp_path / "two" / "a.toml").read_bytes()
    run("train", "--out", tmp_path / "two" / "a.toml", *words, "--seed", "900")
    assert (tmp_path / "one" / "a.toml").read_bytes() != (tmp_path / "two" / "a.toml").read_bytes()


def test_train_learns_for_the_layers_of_a_network_file(run: Run, folder: Path, tmp_path: Path) -> None:
    """Side, features and layers are those of the file, which lacks votes; the saved letters lie beside the result."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "dot.txt").write_text("1\n")
    (tmp_path / "mine" / "wide.txt").write_text("-1 1 1 -1\n")
    layers = tmp_path / "mine" / "layers.toml"
    layers.write_text(
        'grid = 12\nfeatures = ["dot.txt", "wide.txt"]\nlabels = ["X", "O"]\n'
        '[[layers]]\ntype = "convolve"\n[[layers]]\ntype = "relu"\n[[layers]]\ntype = "pool"\nwindow = 3\nstride = 2\n'
    )
    out = tmp_path / "mine" / "deeper.toml"
    assert run("train", "--network", layers, "-o", out, folder).status == 0
    empty, learned = Network.load(layers, trained=False), Network.load(out)
    assert learned.layers[1:] == empty.layers[1:]
    assert [feature.name for feature in learned.features] == ["dot", "wide"]
    assert learned.saved["X"].shape == (12, 12)
    assert run("classify", "-n", out, folder / "X" / "X-02.png").text.strip() == "X"
    assert "is also the input" in one_line_error(run("train", "-n", layers, "-o", layers, folder), 2)


def test_train_interrupted_leaves_the_old_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while it learns changes nothing on the disk."""
    out = tmp_path / "a.toml"
    out.write_text("old")

    def interrupted(*args: Any, **how: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("xo_cnn.learning.training.descend", interrupted)
    assert run("train", "--out", out, "-F", "diag", "--count", "5").status == 130
    assert [path.name for path in tmp_path.iterdir()] == ["a.toml"]
    assert out.read_text() == "old"


def test_train_never_changes_a_feature(run: Run, tmp_path: Path) -> None:
    """A feature of one name with other cells beside the network is an error, and stays."""
    (tmp_path / "diag.txt").write_text("1 1\n1 1\n")
    error = one_line_error(run("train", "--out", tmp_path / "a.toml", "-F", "diag", "--count", "5"))
    assert "diag.txt: already exists with different cells" in error
    assert (tmp_path / "diag.txt").read_text() == "1 1\n1 1\n"


def test_train_says_what_is_wrong(run: Run, folder: Path, tmp_path: Path) -> None:
    """One label is too few, features are named one way, and the folder of the network has to be there."""
    shutil.rmtree(folder / "O")
    assert "two labels or more, there is X" in one_line_error(run("train", "--out", tmp_path / "a.toml", folder))
    assert run("train", "--out", tmp_path / "a.toml", "-F", "diag", "--features", tmp_path).status == 2
    assert "make it first" in run("train", "--out", tmp_path / "none" / "a.toml").errors


def test_the_default_network_is_what_the_documented_command_makes() -> None:
    """Its file says from what it was learned, and names the seven features."""
    network = Network.load("xo")
    assert [feature.name for feature in network.features] == ["diag", "anti", "cross", "plus", "bar", "pole", "blank"]
    assert network.side == 16
    assert network.layers[1:] == (Pool(2, 2),)
    for feature in network.features:
        assert set(np.unique(feature.values)) <= {-1, 1}


def test_every_help_has_an_example(run: Run) -> None:
    """The three commands explain themselves in the words of the text; train says where the text ends."""
    for name in ("draw", "train", "evaluate"):
        text = run(name, "--help").text
        assert f"xo-cnn {name} " in text
        assert "Example" in text
    assert "beyond the pages of the text" in " ".join(run("train", "--help").text.split())


def test_an_image_at_the_limit_of_the_grid(run: Run) -> None:
    """The smallest picture that draw makes is still read as its letter."""
    for label in ("X", "O"):
        levels = draw(label, size=8, thickness=0.15)  # type: ignore[arg-type]
        stream = io.BytesIO()
        Image.fromarray(levels).save(stream, "PNG")
        assert run("classify", stdin=stream.getvalue()).text.strip() == label
