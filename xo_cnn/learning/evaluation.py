"""Evaluation: how often verdicts are right, what is taken for what, and how far naive matching comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
from PIL import Image

from xo_cnn.errors import ImageError
from xo_cnn.grid import Array
from xo_cnn.images.fit import Side, otsu
from xo_cnn.matching import compare, exemplars
from xo_cnn.voting import Verdict


@dataclass(frozen=True)
class Score:
    """One method's verdicts beside the answers that are right; `labels` are all that occur.

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


def match_naively(grid: Array) -> Verdict:
    """Compare a grid cell by cell with the saved X and O; the votes are the shares of cells that agree.

    >>> import numpy
    >>> match_naively(-numpy.ones((9, 9))).votes["X"]
    0.8395061728395061
    """
    shares = {label: compare(grid, saved) / grid.size for label, saved in exemplars(grid.shape[0]).items()}
    return Verdict(shares)


def whole_grid(levels: Array, side: int, ink: Side) -> Array:
    """A picture as it is on side x side cells, nothing found or cropped: what naive matching has to live with."""
    cells = np.asarray(Image.fromarray(np.ascontiguousarray(levels)).resize((side, side), Image.Resampling.BOX))
    white = cells >= otsu(cells)
    return np.where(white if ink == "white" else ~white, 1, -1).astype(np.int8)


def labelled_files(folder: str | PathLike[str]) -> list[tuple[str, Path]]:
    """The label and path of every file FOLDER/LABEL/*, in order; hidden ones are left out.

    Raises ImageError where there is no folder, no label in it, or a label without files.
    """
    root = Path(folder)
    try:
        labels = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
        if not labels:
            raise ImageError(f"{root}: has no folders; put the images into one folder per label, {root}/X and {root}/O")
        files = []
        for label in labels:
            if not label.name.isprintable():
                raise ImageError(f"{label}: its name cannot be a label; rename the folder in plain letters")
            found = sorted(path for path in label.iterdir() if path.is_file() and not path.name.startswith("."))
            if not found:
                raise ImageError(f"{label}: holds no images; each label's folder needs some")
            files += [(label.name, path) for path in found]
    except OSError as error:
        raise ImageError(f"{error.filename or root}: cannot be read: {error.strerror}") from error
    return files


def sheet(pictures: Sequence[Array], side: int = 96, across: int = 8, gap: int = 4) -> Array:
    """Lay pictures (levels, of any size) out in rows on a grey ground, each within side x side pixels.

    >>> import numpy
    >>> sheet([numpy.zeros((2, 4), numpy.uint8)] * 3, side=8, across=2).shape
    (28, 28)
    """
    rows = -(-len(pictures) // across)
    columns = min(across, len(pictures))
    ground = np.full((rows * (side + gap) + gap, columns * (side + gap) + gap), 128, dtype=np.uint8)
    for number, picture in enumerate(pictures):
        share = side / max(picture.shape)
        size = tuple(max(1, round(length * share)) for length in reversed(picture.shape))
        way = Image.Resampling.NEAREST if share > 1 else Image.Resampling.BOX
        drawn = np.asarray(Image.fromarray(np.ascontiguousarray(picture)).resize((size[0], size[1]), way))
        top, left = (place * (side + gap) + gap for place in divmod(number, across))
        ground[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return ground
