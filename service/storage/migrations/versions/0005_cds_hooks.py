"""CDS Hooks: issuers, used tokens, cards, feedback"""

import sqlalchemy as sa
from alembic import op

from service.storage.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("cds_issuer", "cds_token", "cds_card", "cds_feedback")


def upgrade() -> None:
    """Go up."""
    op.create_table("cds_issuer", sa.Column("issuer", sa.String(length=200), nullable=False), *_of_clinic("cds_issuer", "issuer"))
    op.create_table(
        "cds_token",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        *_of_clinic("cds_token", "token_hash"),
    )
    op.create_table(
        "cds_card",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("assessment_id", sa.String(length=32), nullable=True),
        sa.Column("suggestion_id", sa.String(length=36), nullable=True),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_cds_card_assessment_id_assessment"), ondelete="CASCADE"
        ),
        *_of_clinic("cds_card", "id"),
    )
    op.create_table(
        "cds_feedback",
        sa.Column("card_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        *_of_clinic("cds_feedback", "card_id", "at"),
    )
    for table, column in (*((table, "clinic_id") for table in TABLES), ("cds_card", "assessment_id")):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    for table in ("cds_token", "cds_card"):
        op.create_index(op.f(f"ix_{table}_expires_at"), table, ["expires_at"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY of_clinic ON {table} USING (current_setting('app.clinic', true) IN (clinic_id, '*'))")


def _of_clinic(table: str, *key: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint, sa.PrimaryKeyConstraint]:
    return (
        sa.Column("clinic_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f(f"fk_{table}_clinic_id_clinic"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    """Go back."""
    for table in reversed(TABLES):
        op.drop_table(table)
