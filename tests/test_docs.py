"""The documentation builds without a warning, says what `--help` says, and needs nothing but a static host."""

from __future__ import annotations

import doctest
import html
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


@pytest.mark.parametrize("page", ["howto", "numbers"])
def test_the_examples_of_a_page_hold(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are doctests, of which SciPy and NumPy are the judges."""
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "docs" / f"{page}.rst"), module_relative=False)
    assert (failed, tried > 4) == (0, True)


def test_what_people_copy_is_what_they_can_run(site: Path) -> None:
    """Two hyphens stay two, quotes stay straight, and examples are blocks of code."""
    for page in site.glob("*.html"):
        if page.name not in ("index.html", "search.html", "genindex.html", "py-modindex.html"):
            assert not re.findall("[–“”‘’]", page.read_text()), page
    commands = html.unescape(re.sub("<[^>]+>", "", "".join(CODE.findall((site / "commands.html").read_text()))))
    for example in ("xo-cnn classify --votes sample_images/*.png", '[ "$(xo-cnn classify letter.png)" = X ]'):
        assert example in commands


CODE = re.compile(r"<pre>.*?</pre>", re.DOTALL)


def test_the_site_has_the_pages_that_people_look_for(site: Path) -> None:
    """How to install it and to use it, what changed, and types by names that a person can read."""
    for page in ("install", "howto", "numbers", "scale", "changelog"):
        assert f'href="{page}.html"' in (site / "reference.html").read_text()
    assert "Unreleased" in (site / "changelog.html").read_text()
    assert not re.findall("_SupportsArray|ForwardRef|_NestedSequence", (site / "python.html").read_text())


def test_the_man_page_has_the_sections_of_one() -> None:
    """What is typed, and what the shell gets back."""
    page = (ROOT / "docs" / "xo-cnn.1").read_text()
    assert [page.count(f".SH {section}\n") for section in ("NAME", "SYNOPSIS", "EXIT STATUS")] == [1, 1, 1]


def test_the_reference_has_every_public_name(site: Path) -> None:
    """What can be imported from the package is documented."""
    page = (site / "python.html").read_text()
    for name in xo_cnn.__all__:
        assert f'id="xo_cnn.{name}"' in page, name
