"""the first tables."""

import sqlalchemy as sa
from alembic import op

revision = "core_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("nl", sa.String(), nullable=False),
        sa.Column("en", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("slug"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "ledger_checkpoint",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("previous", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
        sa.UniqueConstraint("previous"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "ledger_hash",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "ledger_leaf",
        sa.Column("act_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("act_id"),
        sa.UniqueConstraint("position"),
        info={"retention": None, "person": None},
    )
    with op.batch_alter_table("ledger_leaf", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_leaf_at"), ["at"], unique=False)

    op.create_table(
        "ledger_sequencer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("edge", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "member",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("given", sa.String(), nullable=False),
        sa.Column("particle", sa.String(), nullable=False),
        sa.Column("surname", sa.String(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("first_paid_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
        info={"retention": "members", "person": "id"},
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_merged_into"), ["merged_into"], unique=False)

    op.create_table(
        "member_column_mapping",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("columns", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "body_definition",
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["body"],
            ["body.slug"],
        ),
        sa.PrimaryKeyConstraint("body", "version"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "ledger_body",
        sa.Column("act_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.PrimaryKeyConstraint("act_id"),
        info={"retention": "acts", "person": None},
    )
    with op.batch_alter_table("ledger_body", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_body_kind"), ["kind"], unique=False)

    op.create_table(
        "ledger_key",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("verifier"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "ledger_subject",
        sa.Column("act_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.PrimaryKeyConstraint("act_id", "name"),
        info={"retention": "acts", "person": None},
    )
    with op.batch_alter_table("ledger_subject", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_subject_value"), ["value"], unique=False)

    op.create_table(
        "member_import",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"],
            ["ledger_leaf.act_id"],
        ),
        sa.PrimaryKeyConstraint("number"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "member_period",
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("member_id", "kind", "starts"),
        info={"retention": "members", "person": "member_id"},
    )
    op.create_table(
        "policy_adopted",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("frozen", sa.String(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.PrimaryKeyConstraint("fingerprint"),
        info={"retention": None, "person": None},
    )
    with op.batch_alter_table("policy_adopted", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_adopted_policy_id"), ["policy_id"], unique=False)

    op.create_table(
        "seat",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("deputy_for", sa.String(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["body"],
            ["body.slug"],
        ),
        sa.ForeignKeyConstraint(
            ["deputy_for"],
            ["seat.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["given_by"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "seats", "person": "member_id"},
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_body"), ["body"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_member_id"), ["member_id"], unique=False)

    op.create_table(
        "member_import_change",
        sa.Column("import_number", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("after", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_number"],
            ["member_import.number"],
        ),
        sa.PrimaryKeyConstraint("import_number", "member_id"),
        info={"retention": "member_imports", "person": "member_id"},
    )
    op.create_table(
        "procedure",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["fingerprint"],
            ["policy_adopted.fingerprint"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "seat_absence",
        sa.Column("seat_id", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"],
            ["seat.id"],
        ),
        sa.PrimaryKeyConstraint("seat_id", "starts"),
        info={"retention": "seats", "person": None},
    )
    op.create_table(
        "procedure_event",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=True),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "number"),
        info={"retention": "acts", "person": None},
    )


def downgrade() -> None:
    op.drop_table("procedure_event")
    op.drop_table("seat_absence")
    op.drop_table("procedure")
    op.drop_table("member_import_change")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_member_id"))
        batch_op.drop_index(batch_op.f("ix_seat_body"))

    op.drop_table("seat")
    with op.batch_alter_table("policy_adopted", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_adopted_policy_id"))

    op.drop_table("policy_adopted")
    op.drop_table("member_period")
    op.drop_table("member_import")
    with op.batch_alter_table("ledger_subject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_subject_value"))

    op.drop_table("ledger_subject")
    op.drop_table("ledger_key")
    with op.batch_alter_table("ledger_body", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_body_kind"))

    op.drop_table("ledger_body")
    op.drop_table("body_definition")
    op.drop_table("member_column_mapping")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_merged_into"))
        batch_op.drop_index(batch_op.f("ix_member_email"))

    op.drop_table("member")
    op.drop_table("ledger_sequencer")
    with op.batch_alter_table("ledger_leaf", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_leaf_at"))

    op.drop_table("ledger_leaf")
    op.drop_table("ledger_hash")
    op.drop_table("ledger_checkpoint")
    op.drop_table("body")
