"""What is built: a wheel and an sdist that hold what they should, the same bytes every time."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

pytest.importorskip("hatchling", reason="the build backend is not installed")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A wheel and an sdist of this folder, built offline."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", folder], cwd=ROOT, check=True, capture_output=True
    )
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


def tracked(*parts: str) -> set[str]:
    """The files of some folders, without what tools leave in them."""
    paths = (path for part in parts for path in (ROOT / part).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in paths if "__pycache__" not in path.parts}


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
    assert names == tracked("xo_cnn", "features", "sample_images", "tests", "benchmarks", "docs", ".ci") | papers


def test_the_same_files_give_the_same_bytes(built: tuple[Path, Path], tmp_path: Path) -> None:
    """Anyone can build it again and compare."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", tmp_path], cwd=ROOT, check=True, capture_output=True
    )
    for path in built:
        again = tmp_path / path.name
        assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(path.read_bytes()).digest()


def test_an_installed_wheel_finds_its_features_from_anywhere(built: tuple[Path, Path], tmp_path: Path) -> None:
    """Unpacked elsewhere and run from an unrelated folder, it classifies with its own network."""
    zipfile.ZipFile(built[0]).extractall(tmp_path / "site")
    (tmp_path / "elsewhere").mkdir()
    script = "import sys; sys.path.insert(0, sys.argv.pop(1)); from xo_cnn.cli import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "site", "classify", ROOT / "sample_images" / "x.png"],
        cwd=tmp_path / "elsewhere",
        capture_output=True,
        check=False,
    )
    assert (ended.stdout, ended.stderr) == (b"X\n", b"")


def test_it_type_checks_for_its_users(tmp_path: Path) -> None:
    """py.typed, and the public names with the types that their docstrings promise."""
    script = tmp_path / "user.py"
    script.write_text(
        "import numpy as np\n"
        "from xo_cnn import Map, Network, compare, convolve, load_feature, load_features, load_image, max_pool\n"
        "grid: Map = load_image('x.png')\n"
        "one: Map = max_pool(convolve(grid, load_feature('diag')), window=2, stride=2)\n"
        "several: list[Map] = max_pool(convolve(grid, load_features('features')))\n"
        "label: str = Network.load('xo').classify(grid)\n"
        "agree: int = compare(grid, np.ones((9, 9)))\n"
        "numbers = np.asarray(one)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
