"""Saving from Python: the extension names the format, and what is saved reads back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Ran

from xo_cnn import Map, Network, convolve, explain, load_feature, load_features, load_image, save
from xo_cnn.errors import OutputError
from xo_cnn.formats.maps import read_maps
from xo_cnn.matching import exemplars

DIAG = load_feature("diag")


@pytest.mark.parametrize("ending", ["txt", "text", "csv", "json", "npz", "npy", "TXT"])
def test_maps_read_back(tmp_path: Path, ending: str) -> None:
    """One, and several where the format holds them."""
    maps = convolve(np.eye(6) * 2 - 1, [DIAG, load_feature("cross")])
    for result in (maps[0], maps):
        path = tmp_path / f"maps.{ending}"
        save(result, path)
        with path.open("rb") as stream:
            read = list(read_maps(stream, "maps"))
        assert len(read) == (len(maps) if result is maps else 1)
        assert (read[0].values == maps[0].values.astype(np.float32)).all()


@pytest.mark.parametrize("ending", ["png", "pgm"])
def test_a_picture_is_a_grid_again(tmp_path: Path, ending: str) -> None:
    """One pixel per cell."""
    save(DIAG.values.tolist(), tmp_path / f"diag.{ending}")
    assert (load_image(tmp_path / f"diag.{ending}").values == DIAG.values).all()
    save([DIAG, DIAG], tmp_path / "diag.svg")
    assert (tmp_path / "diag.svg").read_text().startswith("<svg")


def test_a_network_takes_its_features_along(tmp_path: Path) -> None:
    """It votes the same from its new place; features that are there already are left as they are."""
    network = Network.load("article")
    save(network, tmp_path / "mine.toml")
    mine = Network.load(tmp_path / "mine.toml")
    assert [feature.name for feature in load_features(tmp_path)] == sorted(one.name for one in network.features)
    assert mine.classify(np.eye(9) * 2 - 1).votes == network.classify(np.eye(9) * 2 - 1).votes
    save(network, tmp_path / "again.toml")
    saved = {label: Map(f"saved-{label}", grid.sums) for label, grid in exemplars(9).items()}
    save(dataclasses.replace(network, saved=saved), tmp_path / "pictures.toml")
    assert Network.load(tmp_path / "pictures.toml").saved == saved
    (tmp_path / "diag.txt").write_text("1 1\n1 1\n")
    with pytest.raises(OutputError, match="different cells"):
        save(network, tmp_path / "third.toml")
    assert not (tmp_path / "third.toml").exists()


@pytest.mark.parametrize(
    ("name", "begins"),
    [("lesson.html", "<!doctype html>"), ("walk.svg", "<svg"), ("walk.txt", "The network article"), ("w.json", "{")],
)
def test_a_walk_is_saved_as_the_command_saves_it(
    run: Callable[..., Ran], samples: Path, tmp_path: Path, name: str, begins: str
) -> None:
    """The lesson as a page, the figures, the text or the numbers: the bytes of `explain --output`."""
    save(explain(samples / "x.png", "article"), tmp_path / name)
    assert run("explain", samples / "x.png", "-n", "article", "--output", tmp_path / f"again-{name}").status == 0
    saved = (tmp_path / name).read_text()
    assert saved.startswith(begins)
    assert saved == (tmp_path / f"again-{name}").read_text()


@pytest.mark.parametrize(
    ("result", "name", "message"),
    [
        (DIAG, "diag.jpg", "unknown extension"),
        (DIAG, "diag", "unknown extension"),
        ([DIAG, DIAG], "diag.png", "2 maps make 2 pictures"),
        (Network.load("article"), "net.txt", "saved as .toml"),
        (explain(DIAG.values.repeat(3, 0).repeat(3, 1), "article"), "walk.png", "saved as .html, .htm, .svg"),
    ],
)
def test_what_cannot_be_saved_is_an_error(tmp_path: Path, result: Any, name: str, message: str) -> None:
    """And nothing is written."""
    with pytest.raises(OutputError, match=message) as caught:
        save(result, tmp_path / name)
    assert caught.value.source == str(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_map_keeps_its_name(tmp_path: Path) -> None:
    """In the formats that have names."""
    save(Map("corner", np.eye(2) * 2 - 1), tmp_path / "x.txt")
    assert (tmp_path / "x.txt").read_text().startswith("# corner\n")
