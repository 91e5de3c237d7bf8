"""Network files, and the verdicts of the network of the text's figures."""

from __future__ import annotations

import pickle
import re
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xo_cnn import Network
from xo_cnn.catalogue import installed, network_names
from xo_cnn.errors import NetworkError, ShapeError
from xo_cnn.grid import Map

GOOD = """
grid = 4
features = ["dot.txt"]
labels = ["yes", "no"]
[[layers]]
type = "convolve"
[[layers]]
type = "pool"
window = 2
stride = 2
[votes.yes]
dot = [[1, 0], [0, 1]]
[votes.no]
dot = [[0, 1], [1, 0]]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A network file of one feature and two labels."""
    (tmp_path / "dot.txt").write_text("1\n")
    path = tmp_path / "small.toml"
    path.write_text(GOOD)
    return path


@pytest.mark.parametrize("picture", ["X", "O", "X_deformed"])
def test_the_article_network_gives_the_numbers_of_the_text(article: dict[str, Any], picture: str) -> None:
    """The vector of twelve ninths, and the votes: the mean of the five and of the four heavy cells."""
    network = Network.load("article")
    maps = network.maps(article[picture])
    ninths = [int(number) for one in maps for number in one.sums.ravel()]
    assert ninths == article["vector_numerators_over_9"][picture]
    assert {one.cells for one in maps} == {9}
    votes = network.classify(article[picture]).votes
    for label in ("X", "O"):
        heavy = article[f"heavy_{label}"]
        mean = Fraction(sum(ninths[cell] for cell in heavy), 9 * len(heavy))
        assert votes[label] == pytest.approx(float(mean), abs=1e-7)


def test_the_votes_of_the_text_to_three_places(article: dict[str, Any]) -> None:
    """X 1.000 and 0.556, O 0.556 and 1.000, the deformed X 0.822 and 0.556."""
    network = Network.load("article")
    votes = {picture: network.classify(article[picture]).votes for picture in ("X", "O", "X_deformed")}
    rounded = {picture: (round(v["X"], 3), round(v["O"], 3)) for picture, v in votes.items()}
    assert rounded == {"X": (1.0, 0.556), "O": (0.556, 1.0), "X_deformed": (0.822, 0.556)}


def test_a_verdict_is_the_label_and_survives_a_journey() -> None:
    """It compares with a string, carries the votes, and can be sent to another process."""
    verdict = Network.load("article").classify(np.ones((9, 9)))
    assert verdict in ("X", "O")
    again = pickle.loads(pickle.dumps(verdict))
    assert (again, again.votes) == (verdict, verdict.votes)


def test_many_grids_get_the_verdicts_of_one_at_a_time(article: dict[str, Any]) -> None:
    """classify_all is classify, bit for bit, for random grids and the text's."""
    dice = np.random.default_rng(1)
    for name in network_names():
        network = Network.load(name)
        grids = [dice.choice([-1, 1], (network.side, network.side)).astype(np.int8) for _ in range(17)]
        together = network.classify_all(grids)
        assert [verdict.votes for verdict in together] == [network.classify(grid).votes for grid in grids]
    assert network.classify_all([]) == []


def test_maps_with_names_may_come_in_any_order(article: dict[str, Any]) -> None:
    """Names say which weights belong to a map; without names their order does."""
    network = Network.load("article")
    maps = network.maps(article["X_deformed"])
    expected = network.vote(maps).votes
    assert network.vote(maps[::-1]).votes == expected
    assert network.vote([Map("", one.values) for one in maps]).votes == expected
    with pytest.raises(ShapeError, match="diag did not come"):
        network.vote([Map("other", maps[0].values), *maps[1:]])
    with pytest.raises(ShapeError, match="votes with 3 maps"):
        network.vote(maps[:2])
    with pytest.raises(ShapeError, match=r"is 1x1.*votes for X are 2x2: run the network's own layers"):
        network.vote([Map("", np.ones((1, 1)))] * 3)


def test_a_grid_of_another_size_is_refused_with_the_remedy() -> None:
    """The network's side and the grid's are both named."""
    with pytest.raises(ShapeError, match=r"takes a grid of 9x9 cells, not 3x4: .*--fit 9"):
        Network.load("article").classify(np.ones((3, 4)))


@pytest.mark.parametrize("name", ["article", "xo"])
def test_the_installed_networks_are_complete(name: str, tmp_path: Path) -> None:
    """They tell X from O, and what they write of themselves reads back the same."""
    network = Network.load(name)
    assert network.labels == ("X", "O")
    for feature in network.features:
        shutil.copy(Path(installed(), f"{feature.name}.txt"), tmp_path)
    (tmp_path / "again.toml").write_text(network.text())
    again = Network.load(tmp_path / "again.toml")
    assert (again.side, again.layers, again.last_shapes()) == (network.side, network.layers, network.last_shapes())
    for label in network.labels:
        for ours, theirs in zip(network.votes[label], again.votes[label], strict=True):
            assert ours.tolist() == theirs.tolist()


def test_a_written_network_reads_back_the_same(file: Path, tmp_path: Path) -> None:
    """text() is a network file, whatever the labels are called."""
    network = Network.load(file)
    odd = ('sa"y', "new\nline\\")
    votes = dict(zip(odd, network.votes.values(), strict=True))
    file.write_text(Network("n", network.side, network.features, network.layers, odd, votes).text("about\nthis"))
    again = Network.load(file)
    assert again.labels == odd
    assert again.layers == network.layers
    assert [w.tolist() for ws in again.votes.values() for w in ws] == [w.tolist() for ws in votes.values() for w in ws]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("grid = 4", "grid = 5", "votes.yes.dot has 2x2 weights, but the last map of dot is 3x3"),
        ("grid = 4", "grid = 1", "window of 2x2, larger than the map dot"),
        ('["dot.txt"]', '["spot.txt"]', "votes.yes has the unknown entry 'dot'; expected spot"),
        ('dot.txt"', 'spot/dot.txt"', "spot/dot.txt: cannot be read"),
        ("[[1, 0], [0, 1]]", "[[1, 0]]", "has 1x2 weights"),
    ],
)
def test_a_network_whose_parts_do_not_fit_says_which(file: Path, old: str, new: str, message: str) -> None:
    """Every complaint is one line that names the file and the entry."""
    file.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(NetworkError, match=re.escape(message)) as error:
        Network.load(file)
    assert str(error.value).startswith(str(file))
    assert "\n" not in str(error.value)


def test_an_unknown_network_gets_the_nearest_name() -> None:
    """The slip of a finger is a question, not a riddle."""
    with pytest.raises(NetworkError, match=r"articel: is no file.*did you mean article\?"):
        Network.load("articel")
