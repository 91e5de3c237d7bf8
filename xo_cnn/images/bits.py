"""Bits: a picture as one large integer, so that one shift or sum looks at every pixel at once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from xo_cnn.grid import Array


class Bits:
    """Pictures of `height` by `width` pixels as integers: one bit per pixel and an empty rim around them.

    >>> import numpy
    >>> bits = bits_of(2, 3)
    >>> ink = bits.pack(numpy.array([[1, 0, 1], [0, 1, 0]]))
    >>> len(bits.pieces(ink)), ink.bit_count(), bits.unpack(ink).shape
    (1, 3, (2, 3))
    """

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self.row = width + 2
        self.size = (height + 2) * self.row
        self._column = sum(1 << self.row * (y + 1) for y in range(height))
        self.all = self.within(0, 0, height, width)
        self.around = ((1 << self.size) - 1) & ~self.all
        # the pixels at the edges, those close to them, and those well away from them
        shorter = min(height, width)
        self.rim, self.margin = self.frame(1), self.frame(1 + shorter // 24)
        self.middle = self.all & ~self.frame(max(1, shorter * 22 // 100))
        # the upper, the lower, the left and the right edge
        corners = (0, 0, 1, width), (height - 1, 0, height, width), (0, 0, height, 1), (0, width - 1, height, width)
        self.edges = [self.within(*edge) for edge in corners]

    def pack(self, pixels: Array) -> int:
        """The integer of a yes/no array of this picture's shape."""
        padded = np.zeros((self.height + 2, self.row), dtype=bool)
        padded[1:-1, 1:-1] = pixels
        return int.from_bytes(np.packbits(padded, bitorder="little").tobytes(), "little")

    def unpack(self, bits: int) -> Array:
        """The array of an integer."""
        raw = np.frombuffer(bits.to_bytes((self.size + 7) // 8, "little"), dtype=np.uint8)
        flat = np.unpackbits(raw, count=self.size, bitorder="little")
        return flat.reshape(self.height + 2, self.row)[1:-1, 1:-1].view(bool)

    def box(self, ink: int) -> tuple[int, int, int, int]:
        """The smallest box around the ink: top, left, bottom, right."""
        row = self.row
        top, bottom = ((ink & -ink).bit_length() - 1) // row, (ink.bit_length() - 1) // row + 1
        # lay the lower half of the rows over the upper half until one row is left
        rows, line = bottom - top, ink >> top * row
        while rows > 1:
            rows = (rows + 1) // 2
            line = line >> rows * row | line & (1 << rows * row) - 1
        return top - 1, (line & -line).bit_length() - 2, bottom - 1, line.bit_length() - 1

    def within(self, top: int, left: int, bottom: int, right: int) -> int:
        """All pixels of a box."""
        line = ((1 << max(0, right - left)) - 1) << (left + 1)
        rows = (1 << self.row * (max(top, bottom) + 1)) - (1 << self.row * (top + 1))
        return line * (self._column & rows)  # a bit for every row lays the line into each

    def frame(self, width: int) -> int:
        """The pixels nearer to an edge than `width`."""
        return self.all & ~self.within(width, width, self.height - width, self.width - width)

    def grown(self, ink: int, corners: bool = True) -> int:
        """The ink and all its neighbours, also those on the empty rim; those at corners only if asked."""
        wide = ink | ink << 1 | ink >> 1
        tall = wide if corners else ink
        return wide | tall << self.row | tall >> self.row

    def shrunk(self, ink: int, corners: bool = True) -> int:
        """The ink all of whose neighbours are ink."""
        wide = ink & ink << 1 & ink >> 1
        tall = wide if corners else ink
        return wide & tall << self.row & tall >> self.row

    def opened(self, ink: int, reach: int) -> int:
        """The ink opened by an octagon (Serra 1982): what is narrower than twice its reach vanishes."""
        for step in range(reach):
            ink = self.shrunk(ink, step % 2 == 0)
        for step in range(reach):
            ink = self.grown(ink, step % 2 == 0) & self.all
        return ink

    def flood(self, seed: int, mask: int, corners: bool = True) -> int:
        """All pixels of `mask` joined to `seed`; whether corners count as joined is to be said."""
        while True:
            # adding carries a seed along the rest of its run at once
            seed |= mask & (mask ^ (mask + seed))
            grown = self.grown(seed, corners) & mask
            if grown == seed:
                return seed
            seed = grown

    def outside(self, ink: int) -> int:
        """What is not ink and joined to the edges, with the empty rim around the picture."""
        return self.flood(self.around, (self.all & ~ink) | self.around, corners=False)

    def pieces(self, ink: int, corners: bool = True) -> list[int]:
        """The ink parted into its 8-connected components, or without corners into its 4-connected ones."""
        found = []
        # begun in the middle, a flood through a letter takes half as many steps as from one end
        half = self.size // 2
        seed = (ink >> half) << half
        while ink:
            seed &= ink
            seed = seed or ink
            piece = self.flood(seed & -seed, ink, corners)
            found.append(piece)
            ink &= ~piece
        return found

    def euler(self, ink: int) -> int:
        """How many 8-connected components the ink has, less its holes (Euler number, Gray 1971)."""
        # every pixel is a square with its sides and corners: corners, less sides, and squares
        across, down = ink | ink << 1, ink | ink << self.row
        corners = across | across << self.row
        return corners.bit_count() - across.bit_count() - down.bit_count() + ink.bit_count()

    def thin(self, ink: int) -> int:
        """Peel strokes from all sides until lines one pixel wide are left (Guo and Hall 1989, both subiterations)."""
        row, first, idle = self.row, True, 0
        while idle < 2:  # until neither subiteration finds anything to peel
            # the eight neighbours, p2 above and then clockwise; x ^ x & y is x & ~y without a negative number
            p2, p6, p4, p8 = ink << row, ink >> row, ink >> 1, ink << 1
            p3, p9, p5, p7 = p2 >> 1, p2 << 1, p6 >> 1, p6 << 1
            a, b, c, d = p3 | p4, p5 | p6, p7 | p8, p9 | p2
            c1, c2, c3, c4 = (a | p2) ^ p2, (b | p4) ^ p4, (c | p6) ^ p6, (d | p8) ^ p8
            once = (c1 ^ c2 ^ c3 ^ c4) & ink
            once ^= once & (c1 & c2 | c3 & c4)
            ab, cd = a & b, c & d
            two, four = ab | cd | (a | b) & (c | d), ab & cd
            a, b, c, d = p2 | p3, p4 | p5, p6 | p7, p8 | p9
            ab, cd = a & b, c & d
            peel = once & two & (ab | cd | (a | b) & (c | d))
            peel ^= peel & four & ab & cd
            hold = peel & (p8 if first else p4)
            hold ^= hold & (p9 if first else p5) & ~(c if first else a)
            peel ^= hold
            idle = 0 if peel else idle + 1
            ink ^= peel
            first = not first
        return ink


@lru_cache(maxsize=256)
def bits_of(height: int, width: int) -> Bits:
    """The Bits of a size; pictures of one size share their masks."""
    return Bits(height, width)


def box_of(ink: Array) -> tuple[int, int, int, int]:
    """The smallest box around the ink: top, left, bottom, right.

    >>> import numpy
    >>> box_of(numpy.array([[0, 0, 0], [0, 1, 1]]))
    (1, 1, 2, 3)
    """
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1
