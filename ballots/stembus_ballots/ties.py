"""Ties: settled by the most recent earlier stage at which the tied differed, else by lot.

Source: SSI 2011/399 Schedule 1, the rules on transfer and exclusion (SSI 2007/42 Schedule 1 rules 49(2)-(3) and
51(2)). For three or more tied the order is silent where an earlier stage parts some of them but not all; here each
earlier stage keeps only those with the lowest (for a transfer: the highest) total, and the lot is drawn among who is
left when no stage is left.
"""

from collections.abc import Callable, Iterable, Sequence

from stembus_ballots.lots import Lots
from stembus_ballots.record import LotDrawn, SettledEarlier, Tie

Votes = Sequence[int]
Extreme = Callable[[Iterable[int]], int]


class TieBreaker:
    """Settles the ties of one count and keeps the record of them."""

    def __init__(self, lots: Lots, names: Sequence[str]) -> None:
        self._lots = lots
        self._names = names
        self.lots: list[LotDrawn] = []
        self.settled_earlier: list[SettledEarlier] = []
        self.ties: list[Tie] = []

    def choose(self, candidates: Iterable[int], why: str, extreme: Extreme, history: Sequence[Votes]) -> int:
        """The candidate with the extreme (min or max) of votes at the last stage of the history.

        `history` has the votes of every candidate at the end of each stage so far. Raises NeedsLot.
        """
        tied = _keep(candidates, extreme, history[-1])
        if len(tied) == 1:
            return tied[0]
        left = tied
        decisive: int | None = None
        for number in range(len(history) - 1, 0, -1):
            kept = _keep(left, extreme, history[number - 1])
            if len(kept) < len(left):
                left, decisive = kept, number
        if len(left) == 1:
            chosen = left[0]
            self.settled_earlier.append(SettledEarlier(for_=why, tied=tied, chosen=chosen))
        else:
            chosen = self._lots.draw(left, why, self._names)
            self.lots.append(LotDrawn(for_=why, tied=left, drawn=chosen))
        self.ties.append(
            Tie(
                after_stage=len(history),
                for_=why,
                tied=tied,
                earlier_stage=decisive,
                drawn_among=left if len(left) > 1 else (),
                chosen=chosen,
            )
        )
        return chosen


def _keep(candidates: Iterable[int], extreme: Extreme, votes: Votes) -> tuple[int, ...]:
    among = sorted(candidates)
    wanted = extreme(votes[candidate] for candidate in among)
    return tuple(candidate for candidate in among if votes[candidate] == wanted)
