"""Shapes: how large maps come out; what does not fit is refused before any work."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index

from xo_cnn.errors import ShapeError
from xo_cnn.grid import Map, called

Shape = tuple[int, int]


def map_shape(shape: Shape, feature: Map, image: str = "") -> Shape:
    """Rows and columns of a feature's map on a grid of some shape, called `image`; ShapeError if it does not fit.

    >>> import numpy
    >>> map_shape((9, 9), Map("diag", numpy.eye(3)))
    (7, 7)
    """
    rows, columns = (side - length + 1 for side, length in zip(shape, feature.shape, strict=True))
    if min(rows, columns) < 1:
        raise ShapeError(
            f"{feature.called('the feature')} is larger than {called('the image', image, shape)}: "
            "choose a smaller feature or a larger image"
        )
    return rows, columns


def pooled_side(side: int, window: int, stride: int) -> int:
    """The number of steps of a window along a side: the last may hang over the edge, none begins beyond it.

    >>> [pooled_side(n, window=2, stride=2) for n in (7, 4, 2)]
    [4, 2, 1]
    """
    steps = -(-(side - window) // stride) + 1
    return steps if (steps - 1) * stride < side else steps - 1


def pooled_shape(shape: Shape, window: int, stride: int, name: str = "") -> Shape:
    """Rows and columns that pooling leaves of the map `name`; ShapeError for a window larger than the map."""
    if window > min(shape):
        raise ShapeError(
            f"a window of {window}x{window} is larger than {called('the map', name, shape)}: "
            "choose a smaller window, or pool less often"
        )
    rows, columns = (pooled_side(side, window, stride) for side in shape)
    return rows, columns


def last_shape(shape: Shape, feature: Map, layers: Sequence[Shape], image: str = "") -> Shape:
    """Rows and columns of a feature's map after pooling layers of (window, stride).

    >>> import numpy
    >>> last_shape((9, 9), Map("diag", numpy.eye(3)), [(2, 2), (2, 2)])
    (2, 2)
    """
    shape = map_shape(shape, feature, image)
    for window, stride in layers:
        shape = pooled_shape(shape, window, stride, feature.name)
    return shape


def whole_steps(window: int, stride: int) -> Shape:
    """Window and stride as they are; ShapeError unless both are whole numbers of at least 1."""
    try:
        steps = index(window), index(stride)
    except TypeError:
        steps = (0, 0)
    if min(steps) < 1:
        raise ShapeError(f"window and stride must be whole numbers of at least 1, not {window!r} and {stride!r}")
    return steps
