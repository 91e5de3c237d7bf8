"""Feature files: bare text grids that anyone can edit."""

from __future__ import annotations

import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from xo_cnn import Network, convolve, load_feature, load_features, save
from xo_cnn.catalogue import feature_names, installed
from xo_cnn.errors import FeatureError, GridError
from xo_cnn.features import feature_drawing, feature_text
from xo_cnn.grid import Map


def test_a_drawing_of_megabytes_is_refused_before_it_is_taken_apart(tmp_path: Path) -> None:
    """Of lines of `#` alone 64 MiB took 4.9 GB."""
    (tmp_path / "large.txt").write_bytes(b"#\n" * (2 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(FeatureError, match=r"large\.txt: a drawing of more than 1 MiB"):
            load_feature(tmp_path / "large.txt")
        assert tracemalloc.get_traced_memory()[1] < 96 << 20
    finally:
        tracemalloc.stop()


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
    with pytest.raises(FeatureError, match=r"dig: neither a file.*did you mean diag\?"):
        load_feature("dig")
    with pytest.raises(FeatureError, match=r"choose from .*anti.*diag"):
        load_feature("zzzz")


def test_a_folder_gives_its_features_in_the_order_of_their_names(tmp_path: Path) -> None:
    """Every NAME.txt is one; a folder without any is an error, and so is no folder."""
    with pytest.raises(FeatureError, match="holds no feature files"):
        load_features(tmp_path)
    with pytest.raises(FeatureError, match="not a folder that can be read"):
        load_features(tmp_path / "missing")
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).write_text("1\n")
    (tmp_path / "notes.md").write_text("not a feature")
    assert [feature.name for feature in load_features(tmp_path)] == ["a", "b"]


@pytest.mark.parametrize(
    "drawing", ["#../.#./..#", "#..\n.#.\n..#\n", "\ufeff #..\r\n .#.\r\n ..#\r\n", "#../.#./..#\n"]
)
def test_a_drawing_is_a_feature(drawing: str, tmp_path: Path) -> None:
    """As an argument or in a file, its rows parted by / or by line ends."""
    drawn = load_feature(drawing.removeprefix("\ufeff"))
    assert (drawn.name, drawn.sums.tolist()) == ("#.._.#._..#", load_feature("diag").sums.tolist())
    (tmp_path / "mine.txt").write_bytes(drawing.encode())
    assert load_feature(tmp_path / "mine.txt") == Map("mine", drawn.sums)


def test_what_xo_cnn_features_prints_is_taken_as_a_feature() -> None:
    """Every installed feature can be drawn and read again."""
    for name in feature_names():
        feature = load_feature(name)
        assert load_feature(feature_drawing(feature)).sums.tolist() == feature.sums.tolist()
    assert feature_drawing(Map("", np.array([[1, 0.5], [-1, 0]]))) == "#o/.o"


@pytest.mark.parametrize("drawing", ["#../.#", "##\n#\n", "#//..#"])
def test_the_rows_of_a_drawing_have_one_length(drawing: str, tmp_path: Path) -> None:
    """Ragged rows are refused with their lengths, and with the file that they are in."""
    (tmp_path / "ragged.txt").write_text(drawing)
    for source in (drawing, tmp_path / "ragged.txt"):
        with pytest.raises(FeatureError, match=r"rows of a drawing must have one length, not \d and \d") as error:
            load_feature(source)
        assert str(error.value).startswith(str(source))


def test_a_path_of_dots_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder above is no feature; and a comment alone is one only if it is a drawing."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FeatureError, match="Is a directory"):
        load_feature("..")


def test_a_comment_is_not_the_name(tmp_path: Path) -> None:
    """A feature is called after its file, whatever its first comment says."""
    (tmp_path / "mine.txt").write_text("# found in a photograph\n1 -1\n")
    assert load_feature(tmp_path / "mine.txt").name == "mine"


@given(arrays(np.float32, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=st.floats(-1, 1, width=32)))
def test_the_text_of_a_feature_reads_back_exactly(cells: Any) -> None:
    """Not a digit is cut."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "mine.txt")
        file.write_text(feature_text(Map("", cells)))
        assert load_feature(file) == Map("mine", cells)


def test_int8_cells_beyond_the_scale_do_not_slip_through(tmp_path: Path) -> None:
    """-128, whose absolute value does not fit a byte."""
    np.save(tmp_path / "low.npy", np.array([[-128, 1]], np.int8))
    with pytest.raises(FeatureError, match="holds -128"):
        load_feature(tmp_path / "low.npy")


def test_a_feature_file_far_too_large_is_refused(tmp_path: Path) -> None:
    """Before its memory is asked for."""
    with (tmp_path / "large.txt").open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(FeatureError, match="larger than 64 MiB"):
        load_feature(tmp_path / "large.txt")


def test_a_folder_in_place_of_a_file_is_said_so(tmp_path: Path) -> None:
    """The system's reason is passed on."""
    with pytest.raises(FeatureError, match="Is a directory"):
        load_feature(tmp_path)


def test_a_feature_may_be_named_where_it_is_convolved(article: dict[str, Any], tmp_path: Path) -> None:
    """By an installed name, a path, or a drawing; one gives one map and a list a list."""
    grid, expected = np.array(article["X"]), convolve(article["X"], load_feature("diag"))
    save(load_feature("diag"), tmp_path / "diag.txt")
    assert convolve(grid, "diag") == convolve(grid, tmp_path / "diag.txt") == expected
    assert (convolve(grid, "#../.#./..#").values == expected.values).all()
    assert convolve(grid, ["diag", load_feature("cross")])[0] == expected
    with pytest.raises(FeatureError, match="did you mean diag"):
        convolve(grid, "dig")


def test_cells_beyond_one_are_not_convolved() -> None:
    """Neither in the grid nor in the feature."""
    for grid, feature in ((np.full((4, 4), 2), "diag"), (np.ones((4, 4)), [[1, 3]]), (np.full((4, 4), np.nan), "diag")):
        with pytest.raises(GridError):
            convolve(grid, feature)


def test_what_ships_is_read_once_and_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many networks name it; and nobody can change it for the others."""
    first = load_feature("diag")
    monkeypatch.setattr("xo_cnn.features.read_whole", None)
    assert load_feature("diag") is first
    assert Network.load("article").features[0] is first
    with pytest.raises(ValueError, match="read-only"):
        first.sums[0, 0] = -1
