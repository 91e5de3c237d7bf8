"""Evaluating from Python: a folder of labelled images gives the scores that the command prints."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from xo_cnn import evaluate
from xo_cnn.errors import ImageError


def test_the_scores_are_those_of_the_command(tmp_path: Path, samples: Path, run: Any) -> None:
    """The network's, and those of naive matching."""
    for label in ("X", "O"):
        (tmp_path / label).mkdir()
        for file in samples.glob(f"{label.lower()}*.png"):
            shutil.copy(file, tmp_path / label)
    scores = evaluate(tmp_path)
    told = json.loads(run("evaluate", tmp_path, "-f", "json").text)["methods"]
    assert [(score.method, score.right) for score in scores] == [(one["method"], one["right"]) for one in told]
    assert scores[0].method == "network xo"
    (tmp_path / "X" / "bad.png").write_bytes(b"broken")
    with pytest.raises(ImageError, match=r"bad\.png: "):
        evaluate(tmp_path, "article")
