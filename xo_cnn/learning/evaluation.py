"""Evaluation: the accuracy of a network, its confusion and mistakes, and naive matching beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
from PIL import Image

from xo_cnn.errors import ImageError, XoCnnError
from xo_cnn.grid import Array, Map
from xo_cnn.images.fit import Ink, Side
from xo_cnn.images.levels import Threshold, binarize
from xo_cnn.images.reader import Reader
from xo_cnn.limits import MAX_PIXELS
from xo_cnn.matching import agreement, exemplars
from xo_cnn.network import Network, as_network
from xo_cnn.pictures import Errors, Net, for_each
from xo_cnn.voting import Verdict

THUMBNAIL = 96  # pixels a side of each picture on a sheet of mistakes


@dataclass(frozen=True, repr=False)
class Score:
    """One method's verdicts beside the answers that are right; `labels` are all that occur.

    `errors` are those of the pictures that could not be read, and that are left out.

    >>> score = Score("by hand", ("X", "O"), ["X", "O", "O"], [Verdict({"X": 1, "O": 0})] * 3)
    >>> score.right, round(score.accuracy, 3), score.mistakes
    (1, 0.333, [1, 2])
    >>> score.confusion
    {'X': {'X': 1, 'O': 0}, 'O': {'X': 2, 'O': 0}}
    """

    method: str
    labels: tuple[str, ...]
    answers: Sequence[str]
    verdicts: Sequence[Verdict]
    errors: tuple[XoCnnError, ...] = ()

    def __repr__(self) -> str:
        return f"Score({self.method!r}, {self.right} of {len(self.answers)} right)"

    @property
    def right(self) -> int:
        """How many verdicts are right."""
        return len(self.answers) - len(self.mistakes)

    @property
    def accuracy(self) -> float:
        """The share of verdicts that are right."""
        return self.right / max(1, len(self.answers))

    @property
    def mistakes(self) -> list[int]:
        """The places of the verdicts that are wrong."""
        pairs = zip(self.answers, self.verdicts, strict=True)
        return [place for place, (answer, verdict) in enumerate(pairs) if answer != verdict]

    @property
    def confusion(self) -> dict[str, dict[str, int]]:
        """For each answer, how often each label was the verdict."""
        counts = {answer: dict.fromkeys(self.labels, 0) for answer in self.labels}
        for answer, verdict in zip(self.answers, self.verdicts, strict=True):
            counts[answer][str(verdict)] += 1
        return counts


@dataclass(frozen=True)
class Measured:
    """The verdicts on one picture by each method; `reading` says how it was read before it was fitted."""

    verdicts: dict[str, Verdict]
    reading: str


def measure(path: str, network: Network, reader: Reader) -> Measured:
    """The verdicts on one picture, of a network and, beside it, of naive matching where it has exemplars."""
    picture = reader.read(path)
    fitted = reader.fitted(picture, network.side, path)
    verdicts = {f"network {network.name}": network.classify(fitted.grid)}
    if saved := network.exemplars():
        whole = whole_grid(picture.levels, network.side, fitted.ink)
        verdicts["naive matching, fitted"] = match_naively(fitted.grid, saved)
        verdicts["naive matching, whole pictures"] = match_naively(whole, saved)
    return Measured(verdicts, fitted.reading)


def evaluate(
    folder: str | PathLike[str],
    network: Net = "xo",
    *,
    threshold: Threshold = "auto",
    ink: Ink = "auto",
    max_pixels: int = MAX_PIXELS,
    no_fit: bool = False,
    errors: Errors = "raise",
) -> list[Score]:
    """Classify the images FOLDER/LABEL/* and compare each verdict with its label: a Score for the network, and more.

    The others are those of naive matching with its exemplars, on the fitted grids and on whole pictures.
    The keywords are what `classify` takes; with `errors="return"` an image that cannot be read is left out, and its
    error stands in `Score.errors`. Raises ImageError for a folder without labelled images, and what `classify` does.

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
    loaded = as_network(network)
    files = labelled_files(folder)
    reader = Reader(threshold, ink, max_pixels, no_fit)
    found = for_each([str(path) for _, path in files], lambda path, _: measure(path, loaded, reader), errors)
    answers = [label for (label, _), one in zip(files, found, strict=True) if isinstance(one, Measured)]
    bad = tuple(one for one in found if isinstance(one, XoCnnError))
    return scores(loaded, answers, [one for one in found if isinstance(one, Measured)], bad)


def scores(
    network: Network, answers: Sequence[str], measured: Sequence[Measured], errors: tuple[XoCnnError, ...] = ()
) -> list[Score]:
    """One score for the network, and one for each way of naive matching that was measured."""
    methods = measured[0].verdicts if measured else [f"network {network.name}"]
    return [
        Score(method, network.labels, answers, [one.verdicts[method] for one in measured], errors) for method in methods
    ]


def match_naively(grid: Array, saved: Mapping[str, Map] | None = None) -> Verdict:
    """Compare a grid cell by cell with each label's saved one, by default the text's; the votes are shares that agree.

    >>> import numpy
    >>> match_naively(-numpy.ones((9, 9))).votes["X"]
    0.8395061728395061
    """
    saved = saved or exemplars(grid.shape[0])
    return Verdict({label: agreement(Map("", grid), one) / grid.size for label, one in saved.items()})


def whole_grid(levels: Array, side: int, ink: Side) -> Array:
    """Resize a whole picture to side × side cells, without finding or cropping anything, and binarize it."""
    cells = np.asarray(Image.fromarray(levels).resize((side, side), Image.Resampling.BOX))
    return binarize(cells, black=ink == "black")


def labelled_files(
    folder: str | PathLike[str], passed_over: Callable[[str], None] = lambda path: None
) -> list[tuple[str, Path]]:
    """The label and path of every file FOLDER/LABEL/*, in order, without hidden ones.

    Pipes, devices and sockets are left out, and `passed_over` is called with each of them.
    Raises ImageError where there is no folder, no label in it, or a label without files.
    """
    root = Path(folder)
    try:
        labels = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
        if not labels:
            raise ImageError(
                f"has no folders; put the images into one folder per label, {root}/X and {root}/O", str(root)
            )
        files = []
        for label in labels:
            if not label.name.isprintable():
                raise ImageError("its name cannot be a label; rename the folder in plain letters", str(label))
            found = []
            for path in sorted(label.iterdir()):
                if path.name.startswith(".") or path.is_dir():
                    continue
                if path.exists() and not path.is_file():
                    passed_over(str(path))
                else:
                    found.append((label.name, path))
            if not found:
                raise ImageError("holds no images; each label's folder needs some", str(label))
            files += found
    except OSError as error:
        raise ImageError(f"cannot be read: {error.strerror}", str(error.filename or root)) from error
    return files


def thumbnail(levels: Array, side: int = THUMBNAIL) -> Array:
    """A picture of any size shrunk or enlarged to fit within side × side pixels.

    >>> import numpy
    >>> thumbnail(numpy.zeros((2, 4), numpy.uint8), side=8).shape
    (4, 8)
    """
    share = side / max(levels.shape)
    rows, columns = (max(1, round(length * share)) for length in levels.shape)
    way = Image.Resampling.NEAREST if share > 1 else Image.Resampling.BOX
    return np.asarray(Image.fromarray(levels).resize((columns, rows), way))


def sheet(thumbnails: Sequence[Array], side: int = THUMBNAIL, across: int = 9, gap: int = 4) -> Array:
    """Lay thumbnails out in rows on a grey background.

    >>> import numpy
    >>> sheet([numpy.zeros((4, 8), numpy.uint8)] * 3, side=8, across=2).shape
    (28, 28)
    """
    rows = -(-len(thumbnails) // across)
    columns = min(across, len(thumbnails))
    ground = np.full((rows * (side + gap) + gap, columns * (side + gap) + gap), 128, dtype=np.uint8)
    for number, drawn in enumerate(thumbnails):
        top, left = (place * (side + gap) + gap for place in divmod(number, across))
        ground[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return ground
