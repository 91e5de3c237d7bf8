"""Recognising a format by the first bytes of a file, never by its name."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import Literal

NPY = b"\x93NUMPY"
# How the usual pictures begin: to say so where numbers belong, never to read them.
PICTURES = (b"\x89PNG", b"\xff\xd8", b"GIF8", b"BM", b"II*", b"MM\0*", b"RIFF", b"P4", b"P5", b"P6", b"#define ")
HEAD = 256  # bytes that `sniff` needs at most

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# Control characters, which the first bytes of a picture may have but text does not.
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_WIDE = re.compile(rb"(?:[-+.,;0-9# \t\r\n\[{]\0){2,}|(?:\0[-+.,;0-9# \t\r\n\[{]){2,}")


def sniff(head: bytes) -> Literal["text", "json", "npy", "npz"] | None:
    r"""Recognise a format by the first `HEAD` bytes of a file; None for a picture, or for anything else.

    csv counts as text, and so do blanks alone, and UTF-16, which the reader of text refuses with a remedy.

    >>> sniff(b"# diag"), sniff(b'{"name": '), sniff(b"GIF89a"), sniff(b"#define x_width 9\n")
    ('text', 'json', None, None)
    """
    if head.startswith(NPY):
        return "npy"
    if head.startswith(_ZIP):
        return "npz"
    if wide(head):
        return "text"
    text = head.removeprefix(BOM_UTF8).lstrip()
    if _CONTROL.search(head[:18]) or text.startswith(PICTURES):
        return None
    if text[:1] in (b"{", b"["):
        return "json"
    first_word = re.split(rb"[\s,;]", text, maxsplit=1)[0].strip(b'"')
    only_blanks = len(head) - len(text) > 200  # the first number may lie beyond the head
    return "text" if text[:1] == b"#" or only_blanks or not first_word or _is_number(first_word) else None


def _is_number(word: bytes) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def wide(head: bytes) -> str:
    r"""The encoding of text whose characters have two or four bytes, and else nothing.

    >>> wide(b"\xff\xfe1\0"), wide(b"\0\0\xfe\xff"), wide(b"1\0 \0-\x001\0"), wide(b"1 -1")
    ('UTF-16', 'UTF-32', 'UTF-16', '')
    """
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    return "UTF-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _WIDE.match(head) else ""
