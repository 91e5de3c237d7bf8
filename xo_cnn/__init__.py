"""Tell an X from an O, number by number: convolution, pooling and votes on ±1 grids.

>>> from xo_cnn import convolve, load_feature
>>> convolve(load_feature("cross"), load_feature("diag")).values
array([[0.5555556]], dtype=float32)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# The public names, and the modules that hold them.
_HOMES = {
    "Map": "grid",
    "Network": "network",
    "Score": "learning.evaluation",
    "Trained": "learning.training",
    "Verdict": "voting",
    "Walk": "walk.numbers",
    "classify": "pictures",
    "compare": "pictures",
    "convolve": "features",
    "draw": "letters.samples",
    "evaluate": "learning.evaluation",
    "explain": "walk.explaining",
    "load_feature": "features",
    "load_features": "features",
    "load_image": "pictures",
    "max_pool": "pooling",
    "relu": "rectification",
    "save": "drawing.exporting",
    "train": "learning.training",
    "vote": "network",
    "FeatureError": "errors",
    "GridError": "errors",
    "ImageError": "errors",
    "NetworkError": "errors",
    "OptionError": "errors",
    "OutputError": "errors",
    "ShapeError": "errors",
    "XoCnnError": "errors",
}
__all__ = [*_HOMES]

if TYPE_CHECKING:
    # The same names for type checkers; tests/test_architecture.py compares the two.
    from xo_cnn.drawing.exporting import save as save
    from xo_cnn.errors import FeatureError as FeatureError
    from xo_cnn.errors import GridError as GridError
    from xo_cnn.errors import ImageError as ImageError
    from xo_cnn.errors import NetworkError as NetworkError
    from xo_cnn.errors import OptionError as OptionError
    from xo_cnn.errors import OutputError as OutputError
    from xo_cnn.errors import ShapeError as ShapeError
    from xo_cnn.errors import XoCnnError as XoCnnError
    from xo_cnn.features import convolve as convolve
    from xo_cnn.features import load_feature as load_feature
    from xo_cnn.features import load_features as load_features
    from xo_cnn.grid import Map as Map
    from xo_cnn.learning.evaluation import Score as Score
    from xo_cnn.learning.evaluation import evaluate as evaluate
    from xo_cnn.learning.training import Trained as Trained
    from xo_cnn.learning.training import train as train
    from xo_cnn.letters.samples import draw as draw
    from xo_cnn.network import Network as Network
    from xo_cnn.network import vote as vote
    from xo_cnn.pictures import classify as classify
    from xo_cnn.pictures import compare as compare
    from xo_cnn.pictures import load_image as load_image
    from xo_cnn.pooling import max_pool as max_pool
    from xo_cnn.rectification import relu as relu
    from xo_cnn.voting import Verdict as Verdict
    from xo_cnn.walk.explaining import explain as explain
    from xo_cnn.walk.numbers import Walk as Walk


def __getattr__(name: str) -> Any:
    # Names are looked up when they are used: --help then waits for neither NumPy nor Pillow.
    if name in _HOMES:
        return getattr(import_module(f"xo_cnn.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
