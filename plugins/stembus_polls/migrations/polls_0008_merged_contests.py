"""which contests had too few voters when the roll was frozen."""

import sqlalchemy as sa
from alembic import op

revision = "polls_0008"
down_revision = "polls_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("polls_roll_version", sa.Column("merged", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("polls_roll_version", "merged")
