"""Feature files: bare text grids that anyone can edit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from xo_cnn import load_feature, load_features
from xo_cnn.catalogue import feature_names, installed
from xo_cnn.errors import FeatureError


def test_the_three_features_of_the_text_are_installed(article: dict) -> None:
    """diag, cross and anti have the cells of the text's figures."""
    for name, cells in article["features"].items():
        assert load_feature(name).sums.tolist() == cells


def test_a_feature_is_found_by_name_file_name_and_path(tmp_path: Path) -> None:
    """A name and a file name look into the installed folder, a path into the file system."""
    (tmp_path / "mine.txt").write_text("1 -1\n0.5 0\n")
    assert load_feature("diag").name == load_feature("diag.txt").name == "diag"
    mine = load_feature(tmp_path / "mine.txt")
    assert (mine.name, mine.values.tolist()) == ("mine", [[1, -1], [0.5, 0]])


def test_a_file_here_goes_before_an_installed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who writes a diag.txt of their own means that one."""
    monkeypatch.chdir(tmp_path)
    Path("diag.txt").write_text("1\n")
    assert load_feature("diag.txt").shape == (1, 1)


def test_every_installed_feature_is_legible() -> None:
    """All are small grids of 1 and -1, and no two are the same picture."""
    features = load_features(installed())
    assert [feature.name for feature in features] == feature_names()
    for feature in features:
        assert set(np.unique(feature.sums)) <= {-1, 1}
        assert max(feature.shape) <= 9
    assert len({(feature.shape, feature.sums.tobytes()) for feature in features}) == len(features)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 -1\n1\n", "line 2: has 1 numbers"),
        ("1 x\n", "line 1, column 2: 'x' is not a number"),
        ("1 nan\n", "line 1 holds nan"),
        ("1 inf\n", "line 1 holds nan, inf"),
        ("1 0\n0 2\n", "row 2, column 2 holds 2; a feature's cells lie between -1 (black) and 1 (white)"),
        ("", "is empty"),
        ("\0\1\2\3", "neither text"),
        ("1\n\n\n1\n", "several maps"),
    ],
)
def test_what_is_no_feature_gets_a_line_that_names_the_file(tmp_path: Path, text: str, message: str) -> None:
    """Ragged, words, nan, inf, outside [-1, 1], empty, binary: each says where and what."""
    file = tmp_path / "broken.txt"
    file.write_text(text)
    with pytest.raises(FeatureError) as error:
        load_feature(file)
    assert str(error.value).startswith(str(file))
    assert message in str(error.value)


def test_an_unknown_name_suggests_the_nearest() -> None:
    """A misspelt name is a likely slip."""
    with pytest.raises(FeatureError, match=r"dig: is no file.*did you mean diag\?"):
        load_feature("dig")
    with pytest.raises(FeatureError, match=r"there are .*anti.*diag"):
        load_feature("zzzz")


def test_a_folder_gives_its_features_in_the_order_of_their_names(tmp_path: Path) -> None:
    """Every NAME.txt is one; a folder without any is an error, and so is no folder."""
    with pytest.raises(FeatureError, match="holds no feature files"):
        load_features(tmp_path)
    with pytest.raises(FeatureError, match="no folder that can be read"):
        load_features(tmp_path / "missing")
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).write_text("1\n")
    (tmp_path / "notes.md").write_text("not a feature")
    assert [feature.name for feature in load_features(tmp_path)] == ["a", "b"]


def test_a_folder_in_place_of_a_file_is_said_so(tmp_path: Path) -> None:
    """The system's reason is passed on."""
    with pytest.raises(FeatureError, match="Is a directory"):
        load_feature(tmp_path)
