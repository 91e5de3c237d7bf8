"""What is built: a wheel and an sdist that hold what they should, the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipapp
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

pytest.importorskip("hatchling", reason="the build backend is not installed")
pytest.importorskip("hatch_fancy_pypi_readme", reason="the build backend's plugin for the README is not installed")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A wheel and an sdist of this folder, built offline."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", folder], cwd=ROOT, check=True, capture_output=True
    )
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


# What people's tools leave in a clone, which is nobody's business to ship.
LEFT = ("xo_cnn/grid.py~", "xo_cnn/.grid.py.swp", "xo_cnn/.ipynb_checkpoints/grid-checkpoint.py", "features/#diag.txt#")
LEFT += (
    "features/.DS_Store",
    "tests/test_grid.py.orig",
    "docs/conf.py.bak",
    "env/lib/site.py",
    "build/lib/xo_cnn/grid.py",
)


def tracked(*parts: str) -> set[str]:
    """The files of some folders, without what tools leave in them."""
    paths = (path.relative_to(ROOT) for part in parts for path in (ROOT / part).rglob("*") if path.is_file())
    kept = (
        path
        for path in paths
        if not any(re.match(r"__pycache__|\.(?!ci$)|#|.*(~|\.bak|\.orig|\.rej)$", one) for one in path.parts)
    )
    return {path.as_posix() for path in kept}


def test_what_lies_in_a_clone_beside_it_is_not_built(built: tuple[Path, Path], tmp_path: Path) -> None:
    """An environment of any name, what an editor keeps, and the folder of another build: the same files as without."""
    with tarfile.open(built[1]) as archive:
        archive.extractall(tmp_path, filter="data")
    (clone,) = tmp_path.iterdir()
    for name in LEFT:
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text("left")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", "out"], cwd=clone, check=True, capture_output=True
    )
    names = set(zipfile.ZipFile(next((clone / "out").glob("*.whl"))).namelist())
    assert names == set(zipfile.ZipFile(built[0]).namelist())
    with tarfile.open(next((clone / "out").glob("*.tar.gz"))) as again, tarfile.open(built[1]) as archive:
        assert sorted(again.getnames()) == sorted(archive.getnames())


def test_a_wheel_holds_the_package_and_all_features(built: tuple[Path, Path]) -> None:
    """Modules, py.typed, the page, every feature and network; no tests and no pictures."""
    names = set(zipfile.ZipFile(built[0]).namelist())
    content = {name for name in names if ".dist-info/" not in name}
    shipped = {name.replace("features/", "xo_cnn/shipped/", 1) for name in tracked("features")}
    man_page = next(name for name in content if name.endswith("/data/share/man/man1/xo-cnn.1"))
    assert content == tracked("xo_cnn") | shipped | {man_page}
    assert "xo_cnn/py.typed" in content
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_an_sdist_holds_all_that_is_needed_to_build_and_test(built: tuple[Path, Path]) -> None:
    """The package, its tests, samples, features and benchmarks, and the papers."""
    with tarfile.open(built[1]) as archive:
        names = {member.name.split("/", 1)[1] for member in archive.getmembers() if member.isfile()}
    papers = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE"}
    papers |= {"pyproject.toml", "PKG-INFO", ".gitignore"}
    folders = tracked("xo_cnn", "features", "sample_images", "tests", "tools", "benchmarks", "docs", ".ci")
    assert names == folders | papers


def test_the_same_files_give_the_same_bytes(built: tuple[Path, Path], tmp_path: Path) -> None:
    """Anyone can build it again and compare."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", tmp_path], cwd=ROOT, check=True, capture_output=True
    )
    for path in built:
        again = tmp_path / path.name
        assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(path.read_bytes()).digest()


def test_a_package_index_gets_a_readme_without_what_it_does_not_have(built: tuple[Path, Path]) -> None:
    """The pictures' descriptions instead of the pictures, and no link to a file; all other text is the README's."""
    wheel = zipfile.ZipFile(built[0])
    metadata = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    description = wheel.read(metadata).decode().split("\n\n", 1)[1]
    readme = (ROOT / "README.md").read_text()
    assert "<img" not in description
    assert not re.findall(r"\]\((?!https?:)", description)
    for alt in re.findall('alt="([^"]+)"', readme):
        assert f"*{alt}.*" in description
    kept = [line for line in readme.splitlines() if "](" not in line and "<img" not in line]
    assert [line for line in kept if line not in description] == []


