"""The settings that the promises rest on: nothing acknowledged is lost, nothing erased remains, nobody waits for ever."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from service.storage.database import Database, UnsafeDatabase
from service.storage.tenancy import OPERATOR
from tests.service.asking import connected, rows

PRAGMAS = {"journal_mode": "delete", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1, "busy_timeout": 5000}
TIMEOUTS = {"statement_timeout": "5s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "10s"}
KEY = text("INSERT INTO api_key (id, clinic_id, secret_hash, scopes, created_at) VALUES (:name, 'none', :hash, '', CURRENT_TIMESTAMP)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Each database, as the service opens it."""
    opened = Database(database_url, pool=4)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """A new SQLite file."""
    opened = Database(f"sqlite:///{tmp_path / 'new.db'}")
    yield opened
    opened.close()


def key(session: Session, name: str) -> None:
    """A key without its clinic."""
    session.connection().execute(KEY, {"name": name, "hash": name.encode()})


@pytest.mark.parametrize(("pragma", "value"), PRAGMAS.items())
def test_sqlite_is_durable_forgets_for_good_and_keeps_references(sqlite: Database, pragma: str, value: object) -> None:
    with sqlite.engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


def test_sqlite_takes_its_lock_at_the_beginning(sqlite: Database) -> None:
    began: list[str] = []
    event.listen(sqlite.engine, "before_cursor_execute", lambda *given: began.append(given[2]))
    sqlite.run_now(lambda session: session.connection().execute(text("SELECT 1")))
    assert began == ["BEGIN IMMEDIATE", "SELECT 1"]


def test_a_sqlite_file_that_kept_a_write_ahead_log_gives_it_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    with connected(url) as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode=WAL").scalar_one() == "wal"
        connection.exec_driver_sql("CREATE TABLE note (word text)")
    database = Database(url)
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "delete"
    database.close()


@pytest.mark.parametrize(("setting", "value"), TIMEOUTS.items())
def test_postgresql_gives_up_in_time(postgresql_url: str, setting: str, value: str) -> None:
    database = Database(postgresql_url)
    with database.engine.connect() as connection:
        assert connection.execute(text(f"SHOW {setting}")).scalar_one() == value
    database.close()


def test_errors_of_the_database_hold_no_values(database: Database) -> None:
    with pytest.raises(IntegrityError) as raised:
        database.run_now(lambda session: key(session, "canary-value"), OPERATOR)
    assert "canary-value" not in str(raised.value).split("[SQL:")[1]
    assert raised.value.hide_parameters


def test_references_are_kept(database: Database) -> None:
    with pytest.raises(IntegrityError):
        database.run_now(lambda session: key(session, "astray"), OPERATOR)


def test_work_that_returns_is_committed_and_work_that_raises_is_not(database: Database, database_url: str) -> None:
    with connected(database_url) as connection:
        connection.execute(text("CREATE TABLE note (word varchar(10))"))

    def write(session: Session, word: str) -> None:
        session.connection().execute(text("INSERT INTO note VALUES (:word)"), {"word": word})
        if word == "bad":
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        database.run_now(lambda session: write(session, "bad"))
    assert rows(database_url, "note") == 0
    asyncio.run(database.run(lambda session: write(session, "good")))
    assert rows(database_url, "note") == 1


def test_work_leaves_the_loop_alone(database: Database) -> None:
    async def threads() -> tuple[str, str]:
        return threading.current_thread().name, await database.run(lambda _: threading.current_thread().name)

    loop, work = asyncio.run(threads())
    assert work.startswith("database")
    assert loop != work


def test_more_work_than_connections_waits_in_line(database: Database) -> None:
    def seven(session: Session) -> int:
        return int(session.connection().execute(text("SELECT 7")).scalar_one())

    async def fifty() -> list[int]:
        return await asyncio.gather(*(database.run(seven) for _ in range(50)))

    assert asyncio.run(fifty()) == [7] * 50


def test_a_safe_database_is_taken(database: Database) -> None:
    database.assert_safe()


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
def test_sqlite_that_may_forget_is_refused(sqlite: Database, synchronous: str) -> None:
    event.listen(sqlite.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA synchronous={synchronous}"))
    with pytest.raises(UnsafeDatabase, match="synchronous=FULL"):
        sqlite.assert_safe()


def test_postgresql_that_may_forget_is_refused(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    with database.engine.connect() as connection:
        connection.exec_driver_sql(f'ALTER DATABASE "{database.engine.url.database}" SET synchronous_commit = off')
        connection.commit()
    database.assert_safe()  # the setting is for new connections
    database.engine.dispose()
    with pytest.raises(UnsafeDatabase, match="synchronous_commit"):
        database.assert_safe()
    database.close()


def test_a_connection_that_was_cut_is_replaced(postgresql_url: str) -> None:
    database = Database(postgresql_url, pool=1)
    backend = database.run_now(lambda session: session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one())
    with connected(postgresql_url) as connection:
        connection.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": backend})
    assert database.run_now(lambda session: session.connection().execute(text("SELECT 1")).scalar_one()) == 1
    database.close()


def test_a_server_that_is_not_there_is_an_operational_error() -> None:
    database = Database("postgresql+psycopg://nobody:a-password@127.0.0.1:1/nothing")
    with pytest.raises(OperationalError) as raised:
        database.run_now(lambda session: session.connection())
    assert "a-password" not in str(raised.value)
    database.close()
