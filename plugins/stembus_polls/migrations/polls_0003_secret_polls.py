"""secret polls."""

import sqlalchemy as sa
from alembic import op

revision = "polls_0003"
down_revision = "polls_0002"
branch_labels = None
depends_on = None

ABOUT_NOBODY = {"retention": None, "person": None}
ABOUT_MEMBERS = {"retention": "secret_poll", "person": "member_id"}


def upgrade() -> None:
    op.create_table(
        "polls_secret",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("trustees", sa.Integer(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("timestamp", sa.BigInteger(), nullable=False),
        sa.Column("election", sa.LargeBinary(), nullable=True),
        sa.Column("trustees_record", sa.LargeBinary(), nullable=True),
        sa.Column("credentials", sa.LargeBinary(), nullable=True),
        sa.Column("credential_list_header", sa.LargeBinary(), nullable=True),
        sa.Column("prepared_act", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["prepared_act"], ["ledger_leaf.act_id"]),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"]),
        sa.PrimaryKeyConstraint("procedure_id", "contest"),
        sa.UniqueConstraint("uuid"),
        info=ABOUT_NOBODY,
    )
    op.create_table(
        "polls_secret_role",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid", "role", "number"),
        sa.UniqueConstraint("uuid", "member_id"),
        info=ABOUT_MEMBERS,
    )
    op.create_table(
        "polls_board_event",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("height", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid", "height"),
        info=ABOUT_NOBODY,
    )
    op.create_table(
        "polls_sealed_ballot",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("credential", sa.String(), nullable=False),
        sa.Column("tracker", sa.String(), nullable=False),
        sa.Column("contents", sa.String(), nullable=False),
        sa.Column("promised_after", sa.Integer(), nullable=False),
        sa.Column("ballot", sa.LargeBinary(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid", "credential"),
        sa.UniqueConstraint("uuid", "contents"),
        sa.UniqueConstraint("uuid", "tracker"),
        info=ABOUT_NOBODY,
    )
    op.create_index("ix_polls_sealed_ballot_height", "polls_sealed_ballot", ["height"])
    op.create_table(
        "polls_cast",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("credential", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid", "member_id"),
        sa.UniqueConstraint("uuid", "credential"),
        info=ABOUT_MEMBERS,
    )
    op.create_table(
        "polls_hand_over",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("voter_id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_hash", sa.String(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.ForeignKeyConstraint(["voter_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("code_hash"),
        sa.UniqueConstraint("session_hash"),
        info=ABOUT_MEMBERS,
    )
    op.create_index("ix_polls_hand_over_uuid", "polls_hand_over", ["uuid"])
    op.create_table(
        "polls_failed_cast",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid", "member_id", "day", "reason"),
        info=ABOUT_MEMBERS,
    )
    op.create_table(
        "polls_credential_entry",
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["uuid"], ["polls_secret.uuid"]),
        sa.PrimaryKeyConstraint("uuid", "number"),
        info=ABOUT_NOBODY,
    )


def downgrade() -> None:
    for table in (
        "credential_entry",
        "failed_cast",
        "hand_over",
        "cast",
        "sealed_ballot",
        "board_event",
        "secret_role",
        "secret",
    ):
        op.drop_table(f"polls_{table}")
