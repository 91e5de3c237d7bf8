"""Network files as plain values: what is read is what was written, and what is wrong is named."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from xo_cnn.errors import NetworkError
from xo_cnn.formats.networks import NetworkFile, network_text, read_network
from xo_cnn.pooling import Pool
from xo_cnn.rectification import Relu

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
    path = tmp_path / "small.toml"
    path.write_text(GOOD)
    return path


def test_the_entries_are_plain_values(file: Path) -> None:
    """Side, feature files as they are written, layers, labels and grids of weights."""
    network = read_network(str(file))
    assert (network.side, network.features) == (4, ("dot.txt",))
    assert (network.layers, network.labels) == ((Pool(2, 2),), ("yes", "no"))
    assert [grid.tolist() for grid in network.votes["yes"]] == [[[1, 0], [0, 1]]]


def test_what_is_written_reads_back_to_the_last_bit(file: Path) -> None:
    """Any label, any path, any weight."""
    weights = np.array([[0.1, -0.0, 1e-300], [1 / 3, 123456789.123456789, -7]])
    labels = ('sa"y \u2028\x7f', "new\nline\\\x00\U0001f600")
    votes = {labels[0]: (weights, weights + 1), labels[1]: (-weights, weights * 0)}
    layers, saved = (Relu(), Pool(2, 2), Pool(3, 1)), {labels[0]: "one.txt", labels[1]: "two.txt"}
    network = NetworkFile(4, ("a b/dot.1.txt", "\u00e9.txt"), layers, labels, votes, saved)
    file.write_text(network_text(network, "about\nthis"), encoding="utf-8")
    again = read_network(str(file))
    assert (again.side, again.features, again.layers) == (network.side, network.features, network.layers)
    assert (again.labels, again.saved) == (labels, saved)
    for label in labels:
        assert [grid.tobytes() for grid in again.votes[label]] == [grid.tobytes() for grid in votes[label]]
    assert file.read_text(encoding="utf-8").startswith("# about\n# this\ngrid = 4\n")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("grid = 4", "grid = ", "not valid TOML"),
        ("grid = 4", "", "the network has no grid; expected 'grid, features, labels, layers, votes, saved'"),
        ("grid = 4", "grid = 4\nsize = 3", "unknown entry 'size'"),
        ('["dot.txt"]', "[]", "features must be a list of names"),
        ('["yes", "no"]', '["yes", "maybe"]', "votes has the unknown entry 'no'; expected"),
        ('["yes", "no"]', '["yes", "no", "maybe"]', "votes has no maybe; expected 'yes, no, maybe'"),
        ('"convolve"', '"blur"', "layer 1 has the unknown type 'blur'; use convolve or relu or pool"),
        ('"convolve"', '"pool"', "layer 1 is pool; one convolve comes first"),
        ('"pool"', '"convolve"', "layer 2 is convolve"),
        ("window = 2", "window = 0", "layer 2: window and stride must be whole numbers"),
        ("window = 2", "window = 2.5", "window of layer 2 must be a whole number"),
        ("[votes.yes]", "[saved]\nyes = 7\nno = 'b'\n[votes.yes]", "saved must name a file for each label"),
        ("window = 2", "size = 2", "layer 2 (pool) has the unknown entry 'size'"),
        ("[[1, 0], [0, 1]]", "[[1, 0], [0]]", "votes.yes.dot: row 2 has 1 weights, but row 1 has 2"),
        ("[[1, 0], [0, 1]]", '[[1, 0], [0, "1"]]', "votes.yes.dot: row 2 holds '1', which is not a number"),
        ("[[1, 0], [0, 1]]", "[[1, 0], [0, true]]", "votes.yes.dot: row 2 holds True, which is not a number"),
        ("[[1, 0], [0, 1]]", f"[[{'9' * 400}]]", "votes.yes.dot holds a number that is too large"),
        ("[[1, 0], [0, 1]]", "7", "votes.yes.dot must be a grid of numbers"),
        ("[votes.no]\ndot = [[0, 1], [1, 0]]", "", "votes has no no; expected 'yes, no'"),
        ("[votes.no]\ndot", "[votes.no]\nspot", "votes.no has the unknown entry 'spot'"),
    ],
)
def test_a_broken_network_says_which_entry_is_wrong(file: Path, old: str, new: str, message: str) -> None:
    """Every complaint is one line that names the file and the entry."""
    file.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(NetworkError, match=re.escape(message)) as error:
        read_network(str(file))
    assert str(error.value).startswith(f"{file}: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a." * 20_000 + "a = 1", "a key has more than four parts"),
        ("[" + "a . " * 20_000 + "a]", "a key has more than four parts"),
        ('x = {"' + 'a"."' * 20_000 + 'a" = 1}', "a key has more than four parts"),
        ('x = {a = """x"""", ' + "b." * 20_000 + "b = 1}", "a key has more than four parts"),
        ("".join(f"[{number}.a]\n" for number in range(20_001)), "has more than 20000 entries"),
        ("".join(f"a{number} = 1\n" for number in range(20_001)), "has more than 20000 entries"),
        ("x = " + "[" * 100_000, "not valid TOML: nested too deeply"),
        ("x = " + "{a = " * 10_000, "not valid TOML: nested too deeply"),
        ("x = " + "9" * 5000, "not valid TOML: Exceeds the limit"),
    ],
    ids=lambda text: text[:24],
)
def test_what_no_network_needs_is_refused_before_it_is_read(file: Path, text: str, message: str) -> None:
    """Keys of many parts, keys without end, deep nesting, numbers from which no vote follows: one line at once."""
    file.write_text(text)
    with pytest.raises(NetworkError, match=re.escape(message)) as error:
        read_network(str(file))
    assert "\n" not in str(error.value)


def test_dots_in_comments_strings_and_numbers_are_no_keys(file: Path) -> None:
    """A version, a sentence, a path: none of them is a key of many parts."""
    features = '["a.b/c.d.e.f.g.h/dot.v1.2.3.4.txt"]'
    text = "# see a.b.c.d.e.f.g, 1.2.3.4.5.6\n" + GOOD.replace('["dot.txt"]', features).replace(
        "dot =", '"dot.v1.2.3.4" ='
    )
    file.write_text(text)
    assert read_network(str(file)).features == ("a.b/c.d.e.f.g.h/dot.v1.2.3.4.txt",)


def test_editors_of_other_systems_write_networks_too(file: Path) -> None:
    """A byte order mark and CRLF are read; UTF-16 is named with the remedy."""
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_network(str(file)).side == 4
    file.write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(NetworkError, match="is text in UTF-16; save it as UTF-8"):
        read_network(str(file))


def test_a_network_that_could_not_be_read_back_is_not_written() -> None:
    """The limit on what is read holds for what is written."""
    weights = (np.full((1000, 1000), 0.125),)
    network = NetworkFile(1002, ("dot.txt",), (), ("X", "O"), {"X": weights, "O": weights}, {})
    with pytest.raises(NetworkError, match="takes more than 4 MiB: use a smaller grid or more pooling"):
        network_text(network)


def test_files_that_are_no_networks(tmp_path: Path) -> None:
    """Missing, binary, deeply nested, or far too large: one line each."""
    bad = tmp_path / "bad.toml"
    with pytest.raises(NetworkError, match=r"bad.toml: cannot be read: No such file"):
        read_network(str(bad))
    for data, message in ((b"\xff\xff", "not text in UTF-8"), (b"a = " + b"[" * 100_000, "not valid TOML")):
        bad.write_bytes(data)
        with pytest.raises(NetworkError, match=message):
            read_network(str(bad))
    with bad.open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(NetworkError, match="larger than 4 MiB"):
        read_network(str(bad))
