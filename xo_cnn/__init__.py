"""Tell an X from an O, number by number: convolution, pooling and votes on ±1 grids.

>>> from xo_cnn import convolve, load_feature
>>> convolve(load_feature("cross"), load_feature("diag")).values
array([[0.5555556]], dtype=float32)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "Map",
    "Network",
    "Verdict",
    "XoCnnError",
    "compare",
    "convolve",
    "load_feature",
    "load_features",
    "load_image",
    "max_pool",
    "vote",
]

if TYPE_CHECKING:
    from xo_cnn.convolution import convolve as convolve
    from xo_cnn.errors import XoCnnError as XoCnnError
    from xo_cnn.features import load_feature as load_feature
    from xo_cnn.features import load_features as load_features
    from xo_cnn.grid import Map as Map
    from xo_cnn.images.reading import load_image as load_image
    from xo_cnn.matching import compare as compare
    from xo_cnn.network import Network as Network
    from xo_cnn.network import vote as vote
    from xo_cnn.pooling import max_pool as max_pool
    from xo_cnn.voting import Verdict as Verdict

_HOMES = {
    "Map": "grid",
    "Network": "network",
    "Verdict": "voting",
    "XoCnnError": "errors",
    "compare": "matching",
    "convolve": "convolution",
    "load_feature": "features",
    "load_features": "features",
    "load_image": "images.reading",
    "max_pool": "pooling",
    "vote": "network",
}


def __getattr__(name: str) -> Any:
    # Names are looked up when they are used: --help then waits for neither NumPy nor Pillow.
    if name in _HOMES:
        return getattr(import_module(f"xo_cnn.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
