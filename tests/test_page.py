"""The page in a browser: its numbers are the library's, before and after cells are flipped."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from xo_cnn.walk.walk import Walk, walk

from xo_cnn.drawing.walk_page import lesson_page, numbers
from xo_cnn.grid import Map
from xo_cnn.matching import exemplars
from xo_cnn.network import Network, Pool, last_shapes
from xo_cnn.words import short, signed

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium without a window, or a skip that says what is missing."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium on the PATH: the page's own numbers are only checked where there is one")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright, which drives chromium, is missing")
    with playwright.sync_playwright() as driver:
        instance = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield instance
        instance.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """Opens a walk's page; a script error, a console message or a request to anywhere fails the test."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    page.on("request", lambda request: None if request.url.startswith("file:") else troubles.append(request.url))

    def open_page(told: Walk) -> Any:
        file = tmp_path / "lesson.html"
        file.write_text(lesson_page(told), encoding="utf-8")
        page.goto(file.as_uri())
        return page

    yield open_page
    page.close()
    assert troubles == []


def made_up(seed: int, side: int = 12, layers: tuple[Pool, ...] = (Pool(3, 2), Pool(2, 2))) -> Network:
    """A network with features of several sizes, three labels and two poolings, one of which hangs over."""
    dice = np.random.default_rng(seed)
    shapes = [(3, 3), (2, 4), (5, 5), (1, 1)]
    features = tuple(
        Map(name, dice.choice([-1, 1], shape).astype(np.int8))
        for name, shape in zip(["<b>one</b>", "deux", "три", "四"], shapes, strict=True)
    )
    last = last_shapes(side, features, layers)
    labels = ("Ключ", "</script><img src=x>", "O")
    votes = {label: tuple(dice.normal(0, 0.3, shape).round(3) for shape in last) for label in labels}
    return Network("made up", side, features, layers, labels, votes)


def texts(page: Any, section: str) -> list[list[str]]:
    """The cells' texts, a list for each grid of a section."""
    script = "grids => grids.map(grid => [...grid.querySelectorAll('.cell')].map(cell => cell.textContent))"
    found: list[list[str]] = page.eval_on_selector_all(f"#{section} .grid", script)
    return found


def agrees(page: Any, told: Walk) -> None:
    """Every number shown in the page is the library's, to the last digit; the sums agree exactly."""
    for number, layer in enumerate([told.convolution, *told.pooling]):
        section = "convolution" if number == 0 else f"pooling{number - 1 or ''}"
        expected = [
            [(signed if one.shape[1] <= 10 else short)(value) for value in one.values.ravel().tolist()]
            for one in layer.maps
        ]
        assert texts(page, section) == expected
        sums = page.evaluate(f"result.sums[{number}]")
        assert sums == [one.sums.tolist() for one in layer.maps]
    votes = [[signed(v, 3) for v in grid.ravel().tolist()] for grids in told.votes.values() for grid in grids]
    assert texts(page, "votes") == votes
    shown = page.locator(".bars .number").all_text_contents()
    assert [text.split(" ")[0] for text in shown] == [signed(vote, 3) for vote in told.verdict.votes.values()]
    assert page.evaluate("result.totals") == list(told.verdict.votes.values())
    assert page.locator(".bars .name.won").text_content() == str(told.verdict)
    agree = [f"{one.agree} of {one.cells} cells agree, {one.cells - one.agree} differ" for one in told.likenesses]
    assert page.locator("#matching figcaption").all_text_contents() == agree
    assert page.locator("#matching .differs").count() == sum(one.cells - one.agree for one in told.likenesses)
    fits = [f"fits best at row {fit.at[0]}, column {fit.at[1]}: {signed(fit.quotient)}" for fit in told.fits]
    assert page.locator("#features figcaption").all_text_contents() == fits


def cell(page: Any, section: str, grid: int, row: int, column: int) -> Any:
    """A cell of one of a section's grids."""
    return page.locator(f"#{section} .grid").nth(grid).locator(".row").nth(row).locator(".cell").nth(column)


