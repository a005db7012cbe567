"""what a mail is about, to ask whether it is still wanted."""

import sqlalchemy as sa
from alembic import op

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mail_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("mail_message", schema=None) as batch_op:
        batch_op.alter_column("about", server_default=None)
