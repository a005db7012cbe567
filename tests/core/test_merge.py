"""Two entries of one person become one: nothing that only one of them knew is lost, and both numbers lead there."""

from datetime import date

import pytest
from organisation_cases import TODAY, define, definition, found, give, seat, whole_roll

from stembus.errors import Refused
from stembus.ids import new_id
from stembus.instance import Instance
from stembus.organisation.authority import all_seats
from stembus.organisation.facts import facts_on
from stembus.organisation.member import MemberState
from stembus.organisation.merge import merge_members, merged_state, plan_merge
from stembus.organisation.periods import Period
from stembus.organisation.registry import member_numbered
from stembus.organisation.states import insert_states

OFFICE = ["seats.appoint", "bodies.define", "members.merge"]
UTRECHT = Period("branch", date(2020, 1, 1), None, "Utrecht")
PAID = Period("contribution", date(2021, 1, 1), None, "paid")


@pytest.fixture
def party(instance: Instance) -> Instance:
    found(instance)
    with instance.write() as transaction:
        insert_states(
            transaction.session,
            [
                MemberState(
                    id=new_id(transaction.now),
                    number="010",
                    given="Carla",
                    surname="Smit",
                    registered_on=date(2022, 1, 1),
                    periods=(UTRECHT,),
                ),
                MemberState(
                    id=new_id(transaction.now),
                    number="011",
                    given="C.",
                    surname="Smit",
                    email="c@voorbeeld.example",
                    registered_on=date(2020, 1, 1),
                    periods=(PAID,),
                ),
            ],
        )
    return instance


def merge(instance: Instance, keep: str, gone: str) -> None:
    with instance.write() as transaction:
        merge_members(transaction, keep, gone, by="001", ground="asked by telephone")


def test_the_kept_entry_takes_over_only_what_it_lacks() -> None:
    keep = MemberState(id="a", number="1", given="Carla", registered_on=date(2022, 1, 1), periods=(UTRECHT,))
    gone = MemberState(
        id="b",
        number="2",
        given="C.",
        email="c@voorbeeld.example",
        registered_on=date(2020, 1, 1),
        periods=(Period("branch", TODAY, None, "Assen"), PAID),
    )
    merged = merged_state(keep, gone)
    assert (merged.given, merged.email, merged.registered_on) == ("Carla", "c@voorbeeld.example", date(2020, 1, 1))
    assert merged.periods == (UTRECHT, PAID)


def test_both_numbers_lead_to_the_member_that_is_kept(party: Instance) -> None:
    merge(party, "010", "011")
    with party.read() as session:
        kept = member_numbered(session, "011")
        assert (kept.number, kept.email) == ("010", "c@voorbeeld.example")
        assert len(facts_on(session, None, TODAY)) == 3
    rest = next(state for state in whole_roll(party) if state.number == "011")
    assert (rest.surname, rest.email, rest.periods) == ("", "", ())
    with pytest.raises(Refused, match="one entry already"):
        merge(party, "010", "011")


def test_merging_shows_first_what_it_will_change_and_changes_nothing(party: Instance) -> None:
    before = whole_roll(party)
    with party.read() as session:
        _, _, changes = plan_merge(session, "010", "011", TODAY)
    assert [change.field for change in changes] == ["email", "registered_on", "contribution"]
    assert whole_roll(party) == before


def test_seats_move_along_unless_one_person_could_not_hold_them(party: Instance) -> None:
    define(party, definition("office", {"staff": OFFICE}, seats=4))
    define(party, definition("committee", {"member": []}, clashes=[{"with": "office", "reason": "HR 7.3"}]))
    give(party, *(seat("office", "staff", number) for number in ("001", "002", "010")))
    give(party, seat("committee", "member", "011"))
    with pytest.raises(Refused, match="which one person cannot"):
        merge(party, "010", "011")


def test_a_seat_that_is_over_moves_to_the_member_that_is_kept(party: Instance) -> None:
    define(party, definition("office", {"staff": OFFICE}, seats=4))
    give(party, *(seat("office", "staff", number) for number in ("001", "002")))
    give(party, seat("office", "staff", "011", starts=date(2026, 2, 1), last_day=date(2026, 2, 27)))
    merge(party, "010", "011")
    with party.read() as session:
        kept = member_numbered(session, "010").id
        assert [one.member_id for one in all_seats(session) if one.ends == date(2026, 2, 28)] == [kept]


@pytest.mark.parametrize("starts", [TODAY, date(2026, 9, 1)])
def test_w5_one_person_hands_nobody_the_seat_of_another_by_merging_them(party: Instance, starts: date) -> None:
    define(party, definition("office", {"staff": OFFICE}, seats=4))
    give(party, *(seat("office", "staff", number) for number in ("001", "002")))
    give(party, seat("office", "staff", "011", starts=starts))
    with pytest.raises(Refused, match="keep 011, or end the seat first"):
        merge(party, "010", "011")
    merge(party, "011", "010")
    with party.read() as session:
        kept = member_numbered(session, "010").id
        assert member_numbered(session, "011").id == kept
        assert [one.starts for one in all_seats(session) if one.member_id == kept] == [starts]
