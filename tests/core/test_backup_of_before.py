"""A backup that an earlier version made: its rows are all there once it is brought up to date, and the log fits."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, func, select

from stembus.conduct.running import open_procedure
from stembus.errors import Unavailable
from stembus.instance import Instance, open_instance
from stembus.ledger.verify import verify
from stembus.migrate import differences, migrate
from stembus.notices.tables import MailEvent, MailMessage
from stembus.organisation.tables import Member

EARLIER = Path(__file__).parents[1] / "data" / "instances" / "core_0008-polls_0005.sql"
SETTINGS = """\
organisation = "Voorbeeldpartij"
origin = "voorbeeldpartij/ledger"
database_url = "sqlite:///stembus.sqlite3"
timezone = "Europe/Amsterdam"
practice = true
"""


@pytest.fixture
def restored(tmp_path: Path) -> Iterator[Instance]:
    """The backup, as it was."""
    (tmp_path / "stembus.toml").write_text(SETTINGS, encoding="utf-8")
    connection = sqlite3.connect(tmp_path / "stembus.sqlite3")
    connection.executescript(EARLIER.read_text(encoding="utf-8"))
    connection.close()
    instance = open_instance(tmp_path, {})
    yield instance
    instance.close()


def counted(session: Session) -> list[int]:
    return [session.exec(select(func.count()).select_from(kind)).one() for kind in (Member, MailMessage, MailEvent)]


def test_a_backup_of_before_is_brought_up_to_date_with_every_row(restored: Instance) -> None:
    old = pytest.raises(Unavailable, match=r"of an earlier version .* run `stembus migrate`")
    with old, restored.read() as session:
        open_procedure(session, restored.plugins, "partijraad-2026")
    with restored.read() as session:
        before = counted(session)
    migrate(restored.database, restored.plugins)
    assert differences(restored.database, restored.plugins) == []
    with restored.read() as session:
        assert counted(session) == before == [12, 1, 1]
        assert open_procedure(session, restored.plugins, "partijraad-2026").state.done.keys() == {"number_of_seats"}
    assert verify(restored).faults == ()


def test_a_row_that_points_at_nothing_stops_it_and_nothing_changes(restored: Instance) -> None:
    file = restored.database.file
    assert file is not None
    connection = sqlite3.connect(file)
    connection.execute("DELETE FROM mail_message")
    connection.commit()
    connection.close()
    with pytest.raises(Unavailable, match=r"a row of mail_event that points at a row of mail_message which is not"):
        migrate(restored.database, restored.plugins)
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT version_num FROM core_version").fetchall() == [("core_0008",)]
    connection.close()


def test_rows_are_held_to_each_other_again_afterwards(restored: Instance) -> None:
    migrate(restored.database, restored.plugins)
    with restored.database.connection() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
