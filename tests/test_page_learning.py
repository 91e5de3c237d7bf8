"""The page learns: the library's weights from the same pictures, practice pictures, teaching, weights by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
from page_driver import ARTICLE, SAVED, X, agrees, cell, image, press, state, texts, until

from xo_cnn.features import convolve
from xo_cnn.grid import Map
from xo_cnn.learning.training import descend, ignore
from xo_cnn.network import Network
from xo_cnn.pooling import max_pool
from xo_cnn.walk.explaining import explain


def last_cells(now: Any, grids: Any) -> Any:
    """What the library makes of grids with the page's features and layers, up to the cells that vote."""
    features = [Map(name, np.array(rows)) for name, rows in now["features"].items()]
    rows = []
    for grid in grids:
        maps = [one.values.astype(np.float64) for one in convolve(np.array(grid), features)]
        for layer in now["layers"]:
            pools = layer["type"] == "pool"
            after = [max_pool(m, layer["window"], layer["stride"]) if pools else np.maximum(m, 0) for m in maps]
            maps = [np.asarray(m) for m in after]
        rows.append(np.concatenate([one.ravel() for one in maps]))
    return np.array(rows)


def learned_as_the_library(page: Any) -> Any:
    """Compare the page's weights with those that the library learns from the same pictures; return the state."""
    now = agrees(page, shown=False)
    labels = list(now["weights"])
    seen = [one for one in page.evaluate("lesson.practice()") if not one["apart"]]
    numbers = np.array([labels.index(one["label"]) for one in seen])
    wanted = descend(last_cells(now, [one["image"] for one in seen]), numbers, len(labels), 300, 0.0005, ignore)
    for label, column in zip(labels, wanted.T, strict=True):
        found = np.concatenate([np.ravel(now["weights"][label][name]) for name in now["features"]])
        assert np.abs(found - column).max() < 1e-6
    return now


def test_a_feature_is_drawn_learned_and_used(page: Any) -> None:
    """A new feature silences the votes; Learn gives it weights, as the library does, and undo takes them back."""
    assert state(page)["practice"] == 300
    assert not page.locator("#offer").is_visible()
    press(page, "New feature")
    for row, column in [(0, 1), (1, 1), (2, 1)]:
        cell(page, "feature:new1", row, column).click()
        page.keyboard.type("1")
        page.keyboard.press("Enter")
    assert state(page)["verdict"] is None
    page.locator("#offer").wait_for()
    press(page, "Learn")
    now = learned_as_the_library(page)
    assert now["verdict"] == "X"
    assert np.abs(now["weights"]["X"]["new1"]).max() > 0.1
    assert "Learned from 240 pictures" in page.locator("#learn-note").text_content()
    page.locator("#offer").wait_for(state="hidden")
    press(page, "Undo")
    assert state(page)["verdict"] is None


def test_relu_and_other_layers_are_learned_too(page: Any) -> None:
    """ReLU is switched on, its cells are the maps' without what is negative; the votes are learned for it."""
    page.get_by_label("ReLU", exact=True).check()
    now = agrees(page)
    assert [layer["type"] for layer in now["layers"]] == ["relu", "pool", "pool"]
    assert texts(page, "relu1:diag")[:3] == ["+0.78", "0.00", "+0.11"]
    assert now["after"][0]["diag"] == np.maximum(now["maps"]["diag"], 0).tolist()
    page.evaluate("lesson.learn()")
    page.get_by_label("Stride", exact=True).select_option("1")
    page.evaluate("lesson.learn()")
    learned_as_the_library(page)
    cell(page, "relu1:diag", 0, 1).hover()
    assert "-0.11 is negative, so 0 is put in its place." in page.locator("#relu .work").text_content()
    link = page.url
    page.reload()
    assert page.url == link
    assert agrees(page)["layers"] == [{"type": "relu"}, *[{"type": "pool", "window": 2, "stride": 1}] * 2]
    page.get_by_label("ReLU", exact=True).uncheck()
    assert [layer["type"] for layer in agrees(page)["layers"]] == ["pool", "pool"]