@pytest.fixture(scope="module")
def unpacked(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as an installer unpacks it."""
    folder = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(built[0]).extractall(folder)
    return folder


@pytest.fixture(scope="module")
def application(unpacked: Path) -> Path:
    """The wheel as one file that Python runs."""
    target = unpacked.with_suffix(".pyz")
    zipapp.create_archive(unpacked, target, main="xo_cnn.cli:run")
    return target


def ran(folder: Path, *args: str | Path) -> tuple[bytes, bytes]:
    """What Python prints and complains of, in a folder from which this clone is not found."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run([sys.executable, *args], cwd=folder, env=environment, capture_output=True, check=False)
    return ended.stdout, ended.stderr


def test_an_installed_wheel_finds_its_features_from_anywhere(unpacked: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere and run from an unrelated folder, it classifies with its own network."""
    script = "import sys; sys.path.insert(0, sys.argv.pop(1)); from xo_cnn.cli import main; main()"
    image = ROOT / "sample_images" / "x.png"
    assert ran(tmp_path, "-c", script, unpacked, "classify", image) == (b"X\n", b"")


def test_a_zip_application_does_all_that_a_wheel_does(application: Path, tmp_path: Path) -> None:
    """Features, networks, readings and the page lie inside; workers start from it; errors stay one line."""
    x, o = (ROOT / "sample_images" / f"{name}.png" for name in "xo")
    assert ran(tmp_path, application, "classify", "-n", "article", x) == (b"X\n", b"")
    assert ran(tmp_path, application, "classify", "-q", "--jobs", "2", x, o) == (f"X\t{x}\nO\t{o}\n".encode(), b"")
    assert ran(tmp_path, application, "classify", "-q", x, o, "-o", "verdicts.csv") == (b"", b"")
    assert ran(tmp_path, application, "features")[0].splitlines()[0] == b"anti\t3x3\t..#/.#./#.."
    assert ran(tmp_path, application, "convolve", x, "-F", "diag", "--pool", "7") == (b"# diag\n1\n", b"")
    assert ran(tmp_path, application, "explain", x, "-n", "article", "-o", "lesson.html") == (b"", b"")
    assert "window.lesson" in (tmp_path / "lesson.html").read_text()
    output, errors = ran(tmp_path, application, "vote", "-n", "artcle")
    assert (output, errors.count(b"\n")) == (b"", 1)
    assert b"did you mean article?" in errors


HELP = """
import click
from xo_cnn.cli import COMMANDS, cli
context = click.Context(cli, info_name="xo-cnn")
for command in (cli, *(cli.get_command(context, name) for name in COMMANDS)):
    print(command.get_help(click.Context(command, context, command.name)))
"""


def test_help_survives_without_docstrings_and_asserts(unpacked: Path) -> None:
    """`python -OO` leaves both out."""
    output, errors = ran(unpacked, "-OO", "-c", HELP)
    assert (output, errors) == ran(unpacked, "-c", HELP)
    assert b"Shrink MAPS, or an image: step a window across each map" in output


def test_verdicts_survive_without_docstrings_and_asserts(unpacked: Path, tmp_path: Path) -> None:
    """Results and errors are the same under `python -OO`."""
    x, bad = ROOT / "sample_images" / "x.png", tmp_path / "bad.png"
    bad.write_bytes(b"")
    for words in (["classify", "--votes", x, bad], ["explain", x, "-n", "article"], ["convolve", x, "-F", "dig"]):
        assert ran(unpacked, "-OO", "-m", "xo_cnn", *words) == ran(unpacked, "-m", "xo_cnn", *words)


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_man_finds_the_page_of_an_environment(built: tuple[Path, Path], tmp_path: Path) -> None:
    """`man` looks in share/man beside the bin folders of the PATH, and a virtual environment's is one of them."""
    venv.create(tmp_path / "env", symlinks=True)
    wheel = zipfile.ZipFile(built[0])
    page = next(name for name in wheel.namelist() if name.endswith("xo-cnn.1"))
    target = tmp_path / "env" / page.partition("/data/")[2]
    target.parent.mkdir(parents=True)
    target.write_bytes(wheel.read(page))
    environment = os.environ | {"PATH": f"{tmp_path / 'env' / 'bin'}:{os.environ['PATH']}"}
    environment.pop("MANPATH", None)
    ended = subprocess.run(["man", "-w", "xo-cnn"], env=environment, capture_output=True, text=True, check=False)
    assert ended.stdout.strip() == str(target), ended.stderr
