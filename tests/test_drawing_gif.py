"""The sliding feature as a GIF: one palette, looped, and in each frame what the walk says."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from xo_cnn.drawing.walk_gif import MOST_FRAMES, _Scene, slide_gif
from xo_cnn.walk.walk import Walk, walk

from xo_cnn.grid import Map
from xo_cnn.matching import exemplars
from xo_cnn.network import Network, Pool, last_shapes


@pytest.fixture(scope="module")
def told() -> Walk:
    """The text's own walk."""
    return walk(Network.load("article"), exemplars(9)["X"])


def test_it_is_small_looped_and_the_same_each_time(told: Walk) -> None:
    """The file repeats for ever, is of a size for a page, and has the same bytes each time."""
    data = slide_gif(told)
    assert data == slide_gif(told)
    assert len(data) < 200_000
    assert Image.open(io.BytesIO(data)).info["loop"] == 0


def test_every_frame_is_what_was_drawn(told: Walk) -> None:
    """Read back, each frame is the drawn one with its time: 49 positions, a rest, 16 windows, a rest."""
    image = Image.open(io.BytesIO(slide_gif(told)))
    assert image.n_frames == 49 + 1 + 16 + 1
    for number, (frame, milliseconds) in enumerate(_Scene(told).frames()):
        image.seek(number)
        assert image.info["duration"] == milliseconds
        assert np.array_equal(np.asarray(image.convert("RGB")), np.asarray(frame.convert("RGB")))


def test_there_is_one_palette(told: Walk) -> None:
    """No frame brings a palette of its own."""
    data = slide_gif(told)
    assert data[10] & 0x80
    at = 13 + 768
    frames = 0
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            assert not data[at + 9] & 0x80
            frames += 1
            at += 11
        else:
            at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    assert frames == 67
    assert at == len(data) - 1


def test_a_large_map_does_not_make_a_long_film() -> None:
    """Of many positions several go by in a frame, and a network without pooling ends with the full map."""
    features = (Map("\x1bключ", np.ones((3, 3), dtype=np.int8)),)
    votes = {label: tuple(np.ones(shape) for shape in last_shapes(60, features, ())) for label in "XO"}
    told = walk(Network("n", 60, features, (), ("X", "O"), votes), exemplars(60)["X"])
    image = Image.open(io.BytesIO(slide_gif(told)))
    assert image.n_frames <= MOST_FRAMES + 1


def test_odd_layers_are_drawn_too() -> None:
    """Windows that hang over the edge, and features that are not square, are drawn where they lie."""
    features = (Map("flat", np.ones((1, 4), dtype=np.int8)),)
    layers = (Pool(3, 2),)
    votes = {label: tuple(np.ones(shape) for shape in last_shapes(8, features, layers)) for label in "XO"}
    told = walk(Network("n", 8, features, layers, ("X", "O"), votes), exemplars(8)["O"])
    assert Image.open(io.BytesIO(slide_gif(told))).n_frames == 8 * 5 + 1 + 4 * 2 + 1
