"""What the tests share: the text's numbers, and a way to run one command in this process."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does: without threads, workers are forked

import numpy as np
import pytest
from hypothesis import settings

from xo_cnn import cli

ROOT = Path(__file__).parent.parent
settings.register_profile("no deadline", deadline=None)  # a busy machine is not a fault
settings.load_profile("no deadline")


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
