"""Names from elsewhere: harmless as files, and in every encoding."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from xo_cnn.words import file_name, json_text

HARMFUL = [
    "../../a",
    "..\\..\\a",
    "/etc/passwd",
    ".hidden",
    "a\x1b[2J\nb",
    "C:evil",
    "con",
    "LPT1.txt",
    "a" * 5000,
    "é" * 300,
]
HARMFUL += ["字" * 200, "caf\udce9", "\ud800", "", "...", " . ", "a. ", "\u202etxt.exe", "-rf"]


@pytest.mark.parametrize("name", HARMFUL)
def test_any_name_makes_a_file_in_the_folder_itself_or_none(name: str, tmp_path: Path) -> None:
    """No folder above, no hidden file, no device, and not too many bytes for a file system."""
    safe = file_name(name)
    assert len(os.fsencode(safe)) <= 100
    assert not safe.startswith(".")
    assert safe.partition(".")[0].lower() not in ("con", "lpt1")
    if safe:
        (tmp_path / f"{safe}.png").write_bytes(b"")
        assert [path.name for path in tmp_path.iterdir()] == [f"{safe}.png"]


def test_a_name_is_cut_between_characters() -> None:
    """A file's name is counted in bytes, and none of its characters is halved."""
    assert file_name("字" * 200) == "字" * 33
    assert file_name("diag") == "diag"


@pytest.mark.parametrize("name", [*HARMFUL, "\udce9\udcff", "\U0001f600"])
def test_strict_readers_of_json_take_any_name(name: str) -> None:
    """ASCII, and no surrogate without its other half."""
    text = json_text({"name": [name, 0.1]})
    assert text.isascii()
    back, number = json.loads(text)["name"]
    assert back.encode() == name.encode("utf-8", "replace").replace(b"?", "\ufffd".encode())
    assert number == 0.1
