"""the first tables."""

import sqlalchemy as sa
from alembic import op

revision = "polls_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "polls_account",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unused", sa.Integer(), nullable=False),
        sa.Column("spoiled", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("in_box", sa.Integer(), nullable=False),
        sa.Column("postal_in_box", sa.Integer(), nullable=False),
        sa.Column("explanations", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "contest", "number"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "polls_candidacy",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("constituency", sa.String(), nullable=False),
        sa.Column("nominated_by", sa.String(), nullable=False),
        sa.Column("declared", sa.String(), nullable=False),
        sa.Column("documents", sa.String(), nullable=False),
        sa.Column("code_signed", sa.String(), nullable=False),
        sa.Column("certificate_seen", sa.Boolean(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decision_ground", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_ground", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "entry"),
        sa.UniqueConstraint("procedure_id", "member_id", "constituency"),
        info={"retention": "candidacies", "person": "member_id"},
    )
    with op.batch_alter_table("polls_candidacy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_polls_candidacy_member_id"), ["member_id"], unique=False)

    op.create_table(
        "polls_candidacy_supporter",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "entry", "member_id"),
        info={"retention": "candidacies", "person": "member_id"},
    )
    with op.batch_alter_table("polls_candidacy_supporter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_polls_candidacy_supporter_member_id"), ["member_id"], unique=False)

    op.create_table(
        "polls_count",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("inputs", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("cross_check", sa.String(), nullable=False),
        sa.Column("papers_sha256", sa.String(), nullable=False),
        sa.Column("record_sha256", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "contest", "number"),
        info={"retention": "result", "person": None},
    )
    op.create_table(
        "polls_count_lot",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("tied", sa.String(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("drawn_by", sa.String(), nullable=False),
        sa.Column("witnesses", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "contest", "number"),
        info={"retention": "result", "person": None},
    )
    op.create_table(
        "polls_declaration",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "polls_envelope",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "papers", "person": "member_id"},
    )
    with op.batch_alter_table("polls_envelope", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_polls_envelope_procedure_id"), ["procedure_id"], unique=False)

    op.create_table(
        "polls_interest",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("relative_of", sa.String(), nullable=True),
        sa.Column("interest", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.ForeignKeyConstraint(
            ["relative_of"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "papers", "person": "member_id"},
    )
    with op.batch_alter_table("polls_interest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_polls_interest_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_polls_interest_procedure_id"), ["procedure_id"], unique=False)

    op.create_table(
        "polls_meeting_entry",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("called", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
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
        info={"retention": "result", "person": None},
    )
    op.create_table(
        "polls_meeting_proxy",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("giver_id", sa.String(), nullable=False),
        sa.Column("holder_id", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_aside", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["giver_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "giver_id"),
        info={"retention": "roll", "person": "giver_id"},
    )
    with op.batch_alter_table("polls_meeting_proxy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_polls_meeting_proxy_holder_id"), ["holder_id"], unique=False)

    op.create_table(
        "polls_note",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        info={"retention": "result", "person": "member_id"},
    )
    with op.batch_alter_table("polls_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_polls_note_procedure_id"), ["procedure_id"], unique=False)

    op.create_table(
        "polls_numbering",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "contest"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "polls_order_draw",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("orders", sa.String(), nullable=False),
        sa.Column("drawn_by", sa.String(), nullable=False),
        sa.Column("witnesses", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
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
        info={"retention": "result", "person": None},
    )
    op.create_table(
        "polls_paper_ruling",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("paper", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("marks", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "contest", "round", "paper"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "polls_paper_sent",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "contest", "member_id"),
        info={"retention": "papers", "person": "member_id"},
    )
    op.create_table(
        "polls_print_run",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "contest", "number"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "polls_recount",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("papers", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "contest", "round"),
        info={"retention": "result", "person": None},
    )
    op.create_table(
        "polls_roll_judgement",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("abroad", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "member_id"),
        info={"retention": "roll", "person": "member_id"},
    )
    op.create_table(
        "polls_roll_objection",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decision_ground", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "number"),
        info={"retention": "roll", "person": "member_id"},
    )
    with op.batch_alter_table("polls_roll_objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_polls_roll_objection_member_id"), ["member_id"], unique=False)

    op.create_table(
        "polls_roll_row",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("since", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("contests", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "member_id", "since"),
        info={"retention": "roll", "person": "member_id"},
    )
    op.create_table(
        "polls_roll_version",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("record_day", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"],
            ["ledger_leaf.act_id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "version"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "polls_strike_off",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "contest", "member_id"),
        info={"retention": "papers", "person": "member_id"},
    )
    op.create_table(
        "polls_typed_paper",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("paper", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("marks", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "contest", "round", "place", "paper"),
        info={"retention": None, "person": None},
    )
    op.create_table(
        "polls_typist",
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("contest", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
        ),
        sa.PrimaryKeyConstraint("procedure_id", "contest", "round", "place"),
        sa.UniqueConstraint("procedure_id", "contest", "round", "member_id"),
        info={"retention": "papers", "person": "member_id"},
    )


def downgrade() -> None:
    op.drop_table("polls_typist")
    op.drop_table("polls_typed_paper")
    op.drop_table("polls_strike_off")
    op.drop_table("polls_roll_version")
    op.drop_table("polls_roll_row")
    with op.batch_alter_table("polls_roll_objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_polls_roll_objection_member_id"))

    op.drop_table("polls_roll_objection")
    op.drop_table("polls_roll_judgement")
    op.drop_table("polls_recount")
    op.drop_table("polls_print_run")
    op.drop_table("polls_paper_sent")
    op.drop_table("polls_paper_ruling")
    op.drop_table("polls_order_draw")
    op.drop_table("polls_numbering")
    with op.batch_alter_table("polls_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_polls_note_procedure_id"))

    op.drop_table("polls_note")
    with op.batch_alter_table("polls_meeting_proxy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_polls_meeting_proxy_holder_id"))

    op.drop_table("polls_meeting_proxy")
    op.drop_table("polls_meeting_entry")
    with op.batch_alter_table("polls_interest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_polls_interest_procedure_id"))
        batch_op.drop_index(batch_op.f("ix_polls_interest_member_id"))

    op.drop_table("polls_interest")
    with op.batch_alter_table("polls_envelope", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_polls_envelope_procedure_id"))

    op.drop_table("polls_envelope")
    op.drop_table("polls_declaration")
    op.drop_table("polls_count_lot")
    op.drop_table("polls_count")
    with op.batch_alter_table("polls_candidacy_supporter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_polls_candidacy_supporter_member_id"))

    op.drop_table("polls_candidacy_supporter")
    with op.batch_alter_table("polls_candidacy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_polls_candidacy_member_id"))

    op.drop_table("polls_candidacy")
    op.drop_table("polls_account")
