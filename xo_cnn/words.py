"""Words and numbers as people read them: signs, sizes, counts, and names that are harmless on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import basename, splitext


def signed(value: float, places: int = 2) -> str:
    """A number with its sign, rounded; what rounds to nothing has none.

    >>> signed(7 / 9), signed(-1 / 9), signed(-0.001), signed(1.0, 3)
    ('+0.78', '-0.11', '0.00', '+1.000')
    """
    text = f"{value:+.{places}f}"
    return text[1:] if float(text) == 0 else text


def short(value: float) -> str:
    """A number in little room: its sign and two digits.

    >>> short(7 / 9), short(1.0), short(-0.04), short(0.0)
    ('+.78', '+1.0', '-.04', '0.0')
    """
    text = signed(value)
    if text[-4:] == "0.00":
        return "0.0"
    return text.replace("0.", ".", 1) if text[1:].startswith("0.") else f"{value:+.1f}"


def plain(value: float) -> str:
    """A number with as few digits as it needs, at most three decimals.

    >>> plain(7), plain(-0.25), plain(1 / 3)
    ('7', '-0.25', '0.333')
    """
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def in_signs(value: float) -> str:
    """A cell of a ±1 grid in one character, and any other in `o`.

    >>> in_signs(1), in_signs(-1), in_signs(0.5)
    ('#', '.', 'o')
    """
    return "#" if value == 1 else "." if value == -1 else "o"


# Windows opens a device for these, whatever their extension.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
MAX_NAME = 1000  # characters of a map's name


def printable(name: str) -> str:
    r"""A name on one line, in which no control character can move a cursor or end a line.

    >>> printable("a\nb\x1b[2J")
    'a\\nb\\x1b[2J'
    """
    return name if name.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in name)


def tame(name: str) -> str:
    r"""A name of bounded length without control characters; bytes that were not UTF-8 stay (as surrogates).

    >>> tame("di\x1b[2Jag")
    'di[2Jag'
    """
    return "".join(c for c in name[:MAX_NAME] if c.isprintable() or "\udc80" <= c <= "\udcff")


def utf8(name: str) -> str:
    r"""A name that any encoding of Unicode can hold; bytes that were not UTF-8 become U+FFFD.

    >>> utf8("caf\udce9")
    'caf�'
    """
    return name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def json_text(value: object) -> str:
    r"""A value as JSON in ASCII, with strings that every reader takes: bytes that were not UTF-8 become U+FFFD.

    >>> json_text({"path": "caf\udce9"})
    '{"path": "caf\\ufffd"}'
    """
    import json  # imported only when it is needed: most verdicts are not written in it

    return json.dumps(json.loads(utf8(json.dumps(value, ensure_ascii=False))))


def file_name(name: str, most: int = 100) -> str:
    """A name as that of a file in one folder, in at most `most` bytes; empty where nothing of it can be kept.

    No part of it is taken for a folder, a hidden file or a device.

    >>> file_name("../../etc/passwd"), file_name("a<b>:c"), file_name("nul.txt"), file_name("éé", most=3)
    ('_.._etc_passwd', 'a_b__c', '_nul.txt', 'é')
    """
    plain = "".join("_" if c in '/\\:*?"<>|' else c for c in tame(name)).lstrip(". ")
    if plain.split(".", 1)[0].strip().lower() in _DEVICES:
        plain = f"_{plain}"
    while len(plain.encode("utf-8", "surrogateescape")) > most:
        plain = plain[:-1]
    return plain.rstrip(". ")


def is_number(word: str) -> bool:
    """Whether a word is a number in the digits of ASCII.

    >>> is_number("-1e3"), is_number("1_000"), is_number("x")
    (True, False, False)
    """
    try:
        float(word)
    except ValueError:
        return False
    return word.isascii() and "_" not in word  # of other digits, and 1_000, only Python knows


def size(shape: tuple[int, int]) -> str:
    """Rows and columns.

    >>> size((7, 7))
    '7×7'
    """
    return f"{shape[0]}×{shape[1]}"


def count(number: int, noun: str) -> str:
    """A number of things.

    >>> count(1, "map"), count(1323, "product")
    ('1 map', '1323 products')
    """
    return f"{number} {noun if number == 1 else noun + 's'}"


def stem(path: str) -> str:
    """The name of a file without its folder and its extension.

    >>> stem("features/diag.txt")
    'diag'
    """
    return splitext(basename(path))[0]


def repeated(names: Sequence[str]) -> str | None:
    """The first name that is in a list twice, or None.

    >>> repeated(["diag", "cross", "diag"])
    'diag'
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def nearest(name: str, names: Sequence[str]) -> str:
    """A hint for a name that is not one of `names`: the nearest, or otherwise all of them.

    >>> nearest("dig", ["anti", "diag"]), nearest("zzz", ["anti", "diag"])
    ('did you mean diag?', 'choose from anti, diag')
    """
    from difflib import get_close_matches  # imported only when it is needed: it is slow to load

    near = get_close_matches(name, names, n=1)
    return f"did you mean {near[0]}?" if near else f"choose from {', '.join(names)}"
