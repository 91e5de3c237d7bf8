"""The walk: the text's own numbers, its costs, and the command that tells it."""

from __future__ import annotations

import dataclasses
import io
import json
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
from xo_cnn.drawing.walk_gif import slide_gif
from xo_cnn.walk.walk import ONLY, Cost, Walk, chapters, walk

from xo_cnn.drawing.walk_page import lesson_page
from xo_cnn.drawing.walk_terminal import animate, draw_walk
from xo_cnn.errors import FeatureError, ShapeError
from xo_cnn.grid import Map
from xo_cnn.matching import exemplars
from xo_cnn.network import Network, Pool, last_shapes

Run = Callable[..., Ran]
X = exemplars(9)["X"]


@pytest.fixture(scope="module")
def network() -> Network:
    """The network of the text's figures."""
    return Network.load("article")


def told_in(told: Walk, width: int = 80, only: str | None = None) -> str:
    """The walk as plain text."""
    stream = io.StringIO()
    draw_walk(told, Console(file=stream, width=width, color_system=None, markup=False, highlight=False), only)
    return stream.getvalue()


def test_every_stage_is_the_texts(network: Network, article: dict[str, Any]) -> None:
    """Maps, poolings and votes of the walk are the ninths in the text's figures."""
    for name, grid in (("X", article["X"]), ("O", article["O"]), ("X_deformed", article["X_deformed"])):
        told = walk(network, np.array(grid, dtype=np.int8))
        stages = [told.convolution, *told.pooling]
        for layer, key in zip(
            stages, ("maps_numerators_over_9", "pool1_numerators_over_9", "pool2_numerators_over_9"), strict=True
        ):
            assert {one.name: one.sums.tolist() for one in layer.maps} == article[key][name]
        assert told.verdict.votes == network.classify(np.array(grid)).votes
        for label, votes in told.votes.items():
            assert sum(float(grid.sum()) for grid in votes) == pytest.approx(told.verdict.votes[label], abs=1e-12)


def test_the_patch_of_the_texts_figure(network: Network) -> None:
    """By default the first feature is worked out where it fits best: diag at row 1, column 1, nine ones."""
    match = walk(network, X).match
    assert (match.feature.name, match.at, match.total, match.quotient) == ("diag", (1, 1), 9.0, 1.0)
    assert (match.products.sums == 1).all()
    assert match.box == (1, 1, 3, 3)


def test_the_window_of_the_texts_figure(network: Network) -> None:
    """By default the first window is worked out: of 7, -1, -1 and 9 ninths it keeps 9."""
    window = walk(network, X).window
    assert window is not None
    assert window.cells.sums.tolist() == [[7, -1], [-1, 9]]
    assert (window.best, window.maximum, window.hangs_over) == ((1, 1), 1.0, False)


def test_the_last_window_hangs_over(network: Network) -> None:
    """Of the window over the lower right corner only the cells that it covers count."""
    told = walk(network, X, pool_at=(3, 3))
    assert told.window is not None
    assert (told.window.box, told.window.hangs_over) == ((6, 6, 1, 1), True)
    assert "hangs over the edge" in told_in(told, only="pool").replace("\n", " ")


def test_costs_are_counted(network: Network) -> None:
    """A 9×9 image and three 3×3 features cost 1323 products, 1176 sums and 147 divisions; pooling only compares."""
    told = walk(network, X)
    assert told.convolution.costs == (Cost(441, 392, 49),) * 3
    assert told.convolution.cost == Cost(1323, 1176, 147)
    assert [layer.cost for layer in told.pooling] == [Cost(comparisons=99), Cost(comparisons=36)]
    assert [layer.cells for layer in (told.convolution, *told.pooling)] == [147, 48, 12]


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
    shapes = last_shapes(side, features, layers)
    votes = {label: tuple(dice.normal(size=one) for one in shapes) for label in "XO"}
    network = Network("any", side, features, layers, ("X", "O"), votes)
    name = data.draw(st.sampled_from(["one", "two"]))
    number = ["one", "two"].index(name)
    tall, wide = features[number].shape
    at = data.draw(st.tuples(st.integers(0, side - tall), st.integers(0, side - wide)))
    pool_at = data.draw(st.tuples(st.integers(0, shapes[number][0] - 1), st.integers(0, shapes[number][1] - 1)))
    told = walk(network, dice.choice([-1, 1], (side, side)), feature=name, at=at, pool_at=pool_at)
    assert told.match.products.values.sum() == pytest.approx(told.match.total)
    assert told.match.total / (tall * wide) == pytest.approx(told.match.quotient)
    assert told.window is not None
    assert told.window.cells.values.max() == told.window.maximum == told.pooling[0].maps[number].values[pool_at]
    assert told.convolution.maps[number].values[told.window.best] == told.window.maximum
    compared = 0
    for one, smaller in zip(told.convolution.maps, told.pooling[0].maps, strict=True):
        for row, column in np.ndindex(smaller.shape):
            top, left = row * pool[1], column * pool[1]
            compared += one.sums[top : top + pool[0], left : left + pool[0]].size - 1
    assert told.pooling[0].cost == Cost(comparisons=compared)
    assert told.verdict.votes == network.classify(told.grid).votes
    assert told_in(told)


