"""Learning to choose: the readings of drawn samples, and votes that tell the right one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tools.mix import sample
from tools.reading import EMPTY, LABELS, ReadSample, choice_text, learn_choice, read_sample
from tools.truth import agreement, agreement_in_place, lines_in_place, true_lines, without_letter
from xo_cnn.catalogue import READING, installed
from xo_cnn.convolution import Convolve
from xo_cnn.images.choice import Choice, installed_choice
from xo_cnn.images.picture import Picture
from xo_cnn.images.readings import KINDS, MEASURES, rounds
from xo_cnn.images.view import View
from xo_cnn.letters.samples import draw
from xo_cnn.network import Network
from xo_cnn.pooling import Pool

XO = Network.load("xo")


@pytest.fixture(scope="module")
def read() -> list[ReadSample]:
    """The readings of sixty drawn samples, twenty of them of letters that something touches."""
    return [read_sample(number) for number in (*range(40), *range(10_000, 10_020))]


def test_most_samples_have_a_right_reading(read: list[ReadSample]) -> None:
    """Letters are found by at least one reading, and nothing is right where the letter was painted over."""
    found = [one.right.max(initial=0) >= 0.75 for one in read]
    assert sum(found) >= 45
    assert not any(found[EMPTY - 1 :: EMPTY])
    assert all(one.measures.shape == (len(one.grids), len(MEASURES)) for one in read)


def test_what_is_learned_tells_right_readings_from_wrong_ones(read: list[ReadSample]) -> None:
    """On the samples it learned from, the chosen reading is right wherever one is, but for a few; twice is the same."""
    choice = learn_choice(read, XO.features, steps=100)
    assert choice_text(choice, "") == choice_text(learn_choice(read, XO.features, steps=100), "")
    right = [one.right[np.argmax(scores(choice, one))] for one in read if one.right.max(initial=0) >= 0.75]
    assert np.mean(np.array(right) >= 0.75) >= 0.85


def scores(choice: Choice, one: ReadSample) -> list[float]:
    """The votes of each reading, added up by hand from the file's steps and pooled maps."""
    network = Network("choice", 16, (Convolve(choice.features), Pool()), LABELS, choice.votes)
    totals = []
    for grid, measures, erased in zip(one.grids, one.measures, one.erased, strict=True):
        steps = [
            choice.measures[name][1 + erased][sum(value >= begin for begin in choice.measures[name][0])]
            for name, value in zip(MEASURES, measures, strict=True)
        ]
        votes = network.classify(grid).votes
        totals.append(sum(steps) + np.logaddexp.reduce([votes[label] + choice.always[label] for label in LABELS]))
    return totals


def test_the_score_is_the_sum_of_the_votes() -> None:
    """What is added up fast is what the network's own layers and the steps of the file give."""
    choice = installed_choice()
    erased = 0
    for number in (0, 1, 2, 10_000, 10_001):
        one = read_sample(number)
        view = View(sample("XO"[number % 2], number, None if number < 10_000 else "board").picture)
        found = [reading for each in rounds(view) for reading in each]
        one = ReadSample(
            0,
            np.array([reading.grid for reading in found]),
            np.array([list(reading.measures().values()) for reading in found]),
            *([np.zeros(len(found))] * 2),
            np.array([reading.erased for reading in found]),
        )
        np.testing.assert_allclose([choice.score(reading) for reading in found], scores(choice, one), atol=1e-4)
        erased += one.erased.sum()
    assert erased


def test_the_installed_choice_is_its_file() -> None:
    """Reading the file and writing it again gives the same votes, and cells that mirroring exchanges vote alike."""
    choice = installed_choice()
    text = (Path(installed()) / READING).read_text()
    about = text.splitlines()[0].removeprefix("# ")
    assert choice_text(choice, about) == text
    assert set(choice.measures) == set(MEASURES)
    for name, kinds in KINDS.items():
        assert len(choice.measures[name][1]) == len(kinds)
    votes = dict(zip([feature.name for feature in choice.features], choice.votes["X"], strict=True))
    assert (votes["diag"] == votes["anti"][::-1]).all()
    assert (votes["cross"] == votes["cross"].T).all()


def test_agreement_in_place_forgives_lost_ends_and_no_frame() -> None:
    """An X with its ends cut off agrees where it lies; with a ring round it, it does not."""
    ink = np.pad(draw("X", size=60, thickness=0.1) < 128, 4)
    drawn = sample("X", 0)
    middle = np.hypot.outer(np.arange(68) - 33.5, np.arange(68) - 33.5)
    for cut, right in ((ink & (middle < 30), True), (ink | (abs(middle - 31) < 1.5), False)):
        picture = Picture(np.where(cut, np.uint8(0), np.uint8(255)))
        view = View(picture)
        agreed = agreement_in_place(next(next(rounds(view))), lines_in_place(view, replace(drawn, ink=ink)))
        assert (agreed >= 0.85) == right


def test_agreement_asks_both_ways() -> None:
    """A part of the lines agrees with the whole no more than the whole with it; a cell beside a line is near enough."""
    line = np.zeros((9, 9), dtype=bool)
    line[4] = True
    assert agreement(line, np.roll(line, 1, axis=0)) == 1
    assert agreement(line, np.roll(line, 3, axis=0)) == 0
    part = line & (np.arange(9) < 3)
    assert agreement(part, line) == agreement(line, part) == pytest.approx(4 / 9)


def test_a_letter_is_painted_over_in_what_lies_around_it() -> None:
    """On flat paper nothing is left of it."""
    for seed in range(20):
        drawn = sample("O", seed, "typeface")
        rest = without_letter(drawn)
        assert rest.levels.shape == drawn.ink.shape
        assert true_lines(drawn, 16).shape == (16, 16)
    clean = draw("X", size=40, thickness=0.1)
    flat = without_letter(type(drawn)(Picture(clean), clean < 250, "plain"))
    assert (flat.levels == 255).all()
