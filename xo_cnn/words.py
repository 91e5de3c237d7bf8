"""Words and numbers as people read them: signs, sizes, counts, and names that are harmless on a terminal."""

from __future__ import annotations


def signed(value: float, places: int = 2) -> str:
    """A number with its sign, rounded; what rounds to nothing has none.

    >>> signed(7 / 9), signed(-1 / 9), signed(-0.001), signed(1.0, 3)
    ('+0.78', '-0.11', '0.00', '+1.000')
    """
    text = f"{value:+.{places}f}"
    return text[1:] if float(text) == 0 else text


def short(value: float) -> str:
    """A number for where there is no room: its sign and two digits.

    >>> short(7 / 9), short(1.0), short(-0.04), short(0.0)
    ('+.78', '+1.0', '-.04', '0.0')
    """
    text = signed(value)
    if text[-4:] == "0.00":
        return "0.0"
    return text.replace("0.", ".", 1) if text[1:].startswith("0.") else f"{value:+.1f}"


def tenth(value: float) -> str:
    """A number for where there is hardly any room: its sign and one digit.

    >>> tenth(7 / 9), tenth(-1.0), tenth(-0.01)
    ('+.8', '-1.', ' 0 ')
    """
    text = f"{value:+.1f}"
    if text[1:] == "0.0":
        return " 0 "
    return text.replace("0.", ".", 1) if text[1] == "0" else text[:-1]


def plain(value: float) -> str:
    """A number with as few digits as it needs, at most three decimals.

    >>> plain(7), plain(-0.25), plain(1 / 3)
    ('7', '-0.25', '0.333')
    """
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


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
