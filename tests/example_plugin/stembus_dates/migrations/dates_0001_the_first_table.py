import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "dates_0001", None, None, None


def upgrade() -> None:
    op.create_table(
        "dates_proposed", sa.Column("day", sa.Date, primary_key=True), sa.Column("act_id", sa.String, nullable=False)
    )
