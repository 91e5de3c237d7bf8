"""The reader: any source, one way, and every error carries the name of what it is about."""

from __future__ import annotations

import io
import os
import pickle
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import png
from PIL import Image

from xo_cnn import Map, load_image
from xo_cnn.errors import GridError, ImageError, OptionError, OutputError, ShapeError, XoCnnError
from xo_cnn.images.picture import Picture
from xo_cnn.images.reader import Reader

ROWS = [[-1, 1, 1], [1, -1, 1]]
CROSS = np.where(np.eye(9) + np.eye(9)[::-1] > 0, 1, -1).astype(np.int8)


@pytest.mark.parametrize("error", [XoCnnError, ImageError, OutputError, ShapeError])
def test_errors_keep_their_source_as_data(error: type[XoCnnError]) -> None:
    """Through a process too; a file called `a` is named although the message holds an a."""
    named = error("is flat").naming("a")
    assert (str(named), named.message, named.source) == ("a: is flat", "is flat", "a")
    assert str(named.naming("b")) == "a: is flat"
    copied = pickle.loads(pickle.dumps(named))
    assert (type(copied), str(copied), copied.source) == (error, "a: is flat", "a")


def test_no_error_is_its_own_cause(tmp_path: Path) -> None:
    """Pickling with causes, as Dask does once it is imported, would follow them without end."""
    (tmp_path / "broken.png").write_bytes(b"broken")
    with pytest.raises(ImageError) as caught:
        Reader().fitted(tmp_path / "broken.png", 16)
    met: list[BaseException | None] = [caught.value]
    while met[-1] is not None:
        met.append(met[-1].__cause__)
    assert len(set(map(id, met))) == len(met) > 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ink": "red"}, "ink is 'red'; use 'auto' or 'white' or 'black'"),
        ({"threshold": 300}, "threshold is 300; use a whole number from 0 to 255 or 'auto'"),
        ({"threshold": -1}, "threshold is -1"),
        ({"threshold": 12.5}, "threshold is 12.5"),
        ({"threshold": "128"}, "threshold is '128'"),
        ({"threshold": True}, "threshold is True"),
        ({"max_pixels": 0}, "max_pixels is 0; use a whole number of 1 or more"),
    ],
)
def test_options_outside_their_range_are_errors(options: dict[str, Any], message: str) -> None:
    """Not a verdict; and a ValueError for whoever catches that."""
    with pytest.raises(OptionError, match=message):
        Reader(**options)
    with pytest.raises(ValueError, match=message):
        load_image(np.zeros((2, 2), np.uint8), **options)


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    """The system's own words, and the path."""
    for path, reason in ((tmp_path / "none.png", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(ImageError, match=reason) as caught:
            Reader().read(path)
        assert caught.value.source == str(path)
    with pytest.raises(ImageError, match="null"):
        Reader().read("a\0b")


def test_every_error_names_its_source_once(tmp_path: Path) -> None:
    """Whether it comes from the decoder, the grid's format, the fit, or the whole picture."""
    files = {"a": b"", "b": b"words", "c": b"0 255\n", "d": b"1 1\n1\n", "e": png(np.ones((9, 9)))}
    for name, data in files.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(XoCnnError) as caught:
            Reader().fitted(path, 16)
        assert caught.value.source is not None
        assert str(caught.value).count(str(path)) == 1
        assert str(caught.value).startswith(str(path))
        with pytest.raises(XoCnnError) as caught, path.open("rb") as stream:
            Reader().fitted(stream, 16, "here")
        assert str(caught.value).startswith("here")
        assert str(caught.value).count("here") == 1


def test_an_open_text_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    """Pictures are bytes."""
    (tmp_path / "x.txt").write_text("1 -1\n")
    with (tmp_path / "x.txt").open() as stream, pytest.raises(ImageError, match="binary mode"):
        Reader().read(stream)  # type: ignore[arg-type]


def test_a_pipe_is_read_like_a_file() -> None:
    """It cannot go back."""
    read, write = os.pipe()

    def feed() -> None:
        with open(write, "wb") as stream:
            stream.write(png(ROWS))

    thread = threading.Thread(target=feed)
    thread.start()
    with open(read, "rb") as stream:
        assert Reader(ink="white").grid(stream).values.tolist() == ROWS
    thread.join()


def test_grey_keeps_the_levels() -> None:
    """0 is -1 and 255 is 1; black ink turns them round."""
    levels = np.array([[0, 51, 255]], dtype=np.uint8)
    assert Reader(ink="white").grid(levels, grey=True).values.tolist() == [[-1, np.float32(-0.6), 1]]
    assert Reader(ink="black").grid(levels, grey=True).values.tolist() == [[1, np.float32(0.6), -1]]


def test_ink_says_which_side_is_one() -> None:
    """White as in the text, black, or whichever is the ink."""
    cells = np.where(CROSS > 0, 0, 255).astype(np.uint8)
    white, black, auto = (Reader(ink=ink).grid(cells).values for ink in ("white", "black", "auto"))  # type: ignore[arg-type]
    assert white[4, 4] == -1
    assert (black == -white).all()
    assert (auto == black).all()


def test_a_grid_as_text_is_a_picture() -> None:
    """What grid writes can be read in place of the picture, at a threshold too."""
    read = Reader(ink="white")
    assert read.grid(io.BytesIO(b"-1 1 1\n1 -1 1\n")).values.tolist() == ROWS
    assert read.grid(io.BytesIO(b"-0.5 0.25\n")).values.tolist() == [[-1, 1]]
    assert read.grid(io.BytesIO(b"-0.5 0.25\n"), grey=True).values.tolist() == [[-0.5, 0.25]]
    assert Reader(200, "white").grid(io.BytesIO(b"-0.5 0.25 1\n")).values.tolist() == [[-1, -1, 1]]
    with pytest.raises(GridError, match="outside"):
        read.grid(io.BytesIO(b"0 255\n"))


def test_a_grid_of_the_side_is_taken_as_it_is() -> None:
    """Half a cell too; one of another size is fitted like a picture."""
    half = np.where(CROSS > 0, 0.5, -0.25).astype(np.float32)
    text = "\n".join(" ".join(map(str, row)) for row in half.tolist()).encode()
    for source in (Map("x", half), io.BytesIO(text)):
        fitted = Reader().fitted(source, 9)
        assert fitted.box is None
        assert fitted.grid.tolist() == half.tolist()
    assert (Reader(ink="black").fitted(Map("x", CROSS), 9).grid == -CROSS).all()
    assert (Reader(threshold=250).fitted(Map("x", half), 9).grid == -1).all()
    assert Reader().fitted(Map("x", CROSS), 16).box is not None
    with pytest.raises(GridError, match="0 and 1 alone"):
        Reader().fitted(io.BytesIO(b"0 1 0\n1 0 1\n0 1 0\n"), 3)


def test_without_the_fit_a_picture_of_the_side_is_one_pixel_per_cell() -> None:
    """White 1, as in the text; any other size is an error."""
    fitted = Reader(no_fit=True).fitted(io.BytesIO(png(CROSS)), 9)
    assert (fitted.grid == CROSS).all()
    assert fitted.box is None
    with pytest.raises(ShapeError, match="is 9x9; without the fit it must be 16x16"):
        Reader(no_fit=True).fitted(io.BytesIO(png(CROSS)), 16)


@pytest.mark.parametrize("side", [2, 0, 5000, 9.5])
def test_a_side_outside_the_range_is_an_error(side: Any) -> None:
    """From 3 to 4096 cells."""
    with pytest.raises(OptionError, match="fit is"):
        Reader().fitted(CROSS, side)


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        (np.array([[0, 255]]), "from 0 to 255; levels are uint8"),
        (np.array([[0.0, 255.0]]), "levels are uint8"),
        (np.array([[0.0, np.nan]]), "levels are uint8"),
        (np.array([[0, 1], [1, 0]]), "0 and 1 alone"),
        (np.array([[0.25, 0.5], [0.75, 1.0]]), "from 0 to 1 only"),
        (np.array([[True, False]]), "booleans"),
        (np.array([[0, 65535]], dtype=np.uint16), "levels are uint8"),
        (np.zeros((2, 2, 2), np.uint8), "has the shape"),
        (np.zeros((0, 2), np.uint8), "has the shape"),
        (np.zeros(3, np.uint8), "has the shape"),
        (Map("x", np.array([[0, 1]])), "0 and 1 alone"),
        (np.array([["a", "b"]]), "real numbers"),
        ({"a": 1}, "of the type dict; use a path"),
        (np.array([[None]]), "of the type ndarray"),
        ([[1, -1], [1]], "rows of one length"),
        (7, "of the type int"),
        (None, "of the type NoneType"),
    ],
)
def test_values_of_a_wrong_scale_are_errors(picture: Any, message: str) -> None:
    """One line that names the remedy; all are ValueErrors."""
    with pytest.raises(XoCnnError, match=message) as caught:
        Reader().read(picture)
    assert isinstance(caught.value, ValueError)
    assert str(caught.value).startswith("the picture: ")
    assert "\n" not in str(caught.value)


def test_python_pictures_are_those_of_files() -> None:
    """A Pillow image, levels in an array, with colours and opacity, and a Picture itself."""
    image = Image.open(io.BytesIO(png(ROWS)))
    levels = np.where(np.array(ROWS) > 0, 255, 0).astype(np.uint8)
    clear = np.dstack([np.zeros((2, 3, 3), np.uint8), 255 - levels])
    for source in (image, levels, np.dstack([levels] * 3), clear, Picture(levels), image.convert("RGBA")):
        assert Reader(ink="white").grid(source).values.tolist() == ROWS


def test_a_reader_goes_to_workers() -> None:
    """It is plain data."""
    reader = Reader(threshold=99, ink="black", max_pixels=5)
    assert pickle.loads(pickle.dumps(reader)) == reader
