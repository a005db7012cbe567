"""Much work in pieces: who does it and who hears how far it is comes in as an argument."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")

Progress = Callable[[str, int, int], None]
"""Hears the name of a step, how many of its items are done, and how many there are."""


class Workers(Protocol):
    """Who does the work: `concurrent.futures.ProcessPoolExecutor`, or `ONE_BY_ONE`.

    What is called and what is passed must be able to travel to another process.
    """

    def map(self, fn: Callable[[Item], Done], items: Iterable[Item], /) -> Iterator[Done]:
        """Call `fn` on each item, perhaps at the same time; give what it returns, in the order of the items."""


class OneByOne:
    """Does the work here and now."""

    def map(self, fn: Callable[[Item], Done], items: Iterable[Item], /) -> Iterator[Done]:
        """Call `fn` on each item when its turn comes."""
        return map(fn, items)


ONE_BY_ONE = OneByOne()


def silent(step: str, done: int, of: int) -> None:
    """Hear progress, and say nothing."""


def in_pieces(
    fn: Callable[[Sequence[Item]], Done],
    items: Sequence[Item],
    *,
    size: int,
    step: str,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> Iterator[Done]:
    """What `fn` gives for each piece of `size` items, in order; progress hears of each piece that is done."""
    pieces = [items[start : start + size] for start in range(0, len(items), size)]
    done = 0
    progress(step, done, len(items))
    for piece, result in zip(pieces, workers.map(fn, pieces), strict=True):
        yield result
        done += len(piece)
        progress(step, done, len(items))
