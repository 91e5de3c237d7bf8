"""Limits: what is refused before memory is asked for, and arguments outside their range."""

import operator
from typing import Any

from xo_cnn.errors import OptionError

# Pixels of an image and cells of a grid, unless --max-pixels changes it.
MAX_PIXELS = 128_000_000
# Bytes of a row of text, of a line of JSON (which holds a whole map) and of what stands in it beside the values, of
# standard input, of a feature file, of one that is a drawing, and of a network file (a grid of 256, seven features and
# one pooling layer take 2 MiB).
MAX_LINE = 16 << 20
MAX_JSON_LINE = 256 << 20
MAX_BESIDE = 1 << 20
MAX_INPUT = 4 << 30
MAX_FEATURE = 64 << 20
MAX_DRAWING = 1 << 20
MAX_NETWORK = 4 << 20
# Cells that the arrays of an npz may hold: a number for any file, and a number for each byte of a larger one.
MAX_UNPACKED = 16 << 20
UNPACKED_PER_BYTE = 32
# Maps in one stream.
MAX_MAPS = 100_000


def whole_number(what: str, value: Any, least: int, most: int | None, other: str = "") -> None:
    """Raise OptionError unless an argument is a whole number from `least` to `most`.

    >>> whole_number("size", 2.5, 1, 9)
    Traceback (most recent call last):
        ...
    xo_cnn.errors.OptionError: size is 2.5; use a whole number from 1 to 9
    """
    try:
        number = operator.index(value) if not isinstance(value, bool) else None
    except TypeError:
        number = None
    if number is None or number < least or (most is not None and number > most):
        limits = f"of {least} or more" if most is None else f"from {least} to {most}"
        raise OptionError(f"{what} is {value!r}; use a whole number {limits}{other}")


def one_of(what: str, value: Any, *known: str) -> None:
    """Raise OptionError unless an argument is one of those known.

    >>> one_of("ink", "red", "white", "black")
    Traceback (most recent call last):
        ...
    xo_cnn.errors.OptionError: ink is 'red'; use 'white' or 'black'
    """
    if value not in known:
        raise OptionError(f"{what} is {value!r}; use {' or '.join(map(repr, known))}")
