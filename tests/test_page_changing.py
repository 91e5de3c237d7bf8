"""The network is changed in the page, and taken along: files and links hold what the page showed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_driver import ARTICLE, SAVED, X, agrees, cell, made_up, press, state

from xo_cnn.features import load_feature
from xo_cnn.formats.maps import read_grid
from xo_cnn.grid import Map
from xo_cnn.network import Network
from xo_cnn.walk.explaining import explain


def silent(page: Any) -> str:
    """Why the votes are silent, in the page's words."""
    now = state(page)
    assert now["verdict"] is None
    assert now["votes"] == {}
    text: str = page.locator("#silent").text_content()
    assert text.startswith("The votes are silent.")
    return text


def test_a_features_cells_take_three_values_and_any_number(page: Any) -> None:
    """A click goes from 1 to 0 to -1; a number is typed; what is none, or too large, is refused in words."""
    corner = cell(page, "feature:diag", 0, 0)
    for value in (0, -1, 1, 0):
        corner.click()
        assert state(page)["features"]["diag"][0][0] == value
    agrees(page)
    page.keyboard.type("-0.25")
    page.keyboard.press("Enter")
    assert state(page)["features"]["diag"][0][0] == -0.25
    assert page.evaluate("document.activeElement.dataset.grid") == "feature:diag"
    now = state(page)
    for wrong in ("3", "1e9", "-", "nonsense"):
        page.get_by_label("Number", exact=True).fill(wrong)
        page.get_by_label("Number", exact=True).press("Enter")
        assert "not a number from -1 to 1" in page.locator("#feature-note").text_content()
    assert state(page) == now
    press(page, "Undo")
    assert state(page)["features"]["diag"][0][0] == 0


def test_features_come_go_and_are_renamed(page: Any) -> None:
    """A new feature has a map but no votes yet; without it, or with another name, the votes are the library's again."""
    page.get_by_label("Size", exact=True).select_option("5×5")
    press(page, "New feature")
    cell(page, "feature:new1", 2, 2).click()
    cell(page, "feature:new1", 2, 2).click()
    now = agrees(page)
    assert np.shape(now["features"]["new1"]) == (5, 5)
    assert np.shape(now["maps"]["new1"]) == (5, 5)
    assert "new1 is new" in silent(page)
    assert "Learn them" in silent(page)
    press(page, "Remove feature")
    assert agrees(page)["verdict"] == "X"
    page.get_by_label("Feature", exact=True).select_option("cross")
    page.get_by_label("Name", exact=True).fill('<img src=x onerror="alert(1)">')
    press(page, "Rename")
    assert state(page)["verdict"] == "X"
    assert list(state(page)["maps"])[1] == '<img src=x onerror="alert(1)">'
    for wrong in ("", "a/b", "diag"):
        before = state(page)
        page.get_by_label("Name", exact=True).fill(wrong)
        press(page, "Rename")
        assert state(page) == before
        assert page.locator("#feature-note").text_content()
    for _ in range(3):
        press(page, "Remove feature")
    assert len(state(page)["features"]) == 1
    press(page, "The network's own features")
    assert list(agrees(page)["features"]) == ["diag", "cross", "anti"]


def test_a_feature_that_is_not_the_networks_is_brought_along(opened: Any) -> None:
    """The lesson's own feature stands beside the network's, is chosen, and goes as it would if made in the page."""
    corner = Map("diag", np.array([[1, 1], [1, -1]], dtype=np.int8))
    walk = explain(X, ARTICLE, feature=corner)
    page = opened(walk)
    now = agrees(page)
    assert list(now["features"]) == ["diag", "cross", "anti", "diag (yours)"]
    assert now["maps"]["diag (yours)"] == walk.stages[0].followed.values.tolist()
    row, column = walk.match.place
    assert page.locator("#map-work h3").text_content() == f"diag (yours) at row {row}, column {column}"
    assert "remove it" in silent(page)
    press(page, "Remove feature")
    assert agrees(page)["verdict"] == "X"
    press(page, "Reset")
    assert state(page) == now
    assert page.get_by_label("Name", exact=True).input_value() == "diag (yours)"
    press(page, "The network's own features")
    assert list(agrees(page)["features"]) == ["diag", "cross", "anti"]


def test_windows_strides_and_poolings(page: Any) -> None:
    """Every choice runs as in the library, or says which window does not fit."""
    fits = 0
    for poolings in "0123":
        page.get_by_label("Poolings", exact=True).select_option(poolings)
        for window in "23" if poolings != "0" else "":
            page.get_by_label("Window", exact=True).select_option(window)
            for stride in "123":
                page.get_by_label("Stride", exact=True).select_option(stride)
                now = agrees(page, shown=False)
                assert now["layers"] == [{"type": "pool", "window": int(window), "stride": int(stride)}] * int(poolings)
                if len(now["pooled"]) < int(poolings):
                    assert "does not fit into the map" in silent(page)
                fits += now["verdict"] is not None
    assert fits >= 1
    page.get_by_label("Stride", exact=True).press("Control+z")
    assert state(page)["layers"] != now["layers"]
    press(page, "The network's own layers")
    assert agrees(page)["verdict"] == "X"


