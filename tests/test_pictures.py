"""From any picture to a grid or a verdict: one gives one, a list gives a list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from xo_cnn import Map, Network, Verdict, classify, load_image
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
    import json

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
