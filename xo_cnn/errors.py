"""One root error: every message says what, where, and how to mend it."""

from __future__ import annotations


class XoCnnError(Exception):
    """Something in the data cannot be used as it is.

    The message is one line for a person: it names the file, the line or the shapes, and a remedy.
    """

    def naming(self, source: str) -> XoCnnError:
        """This error with the name of the file it is about; the arithmetic, which knows no files, leaves it out."""
        return self if source in str(self) else type(self)(f"{source}: {self}")


class FeatureError(XoCnnError, ValueError):
    """A feature that is no feature: ragged, empty, not numbers, or outside [-1, 1]."""


class GridError(XoCnnError, ValueError):
    """Text, npy, npz, JSON or csv that holds no grid and no maps."""


class ImageError(XoCnnError, ValueError):
    """A file that Pillow cannot read as a picture, or that is too large or too plain to use."""


class NetworkError(XoCnnError, ValueError):
    """A network file whose parts are missing or do not fit together."""


class ShapeError(XoCnnError, ValueError):
    """Shapes that do not go together: a feature larger than its image, a window larger than its map."""


class OutputError(XoCnnError, OSError):
    """A result that cannot be written where it was asked for."""
