"""Shell completion: commands, options, and the names of installed features and networks."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from conftest import ROOT


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("xo-cnn clas", "classify"),
        ("xo-cnn convolve --feature dia", "diag"),
        ("xo-cnn vote --network art", "article"),
        ("xo-cnn pool --win", "--window"),
        ("xo-cnn grid --ink au", "auto"),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes(shell: str, words: str, wanted: str) -> None:
    """What is half typed is completed from what there is."""
    last = words.split()[-1]
    count = str(len(words.split()) - 1)
    environment = {"_XO_CNN_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    if shell == "fish":
        environment["COMP_CWORD"] = last
    ended = subprocess.run(
        [sys.executable, "-m", "xo_cnn"], env=environment, capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert wanted in re.split(r"[,\t\n]", ended.stdout), ended


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_gets_its_script(shell: str) -> None:
    """The line of the README prints a script that names the program."""
    ended = subprocess.run(
        [sys.executable, "-c", "from xo_cnn.cli import main; main()"],
        env={"_XO_CNN_COMPLETE": f"{shell}_source", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert "xo-cnn" in ended.stdout, ended.stderr
