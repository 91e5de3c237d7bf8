"""Saving: a file is written whole or not at all."""

from __future__ import annotations

import io
import os
import stat
import threading
from pathlib import Path
from typing import BinaryIO

import pytest
from PIL import Image

from xo_cnn.errors import OutputError
from xo_cnn.formats import saving
from xo_cnn.formats.saving import identity, write_file


def test_a_file_appears_whole_with_the_usual_mode(tmp_path: Path) -> None:
    """Nothing else is left in the folder."""
    mask = os.umask(0o027)
    try:
        write_file(tmp_path / "a", lambda stream: stream.write(b"whole"))
    finally:
        os.umask(mask)
    assert (tmp_path / "a").read_bytes() == b"whole"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("error", [OSError(5, "broken input"), KeyboardInterrupt(), ValueError("bug"), SystemExit(143)])
def test_an_interrupted_save_leaves_the_old_file(tmp_path: Path, error: BaseException) -> None:
    """An input that breaks, Ctrl-C, a mistake: the old bytes stay, no temporary file, and the error as it was."""
    target = tmp_path / "a"
    target.write_bytes(b"old")

    def half(stream: BinaryIO) -> None:
        stream.write(b"ne")
        raise error

    with pytest.raises(type(error)) as raised:
        write_file(target, half)
    assert raised.value is error
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_is_an_error_of_the_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fails: to open, to write, to reach the disk, to replace."""
    target = tmp_path / "a"
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for function in ("fsync", "replace", "chmod"):
        with monkeypatch.context() as patch:
            patch.setattr(os, function, full)
            with pytest.raises(OutputError, match=r"a: cannot be written: No space left on device"):
                write_file(target, lambda stream: None)
        assert target.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [target]


def test_nothing_is_asked_of_the_system_that_some_systems_lack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has no fchmod and no owners."""
    for name in ("fchmod", "fchown", "chown", "geteuid", "O_DIRECTORY", "umask"):
        monkeypatch.delattr(os, name, raising=False)
    write_file(tmp_path / "a", lambda stream: stream.write(b"whole"))
    write_file(tmp_path / "a", lambda stream: stream.write(b"again"))
    assert (tmp_path / "a").read_bytes() == b"again"


def test_a_picture_that_cannot_be_written_names_the_cause(tmp_path: Path) -> None:
    """Pillow's encoders write as all others do."""
    picture = Image.new("RGB", (300, 300))
    write_file(tmp_path / "a.ppm", lambda stream: picture.save(stream, "PPM"))
    assert (tmp_path / "a.ppm").stat().st_size > 300 * 300 * 3
    with pytest.raises(OutputError, match="/dev/full: cannot be written: No space left"):
        write_file("/dev/full", lambda stream: picture.save(stream, "PPM"))


def test_a_read_only_file_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be written is not replaced either."""
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="a: cannot be written: the file is read-only"):
        write_file(tmp_path / "a", lambda stream: None)
    assert (tmp_path / "a").read_bytes() == b"old"


def test_names_as_long_as_the_system_takes_are_saved(tmp_path: Path) -> None:
    """The temporary file's name is no longer than the file's may be."""
    for name in ("a" * 255, "字" * 85):
        write_file(tmp_path / name, lambda stream: None)
    assert len(list(tmp_path.iterdir())) == 2


def test_one_file_is_known_by_all_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links of both kinds, relative and absolute paths, folders in between, and files that are not there yet."""
    monkeypatch.chdir(tmp_path)
    there = tmp_path / "there"
    there.write_bytes(b"")
    (tmp_path / "folder").mkdir()
    (tmp_path / "soft").symlink_to("there")
    (tmp_path / "dangling").symlink_to("new")
    os.link(there, tmp_path / "hard")
    (tmp_path / "other").symlink_to("folder")
    for name in ("there", "./there", "folder/../there", "soft", "hard", "other/../there"):
        assert identity(name) == identity(there), name
    for one, other in (("new", "./new"), ("dangling", tmp_path / "new"), ("folder/new", "other/new"), ("new", "NEW")):
        assert identity(one) == identity(other), one
    for name in ("new", "folder", "folder/there", "THERE/x", "\0", ""):
        assert identity(name) != identity(there), name


def test_a_replaced_file_keeps_its_mode_and_a_link_its_target(tmp_path: Path) -> None:
    """What a link points at is replaced, not the link."""
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    target.chmod(0o604)
    link.symlink_to(target)
    write_file(link, lambda stream: stream.write(b"new"))
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o604


def test_devices_are_written_directly() -> None:
    """/dev/null stays a device, and a full one is an error."""
    write_file("/dev/null", lambda stream: stream.write(b"x"))
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    with pytest.raises(OutputError, match="/dev/full: cannot be written: No space left"):
        write_file("/dev/full", lambda stream: stream.write(b"x" * 100_000))


def test_a_failing_close_is_an_error_of_the_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network file system may report a full disk only there; the file that failed is named, and the old one stays."""
    (tmp_path / "a").write_bytes(b"old")

    def failing(stream: saving._File) -> None:
        io.FileIO.close(stream)
        raise OSError(122, "Disk quota exceeded")

    monkeypatch.setattr(saving._File, "close", failing)
    with pytest.raises(OutputError, match=r"a: cannot be written: Disk quota exceeded"):
        write_file(tmp_path / "a", lambda stream: stream.write(b"new"))
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="needs open files that have paths")
def test_an_open_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """As /dev/stdout is, after `>> log`: what is in the log stays; also through a link to it."""
    log = tmp_path / "log"
    log.write_bytes(b"old\n")
    with log.open("ab") as stream:
        (tmp_path / "link").symlink_to(f"/dev/fd/{stream.fileno()}")
        for path in (f"/dev/fd/{stream.fileno()}", f"/proc/self/fd/{stream.fileno()}", tmp_path / "link"):
            write_file(path, lambda out: out.write(b"new\n"))
        assert not stream.closed
    assert log.read_bytes() == b"old\nnew\nnew\nnew\n"


def test_a_reader_that_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    """A pipe that is closed says so itself, as standard output does."""
    read, write = os.pipe()
    os.close(read)
    with pytest.raises(BrokenPipeError):
        write_file(f"/dev/fd/{write}", lambda stream: stream.write(b"x"))
    os.close(write)


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    """A folder, a missing folder: one line that names the path."""
    with pytest.raises(OutputError, match="is a folder"):
        write_file(tmp_path, lambda stream: None)
    with pytest.raises(OutputError, match=r"a: cannot be written: No such file"):
        write_file(tmp_path / "missing" / "a", lambda stream: None)


def test_two_writers_leave_one_whole_file(tmp_path: Path) -> None:
    """Whoever comes last wins; no bytes of the two are ever mixed."""
    target = tmp_path / "a"

    def write(letter: bytes) -> None:
        for _ in range(20):
            write_file(target, lambda stream: stream.write(letter * 50_000))

    writers = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(set(target.read_bytes())) == 1
    assert target.stat().st_size == 50_000
