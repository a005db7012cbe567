"""the outcome of secret polls."""

import sqlalchemy as sa
from alembic import op

revision = "polls_0005"
down_revision = "polls_0004"
branch_labels = None
depends_on = None

ABOUT_NOBODY = {"retention": None, "person": None}


def upgrade() -> None:
    op.add_column("polls_secret", sa.Column("together", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "polls_secret_papers",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["ledger_leaf.act_id"]),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid"),
        info=ABOUT_NOBODY,
    )
    op.create_table(
        "polls_secret_verdict",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("invalid", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["ledger_leaf.act_id"]),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid", "head", "program"),
        info=ABOUT_NOBODY,
    )


def downgrade() -> None:
    op.drop_table("polls_secret_verdict")
    op.drop_table("polls_secret_papers")
    op.drop_column("polls_secret", "together")