def test_naive_matching_marks_what_differs(network: Network, article: dict[str, Any]) -> None:
    """The deformed X agrees with the saved X in 65 cells and with the saved O in 52; the others are marked."""
    told = walk(network, np.array(article["X_deformed"]))
    assert [(one.exemplar.name, one.agree, int(one.differ.sum())) for one in told.likenesses] == [
        ("X", 65, 16),
        ("O", 52, 29),
    ]
    assert told_in(told, only="grid").count("≠") == 16 + 29 + 2


def test_chapters_follow_the_text(network: Network) -> None:
    """The chapters come in the order of the text, and each part of --only has some."""
    told = walk(network, X)
    kinds = [chapter.kind for chapter in chapters(told)]
    assert kinds == [
        "grid", "matching", "features", "patch", "convolution", "window", "pooling", "pooling", "votes", "verdict",
    ]  # fmt: skip
    assert {chapter.only for chapter in chapters(told)} == set(ONLY)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_walk_fits_its_window(network: Network, width: int) -> None:
    """In a narrow window and in a wide one no line is longer than the window, and every number is there."""
    text = told_in(walk(network, X), width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert all(line == line.rstrip() for line in text.splitlines())
    assert ("+.78" if width == 40 else "+0.78") in text
    assert "1323 products" in text


def test_a_network_without_pooling_has_no_window(network: Network) -> None:
    """Without a pooling layer the maps themselves vote, and asking for a window is an error."""
    votes = {label: tuple(np.ones((7, 7)) for _ in range(3)) for label in ("да", "нет")}
    bare = dataclasses.replace(network, layers=(), labels=("да", "нет"), votes=votes)
    told = walk(bare, X)
    assert told.window is None
    assert told.last == told.convolution.maps
    assert "The verdict: да" in told_in(told)
    with pytest.raises(ShapeError, match="no pooling layer"):
        walk(bare, X, pool_at=(0, 0))


def test_what_is_not_there_is_said(network: Network) -> None:
    """Places outside maps name their size, unknown features the nearest and all, a wrong grid the right size."""
    with pytest.raises(ShapeError, match=r"7,0 lies outside the map of diag, which is 7x7: rows are 0 to 6"):
        walk(network, X, at=(7, 0))
    with pytest.raises(ShapeError, match="0,4 lies outside the pooled map of cross, which is 4x4"):
        walk(network, X, feature="cross", pool_at=(0, 4))
    with pytest.raises(FeatureError, match=r"no feature crss: did you mean cross\? it has diag, cross, anti"):
        walk(network, X, feature="crss")
    with pytest.raises(ShapeError, match="takes a grid of 9x9 cells, not 5x5"):
        walk(network, np.ones((5, 5)))


def test_a_grid_of_too_many_cells_is_no_page() -> None:
    """A page and a GIF draw every cell: of a larger grid than they can, one clear error says what to save instead."""
    features = (Map("one", np.ones((3, 3), dtype=np.int8)),)
    layers = (Pool(99, 99),)
    votes = {label: tuple(np.ones(shape) for shape in last_shapes(200, features, layers)) for label in "XO"}
    told = walk(Network("large", 200, features, layers, ("X", "O"), votes), exemplars(200)["X"])
    for drawing in (lesson_page, slide_gif):
        with pytest.raises(ShapeError, match=r"grid of 200x200 has more than 100 a side; save the walk as \.svg"):
            drawing(told)
    assert "1/" in told_in(told)


def test_the_animation_ends_with_the_whole_map(network: Network) -> None:
    """The feature slides to the last position; then every number of the map is shown."""
    stream = io.StringIO()
    animate(walk(network, X, feature="anti"), Console(file=stream, width=100, force_terminal=True), seconds=0)
    last = stream.getvalue().rpartition("the image 9×9")[2]
    assert "·" not in last
    assert "anti at row 6, column 6: sum 3 ÷ 9 cells = +0.33" in last
    assert stream.getvalue().count("the image 9×9") >= 49


class TestCommand:
    """`xo-cnn explain`."""

    def test_the_texts_walk(self, run: Run, samples: Path) -> None:
        """The walk of the text's X holds the text's numbers, says that it rounds, and is the same every time."""
        ran = run("explain", samples / "x.png", "--network", "article")
        assert ran.status == 0
        assert "\x1b" not in ran.text
        assert " +0.78 -0.11 +0.11 +0.33 +0.56 -0.11 +0.33\n" in ran.text
        assert "7/9 is +0.78 here, where the text" in ran.text
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
        assert image.text.replace("standard input", "") == text.text.replace("standard input", "")

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
        """--at and --feature choose the cell, --pool-at the window, and --only the chapter."""
        ran = run("explain", samples / "x.png", "-n", "article", "--only", "convolve", "-F", "cross", "--at", "0,1")
        sums = "Sum: (-1) + 1 + (-1) + (-1) + (-1) + 1 + (-1) + (-1) + (-1) = -5\n-5 ÷ 9 cells = -0.56\n"
        assert sums in ran.text
        assert "Pooling" not in ran.text
        ran = run("explain", samples / "x.png", "-n", "article", "--only", "pool", "--pool-at", "3,0")
        assert "The maximum of +0.33, -0.11 is +0.33, from row 6, column 0" in ran.text

    @pytest.mark.parametrize("ending", ["svg", "gif", "html", "json", "txt"])
    def test_output_is_saved_the_same_each_time(self, run: Run, samples: Path, tmp_path: Path, ending: str) -> None:
        """--output saves what its name's ending says, the same bytes each time, and --format writes them to a pipe."""
        for name in ("one", "two"):
            ran = run("explain", samples / "o.png", "--output", tmp_path / f"{name}.{ending}")
            assert (ran.status, ran.output, ran.errors) == (0, b"", "")
        data = (tmp_path / f"one.{ending}").read_bytes()
        assert data == (tmp_path / f"two.{ending}").read_bytes()
        form = {"txt": "text"}.get(ending, ending)
        assert run("explain", samples / "o.png", "--format", form).output == data
        starts = {"svg": b"<svg", "gif": b"GIF89a", "html": b"<!doctype html>", "json": b"{", "txt": b"1. X's"}
        assert data.startswith(starts[ending])

    def test_json_holds_the_verdict_of_classify(self, run: Run, samples: Path) -> None:
        """The votes in the walk's JSON are those that classify gives."""
        told = json.loads(run("explain", samples / "o.png", "--format", "json").output)
        plain = json.loads(run("classify", samples / "o.png", "--format", "json").output)
        assert (told["label"], told["votes"]) == (plain["label"], plain["votes"])

    @pytest.mark.parametrize(
        ("args", "status", "words"),
        [
            (("--at", "9,9"), 1, "9,9 lies outside the map of diag, which is 7x7"),
            (("--pool-at", "0,4"), 1, "which is 4x4: rows are 0 to 3, columns 0 to 3"),
            (("--feature", "dia"), 1, "did you mean diag?"),
            (("--at", "1"), 2, "'1' is no cell; write ROW,COL"),
            (("--at", "-1,0"), 2, "'-1,0' is no cell"),
            (("--output", "walk.mp4"), 2, "walk.mp4: its ending names no format"),
            (("--only", "grid", "--output", "walk.svg"), 2, "--only shows a part of the walk as text"),
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

    def test_moving_needs_a_terminal(self, run: Run, samples: Path) -> None:
        """On a pipe --step and --animate are left out, and a note says so."""
        still = run("explain", samples / "x.png", "-n", "article")
        moving = run("explain", samples / "x.png", "-n", "article", "--animate", "--step")
        assert (moving.status, moving.output) == (0, still.output)
        assert "need a terminal" in moving.errors
