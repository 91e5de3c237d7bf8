"""The walk: the text's own numbers, its costs, and the command that explains them."""

from __future__ import annotations

import dataclasses
import io
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Ran, one_line_error, png
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from rich.console import Console

from xo_cnn.cli.explain import command
from xo_cnn.convolution import Convolve
from xo_cnn.drawing.page import lesson_page
from xo_cnn.drawing.terminal import draw_chapters
from xo_cnn.errors import FeatureError, OptionError, ShapeError
from xo_cnn.formats.networks import KINDS
from xo_cnn.grid import Map
from xo_cnn.images.fit import Fitted
from xo_cnn.layers import Cost, last_shape
from xo_cnn.matching import exemplars
from xo_cnn.network import Network
from xo_cnn.pooling import Pool
from xo_cnn.rectification import Relu
from xo_cnn.walk.explaining import explain
from xo_cnn.walk.figures import Figure
from xo_cnn.walk.numbers import Walk, as_json, walk_through
from xo_cnn.walk.words import chapters, introduction, overview
from xo_cnn.words import signed

Run = Callable[..., Ran]
X = exemplars(9)["X"]


@pytest.fixture(scope="module")
def network() -> Network:
    """The network of the text's figures."""
    return Network.load("article")


def made(side: int, features: Any, layers: Any, votes: Callable[..., Any], name: str = "any") -> Network:
    """A network of some features and of the layers that follow them; `votes` makes weights of a shape."""
    layers = (Convolve(tuple(features)), *layers)
    shapes = [last_shape((side, side), feature, layers) for feature in features]
    return Network(name, side, layers, ("X", "O"), {label: tuple(map(votes, shapes)) for label in "XO"})


def in_words(walk: Walk, width: int = 80, only: str | None = None, everything: bool = True) -> str:
    """The walk as plain text."""
    stream = io.StringIO()
    window = Console(file=stream, width=width, height=40, color_system=None, markup=False, highlight=False)
    draw_chapters([one for one in chapters(walk, everything) if only in (None, one.part)], window)
    return stream.getvalue()


def test_every_stage_is_the_texts(network: Network, article: dict[str, Any]) -> None:
    """Maps, poolings and votes of the walk are the ninths in the text's figures."""
    for name, grid in (("X", article["X"]), ("O", article["O"]), ("X_deformed", article["X_deformed"])):
        walk = explain(np.array(grid, dtype=np.int8), network)
        for layer, key in zip(
            walk.stages, ("maps_numerators_over_9", "pool1_numerators_over_9", "pool2_numerators_over_9"), strict=True
        ):
            assert {one.name: one.sums.tolist() for one in layer.maps} == article[key][name]
        assert walk.verdict.votes == network.classify(np.array(grid)).votes
        for label, votes in walk.votes.items():
            assert sum(float(grid.sum()) for grid in votes) == pytest.approx(walk.verdict.votes[label], abs=1e-12)


def test_the_patch_of_the_texts_figure(network: Network) -> None:
    """By default the first feature is worked out where it fits best: diag at row 1, column 1, nine ones."""
    match = explain(X, network).match
    assert (match.feature.name, match.place, match.total, match.number) == ("diag", (1, 1), 9.0, 1.0)
    assert (match.products.sums == 1).all()
    assert match.box == (1, 1, 3, 3)


def test_the_window_of_the_texts_figure(network: Network) -> None:
    """By default the first window is worked out: of 7, -1, -1 and 9 ninths it keeps 9."""
    walk = explain(X, network)
    working = walk.stages[1].working
    assert working.behind.sums.tolist() == [[7, -1], [-1, 9]]
    assert (working.place, working.box, working.number) == ((0, 0), (0, 0, 2, 2), 1.0)
    assert "From +0.78, -0.11, -0.11 and +1.00 comes +1.00." in in_words(walk, only="pool")


def test_the_last_window_hangs_over(network: Network) -> None:
    """Of the window over the lower right corner only the cells that it covers count."""
    image = -np.ones((9, 9), dtype=np.int8)
    image[[6, 7, 8], [6, 7, 8]] = 1
    walk = explain(image, network)
    assert (walk.stages[1].working.place, walk.stages[1].working.box) == ((3, 3), (6, 6, 1, 1))
    assert "comes from 1 cell of the map before, row 6, column 6." in in_words(walk, only="pool").replace("\n", " ")


