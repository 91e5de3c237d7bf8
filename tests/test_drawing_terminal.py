"""Drawings on the terminal: every number readable without colour, at any width, whatever a map is called."""

from __future__ import annotations

import io
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from xo_cnn.drawing.palette import PALETTES
from xo_cnn.drawing.terminal import console, draw_maps, draw_verdict
from xo_cnn.features import convolve
from xo_cnn.grid import Map, to_levels
from xo_cnn.matching import exemplars
from xo_cnn.network import Network
from xo_cnn.voting import Verdict

X = exemplars(9)["X"]
ARTICLE = Network.load("article")
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def drawn(*maps: Map, width: int = 80, colour: bool = False) -> str:
    """What `draw_maps` writes on a console of a width."""
    stream = io.StringIO()
    colours: Any = "truecolor" if colour else None
    window = Console(
        file=stream, width=width, height=40, color_system=colours, force_terminal=colour, markup=False, highlight=False
    )
    draw_maps(maps, window)
    return stream.getvalue()


class Terminal(io.StringIO):
    """A file that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_grid_shows_its_1_and_minus_1() -> None:
    """A ±1 grid is drawn with the number of each cell, its name and its size."""
    lines = drawn(X).splitlines()
    assert lines[0] == "X 9×9"
    assert [line.split() for line in lines[1:10]] == [[str(cell) for cell in row] for row in X.sums.tolist()]
    assert "1 is white, -1 is black." in lines


def test_a_map_shows_signed_numbers() -> None:
    """A map is drawn with signs and two decimals: the text's 0.77 is 0.78 here."""
    lines = drawn(convolve(X, ARTICLE.features[0])).splitlines()
    assert lines[0] == "diag 7×7"
    assert lines[1].split() == ["+0.78", "-0.11", "+0.11", "+0.33", "+0.56", "-0.11", "+0.33"]
    assert "1 is a perfect match, 0 no match, -1 the negative." in lines


def test_drawings_stand_side_by_side_where_they_fit() -> None:
    """Three 7×7 maps take one row of a wide window, and are stacked in a narrow one, in fewer digits."""
    maps = convolve(X, list(ARTICLE.features))
    assert drawn(*maps, width=200).splitlines()[0].split() == ["diag", "7×7", "cross", "7×7", "anti", "7×7"]
    narrow = drawn(*maps, width=40)
    assert [line for line in narrow.splitlines() if "7×7" in line] == ["diag 7×7", "cross 7×7", "anti 7×7"]
    assert narrow.splitlines()[1].split() == ["+.78", "-.11", "+.11", "+.33", "+.56", "-.11", "+.33"]


@given(
    rows=st.integers(1, 70),
    columns=st.integers(1, 120),
    width=st.integers(12, 130),
    cells=st.sampled_from([1, 9]),
    colour=st.booleans(),
    name=st.text(max_size=40),
)
@settings(max_examples=60)
def test_no_line_is_wider_than_the_window(
    rows: int, columns: int, width: int, cells: int, colour: bool, name: str
) -> None:
    """Whatever the map, its name and the window, lines fit, and nothing but colours is an escape sequence."""
    one = Map(name, np.resize(np.arange(-9, 10, dtype=np.int8) % 3 - 1, (rows, columns)), cells)
    text = ESCAPES.sub("", drawn(one, width=width, colour=colour))
    assert all(cell_len(line) <= width for line in text.split("\n"))
    assert all(c.isprintable() or c == "\n" for c in text)


def test_a_large_map_is_shrunk_and_says_so() -> None:
    """Eight megapixels are shown at the scale that fits the window."""
    large = Map("photo", np.ones((2446, 3262), dtype=np.int8), 9)
    lines = drawn(large, width=102).splitlines()
    assert lines[0] == "photo 2446×3262 shown at 1/35"
    assert {len(line) for line in lines[1:35]} == {94}
    assert "Without colour, from -1 to 1: | .:-=+*#%@|" in lines


def test_means_are_what_a_shrunken_map_shows() -> None:
    """Without colour a character's weight follows the mean of its cells, from blank for -1 to full for 1."""
    ramp = np.repeat(np.linspace(-1, 1, 100)[np.newaxis], 100, axis=0)
    line = drawn(Map("ramp", ramp), width=10).splitlines()[2]
    assert line == " .:-=+*#%@"


def test_blocks_hold_two_cells_each() -> None:
    """With colour, the upper half of a character is one cell and the lower half the cell below."""
    image = np.where(np.arange(60)[:, np.newaxis] % 2 == 0, 1, -1) * np.ones((1, 50), dtype=np.int8)
    text = drawn(Map("stripes", image), width=50, colour=True)
    assert "\x1b[38;2;255;255;255;48;2;0;0;0m" + "▀" * 50 in text


