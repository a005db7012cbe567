"""A policy is adopted by hash; a procedure runs under it, and says at any moment where it stands and who has to act."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from stembus.clock import SetClock
from stembus.conduct.policies import Source, adopt, adopted_named, frozen_of, read_source
from stembus.conduct.running import Running, _folded, begin, complete, happen, open_procedure, schedule, status_of
from stembus.conduct.speaking import in_their_seats, speakers
from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus.instance import Instance
from stembus.organisation.authority import authorise_two
from stembus.organisation.bootstrap import bootstrap, parse_founder
from stembus.organisation.core_powers import PROCEDURE_START
from stembus_procedures import machine
from stembus_procedures.events import Cancelled, Extended, Postponed

MEETING = date(2026, 6, 20)
FOUNDERS = ("000001", "000002")


@pytest.fixture
def party(instance: Instance) -> Instance:
    """An instance with its two founders, who speak for every body until the first appointment."""
    with instance.write() as transaction:
        bootstrap(
            transaction, [parse_founder(f"{FOUNDERS[0]} Noor Bakker"), parse_founder(f"{FOUNDERS[1]} Sam de Wit")]
        )
    return instance


def partijraad(party: Instance) -> Source:
    return read_source("partijraad", party.plugins)


def begun(party: Instance) -> None:
    with party.write() as transaction:
        row = adopt(transaction, partijraad(party), by=FOUNDERS, decision="ALV 1-2-2026, besluit 3")
        people = in_their_seats(authorise_two(transaction, *FOUNDERS, PROCEDURE_START))
        running = begin(transaction, "partijraad-2026", row, people)
        schedule(transaction, running, {"meeting": MEETING}, people)


def opened(party: Instance, session: Session) -> Running:
    return open_procedure(session, party.plugins, "partijraad-2026")


def test_what_was_adopted_is_the_definition_and_its_texts(party: Instance) -> None:
    with party.write() as transaction:
        row = adopt(transaction, partijraad(party), by=FOUNDERS, decision="ALV 1-2-2026, besluit 3")
        assert row.fingerprint == frozen_of(row).definition_sha256
        assert {text.lang for text in frozen_of(row).texts} == {"nl", "nl-simple", "en"}
    with party.read() as session:
        assert adopted_named(session, "partijraad").decision == "ALV 1-2-2026, besluit 3"


def test_the_same_policy_is_not_adopted_twice(party: Instance) -> None:
    with party.write() as transaction:
        adopt(transaction, partijraad(party), by=FOUNDERS, decision="first")
    with pytest.raises(Refused, match="adopted before, word for word"), party.write() as transaction:
        adopt(transaction, partijraad(party), by=FOUNDERS, decision="second")


def test_a_policy_that_fails_its_check_is_not_adopted(party: Instance) -> None:
    source = partijraad(party)
    broken = source.text.replace("minimum_to_constitute = 13", "minimum_to_constitute = 30")
    policy = read_source("partijraad", party.plugins).policy
    from stembus_procedures import load_policy

    assert load_policy(broken) != policy
    with pytest.raises(CheckFailed, match="cannot be adopted"), party.write() as transaction:
        adopt(transaction, Source("broken", broken, load_policy(broken)), by=FOUNDERS, decision="x")


def test_adopting_takes_two_people(party: Instance) -> None:
    with pytest.raises(Refused, match="two different people"), party.write() as transaction:
        adopt(transaction, partijraad(party), by=(FOUNDERS[0], FOUNDERS[0]), decision="x")


def test_the_clock_carries_out_what_was_scheduled(party: Instance, clock: SetClock) -> None:
    begun(party)
    with party.read() as session:
        running = opened(party, session)
        opens = running.times["call.opens"]
        assert opens == datetime(2026, 3, 28, 8, tzinfo=UTC)  # 09:00 in Amsterdam, before the clock goes forward
        before = status_of(session, party.plugins, running, opens - timedelta(seconds=1))
        assert before.stage("call").phase == "waiting"
        with_decision = before.stage("number_of_seats")
        assert with_decision.owner == "bestuur"


def test_the_state_is_folded_from_what_happened(party: Instance, clock: SetClock) -> None:
    begun(party)
    with party.write() as transaction:
        complete(transaction, opened(party, transaction.session), "number_of_seats", numbers=FOUNDERS, number=13)
    clock.set(datetime(2026, 4, 1, 9, tzinfo=UTC))
    with party.write() as transaction:
        running = opened(party, transaction.session)
        people = speakers(transaction, running.policy, FOUNDERS, ("kiescommissie",))
        until = running.times["call.closes"] + timedelta(days=2)
        event = Extended(at=transaction.now, by=people.by, stage="call", until=until, ground="storing op de site")
        happen(transaction, running, event, people, ground="storing op de site")
    with party.read() as session:
        running = opened(party, session)
        assert running.state.number == 13
        assert running.times["call.closes"] == until
        assert status_of(session, party.plugins, running, party.clock.now()).stage("call").phase == "open"


def test_a_number_of_seats_outside_the_statutes_is_refused(party: Instance) -> None:
    begun(party)
    with pytest.raises(Refused, match="13 to 25"), party.write() as transaction:
        complete(transaction, opened(party, transaction.session), "number_of_seats", numbers=FOUNDERS, number=26)


def test_a_task_that_does_not_exist_is_named_with_those_that_do(party: Instance) -> None:
    begun(party)
    with (
        pytest.raises(UnusableInput, match=r"has no task 'cuont'; its tasks are .*count"),
        party.write() as transaction,
    ):
        complete(transaction, opened(party, transaction.session), "cuont", numbers=FOUNDERS)


def test_a_rule_that_came_later_leaves_what_was_recorded_readable(
    party: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(party)
    with party.write() as transaction:
        complete(transaction, opened(party, transaction.session), "number_of_seats", numbers=FOUNDERS, number=13)
    monkeypatch.setattr(machine, "earliest_end", lambda _stage: "call.closes")
    _folded.cache_clear()
    with party.read() as session:
        assert opened(party, session).state.number == 13


def test_one_person_cannot_cancel(party: Instance) -> None:
    begun(party)
    with party.write() as transaction:
        running = opened(party, transaction.session)
        people = speakers(transaction, running.policy, FOUNDERS[:1], ("bestuur",))
        event = Cancelled(at=transaction.now, by=people.by, ground="x")
        with pytest.raises(Refused, match="two people in two different seats"):
            happen(transaction, running, event, people)


def test_after_a_postponement_new_dates_are_chosen(party: Instance) -> None:
    begun(party)
    with party.write() as transaction:
        running = opened(party, transaction.session)
        people = speakers(transaction, running.policy, FOUNDERS, ("bestuur",))
        running = happen(transaction, running, Postponed(at=transaction.now, by=people.by, ground="te weinig"), people)
        assert running.times == {}
        starters = in_their_seats(authorise_two(transaction, *FOUNDERS, PROCEDURE_START))
        schedule(transaction, running, {"meeting": date(2026, 10, 3)}, starters)
    with party.read() as session:
        running = opened(party, session)
        assert running.state.anchors == {"meeting": date(2026, 10, 3)}
        assert len(running.state.postponed_on) == 1


def test_an_unknown_procedure_is_named_with_those_there_are(party: Instance) -> None:
    begun(party)
    with party.read() as session, pytest.raises(UnusableInput, match=r"no procedure 'x'. There is: partijraad-2026"):
        open_procedure(session, party.plugins, "x")
