"""Work in pieces comes back in order, whoever does it, and progress hears of each piece."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import nullcontext

import pytest

from stembus_ballots.protocol.work import ONE_BY_ONE, in_pieces


def doubled(numbers: Sequence[int]) -> list[int]:
    return [2 * number for number in numbers]


@pytest.mark.parametrize("pool", [ProcessPoolExecutor, ThreadPoolExecutor, None])
def test_pieces_come_back_in_order_whoever_does_them(pool: Callable[[int], Executor] | None) -> None:
    with pool(2) if pool else nullcontext(ONE_BY_ONE) as workers:
        pieces = in_pieces(doubled, range(7), size=3, step="double", workers=workers)
        assert list(pieces) == [[0, 2, 4], [6, 8, 10], [12]]


def test_progress_hears_of_the_start_and_of_each_piece() -> None:
    heard: list[tuple[str, int, int]] = []
    list(in_pieces(doubled, range(5), size=2, step="double", progress=lambda *told: heard.append(told)))
    assert heard == [("double", 0, 5), ("double", 2, 5), ("double", 4, 5), ("double", 5, 5)]


def test_no_work_gives_no_pieces() -> None:
    assert list(in_pieces(doubled, [], size=2, step="double")) == []
