"""What all crews of workers share: chunks of paths go in, are cut where a worker is lost, and come out whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from xo_cnn.errors import ImageError, XoCnnError

T = TypeVar("T")

# What workers do: paths in, as many outcomes out. It is pickled, so it is a function of a module or an object of data.
Work = Callable[[Sequence[str]], Sequence[T | XoCnnError]]
Notify = Callable[[str], None]

# Times that a worker ends over an image before it is taken for the cause: once among others, and twice alone.
TRIES = 3


@dataclass(eq=False)
class Task:
    """Some of the paths of a chunk, from its place `start`; `losses` is how often a worker ended over them."""

    number: int
    start: int
    paths: Sequence[str]
    losses: int = 0


class Ledger(Generic[T]):
    """The outcomes of chunks as they arrive, in parts and in any order.

    >>> ledger = Ledger[str]()
    >>> task = ledger.open(7, ["a", "b"])
    >>> one, other = ledger.again(task, "the worker ended")
    >>> ledger.record(other, ["O"])
    >>> (again,) = ledger.again(one, "the worker ended")
    >>> ledger.again(again, "the worker ended")
    []
    >>> ledger.close()
    (7, [ImageError('the worker ended'), 'O'])
    """

    def __init__(self) -> None:
        self.done: deque[int] = deque()
        self._sizes: dict[int, int] = {}
        self._outcomes: dict[int, dict[int, T | XoCnnError]] = {}

    def open(self, number: int, paths: Sequence[str]) -> Task:
        """Enter a chunk; the task is all of it."""
        self._sizes[number] = len(paths)
        self._outcomes[number] = {}
        return Task(number, 0, paths)

    def record(self, task: Task, outcomes: Sequence[T | XoCnnError]) -> None:
        """Enter the outcomes of a task."""
        found = self._outcomes[task.number]
        found.update(enumerate(outcomes, start=task.start))
        if len(found) == self._sizes[task.number]:
            self.done.append(task.number)

    def again(self, task: Task, reason: str) -> list[Task]:
        """The tasks, one per path, in the place of one whose worker ended; a path that ended too many is an error."""
        if len(task.paths) == 1 and task.losses + 1 >= TRIES:
            self.record(task, [ImageError(reason, task.paths[0])])
            return []
        return [Task(task.number, task.start + place, [path], task.losses + 1) for place, path in enumerate(task.paths)]

    def close(self) -> tuple[int, list[T | XoCnnError]]:
        """The number and the outcomes of the next chunk that is done."""
        number = self.done.popleft()
        outcomes = self._outcomes.pop(number)
        return number, [outcomes[place] for place in range(self._sizes.pop(number))]


class Crew(Protocol[T]):
    """Workers that share chunks of paths among them."""

    ahead: int  # the number of chunks to hand over before waiting for one

    def put(self, number: int, paths: Sequence[str]) -> None:
        """Hand over a chunk; its number comes back with its outcomes."""

    def take(self) -> tuple[int, list[T | XoCnnError]]:
        """Wait for a chunk to be done, whichever it is."""

    def close(self) -> None:
        """End what is under way."""
