"""Judging candidacies on what the party knows: facts of the judged day, seats held, terms served."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace
from sqlmodel import Session

from stembus.conduct.holding import sits_in
from stembus.conduct.running import Running
from stembus.organisation.authority import all_seats, current_definitions
from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.facts import facts_on
from stembus.organisation.registry import member_numbered
from stembus_polls.candidates.form import Form, candidacy_of
from stembus_polls.candidates.rows import form_of, numbers_of, supporters_by_entry
from stembus_polls.candidates.standing import Days, judge_candidacy
from stembus_polls.candidates.tables import Candidacy
from stembus_polls.candidates.terms import Served, Term, terms_in_a_row
from stembus_polls.procedure_now import day_of, planned
from stembus_procedures import MemberFacts, Verdict, may_stand
from stembus_procedures.eligibility import Step
from stembus_procedures.language.stages import Result
from stembus_procedures.timeline import zone_of


def judge(
    session: Session,
    running: Running,
    rows: Sequence[Candidacy],
    *,
    step: Step = "before_candidacy",
    on: date | None = None,
) -> dict[int, Verdict]:
    """Return the verdict on each of these candidacies by entry number; `on` is another day than the policy's."""
    days = _days(running)
    judged_on = on or days.judged_on
    numbers, supporters = numbers_of(session, list(rows)), supporters_by_entry(session, running.procedure.id)
    # A member that was merged into another one is judged by the entry that was kept.
    kept = {row.member_id: member_numbered(session, numbers[row.member_id]).id for row in rows}
    facts = _facts_for_standing(session, running, set(kept.values()), judged_on, days)
    verdicts = {}
    for row in rows:
        form = form_of(row, numbers[row.member_id], supporters.get(row.entry, ()))
        verdicts[row.entry] = judge_candidacy(
            running.policy,
            form,
            replace(
                facts[kept[row.member_id]],
                codes_signed=(form.code_signed,) if form.code_signed else (),
                certificate_seen=form.certificate_seen,
            ),
            replace(days, judged_on=judged_on),
            is_late=row.is_late,
            step=step,
        )
    return verdicts


def judge_one(session: Session, running: Running, row: Candidacy) -> tuple[Form, Verdict]:
    """Return one candidacy as a form, with the verdict on it."""
    number = numbers_of(session, [row])[row.member_id]
    supporters = supporters_by_entry(session, running.procedure.id).get(row.entry, ())
    return form_of(row, number, supporters), judge(session, running, [row])[row.entry]


def judge_member(session: Session, running: Running, member_id: str) -> tuple[Verdict, date]:
    """Return the conditions for standing on somebody who is no candidate, and the day on which they are judged.

    What a candidate hands in is left out; the code of conduct and the certificate count as not there yet.
    """
    days, stand = _days(running), candidacy_of(running.policy).stand
    facts = _facts_for_standing(session, running, {member_id}, days.judged_on, days)[member_id]
    verdict = may_stand(
        stand,
        facts,
        on=days.judged_on,
        age_day=days.age_on,
        seats=running.policy.seats,
        term_starts=days.term_starts,
    )
    return verdict, days.judged_on


def _facts_for_standing(
    session: Session, running: Running, member_ids: set[str], on: date, days: Days
) -> dict[str, MemberFacts]:
    """Return the facts of members on a day, with the kinds of the bodies they sit in and the terms they served."""
    definitions = current_definitions(session)
    served = _served(session, running, definitions, days.term_starts or on)
    kinds: dict[str, str] = {slug: body.kind for slug, body in running.policy.bodies.items()}
    kinds |= {slug: definition.kind for slug, definition in definitions.items()}
    found = {}
    for member_id, member in facts_on(session, member_ids, on).items():
        offices = _offices(running, member.facts.offices, definitions)
        terms = served.get(member_id, Served(0, None))
        found[member_id] = replace(
            member.facts,
            offices=(*offices, *(kinds[body] for body in offices if body in kinds)),
            terms_served=terms.terms,
            last_term_ended=terms.last_ended,
        )
    return found


def _offices(running: Running, held: tuple[str, ...], definitions: Mapping[str, BodyDefinition]) -> tuple[str, ...]:
    """Return the bodies and offices that somebody sits in as the policy names them: a branch has some of its own."""
    branch = None if running.held_by is None else definitions.get(running.held_by)
    if branch is None:
        return held
    party = [one for one in held if one.partition(".")[0] not in branch.own_bodies]
    own = [one.partition(".")[2] for one in held if one.startswith(f"{branch.slug}.")]
    return (*party, *(body for office in own for body in branch.spoken_for(office)))


def _days(running: Running) -> Days:
    stage = candidacy_of(running.policy)
    judged_on = day_of(running, f"{stage.id}.stand.judged_on")
    result = running.policy.first(Result)
    return Days(
        judged_on=judged_on,
        age_on=day_of(running, f"{stage.id}.stand.age_on") if stage.stand.age_on else judged_on,
        accept_until=planned(running, f"{stage.id}.acceptance.until").astimezone(zone_of(running.policy)),
        term_starts=day_of(running, f"{result.id}.due") if result else None,
    )


def _served(
    session: Session, running: Running, definitions: Mapping[str, BodyDefinition], on: date
) -> dict[str, Served]:
    seats = running.policy.seats
    if seats is None or seats.maximum_terms is None:
        return {}
    held: dict[str, list[Term]] = defaultdict(list)
    for seat in all_seats(session):
        if sits_in(seat, seats.body, running.held_by, definitions) and seat.deputy_for is None:
            held[seat.member_id].append(Term(seat.starts, seat.ends))
    return {member: terms_in_a_row(seats, terms, on) for member, terms in held.items()}
