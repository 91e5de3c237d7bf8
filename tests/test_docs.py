"""The documentation builds without a warning, says what `--help` says, and needs nothing but a static host."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from conftest import ROOT

import xo_cnn
from xo_cnn.cli import COMMANDS, cli


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `docs/build.py` makes."""
    pytest.importorskip("sphinx_click", reason="sphinx-click is not installed")
    folder = tmp_path_factory.mktemp("site")
    ended = subprocess.run(
        [sys.executable, ROOT / "docs" / "build.py", folder], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return folder


def commands() -> dict[str, click.Command]:
    """Every command by its name."""
    context = click.Context(cli)
    found = {name: cli.get_command(context, name) for name in COMMANDS}
    return {name: command for name, command in found.items() if command is not None}


def words(text: str) -> str:
    """A text without its spacing, hyphens and quotes, which every format writes its own way."""
    return re.sub(r"[^a-zA-Z0-9]+", " ", re.sub(r"&[#a-z0-9]+;|\\f.|\\\(..|<[^>]*>", " ", text)).strip()


def test_the_lesson_is_the_front_page_and_links_the_reference(site: Path) -> None:
    """A teacher who opens the folder meets the lesson; the reference is one click away."""
    front = (site / "index.html").read_text()
    assert "window.lesson" in front
    assert 'href="reference.html"' in front
    assert (site / "reference.html").exists()


@pytest.mark.parametrize("name", COMMANDS)
def test_reference_and_man_page_say_what_the_help_says(site: Path, name: str) -> None:
    """Every sentence on a command and on each of its options."""
    command = commands()[name]
    page = words((site / "commands.html").read_text())
    man = words((ROOT / "docs" / "xo-cnn.1").read_text().replace("\\-", "-"))
    texts = [command.help or "", *(param.help or "" for param in command.params if isinstance(param, click.Option))]
    for text in texts:
        for sentence in re.split(r"\s{2,}|\n\n", text.replace("\b", "")):
            assert words(sentence) in page, sentence
            assert words(sentence) in man, f"{sentence}: run `python docs/build.py --man`"


def test_the_reference_has_every_public_name(site: Path) -> None:
    """What can be imported from the package is documented."""
    page = (site / "python.html").read_text()
    for name in xo_cnn.__all__:
        assert f'id="xo_cnn.{name}"' in page, name
