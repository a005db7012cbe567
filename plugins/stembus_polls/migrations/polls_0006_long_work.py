"""long work for secret polls."""

import sqlalchemy as sa
from alembic import op

revision = "polls_0006"
down_revision = "polls_0005"
branch_labels = None
depends_on = None

ABOUT_NOBODY = {"retention": None, "person": None}


def upgrade() -> None:
    op.create_table(
        "polls_box_work",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("attempt", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("found", sa.LargeBinary(), nullable=True),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid", "kind"),
        info=ABOUT_NOBODY,
    )


def downgrade() -> None:
    op.drop_table("polls_box_work")
