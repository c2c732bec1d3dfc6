"""Brings a database to the present schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaBehind(Exception):
    """The database needs `muscle-balance migrate` first"""


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for this connection; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine) -> None:
    """Run every step that is missing."""
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")


def assert_current(engine: Engine) -> None:
    """Raise SchemaBehind unless every step has run."""
    with engine.connect() as connection:
        wanted = ScriptDirectory.from_config(alembic_config(connection)).get_current_head()
        if MigrationContext.configure(connection).get_current_revision() != wanted:
            raise SchemaBehind("run `muscle-balance migrate` first")
