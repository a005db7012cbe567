"""from which sides the trustees of a secret poll come."""

import sqlalchemy as sa
from alembic import op

revision = "polls_0007"
down_revision = "polls_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("polls_secret", sa.Column("sides", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("polls_secret", "sides")
