"""The definition of a body is adopted by two, kept in versions, and seats keep to it, now and later."""

import threading
from datetime import timedelta
from pathlib import Path

import click
import pytest
from organisation_cases import TODAY, add_members, command, define, definition, found, give, seat

from stembus.commands.bodies import bodies_group
from stembus.commands.seats import seats_group
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.organisation.authority import all_seats, current_definitions
from stembus.organisation.bodies import read_definition
from stembus.organisation.core_powers import all_powers
from stembus.organisation.define import body_versions
from stembus.organisation.definition_text import EXAMPLE
from stembus.organisation.seats import end_seat

APPOINT = ["seats.appoint", "bodies.define"]
CHAIRS = ("003", "004")
NOT_BOTH = {"with": "board", "reason": "HR 7.3"}


@pytest.fixture
def party(instance: Instance) -> Instance:
    found(instance)
    add_members(instance, "003", "004", "005", "006", "007")
    define(instance, definition("board", {"chair": APPOINT}))
    define(instance, definition("committee", {"member": []}, clashes=[NOT_BOTH]))
    give(instance, *(seat("board", "chair", number) for number in CHAIRS))
    return instance


def test_a_definition_is_kept_beside_the_older_ones(party: Instance) -> None:
    assert define(party, definition("board", {"chair": APPOINT}), by=CHAIRS) is None
    assert define(party, definition("board", {"chair": APPOINT, "guest": []}), by=CHAIRS) == 2
    with party.read() as session:
        assert [row.version for row in body_versions(session, "board")] == [1, 2]
        assert [office.name for office in current_definitions(session)["board"].offices] == ["chair", "guest"]


def test_a_definition_takes_two_people(party: Instance) -> None:
    with pytest.raises(Refused, match="are one"):
        define(party, definition("branch", {"chair": []}), by=("003", "003"))


def test_seats_that_cannot_go_together_are_refused_with_the_reason(party: Instance) -> None:
    with pytest.raises(Refused, match=r"from 2026-03-01 it would go together with board.chair \(HR 7.3\)"):
        give(party, seat("committee", "member", "003"), by=CHAIRS)


def test_a_seat_that_begins_later_counts_as_well(party: Instance) -> None:
    later = TODAY + timedelta(days=90)
    define(party, definition("board", {"chair": APPOINT}, seats=3), by=CHAIRS)
    give(party, seat("committee", "member", "005", starts=later), by=CHAIRS)
    with pytest.raises(Refused, match="from 2026-05-30"):
        give(party, seat("board", "chair", "005"), by=CHAIRS)
    give(party, seat("board", "chair", "005", last_day=later - timedelta(days=1)), by=CHAIRS)


def test_several_seats_are_given_all_or_none(party: Instance) -> None:
    with pytest.raises(Refused):
        give(party, seat("committee", "member", "005"), seat("committee", "member", "003"), by=CHAIRS)
    with party.read() as session:
        assert not [one for one in all_seats(session) if one.body == "committee"]


def test_an_office_has_no_more_seats_than_its_definition_says(party: Instance) -> None:
    give(party, seat("committee", "member", "005"), seat("committee", "member", "006"), by=CHAIRS)
    with pytest.raises(Refused, match=r"committee\.member has 2 seats, and all are taken"):
        give(party, seat("committee", "member", "007"), by=CHAIRS)
    with party.write() as transaction:
        end_seat(transaction, "committee", "member", "005", last_day=TODAY, by=CHAIRS, ground="resigned")
    give(party, seat("committee", "member", "007", starts=TODAY + timedelta(days=1)), by=CHAIRS)


def test_two_who_give_the_last_seat_at_once_do_not_both_succeed(party: Instance) -> None:
    give(party, seat("committee", "member", "005"), by=CHAIRS)
    ready, outcomes = threading.Barrier(2), []

    def at_once(number: str) -> None:
        ready.wait()
        try:
            give(party, seat("committee", "member", number), by=CHAIRS)
            outcomes.append("given")
        except Refused:
            outcomes.append("refused")

    threads = [threading.Thread(target=at_once, args=(number,)) for number in ("006", "007")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["given", "refused"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (definition("board", {"guest": []}), "which this definition leaves out"),
        (definition("board", {"chair": APPOINT}, seats=1), "2 seats are given, and this definition has 1"),
        (definition("board", {"chair": APPOINT}, clashes=[{"with": "committee", "reason": "x"}]), None),
    ],
)
def test_a_definition_must_fit_the_seats_there_are(party: Instance, body: object, said: str | None) -> None:
    if said is None:
        define(party, body, by=CHAIRS)  # type: ignore[arg-type]
    else:
        with pytest.raises(Refused, match=said):
            define(party, body, by=CHAIRS)  # type: ignore[arg-type]


def test_a_definition_that_makes_seats_clash_is_refused(party: Instance) -> None:
    define(party, definition("office", {"staff": []}), by=CHAIRS)
    give(party, seat("office", "staff", "003"), by=CHAIRS)
    with pytest.raises(Refused, match="could no longer go together"):
        define(party, definition("office", {"staff": []}, clashes=[NOT_BOTH]), by=CHAIRS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("procedure.start", "procedure.stort"), "did you mean 'procedure.start'"),
        (('name = "member"', 'name = "chair"'), "office 'chair' is there twice"),
        (("seats = 1", "seats = 0"), r"line \d+, `offices\[0\].seats`: expected a whole number, 1 or more"),
        (("[[incompatible]]", '[[incompatible]]\noffice = "clerk"'), "no office 'clerk'"),
        (('kind = "committee"', 'kind = "club"'), r"`kind`: got 'club', expected one of: assembly, board"),
        (('slug = "electoral-committee"', 'slug = "bootstrap"'), "taken by the founders"),
        (("[[offices]]", "[[ofices]]"), "ofices"),
        (('nl = "Kiescommissie"', "nl = Kies"), "line 3"),
    ],
)
def test_a_definition_with_a_fault_gives_a_line_with_the_key(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    path = tmp_path / "body.toml"
    path.write_text(EXAMPLE.replace(*change), encoding="utf-8")
    with pytest.raises(UnusableInput, match=said) as told:
        read_definition(path, all_powers(()))
    assert all(line.startswith(str(path)) for line in told.value.message.splitlines())


def test_the_commands_tell_what_they_did(party: Instance, tmp_path: Path) -> None:
    def run(group: click.Command, *arguments: str) -> str:
        result = command(party, group, *arguments)
        assert result.exit_code == 0, result.output
        return result.output

    two = ("--by", "003", "--with", "004", "--ground", "ALV 1")
    (tmp_path / "b.toml").write_text(run(bodies_group, "example"), encoding="utf-8")
    assert "version 1" in run(bodies_group, "define", str(tmp_path / "b.toml"), *two)
    assert "Nothing was changed" in run(bodies_group, "define", str(tmp_path / "b.toml"), *two)
    assert "may start a procedure" in run(bodies_group, "show", "electoral-committee")
    (tmp_path / "s.csv").write_text(
        "body,office,number\nelectoral-committee,chair,005\nelectoral-committee,member,006\n"
    )
    assert "006 has a seat" in run(seats_group, "appoint", "--file", str(tmp_path / "s.csv"), *two)
    run(seats_group, "end", "electoral-committee", "member", "006", *two)
    assert "005" in run(seats_group, "list")
