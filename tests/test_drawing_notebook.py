"""What a notebook shows: figures of maps, verdicts, networks and walks; and the lesson, run from top to bottom."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from conftest import ROOT

from xo_cnn import Map, Network, Verdict, explain
from xo_cnn.matching import exemplars

LESSON = ROOT / "docs" / "lesson.ipynb"
SVG = "{http://www.w3.org/2000/svg}"


def shown(thing: Any) -> ElementTree.Element:
    """The figure that a notebook gets."""
    return ElementTree.fromstring(thing._repr_html_())


def words(thing: Any) -> list[str]:
    """The words and numbers in it."""
    return [element.text or "" for element in shown(thing).iter(SVG + "text")]


def test_a_map_shows_its_numbers() -> None:
    """A map is a figure with its name, its size and every number."""
    assert words(Map("ninths", np.array([[7, -1]], dtype=np.int8), 9))[:3] == ["ninths 1×2", "+0.78", "-0.11"]


def test_a_large_map_is_small_in_a_notebook() -> None:
    """Of eight megapixels a picture of no more than 512 a side is shown."""
    html = Map("photo", np.ones((2446, 3262), dtype=np.int8), 9)._repr_html_()
    assert "shown at 1/7" in html
    assert len(html) < 100_000


def test_a_verdict_shows_its_votes() -> None:
    """Each label has its bar and its number."""
    assert words(Verdict({"X": 1.0, "O": -0.5})) == ["X", "+1.000", "O", "-0.500"]


def test_a_network_shows_its_features_and_weights() -> None:
    """What it looks for, and what each cell's vote weighs."""
    found = words(Network.load("article"))
    assert {"diag 3×3", "cross for X", "anti for O", "+0.200", "+0.250"} <= set(found)


def test_a_walk_shows_its_chapters() -> None:
    """The walk says which network it goes through, and ends with the verdict."""
    walk = explain(exemplars(9)["X"], "article", name="x.png")
    assert repr(walk) == "Walk('x.png', article: X)"
    found = words(walk)
    assert found[0].startswith("The network article looks at")
    assert "The verdict: X" in found


@pytest.mark.parametrize("name", ["</svg><script>alert(1)</script>", "a\x1b[2J&<b>"])
def test_names_are_harmless(name: str) -> None:
    """Whatever a map is called, it adds no element to the notebook."""
    root = shown(Map(name, np.eye(2)))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "title", "rect", "g", "text"}


def test_figures_take_the_width_of_their_place() -> None:
    """They have a viewBox and no fixed size, and a ground of their own, so that they are legible in the dark too."""
    for thing in (Map("eye", np.eye(3)), Verdict({"X": 1.0, "O": 0.0}), Network.load("article")):
        root = shown(thing)
        assert root.get("viewBox")
        assert "width" not in root.attrib
        assert next(root.iter(SVG + "rect")).get("fill") == "#fff"


# The client of a notebook's kernel warns of its own asynchronous ways, which are none of ours.
@pytest.mark.filterwarnings("ignore")
def test_the_lesson_runs_from_top_to_bottom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebook for teachers runs, shows a figure at each step, and comes to its verdict."""
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    monkeypatch.setenv("PYTHONPATH", path)
    for variable in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    notebook = nbformat.read(LESSON, as_version=4)
    nbformat.validate(notebook)
    nbclient.NotebookClient(
        notebook, kernel_name="python3", timeout=300, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    figures = [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    assert len(figures) == sum(cell.cell_type == "code" for cell in notebook.cells)
    assert all(figure.startswith("<svg") for figure in figures)
    printed = "".join(output.text for output in outputs if output.output_type == "stream")
    assert printed.splitlines() == [
        "81 of 81 cells agree with the letter itself,",
        "55 of 81 with the same letter one cell further right.",
        "True",
        "X",
    ]


def test_the_lesson_is_stored_clean() -> None:
    """It holds no output and no counter, nothing of the machine it was written on, and is small."""
    text = LESSON.read_text()
    assert len(text) < 20_000
    notebook = json.loads(text)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
    assert notebook["metadata"].keys() == {"kernelspec", "language_info"}
    assert str(ROOT) not in text
    assert str(Path.home()) not in text
