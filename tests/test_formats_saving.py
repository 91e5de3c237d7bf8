"""Saving: a file is written whole or not at all."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from xo_cnn.errors import OutputError
from xo_cnn.formats.saving import save


def test_a_file_appears_whole_with_the_usual_mode(tmp_path: Path) -> None:
    """Nothing else is left in the folder."""
    mask = os.umask(0o027)
    try:
        save(tmp_path / "a", lambda stream: stream.write(b"whole") and None)
    finally:
        os.umask(mask)
    assert (tmp_path / "a").read_bytes() == b"whole"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError("bug")])
def test_an_interrupted_save_leaves_the_old_file(tmp_path: Path, error: BaseException) -> None:
    """A full disk, Ctrl-C, a mistake: the old bytes stay, and no temporary file."""
    target = tmp_path / "a"
    target.write_bytes(b"old")

    def half(stream: object) -> None:
        stream.write(b"ne")  # type: ignore[attr-defined]
        raise error

    with pytest.raises((OutputError, KeyboardInterrupt, ValueError)):
        save(target, half)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_replaced_file_keeps_its_mode_and_a_link_its_target(tmp_path: Path) -> None:
    """What a link points at is replaced, not the link."""
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    target.chmod(0o604)
    link.symlink_to(target)
    save(link, lambda stream: stream.write(b"new") and None)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o604


def test_devices_are_written_directly() -> None:
    """/dev/null stays a device, and a full one is an error."""
    save("/dev/null", lambda stream: stream.write(b"x") and None)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    with pytest.raises(OutputError, match="/dev/full: cannot be written: No space left"):
        save("/dev/full", lambda stream: stream.write(b"x" * 100_000) and None)


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    """A folder, a missing folder: one line that names the path."""
    with pytest.raises(OutputError, match="is a folder"):
        save(tmp_path, lambda stream: None)
    with pytest.raises(OutputError, match=r"a: cannot be written: No such file"):
        save(tmp_path / "missing" / "a", lambda stream: None)


def test_two_writers_leave_one_whole_file(tmp_path: Path) -> None:
    """Whoever comes last wins; no bytes of the two are ever mixed."""
    target = tmp_path / "a"

    def write(letter: bytes) -> None:
        for _ in range(20):
            save(target, lambda stream: stream.write(letter * 50_000) and None)

    writers = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(set(target.read_bytes())) == 1
    assert target.stat().st_size == 50_000