def test_the_texts_numbers_stand_in_the_page(opened: Any) -> None:
    """The article's network on the text's X shows the text's maps, poolings and votes."""
    told = walk(Network.load("article"), exemplars(9)["X"])
    page = opened(told)
    agrees(page, told)
    assert texts(page, "convolution")[0][:3] == ["+0.78", "-0.11", "+0.11"]
    assert page.locator(".bars .number").all_text_contents() == ["+1.000 ← most votes", "+0.556"]


@pytest.mark.parametrize("seed", [1, 2])
def test_flipped_cells_change_every_number_as_in_the_library(opened: Any, seed: int) -> None:
    """Cells of the image and of features are clicked; maps, poolings, votes and verdict follow, as the library says."""
    network = made_up(seed)
    dice = np.random.default_rng(seed)
    grid = dice.choice([-1, 1], (12, 12)).astype(np.int8)
    page = opened(walk(network, grid))
    agrees(page, walk(network, grid))
    for row, column in dice.integers(0, 12, (4, 2)).tolist():
        cell(page, "grid", 0, row, column).click()
        grid[row, column] *= -1
    agrees(page, walk(network, grid))
    features = [Map(feature.name, feature.sums.copy()) for feature in network.features]
    for which in (0, 2):
        cell(page, "features", which, 1, 2).click()
        features[which].sums[1, 2] *= -1
    agrees(page, walk(dataclasses.replace(network, features=tuple(features)), grid))
    page.get_by_role("button", name="Reset the features").click()
    agrees(page, walk(network, grid))


def test_grey_levels_agree_too(opened: Any) -> None:
    """Cells between black and white, and features of fractions, give the library's numbers."""
    dice = np.random.default_rng(5)
    network = made_up(5)
    features = tuple(Map(one.name, dice.integers(-4, 5, one.shape) / 4) for one in network.features)
    network = dataclasses.replace(network, features=features)
    grid = dice.integers(-8, 9, (12, 12)) / 8
    agrees(opened(walk(network, grid)), walk(network, grid))


def test_a_network_without_pooling_votes_with_its_maps(opened: Any) -> None:
    """No pooling layer, and one whose step is longer than its window: the page does as the library does."""
    grid = np.random.default_rng(6).choice([-1, 1], (12, 12)).astype(np.int8)
    for layers in ((), (Pool(2, 3),)):
        told = walk(made_up(6, layers=layers), grid)
        agrees(opened(told), told)


def test_of_a_large_network_the_chosen_feature_is_shown(opened: Any) -> None:
    """Where all maps together have too many cells for a page, those of the chosen feature stand for them."""
    told = walk(made_up(7, side=56), np.ones((56, 56), dtype=np.int8), feature="три", at=(3, 4))
    page = opened(told)
    assert [len(one) for one in texts(page, "convolution")] == [52 * 52]
    assert page.evaluate("result.totals") == list(told.verdict.votes.values())
    page.locator("#patch select").select_option("deux")
    assert [len(one) for one in texts(page, "convolution")] == [55 * 53]


def test_a_tie_goes_the_same_way(opened: Any) -> None:
    """Where the text's votes are equal but for the last bit, page and library still agree."""
    grid = -np.ones((9, 9), dtype=np.int8)
    told = walk(Network.load("article"), grid)
    agrees(opened(told), told)


def test_the_default_network_fits_in_its_page(opened: Any) -> None:
    """The default network's page is under 300 kB, and agrees on its own grid."""
    network = Network.load("xo")
    told = walk(network, exemplars(network.side)["O"])
    assert len(lesson_page(told).encode()) < 300_000
    agrees(opened(told), told)


def test_pointing_works_a_cell_out(opened: Any) -> None:
    """Hovering or focusing a cell of a map shows patch, feature, products, sum and quotient, and outlines the patch."""
    from playwright.sync_api import expect

    told = walk(Network.load("article"), exemplars(9)["X"], at=(0, 0))
    page = opened(told)
    cell(page, "convolution", 0, 0, 0).hover()
    worked = page.locator("#worked")
    expect(worked).to_have_text("Sum: (-1) + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 = 7. 7 ÷ 9 cells = +0.78")
    box = page.locator("#grid .box").evaluate("box => box.style.gridArea")
    assert box.replace(" ", "").startswith("1/1/span3/span3")
    products = page.locator("#bench .grid").last.locator(".cell").all_text_contents()
    assert products == [f"{value:g}" for value in told.match.products.values.ravel().tolist()]
    page.mouse.move(0, 0)
    cell(page, "pooling", 0, 0, 0).focus()
    expect(worked).to_have_text("The maximum of +0.78, -0.11, -0.11, +1.00 is +1.00, from row 1, column 1.")
    expect(page.locator("#convolution .box")).to_have_count(2)
    cell(page, "votes", 0, 0, 0).hover()
    expect(worked).to_have_text("+1.00 × weight 0.2 = +0.200")
    page.mouse.move(0, 0)
    page.locator(".bars .number").first.focus()
    expect(page.locator("#pooling1 .lit")).to_have_count(5)


