"""Judging the stembureau on seats, candidacies and declarations, and what that blocks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from sqlmodel import Session, select

from stembus.conduct.holding import sits_in
from stembus.conduct.running import Running
from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerBody
from stembus.organisation.authority import all_seats, current_definitions
from stembus.organisation.bodies import BOOTSTRAP, BodyDefinition
from stembus.organisation.mandate import HeldSeat, runs
from stembus.organisation.tables import Seat
from stembus_polls.bureau.composition import BureauMember, judge_bureau
from stembus_polls.bureau.tables import InterestDeclared
from stembus_polls.candidates.rows import candidacies
from stembus_polls.procedure_now import day_of
from stembus_procedures import Verdict
from stembus_procedures.events import Block
from stembus_procedures.language.bodies import Excluded
from stembus_procedures.language.oversight import Bureau
from stembus_procedures.language.stages import Screening, Vote
from stembus_procedures.language.values import Words


def bureau_of(running: Running) -> Bureau:
    """Return the stembureau as the policy has it. Raises `Refused` when it has none."""
    if running.policy.bureau is None:
        raise Refused("The policy of {procedure} names no stembureau.", procedure=running.procedure.name)
    return running.policy.bureau


def bureau_verdict(session: Session, running: Running, day: date) -> Verdict:
    """Return each requirement on the stembureau as it sits on a day."""
    definitions, seats = current_definitions(session), _held_on(session, day)
    members = _members(session, running, seats, definitions)
    return judge_bureau(bureau_of(running), members, _groups(session, running, seats, definitions))


def bureau_members(session: Session, running: Running, day: date) -> list[BureauMember]:
    """Return who has a seat in the stembureau on a day, with who appointed them and what they declared."""
    return _members(session, running, _held_on(session, day), current_definitions(session))


def _held_on(session: Session, day: date) -> list[HeldSeat]:
    return [seat for seat in all_seats(session) if runs(seat.starts, seat.ends, day)]


def _members(
    session: Session, running: Running, held: Sequence[HeldSeat], definitions: Mapping[str, BodyDefinition]
) -> list[BureauMember]:
    body = bureau_of(running).body
    seats = [seat for seat in held if sits_in(seat, body, running.held_by, definitions)]
    declared: dict[str, list[InterestDeclared]] = defaultdict(list)
    query = select(InterestDeclared).where(InterestDeclared.procedure_id == running.procedure.id)
    for line in session.exec(query):
        declared[line.member_id].append(line)
    return [
        BureauMember(
            member_id=seat.member_id,
            number=seat.number,
            name=seat.name,
            is_deputy=seat.deputy_for is not None,
            appointed_by=_appointed_by(session, running, seat),
            declared=seat.member_id in declared,
            relatives=tuple(line.relative_of for line in declared[seat.member_id] if line.relative_of),
            interests=tuple(line.interest for line in declared[seat.member_id] if line.interest),
        )
        for seat in {seat.member_id: seat for seat in seats}.values()
    ]


def bureau_day(running: Running, today: date) -> date:
    """Return the day on which the stembureau is judged: that of the vote, or today while there are no dates."""
    vote = running.policy.first(Vote)
    return today if vote is None or running.state.anchors is None else day_of(running, f"{vote.id}.opens")


def bureau_blocks(session: Session, running: Running) -> list[Block]:
    """Return what stands in the way of the vote while the stembureau is not composed as the policy says."""
    vote = running.policy.first(Vote)
    if running.policy.bureau is None or vote is None or running.state.anchors is None:
        return []
    judged = bureau_verdict(session, running, day_of(running, f"{vote.id}.opens"))
    if judged.allowed:
        return []
    nl = " ".join(check.reason.nl for check in judged.reasons[:3])
    en = " ".join(check.reason.en for check in judged.reasons[:3])
    reason = Words(nl=f"Het stembureau is niet in orde: {nl}", en=f"The stembureau is not in order: {en}")
    return [Block(vote.id, "bureau", reason, running.policy.bureau.appointed_by)]


def _appointed_by(session: Session, running: Running, seat: HeldSeat) -> tuple[str, ...]:
    """Return the bodies that an appointment comes from: where its actors sit, and whose decision its ground names.

    An assembly has no seats to act from. What it decides is entered by others, with the decision as the ground; the
    act stands in the ledger for anybody to hold against the minutes.
    """
    row = session.get_one(Seat, seat.seat_id)
    body = session.get(LedgerBody, row.given_by)
    if body is None:
        return ()
    act = msgspec.json.decode(body.body, type=Act)
    bodies = [actor.capacity.split(".")[0] for actor in act.by]
    wanted = bureau_of(running).appointed_by
    entered_for_others = running.policy.bodies[wanted].kind in ("assembly", "person", "court")
    if BOOTSTRAP in bodies or (entered_for_others and act.ground.strip()):
        bodies.append(wanted)
    return tuple(dict.fromkeys(bodies))


def _groups(
    session: Session, running: Running, held: Sequence[HeldSeat], definitions: Mapping[str, BodyDefinition]
) -> dict[Excluded, set[str]]:
    policy = running.policy
    elected = policy.seats.body if policy.seats else ""
    screening = {stage.owner for stage in policy.stages_of(Screening)}
    groups: dict[Excluded, set[str]] = defaultdict(set)
    for seat in held:
        sits = {body for body in policy.bodies if sits_in(seat, body, running.held_by, definitions)}
        kinds = {policy.bodies[body].kind for body in sits}
        if seat.body not in sits and seat.body in definitions:
            kinds.add(definitions[seat.body].kind)
        if "board" in kinds:
            groups["board"].add(seat.member_id)
        if "office" in kinds:
            groups["employees"].add(seat.member_id)
        if elected in sits:
            groups["members_of_body"].add(seat.member_id)
        if screening & sits:
            groups["screeners"].add(seat.member_id)
    rows = candidacies(session, running.procedure.id)
    groups["candidates"] = {row.member_id for row in rows if row.withdrawn_at is None and row.decision != "refused"}
    return groups