def test_it_is_taught_and_shows_what_it_gets_wrong(page: Any) -> None:
    """A picture with a label is practised with; what the network gets wrong is marked, and a click takes it."""
    press(page, "Clear")
    cell(page, "image", 4, 4).click()
    drawn = image(page)
    press(page, "This is an O")
    assert state(page)["practice"] == 301
    first = page.locator("#practice .small").first
    first.get_by_text("O", exact=True).wait_for()
    wrong = page.locator("#practice .small.wrong")
    until(page, "document.querySelectorAll('#practice .small').length === 241")
    before = wrong.count()
    press(page, "Learn")
    learned_as_the_library(page)
    until(page, f"document.querySelectorAll('#practice .small.wrong').length < {before}")
    assert state(page)["verdict"] == "O"
    press(page, "Clear")
    first.click()
    assert np.array_equal(image(page), drawn)


def test_learning_is_shown_on_the_way(opened: Any) -> None:
    """Where motion is welcome the weights are shown as they are learned; the end is the same, and is undone as one."""
    page = opened(explain(X, ARTICLE), reduced_motion="no-preference")
    before = state(page)
    press(page, "Learn")
    page.locator("#learn-note:has-text('Step')").wait_for()
    page.locator("#learn-note:has-text('Learned')").wait_for()
    learned_as_the_library(page)
    press(page, "Undo")
    assert state(page) == before


def test_a_weight_is_changed_by_hand(page: Any) -> None:
    """A number typed on a vote's cell is its weight: the vote and the verdict follow, and a link keeps it."""
    cell(page, "votes:X:diag", 0, 0).click()
    page.keyboard.type("-3")
    page.keyboard.press("Enter")
    now = agrees(page)
    assert now["weights"]["X"]["diag"][0][0] == -3
    assert now["verdict"] == "O"
    assert page.evaluate("document.activeElement.dataset.grid") == "votes:X:diag"
    page.get_by_label("Weight", exact=True).fill("many")
    page.get_by_label("Weight", exact=True).press("Enter")
    assert "not a number" in page.locator("#weight-note").text_content()
    page.reload()
    assert state(page) == now


def test_right_and_wrong_over_all_shifts(page: Any) -> None:
    """For every shift by up to two cells, what naive matching and the network say; a click takes that picture."""
    until(page, "document.querySelector('#shift-place figcaption').textContent !== ''")
    said = page.locator("#shift-place figcaption").all_text_contents()
    wanted = []
    for name, saved in SAVED.items():
        right = [0, 0]
        for rows in range(-2, 3):
            for columns in range(-2, 3):
                moved = np.pad(saved.values, 2, constant_values=-1)[2 - rows : 11 - rows, 2 - columns : 11 - columns]
                agree = {other: np.count_nonzero(moved == one.values) for other, one in SAVED.items()}
                right[0] += max(agree, key=agree.__getitem__) == name
                right[1] += ARTICLE.classify(moved) == name
                ours = texts(page, f"shifted:{name}")[5 * (rows + 2) + columns + 2]
                assert (ours == "✓") == (ARTICLE.classify(moved) == name)
        wanted += [f"right in {number} of 25" for number in right]
    assert said == wanted
    cell(page, "shifted:O", 2, 0).click()
    assert np.array_equal(image(page)[:, :7], SAVED["O"].values[:, 2:])
    agrees(page)


def test_other_labels_are_taught(opened: Any) -> None:
    """A network of other labels learns from what it is taught; before there is a picture of each, it says so."""
    votes = {"T": ARTICLE.votes["X"], "L": ARTICLE.votes["O"]}
    network = Network("TL", 9, ARTICLE.layers, ("T", "L"), votes)
    page = opened(explain(X, network))
    press(page, "Learn")
    assert "no picture of T and L yet" in page.locator("#learn-note").text_content()
    press(page, "This is a T")
    press(page, "Mirror")
    press(page, "Shift left")
    press(page, "This is an L")
    press(page, "Learn")
    assert learned_as_the_library(page)["verdict"] == "L"
