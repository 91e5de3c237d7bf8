"""Learning to choose: the readings of drawn samples, and votes that tell the right one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tools.mix import sample
from tools.reading import EMPTY, ReadSample, choice_text, learn_choice, read_samples
from tools.truth import agreement, true_lines, without_letter
from xo_cnn.catalogue import READING, installed
from xo_cnn.convolution import Convolve
from xo_cnn.images.choice import Choice, installed_choice
from xo_cnn.images.fit import rounds
from xo_cnn.images.picture import Picture
from xo_cnn.images.readings import KINDS, MEASURES
from xo_cnn.images.view import View
from xo_cnn.letters.samples import draw
from xo_cnn.network import Network
from xo_cnn.pooling import Pool

FEATURES = Network.load("xo").features


@pytest.fixture(scope="module")
def read() -> list[ReadSample]:
    """The readings of sixty drawn samples."""
    return read_samples(range(60))


def test_most_samples_have_a_right_reading(read: list[ReadSample]) -> None:
    """Letters are found by at least one reading, and nothing is right where the letter was painted over."""
    found = [one.right.max(initial=0) >= 0.75 for one in read]
    assert sum(found) >= 45
    assert not any(found[EMPTY - 1 :: EMPTY])
    assert all(one.measures.shape == (len(one.grids), len(MEASURES)) for one in read)


def test_what_is_learned_tells_right_readings_from_wrong_ones(read: list[ReadSample]) -> None:
    """On the samples it learned from, the chosen reading is right wherever one is, but for a few; twice is the same."""
    choice = learn_choice(read, FEATURES, steps=100)
    assert choice_text(choice, "") == choice_text(learn_choice(read, FEATURES, steps=100), "")
    right = [one.right[np.argmax(scores(choice, one))] for one in read if one.right.max(initial=0) >= 0.75]
    assert np.mean(np.array(right) >= 0.75) >= 0.85


def scores(choice: Choice, one: ReadSample) -> list[float]:
    """The votes of each reading, added up by hand from the file's steps and pooled maps."""
    votes = {"letter": choice.votes, "neither": tuple(-part for part in choice.votes)}
    network = Network("choice", 16, (Convolve(choice.features), Pool()), ("letter", "neither"), votes)
    totals = []
    for grid, measures in zip(one.grids, one.measures, strict=True):
        steps = [
            choice.measures[name][1][sum(value >= begin for begin in choice.measures[name][0])]
            for name, value in zip(MEASURES, measures, strict=True)
        ]
        totals.append(choice.always + sum(steps) + network.classify(grid).votes["letter"])
    return totals


def test_the_score_is_the_sum_of_the_votes() -> None:
    """What is added up fast is what the network's own layers and the steps of the file give."""
    choice = installed_choice()
    for seed in range(6):
        view = View(sample("X", seed).picture)
        looks = [look for each in rounds(view) for look in each]
        measures = np.array([list(look.measures().values()) for look in looks])
        grids = np.array([look.grid for look in looks])
        none = np.zeros(len(looks))
        by_hand = scores(choice, ReadSample(grids, measures, none, none > 0))
        np.testing.assert_allclose([choice.score(look) for look in looks], by_hand, atol=1e-4)


def test_the_installed_choice_is_its_file() -> None:
    """Reading the file and writing it again gives the same votes, and cells that mirroring exchanges vote alike."""
    choice = installed_choice()
    text = (Path(installed()) / READING).read_text()
    about = text.splitlines()[0].removeprefix("# ")
    assert choice_text(choice, about) == text
    assert set(choice.measures) == set(MEASURES)
    for name, kinds in KINDS.items():
        assert len(choice.measures[name][1]) == len(kinds)
    votes = dict(zip([feature.name for feature in choice.features], choice.votes, strict=True))
    assert (votes["diag"] == votes["anti"][::-1]).all()
    assert (votes["cross"] == votes["cross"].T).all()


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
