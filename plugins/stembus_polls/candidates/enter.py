"""Entering a list of candidates: what would happen with each row, and doing it, all or nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from stembus.conduct.acting import acts
from stembus.conduct.running import Running
from stembus.errors import CheckFailed
from stembus.ledger.acts import Act
from stembus.organisation.facts import facts_on
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member
from stembus_polls.candidates.form import Form, candidacy_of
from stembus_polls.candidates.planning import Around, Person, RowFate, Standing, plan_candidates
from stembus_polls.candidates.reading import CandidateFile, Line
from stembus_polls.candidates.rows import candidacies, form_of, numbers_of, supporters_by_entry
from stembus_polls.candidates.tables import Candidacy, CandidacySupporter
from stembus_polls.powers import ENTER
from stembus_polls.procedure_now import lock_procedure, moment
from stembus_procedures.language.stages import Call
from stembus_procedures.timeline import zone_of

if TYPE_CHECKING:
    from stembus.instance import Transaction


def plan_entries(session: Session, running: Running, file: CandidateFile, now: datetime) -> tuple[RowFate, ...]:
    """Return the fate of every row of a list at the moment `now`. Nothing is changed."""
    return plan_candidates(file.lines, _around(session, running, file.lines, now))


def enter_candidates(
    transaction: "Transaction", running: Running, file: CandidateFile, *, by: str
) -> tuple[RowFate, ...]:
    """Enter a list of candidates as one act, all of it or nothing, and return the fate of every row.

    Raises `CheckFailed` with the first row that is refused. A list that says nothing new changes nothing.
    """
    actor = acts(transaction, running, by, ENTER)
    session = transaction.session
    lock_procedure(session, running)
    fates = plan_entries(session, running, file, transaction.now)
    for fate in fates:
        for trouble in fate.troubles:
            raise CheckFailed(
                "{file}, row {row}, {named}: {text} Nothing was entered.",
                file=file.name,
                row=fate.row,
                named=trouble.field,
                text=trouble.text,
            )
    changed = [fate for fate in fates if fate.fate != "unchanged"]
    if not changed:
        return fates
    last = max((row.entry for row in candidacies(session, running.procedure.id)), default=0)
    entries = {}
    for fate in changed:
        last += fate.fate == "new"
        entries[fate.row] = last if fate.fate == "new" else fate.entry
    act_id = transaction.record(
        Act(
            kind="candidates.entered",
            by=(actor,),
            ground=f"{running.adopted.policy_id} {running.adopted.version}",
            subject={"procedure": running.procedure.id},
            details={
                "file": file.name,
                "entries": [
                    {"entry": entries[fate.row], "number": fate.form.number, "fate": fate.fate} for fate in changed
                ],
            },
            public={"count": len(changed)},
        )
    )
    _write(transaction, running, [(entries[fate.row], fate) for fate in changed], act_id)
    return fates


def _write(transaction: "Transaction", running: Running, changed: Sequence[tuple[int, RowFate]], act_id: str) -> None:
    session, procedure_id = transaction.session, running.procedure.id
    for entry, fate in changed:
        row = session.get(Candidacy, (procedure_id, entry)) if fate.fate == "changed" else None
        if row is None:
            row = Candidacy(
                procedure_id=procedure_id,
                entry=entry,
                member_id=fate.member_id,
                name=fate.form.name,
                nominated_by="",
                declared="",
                documents="",
                entered_at=transaction.now,
                is_late=fate.is_late,
                act_id=act_id,
            )
        _fill(row, fate.form)
        session.add(row)
    session.flush()
    session.execute(
        delete(CandidacySupporter).where(
            col(CandidacySupporter.procedure_id) == procedure_id,
            col(CandidacySupporter.entry).in_([entry for entry, _ in changed]),
        )
    )
    supporters = [
        {"procedure_id": procedure_id, "entry": entry, "member_id": member_numbered(session, number).id}
        for entry, fate in changed
        for number in fate.form.supporters
    ]
    if supporters:
        session.execute(insert(CandidacySupporter), supporters)


def _fill(row: Candidacy, form: Form) -> None:
    row.name, row.constituency, row.nominated_by = form.name, form.constituency, form.nominated_by
    row.declared = msgspec.json.encode(form.declared, order="sorted").decode()
    row.documents = msgspec.json.encode(form.documents, order="sorted").decode()
    row.code_signed, row.certificate_seen = form.code_signed, form.certificate_seen
    row.accepted_at = row.accepted_at or form.accepted_at


def _around(session: Session, running: Running, lines: Sequence[Line], now: datetime) -> Around:
    policy = running.policy
    call = policy.first(Call)
    stage = candidacy_of(policy)
    zone = zone_of(policy)
    closes = moment(running, f"{call.id}.closes") if call else moment(running, f"{stage.id}.due")
    rows = candidacies(session, running.procedure.id)
    numbers, supporters = numbers_of(session, rows), supporters_by_entry(session, running.procedure.id)
    find = _finder(session, now.astimezone(zone))
    in_file = {person.member_id for line in lines if (person := find(line.cells.get("number", "").strip()))}
    elsewhere = [row.entry for row in rows if row.member_id not in in_file and row.withdrawn_at is None]
    supports = Counter(
        person.member_id for entry in elsewhere for number in supporters.get(entry, ()) if (person := find(number))
    )
    return Around(
        policy=policy,
        now=now,
        opens=moment(running, f"{call.id}.opens") if call else now,
        closes=closes,
        repair_until=closes + timedelta(days=stage.repair.days) if stage.repair else None,
        zone=zone,
        find=find,
        there={
            (row.member_id, row.constituency): Standing(
                row.entry,
                form_of(row, numbers[row.member_id], supporters.get(row.entry, ())),
                bool(row.decision) or row.withdrawn_at is not None,
            )
            for row in rows
        },
        supports=supports,
    )


def _finder(session: Session, today: datetime) -> Callable[[str], Person | None]:
    """Return how to find a member by number, also under a number that was merged away; the roll is read once."""
    numbers: dict[str, tuple[str, str | None]] = {
        number: (member_id, merged)
        for number, member_id, merged in session.exec(select(Member.number, Member.id, Member.merged_into))
    }
    merged_into = {member_id: merged for member_id, merged in numbers.values() if merged is not None}
    known = facts_on(session, None, today.date())

    def find(number: str) -> Person | None:
        if number not in numbers:
            return None
        member_id = numbers[number][0]
        while member_id in merged_into:
            member_id = merged_into[member_id]
        member = known[member_id]
        facts = member.facts
        is_member = facts.registered_on is not None and (facts.ended_on is None or facts.ended_on > today.date())
        return Person(member_id, member.number, member.name, facts.branch, is_member)

    return find
