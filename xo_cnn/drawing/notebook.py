"""What a notebook displays of a map, a verdict, a network and a walk: figures that scale to its width."""

from __future__ import annotations

from xo_cnn.drawing.svg import chapters_svg, maps_svg, verdict_svg
from xo_cnn.grid import Map
from xo_cnn.network import Network
from xo_cnn.voting import Verdict
from xo_cnn.walk.numbers import Walk
from xo_cnn.walk.words import chapters, introduction, portrait


def html(shown: object) -> str:
    """The figure of a map, a verdict, a network or a walk; of a large map a picture, of a large network what matters.

    >>> html(Verdict({"X": 1.0, "O": 0.556})).startswith("<svg")
    True
    """
    if isinstance(shown, Walk):
        return chapters_svg(chapters(shown, everything=False), introduction(shown.network))
    if isinstance(shown, Network):
        return chapters_svg([portrait(shown)], introduction(shown))
    if isinstance(shown, Verdict):
        return verdict_svg(shown)
    assert isinstance(shown, Map)
    return maps_svg([shown])
