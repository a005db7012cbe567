"""trustees of secret polls."""

import sqlalchemy as sa
from alembic import op

revision = "polls_0004"
down_revision = "polls_0003"
branch_labels = None
depends_on = None

ABOUT_NOBODY = {"retention": None, "person": None}


def upgrade() -> None:
    op.create_table(
        "polls_trustee",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("invitation_hash", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid", "number"),
        sa.UniqueConstraint("invitation_hash"),
        sa.UniqueConstraint("token_hash"),
        info=ABOUT_NOBODY,
    )
    op.create_table(
        "polls_ceremony_ended",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["ledger_leaf.act_id"]),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid", "attempt"),
        info=ABOUT_NOBODY,
    )
    op.create_table(
        "polls_ceremony_message",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("sender", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recipient", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid", "attempt", "round", "sender", "recipient"),
        info=ABOUT_NOBODY,
    )
    op.create_table(
        "polls_rehearsal",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid", "attempt", "number", "turn"),
        info=ABOUT_NOBODY,
    )
    op.create_table(
        "polls_contribution",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("side_file", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("refused", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid", "kind", "number", "attempt"),
        info=ABOUT_NOBODY,
    )


def downgrade() -> None:
    for table in ("contribution", "rehearsal", "ceremony_message", "ceremony_ended", "trustee"):
        op.drop_table(f"polls_{table}")
