"""Two people set an instance up; their power ends by itself with the first seat that they give."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from organisation_cases import BY, FOUNDERS, TODAY, add_members, define, definition, found, give, seat

from stembus.clock import SetClock
from stembus.commands.init import init_command
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.organisation.authority import acting_seats, authorise, authorise_two
from stembus.organisation.bootstrap import bootstrap, check_founders, parse_founder
from stembus.organisation.core_powers import CORE_POWERS

EVERYTHING = [power.name for power in CORE_POWERS]


@pytest.fixture
def party(instance: Instance) -> Instance:
    found(instance)
    add_members(instance, "003", "004", "005")
    define(instance, definition("board", {"chair": EVERYTHING, "member": EVERYTHING, "guest": []}))
    return instance


def test_the_founders_may_do_everything_and_nobody_else_may(party: Instance) -> None:
    with party.write() as transaction:
        for power in CORE_POWERS:
            if power.grave:
                assert len(authorise_two(transaction, *BY, power.name)) == 2
            else:
                assert authorise(transaction, "001", power.name).capacity == "bootstrap.founder"
        with pytest.raises(Refused, match=r"may be done by Anna van der Berg \(001, bootstrap.founder\)"):
            authorise(transaction, "003", "members.import")


def test_their_power_ends_when_the_first_seat_begins(party: Instance, clock: SetClock) -> None:
    tomorrow = TODAY + timedelta(days=1)
    give(party, seat("board", "chair", "003", starts=tomorrow), seat("board", "member", "004", starts=tomorrow))
    with party.write() as transaction:
        authorise(transaction, "001", "members.import")
    clock.set(clock.now() + timedelta(days=1))
    with party.write() as transaction:
        with pytest.raises(Refused, match=r"001 holds no seat today .* Lid Nummer003"):
            authorise(transaction, "001", "members.import")
        authorise(transaction, "003", "members.import")
    with party.read() as session:
        assert {s.number for s in acting_seats(session, TODAY)} == {"001", "002"}
        assert {s.number for s in acting_seats(session, tomorrow)} == {"003", "004"}


@pytest.mark.parametrize("seats", [[seat("board", "guest", "003")], [seat("board", "chair", "003")]])
def test_a_first_appointment_that_leaves_nobody_who_can_appoint_is_refused(
    party: Instance, seats: list[object]
) -> None:
    with pytest.raises(Refused, match=r"no two people would hold 'seats\.appoint'"):
        give(party, *seats)  # type: ignore[arg-type]
    with party.write() as transaction:
        authorise(transaction, "001", "members.import")


def test_their_power_does_not_come_back_when_every_term_is_over(party: Instance, clock: SetClock) -> None:
    give(party, *(seat("board", "member", number, last_day=TODAY) for number in ("003", "004")))
    clock.set(clock.now() + timedelta(days=2))
    with party.write() as transaction, pytest.raises(Refused, match="nobody does today"):
        authorise(transaction, "001", "members.import")


@pytest.mark.parametrize(
    "founders",
    [
        [FOUNDERS[0]],
        [FOUNDERS[0], FOUNDERS[0]],
        [("001", "Anna Berg"), ("1", "Bram Vries")],
        [("001", "Anna Berg"), ("002", "anna berg")],
        [*FOUNDERS, ("003", "Carla Smit")],
    ],
)
def test_it_takes_two_different_people(founders: list[tuple[str, str]]) -> None:
    with pytest.raises(UnusableInput, match="two different people"):
        check_founders(founders)


@pytest.mark.parametrize("text", ["", "1001", "Anna Berg", "1001 "])
def test_a_founder_has_a_number_and_a_name(text: str) -> None:
    with pytest.raises(UnusableInput, match="1001 Jan van der Berg"):
        parse_founder(text)


def test_a_database_is_founded_once(party: Instance) -> None:
    with pytest.raises(Refused, match="already holds acts"), party.write() as transaction:
        bootstrap(transaction, FOUNDERS)


def test_init_makes_an_instance_and_leaves_nothing_when_it_cannot(tmp_path: Path) -> None:
    def init(*more: str) -> tuple[int, str]:
        result = CliRunner().invoke(init_command, [str(tmp_path / "party"), "--organisation", "Voorbeeldpartij", *more])
        return result.exit_code, result.output

    assert init("--founder", "001 Anna Berg", "--founder", "001 Anna Berg")[0] == 2
    assert not (tmp_path / "party").exists()
    code, said = init("--founder", "001 Anna Berg", "--founder", "002 Bram Vries")
    assert (code, "hold every power" in said) == (0, True)
    code, said = init("--founder", "001 Anna Berg", "--founder", "002 Bram Vries")
    assert (code, "already holds an instance" in said) == (2, True)