def test_the_keyboard_reaches_everything(opened: Any) -> None:
    """Arrow keys walk over a grid's cells, which is one stop for Tab; Enter and Space flip."""
    network = Network.load("article")
    grid = exemplars(9)["X"].sums.copy()
    page = opened(walk(network, grid))
    cell(page, "grid", 0, 0, 0).focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Enter", "End", " "):
        page.keyboard.press(key)
    grid[2, 1] *= -1
    grid[2, 8] *= -1
    agrees(page, walk(network, grid))
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label == "row 2, column 8: 1"
    assert page.locator("#grid .cell[tabindex='0']").count() == 1


def test_keys_have_the_say_while_the_mouse_rests(opened: Any) -> None:
    """Going through a map by keys shows the focused cell, whatever comes to lie under the mouse; moving it points."""
    page = opened(walk(Network.load("article"), exemplars(9)["X"]))
    cell(page, "convolution", 1, 3, 3).hover()
    cell(page, "convolution", 0, 0, 0).focus()
    page.keyboard.press("ArrowRight")
    page.mouse.wheel(0, 40)
    page.wait_for_timeout(150)
    title = page.locator("#bench-title")
    assert title.text_content() == "Convolution: diag at row 0, column 1"
    cell(page, "convolution", 2, 3, 3).hover()
    page.wait_for_timeout(50)
    assert title.text_content() == "Convolution: anti at row 3, column 3"


def test_the_feature_slides_in_steps(opened: Any) -> None:
    """Step fills the map cell by cell; play goes on by itself and pause stops; another feature starts anew."""
    page = opened(walk(Network.load("article"), exemplars(9)["X"]))
    for _ in range(3):
        page.get_by_role("button", name="Step", exact=True).click()
    assert texts(page, "patch")[0][:5] == ["+0.78", "-0.11", "+0.11", "·", "·"]
    assert page.locator("#bench-title").text_content() == "Convolution: diag at row 0, column 2"
    page.get_by_role("button", name="Step back").click()
    assert texts(page, "patch")[0][:3] == ["+0.78", "-0.11", "·"]
    page.get_by_role("button", name="Play").click()
    for _ in range(50):
        page.wait_for_timeout(100)
        if page.evaluate("state.sliding") >= 4:
            break
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate("state.sliding") >= 4
    page.locator("#patch select").select_option("cross")
    assert texts(page, "patch")[0] == texts(page, "convolution")[1]


def test_a_phone_shows_it_without_scrolling_sideways(opened: Any) -> None:
    """At the width of a phone nothing is wider than the window."""
    page = opened(walk(Network.load("xo"), exemplars(Network.load("xo").side)["X"]))
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_page_is_the_same_bytes_and_whole() -> None:
    """The page is one file without links, the same each time, and no name can break out of its data."""
    told = walk(made_up(3), exemplars(12)["X"], source="</script><script>alert(1)</script>")
    page = lesson_page(told)
    assert page == lesson_page(told)
    assert "http" not in page.replace("http-equiv", "")
    assert "<script>alert" not in page
    assert page.count("</script>") == 2


def test_the_numbers_as_json_are_the_walks() -> None:
    """JSON holds the verdict, its votes, and every map."""
    told = walk(Network.load("article"), exemplars(9)["X"])
    entry = json.loads(numbers(told))
    assert entry["label"] == "X"
    assert entry["votes"] == told.verdict.votes
    assert np.array_equal(entry["maps"]["diag"], told.convolution.maps[0].values)
    assert entry["match"]["sum"] == 9
