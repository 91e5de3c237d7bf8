"""Grids and streams of maps as text, csv, JSON lines, npy and npz; network files; and saving them."""

from __future__ import annotations

from typing import Literal

Format = Literal["text", "json", "npy", "npz", "csv"]

# The extensions that name each format, the usual one first.
EXTENSIONS: dict[Format, tuple[str, ...]] = {
    "text": (".txt", ".text"),
    "json": (".json", ".jsonl"),
    "npy": (".npy",),
    "npz": (".npz",),
    "csv": (".csv",),
}
