"""Alive means that the process answers; ready means that the database answers too."""

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import URL, make_url
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.settings import Settings
from service.storage.database import Database
from service.storage.schema import migrate
from tests.service.asking import problem


def test_a_service_with_its_database_is_alive_and_ready(client: TestClient) -> None:
    assert client.get("/livez").text == "alive"
    assert client.get("/readyz").text == "ready"


def test_a_service_whose_database_has_gone_is_alive_and_not_ready_until_it_is_back(
    postgresql: URL, postgresql_url: str, pack: Pack
) -> None:
    name = make_url(postgresql_url).database or ""
    address = postgresql.render_as_string(hide_password=False)
    database = Database(postgresql_url)
    migrate(database.engine)
    database.close()
    with TestClient(create_app(Settings(database_url=postgresql_url), pack)) as client, psycopg.connect(address) as server:
        server.autocommit = True
        server.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(Identifier(name)))
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        gone = client.get("/readyz")
        assert client.get("/livez").text == "alive"
        server.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(Identifier(name)))
        assert client.get("/readyz").text == "ready"
    assert problem(gone, 503).type.endswith(":busy")
