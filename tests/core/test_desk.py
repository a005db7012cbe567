"""The desk puts first what is late, says who has to act, and shows each person what waits for them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from branch_party import ASSEN, BOARD, OFFICE, UTRECHT, office_party

from stembus.conduct.answering import SignIn, membership_told, sign_in_told
from stembus.conduct.desk import desk, items_for, waits_for
from stembus.conduct.policies import adopt, read_source
from stembus.conduct.running import begin, schedule
from stembus.conduct.speaking import in_their_seats
from stembus.contributions import DeskItem
from stembus.instance import Instance
from stembus.notices.tables import MailMessage
from stembus.organisation.authority import authorise_two
from stembus.organisation.facts import MemberOnDay
from stembus.organisation.mandate import Absence, HeldSeat
from stembus.organisation.registry import member_numbered
from stembus.organisation.substitutes import ends_soon, sittings_on
from stembus_procedures.eligibility import MemberFacts

TODAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def party(instance: Instance) -> Instance:
    made = office_party(instance)
    with made.write() as transaction:
        row = adopt(transaction, read_source("afdeling-aanmelding", made.plugins), by=BOARD, decision="ALV")
        for name, held_by, by, day in (
            ("utrecht", "afdeling-utrecht", UTRECHT, date(2030, 3, 20)),
            ("assen", "afdeling-assen", ASSEN, date(2029, 3, 20)),
            ("later", None, OFFICE, date(2034, 3, 20)),
        ):
            people = in_their_seats(authorise_two(transaction, *by, "procedure.start", branch=held_by))
            schedule(transaction, begin(transaction, name, row, people, held_by=held_by), {"election_day": day}, people)
        begin(transaction, "undated", row, in_their_seats(authorise_two(transaction, *OFFICE, "procedure.start")))
    return made


def names(party: Instance, now: datetime) -> list[str]:
    with party.read() as session:
        return [row.name for row in desk(session, party.plugins, now, now.date())]


def test_the_nearest_deadline_comes_first_and_what_has_no_dates_last(party: Instance) -> None:
    assert names(party, NOW) == ["assen", "utrecht", "later", "undated"]


def test_what_is_late_comes_before_what_is_near(party: Instance) -> None:
    now = datetime(2029, 8, 1, 12, tzinfo=UTC)  # utrecht decides late since July 2029, assen since July 2028
    with party.read() as session:
        rows = desk(session, party.plugins, now, now.date())
    assert [row.name for row in rows if row.is_late] == ["assen", "utrecht"]
    assert [row.name for row in rows][:2] == ["assen", "utrecht"]


def test_each_person_sees_what_waits_for_them_and_a_branch_nothing_of_another(party: Instance) -> None:
    now = datetime(2029, 6, 1, 12, tzinfo=UTC)
    with party.read() as session:
        rows = desk(session, party.plugins, now, now.date())
        mine = {one: member_numbered(session, one).id for one in (UTRECHT[0], ASSEN[0], BOARD[0])}
    assert "utrecht" not in [row.name for row in waits_for(rows, mine[ASSEN[0]])]
    assert "assen" not in [row.name for row in waits_for(rows, mine[UTRECHT[0]])]


def test_items_are_for_who_has_their_power_and_the_first_due_comes_first() -> None:
    def item(path: str, power: str, due: datetime | None) -> DeskItem:
        return DeskItem(title="x", path=path, powers=(power,), due=due)

    found = items_for(
        [item("/c", "a", None), item("/b", "a", NOW + timedelta(days=2)), item("/a", "a", NOW), item("/d", "b", NOW)],
        {"a"},
    )
    assert [one.path for one in found] == ["/a", "/b", "/c"]


def held(seat_id: str, ends: date | None = None, deputy_for: str | None = None) -> HeldSeat:
    return HeldSeat(
        seat_id=seat_id,
        member_id=seat_id,
        body="board",
        office="chair",
        starts=date(2025, 1, 1),
        ends=ends,
        deputy_for=deputy_for,
        number=seat_id,
        name=seat_id,
        given_at=NOW,
    )


def test_who_is_absent_is_shown_with_who_stands_in() -> None:
    seats = [held("a"), held("b", deputy_for="a"), held("c", ends=date(2026, 4, 1)), held("d", ends=date(2026, 2, 1))]
    absences = [Absence("a", TODAY, date(2026, 3, 8)), Absence("c", TODAY, None)]
    found = {one.seat.seat_id: one for one in sittings_on(seats, absences, TODAY)}
    assert set(found) == {"a", "b", "c"}
    assert [one.seat_id for one in found["a"].deputies] == ["b"]
    assert found["a"].absent_until == date(2026, 3, 7)
    assert not found["a"].is_uncovered
    assert found["c"].is_uncovered
    assert found["b"].acts
    assert [one.seat.seat_id for one in ends_soon(found.values(), TODAY)] == ["c"]


def member(**facts: object) -> MemberOnDay:
    known = {"registered_on": date(2020, 1, 1), "contribution": "paid", "branch": "Utrecht"} | facts
    return MemberOnDay(
        member_id="m",
        number="1",
        name="Noor",
        sort_name="Noor",
        email="n@voorbeeld.example",
        by_email=True,
        abroad=False,
        branch_since=None,
        facts=MemberFacts(**known),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("facts", "in_the_way"),
    [
        ({}, []),
        ({"contribution": "unpaid"}, ["The contribution was not paid."]),
        ({"suspended": True}, ["The membership is suspended."]),
        ({"ended_on": TODAY}, ["Membership ended on 2026-03-01."]),
        ({"ended_on": TODAY + timedelta(days=1)}, []),
    ],
)
def test_each_thing_in_the_way_is_told_with_what_can_be_done(facts: dict[str, object], in_the_way: list[str]) -> None:
    told = [one for one in membership_told(member(**facts), TODAY) if one.mark == "no"]
    assert [str(one.said) for one in told] == in_the_way
    assert all(one.remedy for one in told)


def test_what_is_not_known_is_never_in_order() -> None:
    told = membership_told(member(registered_on=None, contribution=None, branch=None), TODAY)
    assert [one.mark for one in told] == ["wait", "wait", "wait"]


def test_who_shares_an_address_or_has_none_is_told_of_the_letter() -> None:
    shared = sign_in_told(member(), SignIn(shares_address=True), NOW)
    assert shared[0].mark == "no"
    assert "letter" in str(shared[0].remedy)


def test_a_mail_that_came_back_is_told() -> None:
    mail = MailMessage.model_construct(state="bounced")
    told = sign_in_told(member(), SignIn(mails=(mail,)), NOW)
    assert "did not arrive" in str(told[-1].said)
