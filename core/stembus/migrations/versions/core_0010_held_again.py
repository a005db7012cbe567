"""the procedure whose annulled vote a procedure holds again."""

import sqlalchemy as sa
from alembic import op

revision = "core_0010"
down_revision = "core_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("repeats", sa.String(), nullable=True))
        batch_op.create_foreign_key("fk_procedure_repeats_procedure", "procedure", ["repeats"], ["id"])
        batch_op.create_index(batch_op.f("ix_procedure_repeats"), ["repeats"], unique=False)
