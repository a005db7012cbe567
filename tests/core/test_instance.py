"""An instance keeps what is written, as a whole or not at all, and does not go back in time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from stembus.clock import SetClock
from stembus.create import create_instance
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerBody, LedgerLeaf
from stembus.migrate import differences, migrate


def act(kind: str = "test.done") -> Act:
    return Act(kind=kind, by=(), ground="the test asks for it", subject={"thing": "1"})


def test_the_tables_in_the_database_are_those_of_the_program(instance: Instance) -> None:
    assert differences(instance.database, instance.plugins) == []


def test_migrating_again_changes_nothing(instance: Instance) -> None:
    migrate(instance.database, instance.plugins)
    assert differences(instance.database, instance.plugins) == []


def test_an_act_is_there_after_the_write(instance: Instance) -> None:
    with instance.write() as transaction:
        act_id = transaction.record(act())
    with instance.read() as session:
        assert [leaf.act_id for leaf in session.exec(select(LedgerLeaf))] == [act_id]


def test_a_write_that_fails_leaves_nothing(instance: Instance) -> None:
    def interrupted() -> None:
        with instance.write() as transaction:
            transaction.record(act())
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        interrupted()
    with instance.read() as session:
        assert session.exec(select(LedgerBody)).all() == []


def test_a_clock_that_ran_backwards_is_refused(instance: Instance, clock: SetClock) -> None:
    with instance.write() as transaction:
        transaction.record(act())
    clock.set(clock.now() - timedelta(minutes=1))
    with pytest.raises(Refused, match=r"Set the clock of this machine right"), instance.write():
        pass


def test_a_second_instance_never_overwrites_the_first(instance: Instance) -> None:
    with pytest.raises(UnusableInput, match="already holds an instance"):
        create_instance(instance.folder, organisation="Anders", origin="x")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"STEMBUS_TIMEZONE": "Europe/Nergens"}, "timezone 'Europe/Nergens' is unknown"),
        ({"STEMBUS_DATABASE_URL": "mysql://x"}, "use SQLite or PostgreSQL"),
        ({"STEMBUS_DATABASE_URL": "nonsense"}, "cannot be read"),
        ({"STEMBUS_CLOCK": "noon"}, "expected a time with its zone"),
        ({"STEMBUS_CLOCK": "2026-03-01T12:00:00+01:00"}, "only in a practice instance"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, setting: dict[str, str], said: str) -> None:
    from stembus.instance import open_instance

    create_instance(tmp_path, organisation='De "Voorbeeld" \\ partij', origin="x").close()
    with pytest.raises(UnusableInput, match=said):
        open_instance(tmp_path, setting)


def test_names_with_quotes_survive_in_the_settings(tmp_path: Path) -> None:
    made = create_instance(tmp_path, organisation='De "Voorbeeld" \\ partij', origin="x")
    assert made.settings.organisation == 'De "Voorbeeld" \\ partij'
    made.close()


def test_a_clock_needs_a_zone() -> None:
    with pytest.raises(UnusableInput, match="time zone is missing"):
        SetClock(datetime(2026, 3, 1))  # noqa: DTZ001 - that is what is tested
    assert SetClock(datetime(2026, 3, 1, tzinfo=UTC)).now().tzinfo is UTC
