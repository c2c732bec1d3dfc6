"""Alembic's entry: the same history for SQLite and PostgreSQL, run on the connection it is given."""

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel

from service.storage import cds_tables, clinic_tables, tables, webhook_tables  # noqa: F401 - registers the tables
from service.storage.types import UtcDateTime


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our own column type with its import."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen_context.imports.add("from service.storage.types import UtcDateTime")
        return "UtcDateTime()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
