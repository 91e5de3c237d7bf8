"""The page is drawn on, moved and played, with mouse, touch and keys; the library has the same numbers each time."""

from __future__ import annotations

from typing import Any

import numpy as np
from page_driver import ARTICLE, SAVED, X, agrees, cell, image, press, texts, until

from xo_cnn import compare
from xo_cnn.matching import exemplars
from xo_cnn.network import Network
from xo_cnn.walk.explaining import explain


def middle(page: Any, grid: str, row: int, column: int) -> tuple[float, float]:
    """Where the middle of a cell is."""
    box = cell(page, grid, row, column).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_press_and_drag_paints(page: Any) -> None:
    """The first cell decides the colour, a quick stroke has no gaps, and it is undone as one."""
    page.mouse.move(*middle(page, "image", 2, 0))
    page.mouse.down()
    page.mouse.move(*middle(page, "image", 2, 8))
    page.mouse.move(*middle(page, "image", 6, 8))
    page.mouse.up()
    drawn = X.copy()
    drawn[2, :] = drawn[2:7, 8] = 1
    assert np.array_equal(image(page), drawn)
    agrees(page)
    page.mouse.move(*middle(page, "image", 3, 3))
    page.mouse.down()
    page.mouse.move(*middle(page, "image", 6, 3), steps=3)
    page.mouse.up()
    drawn[3:7, 3] = 1  # it began on white, and goes on
    assert np.array_equal(image(page), drawn)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert np.array_equal(image(page), X)
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+Shift+z")
    assert np.array_equal(image(page), drawn)
    agrees(page)


def test_a_finger_paints_and_the_page_does_not_scroll(opened: Any) -> None:
    """On a phone a finger draws on the picture, and what it draws is one stroke."""
    page = opened(explain(X, ARTICLE), viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    cell(page, "image", 0, 0).tap()
    touch = page.context.new_cdp_session(page)
    points = [middle(page, "image", 5, column) for column in (0, 3, 6)]
    for kind, at in (
        ("touchStart", points[:1]),
        ("touchMove", points[1:2]),
        ("touchMove", points[2:]),
        ("touchEnd", []),
    ):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in at]})
        if kind == "touchStart":
            page.locator("#image-place .drawing").wait_for()  # the finger rests
    drawn = X.copy()
    drawn[0, 0] = 1
    drawn[5, :7] = 1
    until(page, "lesson.state().image[5][6] === 1")
    assert np.array_equal(image(page), drawn)
    assert page.evaluate("scrollY") == 0
    press(page, "Undo")
    drawn[5, :7] = X[5, :7]
    assert np.array_equal(image(page), drawn)
    agrees(page)


def test_the_keyboard_reaches_everything(page: Any) -> None:
    """Arrow keys walk over a grid's cells, which is one stop for Tab; Enter and Space paint."""
    cell(page, "image", 0, 0).focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Enter", "End", " "):
        page.keyboard.press(key)
    drawn = X.copy()
    drawn[2, [1, 8]] *= -1
    assert np.array_equal(image(page), drawn)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "row 2, column 8: 1"
    assert page.locator("[data-grid='image'][tabindex='0']").count() == 1
    agrees(page)


def shifted(grid: Any, rows: int, columns: int) -> Any:
    """What `xo-cnn grid --shift` makes of a grid."""
    moved = np.full_like(grid, -1)
    side = len(grid)
    into = [slice(max(0, by), side + min(0, by)) for by in (rows, columns)]
    out = [slice(max(0, -by), side - max(0, by)) for by in (rows, columns)]
    moved[into[0], into[1]] = grid[out[0], out[1]]
    return moved


MOVES = [
    ("Shift left", "Shift+ArrowLeft", lambda grid: shifted(grid, 0, -1)),
    ("Shift right", "Shift+ArrowRight", lambda grid: shifted(grid, 0, 1)),
    ("Shift up", "Shift+ArrowUp", lambda grid: shifted(grid, -1, 0)),
    ("Shift down", "Shift+ArrowDown", lambda grid: shifted(grid, 1, 0)),
    ("Turn", "t", lambda grid: np.rot90(grid, -1)),
    ("Mirror", "m", np.fliplr),
    ("Negative", "n", lambda grid: -grid),
    ("Take the saved O", "o", lambda grid: SAVED["O"].values),
    ("Take the saved X", "x", lambda grid: X),
    ("Clear", "c", lambda grid: -np.ones_like(grid)),
]


def test_every_move_is_a_button_and_a_key(page: Any) -> None:
    """Each move gives the expected grid, by its button and by its key."""
    cell(page, "image", 3, 1).click()
    grid = image(page)
    for name, key, how in MOVES:
        press(page, name)
        assert np.array_equal(image(page), how(grid)), name
        agrees(page, shown=False)
        press(page, "Undo")
        assert np.array_equal(image(page), grid), name
        if len(key) == 1:
            page.keyboard.press(key)  # a single letter acts where the picture has the focus, and nowhere else
            assert np.array_equal(image(page), grid), name
            cell(page, "image", 0, 0).focus()
        page.keyboard.press(key)
        assert np.array_equal(image(page), how(grid)), key
        page.keyboard.press("Control+z")
    press(page, "Redo")
    assert np.array_equal(image(page), -np.ones((9, 9)))


