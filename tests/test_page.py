"""The page in a browser: its numbers are the library's, it is one file, and it fits every screen."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest
from page_driver import agrees, cell, made_up, press, state, texts

from xo_cnn.convolution import Convolve
from xo_cnn.drawing.page import lesson_page
from xo_cnn.grid import Map
from xo_cnn.matching import exemplars
from xo_cnn.network import Network
from xo_cnn.pooling import Pool
from xo_cnn.walk.explaining import explain

ARTICLE = Network.load("article")
X = exemplars(9)["X"]
EVIL = "<img src=x onerror=alert(1)>"


def test_the_texts_numbers_stand_in_the_page(opened: Any) -> None:
    """The article's network on the text's X shows the text's maps, poolings and votes."""
    told = explain(X, ARTICLE)
    page = opened(told)
    now = agrees(page)
    assert now["maps"]["diag"] == told.stages[0].maps[0].values.tolist()
    assert texts(page, "map:diag")[:3] == ["+0.78", "-0.11", "+0.11"]
    assert texts(page, "pooled2:cross") == ["+1.00", "+0.56", "+0.56", "+0.56"]
    assert page.locator("#bars .number").all_text_contents() == ["+1.000", "+0.556"]
    assert page.locator("#verdict-text").text_content() == "The verdict is X. Naive matching says X."
    agree = [f"{one.agree} of 81 cells agree, {81 - one.agree} differ" for one in told.likenesses]
    assert page.locator("#saved figcaption").all_text_contents() == agree
    assert page.locator("#matching .differs").count() == sum(81 - one.agree for one in told.likenesses)


def test_grey_levels_agree_too(opened: Any) -> None:
    """Cells between black and white, and features of fractions, give the library's numbers."""
    dice = np.random.default_rng(5)
    network = made_up(5)
    features = tuple(Map(one.name, dice.integers(-4, 5, one.shape) / 4) for one in network.features)
    network = dataclasses.replace(network, layers=(Convolve(features), *network.layers[1:]))
    agrees(opened(explain(dice.integers(-8, 9, (12, 12)) / 8, network)))


@pytest.mark.parametrize("layers", [(), (Pool(2, 3),), (Pool(3, 2), Pool(2, 2))])
def test_other_layers_and_labels_do_as_the_library_does(opened: Any, layers: tuple[Pool, ...]) -> None:
    """No pooling, a step longer than the window, a window over the edge; names that try to break out; no saved X."""
    network = made_up(6, layers=layers)
    grid = np.random.default_rng(6).choice([-1, 1], (12, 12)).astype(np.int8)
    page = opened(explain(grid, network, name=EVIL))
    agrees(page)
    assert page.get_by_role("button", name="Take the saved").count() == 0
    assert not page.locator("#matching").is_visible()
    assert not page.get_by_text("X's and O's").count()
    assert page.locator("main img").count() == 0
    assert page.locator("#scores .name").all_text_contents() == list(network.labels)


def test_of_a_large_network_the_chosen_feature_is_shown(opened: Any) -> None:
    """Where all maps together have too many cells for a page, those of the chosen feature stand for them."""
    network = made_up(7, grid=56)
    page = opened(explain(np.ones((56, 56), dtype=np.int8), network, feature="три", at=(3, 4)))
    agrees(page, shown=False)
    assert len(texts(page, "map:три")) == 52 * 52
    assert texts(page, "map:deux") == []
    page.get_by_label("Feature", exact=True).select_option("deux")
    assert len(texts(page, "map:deux")) == 55 * 53


def test_a_tie_goes_the_same_way(opened: Any) -> None:
    """Where the votes are equal but for the last bit, page and library still agree."""
    agrees(opened(explain(-np.ones((9, 9), dtype=np.int8), ARTICLE)))


def test_the_default_network_has_its_page(opened: Any) -> None:
    """The default network's page agrees on its own grid."""
    network = Network.load("xo")
    agrees(opened(explain(exemplars(network.side)["O"], network)))


def test_a_cell_of_a_map_is_worked_out(opened: Any) -> None:
    """Hovering or focusing a cell shows patch, products, sum and quotient, and outlines the patch in the image."""
    from playwright.sync_api import expect

    told = explain(X, ARTICLE, at=(0, 0))
    page = opened(told)
    worked = page.locator("#map-work")
    expect(worked).to_contain_text("Add: (-1) + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 = 7")
    expect(worked).to_contain_text("Divide: 7 ÷ 9 cells = +0.78")
    products = worked.locator(".piece").last.locator(".cell").all_text_contents()
    assert products == [f"{value:g}" for value in told.match.products.values.ravel().tolist()]
    cell(page, "map:cross", 3, 3).hover()
    expect(worked).to_contain_text("cross at row 3, column 3")
    assert outlined(page, "image") == [[3, 3, 3, 3]]
    cell(page, "image", 0, 1).hover()
    assert outlined(page, "map:diag") == [[0, 0, 1, 2]]
    cell(page, "pooled1:diag", 0, 0).focus()
    expect(page.locator("#pool-work-1")).to_contain_text(
        "The largest of +0.78, -0.11, -0.11 and +1.00 is +1.00; it was in row 1, column 1."
    )
    assert outlined(page, "map:diag") == [[0, 0, 2, 2], [1, 1, 1, 1], [1, 1, 1, 1]]
    assert outlined(page, "before1:diag") == [[0, 0, 2, 2], [1, 1, 1, 1]]
    assert outlined(page, "image") == [[1, 1, 3, 3]]
    cell(page, "votes:X:diag", 0, 0).hover()
    expect(page.locator("#vote-work")).to_contain_text("9/9 × 0.2 = 0.200")
    page.locator("#bars .number").first.focus()
    assert page.locator("[data-of='pooled2:diag'] .lit").count() == 2


