"""Evaluation: figures that can be counted by hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xo_cnn import evaluate
from xo_cnn.errors import ImageError
from xo_cnn.learning.evaluation import Score, labelled_files, match_naively, sheet, thumbnail, whole_grid
from xo_cnn.matching import exemplars
from xo_cnn.voting import Verdict


def test_the_scores_are_those_of_the_command(tmp_path: Path, samples: Path, run: Any) -> None:
    """The network's, and those of naive matching."""
    for label in ("X", "O"):
        (tmp_path / label).mkdir()
        for file in samples.glob(f"{label.lower()}*.png"):
            shutil.copy(file, tmp_path / label)
    scores = evaluate(tmp_path)
    told = json.loads(run("evaluate", tmp_path, "-f", "json").text)["methods"]
    assert [(score.method, score.right) for score in scores] == [(one["method"], one["right"]) for one in told]
    assert scores[0].method == "network xo"
    (tmp_path / "X" / "bad.png").write_bytes(b"broken")
    with pytest.raises(ImageError, match=r"bad\.png: "):
        evaluate(tmp_path, "article")


def test_a_score_counts() -> None:
    """Two of three right, one O taken for an X."""
    x, o = Verdict({"X": 1.0, "O": 0.0}), Verdict({"X": 0.0, "O": 1.0})
    score = Score("counted", ("X", "O"), ["X", "O", "O"], [x, x, o])
    assert (score.right, score.mistakes) == (2, [1])
    assert score.accuracy == pytest.approx(2 / 3)
    assert score.confusion == {"X": {"X": 1, "O": 0}, "O": {"X": 1, "O": 1}}


def test_naive_matching_knows_its_exemplars() -> None:
    """A saved picture agrees with itself in every cell."""
    for label, saved in exemplars(16).items():
        verdict = match_naively(saved.values)
        assert verdict == label
        assert verdict.votes[label] == 1


def test_a_whole_grid_is_the_picture_made_small() -> None:
    """Nothing is cropped: ink in a corner stays in the corner, and `ink` says which side it is."""
    levels = np.full((40, 40), 255, dtype=np.uint8)
    levels[:10, :10] = 0
    grid = whole_grid(levels, 4, "black")
    assert grid[0, 0] == 1
    assert (grid == 1).sum() == 1
    assert (whole_grid(levels, 4, "white") == -grid).all()


def test_labels_are_folders(tmp_path: Path) -> None:
    """FOLDER/LABEL/* in order, without what is hidden."""
    for name in ("X/b.png", "X/a.png", "O/c.png", "O/.hidden", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = [(label, path.name) for label, path in labelled_files(tmp_path)]
    assert found == [("O", "c.png"), ("X", "a.png"), ("X", "b.png")]


def test_folders_that_are_none(tmp_path: Path) -> None:
    """No folder, no labels, and a label without images are told apart."""
    with pytest.raises(ImageError, match="nothing: cannot be read: No such file"):
        labelled_files(tmp_path / "nothing")
    with pytest.raises(ImageError, match="one folder per label"):
        labelled_files(tmp_path)
    (tmp_path / "X").mkdir()
    with pytest.raises(ImageError, match="holds no images"):
        labelled_files(tmp_path)


def test_a_sheet_holds_every_picture() -> None:
    """Pictures stand side by side, none larger than its place."""
    shown = [thumbnail(one, 40) for one in (np.zeros((10, 20), np.uint8), np.full((300, 30), 255, np.uint8))]
    drawn = sheet(shown, side=40, across=8, gap=2)
    assert drawn.shape == (44, 86)
    assert (drawn == 0).sum() == 40 * 20
    assert (drawn == 255).sum() == 40 * 4
