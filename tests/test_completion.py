"""Shell completion: commands, options, and the names of installed features and networks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

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


# Each reads the README's line for its shell, presses Tab after the words, and prints what the shell then shows.
SHELLS = {
    "bash": """
        {line}
        COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
        function_of=$(complete -p xo-cnn | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        "$function_of" xo-cnn "${{COMP_WORDS[COMP_CWORD]}}"
        printf '%s\\n' "${{COMPREPLY[@]}}"
        """,
    "zsh": """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell 'autoload -Uz compinit; compinit -u -D; {line}; echo REA""DY'
        zpty -r shell shown '*READY*'
        zpty -w -n shell $'{words}\\t'
        zpty -r shell shown '*{wanted}*' && print -r -- "$shown"
        zpty -d shell
        """,
    "fish": """
        {line}
        complete -C '{words}'
        """,
}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [("xo-cnn clas", "classify"), ("xo-cnn convolve --feature dia", "diag"), ("xo-cnn pool --win", "--window")],
)
@pytest.mark.parametrize("shell", SHELLS)
def test_a_real_shell_completes(shell: str, words: str, wanted: str, tmp_path: Path) -> None:
    """Bash, zsh and fish themselves, started up with the line that the README gives."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    line = next(line for line in (ROOT / "README.md").read_text().splitlines() if f"{shell}_source xo-cnn" in line)
    line = line.partition("#")[0].strip()
    shim = tmp_path / "xo-cnn"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m xo_cnn "$@"\n')
    shim.chmod(0o755)
    script = tmp_path / "script"
    script.write_text(SHELLS[shell].format(line=line, words=words, wanted=wanted))
    environment = os.environ | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "TERM": "xterm",
    }
    ended = subprocess.run(
        [program, script], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert wanted in re.split(r"[\s\x1b]", ended.stdout), ended
