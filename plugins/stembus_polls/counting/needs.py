"""Whether the count of a poll needs a lot, found by counting without keeping anything."""

from msgspec import Struct
from sqlmodel import Session

from stembus.errors import Problem
from stembus_ballots.lots import NeedsLot
from stembus_polls.contests import Contest, ContestCandidate
from stembus_polls.counting.cast import ballots_cast
from stembus_polls.counting.count import cast_to_count, elected_ids, latest_count
from stembus_polls.counting.inputs import inputs_for, make_count
from stembus_polls.counting.lots import lots_for_count
from stembus_polls.counting.whole import who_took_part
from stembus_polls.paper.rounds import current_round
from stembus_polls.poll import Poll

NO_SALT = "00" * 16


class LotNeeded(Struct, frozen=True, kw_only=True):
    """A lot that a count waits for: in which contest, for what, and among whom."""

    contest: Contest
    why: str
    tied: tuple[ContestCandidate, ...]


def lot_needed(session: Session, poll: Poll) -> LotNeeded | None:
    """Return the lot that the next contest to be counted needs; None when it needs none, or cannot be counted yet.

    A vote on all candidates together never needs one.
    """
    elected = {one.id: elected_ids(session, one) for one in poll.contests if latest_count(session, one) is not None}
    for contest in poll.contests:
        if contest.way.kind != "ballot":
            continue
        counted = latest_count(session, contest)
        try:
            if counted is not None and counted.round == current_round(session, contest):
                continue
            cast = cast_to_count(session, contest)
            lots = lots_for_count(session, contest)
            present = who_took_part(session, contest, ballots_cast(cast))
            make_count(contest, cast, inputs_for(contest, poll.contests, elected, lots, NO_SALT, attendance=present))
        except NeedsLot as lot:
            tied = tuple(contest.candidates[place] for place in lot.tied)
            return LotNeeded(contest=contest, why=lot.why, tied=tied)
        except Problem:
            return None
    return None
