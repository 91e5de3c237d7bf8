"""The page for everybody: one screen, keyboard and screen reader, fingers, paper, links from anywhere."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from page_driver import agrees, cell, press, state, texts, until

from xo_cnn.matching import exemplars
from xo_cnn.network import Network
from xo_cnn.walk.explaining import explain

ARTICLE = Network.load("article")
SAVED = exemplars(9)
X = SAVED["X"].values


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1366, 768), (390, 844)])
def test_one_screen_while_a_feature_slides(opened: Any, width: int, height: int) -> None:
    """Picture, feature, products, sum, division and map are seen at once, in digits to read; a step never scrolls."""
    phone = {"has_touch": True, "is_mobile": True} if width < 700 else {}
    page = opened(explain(X, ARTICLE), viewport={"width": width, "height": height}, **phone)
    page.locator("#convolution .slide").evaluate("slide => slide.scrollIntoView({block: 'start', behavior: 'instant'})")
    page.evaluate("scrollBy(0, -document.querySelector('#overview').offsetHeight - 4)")
    press(page, "Step")
    here = page.evaluate("scrollY")
    press(page, "Step")
    press(page, "Step")
    assert page.evaluate("scrollY") == here
    parts = [cell(page, "image", 0, 0), cell(page, "image", 8, 8), cell(page, "map:diag", 0, 0)]
    parts += [cell(page, "map:diag", 6, 6), *page.locator("#map-work .piece").all(), *page.locator("#map-work p").all()]
    for part in parts:
        box = part.bounding_box()
        assert 0 <= box["y"] <= box["y"] + box["height"] <= height
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    assert cell(page, "image", 0, 0).evaluate(DIGITS) >= 14


DIGITS = "cell => parseFloat(getComputedStyle(cell).fontSize)"


def test_a_large_picture_shows_its_numbers_on_demand(opened: Any) -> None:
    """Sixteen cells a side are too small for digits; a switch shows them."""
    page = opened(explain(exemplars(16)["X"], Network.load("xo")))
    assert cell(page, "image", 0, 0).evaluate(DIGITS) == 0
    page.get_by_label("Numbers in the picture").check()
    assert cell(page, "image", 0, 0).evaluate(DIGITS) >= 14


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Any, scheme: Any) -> None:
    """The rules of WCAG 2.1 AA and the best practices that axe knows hold, also after learning."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is missing").Axe()
    page = opened(explain(X, ARTICLE), color_scheme=scheme)
    page.get_by_label("ReLU", exact=True).check()
    press(page, "Learn")
    until(page, "document.querySelectorAll('#practice .small').length === 240")
    found = axe.run(page).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found] == []


def test_focus_stays_and_steps_are_announced(opened: Any) -> None:
    """What is built anew keeps the focus; Step and Next window say what they came to; headings are in order."""
    page = opened(explain(X, ARTICLE))
    page.locator("[data-tabs]").get_by_role("button", name="cross").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "cross"
    press(page, "Step")
    assert "cross at row 0, column 0. Add: " in page.locator("#heard").text_content()
    page.get_by_role("button", name="Next window").first.click()
    assert "The largest of" in page.locator("#heard").text_content()
    levels = page.eval_on_selector_all("h1, h2, h3, h4", "all => all.map((one) => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_what_is_said_follows_what_is_shown(opened: Any) -> None:
    """The headline names the picture's file until there is another picture; notes go with what they were about."""
    page = opened(explain(X, ARTICLE, name="x.png"))
    assert page.locator("#subline").text_content().startswith("From x.png")
    press(page, "Clear")
    assert page.locator("#subline").text_content().startswith("From the picture")
    press(page, "New feature")
    assert page.locator("#feature-note").text_content() != ""
    press(page, "Undo")
    assert page.locator("#feature-note").text_content() == ""


def test_sums_for_a_calculator(opened: Any) -> None:
    """A vote is worked out from the sum, not from a rounded number; how many cells agree is counted."""
    page = opened(explain(X, ARTICLE))
    cell(page, "votes:O:diag", 0, 1).hover()
    assert "5/9 × 0.25 = 0.139" in page.locator("#vote-work").text_content()
    cell(page, "map:diag", 0, 2).hover()
    assert "5 agree, 4 differ" in page.locator("#map-work").text_content()


def test_a_swipe_scrolls_and_a_phone_reads_its_own_words(opened: Any) -> None:
    """A finger that moves at once does not draw but scrolls; there is no Ctrl+Z where there are no keys."""
    page = opened(explain(X, ARTICLE), viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    box = cell(page, "image", 4, 4).bounding_box()
    touch = page.context.new_cdp_session(page)
    for kind, up in (("touchStart", 0), ("touchMove", 60), ("touchMove", 120), ("touchMove", 180), ("touchEnd", None)):
        points = [] if up is None else [{"x": box["x"] + 5, "y": box["y"] + 5 - up}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert np.array_equal(state(page)["image"], X)
    until(page, "scrollY > 40")
    words = page.locator("main").inner_text()
    assert "Ctrl+Z" not in words
    assert "Point at" not in words


def test_a_worksheet_has_empty_maps_and_its_solutions_last(opened: Any) -> None:
    """On paper the maps have no numbers; the last page has them."""
    page = opened(explain(X, ARTICLE))
    page.evaluate("window.print = () => { window.printed = true }")
    press(page, "Print a worksheet")
    assert page.evaluate("printed")
    page.emulate_media(media="print")
    colour = "cell => getComputedStyle(cell).color"
    assert cell(page, "map:diag", 0, 0).evaluate(colour) == "rgba(0, 0, 0, 0)"
    assert cell(page, "image", 0, 0).evaluate(colour) != "rgba(0, 0, 0, 0)"
    solutions = page.locator("#solutions")
    assert solutions.is_visible()
    assert solutions.locator(".cell").first.text_content() == texts(page, "map:diag")[0]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not solutions.is_visible()


def test_a_link_from_anywhere_is_checked(opened: Any) -> None:
    """Thousands of features, names that no file has and weights that do not fit are refused; the page goes on."""
    page = opened(explain(X, ARTICLE))
    before = state(page)
    many = "&".join(f"feature=new:f{number}:x" for number in range(5000))
    long = "feature=new:" + "a" * 99 + ":x"
    for wrong in (many, long, "feature=new:a%2Fb:x", "weights=AAAA", "weights=%", "layers=softmax"):
        page.evaluate("hash => { location.hash = hash }", "#" + wrong)
        page.locator("#said:has-text('does not fit this page')").wait_for()
        assert state(page) == before
        press(page, "Clear")
        press(page, "Undo")
    agrees(page)
    assert "unsafe-eval" not in page.content()


def test_the_page_is_saved_with_what_it_shows(opened: Any, tmp_path: Any) -> None:
    """The file that the page saves opens with the picture, the features and the weights that it showed."""
    page = opened(explain(X, ARTICLE))
    press(page, "Shift right")
    press(page, "Learn")
    now = state(page)
    with page.expect_download() as saved:
        press(page, "Save page")
    saved.value.save_as(tmp_path / "saved.html")
    page.goto((tmp_path / "saved.html").as_uri())
    assert state(page) == now
