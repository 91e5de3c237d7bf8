"""What the tests of the page share: opening it, finding things in it, and asking the library for the same numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from xo_cnn.convolution import Convolve
from xo_cnn.features import convolve
from xo_cnn.grid import Map
from xo_cnn.layers import last_shape
from xo_cnn.matching import exemplars
from xo_cnn.network import Network
from xo_cnn.pooling import Pool, max_pool
from xo_cnn.rectification import relu
from xo_cnn.voting import count_votes
from xo_cnn.words import short, signed

ARTICLE = Network.load("article")
SAVED = exemplars(9)
X = SAVED["X"].values


def cell(page: Any, grid: str, row: int, column: int) -> Any:
    """A cell of one of the page's grids."""
    return page.locator(f"[data-grid={_quoted(grid)}][data-row='{row}'][data-column='{column}']")


def texts(page: Any, grid: str) -> list[str]:
    """What stands in a grid's cells, row by row."""
    found: list[str] = page.locator(f"[data-grid={_quoted(grid)}]").all_text_contents()
    return found


def press(page: Any, name: str) -> None:
    """Click a button by the name that people read."""
    page.get_by_role("button", name=name, exact=True).click()


def until(page: Any, truth: str) -> None:
    """Wait until an expression is true: asked from outside, for the page's policy lets no string be run in it."""
    for _ in range(250):
        if page.evaluate(truth):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"not within five seconds: {truth}")


def state(page: Any) -> Any:
    """The page's state as plain values."""
    return json.loads(page.evaluate("JSON.stringify(lesson.state())"))


def image(page: Any) -> Any:
    """The picture in the page."""
    return np.array(state(page)["image"])


# The state, and what stands in the cells of every grid.
EVERYTHING = """JSON.stringify([lesson.state(), [...document.querySelectorAll("[data-grid]")].reduce((grids, cell) => {
    (grids[cell.dataset.grid] ??= []).push(cell.textContent);
    return grids;
}, {})])"""


def agrees(page: Any, shown: bool = True) -> Any:
    """Compare the page's state and the numbers shown with what the library makes of the same; return the state."""
    now, written = json.loads(page.evaluate(EVERYTHING))
    features = [Map(name, _plainest(rows)) for name, rows in now["features"].items()]
    names, stages = ["map"], [convolve(_plainest(now["image"]), features)]
    for layer, _ in zip(now["layers"], now["after"], strict=False):
        kind, more = ("pooled", _pooled) if layer["type"] == "pool" else ("relu", _rectified)
        names.append(kind + str(1 + sum(name.startswith(kind) for name in names)))
        stages.append(more(stages[-1], layer))
    for name, found, wanted in zip(names, [now["maps"], *now["after"]], stages, strict=True):
        assert list(found) == [one.name for one in wanted]
        for one in wanted:
            assert np.array_equal(np.array(found[one.name]), one.values)
            if shown:
                spell = signed if one.shape[1] <= 8 else short
                assert written[f"{name}:{one.name}"] == [spell(value) for value in one.values.ravel().tolist()]
    assert now["pooled"] == [
        maps for maps, layer in zip(now["after"], now["layers"], strict=False) if "window" in layer
    ]
    if now["verdict"] is None:
        assert now["votes"] == {}
        return now
    weights = {
        label: tuple(np.array(grids[name]) for name in now["features"]) for label, grids in now["weights"].items()
    }
    verdict = count_votes(stages[-1], weights)
    assert now["verdict"] == verdict, (now["votes"], verdict.votes)
    assert list(now["votes"]) == list(verdict.votes)
    for label, votes in verdict.votes.items():
        assert abs(now["votes"][label] - votes) < 1e-6
    return now


def _pooled(maps: list[Map], layer: dict[str, Any]) -> list[Map]:
    return max_pool(maps, layer["window"], layer["stride"])


def _rectified(maps: list[Map], layer: dict[str, Any]) -> list[Map]:
    return relu(maps)


def made_up(seed: int, grid: int = 12, layers: Sequence[Pool] = (Pool(3, 2), Pool(2, 2))) -> Network:
    """A network with features of several sizes, three labels and names that try to break out of the page."""
    dice = np.random.default_rng(seed)
    names = ['<b>"one"</b>', "deux", "три", "__proto__"]
    features = tuple(
        Map(name, dice.choice([-1, 1], shape).astype(np.int8))
        for name, shape in zip(names, [(3, 3), (2, 4), (5, 5), (1, 1)], strict=True)
    )
    first = Convolve(features)
    shapes = [last_shape((grid, grid), feature, [first, *layers]) for feature in features]
    labels = ("Ключ", "</script><img src=x onerror=alert(1)>", "O")
    votes = {label: tuple(dice.standard_normal(shape).round(3) for shape in shapes) for label in labels}
    return Network("made up", grid, (first, *layers), labels, votes)


def _plainest(rows: Any) -> Any:
    values = np.array(rows)
    whole = values.astype(np.int8)
    return whole if (whole == values).all() else values


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
