"""Build the documentation, a folder that any static host serves: python docs/build.py [FOLDER]; --man for the man page.

The lesson is the front page; the reference is made by Sphinx from docstrings and help texts, warnings being errors.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent
MAN_PAGE = DOCS / "xo-cnn.1"
LINK = '<p style="text-align:center"><a href="reference.html">Reference of the commands and of the Python API</a></p>'


def sphinx(builder: str, folder: Path) -> None:
    """Run one of Sphinx's builders; raises CalledProcessError on any warning."""
    with tempfile.TemporaryDirectory() as doctrees:
        command = ["-m", "sphinx", "-q", "-W", "--keep-going", "-b", builder, "-d", doctrees, DOCS, folder]
        subprocess.run([sys.executable, *command], check=True, cwd=ROOT)


def site(folder: Path) -> None:
    """Write the lesson and the reference into a folder."""
    sphinx("html", folder)
    lesson = folder / "index.html"
    xo_cnn = [sys.executable, "-m", "xo_cnn", "explain", ROOT / "sample_images" / "x.png", "--network", "article"]
    subprocess.run([*xo_cnn, "--output", lesson], check=True, cwd=ROOT)
    lesson.write_text(lesson.read_text().replace("</body>", LINK + "</body>"))


def man_page(target: Path = MAN_PAGE) -> None:
    """Write the man page of all commands."""
    with tempfile.TemporaryDirectory() as folder:
        sphinx("man", Path(folder))
        shutil.copyfile(Path(folder) / "xo-cnn.1", target)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DOCS / "site")
    parser.add_argument("--man", action="store_true", help="write docs/xo-cnn.1 instead")
    given = parser.parse_args()
    man_page() if given.man else site(given.folder)
