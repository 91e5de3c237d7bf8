"""Tell an X from an O, number by number: convolution, pooling and votes on ±1 grids.

>>> from xo_cnn import convolve, load_feature
>>> convolve(load_feature("cross"), load_feature("diag")).values
array([[0.5555556]], dtype=float32)
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# The modules that hold the public names.
_HOMES = {
    name: home
    for home, names in {
        "drawing.exporting": "save",
        "features": "convolve load_feature load_features",
        "grid": "Map",
        "learning.evaluation": "Score evaluate",
        "learning.training": "Trained train",
        "letters.samples": "draw",
        "network": "Network vote",
        "pictures": "classify compare load_image",
        "pooling": "max_pool",
        "rectification": "relu",
        "voting": "Verdict",
        "walk.explaining": "explain",
        "walk.numbers": "Walk",
        "errors": "FeatureError GridError ImageError NetworkError OptionError OutputError ShapeError XoCnnError",
    }.items()
    for name in names.split()
}
__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    # Names are looked up when they are used: --help then waits for neither NumPy nor Pillow.
    if name in _HOMES:
        return getattr(import_module(f"xo_cnn.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