def test_a_small_picture_has_square_cells() -> None:
    """Levels of light are drawn as a picture: two characters a cell where there is room, no numbers."""
    levels = np.tile(np.array([-1.0, 0.5], dtype=np.float32), (20, 10))
    stream = io.StringIO()
    colours: Any = "truecolor"
    window = Console(file=stream, width=80, height=40, color_system=colours, force_terminal=True, highlight=False)
    draw_maps([Map("grey", levels)], window, "grey")
    drawn_lines = stream.getvalue().splitlines()
    assert ESCAPES.sub("", drawn_lines[0]) == "grey 20×20"
    assert drawn_lines[1].startswith(
        "\x1b[38;2;0;0;0;48;2;0;0;0m▀▀\x1b[0m\x1b[38;2;191;191;191;48;2;191;191;191m▀▀\x1b"
    )
    assert cell_len(ESCAPES.sub("", drawn_lines[1])) == 40
    assert "-1 is black, 0 mid-grey, 1 white." in ESCAPES.sub("", drawn_lines[-1])


@pytest.mark.parametrize("size", [(64, 64), (300, 40), (10, 200)])
def test_a_picture_fits_the_window(size: tuple[int, int]) -> None:
    """A larger picture is shrunk to the window's columns and lines."""
    stream = io.StringIO()
    draw_maps([Map("", np.zeros(size))], Console(file=stream, width=80, height=24, color_system=None), "grey")
    lines = stream.getvalue().splitlines()
    assert len(lines) <= 24
    assert max(map(cell_len, lines)) <= 80


def test_names_are_harmless() -> None:
    """Control characters and Rich markup in a name are written out, not obeyed."""
    text = drawn(Map("\x1b[2J[red]a\nb", np.array([[0.5]])), colour=True)
    assert "\\x1b[2J[red]a\\nb 1×1" in ESCAPES.sub("", text)


@pytest.mark.parametrize(
    ("variables", "terminal", "coloured"),
    [
        ({"TERM": "xterm-256color"}, True, True),
        ({"TERM": "xterm-256color"}, False, False),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "xterm-256color", "FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_colour_follows_the_environment(
    variables: dict[str, str], terminal: bool, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_COLOR, FORCE_COLOR, TERM=dumb and the want of a terminal say whether there is colour."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM", "COLORTERM", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    file = Terminal() if terminal else io.StringIO()
    draw_maps([X], console(file))
    assert ("\x1b[" in file.getvalue()) == coloured


def test_without_a_window_there_are_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe has 80 columns wherever it comes from, unless COLUMNS says otherwise."""
    monkeypatch.delenv("COLUMNS", raising=False)
    assert console(io.StringIO()).width == 80
    monkeypatch.setenv("COLUMNS", "40")
    assert console(io.StringIO()).width == 40


@pytest.mark.parametrize("columns", ["0", "-7", "wide", " ", "1", "٣", "9" * 5000])
def test_any_width_from_outside_gives_a_drawing(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """COLUMNS and LINES may say anything: what is no sensible size is left out or limited."""
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("LINES", columns)
    for file in (Terminal(), io.StringIO()):
        window = console(file)
        assert 1 <= window.width <= 1000
        draw_maps([X], window)
        draw_verdict(Verdict({"X": 1.0, "O": 0.5}), window)
        assert file.getvalue()


def test_an_encoding_without_blocks_is_no_error() -> None:
    """Where a file's encoding lacks × or bars, a ? stands for each, and every number is there."""
    data = io.BytesIO()
    file = io.TextIOWrapper(data, encoding="ascii")
    draw_maps([X], console(file))
    draw_verdict(Verdict({"X": 1.0, "O": 0.5}), console(file))
    file.flush()
    assert b"X 9?9" in data.getvalue()
    assert b"X +1.000 ?????" in data.getvalue()


def test_a_verdict_shows_bars_and_numbers() -> None:
    """Votes are bars to the right of a common line, or to its left where they speak against."""
    stream = io.StringIO()
    draw_verdict(Verdict({"X": 3.0, "O": -1.5}), Console(file=stream, width=60, color_system=None))
    first, for_it, against = stream.getvalue().splitlines()
    assert first == "X"
    assert for_it.startswith("X +3.000 ")
    assert for_it.endswith("← most votes")
    assert for_it.count("█") // 2 == against.count("█") > 0
    assert for_it.index("│") == against.index("│") == against.rindex("█") + 1


def test_features_are_drawn_in_signs() -> None:
    """Every feature has its name, its size and a drawing, also without colour; one of other numbers has those."""
    stream = io.StringIO()
    half = Map("half", np.array([[0.5]]))
    draw_maps([*ARTICLE.features, half], Console(file=stream, width=80, color_system=None), in_signs=True)
    assert stream.getvalue().splitlines() == [
        "diag 3×3   cross 3×3   anti 3×3   half 1×1",
        " # . .      # . #       . . #      +0.50",
        " . # .      . # .       . # .",
        " . . #      # . #       # . .",
        "",
        "# is 1 (white), . is -1 (black).",
        "1 is a perfect match, 0 no match, -1 the negative.",
    ]


def test_palettes_run_from_minus_1_to_1() -> None:
    """Both palettes have 256 colours; grey is the levels of light, and 0 is white in the other."""
    assert {name: table.shape for name, table in PALETTES.items()} == {"grey": (256, 3), "diverging": (256, 3)}
    assert np.array_equal(PALETTES["grey"][:, 0], np.arange(256))
    assert PALETTES["diverging"][to_levels(np.array(0.0))].tolist() == [255, 255, 255]
    light = PALETTES["diverging"].astype(int).sum(axis=1)
    assert (np.diff(light[:128]) >= 0).all()
    assert (np.diff(light[128:]) <= 0).all()
