"""Evaluating a network on a folder of labelled images."""

from __future__ import annotations

from os import PathLike

from xo_cnn.errors import XoCnnError
from xo_cnn.images.reader import Reader
from xo_cnn.learning.evaluation import Measure, Measured, Score, labelled_files, scores
from xo_cnn.network import Network


def evaluate(
    folder: str | PathLike[str], network: Network | str | PathLike[str] = "xo", *, reader: Reader | None = None
) -> list[Score]:
    """Classify the images FOLDER/LABEL/* and compare each verdict with its label: a Score for the network, and more.

    The others are those of naive matching, on the fitted grids and on whole pictures, where the labels are X and O.
    Raises ImageError for a folder without labelled images and for one that cannot be read, and NetworkError.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from xo_cnn.features import feature_text
    >>> from xo_cnn.matching import exemplars
    >>> with TemporaryDirectory() as folder:
    ...     for label, grid in exemplars(9).items():
    ...         Path(folder, label).mkdir()
    ...         _ = Path(folder, label, "saved.txt").write_text(feature_text(grid))
    ...     [(score.method, score.accuracy) for score in evaluate(folder, "article")][:2]
    [('network article', 1.0), ('naive matching, fitted', 1.0)]
    """
    loaded = network if isinstance(network, Network) else Network.load(network)
    files = labelled_files(folder)
    measured: list[Measured] = []
    for outcome in Measure(loaded, reader or Reader())([str(path) for _, path in files]):
        if isinstance(outcome, XoCnnError):
            raise outcome
        measured.append(outcome)
    return scores(loaded, [label for label, _ in files], measured)
