"""Learn to choose among the readings of a picture, from drawn samples whose true ink is known.

python -m tools.reading    makes features/reading.toml again
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from os.path import join

import numpy as np

from tools.alphabet import SKELETONS
from tools.mix import sample
from tools.truth import WRONG, agreement, agreement_in_place, lines_in_place, true_lines, without_letter
from xo_cnn.catalogue import READING, installed
from xo_cnn.engine.fusion import run_layers
from xo_cnn.features import load_feature
from xo_cnn.formats.saving import save_text
from xo_cnn.grid import Array, Map
from xo_cnn.images.choice import Choice
from xo_cnn.images.readings import KINDS, MEASURES, SIDE, rounds
from xo_cnn.images.view import View
from xo_cnn.learning.training import DIGITS, Progress, ignore, mirrored, nesterov, steepest
from xo_cnn.pooling import Pool

RIGHT = 0.85  # a reading is right if its lines agree so far with those of the true ink
EMPTY = 10  # one sample in so many is read without its letter: its surroundings are neither
OTHERS = 11  # one sample in so many is another letter or a digit
LABELS = ("X", "O", "other")
BINS = 10  # steps of a measure that vote, each held by about as many readings
SAMPLES, MORE = (
    6000,
    4000,
)  # of all kinds, and of TOUCHING: where something touches the letter or is near
TOUCHING = ("box or ring", "board", "box or ring", "ruled paper", "clutter", "box or ring", "board", "cursive")
FEATURES = ("diag", "anti", "cross", "plus", "bar", "pole", "blank")
STEPS = 400  # of gradient descent
BINARY = 0.3  # the share of the loss that is letter or neither; the rest is which reading of its picture
LOST = 0.002  # share of the pictures for which stopping at the first reading may lose the right one


@dataclass(frozen=True)
class ReadSample:
    """The readings of one drawn sample: grids, measures (readings, measures), how far each is right, which are simple.

    `label` is the place among LABELS. `right` holds for each reading the share of its lines that agrees with those
    of the true ink, `simple` whether it is one of the first and alone, so that no other need be looked at, `erased`
    whether lines or a frame were erased.
    """

    label: int
    grids: Array
    measures: Array
    right: Array
    simple: Array
    erased: Array


def label_of(number: int) -> str:
    """The label of a sample: X and O in turn, now and then another letter or digit.

    >>> [label_of(number) for number in (0, 1, 2, 10, 21)]
    ['X', 'O', 'X', '0', '1']
    """
    others = sorted(set(SKELETONS) - {"X", "O"})
    return others[number // OTHERS % len(others)] if number % OTHERS == OTHERS - 1 else "XO"[number % 2]


def read_sample(number: int) -> ReadSample:
    """Draw a sample by its number and read it in all ways; one in EMPTY without its letter, and none of those is right.

    >>> read_sample(0).grids.shape[1:]
    (16, 16)
    """
    label = label_of(number)
    kind = None if number < SAMPLES else TOUCHING[number // 2 % len(TOUCHING)]
    drawn = sample(label, number, kind)
    empty = number % EMPTY == EMPTY - 1
    view = View(without_letter(drawn) if empty else drawn.picture)
    truth, in_place = true_lines(drawn, SIDE), lines_in_place(view, drawn)
    found = [(number, reading) for number, each in enumerate(rounds(view)) for reading in each]
    right = [
        0.0 if empty else max(agreement(one.grid > 0, truth), agreement_in_place(one, in_place)) for _, one in found
    ]
    return ReadSample(
        LABELS.index(label) if label in LABELS else len(LABELS) - 1,
        np.array([one.grid for _, one in found], dtype=np.int8).reshape(-1, SIDE, SIDE),
        np.array([list(one.measures().values()) for _, one in found], dtype=np.int64).reshape(-1, len(MEASURES)),
        np.array(right),
        np.array([first == 0 and one.alone for first, one in found], dtype=bool),
        np.array([one.erased for _, one in found], dtype=bool),
    )


def learn_choice(
    samples: Sequence[ReadSample],
    features: Sequence[Map],
    *,
    steps: int = STEPS,
    decay: float = 0.0001,
    progress: Progress = ignore,
) -> Choice:
    """Learn the votes for letter or neither of pooled maps and measures.

    Gradient descent lowers the mean cross-entropy of which reading of its picture is right, with the right label (a
    conditional logit, McFadden 1974), and of whether each is right at all. All cells that mirroring and turning
    exchange have one vote.
    """
    samples = [one for one in samples if len(one.grids)]
    grids = np.concatenate([one.grids for one in samples])
    measures = np.concatenate([one.measures for one in samples])
    erased = np.concatenate([one.erased for one in samples])[:, None]
    begins = [_begins(name, column) for name, column in zip(MEASURES, measures.T, strict=True)]
    orbits = _orbits(grids[:500], features)
    cells = _tied(_cells(grids, features), orbits)
    taken = [_steps(column, each) for column, each in zip(measures.T, begins, strict=True)]
    measured = np.concatenate([*taken, *(each * erased for each in taken)], axis=1)
    weights, more, always = _descend(cells, measured, samples, steps, decay, progress)
    scores = cells @ weights + always + (measured @ more)[:, None]
    top = scores.max(axis=1)
    sure = _sure(samples, top + np.log(np.exp(scores - top[:, None]).sum(axis=1)))
    spread = (weights / np.sqrt(np.bincount(orbits))[:, None])[orbits].round(DIGITS) + 0.0
    side = math.isqrt(len(spread) // len(features))
    ends = np.cumsum([each.shape[1] for each in taken])[:-1]
    plain, own = np.split(more, 2)
    votes = np.split(plain, ends), np.split(plain + own, ends)
    return Choice(
        tuple(features),
        {
            label: tuple(part.reshape(side, side) for part in np.split(column, len(features)))
            for label, column in zip(LABELS, spread.T, strict=True)
        },
        dict(zip(LABELS, always.round(DIGITS).tolist(), strict=True)),
        {
            name: (tuple(map(int, each)), _rounded(own), _rounded(erased))
            for name, each, own, erased in zip(MEASURES, begins, *votes, strict=True)
        },
        sure,
    )


def _rounded(votes: Array) -> tuple[float, ...]:
    return tuple((votes.round(DIGITS) + 0.0).tolist())


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
    cells: Array, measured: Array, samples: Sequence[ReadSample], steps: int, decay: float, progress: Progress
) -> tuple[Array, Array, Array]:
    """The weights of the cells for each label, those of the measures' steps, and what is added for each label."""
    sizes = np.array([len(one.grids) for one in samples])
    agreed = np.concatenate([one.right for one in samples])
    right, known = agreed >= RIGHT, (agreed >= RIGHT) | (agreed < WRONG)
    answers = np.eye(len(LABELS))[np.repeat([one.label for one in samples], sizes)] * right[:, None]
    starts = np.cumsum(sizes) - sizes
    taught = np.logical_or.reduceat(right, starts)
    pictures, taught = np.count_nonzero(taught), np.repeat(taught, sizes)[:, None]
    cell_means, means = cells.mean(axis=0), measured.mean(axis=0)
    cells = np.concatenate([cells - cell_means, np.ones((len(cells), 1))], axis=1)
    measured = measured - means
    split = cells.shape[1] * len(LABELS)

    def summed(each: Array) -> Array:
        return np.repeat(np.add.reduceat(each.sum(axis=1), starts), sizes)[:, None]

    def gradient(weights: Array) -> Array:
        votes = cells @ weights[:split].reshape(-1, len(LABELS)) + (measured @ weights[split:])[:, None]
        top = votes.max(axis=1)
        powers = np.exp(votes - np.maximum(top, 0)[:, None])
        shares = powers / (powers.sum(axis=1) + np.exp(-np.maximum(top, 0)))[:, None]
        push = np.where(known[:, None], BINARY * (shares - answers), 0) / np.count_nonzero(known)
        powers = np.exp(votes - np.repeat(np.maximum.reduceat(top, starts), sizes)[:, None])
        good = powers * answers
        which = powers / summed(powers) - good / np.maximum(summed(good), 1e-300)
        push += np.where(taught, (1 - BINARY) * which, 0) / pictures
        slopes = np.concatenate([(cells.T @ push).ravel(), measured.T @ push.sum(axis=1)])
        return np.asarray(slopes + 2 * decay * weights)

    curved = steepest(np.concatenate([cells, measured], axis=1)) / 2
    pace = 1 / (curved * (BINARY + (1 - BINARY) * len(cells) / pictures) + 2 * decay)
    weights = nesterov(gradient, split + measured.shape[1], pace, steps, progress)
    by_cell = weights[:split].reshape(-1, len(LABELS))
    always = by_cell[-1] - cell_means @ by_cell[:-1] - means @ weights[split:]
    return by_cell[:-1], weights[split:], always


