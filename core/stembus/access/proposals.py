"""Proposals: what one person proposed and another, in another seat, confirms.

A proposal is an act, so that nobody can say later that they were not asked; what it is about stands in the act that
carries it out, which has both people. Until then nothing has changed.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import CursorResult, update
from sqlmodel import Session, col, select

from stembus.access.grave_acts import Arguments, GraveAct, Who, can_be_first, can_be_second
from stembus.access.proposal_acts import CLOSED, MADE
from stembus.access.proposal_tables import Proposal
from stembus.conduct.tables import Procedure
from stembus.errors import Refused, UnusableInput
from stembus.ids import new_id
from stembus.ledger.acts import Act, Actor
from stembus.ledger.record import canonical
from stembus.ledger.tables import LedgerBody
from stembus.organisation.authority import all_seats
from stembus.organisation.mandate import HeldSeat
from stembus.organisation.registry import member_numbered
from stembus.words import CORE_LOCALE, Lang, Speech
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stembus.instance import Transaction
    from stembus.plugins import Plugins

OPEN_FOR = timedelta(days=14)
"""A proposal lapses after this, or sooner when the moment that it is about has passed."""


class Told(NamedTuple):
    """A proposal as it stands now: the act, what both are told, and who can confirm it.

    `changed` says that what it rests on is not as it was when it was made; `first` is None when the seat of the
    proposer does not act any more.
    """

    row: Proposal
    act: GraveAct
    arguments: Any
    sentences: "tuple[Sentence, ...]"
    first: HeldSeat | None
    seconds: tuple[HeldSeat, ...]
    changed: bool
    lapsed: bool

    @property
    def waits(self) -> bool:
        """Whether it can still be confirmed."""
        return not (self.row.outcome or self.lapsed or self.changed or self.first is None)


def propose(transaction: "Transaction", kind: str, arguments: Arguments, *, by: str) -> Proposal:
    """Propose a grave act in the seat of the member numbered `by`, and return the proposal.

    Raises `Refused` when they have no seat for it, when nobody could be the second, or when it cannot be done.
    """
    act = known(transaction, kind)
    who = act.who(transaction, arguments)
    member = member_numbered(transaction.session, by)
    first = can_be_first(who, member.id)
    if first is None:
        raise Refused(
            "Member {number} holds no seat today in which this can be proposed: {what}.",
            number=by,
            what=Sentence(act.title),
        )
    seconds = can_be_second(who, first)
    if not seconds:
        raise Refused(
            "Nobody else holds a seat today in which this can be confirmed: {what}. Give one first.",
            what=Sentence(act.title),
        )
    shown = _digest(transaction, act, arguments)
    _not_twice(transaction, kind, shown)
    until = act.until(transaction, arguments)
    expires = transaction.now + OPEN_FOR if until is None else min(until, transaction.now + OPEN_FOR)
    if expires <= transaction.now:
        raise Refused("The moment until which this could be done has passed: {until}.", until=until)
    _rehearse(transaction, act, arguments, first, seconds[0])
    identifier = new_id(transaction.now)
    subject = {"proposal": identifier, **act.subject(arguments)}
    act_id = transaction.record(
        Act(
            kind=MADE.name,
            by=(_actor(first),),
            ground=_said(transaction, "nl", (Sentence(act.title),))[0],
            subject=subject,
            details={
                **_what(transaction, act),
                "shown_nl": _said(transaction, "nl", act.sentences(transaction, arguments)),
                "shown_en": _said(transaction, "en", act.sentences(transaction, arguments)),
                "shown_sha256": shown,
            },
            public={"kind": kind},
        )
    )
    row = Proposal(
        id=identifier,
        kind=kind,
        arguments=canonical.encode(arguments).decode(),
        shown_sha256=shown,
        procedure_id=subject.get("procedure"),
        proposed_by=member.id,
        seat_id=first.seat_id,
        at=transaction.now,
        expires_at=expires,
        act_id=act_id,
    )
    transaction.session.add(row)
    transaction.session.flush()
    return row


def confirm(transaction: "Transaction", proposal_id: str, *, by: str, shown_sha256: str) -> object:
    """Carry out what was proposed, as the second person, and return what its verb returns.

    `shown_sha256` is that of what the second person read. Raises `Refused` when it is decided or over, when what it
    rests on changed since it was made, or when this is the same person or the same seat.
    """
    _lock(transaction.session, proposal_id)
    found = told(transaction, proposal_id)
    first = _still_waiting(found)
    if shown_sha256 != found.row.shown_sha256:
        raise Refused("What is proposed is not what you read: open the proposal again and read it.")
    member = member_numbered(transaction.session, by)
    if member.id == found.row.proposed_by:
        raise Refused("You proposed this yourself: another person has to confirm it.")
    second = next((seat for seat in found.seconds if seat.member_id == member.id), None)
    if second is None:
        raise Refused(
            "You hold no other seat today in which this can be confirmed. It may be confirmed by {who}.",
            who=[f"{seat.name} ({seat.body}.{seat.office})" for seat in found.seconds],
        )
    _decide(transaction, found.row, "confirmed", second)
    return found.act.carry_out(transaction, found.arguments, first.number, second.number)


def decline(transaction: "Transaction", proposal_id: str, *, by: str, reason: str) -> None:
    """Say no to a proposal, as somebody who could confirm it. Raises `Refused` for others, or when it is over."""
    found = told(transaction, proposal_id)
    member = member_numbered(transaction.session, by)
    seat = next((one for one in found.seconds if one.member_id == member.id), None)
    if seat is None:
        raise Refused("Only who could confirm this can say no to it.")
    _close(transaction, found, "declined", seat, reason)


def withdraw(transaction: "Transaction", proposal_id: str, *, by: str, reason: str) -> None:
    """Take back one's own proposal. Raises `Refused` for others, or when it is over."""
    found = told(transaction, proposal_id)
    member = member_numbered(transaction.session, by)
    if found.row.proposed_by != member.id:
        raise Refused("Only who made a proposal can take it back.")
    _close(transaction, found, "withdrawn", _seat(transaction.session, found.row.seat_id), reason)


