"""the branch that holds a procedure."""

import sqlalchemy as sa
from alembic import op

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_by", sa.String(), nullable=True))
        batch_op.create_foreign_key("fk_procedure_held_by_body", "body", ["held_by"], ["slug"])
        batch_op.create_index(batch_op.f("ix_procedure_held_by"), ["held_by"], unique=False)
