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


# Replacements for characters that an encoding or a font lacks.
PLAIN_LETTERS = {
    "×": "x", "≠": "!", "█": "#", "▀": "^", "│": "|", "─": "-", "…": "~", "←": "<-", "→": "->", "·": "-", "÷": "/",
}  # fmt: skip


def printable(name: str) -> str:
    r"""A name on one line, in which no control character can move a cursor or end a line.

    >>> printable("a\nb\x1b[2J")
    'a\\nb\\x1b[2J'
    """
    return name if name.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in name)


def size(shape: tuple[int, int]) -> str:
    """Rows and columns.

    >>> size((7, 7))
    '7×7'
    """
    return f"{shape[0]}×{shape[1]}"


def count(number: int, noun: str, plural: str = "") -> str:
    """A number of things.

    >>> count(1, "map"), count(1323, "product")
    ('1 map', '1323 products')
    """
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


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
    return next((name for number, name in enumerate(names) if name in names[:number]), None)


def nearest(name: str, names: Sequence[str]) -> str:
    """A hint for a name that is not one of `names`: the nearest, or otherwise all of them.

    >>> nearest("dig", ["anti", "diag"]), nearest("zzz", ["anti", "diag"])
    ('did you mean diag?', 'choose from anti, diag')
    """
    from difflib import get_close_matches  # imported only when it is needed: it is slow to load

    near = get_close_matches(name, names, n=1)
    return f"did you mean {near[0]}?" if near else f"choose from {', '.join(names)}"
