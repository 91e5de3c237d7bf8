"""Erasing: the lines and frames that touch a letter are found in its ink and taken away."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from xo_cnn.images.bits import Bits, bits_of

LONG = 0.75  # the share of a side that a line runs along
LEANS = range(-9, 10, 3)  # pixels that a line may rise or fall from one edge to the other
BRIDGE = 0.4  # the share of a letter that is mended where it ran along a line, as the foot of an O does
OPENING = 0.08  # of what a frame encloses, the share that arms which stick out are narrower than
FULL = 0.45  # the share of its box that what a frame encloses fills at least
BAND = 0.6  # the share of a ring of pixels that is ink where the ring belongs to a frame

Lines = dict[int, int]  # by how far each leans, its pixels after it is made level


def without_lines(bits: Bits, ink: int, faint: int) -> int:
    """The ink without straight lines that cross the picture, found in `faint` ink; 0 where there are none.

    A line is what an opening by long straight runs leaves (Serra 1982). One pixel round it goes as well, and what
    crossed it grows together again.
    """
    across = bits_of(bits.width, bits.height)
    level, upright = _lines(bits, faint), _lines(across, _turned(bits, faint))
    lines = _leaning(bits, level) | _turned(across, _leaning(across, upright))
    near = bits.grown(lines) & bits.all
    rest = _grown_back(bits, ink & ~near, near & ink, 2)
    if not lines or not rest & bits.middle:
        return 0
    top, left, bottom, right = bits.box(bits.flood(rest & bits.middle, rest))
    mended = _mended(bits, rest, level, left, right)
    return rest | mended | _turned(across, _mended(across, _turned(bits, rest), upright, top, bottom))


def without_frame(bits: Bits, ink: int, faint: int) -> int:
    """The ink without the frame, a box or a ring, that is the outline of the `faint` ink; 0 where there is none.

    What the outline encloses is opened by an octagon, so that arms which stick out vanish, and rings of one pixel
    are peeled off it while most of each is ink.
    """
    filled = bits.all & ~bits.outside(faint)
    top, left, bottom, right = bits.box(filled)
    body = bits.opened(filled, max(1, round(OPENING * min(bottom - top, right - left))))
    if not body:
        return 0
    body = max(bits.pieces(body), key=int.bit_count)
    top, left, bottom, right = bits.box(body)
    if body.bit_count() < FULL * (bottom - top) * (right - left):
        return 0
    band, corners = 0, False
    while body:
        inner = bits.shrunk(body, corners)
        ring = body & ~inner
        if (ring & faint).bit_count() < BAND * ring.bit_count():
            break
        band, body, corners = band | ring, inner, not corners
    near = bits.grown(band)
    return _grown_back(bits, ink & ~near, near & ink & ~band, 1) if band else 0


def _grown_back(bits: Bits, ink: int, erased: int, times: int) -> int:
    for _ in range(times):
        ink |= bits.grown(ink) & erased
    return ink


def _lines(bits: Bits, ink: int) -> Lines:
    """The lines from the left to the right edge, as far as they lean."""
    if not all(ink & edge for edge in bits.edges[2:]):
        return {}
    run = int(LONG * bits.width)
    lines = {lean: _dilated(_eroded(_sheared(bits, ink, lean), run), run) for lean in LEANS}
    return {lean: line for lean, line in lines.items() if line}


def _leaning(bits: Bits, lines: Lines) -> int:
    """All lines as they lay in the picture."""
    pixels = 0
    for lean, line in lines.items():
        pixels |= _sheared(bits, line, -lean)
    return pixels


def _mended(bits: Bits, rest: int, lines: Lines, left: int, right: int) -> int:
    """What closes gaps in the rest along each line and near it, between the letter's left and right."""
    letter = bits.within(0, left, bits.height, right)
    run = max(2, int(BRIDGE * (right - left)))
    closed = {}
    for lean, line in lines.items():
        each = _eroded(_dilated(_sheared(bits, rest & letter, lean), run), run)
        closed[lean] = each & bits.grown(line) & letter
    return _leaning(bits, closed)


def _turned(bits: Bits, ink: int) -> int:
    """The ink with rows and columns exchanged."""
    return bits_of(bits.width, bits.height).pack(bits.unpack(ink).T) if ink else 0


def _eroded(ink: int, run: int) -> int:
    """Where a level run of so many pixels of ink begins."""
    for step in _steps(run):
        ink &= ink >> step
    return ink


def _dilated(ink: int, run: int) -> int:
    """A level run of so many pixels from every pixel on."""
    for step in _steps(run):
        ink |= ink << step
    return ink


@lru_cache(maxsize=256)
def _steps(run: int) -> list[int]:
    """The shifts that make a run of one pixel, each time at most twice as long as before."""
    steps, done = [], 1
    while done < run:
        steps.append(min(done, run - done))
        done += steps[-1]
    return steps


def _sheared(bits: Bits, ink: int, lean: int) -> int:
    """The ink sheared so that a line which falls `lean` pixels from edge to edge lies level."""
    sheared, most = 0, bits.row * max(LEANS)
    for shift, band in _bands(bits.height, bits.width, lean):
        sheared |= (ink & band) << most >> most + bits.row * shift
    return sheared & bits.all


@lru_cache(maxsize=1024)
def _bands(height: int, width: int, lean: int) -> list[tuple[int, int]]:
    """By how many rows a shear lifts which columns."""
    bits = bits_of(height, width)
    shifts = [round(lean * (x - (width - 1) / 2) / width) for x in range(width)]
    ends = [x for x in range(1, width) if shifts[x] != shifts[x - 1]]
    return [(shifts[left], bits.within(0, left, height, right)) for left, right in pairwise([0, *ends, width])]
