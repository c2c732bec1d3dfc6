"""Opinions know what they count for"""

import sqlalchemy as sa
from alembic import op

revision = "0005_opinions"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.add_column("opinion", sa.Column("counted", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Go back."""
    op.execute("ALTER TABLE opinion DROP COLUMN counted")