def downloads(page: Any, button: str, folder: Path, number: int) -> list[str]:
    """The names of the files that a button saves, in a folder."""
    found: list[Any] = []

    def arrived(download: Any) -> bool:
        found.append(download)
        return len(found) == number

    with page.expect_event("download", arrived):
        press(page, button)
    for each in found:
        each.save_as(folder / each.suggested_filename)
    return sorted(each.suggested_filename for each in found)


def test_saved_files_are_what_the_command_line_reads(page: Any, tmp_path: Path) -> None:
    """Grid, feature and network, changed in the page, read back with the library to the same numbers and verdict."""
    cell(page, "image", 4, 4).click()
    cell(page, "feature:diag", 1, 1).click()
    page.keyboard.type("0.3")
    page.keyboard.press("Enter")
    now = agrees(page)
    assert downloads(page, "Save grid", tmp_path, 1) == ["grid.txt"]
    assert downloads(page, "Save feature", tmp_path, 1) == ["diag.txt"]
    names = ["anti.txt", "cross.txt", "diag.txt", "lesson.toml"]
    assert downloads(page, "Save network", tmp_path, 4) == names
    with open(tmp_path / "grid.txt", "rb") as stream:
        grid = read_grid(stream, "grid.txt")
    assert np.array_equal(grid.values, now["image"])
    assert np.allclose(load_feature(tmp_path / "diag.txt").values, now["features"]["diag"])
    verdict = Network.load(tmp_path / "lesson.toml").classify(grid)
    assert verdict == now["verdict"]
    assert verdict.votes == pytest.approx(now["votes"], abs=1e-6)


def test_a_network_with_odd_names_is_saved_too(opened: Any, tmp_path: Path) -> None:
    """Names that no file can have are mended, labels are kept; where weights are missing they are 0."""
    network = made_up(8)
    page = opened(explain(np.ones((12, 12), dtype=np.int8), network))
    now = state(page)
    downloads(page, "Save network", tmp_path, 5)
    saved = Network.load(tmp_path / "lesson.toml")
    assert saved.labels == network.labels
    assert saved.classify(np.ones((12, 12))).votes == pytest.approx(now["votes"], abs=1e-6)
    page.reload()  # Chromium lets a page save ten files before it asks
    press(page, "New feature")
    downloads(page, "Save network", tmp_path, 6)
    assert Network.load(tmp_path / "lesson.toml").classify(np.ones((12, 12))).votes == pytest.approx(
        now["votes"], abs=1e-6
    )


def test_a_copied_link_opens_the_same_lesson(page: Any, opened: Any) -> None:
    """Picture, features and layers are in the address; nonsense in it is refused in words."""
    press(page, "Shift right")
    cell(page, "feature:cross", 1, 1).click()
    press(page, "New feature")
    page.get_by_label("Name", exact=True).fill("50 % & <b>:é")
    press(page, "Rename")
    page.get_by_label("Stride", exact=True).select_option("1")
    first = page.url
    page.reload()
    assert page.url == first
    assert list(state(page)["features"])[-1] == "50 % & <b>:é"
    press(page, "Copy link")
    link = page.get_by_label("Link").input_value()
    assert link == page.url
    other = opened(explain(SAVED["O"], ARTICLE), hash=link[link.index("#") :])
    assert state(other) == state(page)
    agrees(other)
    now = state(other)
    for wrong in ("#image=x", "#feature=9:a:x", "#nonsense", "#layers=0-0", "#image=%", "#feature=new:a:2"):
        other.evaluate("hash => { location.hash = hash }", wrong)
        other.locator("#said:has-text('does not fit this page')").wait_for()
        assert state(other) == now
        press(other, "Shift right")
        press(other, "Undo")


RANDOM_ACTIONS = """([seed, number]) => {
    const roll = (below) => (seed = (seed * 48271) % 2147483647) % below;
    const pick = (list) => list[roll(list.length)];
    const named = (name) => [...document.querySelectorAll("button")].find((each) =>
        [...each.childNodes].filter((node) => !node.ariaHidden).map((node) => node.textContent).join("") === name);
    const labels = [...document.querySelectorAll("label")];
    const label = (name) => labels.find((each) => each.textContent.startsWith(name)).control;
    const choose = (name) => {
        const select = label(name);
        select.value = pick([...select.options]).value;
        select.dispatchEvent(new Event("change", {bubbles: true}));
    };
    const clicks = ["Shift left", "Shift right", "Shift up", "Shift down", "Turn", "Mirror", "Deform", "Negative",
        "Take the saved X", "Take the saved O", "Undo", "Undo", "Redo", "Reset", "New feature", "Remove feature",
        "Remove feature",
        "Step", "Back", "Whole map", "The network's own features", "The network's own layers"];
    for (let action = 0; action < number; action++) {
        const dice = roll(10);
        if (dice < 5) named(pick(clicks)).click();
        else if (dice < 6) choose(pick(["Poolings", "Window", "Stride", "Feature", "Size"]));
        else if (dice < 8) pick([...document.querySelectorAll("[data-grid='image']")]).click();
        else pick([...document.querySelectorAll("[data-grid^='feature:']")]).click();
    }
}"""


def test_after_a_thousand_random_actions_page_and_library_agree(page: Any) -> None:
    """Seeded clicks and choices of every kind, compared with the library every fifty."""
    verdicts = set()
    for seed in range(1, 21):
        page.evaluate(RANDOM_ACTIONS, [seed * 7919, 50])
        press(page, "Whole map")
        verdicts.add(agrees(page)["verdict"])
    assert verdicts == {"X", "O", None}
