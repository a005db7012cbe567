"""What takes two in a poll: proposed on its page by one person, and nothing happens until another one confirms it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from council_party import BY, NAME, RECORD_DATE, found_party, member, now_running, ordinary_members
from sqlmodel import select

from stembus.access.proposal_tables import Proposal
from stembus.access.proposals import confirm
from stembus.clock import SetClock
from stembus.instance import Instance
from stembus_polls.roll.freeze import freeze_roll
from stembus_polls.roll.rows import current_version

Browsers = Callable[[], Any]
ROLL = f"/procedures/{NAME}/poll/roll"


def test_the_roll_is_frozen_by_two_and_the_first_sees_before_whom_it_leaves_out(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    found_party(served, [*ordinary_members(), member("900", suspended=RECORD_DATE.date())])
    clock.set(RECORD_DATE)
    office = browser().sign_in(BY[0])
    page = office.get(ROLL)
    assert "Geschorst" in page.text
    assert office.post(f"{ROLL}/freeze", follow=False).status_code == 303
    with served.read() as session:
        row = session.exec(select(Proposal)).one()
        assert current_version(session, str(row.procedure_id)) is None
    with served.write() as transaction:
        confirm(transaction, row.id, by=BY[1], shown_sha256=row.shown_sha256)
    with served.write() as transaction:
        version = current_version(transaction.session, now_running(transaction).procedure.id)
    assert version is not None
    assert version.size == 40


def test_p1_roll_change_takes_another_person_once_the_roll_is_frozen(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    found_party(served, [*ordinary_members(), member("902", since=date(2026, 4, 20))])
    clock.set(RECORD_DATE)
    with served.write() as transaction:
        freeze_roll(transaction, now_running(transaction), by=BY)
    first = browser().sign_in(BY[0])
    first.get(ROLL)
    proposal = first.post(f"{ROLL}/add", member="902", ground="typefout", follow=False).headers["location"]
    first.get(f"{proposal}/confirm")
    with served.read() as session:
        row = session.exec(select(Proposal)).one()
    first.post(f"{proposal}/confirm", shown=row.shown_sha256)
    assert roll_size(served) == 40
    second = browser().sign_in(BY[1])
    second.get(f"{proposal}/confirm")
    assert second.post(f"{proposal}/confirm", shown=row.shown_sha256, follow=False).status_code == 303
    assert roll_size(served) == 41


def roll_size(served: Instance) -> int:
    with served.write() as transaction:
        version = current_version(transaction.session, now_running(transaction).procedure.id)
    assert version is not None
    return version.size


def test_a_member_without_a_seat_proposes_nothing(served: Instance, clock: SetClock, browser: Browsers) -> None:
    found_party(served, ordinary_members())
    clock.set(RECORD_DATE)
    mine = browser().sign_in("101")
    mine.get("/")
    assert mine.post(f"{ROLL}/freeze", follow=False).status_code == 403
    with served.read() as session:
        assert session.exec(select(Proposal)).first() is None
