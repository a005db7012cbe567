"""Making a result public takes another person in another seat: tried alone on a party whose result is declared."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import delete
from sqlmodel import select

from stembus.access.proposals import confirm, propose
from stembus.clock import SetClock
from stembus.conduct.about_procedure import OfProcedure
from stembus.conduct.tables import Procedure
from stembus.errors import Refused
from stembus.instance import Instance, open_instance
from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerBody
from stembus_party_council.demo.cast import make_cast
from stembus_party_council.demo.command import CANDIDATES, MEMBERS
from stembus_polls.publishing.tables import Publication


@pytest.fixture
def declared(played_demo: Path, tmp_path: Path) -> Iterator[Instance]:
    """A copy of the party as it was when its result was declared and not public yet."""
    shutil.copytree(played_demo / "instance", tmp_path / "instance")
    instance = open_instance(tmp_path / "instance")
    instance.clock = SetClock(datetime(2026, 7, 2, 12, tzinfo=UTC))
    with instance.database.write() as session:
        session.execute(delete(Publication))
    yield instance
    instance.close()


def public(instance: Instance) -> int:
    with instance.read() as session:
        return len(session.exec(select(Publication.number)).all())


def test_p1_publish_takes_another_person_and_another_seat(declared: Instance) -> None:
    cast = make_cast(MEMBERS, CANDIDATES)
    first, second = cast.bureau[0].number, cast.bureau[1].number
    with declared.read() as session:
        procedure = session.exec(select(Procedure.id).where(Procedure.name == "partijraad-2026")).one()
    with declared.write() as transaction:
        row = propose(transaction, "polls.publish", OfProcedure(procedure=procedure), by=first)
    for other in (first, cast.committee[0].number, cast.supporting.number):
        with pytest.raises(Refused), declared.write() as transaction:
            confirm(transaction, row.id, by=other, shown_sha256=row.shown_sha256)
        assert public(declared) == 0
    with declared.write() as transaction:
        confirm(transaction, row.id, by=second, shown_sha256=row.shown_sha256)
    assert public(declared) == 1
    with declared.read() as session:
        body = session.exec(select(LedgerBody.body).where(LedgerBody.kind == "poll.published")).all()[-1]
    act = msgspec.json.decode(body, type=Act)
    assert len({actor.member_id for actor in act.by}) == len({actor.seat_id for actor in act.by}) == 2