def outlined(page: Any, grid: str) -> list[list[int]]:
    """The outlines on a grid: top, left, rows, columns."""
    boxes = page.eval_on_selector_all(f"[data-of='{grid}'] .box", "boxes => boxes.map(({dataset}) => dataset.box)")
    return [[int(number) for number in box.split(",")] for box in boxes]


def test_keys_go_first_while_the_mouse_rests(opened: Any) -> None:
    """Going through a map by keys works out the focused cell, whatever comes to lie under the mouse."""
    from playwright.sync_api import expect

    page = opened(explain(X, ARTICLE))
    heading = page.locator("#map-work h3")
    cell(page, "map:cross", 3, 3).hover()
    cell(page, "map:diag", 0, 0).focus()
    page.keyboard.press("ArrowRight")
    page.mouse.wheel(0, 40)
    expect(heading).to_have_text("diag at row 0, column 1")
    expect(page.locator("#heard")).to_contain_text("diag at row 0, column 1. Add: ")
    cell(page, "map:anti", 3, 3).hover()
    expect(heading).to_have_text("anti at row 3, column 3")


SCREENS = [(1440, 900), (1280, 720), (1024, 768), (844, 390), (390, 844), (320, 640)]


@pytest.mark.parametrize("name", ["article", "xo"])
def test_it_fits_every_screen(opened: Any, name: str) -> None:
    """Nothing is wider than the window; image and map are in view together where the window is wide."""
    network = Network.load(name)
    page = opened(explain(exemplars(network.side)["X"], network))
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        labels = [label.bounding_box() for label in page.locator("#overview .label").all()]
        assert all(label["width"] > 10 for label in labels)
        assert all(one["x"] + one["width"] <= next["x"] for one, next in itertools.pairwise(labels))
        page.locator("#convolution .stage").evaluate(
            "stage => stage.scrollIntoView({block: 'end', behavior: 'instant'})"
        )
        last = network.side - 1
        corners = [cell(page, "image", 0, 0), cell(page, "image", last, last), cell(page, "map:diag", 0, 0)]
        if width >= 1024:
            boxes = [corner.bounding_box() for corner in corners]
            assert all(box["y"] >= 0 and box["y"] + box["height"] <= height for box in boxes)
            assert boxes[1]["x"] + boxes[1]["width"] < boxes[2]["x"]
            assert boxes[2]["width"] > 20
            scores = page.locator("#scores").bounding_box()
            assert scores["y"] + scores["height"] <= height


def test_what_a_change_did_is_read_without_scrolling(opened: Any) -> None:
    """On a usual screen the sentence after a change is in view; of three labels the buttons fill their rows."""
    page = opened(explain(X, ARTICLE))
    press(page, "Shift right")
    said = page.locator("#said").bounding_box()
    assert page.evaluate("scrollY") == 0
    assert said["y"] + said["height"] <= 900
    page = opened(explain(np.ones((12, 12), dtype=np.int8), made_up(3)))
    boxes = [button.bounding_box() for button in page.locator("#pictures button").all()]
    assert len({box["y"] for box in boxes}) == 1


def test_it_prints_without_its_tools(opened: Any) -> None:
    """On paper there are no buttons but those that name a feature."""
    page = opened(explain(X, ARTICLE))
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Play").is_visible()
    assert cell(page, "map:diag", 0, 0).is_visible()


def test_the_page_is_the_same_bytes_and_whole() -> None:
    """The page is one file without links, under 150 kB, the same each time, and no name can break out of its data."""
    told = explain(exemplars(12)["X"], made_up(3), name=EVIL)
    page = lesson_page(told)
    assert page == lesson_page(told)
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    assert "<img" not in page
    assert page.count("</script>") == 2
    assert len(lesson_page(explain(X, ARTICLE)).encode()) < 150_000


def test_reset_brings_everything_back(opened: Any) -> None:
    """Reset takes picture, features and layers back to what the page was written with."""
    page = opened(explain(X, ARTICLE))
    first = state(page)
    cell(page, "image", 4, 4).click()
    cell(page, "feature:diag", 1, 1).click()
    press(page, "Clear")
    page.get_by_label("Poolings", exact=True).select_option("0")
    assert state(page) != first
    press(page, "Reset")
    assert state(page) == first
