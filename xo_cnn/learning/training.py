"""Training: learn a network's votes from labelled grids. Here xo-cnn goes beyond the text, whose votes are given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from xo_cnn.convolution import Convolve
from xo_cnn.engine.fusion import run_layers
from xo_cnn.errors import NetworkError
from xo_cnn.grid import Array, Map
from xo_cnn.images.fit import fit
from xo_cnn.layers import Layer, last_shape
from xo_cnn.letters.samples import LABELS, STYLES, draw
from xo_cnn.network import Network
from xo_cnn.pooling import Pool
from xo_cnn.words import file_name

Progress = Callable[[int, int], None]
HELD_OUT = 5  # one grid of five of each label is not learned from, but measures what was learned
STEPS = 300  # of gradient descent
DECAY = 0.0005  # how strongly votes are kept small
DIGITS = 3  # votes are rounded to so many digits: the file stays small, and the same wherever it is made


def ignore(done: int, total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Trained:
    """A network with its learned votes; from how many grids, and how many of those held out it gets right."""

    network: Network
    learned: int
    right: int
    held_out: int


def drawn_grids(count: int, side: int, seed: int = 0, progress: Progress = ignore) -> tuple[Array, list[str]]:
    """Draw `count` X's and as many O's and fit them: grids shaped (2 * count, side, side), and their labels.

    They are plain, a pen's and a typeface's in turn: rotated, shrunk, deformed, and with some noise.

    >>> grids, labels = drawn_grids(2, side=16)
    >>> grids.shape, labels
    ((4, 16, 16), ['X', 'O', 'X', 'O'])
    """
    grids = []
    for number in range(2 * count):
        label, style = LABELS[number % 2], STYLES[number // 2 % len(STYLES)]
        levels = draw(
            label,
            seed=seed + number // 2,
            style=style,
            thickness=(0.04, 0.3),
            rotate=(0, 360),
            shrink=(0, 0.6),
            deform=(0, 0.3),
            noise=(0, 0.3),
        )
        grids.append(fit(levels, side).grid)
        progress((number + 1) // 2, count)
    return np.array(grids), [*LABELS] * count


def train(
    grids: Array,
    answers: Sequence[str],
    features: Sequence[Map],
    layers: Sequence[Layer] = (Pool(),),
    *,
    name: str = "trained",
    steps: int = STEPS,
    decay: float = DECAY,
    mirror: bool = False,
    progress: Progress = ignore,
) -> Trained:
    """Learn how the last maps of `features` should vote so that each grid gets the label of its answer.

    `grids` are ±1 grids shaped (number, side, side). Gradient descent lowers the mean cross-entropy of the votes'
    softmax, plus `decay` times the sum of the squared votes, which keeps them small. One grid of five of each label
    is held out to measure with. With `mirror` the others are learned from in all eight ways to turn and mirror them,
    which suits labels that stay what they are in a mirror. Nothing is left to chance: the same grids give the same
    votes. The network's saved grid of a label is the one that is nearest to the mean of those learned from.
    Raises NetworkError for fewer than two labels, or a label with too few grids; ShapeError if a feature is larger
    than the grids, or a window larger than a map.
    """
    labels = list(dict.fromkeys(answers))
    if len(labels) < 2:
        raise NetworkError(f"training needs two labels or more, there is {', '.join(labels) or 'none'}")
    apart = held_out(answers)
    numbers = np.array([labels.index(answer) for answer in answers])
    seen, seen_numbers = grids[~apart], numbers[~apart]
    if mirror:
        seen, seen_numbers = mirrored(seen), np.tile(seen_numbers, 8)
    side = grids.shape[1]
    shapes = [last_shape((side, side), feature, [Convolve(tuple(features)), *layers]) for feature in features]
    weights = descend(last_cells(seen, features, layers), seen_numbers, len(labels), steps, decay, progress)
    weights = np.round(weights, DIGITS) + 0.0
    guesses = np.argmax(last_cells(grids[apart], features, layers) @ weights, axis=1)
    right = int(np.count_nonzero(guesses == numbers[apart]))
    ends = np.cumsum([rows * columns for rows, columns in shapes])[:-1]
    votes = {
        label: tuple(part.reshape(shape) for part, shape in zip(np.split(column, ends), shapes, strict=True))
        for label, column in zip(labels, weights.T, strict=True)
    }
    saved = {
        label: Map(saved_name(name, label), typical(grids[~apart & (numbers == number)]))
        for number, label in enumerate(labels)
    }
    network = Network(name, side, (Convolve(tuple(features)), *layers), tuple(labels), votes, saved)
    return Trained(network, int(np.count_nonzero(~apart)), right, int(np.count_nonzero(apart)))


def saved_name(network: str, label: str) -> str:
    """The name of a label's saved grid, and of its file beside the network's.

    >>> saved_name("letters", "X")
    'letters-X'
    """
    return file_name(f"{network}-{label}")


def typical(grids: Array) -> Array:
    """The grid that is nearest to the mean of all.

    >>> typical(np.array([[[1, 1]], [[1, -1]], [[-1, -1]]])).tolist()
    [[1, -1]]
    """
    away = np.square(grids - grids.mean(axis=0)).sum(axis=(1, 2))
    return np.asarray(grids[away.argmin()])


def held_out(answers: Sequence[str]) -> Array:
    """Which grids are held out (bool): every fifth of each label. Raises NetworkError for a label with fewer than five.

    >>> held_out(["X", "O"] * 5).nonzero()[0].tolist()
    [8, 9]
    """
    apart = np.zeros(len(answers), dtype=bool)
    for label in dict.fromkeys(answers):
        places = np.flatnonzero([answer == label for answer in answers])
        if len(places) < HELD_OUT:
            raise NetworkError(f"training needs {HELD_OUT} images of each label or more, {label} has {len(places)}")
        apart[places[HELD_OUT - 1 :: HELD_OUT]] = True
    return apart


def descend(cells: Array, numbers: Array, labels: int, steps: int, decay: float, progress: Progress) -> Array:
    """Walk down the gradient of the cross-entropy of softmax regression.

    `cells` is shaped (grids, cells), `numbers` names each grid's label; weights shaped (cells, labels) come back.
    """
    answers = np.eye(labels)[numbers]

    def gradient(weights: Array) -> Array:
        return np.asarray(cells.T @ (softmax(cells @ weights) - answers) / len(cells) + 2 * decay * weights)

    pace = 1 / (steepest(cells) / 2 + 2 * decay)
    return nesterov(gradient, (cells.shape[1], labels), pace, steps, progress)


def nesterov(
    gradient: Callable[[Array], Array], shape: int | tuple[int, ...], pace: float, steps: int, progress: Progress
) -> Array:
    """Walk down a gradient from 0 with momentum (Nesterov 1983), dropped when it points uphill (O'Donoghue 2015)."""
    weights = ahead = np.zeros(shape)
    momentum = 0
    for step in range(steps):
        slope = gradient(ahead)
        following = ahead - pace * slope
        momentum = 0 if np.sum(slope * (following - weights)) > 0 else momentum + 1
        ahead = following + momentum / (momentum + 3) * (following - weights)
        weights = following
        progress(step + 1, steps)
    return weights


def softmax(votes: Array) -> Array:
    """Votes, shaped (grids, labels), as shares that add up to 1 for each grid.

    >>> import numpy
    >>> softmax(numpy.array([[0.0, 0.0], [0.0, numpy.log(3)]]))
    array([[0.5 , 0.5 ],
           [0.25, 0.75]])
    """
    powers = np.exp(votes - votes.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def steepest(cells: Array) -> float:
    """The largest curvature: the mean square of the cells along the direction in which they vary most."""
    direction = np.ones(cells.shape[1])
    for _ in range(30):
        direction = cells.T @ (cells @ direction)
        length = float(np.sqrt(direction @ direction))
        if length == 0:
            return 1.0  # all cells are 0, and any pace is right
        direction /= length
    return length / len(cells)


def mirrored(grids: Array) -> Array:
    """Square grids in all eight ways to turn and mirror them: eight times as many.

    >>> import numpy
    >>> mirrored(numpy.array([[[1, 2], [3, 4]]])).reshape(8, 4).tolist()[:4]
    [[1, 2, 3, 4], [3, 4, 1, 2], [2, 1, 4, 3], [4, 3, 2, 1]]
    """
    upright = [grids, grids[:, ::-1], grids[:, :, ::-1], grids[:, ::-1, ::-1]]
    return np.concatenate(upright + [some.transpose(0, 2, 1) for some in upright])


def last_cells(grids: Array, features: Sequence[Map], layers: Sequence[Layer]) -> Array:
    """The cells of the last maps of all features, for each grid in a row: shaped (grids, cells)."""
    sums = run_layers(grids, [feature.values for feature in features], layers)
    parts = [one.reshape(len(grids), -1) / feature.sums.size for one, feature in zip(sums, features, strict=True)]
    return np.concatenate(parts, axis=1)
