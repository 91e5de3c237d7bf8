"""One root error: every message says what is wrong, where, and how to fix it."""

from __future__ import annotations

from typing import Self


class XoCnnError(Exception):
    """Something in the data or the arguments cannot be used.

    `message` is one line for a person; `source` is the file (or other input) that it is about, None where the code
    that raises it knows no files.

    >>> str(ImageError("is empty", "letter.png")), str(ImageError("is empty"))
    ('letter.png: is empty', 'is empty')
    """

    def __init__(self, message: str, source: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.source = source

    def __str__(self) -> str:
        return self.message if self.source is None else f"{self.source or repr('')}: {self.message}"

    def naming(self, source: str) -> Self:
        """A new error like this one with `source` as its source, unless it has one already.

        >>> str(ImageError("is empty").naming("a").naming("b"))
        'a: is empty'
        """
        # Never this very object: raised from itself, it would be its own cause, which pickling follows without end.
        return type(self)(self.message, source if self.source is None else self.source)


class FeatureError(XoCnnError, ValueError):
    """Not a valid feature: ragged, empty, not numbers, or outside [-1, 1]."""


class GridError(XoCnnError, ValueError):
    """Text, npy, npz, JSON or csv without a valid grid or stream of maps."""


class ImageError(XoCnnError, ValueError):
    """A picture that cannot be read, is too large, has the wrong scale, or shows no ink."""


class NetworkError(XoCnnError, ValueError):
    """A network file with missing or inconsistent entries."""


class OptionError(XoCnnError, ValueError):
    """An argument outside its range, such as a threshold of 300."""


class OutputError(XoCnnError, OSError):
    """A result that cannot be written to its destination."""


class ShapeError(XoCnnError, ValueError):
    """Shapes that do not fit together: a feature larger than its image, a window larger than its map."""
