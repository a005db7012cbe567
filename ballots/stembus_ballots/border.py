"""Filling seats by score: who is in without doubt, and a lot only among those who share the border."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from stembus_ballots.errors import CountError
from stembus_ballots.lots import NO_LOTS, Lots
from stembus_ballots.record import LotDrawn


class Border(Struct, frozen=True):
    """Who gets the seats. `elected`: highest score first, equal ones in order of the ballot paper.

    `border`: the candidates who share the score at which the seats ran out; empty where no lot was needed.
    `lots`: one for each seat drawn among them; drawn first is elected.
    """

    elected: tuple[int, ...]
    border: tuple[int, ...]
    lots: tuple[LotDrawn, ...]


def fill_seats(
    scores: Mapping[int, int],
    seats: int,
    lots: Lots = NO_LOTS,
    names: Sequence[str] = (),
    *,
    why: str = "elect",
) -> Border:
    """Gives the seats to the highest scores; the candidates are the keys, there may be fewer than seats.

    `why` is the purpose of a lot, for where a place is something else than a seat. Raises NeedsLot where the
    border is shared and no lot covers it, CountError for fewer seats than 1.
    """
    if seats < 1:
        raise CountError(f"{seats} seats: there must be at least 1 to fill.")
    ranked = sorted(scores, key=lambda candidate: (-scores[candidate], candidate))
    if len(ranked) <= seats or scores[ranked[seats - 1]] > scores[ranked[seats]]:
        return Border(tuple(ranked[:seats]), (), ())
    at_border = scores[ranked[seats]]
    sure = [candidate for candidate in ranked if scores[candidate] > at_border]
    border = tuple(candidate for candidate in ranked if scores[candidate] == at_border)
    left = border
    draws: list[LotDrawn] = []
    while len(sure) + len(draws) < seats:
        drawn = lots.draw(left, why, names)
        draws.append(LotDrawn(for_=why, tied=left, drawn=drawn))
        left = tuple(candidate for candidate in left if candidate != drawn)
    in_by_lot = sorted(draw.drawn for draw in draws)
    return Border((*sure, *in_by_lot), border, tuple(draws))
