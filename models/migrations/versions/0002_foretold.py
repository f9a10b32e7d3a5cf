"""What people were told of the future"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "foreseen",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreseen")),
        sa.UniqueConstraint("round", name=op.f("uq_foreseen_round")),
    )
    with op.batch_alter_table("foreseen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_foreseen_day"), ["day"], unique=False)

    op.create_table(
        "learnt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learnt")),
        sa.UniqueConstraint("kind", name=op.f("uq_learnt_kind")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("visit", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("early_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.JSON(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "visit", "early_at", "late_at", "gone", name=op.f("uq_notice_visit_early_at_late_at_gone")
        ),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_made_at"), ["made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_next_at"), ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_site"), ["site"], unique=False)

    op.create_table(
        "prediction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("visit", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("p05_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("p10_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("p50_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("p90_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("p95_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ahead_s", sa.Integer(), nullable=False),
        sa.Column("skip_permille", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prediction")),
        sa.UniqueConstraint("visit", "stamp", name=op.f("uq_prediction_visit_stamp")),
    )
    with op.batch_alter_table("prediction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prediction_day_site"), ["day", "site"], unique=False)
        batch_op.create_index(batch_op.f("ix_prediction_settled_day"), ["settled", "day"], unique=False)

    op.create_table(
        "promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("pickup", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("likely_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worst_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chance_permille", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint(
            "origin",
            "destination",
            "pickup",
            "due_at",
            "chance_permille",
            "item",
            name=op.f("uq_promise_origin_destination_pickup_due_at_chance_permille_item"),
        ),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_made_at"), ["made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_promise_origin"), ["origin"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_promise_settled_at_due_at"), ["settled_at", "due_at"], unique=False
        )

    op.create_table(
        "notice_wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["site.code"], name=op.f("fk_notice_wish_site_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_wish")),
    )
    with op.batch_alter_table("notice_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_wish_site"), ["site"], unique=False)

    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("tally", sa.JSON(), nullable=True))

    with op.batch_alter_table("plan_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hypotheses", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("answer", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("front", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("reader_percent", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_plan_run_front"), ["front"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("plan_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_run_front"))
        batch_op.drop_column("reader_percent")
        batch_op.drop_column("front")
        batch_op.drop_column("answer")
        batch_op.drop_column("hypotheses")

    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_column("tally")
        batch_op.drop_column("arrived_at")

    with op.batch_alter_table("notice_wish", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_wish_site"))

    op.drop_table("notice_wish")
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promise_settled_at_due_at"))
        batch_op.drop_index(batch_op.f("ix_promise_origin"))
        batch_op.drop_index(batch_op.f("ix_promise_made_at"))

    op.drop_table("promise")
    with op.batch_alter_table("prediction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prediction_settled_day"))
        batch_op.drop_index(batch_op.f("ix_prediction_day_site"))

    op.drop_table("prediction")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_site"))
        batch_op.drop_index(batch_op.f("ix_notice_next_at"))
        batch_op.drop_index(batch_op.f("ix_notice_made_at"))

    op.drop_table("notice")
    op.drop_table("learnt")
    with op.batch_alter_table("foreseen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foreseen_day"))

    op.drop_table("foreseen")
