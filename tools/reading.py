"""Learn to choose among the readings of a picture, from drawn samples whose true ink is known.

python -m tools.reading    makes features/reading.toml again
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from os.path import join

import numpy as np

from tools.alphabet import SKELETONS
from tools.mix import sample
from tools.truth import WRONG, agreement, true_lines, without_letter
from xo_cnn.catalogue import READING, installed
from xo_cnn.engine.fusion import run_layers
from xo_cnn.formats.saving import save_text
from xo_cnn.grid import Array, Map
from xo_cnn.images.choice import Choice
from xo_cnn.images.fit import rounds
from xo_cnn.images.picture import Picture
from xo_cnn.images.readings import KINDS, MEASURES, SIDE
from xo_cnn.images.view import View
from xo_cnn.learning.training import DIGITS, Progress, ignore, mirrored, nesterov, steepest
from xo_cnn.network import Network
from xo_cnn.pooling import Pool

RIGHT = 0.9  # a reading is right if its lines agree so far with those of the true ink
EMPTY = 10  # one sample in so many is read without its letter: its surroundings are neither
BINS = 10  # steps of a measure that vote, each held by about as many readings
SAMPLES = 8000
STEPS = 400  # of gradient descent
BINARY = 0.3  # the share of the loss that is letter or neither; the rest is which reading of its picture
LOST = 0.001  # of all pictures that are read right, the share that may be lost to a sure first look


@dataclass(frozen=True)
class ReadSample:
    """The readings of one drawn sample: grids, measures (readings, measures), how far each is right, which come first.

    `right` holds for each reading the share of its lines that agrees with those of the true ink.
    """

    grids: Array
    measures: Array
    right: Array
    first: Array


def label_of(number: int) -> str:
    """The label of a sample: X, O and any other letter or digit in turn.

    >>> [label_of(number) for number in range(7)]
    ['X', 'O', '0', 'X', 'O', '1', 'X']
    """
    others = sorted(set(SKELETONS) - {"X", "O"})
    return ["X", "O", others[number // 3 % len(others)]][number % 3]


def read_sample(picture: Picture, truth: Array | None) -> ReadSample:
    """Read a picture in all ways, and compare each with the lines of its true ink; without a letter none is right."""
    found = [(look, number == 0) for number, each in enumerate(rounds(View(picture))) for look in each]
    grids = np.array([look.grid for look, _ in found], dtype=np.int8).reshape(-1, SIDE, SIDE)
    measures = np.array([list(look.measures().values()) for look, _ in found], dtype=np.int64).reshape(
        -1, len(MEASURES)
    )
    right = np.array([0.0 if truth is None else agreement(grid > 0, truth) for grid in grids])
    return ReadSample(
        grids, measures.reshape(-1, len(MEASURES)), right, np.array([first for _, first in found], dtype=bool)
    )


def read_samples(numbers: Sequence[int], seed: int = 0, progress: Progress = ignore) -> list[ReadSample]:
    """Draw and read samples of X, O and other letters, by their numbers from `seed`; one in EMPTY without its letter.

    >>> [len(one.grids) > 0 for one in read_samples(range(2))]
    [True, True]
    """
    read = []
    for done, number in enumerate(numbers, start=1):
        drawn = sample(label_of(number), seed + number)
        if number % EMPTY == EMPTY - 1:
            read.append(read_sample(without_letter(drawn), None))
        else:
            read.append(read_sample(drawn.picture, true_lines(drawn, SIDE)))
        progress(done, len(numbers))
    return read


def learn_choice(
    samples: Sequence[ReadSample],
    features: Sequence[Map],
    *,
    steps: int = STEPS,
    decay: float = 0.0001,
    progress: Progress = ignore,
) -> Choice:
    """Learn the votes for letter or neither of pooled maps and measures.

    Gradient descent lowers the mean cross-entropy of which reading of its picture is right (a conditional logit,
    McFadden 1974) and of whether each is right at all. All cells that mirroring and turning exchange have one vote.
    """
    samples = [one for one in samples if len(one.grids)]
    grids = np.concatenate([one.grids for one in samples])
    measures = np.concatenate([one.measures for one in samples])
    agreed = np.concatenate([one.right for one in samples])
    begins = [_begins(name, column) for name, column in zip(MEASURES, measures.T, strict=True)]
    orbits = _orbits(grids[:500], features)
    columns = [_tied(_cells(grids, features), orbits)]
    columns += [_steps(column, each) for column, each in zip(measures.T, begins, strict=True)]
    table = np.concatenate(columns, axis=1)
    sizes = np.array([len(one.grids) for one in samples])
    weights, always = _descend(table, agreed, sizes, steps, decay, progress)
    cells = (weights[: orbits.max() + 1] / np.sqrt(np.bincount(orbits)))[orbits].round(DIGITS) + 0.0
    ends = np.cumsum([column.shape[1] for column in columns])[:-1]
    measured = {
        name: (tuple(map(int, each)), tuple((votes.round(DIGITS) + 0.0).tolist()))
        for name, each, votes in zip(MEASURES, begins, np.split(weights, ends)[1:], strict=True)
    }
    side = math.isqrt(len(cells) // len(features))
    votes = tuple(part.reshape(side, side) for part in np.split(cells, len(features)))
    scores = table @ weights + always
    return Choice(tuple(features), votes, measured, round(always, DIGITS), _sure(samples, scores, sizes))


def _begins(name: str, column: Array) -> Array:
    """Where the steps of a measure begin: each kind is one, other measures have about as many readings on each."""
    if name in KINDS:
        return np.arange(1, len(KINDS[name]))
    ends: Array = np.quantile(column, [number / BINS for number in range(1, BINS)], method="nearest")
    return np.unique(ends[ends > column.min()])


def _steps(column: Array, begins: Array) -> Array:
    """Which step each value falls on, shaped (values, steps)."""
    return np.eye(len(begins) + 1)[np.searchsorted(begins, column, side="right")]


def _cells(grids: Array, features: Sequence[Map]) -> Array:
    sums = run_layers(grids, [feature.values for feature in features], [Pool()])
    return np.concatenate([one.reshape(len(grids), -1) for one in sums], axis=1) / 9


def _orbits(grids: Array, features: Sequence[Map]) -> Array:
    """For each pooled cell the number of its orbit: the cells that mirroring and turning exchange have equal means."""
    means = _cells(mirrored(grids), features).reshape(8, len(grids), -1)
    sums = np.rint(9 * means).astype(np.int64).sum(axis=0)
    return np.unique(sums, axis=1, return_inverse=True)[1].ravel()


def _tied(cells: Array, orbits: Array) -> Array:
    """The cells of each orbit added up, so that they share a vote, and divided so that it weighs as theirs would."""
    share = np.zeros((len(orbits), orbits.max() + 1))
    share[np.arange(len(orbits)), orbits] = 1 / np.sqrt(np.bincount(orbits))[orbits]
    return cells @ share


def _descend(
    table: Array, agreed: Array, sizes: Array, steps: int, decay: float, progress: Progress
) -> tuple[Array, float]:
    """The weights of the table's columns, and what is added to all votes."""
    right, known = agreed >= RIGHT, (agreed >= RIGHT) | (agreed < WRONG)
    starts = np.cumsum(sizes) - sizes
    taught = np.repeat(np.logical_or.reduceat(right, starts), sizes)
    pictures = np.count_nonzero(np.logical_or.reduceat(right, starts))
    means = table.mean(axis=0)
    centred = np.concatenate([table - means, np.ones((len(table), 1))], axis=1)

    def gradient(weights: Array) -> Array:
        votes = centred @ weights
        push = np.where(known, BINARY * (1 / (1 + np.exp(-votes)) - right), 0) / np.count_nonzero(known)
        powers = np.exp(votes - np.repeat(np.maximum.reduceat(votes, starts), sizes))
        total = np.repeat(np.add.reduceat(powers, starts), sizes)
        good = np.repeat(np.add.reduceat(powers * right, starts), sizes)
        which = powers / total - powers * right / np.maximum(good, 1e-300)
        push += np.where(taught, (1 - BINARY) * which, 0) / pictures
        return np.asarray(centred.T @ push + 2 * decay * weights)

    pace = 1 / (steepest(centred) * (BINARY / 4 + (1 - BINARY) / 2 * len(table) / pictures) + 2 * decay)
    weights = nesterov(gradient, centred.shape[1], pace, steps, progress)
    return weights[:-1], float(weights[-1] - means @ weights[:-1])