def told(transaction: "Transaction", proposal_id: str) -> Told:
    """Return a proposal as it stands now. Raises `UnusableInput` when there is none."""
    row = transaction.session.get(Proposal, proposal_id)
    if row is None:
        raise UnusableInput("There is no such proposal.")
    act = known(transaction, row.kind)
    arguments = msgspec.json.decode(row.arguments, type=act.arguments)
    lapsed = transaction.now >= row.expires_at
    if row.outcome or lapsed:
        return Told(row, act, arguments, (), _seat(transaction.session, row.seat_id), (), False, lapsed)
    try:
        who: Who = act.who(transaction, arguments)
        sentences = tuple(act.sentences(transaction, arguments))
        changed = _digest(transaction, act, arguments) != row.shown_sha256
    except (Refused, UnusableInput) as over:  # what it is about cannot be done any more
        return Told(row, act, arguments, (over,), _seat(transaction.session, row.seat_id), (), True, lapsed)
    first = can_be_first(who, row.proposed_by)
    if first is not None and first.seat_id != row.seat_id:
        first = next((seat for seat in who.either if seat.seat_id == row.seat_id), None)
    seconds = tuple(can_be_second(who, first)) if first is not None else ()
    return Told(row, act, arguments, sentences, first, seconds, changed, lapsed)


def waiting(transaction: "Transaction", procedure_id: str | None = None) -> list[Told]:
    """Return the proposals that can still be confirmed, those that lapse first before the others."""
    query = select(Proposal).where(Proposal.outcome == "", col(Proposal.expires_at) > transaction.now)
    if procedure_id is not None:
        query = query.where(Proposal.procedure_id == procedure_id)
    rows = transaction.session.exec(query.order_by(col(Proposal.expires_at), col(Proposal.id)))
    kinds = grave_acts(transaction.instance.plugins)
    found = [told(transaction, row.id) for row in rows.all() if row.kind in kinds]
    return [one for one in found if one.waits]


def decided(session: Session, limit: int) -> "Sequence[Proposal]":
    """Return the proposals that were decided or lapsed, the latest first."""
    return session.exec(select(Proposal).order_by(col(Proposal.at).desc()).limit(limit)).all()


def shown_then(session: Session, row: Proposal) -> Mapping[str, "Sequence[str]"]:
    """Return the sentences that the proposer read, by language; nothing once the body of the act was destroyed."""
    body = session.get(LedgerBody, row.act_id)
    if body is None:
        return {"nl": (), "en": ()}
    details = msgspec.json.decode(body.body, type=Act).details
    return {"nl": details["shown_nl"], "en": details["shown_en"]}


def grave_acts(plugins: "Plugins") -> dict[str, GraveAct]:
    """Return every grave act that can be proposed, by name."""
    from stembus.access.core_grave_acts import CORE_GRAVE_ACTS  # noqa: PLC0415 - they stand on everything else

    return {act.name: act for act in (*CORE_GRAVE_ACTS, *plugins.grave_acts())}


def known(transaction: "Transaction", kind: str) -> GraveAct:
    """Return the grave act of this name. Raises `UnusableInput` when nothing installed knows it."""
    found = grave_acts(transaction.instance.plugins).get(kind)
    if found is None:
        raise UnusableInput("Nothing installed knows the act {kind!r}.", kind=kind)
    return found