def test_costs_are_counted(network: Network) -> None:
    """A 9×9 image and three 3×3 features cost 1323 products, 1176 sums and 147 divisions; pooling only compares."""
    walk = explain(X, network)
    assert walk.stages[0].costs == (Cost(441, 392, 49),) * 3
    assert [stage.cost for stage in walk.stages] == [
        Cost(1323, 1176, 147),
        Cost(comparisons=99),
        Cost(comparisons=36),
    ]
    assert [stage.size for stage in walk.stages] == [147, 48, 12]
    text = in_words(walk)
    assert "The layer costs 1323 products, 1176 sums, 147 divisions.\n81 cells before, 147 after.\n" in text
    assert "Each map costs 33 comparisons.\nThe layer costs 99 comparisons.\n147 cells before, 48 after.\n" in text
    assert "It costs 24 products and 22 sums.\n" in text


def with_relu(network: Network) -> Network:
    """The text's network with a ReLU before its first pooling, and with one behind all."""
    first, *pools = network.layers
    return dataclasses.replace(network, name="rectified", layers=(first, Relu(), *pools, Relu()))


def test_relu_is_walked_through_as_pooling_is(network: Network) -> None:
    """Its maps, its cost, the cell that it changes most, its chapters, and a column of the overview."""
    plain, walk = explain(X, network), explain(X, with_relu(network))
    for before, after in zip(plain.stages[0].maps, walk.stages[1].maps, strict=True):
        assert np.array_equal(after.values, np.where(before.values < 0, 0, before.values))
    assert (walk.stages[1].cost, walk.stages[1].size) == (Cost(comparisons=147), 147)
    working = walk.stages[1].working
    assert working.behind.sums.tolist() == [[int(plain.stages[0].maps[0].sums.min())]]
    assert working.number == 0
    assert walk.verdict.votes == with_relu(network).classify(X).votes
    names = [chapter.title for chapter in chapters(walk) if chapter.part == "relu"]
    assert names == [
        "ReLU layer: one cell worked out",
        "ReLU layer 1: 3 maps, 147 cells",
        "ReLU layer 2: 3 maps, 12 cells",
    ]
    assert f"From {signed(working.behind.values.min())} comes 0.00." in in_words(walk, only="relu")
    assert "with 3 features, 2 ReLU layers and 2 pooling layers, and answers X or O" in introduction(walk.network)
    assert [figure.title for figure in overview(walk).rows[1][2:11:2] if isinstance(figure, Figure)] == [
        "filtered", "rectified", "pooled 2×2", "pooled 2×2", "rectified",
    ]  # fmt: skip
    assert [one["type"] for one in json.loads(as_json(walk))["after"]] == ["relu", "pool", "pool", "relu"]


def test_saved_pictures_are_those_of_the_network(network: Network) -> None:
    """A network with a saved grid for each label is compared with them, whatever its labels are."""
    saved = {label: Map(f"mine-{label}", exemplars(9)[old].sums) for label, old in (("T", "X"), ("L", "O"))}
    votes = {"T": network.votes["X"], "L": network.votes["O"]}
    walk = explain(X, dataclasses.replace(network, labels=("T", "L"), votes=votes, saved=saved))
    assert [(one.saved.name, one.agree) for one in walk.likenesses] == [("T", 81), ("L", 60)]
    assert walk.naive == "T"
    assert "keep a picture of T and L, lay each over the image" in in_words(walk, only="grid").replace("\n", " ")


