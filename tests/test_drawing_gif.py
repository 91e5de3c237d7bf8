"""The walk as a GIF: looped, in one set of colours, and in each frame what its slide says."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from xo_cnn.drawing.gif import COLOURS, slides_gif
from xo_cnn.drawing.palette import ACCENT, colour
from xo_cnn.grid import Map
from xo_cnn.matching import exemplars
from xo_cnn.network import Network, Pool, last_shapes
from xo_cnn.walk.explaining import explain
from xo_cnn.walk.numbers import Walk
from xo_cnn.walk.slides import MOST, slides


@pytest.fixture(scope="module")
def walk() -> Walk:
    """The text's own walk."""
    return explain(exemplars(9)["X"], "article")


def test_it_is_small_looped_and_the_same_each_time(walk: Walk) -> None:
    """The file repeats for ever, is of a size for a page, and has the same bytes each time."""
    data = slides_gif(slides(walk))
    assert data == slides_gif(slides(walk))
    assert len(data) < 400_000
    assert Image.open(io.BytesIO(data)).info["loop"] == 0


def test_there_is_a_frame_for_each_slide(walk: Walk) -> None:
    """Read back, each slide has its time: 49 positions, a rest, 16 windows, a rest."""
    image = Image.open(io.BytesIO(slides_gif(slides(walk))))
    shown = list(slides(walk))
    assert image.n_frames == len(shown) == 49 + 1 + 16 + 1
    for number, slide in enumerate(shown):
        image.seek(number)
        assert image.info["duration"] == slide.stays


def test_frames_hold_the_cells_in_their_colours(walk: Walk) -> None:
    """The full map has the colours of its numbers; while it fills, what is worked out is marked."""
    image = Image.open(io.BytesIO(slides_gif(slides(walk))))
    image.seek(49)
    full = np.asarray(image.convert("RGB")).reshape(-1, 3)
    for value in np.unique(walk.trail[0].values).tolist():
        nearest = COLOURS[((COLOURS.astype(int) - colour(value)) ** 2).sum(axis=1).argmin()]
        assert (full == nearest).all(axis=1).any()
    assert not (full == ACCENT).all(axis=1).any()
    image.seek(20)
    assert (np.asarray(image.convert("RGB")).reshape(-1, 3) == ACCENT).all(axis=1).any()


def test_a_large_map_does_not_make_a_long_film() -> None:
    """Of many positions several go by in a frame, and a network without pooling ends with the full map."""
    features = (Map("\x1bключ", np.ones((3, 3), dtype=np.int8)),)
    votes = {label: tuple(np.ones(shape) for shape in last_shapes(60, features, ())) for label in "XO"}
    walk = explain(exemplars(60)["X"], Network("n", 60, features, (), ("X", "O"), votes))
    image = Image.open(io.BytesIO(slides_gif(slides(walk))))
    assert image.n_frames <= MOST + 1


def test_odd_layers_are_drawn_too() -> None:
    """Windows that hang over the edge, and features that are not square, are drawn where they lie."""
    features = (Map("flat", np.ones((1, 4), dtype=np.int8)),)
    layers = (Pool(3, 2),)
    votes = {label: tuple(np.ones(shape) for shape in last_shapes(8, features, layers)) for label in "XO"}
    walk = explain(exemplars(8)["O"], Network("n", 8, features, layers, ("X", "O"), votes))
    assert Image.open(io.BytesIO(slides_gif(slides(walk)))).n_frames == 8 * 5 + 1 + 4 * 2 + 1
