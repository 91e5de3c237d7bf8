"""Matches with features of 1, 0 and -1: additions alone, and each partial sum added up once.

Laid out flat, row after row, a grid of width W has its cell (row, column) at row * W + column. Moving the whole grid
under one cell of a feature is then a shift, and a feature is a few shifted grids added and subtracted:

    grid[0:] - grid[1:] - grid[2:]  -  grid[W:] + grid[W+1:] - grid[W+2:]  -  ...

Each addition is one pass over contiguous cells, which is what NumPy does fastest. (Where a shift runs past the end of
a row the sum means nothing; the caller cuts those columns off.) Halves of features recur, in the same feature, in
another, or with all signs reversed: there are only four different rows of three. Each is added up once, and in the
smallest integers that hold it (common subexpression elimination).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from xo_cnn.engine.threads import for_each
from xo_cnn.engine.tuning import TUNING, Tuning
from xo_cnn.grid import Array


class Term(NamedTuple):
    """A source, `shift` cells further on, that is added (sign 1) or subtracted (-1)."""

    source: int
    shift: int
    sign: int


class Step(NamedTuple):
    """One pass: no, one or two terms make a source for later steps, or the sums of a feature.

    Source 0 is the grid, 1 and up are partial sums, -1 and down the features' sums in their order. `size` is the
    number of cells of the grid that are added up, `reach` the number of sums beyond those asked for that a later step
    needs, and `spent` the sources that no later step needs.
    """

    target: int
    terms: tuple[Term, ...]
    size: int
    reach: int
    spent: frozenset[int]


@lru_cache(maxsize=64)
def plan(features: tuple[bytes, ...], shape: tuple[int, int], width: int) -> list[Step]:
    """Write down the steps for features of one shape, each given by the bytes of its int8 cells."""
    drafts: list[tuple[int, tuple[Term, ...], int]] = []
    known: dict[tuple[tuple[int, ...], bytes], tuple[Term, ...]] = {}

    def halves(part: Array) -> tuple[Term, ...]:
        """Both halves of a part; rows are split off first, for rows are what features have in common."""
        rows, columns = part.shape
        if rows > 1:
            cut, shift = rows // 2, rows // 2 * width
            first, second = part[:cut], part[cut:]
        else:
            cut = shift = columns // 2
            first, second = part[:, :cut], part[:, cut:]
        return term(first) + tuple(Term(source, shift + more, sign) for source, more, sign in term(second))

    def term(part: Array) -> tuple[Term, ...]:
        """A part as one term, or as none if all of it is 0."""
        filled = part[part != 0]
        if not filled.size:
            return ()
        leading = int(filled[0])
        if part.size == 1:
            return (Term(0, 0, leading),)
        key = part.shape, (part * leading).tobytes()
        if key not in known:
            known[key] = halves(part * leading)
            if len(known[key]) == 2:
                target = len(known)
                drafts.append((target, known[key], filled.size))
                known[key] = (Term(target, 0, 1),)
        return tuple(Term(source, shift, sign * leading) for source, shift, sign in known[key])

    for number, cells in enumerate(features):
        feature = np.frombuffer(cells, np.int8).reshape(shape)
        drafts.append((-1 - number, halves(feature) if feature.size > 1 else term(feature), feature.size))

    reach: dict[int, int] = {}
    steps = []
    for target, terms, size in reversed(drafts):
        sources = {source for source, _, _ in terms}
        steps.append(Step(target, terms, size, reach.get(target, 0), frozenset(sources - reach.keys() - {0})))
        for source, shift, _ in terms:
            reach[source] = max(reach.get(source, 0), shift + reach.get(target, 0))
    return steps[::-1]


def smallest(largest: int, dtype: Any = np.int8) -> np.dtype[Any]:
    """The narrowest integer type that holds numbers up to `largest`; a float type stays as it is.

    >>> [smallest(largest).name for largest in (9, 127, 225, 10**9)]
    ['int8', 'int8', 'int16', 'int32']
    """
    kind: np.dtype[Any] = np.dtype(dtype)
    if kind.kind == "f":
        return kind
    size = next((size for size in (1, 2, 4) if largest < 1 << 8 * size - 1), 8)
    return np.dtype(f"i{size}")


def add_up(flat: Array, sums: Array, features: Array, width: int, tuning: Tuning = TUNING) -> None:
    """Fill `sums`, a row for each feature, with the sums of its matches along a flat grid of cells in [-1, 1].

    Integers come out exactly. The error of floats is at most `size of the feature * eps * sum of absolute values`;
    the order of the additions does not depend on how the grid is cut into blocks.
    """
    tall, wide = features.shape[1:]
    steps = plan(tuple(np.int8(feature).tobytes() for feature in features), (tall, wide), width)
    stop = flat.size - (tall - 1) * width - (wide - 1)
    block = min(stop, max(1, tuning.additions_block // flat.itemsize))
    room = block + max(step.reach for step in steps)
    workers = tuning.workers if len(steps) * flat.size > tuning.many_additions else 1

    def work(first: int) -> None:
        # Later partial sums reuse the memory of spent ones: fresh memory is slow.
        spare: dict[Any, list[Array]] = {}
        for start in range(first * block, stop, workers * block):
            _take_steps(steps, flat[start:], sums[:, start : min(start + block, stop)], room, spare)

    for_each(work, range(workers), workers)


def _take_steps(steps: list[Step], flat: Array, sums: Array, room: int, spare: dict[Any, list[Array]]) -> None:
    """Fill one block of sums; a partial sum is kept in `room` cells of memory, taken from `spare` if there are any."""
    sources = {0: flat}
    for target, terms, size, reach, spent in steps:
        length = sums.shape[1] + reach
        if target < 0:
            out = sums[-1 - target]
        else:
            dtype = smallest(size, sums.dtype)
            fitting = spare.setdefault(dtype, [])
            sources[target] = fitting.pop() if fitting else np.empty(room, dtype)
            out = sources[target][:length]
        shifted = [sources[source][shift : shift + length] for source, shift, _ in terms]
        match [sign for _, _, sign in terms], shifted:
            case [1, -1], [first, second]:
                np.subtract(first, second, out=out, dtype=out.dtype)
            case [-1, 1], [first, second]:
                np.subtract(second, first, out=out, dtype=out.dtype)
            case [sign, _], [first, second]:
                np.add(first, second, out=out, dtype=out.dtype)
                if sign < 0:
                    np.negative(out, out=out)
            case [sign], [only]:
                (np.positive if sign > 0 else np.negative)(only, out=out, dtype=out.dtype)
            case _:
                out.fill(0)
        for source in spent:
            buffer = sources.pop(source)
            spare[buffer.dtype].append(buffer)
