"""When a response was authored, and by whom"""

import sqlalchemy as sa
from alembic import op

from service.storage.types import UtcDateTime

revision = "0005_authored"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.add_column("assessment", sa.Column("authored_at", UtcDateTime(), nullable=True))
    op.add_column("assessment", sa.Column("author", sa.String(length=200), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("assessment", "author")
    op.drop_column("assessment", "authored_at")