def _sure(samples: Sequence[ReadSample], scores: Array, sizes: Array) -> float:
    """The least votes at which stopping at the first reading loses no more than LOST of the pictures."""
    votes, lost = [], []
    for one, each in zip(samples, np.split(scores, np.cumsum(sizes)[:-1]), strict=True):
        for place in np.flatnonzero(one.first)[:1]:
            votes.append(each[place])
            lost.append(one.right[each.argmax()] >= RIGHT > one.right[place])
    order = np.argsort(-np.array(votes), kind="stable")
    enough = np.flatnonzero(np.cumsum(np.array(lost)[order]) <= LOST * len(samples))
    return round(float(np.array(votes)[order][enough[-1]]), DIGITS)


def choice_text(choice: Choice, about: str) -> str:
    """The choice as a TOML file, with `about` as its first comment."""
    lines = [f"# {line}" for line in about.splitlines()]
    lines += ["features = ["] + [f'    "{feature.name}.txt",' for feature in choice.features] + ["]"]
    lines += [f"always = {choice.always:g}", f"sure = {choice.sure:g}", "", "[votes]"]
    for feature, votes in zip(choice.features, choice.votes, strict=True):
        lines.append(f"{feature.name} = [")
        lines += [f"    [{', '.join(f'{vote:g}' for vote in row)}]," for row in votes.tolist()]
        lines.append("]")
    for name, (begins, steps) in choice.measures.items():
        lines += ["", f"[measures.{name}]", f"from = {list(begins)}"]
        lines.append(f"votes = [{', '.join(f'{vote:g}' for vote in steps)}]")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Learn the choice and write its file."""
    choice = learn_choice(read_samples(range(SAMPLES)), Network.load("xo").features)
    about = f"Votes for letter or neither, learned by python -m tools.reading from {SAMPLES} drawn samples."
    save_text(join(installed(), READING), choice_text(choice, about))


if __name__ == "__main__":
    main()
