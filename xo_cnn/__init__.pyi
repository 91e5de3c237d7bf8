"""The public names for type checkers; `__init__.py` imports each when it is used, and a test compares the two."""

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

__version__: str
__all__: list[str]
_HOMES: dict[str, str]

def __dir__() -> list[str]: ...
