"""Grids and streams of maps as text, csv, JSON lines, npy and npz; network files; and saving them."""

from __future__ import annotations

from typing import Literal, get_args

Format = Literal["text", "json", "npy", "npz", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)

# The extensions that name each format, the usual one first.
EXTENSIONS: dict[Format, tuple[str, ...]] = {
    "text": (".txt", ".text"),
    "json": (".json", ".jsonl"),
    "csv": (".csv",),
    "npy": (".npy",),
    "npz": (".npz",),
}
