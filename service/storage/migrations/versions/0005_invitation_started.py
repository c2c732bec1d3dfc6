"""When somebody first began what they were invited to"""

import sqlalchemy as sa
from alembic import op

from service.storage.types import UtcDateTime

revision = "0005_started"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.add_column("invitation", sa.Column("started_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Go back. Not by making the table anew: on SQLite, what hangs on its rows would be gone with the old one."""
    op.execute("ALTER TABLE invitation DROP COLUMN started_at")
