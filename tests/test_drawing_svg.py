"""Figures: well-formed SVG that needs nothing from elsewhere and says what the arrays say."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from conftest import Ran
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from xo_cnn.drawing.palette import PALETTES
from xo_cnn.drawing.svg import chapters_svg, maps_svg
from xo_cnn.features import convolve
from xo_cnn.grid import Map, to_levels
from xo_cnn.matching import exemplars
from xo_cnn.network import Network
from xo_cnn.walk.explaining import explain
from xo_cnn.walk.numbers import Walk
from xo_cnn.walk.words import chapters, overview
from xo_cnn.words import signed

SVG = "{http://www.w3.org/2000/svg}"
X = exemplars(9)["X"]
ARTICLE = Network.load("article")


def walk_figure(walk: Walk) -> str:
    """All chapters of a walk as one figure."""
    return chapters_svg(chapters(walk), "the walk")


def texts(figure: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(figure).iter(SVG + "text")]


def test_a_figure_holds_names_numbers_and_a_legend() -> None:
    """Every cell's number stands in the figure, under the map's name and size."""
    one = convolve(X, ARTICLE.features[0])
    found = texts(maps_svg([one]))
    assert found[0] == "diag 7×7"
    assert found[1:50] == [signed(value) for value in one.values.ravel().tolist()]
    assert "1 is a perfect match, 0 no match, -1 the negative." in found


def test_a_grid_is_black_and_white() -> None:
    """A ±1 grid has a white cell for each 1 and a black one for each -1."""
    figure = ElementTree.fromstring(maps_svg([X]))
    fills = [element.get("fill") for element in figure.iter(SVG + "rect")][1:]
    assert fills == ["#ffffff" if cell == 1 else "#000000" for cell in X.sums.ravel().tolist()]


def test_a_large_map_is_an_embedded_picture() -> None:
    """A map of too many cells for numbers becomes a small PNG in the palette's colours, and says how it was shrunk."""
    values = np.sin(np.arange(1500)[:, np.newaxis] / 90) * np.cos(np.arange(700) / 50)
    figure = maps_svg([Map("waves", values)])
    found = re.search(r"href='data:image/png;base64,([^']*)'", figure)
    assert found is not None
    picture = Image.open(io.BytesIO(base64.b64decode(found[1]))).convert("RGB")
    assert picture.size == (234, 500)
    mean = values[300:303, 30:33].mean()
    assert picture.getpixel((10, 100)) == tuple(PALETTES["diverging"][to_levels(mean)].tolist())
    assert texts(figure)[0] == "waves 1500×700 shown at 1/3"
    assert len(figure) < 400_000


@given(st.text())
def test_any_name_is_well_formed(name: str) -> None:
    """Whatever a map is called, the figure is XML with one title and no script."""
    figure = maps_svg([Map(name + "<script>", np.eye(2))])
    root = ElementTree.fromstring(figure.encode("utf-8", "replace"))
    assert not list(root.iter(SVG + "script"))
    assert len(list(root.iter(SVG + "title"))) == 1


def test_a_figure_links_to_nothing() -> None:
    """No address stands in a figure but the name of SVG itself."""
    figure = walk_figure(explain(X, ARTICLE))
    assert re.findall(r"[a-z]+://[^'\"]*", figure) == ["http://www.w3.org/2000/svg"]
    assert "href" not in figure


def test_a_figure_scales_to_its_place() -> None:
    """It has a viewBox and no fixed size, is no wider than it was drawn, and brings its own ground and ink."""
    root = ElementTree.fromstring(maps_svg([X]))
    assert root.get("width") is root.get("height") is None
    _, _, width, _ = (root.get("viewBox") or "").split()
    assert root.get("style") == f"width:100%;max-width:{width}px"
    assert root.get("fill") == "#000"
    assert next(root.iter(SVG + "rect")).get("fill") == "#fff"


def test_the_walks_figure_shows_the_whole_walk() -> None:
    """Image, features, maps, poolings, votes and verdict all stand in the figure, the same bytes each time."""
    walk = explain(X, ARTICLE, name="x.png")
    figure = walk_figure(walk)
    assert figure == walk_figure(walk)
    found = texts(figure)
    for words in ("the grid 9×9", "cross 3×3", "anti 7×7", "diag 4×4", "cross 2×2", "The verdict: X", "+0.556"):
        assert words in found
    assert any("x.png" in words for words in found)
    shown = [signed(value) for one in walk.stages[0].maps for value in one.values.ravel().tolist()]
    assert set(shown) <= set(found)


def test_the_overview_is_a_small_figure() -> None:
    """At a glance: the image, each feature's maps, and the votes."""
    found = texts(chapters_svg([overview(explain(X, ARTICLE))], "overview"))
    assert found.count("filtered") == found.count("pooled 2×2") / 2 == 3
    assert "+0.556" in found


def test_what_was_found_in_a_picture_is_outlined(samples: Path) -> None:
    """The first chapter shows the picture with the box of its letter, beside the grid."""
    figure = walk_figure(explain(samples / "x_deformed.png", ARTICLE))
    assert "→" in texts(figure)
    assert "stroke='#00857a'" in figure


def test_the_figure_of_the_readme_is_what_explain_draws(run: Callable[..., Ran], samples: Path) -> None:
    """The picture that the README opens with is made by the tool itself, of the text's deformed X."""
    ran = run("explain", samples / "x_deformed.png", "--network", "article", "--only", "overview", "--format", "svg")
    assert ran.output == (samples.parent / "benchmarks" / "walk.svg").read_bytes()


def test_the_walk_of_a_large_network_is_a_figure_too() -> None:
    """Where grids are too large for numbers, pictures of them stand in the figure."""
    side = 40
    network = Network(
        "large",
        side,
        ARTICLE.layers[:1],
        ("X", "O"),
        {label: tuple(np.full((38, 38), weight) for _ in range(3)) for label, weight in (("X", 0.1), ("O", -0.1))},
    )
    root = ElementTree.fromstring(walk_figure(explain(exemplars(side)["O"], network)))
    assert len(list(root.iter(SVG + "image"))) == 13
