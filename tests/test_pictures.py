"""From any picture to a grid or a verdict: one gives one, a list gives a list."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from xo_cnn import Map, Network, Verdict, classify, compare, explain, load_image
from xo_cnn.errors import ImageError, NetworkError, OptionError, XoCnnError


@pytest.fixture
def sources(samples: Path) -> list[Any]:
    """The sample X in every form that a picture can have in Python."""
    file = samples / "x.png"
    image = Image.open(file)
    levels = np.asarray(image.convert("L"))
    grid = load_image(file)
    return [str(file), file, image, levels, np.asarray(image.convert("RGB")), grid, grid.values, grid.values.tolist()]


def test_the_pictures_of_the_text_are_read_cell_by_cell(article: dict[str, Any], samples: Path) -> None:
    """The sample images are the text's grids, one pixel per cell."""
    for name, file in (("X", "x"), ("O", "o"), ("X_deformed", "x_deformed")):
        grid = load_image(samples / f"{file}.png")
        assert grid.name == file
        assert grid.values.dtype == np.int8
        assert grid.values.tolist() == article[name]


def test_every_form_of_a_picture_gives_the_same(sources: list[Any], article: dict[str, Any]) -> None:
    """One at a time, and all in a list; an open file too."""
    for source in sources:
        assert load_image(source).values.tolist() == article["X"]
        assert classify(source) == "X"
        assert load_image(source, fit=16).shape == (16, 16)
    grids = load_image(sources)
    assert [grid.values.tolist() for grid in grids] == [article["X"]] * len(sources)
    assert [grid.name for grid in grids[:3]] == ["x", "x", ""]
    verdicts = classify(tuple(sources), "article")
    assert [str(verdict) for verdict in verdicts] == ["X"] * len(sources)
    assert all(isinstance(verdict, Verdict) for verdict in verdicts)
    with open(sources[0], "rb") as stream:
        assert classify(stream) == "X"
    assert classify([]) == load_image([]) == []


class Column:
    """What pandas and Polars call a Series: an array of one dimension that can be iterated over, and has a name."""

    name = "path"

    def __init__(self, values: list[Any]) -> None:
        self.values = values

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        array = np.empty(len(self.values), dtype=object)
        array[:] = self.values
        return array

    def __iter__(self) -> Any:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)


def test_whatever_gives_pictures_is_welcome(samples: Path) -> None:
    """Generators, globs, views, columns of tables, arrays of paths and stacks give a list in their order."""
    paths = sorted(samples.glob("?.png"))
    levels = np.stack([np.asarray(Image.open(path).convert("L")) for path in paths])
    ways: list[Any] = [
        (path for path in paths),
        samples.glob("[ox].png"),
        dict.fromkeys(paths).keys(),
        map(str, paths),
        Column([str(path) for path in paths]),
        np.array([str(path) for path in paths]),
        np.array(paths, dtype=object),
        [path.read_bytes() for path in paths],
        levels,
        np.stack([levels] * 3, axis=-1),
        iter(load_image(paths)),
    ]
    for way in ways:
        assert sorted(map(str, classify(way))) == ["O", "X"], way
    assert [grid.name for grid in load_image(Column(paths))] == ["o", "x"]
    walks = explain(path for path in paths)
    assert [str(walk.verdict) for walk in walks] == ["O", "X"]


def test_bytes_are_one_picture(samples: Path, article: dict[str, Any]) -> None:
    """Of a file of any format that has one: a PNG, or a grid as text."""
    data = (samples / "x.png").read_bytes()
    for one in (data, bytearray(data), memoryview(data)):
        assert load_image(one).values.tolist() == article["X"]
    assert load_image(b"1 -1\n-1 1\n").values.tolist() == [[1, -1], [-1, 1]]


@pytest.mark.parametrize("wrong", [7, None, {"a": 1}, object(), 2.5])
def test_what_is_no_picture_is_named_by_its_type(wrong: Any) -> None:
    """Alone, and in a list."""
    with pytest.raises(ImageError, match=rf"^the picture: is of the type {type(wrong).__name__}; use a path"):
        classify(wrong)
    with pytest.raises(ImageError, match=rf"^picture 2: is of the type {type(wrong).__name__}"):
        load_image([np.eye(3, dtype=np.uint8), wrong])


