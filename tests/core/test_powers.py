"""Power follows the seat that somebody holds today: by the adopted definition, by time, by absence."""

from datetime import timedelta

import pytest
from organisation_cases import TODAY, add_members, define, definition, found, give, seat

from stembus.clock import SetClock
from stembus.conduct.policies import read_source
from stembus.conduct.speaking import speakers
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.organisation.authority import authorise, authorise_two, holders
from stembus.organisation.seats import end_seat, record_absence

APPOINT = ["seats.appoint", "bodies.define"]
CHAIRS = ("003", "004")


@pytest.fixture
def party(instance: Instance) -> Instance:
    found(instance)
    add_members(instance, "003", "004", "005", "006")
    define(instance, definition("board", {"chair": [*APPOINT, "seats.absence"], "office": ["members.import"]}))
    give(instance, *(seat("board", "chair", number) for number in CHAIRS))
    return instance


def test_a_seat_allows_what_the_definition_of_its_body_grants(party: Instance) -> None:
    give(party, seat("board", "office", "005"), by=CHAIRS)
    with party.write() as transaction:
        actor = authorise(transaction, "005", "members.import")
        assert actor.capacity == "board.office"
        with pytest.raises(Refused, match="merge duplicate entries of a member: nobody does today"):
            authorise(transaction, "005", "members.merge")


def test_a_new_definition_takes_a_power_away(party: Instance) -> None:
    give(party, seat("board", "office", "005"), by=CHAIRS)
    define(party, definition("board", {"chair": APPOINT, "office": []}), by=CHAIRS)
    with party.write() as transaction, pytest.raises(Refused):
        authorise(transaction, "005", "members.import")


def test_power_ends_with_the_last_day_and_begins_with_the_first(party: Instance, clock: SetClock) -> None:
    give(party, seat("board", "office", "005", last_day=TODAY), by=CHAIRS)
    give(party, seat("board", "office", "006", starts=TODAY + timedelta(days=1)), by=CHAIRS)
    with party.read() as session:
        days = [TODAY, TODAY + timedelta(days=1)]
        assert [[s.number for s in holders(session, day, "members.import")] for day in days] == [["005"], ["006"]]
    clock.set(clock.now() + timedelta(hours=10, minutes=59))  # 23:59 in Amsterdam
    with party.write() as transaction:
        authorise(transaction, "005", "members.import")
    clock.set(clock.now() + timedelta(minutes=1))
    with party.write() as transaction:
        with pytest.raises(Refused):
            authorise(transaction, "005", "members.import")
        authorise(transaction, "006", "members.import")


def test_a_grave_power_takes_two_people_in_two_seats(party: Instance) -> None:
    with party.write() as transaction:
        first, second = authorise_two(transaction, *CHAIRS, "seats.appoint")
        assert first.seat_id != second.seat_id
        with pytest.raises(Refused, match="takes two people"):
            authorise(transaction, "003", "seats.appoint")
        with pytest.raises(Refused, match="003 and 003 are one"):
            authorise_two(transaction, "003", "003", "seats.appoint")
        with pytest.raises(Refused, match="005 holds no seat today"):
            authorise_two(transaction, "003", "005", "seats.appoint")


def test_a_power_that_nothing_knows_is_named(party: Instance) -> None:
    with party.write() as transaction, pytest.raises(UnusableInput, match=r"knows the power 'members\.imprt'"):
        authorise(transaction, "003", "members.imprt")


def test_p4_a_deputy_acts_only_while_the_holder_is_absent_and_then_the_holder_does_not(
    party: Instance, clock: SetClock
) -> None:
    give(party, seat("board", "chair", "005", deputy_for="003"), by=CHAIRS)
    with party.write() as transaction, pytest.raises(Refused):
        authorise_two(transaction, "005", "004", "seats.appoint")
    with party.write() as transaction:
        record_absence(
            transaction,
            "board",
            "chair",
            "003",
            starts=TODAY,
            last_day=TODAY + timedelta(days=2),
            by="003",
            ground="holiday",
        )
    with party.write() as transaction:
        acting, _ = authorise_two(transaction, "005", "004", "seats.appoint")
        assert acting.capacity == "board.chair (deputy)"
        with pytest.raises(Refused, match="003 holds no seat today"):
            authorise_two(transaction, "003", "005", "seats.appoint")
    clock.set(clock.now() + timedelta(days=3))
    with party.write() as transaction:
        authorise_two(transaction, "003", "004", "seats.appoint")
        with pytest.raises(Refused):
            authorise_two(transaction, "005", "004", "seats.appoint")


def test_somebody_elses_absence_takes_the_power_to_record_it(party: Instance) -> None:
    give(party, seat("board", "office", "005"), by=CHAIRS)
    with party.write() as transaction, pytest.raises(Refused, match="record an absence"):
        record_absence(transaction, "board", "chair", "003", starts=TODAY, last_day=None, by="005", ground="x")
    with party.write() as transaction:
        record_absence(transaction, "board", "office", "005", starts=TODAY, last_day=None, by="003", ground="ill")


def test_a_seat_that_is_ended_gives_no_power_from_the_next_day(party: Instance, clock: SetClock) -> None:
    give(party, seat("board", "office", "005"), by=CHAIRS)
    with party.write() as transaction:
        end_seat(transaction, "board", "office", "005", last_day=TODAY, by=CHAIRS, ground="resigned")
        authorise(transaction, "005", "members.import")
    clock.set(clock.now() + timedelta(days=1))
    with party.write() as transaction:
        with pytest.raises(Refused):
            authorise(transaction, "005", "members.import")
        with pytest.raises(UnusableInput, match=r"no seat board\.office"):
            end_seat(transaction, "board", "office", "005", last_day=TODAY, by=CHAIRS, ground="again")


def test_two_deputies_of_one_seat_are_not_two_seats(party: Instance) -> None:
    give(
        party,
        seat("board", "chair", "005", deputy_for="003"),
        seat("board", "chair", "006", deputy_for="003"),
        by=CHAIRS,
    )
    with party.write() as transaction:
        record_absence(transaction, "board", "chair", "003", starts=TODAY, last_day=None, by="003", ground="ill")
    policy = read_source("partijraad", party.plugins).policy
    with party.write() as transaction:
        with pytest.raises(Refused, match="two different seats"):
            authorise_two(transaction, "005", "006", "seats.appoint")
        authorise_two(transaction, "005", "004", "seats.appoint")
        with pytest.raises(Refused, match="006 holds no other seat today"):
            speakers(transaction, policy, ("005", "006"), ("board",))
        assert len(speakers(transaction, policy, ("005", "004"), ("board",))) == 2
