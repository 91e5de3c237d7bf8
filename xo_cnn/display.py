"""How a notebook displays our objects: as figures, whose drawing is loaded by name when one is asked for."""

from __future__ import annotations

from importlib import import_module


class Displayed:
    """An object that a notebook displays as a figure.

    The drawing knows every class that it draws, so none of them can import it: it is asked for by name.
    """

    def _repr_html_(self) -> str:
        html: str = import_module("xo_cnn.drawing.notebook").html(self)
        return html
