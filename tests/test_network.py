"""Network files, and the verdicts of the network of the text's figures."""

from __future__ import annotations

import os
import pickle
import re
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xo_cnn import Network, convolve, max_pool, vote
from xo_cnn.catalogue import installed, network_names
from xo_cnn.convolution import Convolve
from xo_cnn.errors import FeatureError, GridError, NetworkError, ShapeError
from xo_cnn.grid import Map
from xo_cnn.network import choose_features
from xo_cnn.pooling import Pool
from xo_cnn.rectification import relu as relu_of

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
    with pytest.raises(ShapeError, match="got other, cross, anti: diag missing"):
        network.vote([Map("other", maps[0].values), *maps[1:]])
    with pytest.raises(ShapeError, match=r"expected 3 maps \(diag, cross, anti\), got 2"):
        network.vote(maps[:2])
    with pytest.raises(ShapeError, match=r"\(1x1\) has votes for X of 2x2: run the network's own layers"):
        network.vote([Map("", np.ones((1, 1)))] * 3)


def test_a_grid_of_another_size_is_refused_with_the_remedy() -> None:
    """The network's side and the grid's are both named."""
    with pytest.raises(ShapeError, match=r"takes a grid of 9x9 cells, not 3x4: .*fit=9"):
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
    assert (again.side, again.layers[1:], again.features) == (network.side, network.layers[1:], network.features)
    for label in network.labels:
        for ours, theirs in zip(network.votes[label], again.votes[label], strict=True):
            assert ours.tolist() == theirs.tolist()


def test_a_written_network_reads_back_the_same(file: Path, tmp_path: Path) -> None:
    """text() is a network file, whatever the labels are called."""
    network = Network.load(file)
    odd = ('sa"y', "new\nline\\")
    votes = dict(zip(odd, network.votes.values(), strict=True))
    file.write_text(Network("n", network.side, network.layers, odd, votes).text("about\nthis"))
    again = Network.load(file)
    assert again.labels == odd
    assert again.layers[1:] == network.layers[1:]
    assert [w.tolist() for ws in again.votes.values() for w in ws] == [w.tolist() for ws in votes.values() for w in ws]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("grid = 4", "grid = 5", "votes.yes.dot has 2x2 weights, but the last map of dot is 3x3"),
        ("grid = 4", "grid = 1", "window of 2x2 is larger than the map dot"),
        ('["dot.txt"]', '["spot.txt"]', "votes.yes has the unknown entry 'dot'; expected 'spot'"),
        ('["dot.txt"]', '["dot.txt", "dot.txt"]', "features lists `dot` twice"),
        ("grid = 4", "grid = 0", "whole number from 1 to 4096, not 0"),
        ("grid = 4", "grid = 4.5", "grid must be a whole number from 1 to 4096, not 4.5"),
        ("grid = 4", f"grid = 0x{'f' * 5000}", "from 1 to 4096, not a number of many digits"),
        ("grid = 4", "grid = true", "grid must be a whole number from 1 to 4096, not True"),
        ('["dot.txt"]', '["/etc/dot.txt"]', "/etc/dot.txt: is outside the network's folder"),
        ('["dot.txt"]', '["../dot.txt"]', "../dot.txt: is outside the network's folder"),
        ('["dot.txt"]', '["a/../../dot.txt"]', "dot.txt: is outside the network's folder"),
        (
            "[votes.yes]",
            "[saved]\nyes = '../y.txt'\nno = 'n.txt'\n[votes.yes]",
            "y.txt: is outside the network's folder",
        ),
        ("[votes.yes]", "[saved]\nyes = ''\nno = 'n.txt'\n[votes.yes]", "is outside the network's folder"),
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
    with pytest.raises(NetworkError, match=r"articel: neither a file.*did you mean article\?"):
        Network.load("articel")


def test_stacks_and_tuples_are_lists(article: dict[str, Any]) -> None:
    """Grids to classify and maps to vote come as any of them."""
    network = Network.load("article")
    grids = [article["X"], article["O"]]
    expected = [network.classify(grid).votes for grid in grids]
    for several in (grids, tuple(grids), np.array(grids)):
        assert [verdict.votes for verdict in network.classify_all(several)] == expected
    assert network.classify_all(np.zeros((0, 9, 9))) == []
    maps = network.maps(article["X"])
    for last in (maps, tuple(maps), np.stack([one.values for one in maps])):
        assert network.vote(last).votes == vote(last, "article").votes == vote(last, network).votes == expected[0]
    with pytest.raises(ShapeError, match="expected a list of grids"):
        network.vote(maps[0])  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [np.full((9, 9), 255), np.eye(9), np.eye(9, dtype=bool), np.full((9, 9), 2)])
