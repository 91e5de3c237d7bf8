"""Grids and streams of maps as text, csv, JSON lines, npy and npz; network files; and saving them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_args

Format = Literal["text", "json", "npy", "npz", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)

if TYPE_CHECKING:
    from xo_cnn.formats.maps import read_grid as read_grid
    from xo_cnn.formats.maps import read_maps as read_maps
    from xo_cnn.formats.maps import write_maps as write_maps
    from xo_cnn.formats.names import file_name as file_name
    from xo_cnn.formats.names import json_text as json_text
    from xo_cnn.formats.recognising import sniff as sniff
    from xo_cnn.formats.saving import same_file as same_file
    from xo_cnn.formats.saving import save as save

_HOMES = {
    "file_name": "names",
    "json_text": "names",
    "read_grid": "maps",
    "read_maps": "maps",
    "same_file": "saving",
    "save": "saving",
    "sniff": "recognising",
    "write_maps": "maps",
}


def __getattr__(name: str) -> Any:
    # Looked up when they are used: saving a drawing waits for no reader.
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
