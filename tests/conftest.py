"""What the tests share: the text's numbers, and a way to run one command in this process."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does: without threads, workers are forked

import numpy as np
import pytest
from hypothesis import settings

from xo_cnn import cli

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # for tools/, which no wheel has
# A busy machine is not a fault, and the same commit passes or fails the same way every time.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@dataclass(frozen=True)
class Ran:
    """What a command left: its status, its standard output, and its standard error."""

    status: int
    output: bytes
    errors: str

    @property
    def text(self) -> str:
        return self.output.decode()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run one command line in this process, with bytes on its standard input."""

    def call(*args: str | Path, stdin: bytes = b"") -> Ran:
        output, errors = io.BytesIO(), io.StringIO()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(output, write_through=True))
        monkeypatch.setattr(sys, "stderr", errors)
        with pytest.raises(SystemExit) as ended:
            cli.main([str(arg) for arg in args])
        status = ended.value.code
        assert isinstance(status, int)
        return Ran(status, output.getvalue(), errors.getvalue())

    return call


@pytest.fixture(scope="session")
def article() -> dict[str, Any]:
    """The numbers in the text's figures."""
    numbers: dict[str, Any] = json.loads((ROOT / "tests" / "article.json").read_text())
    return numbers


@pytest.fixture
def samples() -> Path:
    """The folder of the sample images."""
    return ROOT / "sample_images"


def one_line_error(ran: Ran, status: int = 1) -> str:
    """The one clear line that bad input gets, with nothing on standard output."""
    assert ran.status == status
    assert ran.output == b""
    assert "Traceback" not in ran.errors
    lines = ran.errors.splitlines()
    assert len(lines) == (2 if status == 2 else 1), ran.errors
    return lines[0]


def png(cells: Any) -> bytes:
    """A PNG of the cells of a ±1 grid, a pixel each."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(np.where(np.array(cells) > 0, 255, 0).astype(np.uint8)).save(stream, "PNG")
    return stream.getvalue()


NO_CHROMIUM = "no chromium on the PATH"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in one line what the page's tests need, where they were skipped."""
    skipped = [one for one in terminalreporter.stats.get("skipped", []) if NO_CHROMIUM in str(one.longrepr)]
    if skipped:
        terminalreporter.write_line(
            f"{len(skipped)} tests of the page skipped, {NO_CHROMIUM}: apt install chromium, or brew install chromium"
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window, or a skip that says what is missing."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip(NO_CHROMIUM)
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright, which drives chromium, is missing")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with playwright.sync_playwright() as driver:
        instance = driver.chromium.launch(executable_path=chromium, args=flags)
        yield instance
        instance.close()


@pytest.fixture(scope="session")
def contexts(browser: Any) -> Iterator[dict[str, Any]]:
    """The browser's contexts by their settings: a new page is cheap, a new context is not."""
    shared: dict[str, Any] = {}
    yield shared
    for context in shared.values():
        context.close()


@pytest.fixture
def opened(browser: Any, contexts: dict[str, Any], tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Open a walk's page; a script error, a console message or a request to anywhere fails the test."""
    from xo_cnn.drawing.page import lesson_page

    pages, troubles = [], []

    def open_page(told: Any, hash: str = "", **options: Any) -> Any:
        settings = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **options}
        key = repr(sorted(settings.items()))
        if key not in contexts:
            contexts[key] = browser.new_context(**settings)
        page = contexts[key].new_page()
        pages.append(page)
        page.set_default_timeout(5000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text))
        page.on("dialog", lambda dialog: troubles.append(dialog.message))
        page.on("request", lambda asked: asked.url.startswith(("file:", "blob:")) or troubles.append(asked.url))
        file = tmp_path / "lesson.html"
        file.write_text(lesson_page(told), encoding="utf-8")
        page.goto(file.as_uri() + hash)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert troubles == []


@pytest.fixture
def page(opened: Callable[..., Any]) -> Any:
    """The page of the article's network on the saved X."""
    from page_driver import ARTICLE, X

    from xo_cnn.walk.explaining import explain

    return opened(explain(X, ARTICLE))