def test_a_grid_of_another_scale_gets_no_verdict(wrong: Any) -> None:
    """Levels of light, bits and truths are an error, alone or among others."""
    network = Network.load("article")
    with pytest.raises(GridError, match="the grid has cells"):
        network.classify(wrong)
    with pytest.raises(GridError, match="one of the grids has cells"):
        network.classify_all([np.ones((9, 9)), wrong])


@pytest.mark.parametrize("wrong", [255, -128, 1.01, np.nan])
def test_maps_of_another_scale_get_no_verdict(wrong: float) -> None:
    """The numbers of a map lie in [-1, 1]."""
    maps = [Map(name, np.full((2, 2), wrong)) for name in ("diag", "cross", "anti")]
    with pytest.raises(GridError, match=r"the map diag \(2x2\) has cells from"):
        vote(maps, "article")


def test_a_network_says_what_it_is_in_one_line() -> None:
    """Without its weights."""
    assert repr(Network.load("article")) == "Network('article', 9x9, 3 features, ('X', 'O'))"


def test_a_network_does_not_change(article: dict[str, Any]) -> None:
    """Neither its votes nor a weight; a copy to another process votes the same."""
    network = Network.load("article")
    with pytest.raises(TypeError):
        network.votes["X"] = ()  # type: ignore[index]
    with pytest.raises(ValueError, match="read-only"):
        network.votes["X"][0][0, 0] = 7
    again = pickle.loads(pickle.dumps(network))
    assert again.classify(article["X"]).votes == network.classify(article["X"]).votes
    assert replace(network, name="mine").classify(article["X"]).votes == network.classify(article["X"]).votes


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"side": 2}, r"the feature diag \(3x3\) is larger than the image \(2x2\)"),
        ({"side": 4}, r"a window of 2x2 is larger than the map diag \(1x1\)"),
        ({"side": 30}, r"votes.X.diag has 2x2 weights, but the last map of diag is 7x7"),
        ({"layers": (Pool(),)}, "begin with one convolution"),
        ({"layers": ()}, "begin with one convolution"),
        ({"side": 9.5}, "side of the grid must be a whole number from 1 to 4096, not 9.5"),
        ({"side": 4097}, "side of the grid must be a whole number from 1 to 4096, not 4097"),
        ({"layers": (Convolve(()),)}, "expected at least 1 feature, got 0"),
        ({"saved": {"X": Map("", np.ones((3, 3)))}}, "saved.X is not a label's grid of 9x9 cells"),
        ({"labels": ("X",)}, "expected at least 2 labels, got 1"),
        ({"labels": ("X", "X")}, "labels lists `X` twice"),
        ({"labels": ("X", "N")}, "votes.N: expected 3 grids of weights, got 0"),
        ({"votes": {"X": [np.eye(2)] * 3, "O": [np.eye(2)] * 2}}, "votes.O: expected 3 grids of weights, got 2"),
        ({"votes": {"X": [np.full((2, 2), np.inf)] * 3, "O": [np.eye(2)] * 3}}, "votes.X.diag holds a weight that is"),
        ({"votes": {"X": [np.full((2, 2), 3e38)] * 3, "O": [np.eye(2)] * 3}}, "votes.X: weights add up to more than"),
    ],
)
def test_a_network_made_in_python_is_checked_too(change: dict[str, Any], message: str) -> None:
    """What does not fit together is said before anything votes."""
    with pytest.raises(NetworkError, match=message):
        replace(Network.load("article"), **change)


def test_the_features_of_a_command_are_chosen_in_one_way(tmp_path: Path) -> None:
    """Names, drawings, a folder, or those of the network; with the files that they come from."""
    (tmp_path / "mine.txt").write_text("1 -1\n")
    features, files = choose_features(["diag", "#."], str(tmp_path), "xo")
    assert [one.name for one in features] == ["diag", "#.", "mine"]
    assert files == [str(Path(installed(), "diag.txt")), str(tmp_path / "mine.txt")]
    network = Network.load("article")
    assert choose_features([], None, "article") == (list(network.features), list(network.files))
    for twice in (["diag", "diag"], [str(tmp_path / "mine.txt")]):
        with pytest.raises(FeatureError, match=r"the feature `(diag|mine)` is given twice"):
            choose_features(twice, str(tmp_path), network)


