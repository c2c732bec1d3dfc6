"""For how long a key was issued, so that the key which takes its place lasts as long"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up. Of keys that have been rotated the first end is not known any more: theirs counts as it is now."""
    op.add_column("api_key", sa.Column("days", sa.Integer(), nullable=True))
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    days = (
        "EXTRACT(DAY FROM expires_at - created_at)"
        if on_postgresql
        else "CAST(ROUND(julianday(expires_at) - julianday(created_at)) AS INTEGER)"
    )
    if on_postgresql:  # the migration is no clinic's
        op.execute("SELECT set_config('app.clinic', '*', true)")
    op.execute(f"UPDATE api_key SET days = {days} WHERE expires_at IS NOT NULL")  # noqa: S608 - the two expressions above


def downgrade() -> None:
    """Go back."""
    op.drop_column("api_key", "days")
