"""How the parts are wired: nothing blocks the loop, nobody else owns a transaction, and an unsafe start is refused."""

import inspect
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.cds.services import OpenToPages
from service.settings import Settings
from service.storage.database import Database, UnsafeDatabase
from service.storage.schema import SchemaBehind, migrate
from service.transport import Transport
from tests.service.asking import Answers, Posted, connected, expire, leaves_a_trace, post, rows
from tests.service.receiving import until
from tests.service.telltale import drop_the_tables


@pytest.fixture(scope="module")
def app(pack: Pack) -> FastAPI:
    """A service that is not started."""
    return create_app(Settings(database_url="sqlite://"), pack)


def routes(app: FastAPI) -> list[APIRoute]:
    """Every route, from each router."""
    found = [context.original_route for context in iter_route_contexts(app.routes)]
    return [route for route in found if isinstance(route, APIRoute)]


def dependencies(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """Everything a route depends on, however deep."""
    for inner in dependant.dependencies:
        if inner.call:
            yield inner.call
        yield from dependencies(inner)


def test_no_endpoint_blocks_the_loop_or_takes_a_thread(app: FastAPI) -> None:
    assert len(routes(app)) >= 17
    assert [route.path for route in routes(app) if not inspect.iscoroutinefunction(route.endpoint)] == []


def test_no_dependency_owns_a_transaction(app: FastAPI) -> None:
    needed = {call for route in routes(app) for call in dependencies(route.dependant)}
    assert needed  # the one that reads the token
    assert not [call for call in needed if inspect.isgeneratorfunction(call) or inspect.isasyncgenfunction(call)]


def test_the_only_middlewares_are_our_own_and_compression_and_pure_asgi(app: FastAPI) -> None:
    layers: list[object] = [middleware.cls for middleware in app.user_middleware]
    assert layers == [Transport, GZipMiddleware, OpenToPages]
    assert not any(isinstance(layer, type) and issubclass(layer, BaseHTTPMiddleware) for layer in layers)


def test_a_service_in_memory_can_be_tried_out(stateless: TestClient, answers: Answers) -> None:
    posted = post(stateless, answers)
    assert stateless.get(posted.path, headers=posted.opens).status_code == 200


def test_sqlite_is_brought_to_the_present_schema_by_the_service_itself(tmp_path: Any, pack: Pack, answers: Answers) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'new.db'}")
    with TestClient(create_app(settings, pack)) as client:
        assert post(client, answers).token


def test_postgresql_that_is_behind_is_refused(postgresql_url: str, pack: Pack) -> None:
    with pytest.raises(SchemaBehind, match="muscle-balance migrate"), TestClient(create_app(Settings(database_url=postgresql_url), pack)):
        pass


def test_postgresql_that_may_forget_is_refused(postgresql_url: str, pack: Pack) -> None:
    database = Database(postgresql_url)
    migrate(database.engine)
    with connected(postgresql_url) as connection:
        connection.execute(text(f'ALTER DATABASE "{connection.engine.url.database}" SET synchronous_commit = off'))
    database.close()
    with pytest.raises(UnsafeDatabase, match="synchronous_commit"), TestClient(create_app(Settings(database_url=postgresql_url), pack)):
        pass


def test_a_database_that_is_not_there_is_refused(pack: Pack) -> None:
    settings = Settings(database_url="postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(OperationalError), TestClient(create_app(settings, pack)):
        pass


def purged(url: str) -> bool:
    """Waits for the purge that must come."""
    for _ in range(1000):
        if rows(url, "assessment") == 0:
            return True
        time.sleep(0.01)
    return False


def test_the_running_service_erases_what_has_expired(settings: Settings, pack: Pack, posted: Posted) -> None:
    expire(settings.url(), posted)
    with TestClient(create_app(settings, pack)):
        assert purged(settings.url())
    assert not leaves_a_trace(settings.url(), "within-15-min")


def test_the_running_service_purges_again_and_again(settings: Settings, pack: Pack, answers: Answers) -> None:
    often = settings.model_copy(update={"purge_minutes": 1 / 600})
    with TestClient(create_app(often, pack)) as client:
        for _ in range(2):
            expire(settings.url(), post(client, answers))
            assert purged(settings.url())


def test_a_purge_that_fails_stops_nothing(settings: Settings, pack: Pack, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(settings, pack)
    drop_the_tables(settings.url())
    with TestClient(app) as client:
        for _ in range(1000):
            if "purge failed" in caplog.text:
                break
            time.sleep(0.01)
        assert client.get("/livez").status_code == 200
    assert "purge failed kind=" in caplog.text


def test_a_purge_that_gets_no_connection_comes_again(
    tmp_path: Path, pack: Pack, answers: Answers, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'a.db'}").model_copy(update={"purge_minutes": 1 / 600})
    app = create_app(settings, pack)
    engine = app.state.service.database.engine
    with TestClient(app) as client:
        gone = post(client, answers)
        engine.pool._timeout = 0.05
        with engine.connect():
            until(lambda: "purge failed kind=TimeoutError" in caplog.text)
        expire(settings.url(), gone)
        assert purged(settings.url())


def test_a_pack_that_is_given_is_the_one_that_runs(app: FastAPI, pack: Pack) -> None:
    assert app.state.service.pack is pack