def test_one_bad_picture_need_not_lose_the_others(samples: Path, tmp_path: Path) -> None:
    """Its error stands in its place, for every function on pictures."""
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"broken")
    several = [samples / "x.png", broken, samples / "o.png"]
    for found in (classify(several, errors="return"), explain(several, errors="return")):
        assert [isinstance(one, ImageError) for one in found] == [False, True, False]
        assert isinstance(found[1], ImageError)
        assert found[1].source == str(broken)
    grids = load_image(iter(several), errors="return")
    assert [isinstance(one, Map) for one in grids] == [True, False, True]
    with pytest.raises(ImageError):
        classify(several)
    with pytest.raises(OptionError, match="use 'raise' or 'return'"):
        classify(several, errors="ignore")  # type: ignore[call-overload]


def test_the_keywords_are_the_options_of_the_command(samples: Path, run: Any) -> None:
    """Threshold, ink, the limit of pixels, and no fit."""
    file = samples / "x_noisy.png"
    for keywords, options in (
        ({"threshold": 30}, ["--threshold", "30"]),
        ({"ink": "black"}, ["--ink", "black"]),
        ({"max_pixels": 20_000}, ["--max-pixels", "20000"]),
    ):
        row = json.loads(run("classify", "-f", "json", *options, file).text)
        assert classify(file, **keywords).votes == row["votes"]  # type: ignore[call-overload]
        assert explain(file, **keywords).verdict.votes == row["votes"]  # type: ignore[call-overload]
    assert classify(samples / "x.png", "article", no_fit=True).votes["X"] == 1
    with pytest.raises(ImageError, match="raise it with max_pixels="):
        classify(file, max_pixels=10)


def test_pictures_are_compared_by_their_paths(samples: Path, article: dict[str, Any]) -> None:
    """As naive matching does it, with one exemplar or any number of them; grids too, and one with the other."""
    x, o = str(samples / "x.png"), samples / "o.png"
    assert compare(x, o) == compare(x, article["O"]) == compare(article["X"], o) == 60
    assert compare(x, [x, o]) == compare(x, iter([x, o])) == [81, 60]
    assert compare(Path(x).read_bytes(), Image.open(o)) == 60


def test_a_stack_is_a_list_and_a_list_of_rows_is_one_grid(article: dict[str, Any]) -> None:
    """Of grids and of coloured levels."""
    stack = np.stack([np.array(article["X"]), np.array(article["O"])])
    assert [str(verdict) for verdict in classify(stack, "article")] == ["X", "O"]
    levels = np.where(stack > 0, 255, 0).astype(np.uint8)
    assert [str(verdict) for verdict in classify(np.stack([levels] * 3, axis=-1))] == ["X", "O"]
    assert isinstance(load_image([np.array([1, -1]), np.array([-1, 1])]), Map)


def test_a_network_is_a_name_a_path_or_an_object(samples: Path) -> None:
    """And an unknown one is an error."""
    for network in ("article", Network.load("article")):
        assert classify(samples / "o.png", network).votes.keys() == {"X", "O"}
    with pytest.raises(NetworkError):
        classify(samples / "o.png", "nonsense")


def test_the_verdict_is_that_of_the_command(samples: Path, run: Any) -> None:
    """Votes and all."""
    files = sorted(samples.glob("*.png"))
    rows = [json.loads(line) for line in run("classify", "-f", "json", *files).text.splitlines()]
    assert [(str(verdict), verdict.votes) for verdict in classify(files)] == [
        (row["label"], row["votes"]) for row in rows
    ]


def test_errors_say_which_picture() -> None:
    """A path has its name, anything else its place in the list."""
    flat = np.zeros((9, 9), np.uint8)
    cross = np.where(np.eye(9) > 0, 255, 0).astype(np.uint8)
    with pytest.raises(ImageError, match=r"^picture 2: no ink") as caught:
        classify([cross, flat])
    assert caught.value.source == "picture 2"
    with pytest.raises(ImageError, match=r"^the picture: "):
        classify(flat)
    with pytest.raises(ImageError, match=r"^none\.png: "):
        classify(["none.png"])


def test_options_of_two_minds_are_an_error() -> None:
    """A fit separates ink from paper, grey keeps all levels."""
    with pytest.raises(OptionError, match="use one of them"):
        load_image(np.zeros((9, 9), np.uint8), fit=9, grey=True)


@pytest.mark.parametrize("picture", [np.full((9, 9), 200), np.zeros((9, 9)), np.random.default_rng(1).random((9, 9))])
def test_a_wrong_scale_is_never_a_verdict(picture: Any) -> None:
    """Levels as int64 or floats, and cells from 0 to 1."""
    with pytest.raises(XoCnnError):
        classify(picture, "article")
