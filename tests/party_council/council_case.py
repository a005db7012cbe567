"""A small party whose council was elected: bodies with people in them, a declared result, and papers to count again.

Two places and five candidates. Ada (11 papers) and Ben (8) are elected; Ada's papers name Cas (6) and Dee (4) next,
Ben's name Eli.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar

import msgspec
from organisation_cases import define, definition, found, give, seat

from stembus.clock import SetClock
from stembus.conduct.policies import Source, adopt, read_source
from stembus.conduct.running import Running, begin, open_procedure, schedule
from stembus.conduct.speaking import in_their_seats
from stembus.conduct.tables import ProcedureEvent
from stembus.ids import new_id
from stembus.instance import Instance, Transaction
from stembus.ledger.acts import Act
from stembus.organisation.authority import authorise_two
from stembus.organisation.core_powers import CORE_POWERS, PROCEDURE_START
from stembus.organisation.member import MemberState
from stembus.organisation.registry import member_numbered
from stembus.organisation.states import insert_states
from stembus_party_council.council import Council, council_of, open_council
from stembus_party_council.powers import SEATING
from stembus_polls import open_poll, poll_of
from stembus_polls.candidates.tables import Candidacy
from stembus_polls.counting.count import count_contest
from stembus_polls.counting.declare import _digests
from stembus_polls.counting.tables import Declaration
from stembus_polls.lots.tables import OrderDraw
from stembus_polls.paper.account import ByHand, number_papers, state_account
from stembus_polls.paper.type_over import type_papers
from stembus_polls.powers import POWERS as POLL_POWERS
from stembus_polls.publishing.publish import publish
from stembus_procedures import Completed, load_policy
from stembus_procedures.events import Actor
from stembus_procedures.language import Task
from stembus_procedures.language.stages import Decision, Seating

T = TypeVar("T")
PROCEDURE = "raad-2026"
MEETING = date(2026, 6, 20)
DECLARED = datetime(2026, 6, 22, 10, tzinfo=UTC)
OBJECTIONS_OVER = datetime(2026, 6, 29, 22, tzinfo=UTC)
"""Seven days after the result, at midnight in Amsterdam."""
OFFICE, COMMITTEE, BUREAU = ("001", "002"), ("003", "004"), ("005", "006")
NAMES = ("Ada Smit", "Ben Jansen", "Cas van Dijk", "Dee Visser", "Eli Mulder")
NUMBERS = ("101", "102", "103", "104", "105")
ADA, BEN, CAS, DEE, ELI = NUMBERS
PAPERS = ("1 3",) * 6 + ("1 4",) * 4 + ("1",) + ("2 5",) * 8 + ("3",) + ("5 4",) * 2
SMALL = {
    "minimum = 13\nmaximum": "minimum = 2\nmaximum",
    "minimum_to_constitute = 13": "minimum_to_constitute = 2",
    "number = 20": "number = 8",
    "size_min = 3": "size_min = 2",
}
BY_APPROVAL = {
    'method = "stv"': 'method = "approval"',
    'transfer = { quota = "droop", transfer = "weighted_gregory", tie_in_stage = "earlier_stages_then_lot" }': (
        "second_count = false"
    ),
    '"countback"': '"next_in_result"',
    'kept_as = "rankings"\n': "",
    "recount = { margin = 1,": "recount = { margin = 0,",
}
"""Changes of the policy with which members choose everybody whom they approve of, and nobody recounts unasked."""
ON_EACH_PERSON = {
    **BY_APPROVAL,
    'method = "stv"': 'method = "yes_no_per_person"',
    "minimum_choices = 1\n": "",
}
"""Changes with which they say for, against or blank of each candidate."""


def policy_source(instance: Instance, changes: dict[str, str]) -> Source:
    """Return the shipped policy for a body of two, with these texts replaced."""
    text = read_source("partijraad", instance.plugins).text
    for old, new in {**SMALL, **changes}.items():
        assert old in text, f"{old!r} is not in the policy"
        text = text.replace(old, new)
    return Source("small", text, load_policy(text))


def elected(
    instance: Instance,
    clock: SetClock,
    *,
    papers: tuple[str, ...] = PAPERS,
    declared: tuple[str, ...] = (),
    names: tuple[str, ...] = NAMES,
    changes: dict[str, str] | None = None,
) -> None:
    """Run the procedure until its result is declared. `declared` is the gender that each candidate declared."""
    running_to_the_vote(instance, clock, names=names, declared=declared, changes=changes or {}, at=DECLARED)
    _count(instance, papers)
    declared_in_the_meeting(instance)


def declared_in_the_meeting(instance: Instance) -> None:
    """Let the result of the count be declared, with all that comes before it."""
    with instance.write() as transaction:
        running = _complete_until(transaction, "seating")
        act = Act(kind="poll.declared", by=(), ground="the count", subject={"procedure": running.procedure.id})
        transaction.record(act)


def running_to_the_vote(
    instance: Instance,
    clock: SetClock,
    *,
    names: tuple[str, ...],
    declared: tuple[str, ...] = (),
    changes: dict[str, str],
    voters: tuple[str, ...] = (),
    at: datetime,
) -> None:
    """Run the procedure until only counting is left, at `at`; `voters` are the numbers of more members."""
    _people(instance, names, voters)
    with instance.write() as transaction:
        adopted = adopt(transaction, policy_source(instance, changes), by=OFFICE, decision="ALV, item 3")
        people = in_their_seats(authorise_two(transaction, *OFFICE, PROCEDURE_START))
        schedule(transaction, begin(transaction, PROCEDURE, adopted, people), {"meeting": MEETING}, people)
    clock.set(at)
    with instance.write() as transaction:
        _candidates(transaction, names, declared)
        _complete_until(transaction, "count")


def council(instance: Instance) -> Council:
    """Return the council as it stands now."""
    with instance.read() as session:
        running = open_procedure(session, instance.plugins, PROCEDURE)
        return council_of(session, poll_of(session, running, instance.clock.now()))


def do(instance: Instance, verb: Callable[..., T], *arguments: object, **keywords: object) -> T:
    """Do one thing with the council, in a transaction of its own."""
    with instance.write() as transaction:
        return verb(transaction, open_council(transaction, PROCEDURE), *arguments, **keywords)


def made_public(transaction: Transaction) -> None:
    """Let the result be declared and public, as it would be."""
    poll = open_poll(transaction, PROCEDURE)
    act_id = poll.running.procedure.act_id
    counts = _digests(transaction.session, poll)
    declared = Declaration(procedure_id=poll.running.procedure.id, at=transaction.now, counts=counts, act_id=act_id)
    transaction.session.add(declared)
    transaction.session.flush()
    publish(transaction, poll, by=BUREAU)


def _people(instance: Instance, names: tuple[str, ...], voters: tuple[str, ...]) -> None:
    found(instance)
    with instance.write() as transaction:
        insert_states(
            transaction.session,
            [_member(transaction, n, "Lid", f"Nummer{n}") for n in (*COMMITTEE, *BUREAU, *voters)]
            + [_member(transaction, NUMBERS[i], *name.split(" ", 1)) for i, name in enumerate(names)],
        )
    every = [power.name for power in CORE_POWERS]
    define(instance, definition("partijbureau", {"staff": [*every, SEATING]}))
    define(instance, definition("bestuur", {"member": []}))
    define(instance, definition("kiescommissie", {"member": [SEATING]}))
    define(instance, definition("stembureau", {"member": [power.name for power in POLL_POWERS]}))
    clash = {"with": "bestuur", "reason": "statuten 15.4"}
    define(instance, definition("partijraad", {"member": []}, seats=25, clashes=[clash]))
    give(
        instance,
        *(seat("partijbureau", "staff", number) for number in OFFICE),
        *(seat("kiescommissie", "member", number) for number in COMMITTEE),
        *(seat("stembureau", "member", number) for number in BUREAU),
    )


def _member(transaction: Transaction, number: str, given: str, surname: str) -> MemberState:
    return MemberState(
        id=new_id(transaction.now), number=number, given=given, surname=surname, registered_on=date(2020, 1, 1)
    )


def _candidates(transaction: Transaction, names: tuple[str, ...], declared: tuple[str, ...]) -> None:
    running = open_procedure(transaction.session, transaction.instance.plugins, PROCEDURE)
    for place, name in enumerate(names):
        transaction.session.add(
            Candidacy(
                procedure_id=running.procedure.id,
                entry=place + 1,
                member_id=member_numbered(transaction.session, NUMBERS[place]).id,
                name=name,
                nominated_by="self",
                declared=msgspec.json.encode({"gender": declared[place]} if declared else {}).decode(),
                documents="{}",
                entered_at=transaction.now,
                accepted_at=running.times["call.opens"],
                decision="admitted",
                act_id=running.procedure.act_id,
            )
        )
    transaction.session.add(
        OrderDraw(
            procedure_id=running.procedure.id,
            number=1,
            seed="7",
            orders=msgspec.json.encode({"at_large": list(range(1, len(names) + 1))}).decode(),
            drawn_by="kiescommissie",
            witnesses="[]",
            at=transaction.now,
            act_id=running.procedure.act_id,
        )
    )
    transaction.session.flush()


def _complete_until(transaction: Transaction, last: str) -> Running:
    """Let the tasks before `last` be complete, as their owners would complete them in time."""
    running = open_procedure(transaction.session, transaction.instance.plugins, PROCEDURE)
    number = len(running.state.done) + 2
    seats = running.policy.seats
    to_elect = seats.number if seats is not None and isinstance(seats.number, int) else 2
    for stage in running.policy.stages:
        if stage.id == last or isinstance(stage, Seating):
            break
        if not isinstance(stage, Task) or stage.id in running.state.done:
            continue
        people = tuple(Actor(person=p, seat=p, body=stage.owner) for p in ("x", "y"))
        event = Completed(
            at=min(running.times[f"{stage.id}.due"], transaction.now),
            by=people,
            stage=stage.id,
            number=to_elect if isinstance(stage, Decision) else None,
        )
        transaction.session.add(
            ProcedureEvent(
                procedure_id=running.procedure.id,
                number=number,
                event=msgspec.json.encode(event).decode(),
                candidates=5,
                act_id=running.procedure.act_id,
            )
        )
        number += 1
    transaction.session.flush()
    return open_procedure(transaction.session, transaction.instance.plugins, PROCEDURE)


def number_them(instance: Instance, *, papers: int) -> None:
    """Account for so many papers and number them."""
    with instance.write() as transaction:
        contest = open_poll(transaction, PROCEDURE).contests[0]
        counted = ByHand(unused=0, spoiled=0, in_box=papers)
        why = dict.fromkeys(("issued", "strike_offs", "printed"), "papers of a test")
        state_account(transaction, contest, counted, explanations=why, by=BUREAU)
        number_papers(transaction, contest, papers, by=BUREAU)


def type_twice(instance: Instance, papers: tuple[str, ...]) -> None:
    """Account for these papers, number them, and let two people type each of them alike."""
    number_them(instance, papers=len(papers))
    marks = dict(enumerate(papers, 1))
    for typist in BUREAU:
        with instance.write() as transaction:
            type_papers(transaction, open_poll(transaction, PROCEDURE).contests[0], marks, typist=typist)


def _count(instance: Instance, papers: tuple[str, ...]) -> None:
    type_twice(instance, papers)
    with instance.write() as transaction:
        poll = open_poll(transaction, PROCEDURE)
        count_contest(transaction, poll.contests[0], poll.contests, by=BUREAU)
