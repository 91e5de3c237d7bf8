"""What a notebook displays of a map, a verdict, a network and a walk: figures that scale to its width."""

from __future__ import annotations

from functools import singledispatch

from xo_cnn.drawing.svg import chapters_svg, maps_svg, verdict_svg
from xo_cnn.grid import Map
from xo_cnn.network import Network
from xo_cnn.voting import Verdict
from xo_cnn.walk.numbers import Walk
from xo_cnn.walk.words import chapters, introduction, portrait


@singledispatch
def html(shown: object) -> str:
    """The figure of an object.

    >>> html(Verdict({"X": 1.0, "O": 0.556})).startswith("<svg")
    True
    """
    raise TypeError(f"there is no figure of {type(shown).__name__}")


@html.register
def _(shown: Map) -> str:
    """A map with its numbers, or as a picture where it has too many, and a legend."""
    return maps_svg([shown])


@html.register
def _(shown: Verdict) -> str:
    """The labels with their votes as bars."""
    return verdict_svg(shown)


@html.register
def _(shown: Network) -> str:
    """The features of a network and the weights of its votes."""
    return chapters_svg([portrait(shown)], introduction(shown))


@html.register
def _(shown: Walk) -> str:
    """The chapters of a walk; of a large network what matters."""
    return chapters_svg(chapters(shown, everything=False), introduction(shown.network))
