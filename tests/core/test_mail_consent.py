"""A member says whether convocations may come by e-mail (BW 2:41 lid 5): the channel follows, and the latest counts."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mail_cases import add_member
from organisation_cases import HEADINGS, TODAY, found, import_file, write_csv

from stembus.clock import SetClock
from stembus.errors import Refused
from stembus.instance import Instance
from stembus.notices.audience import Numbered, recipients
from stembus.organisation.facts import facts_on
from stembus.organisation.mail_consent import say_consent
from stembus.organisation.merge import merge_members
from stembus.organisation.registry import member_numbered
from stembus.organisation.roll.undoing import undo_import
from stembus.vault.export import export_acts_about

COLUMNS = (*HEADINGS, "Oproeping per e-mail")


@pytest.fixture
def party(instance: Instance) -> Instance:
    """10 agreed according to the roll, 11 did not, and of 12 no address is known."""
    found(instance)
    postal: dict[str, Any] = {"street": "Dorpsstraat 1", "postcode": "1234 AB", "city": "Utrecht"}
    add_member(instance, "10", email="tien@example.org", consents=True, **postal)
    add_member(instance, "11", email="elf@example.org", **postal)
    add_member(instance, "12", **postal)
    return instance


def say(instance: Instance, number: str, *, agrees: bool) -> None:
    with instance.write() as transaction:
        say_consent(transaction, number, agrees=agrees)


def way(instance: Instance, number: str, day: date = TODAY) -> tuple[str, str]:
    """How a convocation would go to this member, and why."""
    with instance.read() as session:
        (one,) = recipients(instance, session, Numbered((number,)), day, "statutory", is_personal=False)
        return one.way.channel, one.way.reason


def by_mail(instance: Instance, number: str, day: date = TODAY) -> bool:
    with instance.read() as session:
        member = member_numbered(session, number)
        return facts_on(session, [member.id], day)[member.id].by_email


def roll_tells(instance: Instance, path: Path, cell: str, day: date) -> int | None:
    """Import a roll as of `day` that tells this of the consent of 11."""
    rows = [("11", "Lid", "Nummer11", "", "elf@example.org", "1-1-2020", "Utrecht", cell)]
    return import_file(instance, write_csv(path / "roll.csv", rows, COLUMNS), day)[1]


def test_the_channel_of_a_convocation_follows_what_the_member_says(party: Instance) -> None:
    assert (way(party, "10"), way(party, "11")) == (("email", "consented"), ("post", "no_consent"))
    say(party, "10", agrees=False)
    say(party, "11", agrees=True)
    assert (way(party, "10"), way(party, "11")) == (("post", "no_consent"), ("email", "consented"))
    say(party, "10", agrees=True)
    say(party, "11", agrees=False)
    assert (way(party, "10"), way(party, "11")) == (("email", "consented"), ("post", "no_consent"))


def test_what_held_on_a_day_before_goes_on_to_hold_for_that_day(party: Instance, clock: SetClock) -> None:
    say(party, "11", agrees=True)
    clock.set(datetime(2026, 3, 9, 12, tzinfo=UTC))
    say(party, "11", agrees=False)
    days = (date(2026, 2, 28), TODAY, date(2026, 3, 8), date(2026, 3, 9))
    assert [by_mail(party, "11", day) for day in days] == [False, True, True, False]


def test_each_word_is_an_act_of_the_member_with_the_article_it_rests_on(party: Instance, clock: SetClock) -> None:
    say(party, "11", agrees=True)
    clock.set(clock.now() + timedelta(minutes=1))
    say(party, "11", agrees=False)
    with party.read() as session:
        member = member_numbered(session, "11").id
        acts = [one.act for one in sorted(export_acts_about(session, member), key=lambda one: one.at)]
    assert [act.kind for act in acts] == ["member.mail_agreed", "member.mail_taken_back"]
    assert {(act.ground, *(one.member_id for one in act.by)) for act in acts} == {("BW 2:41 lid 5", member)}


def test_nobody_agrees_without_an_address_and_anybody_takes_it_back(party: Instance) -> None:
    with pytest.raises(Refused, match="no e-mail address"):
        say(party, "12", agrees=True)
    say(party, "12", agrees=False)
    assert way(party, "12") == ("post", "no_address")


@pytest.mark.parametrize(
    ("said", "told", "day", "after"),
    [
        (False, "nee", date(2026, 3, 1), False),
        (True, "nee", date(2026, 3, 1), True),
        (True, "nee", date(2026, 4, 1), True),
        (False, "ja", date(2026, 3, 1), False),
        (False, "ja", date(2026, 4, 1), True),
    ],
    ids=["both no", "no news", "no news later", "heard before", "heard later"],
)
def test_an_import_goes_above_it_only_with_what_was_heard_later(  # noqa: PLR0917  (the columns of the table)
    party: Instance, clock: SetClock, tmp_path: Path, said: bool, told: str, day: date, after: bool
) -> None:
    roll_tells(party, tmp_path, "nee", date(2026, 2, 1))
    say(party, "11", agrees=said)
    clock.set(datetime(2026, 4, 2, 12, tzinfo=UTC))
    roll_tells(party, tmp_path, told, day)
    assert by_mail(party, "11", date(2026, 4, 2)) is after


def test_who_agreed_here_is_not_kept_to_it_when_the_roll_hears_otherwise_later(
    party: Instance, clock: SetClock, tmp_path: Path
) -> None:
    roll_tells(party, tmp_path, "ja", date(2026, 2, 1))
    say(party, "11", agrees=True)
    clock.set(datetime(2026, 4, 2, 12, tzinfo=UTC))
    roll_tells(party, tmp_path, "nee", date(2026, 4, 1))
    assert by_mail(party, "11", date(2026, 3, 31))
    assert not by_mail(party, "11", date(2026, 4, 2))


@pytest.mark.parametrize(("first", "said", "later"), [("nee", True, "ja"), ("ja", False, "nee")])
def test_what_the_roll_hears_later_leaves_the_days_before_as_they_were(  # noqa: PLR0917  (the columns of the table)
    party: Instance, clock: SetClock, tmp_path: Path, first: str, said: bool, later: str
) -> None:
    roll_tells(party, tmp_path, first, date(2026, 2, 1))
    say(party, "11", agrees=said)
    clock.set(datetime(2026, 4, 2, 12, tzinfo=UTC))
    roll_tells(party, tmp_path, later, date(2026, 4, 1))
    assert by_mail(party, "11", date(2026, 3, 31)) is said
    assert by_mail(party, "11", date(2026, 4, 1)) is (later == "ja")


def test_undoing_an_import_leaves_it_alone(party: Instance, tmp_path: Path) -> None:
    number = roll_tells(party, tmp_path, "nee", TODAY)
    say(party, "11", agrees=True)
    with party.write() as transaction:
        undo_import(transaction, number, by="001", ground="wrong file")
    assert by_mail(party, "11")


def test_of_two_entries_of_one_member_what_was_said_is_kept(party: Instance, clock: SetClock) -> None:
    say(party, "11", agrees=True)
    say(party, "10", agrees=True)
    clock.set(datetime(2026, 3, 9, 12, tzinfo=UTC))
    say(party, "10", agrees=False)
    with party.write() as transaction:
        merge_members(transaction, "11", "10", by="001", ground="one person")
    assert by_mail(party, "10", TODAY)
    assert not by_mail(party, "11", date(2026, 3, 9))
