"""What a notebook shows of a map, a verdict, a network and a walk: figures that scale to its width."""

from __future__ import annotations

from xo_cnn.drawing.svg import document, maps_figure
from xo_cnn.drawing.walk_svg import chapters_figure, votes_piece
from xo_cnn.grid import Map
from xo_cnn.network import Network
from xo_cnn.voting import Verdict
from xo_cnn.walk.numbers import Walk
from xo_cnn.walk.words import chapters, introduction, portrait


def map_html(shown: Map) -> str:
    """A map with its numbers, or as a picture where it has too many, and a legend."""
    return maps_figure([shown])


def verdict_html(verdict: Verdict) -> str:
    """The labels with their votes as bars."""
    return document(votes_piece(verdict), f"The verdict: {verdict}")


def network_html(network: Network) -> str:
    """The features of a network and the weights of its votes."""
    return chapters_figure([portrait(network)], introduction(network))


def walk_html(walk: Walk) -> str:
    """The chapters of a walk; of a large network what matters."""
    return chapters_figure(chapters(walk, everything=False), introduction(walk.network))