@given(
    seed=st.integers(0, 1000),
    side=st.integers(6, 14),
    shape=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    pool=st.tuples(st.integers(1, 3), st.integers(1, 4)),
    data=st.data(),
)
@settings(max_examples=40, deadline=None)
def test_what_is_worked_out_agrees_with_the_maps(
    seed: int, side: int, shape: tuple[int, int], pool: tuple[int, int], data: st.DataObject
) -> None:
    """For any network: products add up to the sum, the window's maximum is the pooled cell, comparisons are counted."""
    dice = np.random.default_rng(seed)
    features = (Map("one", dice.choice([-1, 1], shape).astype(np.int8)), Map("two", dice.uniform(-1, 1, (2, 3))))
    layers = (Pool(*pool),)
    network = made(side, features, layers, lambda shape: dice.normal(size=shape))
    name = data.draw(st.sampled_from(["one", "two"]))
    number = ["one", "two"].index(name)
    tall, wide = features[number].shape
    at = data.draw(st.tuples(st.integers(0, side - tall), st.integers(0, side - wide)))
    walk = explain(dice.choice([-1, 1], (side, side)), network, feature=name, at=at)
    assert walk.match.products.values.sum() == pytest.approx(walk.match.total)
    assert walk.match.total / (tall * wide) == pytest.approx(walk.match.number)
    working = walk.stages[1].working
    assert working.behind.values.max() == working.number == walk.stages[1].maps[number].values[working.place]
    compared = 0
    for one, smaller in zip(walk.stages[0].maps, walk.stages[1].maps, strict=True):
        for row, column in np.ndindex(smaller.shape):
            top, left = row * pool[1], column * pool[1]
            compared += one.sums[top : top + pool[0], left : left + pool[0]].size - 1
    assert walk.stages[1].cost == Cost(comparisons=compared)
    assert walk.verdict.votes == network.classify(walk.grid).votes
    assert in_words(walk)


def test_naive_matching_marks_what_differs(network: Network, article: dict[str, Any]) -> None:
    """The deformed X agrees with the saved X in 65 cells and with the saved O in 52; the others are marked."""
    walk = explain(np.array(article["X_deformed"]), network)
    assert [(one.saved.name, one.agree, int(one.differ.sum())) for one in walk.likenesses] == [
        ("X", 65, 16),
        ("O", 52, 29),
    ]
    assert in_words(walk, only="grid").count("≠") == 16 + 29


