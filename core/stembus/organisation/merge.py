"""Merging two entries of one person: what the kept one lacks is taken over, the other keeps only its number."""

from datetime import date
from typing import TYPE_CHECKING

import msgspec
from sqlmodel import Session, select

from stembus.documents.tables import DocumentSignature
from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus.notices.languages import take_over_language
from stembus.organisation.authority import all_seats, authorise, current_definitions, today
from stembus.organisation.core_powers import MEMBERS_MERGE
from stembus.organisation.incompatible import clashes
from stembus.organisation.mail_consent import take_over_words
from stembus.organisation.member import MemberState
from stembus.organisation.registry import member_numbered
from stembus.organisation.roll.fates import Change, differences
from stembus.organisation.seat_rows import lock_seats
from stembus.organisation.states import lock_roll, replace_states, states_of
from stembus.organisation.tables import Seat
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

FILLED = ("given", "particle", "surname", "born_on", "email", "phone", "street", "postcode", "city", "country")


def merged_state(keep: MemberState, gone: MemberState) -> MemberState:
    """Return `keep` with what only `gone` knows: what was empty, the earliest days, and kinds of period it lacks."""
    own = {name: getattr(keep, name) or getattr(gone, name) for name in FILLED}
    for name in ("registered_on", "first_paid_on"):
        own[name] = min((day for day in (getattr(keep, name), getattr(gone, name)) if day is not None), default=None)
    kinds = {period.kind for period in keep.periods}
    added = tuple(period for period in gone.periods if period.kind not in kinds and period.kind != "left")
    return msgspec.structs.replace(
        keep, **own, periods=tuple(sorted(keep.periods + added, key=lambda p: (p.kind, p.starts)))
    )


def plan_merge(
    session: Session, keep_number: str, gone_number: str, day: date
) -> tuple[MemberState, MemberState, tuple[Change, ...]]:
    """Return the entry to keep, the one to merge into it, and what changes in the first.

    Raises `Refused` when they are one already, when seats of the two could not be held by one person, or when the
    entry that goes holds a seat on `day` or later: seats are given by two people, and one person merges.
    """
    keep_id, gone_id = (member_numbered(session, number).id for number in (keep_number, gone_number))
    if keep_id == gone_id:
        raise Refused(
            "{keep_number} and {gone_number} are one entry already. Nothing was changed.",
            keep_number=keep_number,
            gone_number=gone_number,
        )
    states = states_of(session, (keep_id, gone_id))
    keep, gone = states[keep_id], states[gone_id]
    seats = all_seats(session)
    rules = {slug: definition.incompatible for slug, definition in current_definitions(session).items()}
    moved = [msgspec.structs.replace(s, member_id=keep_id) if s.member_id == gone_id else s for s in seats]
    for seat in moved:
        for clash in clashes(seat, moved, rules):
            raise Refused(
                "{keep_number} and {gone_number} hold {body}.{office} and {other_body}.{other_office} from {since}, "
                "which one person cannot ({reason}). End one first.",
                keep_number=keep_number,
                gone_number=gone_number,
                body=seat.body,
                office=seat.office,
                other_body=clash.other.body,
                other_office=clash.other.office,
                since=clash.since,
                reason=Sentence(clash.reason),
            )
    for seat in seats:
        if seat.member_id == gone_id and not seat.is_void and (seat.ends is None or seat.ends > day):
            raise Refused(
                "{gone_number} holds a seat ({body}.{office}), and one person cannot move that to another entry: keep "
                "{gone_number}, or end the seat first.",
                gone_number=gone_number,
                body=seat.body,
                office=seat.office,
            )
    return keep, gone, differences(keep, merged_state(keep, gone))


def merge_members(transaction: "Transaction", keep_number: str, gone_number: str, *, by: str, ground: str) -> str:
    """Merge the entry `gone_number` into `keep_number` and return the id of the act. It cannot be undone.

    Seats that are over, signatures, the language of mail and what was said of convocations by mail move along; the
    number that goes still leads to the member that is kept.
    """
    actor = authorise(transaction, by, MEMBERS_MERGE)
    session = transaction.session
    lock_roll(session)
    lock_seats(session)
    keep, gone, _ = plan_merge(session, keep_number, gone_number, today(transaction.instance, transaction.now))
    rest = MemberState(id=gone.id, number=gone.number, source=gone.source, merged_into=keep.id)
    replace_states(session, [merged_state(keep, gone), rest])
    for seat in session.exec(select(Seat).where(Seat.member_id == gone.id)):
        seat.member_id = keep.id
        session.add(seat)
    _move_signatures(session, keep.id, gone.id)
    take_over_language(session, keep.id, gone.id)
    take_over_words(session, keep.id, gone.id)
    session.flush()
    return transaction.record(
        Act(
            kind="members.merged",
            by=(actor,),
            ground=ground,
            subject={"keep": keep.id, "gone": gone.id},
            details={"keep_number": keep.number, "gone_number": gone.number},
        )
    )


def _move_signatures(session: Session, keep: str, gone: str) -> None:
    for signature in session.exec(select(DocumentSignature).where(DocumentSignature.member_id == gone)).all():
        if session.get(DocumentSignature, (keep, signature.document_id, signature.version)) is None:
            session.add(DocumentSignature(**{**signature.model_dump(), "member_id": keep}))
        session.delete(signature)
