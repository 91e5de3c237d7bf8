"""Run the lines of docs/numbers.rst, which run a network file in PyTorch, beside `Network.classify`; needs torch.

Usage: python benchmarks/pytorch_network.py [GRIDS], so many random grids for each installed network (default: 100)
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np

from xo_cnn import Network

ROOT = Path(__file__).parent.parent


def lines() -> dict[str, Any]:
    """What the page's lines define."""
    page = (ROOT / "docs" / "numbers.rst").read_text()
    block = re.search(r"^\.\. code-block:: python\n\n(.*?)^\S", page, re.MULTILINE | re.DOTALL)
    assert block is not None
    defined: dict[str, Any] = {}
    exec(textwrap.dedent(block[1]), defined)
    return defined


def main(count: int) -> None:
    """Print the largest difference of any vote, for each network."""
    votes, dice = lines()["votes"], np.random.default_rng(0)
    for file in sorted((ROOT / "features").glob("*.toml")):
        if "[[layers]]" not in file.read_text():
            continue  # the choice of a reading
        network = Network.load(file)
        grids = dice.choice([-1, 1], (count, network.side, network.side))
        pairs = [(votes(file, grid), network.classify(grid).votes) for grid in grids]
        most = max(abs(theirs[label] - ours[label]) for theirs, ours in pairs for label in ours)
        print(f"{file.stem}: {count} grids, votes differ by at most {most:.1e}")
        assert most < 1e-5


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
