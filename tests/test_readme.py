"""The README's examples show what really comes out.

A ```console block holds commands behind `$ ` and what they print; a ```python block is a doctest. After a change that
is meant, `python tests/test_readme.py` writes the outputs anew.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(block: str) -> list[tuple[str, str]]:
    """The commands of a block, each with the output that follows it; a command goes on after a backslash or a pipe."""
    found: list[tuple[str, str]] = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif found and not found[-1][1] and found[-1][0].rstrip().endswith(("\\", "|")):
            found[-1] = (found[-1][0] + line.removeprefix("> "), "")
        else:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


def printed(command: str, folder: Path) -> str:
    """What a command prints, in a folder with the clone's samples and features in it."""
    shim = folder / "bin" / "xo-cnn"
    if not shim.exists():
        shim.parent.mkdir()
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m xo_cnn "$@"\n')
        shim.chmod(0o755)
        for name in ("sample_images", "features"):
            (folder / name).symlink_to(ROOT / name)
    environment = {
        **os.environ,
        "PATH": f"{shim.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "80",
        "NO_COLOR": "1",
    }
    ended = subprocess.run(
        ["bash", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
    )
    return ended.stdout


def test_every_console_example_prints_what_the_readme_shows(tmp_path: Path) -> None:
    """In order and in one folder, so that one example may use what another wrote."""
    blocks = BLOCK.findall(README.read_text())
    assert len(blocks) >= 8
    for block in blocks:
        for command, expected in examples(block):
            assert printed(command, tmp_path) == expected, command


def test_every_python_example_is_a_doctest_that_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The API's examples too."""
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(README), module_relative=False)
    assert (failed, tried > 5) == (0, True)


def test_two_commands_do_all_the_set_up() -> None:
    """What .ci/run runs is what the README prints: two lines in one block, and no other step before them."""
    block = re.search(r"^```console two-commands\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    assert block is not None
    lines = block[1].splitlines()
    assert len(lines) == 2
    assert all(line.startswith("$ ") for line in lines)
    assert "console two-commands" in (ROOT / ".ci" / "run").read_text()


def test_every_command_and_every_file_that_is_named_exists() -> None:
    """Links and paths in the README lead somewhere."""
    text = README.read_text()
    for target in re.findall(r"\]\(([^)#]+)\)", text) + re.findall(r'src="([^"]+)"', text):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target
    from xo_cnn.cli import COMMANDS

    for command in COMMANDS:
        assert f"`{command}" in text or f"xo-cnn {command}" in text, command


def update() -> None:
    """Write every example's output anew."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:

        def anew(block: re.Match[str]) -> str:
            return "```console\n" + "".join(f"$ {c}{printed(c, Path(folder))}" for c, _ in examples(block[1])) + "```"

        walk = "xo-cnn explain sample_images/x_deformed.png --network article --only overview --format svg"
        (ROOT / "benchmarks" / "walk.svg").write_text(printed(walk, Path(folder)))
        README.write_text(BLOCK.sub(anew, README.read_text()))


if __name__ == "__main__":
    update()
