"""Votes by post: an outer envelope with its voter card is judged and struck off, the inner one goes into the box.

An inner envelope is only ever a number of papers: nothing leads from it to the member.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlmodel import Session, col, select

from stembus.conduct.acting import acts
from stembus.errors import Refused, UnusableInput
from stembus.ids import new_id
from stembus.organisation.registry import member_numbered
from stembus.words import N_
from stembus_polls.contests import Contest
from stembus_polls.gates import require_channel, require_papers, require_running
from stembus_polls.of_contest import of_contest
from stembus_polls.paper.account import POST
from stembus_polls.paper.hand_out import WhyNot, strike_off
from stembus_polls.paper.tables import Envelope, PaperSent
from stembus_polls.powers import PAPER_HAND_OUT

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Received(Struct, frozen=True):
    """What came of one outer envelope."""

    accepted: bool
    reason: str = ""


def receive_envelope(
    transaction: "Transaction",
    contest: Contest,
    number: str | None,
    *,
    received_at: datetime | None = None,
    by: str,
    why_not: WhyNot,
) -> Received:
    """Note an outer envelope that came in, with the number on its voter card (None: there is no card), and judge it.

    A good one strikes the member off; a refused one is kept unopened and stands in the record with its reason.
    `received_at` is when it came, now when left out. Raises `Refused` when the policy opens no post or rests it on
    nothing.
    """
    require_running(contest)
    require_papers(contest)
    require_channel(contest, POST)
    acts(transaction, contest, by, PAPER_HAND_OUT)
    came = transaction.now if received_at is None else received_at
    if came > transaction.now:
        raise UnusableInput("The envelope cannot have come at {came}: that is still to come.", came=contest.local(came))
    session = transaction.session
    member_id = None if number is None else member_numbered(session, number).id
    reason = _refusal(session, contest, member_id, came, why_not)
    if member_id is not None and number is not None and not reason:
        try:
            strike_off(session, contest, {member_id: number}, channel=POST, papers=0)
        except Refused as struck:
            reason = struck.message.removesuffix(" Nothing was handed out.").rstrip(".")
    session.add(
        Envelope(
            id=new_id(transaction.now),
            procedure_id=contest.procedure_id,
            contest=contest.id,
            member_id=member_id,
            received_at=came.replace(second=0, microsecond=0),
            accepted=not reason,
            reason=reason,
        )
    )
    session.flush()
    return Received(not reason, reason)


def envelopes(session: Session, contest: Contest) -> list[Envelope]:
    """Return the envelopes that came in, in order of time."""
    return list(
        session.exec(
            select(Envelope).where(*of_contest(Envelope, contest)).order_by(col(Envelope.received_at), col(Envelope.id))
        )
    )


def _refusal(session: Session, contest: Contest, member_id: str | None, came: datetime, why_not: WhyNot) -> str:
    """Return why an envelope is refused, or nothing. The first reason in the order of handling."""
    if member_id is None:
        return N_("the voter card is missing, so nobody can be struck off")
    until = contest.times.post_until or contest.times.closes
    if came >= until:
        zone = contest.policy.timezone
        return f"it came at {contest.shown(came)}, after the deadline of {contest.shown(until)} ({zone})"
    if reason := why_not(session, contest, [member_id]).get(member_id):
        return reason.en
    if session.get(PaperSent, (contest.procedure_id, contest.id, member_id)) is None:
        return N_("no paper was sent to this member by post")
    return ""
