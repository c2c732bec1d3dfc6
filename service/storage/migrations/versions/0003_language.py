"""The language a guidance was given in"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up. What was stored until now was English."""
    op.add_column("assessment", sa.Column("language", sa.String(length=12), server_default="en", nullable=False))


def downgrade() -> None:
    """Go back. Not by making the table anew: on SQLite, what hangs on its rows would be gone with the old one."""
    op.execute("ALTER TABLE assessment DROP COLUMN language")
