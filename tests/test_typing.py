"""Types: checkers tell one grid from several, as a strict reader of the docstrings' examples would."""

from __future__ import annotations

from pathlib import Path

from mypy import api

EXAMPLES = """
from typing import assert_type

import numpy as np

from xo_cnn import Map, Verdict, compare, convolve, load_feature, load_features, max_pool, vote

rows, array = [[1, -1], [-1, 1]], np.eye(3)
one = Map("diag", array)
assert_type(convolve(rows, rows), Map)
assert_type(convolve(array, load_feature("diag")), Map)
assert_type(convolve(one, load_features("features")), list[Map])
assert_type(convolve(one, (one, array, rows)), list[Map])
convolve(array, array).values
assert_type(max_pool(rows), Map)
assert_type(max_pool(convolve(one, [one]), 2, 2), list[Map])
max_pool(array)
assert_type(compare(rows, rows), int)
assert_type(compare(array, [one, array]), list[int])
assert_type(vote([one, one]), Verdict)
vote(np.ones((3, 2, 2)), "article").votes["X"]
"""


def test_types_are_inferred_without_a_word_more(tmp_path: Path) -> None:
    """One grid gives one result, a list a list; an array, which may be either, is taken as it is used."""
    (tmp_path / "examples.py").write_text(EXAMPLES)
    found, errors, status = api.run(["--strict", str(tmp_path / "examples.py")])
    assert (status, errors) == (0, ""), found