def _sure(samples: Sequence[ReadSample], scores: Array) -> float:
    """The least votes at which stopping at the first simple reading loses no more than LOST of the pictures."""
    votes, lost = [], []
    ends = np.cumsum([len(one.grids) for one in samples])[:-1]
    for one, each in zip(samples, np.split(scores, ends), strict=True):
        for place in np.flatnonzero(one.simple)[:1]:
            votes.append(each[place])
            lost.append(one.right[each.argmax()] >= RIGHT > one.right[place])
    order = np.argsort(-np.array(votes), kind="stable")
    enough = np.flatnonzero(np.cumsum(np.array(lost)[order]) <= LOST * len(samples))
    return round(float(np.array(votes)[order][enough[-1]]), DIGITS)


def choice_text(choice: Choice, about: str) -> str:
    """The choice as a TOML file, with `about` as its first comment."""
    lines = [f"# {line}" for line in about.splitlines()]
    lines += ["features = ["] + [f'    "{feature.name}.txt",' for feature in choice.features] + ["]"]
    lines += [f"sure = {choice.sure:g}", "", "[always]"]
    lines += [f"{label} = {vote:g}" for label, vote in choice.always.items()]
    for label, votes in choice.votes.items():
        lines += ["", f"[votes.{label}]"]
        for feature, cells in zip(choice.features, votes, strict=True):
            lines.append(f"{feature.name} = [")
            lines += [f"    [{_row(row)}]," for row in cells.tolist()]
            lines.append("]")
    for name, (begins, plain, erased) in choice.measures.items():
        lines += ["", f"[measures.{name}]", f"from = {list(begins)}"]
        lines += [f"votes = [{_row(plain)}]", f"erased = [{_row(erased)}]"]
    return "\n".join(lines) + "\n"


def _row(votes: Sequence[float]) -> str:
    return ", ".join(f"{vote:g}" for vote in votes)


def main() -> None:
    """Learn the choice and write its file."""
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        samples = list(pool.map(read_sample, range(SAMPLES + MORE), chunksize=50))
    choice = learn_choice(samples, [load_feature(name) for name in FEATURES])
    about = f"Votes for letter or neither, learned by python -m tools.reading from {SAMPLES + MORE} drawn samples."
    save_text(join(installed(), READING), choice_text(choice, about))


if __name__ == "__main__":
    main()
