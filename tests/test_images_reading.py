"""Images: whatever Pillow reads becomes levels of light, and the levels a ±1 grid."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import png
from PIL import Image

from xo_cnn import load_image
from xo_cnn.errors import GridError, ImageError
from xo_cnn.images.reading import as_grid, read_image, to_levels

ROWS = [[-1, 1, 1], [1, -1, 1]]


def saved(image: Image.Image, form: str = "PNG", **options: Any) -> io.BytesIO:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    stream.seek(0)
    return stream


def picture(rows: Any = ROWS) -> Image.Image:
    return Image.fromarray(np.where(np.array(rows) > 0, 255, 0).astype(np.uint8))


def test_the_pictures_of_the_text_are_read_cell_by_cell(article: dict[str, Any], samples: Path) -> None:
    """The sample images are the text's grids, a pixel a cell."""
    for name, file in (("X", "x"), ("O", "o"), ("X_deformed", "x_deformed")):
        grid = load_image(samples / f"{file}.png")
        assert grid.name == file
        assert grid.sums.dtype == np.int8
        assert grid.sums.tolist() == article[name]


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F", "HSV", "LAB"])
def test_every_mode_gives_the_same_grid(mode: str) -> None:
    """One bit, grey, palette, alpha, colour, sixteen bits: black stays -1 and white 1."""
    if mode in ("I;16", "I"):
        levels = np.where(np.array(ROWS) > 0, 65535, 0)
        image = Image.fromarray(levels.astype(np.uint16 if mode == "I;16" else np.int32))
    elif mode == "F":
        image = Image.fromarray(np.where(np.array(ROWS) > 0, 1, 0).astype(np.float32))
    elif mode in ("HSV", "LAB"):
        from PIL import ImageCms

        image = picture().convert("RGB")
        if mode == "HSV":
            image = image.convert("HSV")
        else:
            lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
            changed = ImageCms.profileToProfile(image, srgb, lab, outputMode="LAB")
            assert changed is not None
            image = changed
    else:
        image = picture().convert(mode)
    stream = io.BytesIO()
    form = {"HSV": None, "I": "TIFF", "CMYK": "TIFF", "YCbCr": "TIFF", "F": "TIFF", "LAB": "TIFF"}.get(mode, "PNG")
    if form is None:
        image = image.convert("RGB")
        form = "PNG"
    image.save(stream, form)
    stream.seek(0)
    assert load_image(stream).sums.tolist() == ROWS


def test_transparency_is_laid_on_white() -> None:
    """What cannot be seen is paper, also where its hidden colour is black, in alpha and in palettes."""
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    image.putpixel((0, 0), (0, 0, 0, 255))
    assert load_image(saved(image)).sums.tolist() == [[-1, 1]]
    palette = Image.new("P", (2, 1), 1)
    palette.putpalette([0, 0, 0, 9, 9, 9])
    palette.putpixel((0, 0), 0)
    assert load_image(saved(palette, transparency=1)).sums.tolist() == [[-1, 1]]
    deep = Image.fromarray(np.array([[7, 0]], dtype=np.uint16))
    assert load_image(saved(deep, transparency=0)).sums.tolist() == [[-1, 1]]
    half = Image.new("LA", (2, 1), (0, 0))
    half.putpixel((0, 0), (0, 255))
    assert load_image(saved(half)).sums.tolist() == [[-1, 1]]


def test_a_photograph_stands_upright() -> None:
    """The orientation in EXIF is applied."""
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rows become columns
    sideways = saved(picture(), "PNG", exif=exif)
    assert load_image(sideways).sums.tolist() == np.rot90(ROWS, -1).tolist()


def test_the_first_frame_counts() -> None:
    """Of an animation only the beginning is read."""
    stream = saved(picture(), "GIF", save_all=True, append_images=[picture(-np.array(ROWS))])
    assert load_image(stream).sums.tolist() == ROWS


def test_a_threshold_parts_white_from_black() -> None:
    """A pixel is white from the threshold on."""
    levels = np.array([[0, 99, 100, 255]], dtype=np.uint8)
    assert as_grid(levels, threshold=100).tolist() == [[-1, -1, 1, 1]]
    assert as_grid(levels, threshold=0).tolist() == [[1, 1, 1, 1]]
    assert as_grid(levels, threshold=255).tolist() == [[-1, -1, -1, 1]]
    assert as_grid(np.array([[10, 20, 200, 210]], dtype=np.uint8)).tolist() == [[-1, -1, 1, 1]]


def test_grey_keeps_the_levels() -> None:
    """0 is -1, 255 is 1, and a picture of levels written back gives the same bytes."""
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    grid = as_grid(levels, grey=True)
    assert (grid.min(), grid.max(), grid.dtype) == (-1, 1, np.float32)
    assert (to_levels(grid) == levels).all()


def test_ink_says_which_side_is_one(article: dict[str, Any]) -> None:
    """White as in the text, black, or whichever is the ink."""
    cells = np.where(np.array(article["X"]) > 0, 0, 255).astype(np.uint8)
    white, black, auto = (as_grid(cells, ink=ink) for ink in ("white", "black", "auto"))
    assert white[4, 4] == -1
    assert (black == -white).all()
    assert (auto == black).all()
    assert as_grid(cells, ink="black", grey=True)[4, 4] == 1


def test_a_grid_as_text_is_an_image() -> None:
    """What grid writes can be read in place of the picture."""
    assert load_image(io.BytesIO(b"-1 1 1\n1 -1 1\n")).sums.tolist() == ROWS
    assert load_image(io.BytesIO(b"-0.5 0.25\n")).sums.tolist() == [[-1, 1]]
    assert load_image(io.BytesIO(b"-0.5 0.25\n"), grey=True).values.tolist() == [[-0.5, 0.25]]
    with pytest.raises(GridError, match="outside"):
        load_image(io.BytesIO(b"0 255\n"))


def test_a_picture_over_the_limit_is_refused_without_a_warning() -> None:
    """The message names the size, the limit and the option that lifts it; no memory is asked for."""
    stream = saved(Image.new("1", (2000, 1000)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ImageError, match=r"2000000 pixels \(1000x2000\).* limit of 1000;.*--max-pixels 2000000"):
            load_image(stream, max_pixels=1000)
        stream.seek(0)
        assert load_image(stream, max_pixels=2_000_000).shape == (1000, 2000)


def test_a_bomb_can_be_let_in_by_the_option() -> None:
    """Pillow's own limit neither warns nor stops what --max-pixels allows."""
    limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = 10
    try:
        assert load_image(saved(Image.new("L", (20, 20))), max_pixels=1000).shape == (20, 20)
        assert Image.MAX_IMAGE_PIXELS == 10
    finally:
        Image.MAX_IMAGE_PIXELS = limit


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"hello", "not an image format"),
        (png(np.ones((50, 50)))[:60], "broken or truncated image"),
        (b"GIF89a", "not an image format"),
    ],
)
def test_what_is_no_image_gets_one_line(data: bytes, message: str) -> None:
    """Empty, words, cut off: the source is named and the reason given."""
    with pytest.raises(ImageError) as error:
        read_image(io.BytesIO(data), "letter.png")
    assert str(error.value).startswith("letter.png: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    """Missing files and folders are told by the system's own words."""
    with pytest.raises(ImageError, match="No such file"):
        load_image(tmp_path / "none.png")
    with pytest.raises(ImageError, match="Is a directory"):
        load_image(tmp_path)
