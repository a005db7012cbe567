"""The contest of a secret poll, as it stands now.

Every voter asks for it several times, and it follows from all that happened in a procedure, so it is kept until an act
is recorded. An act that another transaction commits is seen by the next question, in a write as well as in a read.

What changes without an act is seen after a second. Only by a clock that stands still, which a practice instance alone
can have, that second never passes; nothing of the polls changes without an act.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from stembus.conduct.policies import installed_kinds
from stembus.conduct.running import running_of
from stembus.ledger.tables import LedgerLeaf
from stembus_polls.contests import Contest
from stembus_polls.poll import blocked_poll, poll_of
from stembus_polls.secret.tables import SecretPoll

if TYPE_CHECKING:
    from stembus.instance import Transaction
    from stembus.plugins import Plugins

KEPT: Final = timedelta(seconds=1)
"""How long a contest is kept at most: what a plugin knows can change without an act."""
LONGEST_WRITE: Final = timedelta(hours=1)
"""An act carries the time at which its transaction began, so one that is committed now can stand before others."""


class _Known(NamedTuple):
    """A contest that holds from `made_at` until `until`, while there are `acts` acts of `since` and later."""

    contest: Contest
    made_at: datetime
    until: datetime
    since: datetime
    acts: int


def contest_of(session: Session, plugins: "Plugins", poll: SecretPoll, now: datetime) -> Contest:
    """Return the contest of a poll at `now`, with what keeps an open vote from taking anything in.

    In a transaction that has recorded acts of its own, ask `open_contest`: those can still be undone.
    """
    kept = _KNOWN.setdefault(plugins, {})
    known = kept.get(poll.uuid)
    if known is not None and known.made_at <= now < known.until and known.acts == _acts(session, known.since):
        return known.contest
    # Counted before it is read: an act that comes in between is not in the number, and the next question reads again.
    since = session.exec(select(func.max(LedgerLeaf.at))).one() - LONGEST_WRITE
    acts = _acts(session, since)
    contest, changes = _read(session, plugins, poll, now)
    until = min([now + KEPT, *(moment for moment in changes if moment > now)])
    kept[poll.uuid] = _Known(contest, now, until, since, acts)
    while len(kept) > MOST_KNOWN:
        kept.pop(next(iter(kept)), None)
    return contest


def open_contest(transaction: "Transaction", poll: SecretPoll) -> Contest:
    """Return the contest of a poll, to do something in it now."""
    return _read(transaction.session, transaction.instance.plugins, poll, transaction.now)[0]


MOST_KNOWN = 64
_KNOWN: "WeakKeyDictionary[Plugins, dict[str, _Known]]" = WeakKeyDictionary()


def _read(
    session: Session, plugins: "Plugins", poll: SecretPoll, now: datetime
) -> tuple[Contest, tuple[datetime, ...]]:
    """Return the contest, and the moments at which the clock alone can make another one of it."""
    running = running_of(session, poll.procedure_id, installed_kinds(plugins))
    contest = blocked_poll(session, plugins, poll_of(session, running, now), now).contest(poll.contest)
    return contest, (*running.times.values(), *running.state.done.values())


def _acts(session: Session, since: datetime) -> int:
    return session.exec(_COUNTED, params={"since": since}).one()


_COUNTED = select(func.count()).select_from(LedgerLeaf).where(col(LedgerLeaf.at) >= bindparam("since"))