def test_chapters_follow_the_text(network: Network) -> None:
    """The chapters come in the order of the text, and each part of --only has some."""
    walk = explain(X, network)
    assert [chapter.part for chapter in chapters(walk)] == [
        "grid", "grid", "features", "convolve", "convolve", "pool", "pool", "pool", "vote", "vote",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_walk_fits_its_window(network: Network, width: int) -> None:
    """In a narrow window and in a wide one no line is longer than the window, and every number is there."""
    text = in_words(explain(X, network), width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert all(line == line.rstrip() for line in text.splitlines())
    assert ("+.78" if width == 40 else "+0.78") in text
    assert "1323 products" in text


def test_a_network_may_be_a_convolution_alone(network: Network) -> None:
    """Without a pooling layer the maps themselves vote."""
    votes = {label: tuple(np.ones((7, 7)) for _ in range(3)) for label in ("да", "нет")}
    bare = dataclasses.replace(network, layers=network.layers[:1], labels=("да", "нет"), votes=votes)
    walk = explain(X, bare)
    assert walk.last == walk.stages[0].maps
    assert "with 3 features and no pooling layer, and answers да or нет." in introduction(bare)
    assert "The verdict: да" in in_words(walk)


def test_what_is_not_there_is_said(network: Network) -> None:
    """Places outside maps name their size, unknown features the nearest and all, a wrong grid the right size."""
    with pytest.raises(ShapeError, match=r"7,0 lies outside the map of diag, which is 7x7: rows are 0 to 6"):
        explain(X, network, at=(7, 0))
    for at in ((1,), (1.5, 2), 3):
        with pytest.raises(OptionError, match=r"use \(row, column\), two whole numbers"):
            explain(X, network, at=at)  # type: ignore[call-overload]
    with pytest.raises(FeatureError, match=r"crss: neither a file nor an installed feature; did you mean cross\?"):
        explain(X, network, feature="crss")
    with pytest.raises(ShapeError, match="takes a grid of 9x9 cells, not 5x5"):
        walk_through(network, Fitted(np.ones((5, 5)), "white", None), network.features[0])


def test_a_grid_of_too_many_cells_is_no_page() -> None:
    """A page draws every cell: of a larger grid than it can, one clear error says what to save instead."""
    features = (Map("one", np.ones((3, 3), dtype=np.int8)),)
    layers = (Pool(99, 99),)
    walk = explain(exemplars(200)["X"], made(200, features, layers, np.ones))
    with pytest.raises(ShapeError, match=r"grid of 200x200 has more than 100 a side; save the walk as \.svg"):
        lesson_page(walk)
    assert "1/" in in_words(walk)


def test_a_network_of_too_many_cells_is_refused_at_once() -> None:
    """Before memory is asked for, and before the picture is read."""
    network = made(4096, (Map("one", np.ones((1, 1))),), (Pool(4096, 4096),), np.ones, "vast")
    tracemalloc.start()
    with pytest.raises(ShapeError, match="the network vast has 1 map of about 4096x4096 cells"):
        explain("missing.png", network)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


def test_any_feature_can_be_worked_out(network: Network, tmp_path: Path) -> None:
    """A file, an installed name or an array: its own maps are worked out, and the network's votes stay."""
    file = tmp_path / "corner.txt"
    file.write_text("1 1\n1 -1\n")
    for feature, name, shape in (
        (file, "corner", (2, 2)),
        ("plus", "plus", (3, 3)),
        ([[1, -1]], "yours", (1, 2)),
    ):
        walk = explain(X, network, feature=feature)  # type: ignore[arg-type]
        assert (walk.chosen, walk.match.feature.name, walk.match.feature.shape) == (None, name, shape)
        assert walk.stages[0].followed.values.max() == walk.match.number
        assert [len(stage.maps) for stage in walk.stages] == [3, 3, 3]
        assert walk.verdict.votes == explain(X, network).verdict.votes
        assert f"{name} is not one of them" in in_words(walk)


def test_the_window_of_the_best_fit_is_worked_out(network: Network, article: dict[str, Any]) -> None:
    """Not a corner where all windows are alike, but the first of those that hold the best fit."""
    working = explain(np.array(article["X"]), network, feature="cross").stages[1].working
    assert (working.place, working.number) == ((1, 1), 1.0)


def test_a_large_network_is_shown_in_what_matters() -> None:
    """Of 7 features on 16×16 cells the first and the strongest votes are shown, or everything if asked."""
    walk = explain(exemplars(16)["X"], "xo")
    short, whole = (in_words(walk, everything=everything) for everything in (False, True))
    assert len(short.splitlines()) < 200 < len(whole.splitlines())
    assert "Here is that of diag, one of 7." in short.replace("\n", " ")
    assert "diag 14×14" in short
    assert "pole 14×14" not in short
    assert "pole 14×14" in whole
    assert "Here is that of" not in whole
    assert "with a weight; the strongest" in short


def test_a_walk_of_any_picture_says_how_it_was_read(samples: Path) -> None:
    """A file, an open file, an image or an array: the same votes as a file; the chapter shows the letter's box."""
    path = samples / "x_deformed.png"
    walk = explain(path, "article")
    with path.open("rb") as stream:
        assert explain(stream, "article").verdict.votes == walk.verdict.votes
    assert explain(Image.open(path), "article").verdict.votes == walk.verdict.votes
    assert walk.picture is not None
    assert walk.picture.shape == np.asarray(Image.open(path)).shape[:2]
    assert walk.fitted.box is not None
    top, left, bottom, right = walk.fitted.box
    assert walk.fitted.letter is not None
    assert walk.fitted.letter.shape == (bottom - top, right - left)
    assert walk.fitted.reading
    (picture, arrow, grid), = chapters(walk)[0].rows  # fmt: skip
    assert (picture.boxes, arrow, grid.map) == (((top, left, bottom - top, right - left),), "→", walk.grid)  # type: ignore[union-attr]
    whole = explain(png_of(X), "article", no_fit=True)
    assert whole.picture is None
    assert whole.grid.values.tolist() == X.sums.tolist()


def test_how_a_picture_was_read_is_said_and_shown(network: Network) -> None:
    """The letter's pixels are marked in the picture; the way it was read and the next best are said."""
    picture = Map("photo", np.repeat(np.repeat(X.sums, 8, axis=0), 8, axis=1))
    letter = picture.sums[8:64, 8:64] > 0
    other = Fitted(X.sums, "black", None, reading="dark ink")
    fitted = Fitted(X.sums, "white", (8, 8, 64, 64), letter, "light ink", other)
    walk = walk_through(network, fitted, network.features[0], None, "photo.jpg", picture)
    words = in_words(walk, width=200)
    assert "It was read as light ink; the second best reading was dark ink." in words
    shown = chapters(walk)[0].rows[0][0]
    assert isinstance(shown, Figure)
    assert shown.marks is not None
    assert np.array_equal(shown.marks, picture.sums > 0)
    assert "&" in words.partition("the grid")[2]


def png_of(grid: Map) -> io.BytesIO:
    """A picture of a ±1 grid, one pixel per cell."""
    return io.BytesIO(png(grid.sums))


def test_other_labels_have_no_saved_pictures(network: Network) -> None:
    """A network of other letters is not compared with an X and an O."""
    votes = {"L": network.votes["X"], "T": network.votes["O"]}
    walk = explain(X, dataclasses.replace(network, labels=("L", "T"), votes=votes))
    assert walk.likenesses == ()
    assert "X's" not in in_words(walk)


def test_the_overview_has_a_row_for_each_feature(network: Network) -> None:
    """At a glance: each feature with its maps, and the votes."""
    chapter = overview(explain(X, network))
    assert len(chapter.rows) == 1 + 3
    assert chapter.verdict == "X"


def test_the_numbers_as_json_are_the_walks(network: Network) -> None:
    """One line of JSON holds the votes and every number of every map."""
    walk = explain(X, network)
    entry = json.loads(as_json(walk))
    assert entry["votes"] == walk.verdict.votes
    assert np.array_equal(entry["maps"]["diag"], walk.stages[0].maps[0].values)
    assert entry["pooled"][1]["anti"] == walk.stages[2].maps[2].values.tolist()


class TestCommand:
    """`xo-cnn explain`."""

    def test_every_kind_of_layer_is_a_part(self) -> None:
        """--only shows what any layer does, so each kind is among its choices."""
        only = next(option for option in command.params if option.name == "only")
        assert {"convolve", *KINDS} < {*only.type.choices}  # type: ignore[attr-defined]

    def test_the_texts_walk(self, run: Run, samples: Path) -> None:
        """The walk of the text's X holds the text's numbers, says that it rounds, and is the same every time."""
        ran = run("explain", samples / "x.png", "--network", "article")
        assert ran.status == 0
        assert "\x1b" not in ran.text
        assert " +0.78 -0.11 +0.11 +0.33 +0.56 -0.11 +0.33\n" in ran.text
        assert "7/9 is +0.78 here, where the text" in ran.text
        assert ran.text.startswith("The network article looks at 9×9 cells")
        assert ran.text.splitlines()[-2:] == [
            "X +1.000 │████████████████████████████████████████ ← most votes",
            "O +0.556 │██████████████████████",
        ]
        assert run("explain", samples / "x.png", "--network", "article").output == ran.output

    def test_standard_input_is_explained(self, run: Run, samples: Path) -> None:
        """An image may come through a pipe, and a grid as text may too."""
        image = run("explain", "-n", "article", stdin=(samples / "x.png").read_bytes())
        grid = run("grid", samples / "x.png")
        text = run("explain", "-n", "article", "-", stdin=grid.output)
        assert image.status == text.status == 0
        # The picture was fitted and the grid taken as it is: from there on they are the same.
        assert image.text.partition("Naive")[2] == text.text.partition("Naive")[2]
        assert "a grid of 9×9 cells already, so it is taken as it is" in text.text.replace("\n", " ")

    def test_a_picture_is_taken_as_it_is_where_asked(self, run: Run) -> None:
        """--no-fit takes one pixel for one cell, and refuses a picture of another size."""
        moved = np.roll(X.sums, 1, axis=1)
        ran = run("explain", "-n", "article", "--no-fit", "--format", "json", stdin=png(moved))
        assert json.loads(ran.output)["grid"] == moved.tolist()
        assert "9x9" in one_line_error(run("explain", "-n", "article", "--no-fit", stdin=png(moved[1:])))

    def test_the_first_line_says_which_network(self, run: Run, samples: Path) -> None:
        """The default network names itself, and says where the text's own is."""
        words = run("explain", samples / "x.png").text.partition("\n\n")[0].replace("\n", " ")
        assert words.startswith("The network xo looks at 16×16 cells")
        assert "--network article" in words
        assert "--all shows every map" in words
        words = run("explain", samples / "x.png", "--all").text.partition("\n\n")[0]
        assert "--all" not in words

    def test_a_photograph_is_fitted_and_it_says_how(self, run: Run) -> None:
        """What was done to a larger image, and which side was its ink, is told first; the verdict is classify's."""
        large = Image.open(io.BytesIO(png(-X.sums))).resize((450, 450), Image.Resampling.NEAREST)
        padded = Image.new("L", (640, 500), "white")
        padded.paste(large, (100, 30))
        data = io.BytesIO()
        padded.save(data, "PNG")
        ran = run("explain", "-", stdin=data.getvalue())
        words = ran.text.replace("\n", " ")
        assert "of 500×640 pixels was fitted, as classify does it: its ink, which is black" in words
        assert "stretched to 16×16 cells" in words
        label = run("classify", "-", stdin=data.getvalue()).text.strip()
        assert f"The verdict: {label}" in ran.text

    def test_one_cell_is_worked_out(self, run: Run, samples: Path) -> None:
        """--at and --feature choose the cell, and --only the chapter."""
        ran = run("explain", samples / "x.png", "-n", "article", "--only", "convolve", "-F", "cross", "--at", "0,1")
        sums = "Sum: (-1) + 1 + (-1) + (-1) + (-1) + 1 + (-1) + (-1) + (-1) = -5\n-5 ÷ 9 cells = -0.56\n"
        assert sums in ran.text
        assert "Pooling" not in ran.text
        ran = run("explain", samples / "x.png", "-n", "article", "--only", "pool")
        assert "From +0.78, -0.11, -0.11 and +1.00 comes +1.00." in ran.text

    @pytest.mark.parametrize("ending", ["svg", "html", "json", "txt"])
    def test_output_is_saved_the_same_each_time(self, run: Run, samples: Path, tmp_path: Path, ending: str) -> None:
        """--output saves what its name's ending says, the same bytes each time, and --format writes them to a pipe."""
        for name in ("one", "two"):
            ran = run("explain", samples / "o.png", "--output", tmp_path / f"{name}.{ending}")
            assert (ran.status, ran.output, ran.errors) == (0, b"", "")
        data = (tmp_path / f"one.{ending}").read_bytes()
        assert data == (tmp_path / f"two.{ending}").read_bytes()
        form = {"txt": "text"}.get(ending, ending)
        assert run("explain", samples / "o.png", "--format", form).output == data
        starts = {"svg": b"<svg", "html": b"<!doctype html>", "json": b"{", "txt": b"The network"}
        assert data.startswith(starts[ending])

    def test_json_holds_the_verdict_of_classify(self, run: Run, samples: Path) -> None:
        """The votes in the walk's JSON are those that classify gives."""
        entry = json.loads(run("explain", samples / "o.png", "--format", "json").output)
        plain = json.loads(run("classify", samples / "o.png", "--format", "json").output)
        assert (entry["label"], entry["votes"]) == (plain["label"], plain["votes"])

    @pytest.mark.parametrize(
        ("args", "status", "words"),
        [
            (("--at", "9,9"), 1, "9,9 lies outside the map of diag, which is 7x7"),
            (("--feature", "dia"), 1, "did you mean diag?"),
            (("--at", "1"), 2, "'1' is not two whole numbers of 0 or more, such as 0,3"),
            (("--at", "-1,0"), 2, "'-1,0' is not two whole numbers"),
            (("--output", "walk.mp4"), 2, "walk.mp4: unknown extension; use .txt, .json"),
            (("--only", "grid", "--output", "walk.html"), 2, "--only shows a part of the walk as text or svg"),
            (("--all", "--format", "svg"), 2, "--all applies to text; svg holds everything"),
            (("--network", "articel"), 1, "did you mean article?"),
        ],
    )
    def test_bad_input_is_one_clear_line(
        self, run: Run, samples: Path, args: tuple[str, ...], status: int, words: str
    ) -> None:
        """What cannot be explained is said in one line, and nothing is written."""
        assert words in one_line_error(run("explain", samples / "x.png", "-n", "article", *args), status)

    def test_its_own_input_is_not_overwritten(self, run: Run, samples: Path, tmp_path: Path) -> None:
        """--output onto the image is refused, and the image is left as it is."""
        image = tmp_path / "x.svg"
        image.write_bytes((samples / "x.png").read_bytes())
        assert "is also the input" in one_line_error(run("explain", image, "--output", image), 2)
        assert image.read_bytes() == (samples / "x.png").read_bytes()

    def test_a_part_is_a_figure_too(self, run: Run, samples: Path) -> None:
        """--only leaves the other chapters out of an SVG."""
        ran = run("explain", samples / "x.png", "-n", "article", "--only", "pool", "--format", "svg")
        assert "Pooling layer 2" in ran.text
        assert "Naive" not in ran.text
