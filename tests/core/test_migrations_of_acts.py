"""A database of before is brought up to date: who did what is found again, and the log still fits."""

from alembic.migration import MigrationContext
from alembic.operations import Operations
from organisation_cases import BY, add_members, define, definition, found
from sqlalchemy import text
from sqlmodel import Session, col, insert, select

from stembus.instance import Instance
from stembus.ledger.acts import Act
from stembus.ledger.record import prepare
from stembus.ledger.seal import seal
from stembus.ledger.tables import LedgerActor, LedgerBody, LedgerLeaf, LedgerSubtree
from stembus.ledger.verify import verify
from stembus.migrate import differences
from stembus.migrations.versions.core_0008_finding_acts import upgrade
from stembus.vault.export import export_person


def kept(session: Session) -> tuple[list[object], list[object]]:
    actors = session.exec(select(LedgerActor).order_by(col(LedgerActor.act_id), col(LedgerActor.number))).all()
    subtrees = session.exec(select(LedgerSubtree).order_by(col(LedgerSubtree.place))).all()
    return [one.model_dump() for one in actors], [one.model_dump() for one in subtrees]


def test_who_acted_and_the_tall_subtrees_are_filled_in(instance: Instance) -> None:
    found(instance)
    add_members(instance, "003")
    define(instance, definition("bestuur", {"member": []}), by=BY)
    with instance.write() as transaction:
        rows = [prepare(transaction.now, Act(kind="test.done", by=(), ground=f"{n}")) for n in range(600)]
        for row_class, part in ((LedgerLeaf, 0), (LedgerBody, 1)):
            values = [row[part].model_dump(exclude_none=True) for row in rows]
            transaction.session.execute(insert(row_class), values)
    seal(instance)
    with instance.read() as session:
        before = kept(session)
    assert before[0]
    assert len(before[1]) == 2
    with instance.database.connection() as connection:
        connection.execute(text("DROP TABLE ledger_actor"))
        connection.execute(text("DROP TABLE ledger_subtree"))
        with Operations.context(MigrationContext.configure(connection)):
            upgrade()
    with instance.read() as session:
        assert kept(session) == before
        member = session.exec(select(LedgerActor.member_id)).first()
    assert differences(instance.database, instance.plugins) == []
    assert verify(instance).faults == ()
    assert export_person(instance, str(member)).acts
