"""who did an act as rows, and the hashes of tall subtrees."""

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

from stembus.ledger.merkle import Edge

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None

PAGE = 5_000


def upgrade() -> None:
    actors = op.create_table(
        "ledger_actor",
        sa.Column("act_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["ledger_leaf.act_id"]),
        sa.PrimaryKeyConstraint("act_id", "number"),
        info={"retention": "acts", "person": None},
    )
    subtrees = op.create_table(
        "ledger_subtree",
        sa.Column("height", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("height", "place"),
        info={"retention": None, "person": None},
    )
    _fill_actors(actors)
    _fill_subtrees(subtrees)
    with op.batch_alter_table("ledger_actor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_actor_capacity"), ["capacity"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_actor_member_id"), ["member_id"], unique=False)


def _fill_actors(actors: sa.Table) -> None:
    body = sa.table("ledger_body", sa.column("act_id"), sa.column("body"))
    for rows in _pages(sa.select(body.c.act_id, body.c.body), body.c.act_id):
        op.bulk_insert(
            actors,
            [
                {"act_id": act_id, "number": number, "member_id": one["member_id"], "capacity": one["capacity"]}
                for act_id, raw in rows
                for number, one in enumerate(msgspec.json.decode(raw)["by"])
            ],
        )


def _fill_subtrees(subtrees: sa.Table) -> None:
    hashes = sa.table("ledger_hash", sa.column("position"), sa.column("hash"))
    edge = Edge()
    for rows in _pages(sa.select(hashes.c.position, hashes.c.hash), hashes.c.position):
        for _, one in rows:
            edge.append(bytes(one))
    op.bulk_insert(subtrees, [one._asdict() for one in edge.completed])


def _pages(query: "sa.Select[Any]", key: Any) -> Iterator[list[Any]]:
    """Give the rows of a query in pages, by a key that is its first column; nothing stays open in between."""
    connection, last = op.get_bind(), None
    while True:
        page = query if last is None else query.where(key > last)
        rows = list(connection.execute(page.order_by(key).limit(PAGE)))
        if not rows:
            return
        yield rows
        last = rows[-1][0]
