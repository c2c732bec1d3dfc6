"""Clinics, and a wall between them"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

from service.storage.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OF_CLINIC = ("api_key", "invitation", "clinician_link", "opinion", "event")
# current_setting(..., true) is null where nobody said who asks, and then nothing is shown.
CLINIC = "current_setting('app.clinic', true)"
MINE = f"{CLINIC} IN (clinic_id, '*')"
ASSESSMENT = f"coalesce(clinic_id, '') = coalesce({CLINIC}, '') OR {CLINIC} = '*' OR id = ANY (string_to_array(current_setting('app.own', true), ','))"
BELOW_ASSESSMENT = "EXISTS (SELECT 1 FROM assessment WHERE id = assessment_id)"
ADDED: dict[str, TypeEngine[Any]] = {
    "clinic_id": sa.String(length=16),
    "invitation_id": sa.String(length=16),
    "reference": sa.String(length=64),
    "subject": sa.String(length=200),
    "changed_at": UtcDateTime(),
    "authored_at": UtcDateTime(),
    "author": sa.String(length=200),
}


def upgrade() -> None:
    """Go up."""
    for name, kind in ADDED.items():
        op.add_column("assessment", sa.Column(name, kind, nullable=True))
    op.add_column("assessment", sa.Column("status", sa.String(length=16), server_default="completed", nullable=False))
    op.add_column("assessment", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_index(op.f("ix_assessment_clinic_id"), "assessment", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_assessment_invitation_id"), "assessment", ["invitation_id"], unique=False)
    _create_tables()
    if op.get_bind().dialect.name == "postgresql":
        _build_the_wall()
    else:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_event_no_{change.lower()} BEFORE {change} ON audit_event "
                "BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END"
            )


def _create_tables() -> None:
    op.create_table(
        "agreement",
        sa.Column("rule", sa.String(length=8), nullable=False),
        sa.Column("evidence", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rule", "evidence", "verdict", "reason", name=op.f("pk_agreement")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("clinic_id", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("request_id", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_clinic_id_id"), "audit_event", ["clinic_id", "id"], unique=False)

    op.create_table(
        "clinic",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_type", sa.String(length=20), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("clinic_id", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scopes", sa.String(length=120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_api_key_clinic_id_clinic"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
    )
    op.create_index(op.f("ix_api_key_clinic_id"), "api_key", ["clinic_id"], unique=False)

    op.create_table(
        "clinician_link",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("clinic_id", sa.String(length=16), nullable=False),
        sa.Column("assessment_id", sa.String(length=32), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_clinician_link_assessment_id_assessment"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_clinician_link_clinic_id_clinic"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinician_link")),
    )
    op.create_index(op.f("ix_clinician_link_assessment_id"), "clinician_link", ["assessment_id"], unique=False)
    op.create_index(op.f("ix_clinician_link_clinic_id"), "clinician_link", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_clinician_link_expires_at"), "clinician_link", ["expires_at"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("clinic_id", sa.String(length=16), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("assessment_id", sa.String(length=32), nullable=True),
        sa.Column("invitation_id", sa.String(length=16), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_event_clinic_id_clinic"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_clinic_id_at"), "event", ["clinic_id", "at"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("clinic_id", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("reusable", sa.Boolean(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("journey_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_invitation_clinic_id_clinic"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("clinic_id", "key_hash", name=op.f("uq_invitation_clinic_id_key_hash")),
    )
    op.create_index(op.f("ix_invitation_clinic_id"), "invitation", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_invitation_expires_at"), "invitation", ["expires_at"], unique=False)

    op.create_table(
        "opinion",
        sa.Column("assessment_id", sa.String(length=32), nullable=False),
        sa.Column("finding", sa.String(length=80), nullable=False),
        sa.Column("clinic_id", sa.String(length=16), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_opinion_assessment_id_assessment"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_opinion_clinic_id_clinic"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("assessment_id", "finding", name=op.f("pk_opinion")),
    )
    op.create_index(op.f("ix_opinion_clinic_id"), "opinion", ["clinic_id"], unique=False)


def _build_the_wall() -> None:
    policies = {
        **dict.fromkeys(OF_CLINIC, MINE),
        "clinic": f"{CLINIC} IN (id, '*')",
        "assessment": ASSESSMENT,
        "check_in": BELOW_ASSESSMENT,
        "idempotent_request": BELOW_ASSESSMENT,
    }
    for table, shown in policies.items():
        _guard(table)
        op.execute(f"CREATE POLICY of_clinic ON {table} USING ({shown})")
    # No policy to change or remove: what is not allowed is refused.
    _guard("audit_event")
    op.execute(f"CREATE POLICY read ON audit_event FOR SELECT USING ({MINE})")
    op.execute(f"CREATE POLICY add ON audit_event FOR INSERT WITH CHECK ({MINE})")


def _guard(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    """Go back. What was told to clinics goes with them."""
    if op.get_bind().dialect.name == "postgresql":
        for table in ("check_in", "idempotent_request", "assessment"):
            op.execute(f"DROP POLICY of_clinic ON {table}")
            op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("DELETE FROM assessment WHERE clinic_id IS NOT NULL OR status = 'in-progress'")
    for table in ("opinion", "clinician_link", "invitation", "event", "api_key", "clinic", "audit_event", "agreement"):
        op.drop_table(table)
    op.drop_index(op.f("ix_assessment_invitation_id"), table_name="assessment")
    op.drop_index(op.f("ix_assessment_clinic_id"), table_name="assessment")
    for name in ("version", "status", *ADDED):
        op.execute(f"ALTER TABLE assessment DROP COLUMN {name}")