def _digest(transaction: "Transaction", act: GraveAct, arguments: Arguments) -> str:
    rests_on = act.rests_on(transaction, arguments)
    said = [str(sentence) for sentence in act.sentences(transaction, arguments)]
    shown = msgspec.to_builtins([act.name, arguments, said, rests_on])
    return hashlib.sha256(canonical.encode(shown)).hexdigest()


def _not_twice(transaction: "Transaction", kind: str, shown: str) -> None:
    same = select(Proposal.id).where(
        Proposal.kind == kind,
        Proposal.shown_sha256 == shown,
        Proposal.outcome == "",
        col(Proposal.expires_at) > transaction.now,
    )
    if transaction.session.exec(same).first() is not None:
        raise Refused("This was proposed before, word for word, and waits for a second person. Nothing was changed.")


def _rehearse(transaction: "Transaction", act: GraveAct, arguments: Any, first: HeldSeat, second: HeldSeat) -> None:
    """Let the verb do it and undo that at once, so that whoever proposes hears now what a rule refuses."""
    with transaction.session.begin_nested() as point:
        act.carry_out(transaction, arguments, first.number, second.number)
        point.rollback()


def _lock(session: Session, proposal_id: str) -> None:
    """Make others who decide on it, or change the procedure that it is about, wait for this transaction."""
    query = select(Proposal.procedure_id).where(Proposal.id == proposal_id).with_for_update()
    procedure_id = session.exec(query).first()
    if procedure_id is not None:
        session.exec(select(Procedure.id).where(Procedure.id == procedure_id).with_for_update(key_share=True)).one()


def _said(transaction: "Transaction", lang: Lang, sentences: "Sequence[Sentence]") -> list[str]:
    """Return sentences in one language, with moments by the party's clock."""
    instance = transaction.instance
    spoken = Speech.read(lang, (CORE_LOCALE, *instance.plugins.translations().values())).inside(instance.zone)
    return [spoken.say(sentence) for sentence in sentences]


def _what(transaction: "Transaction", act: GraveAct) -> dict[str, str]:
    title = (Sentence(act.title),)
    return {"what_nl": _said(transaction, "nl", title)[0], "what_en": _said(transaction, "en", title)[0]}


_OUTCOMES = {
    "declined": {"outcome_nl": "afgewezen", "outcome_en": "declined"},
    "withdrawn": {"outcome_nl": "ingetrokken", "outcome_en": "withdrawn"},
}


def _still_waiting(found: Told) -> HeldSeat:
    """Return the seat of who proposed it. Raises `Refused` when it can no longer be confirmed."""
    if found.row.outcome:
        raise Refused("This was decided before. Nothing was changed.")
    if found.lapsed:
        raise Refused("This proposal has lapsed: propose it again. Nothing was changed.")
    if found.changed:
        raise Refused("What this rests on has changed since it was proposed: propose it again. Nothing was changed.")
    if found.first is None:
        raise Refused("Whoever proposed this does not hold that seat any more: propose it again. Nothing was changed.")
    return found.first


def _close(transaction: "Transaction", found: Told, outcome: str, seat: HeldSeat, reason: str) -> None:
    if not reason.strip():
        raise UnusableInput("Say why.", field="reason")
    if found.row.outcome or found.lapsed:
        raise Refused("This was decided before, or has lapsed. Nothing was changed.")
    _decide(transaction, found.row, outcome, seat, reason)
    transaction.record(
        Act(
            kind=CLOSED.name,
            by=(_actor(seat),),
            ground=reason,
            subject={"proposal": found.row.id, **found.act.subject(found.arguments)},
            details={**_what(transaction, found.act), **_OUTCOMES[outcome], "reason": reason},
            public={"kind": found.row.kind},
        )
    )


def _decide(transaction: "Transaction", row: Proposal, outcome: str, seat: HeldSeat, reason: str = "") -> None:
    """Write the outcome once: of two who decide at the same moment the second one finds it written."""
    result: CursorResult[Any] = transaction.session.execute(  # type: ignore[assignment]
        update(Proposal)
        .where(col(Proposal.id) == row.id, col(Proposal.outcome) == "")
        .values(
            outcome=outcome,
            decided_by=seat.member_id,
            decided_in=seat.seat_id,
            decided_at=transaction.now,
            reason=reason,
        )
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:
        raise Refused("This was decided before. Nothing was changed.")


def _seat(session: Session, seat_id: str) -> HeldSeat:
    return next(seat for seat in all_seats(session) if seat.seat_id == seat_id)


def _actor(seat: HeldSeat) -> Actor:
    capacity = f"{seat.body}.{seat.office}" + ("" if seat.deputy_for is None else " (deputy)")
    return Actor(member_id=seat.member_id, seat_id=seat.seat_id, capacity=capacity)
