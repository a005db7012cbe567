"""what is public of a result."""

import sqlalchemy as sa
from alembic import op

revision = "polls_0002"
down_revision = "polls_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "polls_publication",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("archive", sa.LargeBinary(), nullable=False),
        sa.Column("archive_sha256", sa.String(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["ledger_leaf.act_id"]),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"]),
        sa.PrimaryKeyConstraint("procedure_id", "number"),
        info={"retention": "result", "person": None},
    )


def downgrade() -> None:
    op.drop_table("polls_publication")
