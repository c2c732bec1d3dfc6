"""One history for both databases: it goes up, down and up again, and ends where the models are."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from service.storage.database import Database
from service.storage.schema import SchemaBehind, alembic_config, assert_current, migrate

OF_CDS = {"cds_card", "cds_feedback", "cds_issuer", "cds_token"}
OF_WEBHOOKS = {"attempt", "delivery", "endpoint"}
OF_CLINICS = {"agreement", "api_key", "audit_event", "clinic", "clinician_link", "event", "invitation", "opinion", *OF_CDS, *OF_WEBHOOKS}
QUEUES = {
    *("application_versions", "dbos_migrations", "notifications", "operation_outputs", "queues", "streams", "workflow_events"),
    *("workflow_events_history", "workflow_input", "workflow_output", "workflow_schedules", "workflow_status"),
}
TABLES = {"alembic_version", "assessment", "check_in", "idempotent_request", *OF_CLINICS}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Each database at the present schema."""
    opened = Database(database_url)
    yield opened
    opened.close()


def go(database: Database, revision: str) -> None:
    """Downgrade."""
    with database.engine.begin() as connection:
        command.downgrade(alembic_config(connection), revision)


def shape(database: Database) -> dict[str, list[str]]:
    """Tables with their columns, indexes and keys."""
    inspector = inspect(database.engine)
    return {
        table: sorted(
            [f"{column['name']} {column['type']} {column['nullable']}" for column in inspector.get_columns(table)]
            + [f"index {index['name']} {index['column_names']}" for index in inspector.get_indexes(table)]
            + [f"primary {inspector.get_pk_constraint(table)}"]
            + [f"foreign {one['name']} {one['options']}" for one in inspector.get_foreign_keys(table)]
        )
        for table in inspector.get_table_names()
    }


def test_up_down_and_up_again_is_the_same(database: Database) -> None:
    before = shape(database)
    assert before.keys() == TABLES
    go(database, "base")
    assert shape(database).keys() == {"alembic_version"}
    migrate(database.engine)
    assert shape(database) == before


def test_every_single_step_can_be_taken_back(database: Database) -> None:
    with database.engine.connect() as connection:
        steps = list(ScriptDirectory.from_config(alembic_config(connection)).walk_revisions())
    for _ in steps:
        go(database, "-1")
        migrate(database.engine)
        go(database, "-1")
    migrate(database.engine)
    assert_current(database.engine)


def test_the_history_has_one_end(database: Database) -> None:
    with database.engine.connect() as connection:
        assert len(ScriptDirectory.from_config(alembic_config(connection)).get_heads()) == 1


def test_the_models_are_what_the_database_has(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_constraint_has_a_name(database: Database) -> None:
    inspector = inspect(database.engine)
    for table in TABLES - {"alembic_version"}:
        assert inspector.get_pk_constraint(table)["name"] == f"pk_{table}"
        assert all(key["name"] for key in inspector.get_foreign_keys(table))


def test_no_table_has_room_for_who_somebody_is(database: Database) -> None:
    columns = {column["name"] for table in TABLES - OF_CLINICS for column in inspect(database.engine).get_columns(table)}
    allowed = {
        "id",
        "token_hash",
        "answers",
        "guidance",
        "pack",
        "questionnaire",
        "evidence",
        "exercises",
        "digest",
        "language",
        "created_at",
        "expires_at",
    }
    # A clinic's own words for whom it is about; we ask for no name, and the contract says that none belongs there.
    allowed |= {"clinic_id", "invitation_id", "reference", "subject", "author", "authored_at", "status", "version", "changed_at"}
    assert columns == allowed | {"key_hash", "fingerprint", "salt", "assessment_id", "version_num", "place", "told", "outcome"}


def test_migrating_twice_does_nothing_the_second_time(database: Database) -> None:
    before = shape(database)
    migrate(database.engine)
    assert shape(database) == before


@pytest.mark.parametrize(
    "statement", ["DELETE FROM alembic_version", "UPDATE alembic_version SET version_num = '9999'", "DROP TABLE alembic_version"]
)
def test_another_schema_than_the_present_is_refused(database: Database, statement: str) -> None:
    assert_current(database.engine)
    with database.engine.begin() as connection:
        connection.execute(text(statement))
    with pytest.raises(SchemaBehind, match="muscle-balance migrate"):
        assert_current(database.engine)


def test_the_queue_keeps_its_tables_to_itself_and_steps_go_up_and_down_beside_them(database: Database) -> None:
    before = shape(database)
    database.queue.prepare()
    database.queue.keep_up()
    own = shape(database).keys() - before.keys()
    assert own == (QUEUES if database.is_sqlite else set())  # PostgreSQL has them in a schema of their own
    assert {name: one for name, one in shape(database).items() if name not in own} == before
    go(database, "base")
    migrate(database.engine)
    assert_current(database.engine)
    assert {name: one for name, one in shape(database).items() if name not in own} == before
