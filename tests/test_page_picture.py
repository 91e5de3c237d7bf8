"""A picture of one's own is read in the page as classify reads it, and the page opens what it saves."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_driver import ARTICLE, SAVED, X, agrees, cell, image, press, state, until
from PIL import Image, ImageDraw

from xo_cnn.letters.samples import draw
from xo_cnn.matching import exemplars
from xo_cnn.network import Network
from xo_cnn.walk.explaining import explain

XO = Network.load("xo")


def png(picture: Any) -> bytes:
    """A picture, or an array of levels, as PNG."""
    stream = io.BytesIO()
    (picture if isinstance(picture, Image.Image) else Image.fromarray(picture)).save(stream, "PNG")
    return stream.getvalue()


def picture(grid: Any, scale: int, dark: int, bright: int, noise: int = 0) -> bytes:
    """A PNG of a grid, each cell a square, in two levels and some noise."""
    levels = np.kron(np.where(grid > 0, bright, dark), np.ones((scale, scale)))
    levels += np.random.default_rng(4).integers(-noise, noise + 1, levels.shape)
    return png(levels.clip(0, 255).astype(np.uint8))


def choose(page: Any, *files: tuple[str, bytes]) -> str:
    """Choose files, and return what the page says of them."""
    note = page.locator("#picture-note")
    note.evaluate("note => { note.textContent = '' }")
    given = [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files]
    page.locator("input[type=file]").set_input_files(given)
    page.locator("#picture-note:not(:empty)").wait_for()
    text: str = note.text_content()
    return text


def test_a_picture_is_chosen_dropped_or_pasted(page: Any) -> None:
    """White on black or black on white, of any size, it becomes the grid; what is no picture is refused in words."""
    for scale, dark, bright, noise in [(1, 0, 255, 0), (5, 255, 0, 0), (13, 90, 160, 10)]:
        press(page, "Clear")
        file = "o.png", picture(SAVED["O"].values, scale, dark, bright, noise)
        assert "as xo-cnn classify does it" in choose(page, file)
        assert np.array_equal(image(page), SAVED["O"].values)
    agrees(page)
    assert "one level of grey" in choose(page, ("flat.png", picture(X, 3, 50, 50)))
    assert choose(page, ("letter.bin", b"nonsense")).startswith("letter.bin is not a picture")
    assert np.array_equal(image(page), SAVED["O"].values)
    for kind, holder in (("drop", "dataTransfer"), ("paste", "clipboardData")):
        press(page, "Clear")
        page.evaluate(
            """([kind, holder, bytes]) => {
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array(bytes)], "letter.png", {type: "image/png"}));
                const event = kind === "drop" ? new DragEvent(kind, {dataTransfer: data, bubbles: true})
                    : new ClipboardEvent(kind, {clipboardData: data, bubbles: true});
                document.body.dispatchEvent(event);
            }""",
            [kind, holder, list(picture(X, 5, 0, 255))],
        )
        page.locator("#said:has-text('Took letter.png')").wait_for()
        assert np.array_equal(image(page), X)


def test_shadows_margins_and_transparency(opened: Any) -> None:
    """A small letter off the middle under the edge of a shadow, light ink on dark, white ink on clear: all are read."""
    page = opened(explain(exemplars(XO.side)["X"], XO))
    for number, label in enumerate("XOXO"):
        levels = np.full((200, 260), 235.0)
        levels[40:136, 130:226] = np.minimum(235, draw(label, seed=number, size=96, thickness=0.1)[:96, :96])
        shaded = levels * np.where(np.add.outer(np.arange(200), np.arange(260)) > 240, 0.45, 1)
        choose(page, ("photo.png", png(shaded.astype(np.uint8))))
        assert state(page)["verdict"] == label
        choose(page, ("dark.png", png((255 - levels).astype(np.uint8))))
        assert state(page)["verdict"] == label
    ink = Image.new("LA", (80, 80), (255, 0))
    ImageDraw.Draw(ink).ellipse((22, 14, 62, 66), outline=(255, 255), width=7)
    choose(page, ("clear.png", png(ink)))
    assert state(page)["verdict"] == "O"


def test_the_threshold_and_the_frame(page: Any) -> None:
    """Where two letters stand side by side the frame chooses; the threshold decides what is ink."""
    both = np.hstack([picture_levels("X", 30), picture_levels("O", 90)])
    choose(page, ("both.png", png(both)))
    first = image(page)
    frame = page.get_by_role("group", name="Frame: ")
    page.get_by_role("button", name="The whole picture").click()
    frame.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    assert not np.array_equal(image(page), first)
    press(page, "Undo")
    box = page.locator("#photo-picture").bounding_box()
    threshold = page.get_by_label("Threshold", exact=True)
    threshold.fill("90")
    until(page, "document.querySelector('#picture-note').textContent !== ''")
    assert box["width"] > 100
    assert page.locator("#frame").is_visible()


def picture_levels(label: str, dark: int) -> Any:
    """A letter in dark ink on white, 120 pixels a side."""
    return np.maximum(draw(label, seed=3, size=120, shrink=0.3), dark).astype(np.uint8)


def test_it_opens_what_it_saves(page: Any, opened: Any, tmp_path: Path) -> None:
    """A grid, a feature and a network with its features: saved, opened in another page, the same lesson."""
    cell(page, "image", 4, 4).click()
    press(page, "New feature")
    page.get_by_label("ReLU", exact=True).check()
    press(page, "Learn")
    now = agrees(page)
    files: dict[str, bytes] = {}
    found: list[Any] = []

    def arrived(download: Any) -> bool:
        found.append(download)
        return len(found) == 5

    with page.expect_event("download", arrived):
        press(page, "Save network")
    with page.expect_download() as grid:
        press(page, "Save grid")
    for each in [*found, grid.value]:
        each.save_as(tmp_path / each.suggested_filename)
        files[each.suggested_filename] = (tmp_path / each.suggested_filename).read_bytes()
    other = opened(explain(SAVED["O"], ARTICLE))
    assert choose(other, ("grid.txt", files["grid.txt"])) == "grid.txt is the picture now."
    assert "Choose new1.txt together" in choose(other, ("lesson.toml", files["lesson.toml"]))
    choose(other, ("new1.txt", files["new1.txt"]))
    assert list(state(other)["features"])[-1] == "new1"
    assert "4 features and 3 layers" in choose(other, *[item for item in files.items() if item[0] != "grid.txt"])
    opened_now = agrees(other)
    assert {key: opened_now[key] for key in ("image", "features", "layers", "verdict")} == {
        key: now[key] for key in ("image", "features", "layers", "verdict")
    }
    assert Network.load(tmp_path / "lesson.toml").classify(np.array(now["image"])).votes == pytest.approx(
        opened_now["votes"], abs=1e-6
    )
    assert "not a network file" in choose(other, ("bad.toml", b"= nonsense"))
    assert "is for 16" in choose(other, ("xo.toml", (Path(XO.files[0])).read_bytes()))