def test_deform_is_seeded(page: Any) -> None:
    """The same deformations come after a reset; each changes a little, and undo brings the cells back."""
    press(page, "Deform")
    first = image(page)
    press(page, "Deform")
    second = image(page)
    assert 0 < np.count_nonzero(first != X) < 40
    assert not np.array_equal(first, second)
    press(page, "Undo")
    assert np.array_equal(image(page), first)
    press(page, "Reset")
    press(page, "Deform")
    assert np.array_equal(image(page), first)


def test_a_sentence_says_what_a_change_did(page: Any) -> None:
    """Naive matching and the network, what they say and by how much each moved."""
    press(page, "Shift right")
    press(page, "Shift right")
    assert page.locator("#said").text_content() == (
        "Shifted right: naive matching now says O (X 61 of 81 cells, up 6; O 62 of 81 cells, up 10), and the network "
        "says X (X +0.911, unchanged; O +0.778, up 0.222)."
    )
    assert page.locator("#said").get_attribute("aria-live") == "polite"


def test_the_texts_experiment(page: Any) -> None:
    """The saved X moves two cells to the right; naive matching fails, the network does not; two curves show it."""
    press(page, "Clear")
    press(page, "The text's experiment")
    page.locator("#experiment-note:not(:empty)").wait_for()
    assert np.array_equal(image(page), shifted(X, 0, 2))
    now = agrees(page)
    assert now["verdict"] == "X"
    assert compare(image(page), SAVED["O"]) > compare(image(page), SAVED["X"])
    curves = page.locator("#curves svg")
    assert curves.count() == 2
    assert curves.first.get_attribute("aria-label").endswith("0: X 81, O 60; 1: X 55, O 52; 2: X 61, O 62")


def test_on_a_larger_grid_the_experiment_goes_as_far(opened: Any) -> None:
    """Two of nine cells are four of sixteen: there too naive matching fails; what the network says is said."""
    network = Network.load("xo")
    page = opened(explain(exemplars(16)["O"], network))
    press(page, "The text's experiment")
    note = page.locator("#experiment-note")
    note.filter(has_text="4 cells further O is ahead by 4 cells, so naive matching says O.").wait_for()
    verdict = agrees(page)["verdict"]
    assert f"The network, with the same picture, says {verdict}" in note.text_content()
    assert ("--network article" in note.text_content()) == (verdict != "X")
    assert page.locator("#curves").evaluate("all => all.getBoundingClientRect().bottom <= innerHeight")


def test_the_experiment_takes_its_time(opened: Any) -> None:
    """Where motion is welcome it goes step by step, and stops when something else is done."""
    page = opened(explain(X, ARTICLE), reduced_motion="no-preference")
    page.clock.install()
    page.reload()
    press(page, "The text's experiment")
    page.clock.run_for(900)
    until(page, "document.querySelectorAll('#curves circle').length === 8")
    press(page, "Clear")
    page.clock.run_for(5000)
    assert np.array_equal(image(page), -np.ones((9, 9)))


def test_the_feature_slides_in_steps(page: Any) -> None:
    """Step fills the map cell by cell, Play goes on by itself, and Pause stops it."""
    for _ in range(3):
        press(page, "Step")
    assert texts(page, "map:diag")[:5] == ["+0.78", "-0.11", "+0.11", "", ""]
    assert page.locator("#map-work h3").text_content() == "diag at row 0, column 2"
    press(page, "Back")
    assert texts(page, "map:diag")[:3] == ["+0.78", "-0.11", ""]
    page.get_by_label("Speed", exact=True).select_option("fast")
    press(page, "Play")
    until(page, "document.querySelectorAll(\"[data-grid='map:diag'].hidden\").length < 45")
    press(page, "Pause")
    page.get_by_role("button", name="cross").first.click()
    agrees(page)


def test_the_window_slides_too(page: Any) -> None:
    """The pooled map fills to its end by itself, and the largest number is marked on the map before."""
    page.get_by_label("Speed", exact=True).select_option("very fast")
    page.get_by_role("button", name="Next window").first.click()
    assert texts(page, "pooled1:diag")[:2] == ["+1.00", ""]
    assert page.locator("[data-of='before1:diag'] .largest").count() == 1
    slide = page.get_by_role("button", name="Slide the window").first
    slide.click()
    until(page, "document.querySelectorAll(\"[data-grid='pooled1:diag'].hidden\").length === 0")
    agrees(page)


def test_the_overview_leads_to_every_chapter(page: Any) -> None:
    """It stays in view, and each station brings its chapter up."""
    for name, chapter in [
        ("Votes", "votes"),
        ("Pooled 2", "pooling-2"),
        ("Pooled 1", "pooling"),
        ("Maps", "convolution"),
        ("Picture", "start"),
    ]:
        page.locator("#overview").get_by_role("button", name=name).click()
        until(page, f"Math.abs(document.getElementById('{chapter}').getBoundingClientRect().top - 200) < 200")
        page.locator(f"#overview [aria-current]:has-text('{name}')").wait_for()
        assert page.locator("#overview").bounding_box()["y"] <= 60