def test_a_network_without_votes_is_read_to_be_trained(file: Path) -> None:
    """Its votes are still to be learned; nothing else reads it."""
    file.write_text(GOOD.partition("[votes.yes]")[0])
    untrained = Network.load(file, trained=False)
    assert untrained.votes == {}
    for use in (untrained.classify, lambda grid: untrained.vote(untrained.maps(grid))):
        with pytest.raises(NetworkError, match="has no votes"):
            use(-np.ones((4, 4)))
    with pytest.raises(NetworkError, match="has no votes; learn them with xo-cnn train --network"):
        Network.load(file)


def test_rectified_layers_are_read_run_and_written(file: Path) -> None:
    """ReLU stands anywhere behind the convolution."""
    relu, pool = '[[layers]]\ntype = "relu"\n', '[[layers]]\ntype = "pool"'
    file.write_text(GOOD.replace(pool, relu + pool).replace("[votes.yes]", f"{relu}[votes.yes]"))
    network = Network.load(file)
    assert [layer.kind for layer in network.layers] == ["convolve", "relu", "pool", "relu"]
    grid = np.ones((4, 4)) - 2 * np.eye(4)
    assert network.maps(grid) == relu_of(max_pool(relu_of(convolve(grid, network.features))))
    file.write_text(network.text())
    assert Network.load(file).layers[1:] == network.layers[1:]


def test_saved_pictures_are_files_beside_the_network(file: Path) -> None:
    """A grid for each label, by its name in the file."""
    saved = "[saved]\nyes = 'y.txt'\nno = 'n.txt'\n"
    file.write_text(GOOD.replace("[votes.yes]", f"{saved}[votes.yes]"))
    for name, cell in (("y", 1), ("n", -1)):
        np.savetxt(file.with_name(f"{name}.txt"), np.full((4, 4), cell), "%g")
    network = Network.load(file)
    assert {label: grid.values.max() for label, grid in network.saved.items()} == {"yes": 1, "no": -1}
    assert '[saved]\nyes = "y.txt"\nno = "n.txt"' in network.text()
    assert pickle.loads(pickle.dumps(network)).saved == network.saved
    file.with_name("n.txt").unlink()
    with pytest.raises(NetworkError, match=r"n.txt: cannot be read"):
        Network.load(file)


def test_no_feature_is_read_from_elsewhere(file: Path, tmp_path: Path) -> None:
    """Neither through a link out of the folder nor from what is no file; nothing of what it holds is said."""
    dot = file.with_name("dot.txt")
    dot.unlink()
    dot.symlink_to("/etc/passwd")
    with pytest.raises(NetworkError, match="outside the network's folder") as error:
        Network.load(file)
    assert "root:" not in str(error.value)
    dot.unlink()
    os.mkfifo(dot)
    with pytest.raises(NetworkError, match="not a regular file"):
        Network.load(file)
    file.write_text(GOOD.replace("dot.txt", "d\\u0000t.txt").replace("dot =", '"d\\u0000t" ='))
    with pytest.raises(NetworkError, match="outside the network's folder"):
        Network.load(file)


def test_a_network_loads_alike_by_every_path(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A feature named like a drawing is a file."""
    file.write_text(GOOD.replace("dot.txt", "#").replace("dot =", '"#" ='))
    file.with_name("#").write_text("1\n")
    monkeypatch.chdir(file.parent)
    assert Network.load("./small.toml").features == Network.load(file).features == Network.load("small.toml").features


def test_thousands_of_labels_are_read(file: Path) -> None:
    """As many as a file may have are read."""
    labels = [f"l{number}" for number in range(9_000)]
    text = GOOD.partition("[votes.yes]")[0].replace('["yes", "no"]', str(labels)).replace("window = 2", "window = 4")
    file.write_text(text + "[votes]\n" + "".join(f"{label}.dot = [[1]]\n" for label in labels))
    assert len(Network.load(file).votes) == 9_000


def test_grids_of_several_types_get_the_votes_of_each_alone() -> None:
    """A neighbour of another precision does not change how a grid's numbers are rounded."""
    network, dice = Network.load("xo"), np.random.default_rng(1)
    grids = [dice.uniform(-1, 1, (16, 16)).astype(kind) for kind in ("f4", "f8", "f4")]
    together = [verdict.votes for verdict in network.classify_all(grids)]
    assert together == [network.classify(grid).votes for grid in grids]
