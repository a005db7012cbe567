"""whether a member agrees to be called by e-mail, as they say themselves."""

import sqlalchemy as sa
from alembic import op

revision = "core_0011"
down_revision = "core_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_consent",
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["ledger_leaf.act_id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("member_id", "said_on"),
        info={"retention": "members", "person": "member_id"},
    )
