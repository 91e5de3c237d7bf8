"""Names from elsewhere, made harmless for the streams and folders that they are written to."""

from __future__ import annotations

from xo_cnn.limits import MAX_NAME

# Windows opens a device for these, whatever their extension.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


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
