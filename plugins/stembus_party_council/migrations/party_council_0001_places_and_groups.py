"""Places with their offers in turn, and the groups that leave in turn."""

import sqlalchemy as sa
from alembic import op

revision = "party_council_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "party_council_offer",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.String(), nullable=True),
        sa.Column("candidate", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("follows", sa.String(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seat_id", sa.String(), nullable=True),
        sa.Column("term_until", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"],
            ["seat.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "contest", "place", "turn"),
        info={"retention": "council_places", "person": "member_id"},
    )
    with op.batch_alter_table("party_council_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_council_offer_member_id"), ["member_id"], unique=False)

    op.create_table(
        "party_council_rota_group",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaves_with", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "contest", "place"),
        info={"retention": None, "person": None},
    )


def downgrade() -> None:
    op.drop_table("party_council_rota_group")
    with op.batch_alter_table("party_council_offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_council_offer_member_id"))

    op.drop_table("party_council_offer")
