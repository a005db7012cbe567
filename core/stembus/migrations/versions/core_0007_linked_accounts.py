"""accounts with identity providers, and questions that are not kept themselves."""

import sqlalchemy as sa
from alembic import op

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_provider",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("subject_hash", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subject_hash"),
        info={"retention": "linked_accounts", "person": "member_id"},
    )
    with op.batch_alter_table("access_provider", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_provider_member_id"), ["member_id"], unique=False)
    with op.batch_alter_table("access_challenge", schema=None) as batch_op:
        batch_op.drop_column("challenge")
