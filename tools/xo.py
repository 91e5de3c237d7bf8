"""Learn the default network's votes from drawn samples of every kind.

python -m tools.xo    makes features/xo.toml again
"""

from __future__ import annotations

from dataclasses import replace
from os.path import join

import numpy as np

from tools.mix import KINDS, sample
from tools.truth import WRONG, agreement, true_lines
from xo_cnn.catalogue import installed
from xo_cnn.formats.saving import save_text
from xo_cnn.grid import Array
from xo_cnn.images.fit import fit
from xo_cnn.learning.training import held_out, train
from xo_cnn.network import Network

SAMPLES = 4000  # of each label
# All kinds in turn but running hands: a tenth of other kinds is cursive too, and more of it costs print and pens.
TAUGHT = [kind for kind, (weight, _) in KINDS.items() if weight and kind != "cursive"]


def wild_grids(count: int, side: int, seed: int = 0, taught: bool = True) -> tuple[Array, list[str]]:
    """Draw `count` X's and as many O's of every kind and fit them.

    If `taught`, a misread one has the lines of its true ink, unless it is held out: those are what the program sees.
    """
    answers = ["X", "O"] * count
    grids = np.empty((2 * count, side, side), dtype=np.int8)
    as_seen = held_out(answers) | (not taught)
    for number, answer in enumerate(answers):
        drawn = sample(answer, seed + number // 2, TAUGHT[number // 2 % len(TAUGHT)])
        grids[number] = fit(drawn.picture, side).grid
        lines = true_lines(drawn, side)
        if not as_seen[number] and agreement(grids[number] > 0, lines) < WRONG:
            grids[number] = np.where(lines, 1, -1)
    return grids, answers


def main() -> None:
    """Learn the votes and write the network's file."""
    network = Network.load("xo")
    grids, answers = wild_grids(SAMPLES, network.side)
    learned = train(grids, answers, network.features, network.layers[1:], name="xo", mirror=True)
    about = (
        f"Votes learned by python -m tools.xo from {2 * SAMPLES} drawn samples: {learned.learned} to learn from,\n"
        f"{learned.held_out} held out, of which {learned.right} are right."
    )
    save_text(join(installed(), "xo.toml"), replace(learned.network, saved={}).text(about))


if __name__ == "__main__":
    main()
