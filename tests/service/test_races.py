"""Requests that meet: transactions are held up for real, by a lock, and then let go all at once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from sqlalchemy import Connection, text

from rules import Pack
from service.app import create_app
from service.settings import Settings
from service.storage.database import Database
from service.storage.schema import migrate
from tests.service.asking import Answers, Posted, connected, held_up, problem, rows

KEY = {"Idempotency-Key": "c1f2"}
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest.fixture
def app(settings: Settings, pack: Pack) -> FastAPI:
    """A service on each database."""
    return create_app(settings, pack)


@pytest.fixture
def two_apps(postgresql_url: str, pack: Pack) -> tuple[FastAPI, FastAPI]:
    """Two services on one PostgreSQL."""
    database = Database(postgresql_url)
    migrate(database.engine)
    database.close()
    settings = Settings(database_url=postgresql_url, database_pool=4)
    return create_app(settings, pack), create_app(settings, pack)


@asynccontextmanager
async def calling(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """Many requests at a time."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as caller:
        yield caller
    app.state.service.database.close()


async def until(holds: Callable[[], bool]) -> None:
    """Waits for something that must come."""
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


@contextmanager
def locked(url: str, mode: str) -> Iterator[Connection]:
    """Holds a lock on PostgreSQL's table of assessments."""
    with connected(url) as connection:
        connection.exec_driver_sql(f"LOCK TABLE assessment IN {mode} MODE")
        yield connection


async def until_both_wait(url: str) -> None:
    """Two transactions stand before the lock."""

    def waiting() -> bool:
        with connected(url) as connection:
            return bool(connection.execute(WAITING).scalar_one() == 2)

    await until(waiting)


def store(caller: AsyncClient, answers: Answers) -> asyncio.Task[Response]:
    """A keyed request under way."""
    return asyncio.create_task(caller.post("/v1/assessments", json={"answers": answers}, headers=KEY))


def test_the_same_key_is_refused_while_its_first_request_runs(app: FastAPI, settings: Settings, answers: Answers) -> None:
    async def thrice() -> tuple[Response, Response, Response]:
        async with calling(app) as caller:
            with held_up(settings.url()):
                first = store(caller, answers)
                await until(lambda: bool(app.state.service.keys_in_use))
                second = await store(caller, answers)
                assert not first.done()
            return await first, second, await store(caller, answers)

    first, second, third = asyncio.run(thrice())
    assert problem(second, 409).type.endswith(":key-in-use")
    assert (first.status_code, third.content) == (201, first.content)


def test_another_key_need_not_wait_for_its_turn(app: FastAPI, settings: Settings, answers: Answers) -> None:
    async def both() -> list[Response]:
        async with calling(app) as caller:
            with held_up(settings.url()):
                first = store(caller, answers)
                await until(lambda: bool(app.state.service.keys_in_use))
                second = asyncio.create_task(caller.post("/v1/assessments", json={"answers": {}}, headers={"Idempotency-Key": "other"}))
            return [await first, await second]

    assert [response.status_code for response in asyncio.run(both())] == [201, 201]


def test_twenty_at_once_with_one_key_make_one_assessment(app: FastAPI, settings: Settings, answers: Answers) -> None:
    async def twenty() -> list[Response]:
        async with calling(app) as caller:
            return await asyncio.gather(*(store(caller, answers) for _ in range(20)))

    responses = asyncio.run(twenty())
    assert {response.status_code for response in responses} <= {201, 409}
    assert len({response.content for response in responses if response.status_code == 201}) == 1
    assert rows(settings.url(), "assessment") == 1


def test_two_services_asked_at_once_with_one_key_make_one_assessment(
    two_apps: tuple[FastAPI, FastAPI], postgresql_url: str, answers: Answers
) -> None:
    async def both() -> list[Response]:
        async with calling(two_apps[0]) as one, calling(two_apps[1]) as other:
            with locked(postgresql_url, "SHARE"):  # reading goes on: both see that the key is new
                requests = [store(one, answers), store(other, answers)]
                await until_both_wait(postgresql_url)
            return await asyncio.gather(*requests)

    first, second = asyncio.run(both())
    assert (first.status_code, second.content) == (201, first.content)
    assert (rows(postgresql_url, "assessment"), rows(postgresql_url, "idempotent_request")) == (1, 1)


def test_two_owners_hands_erasing_at_once_both_succeed(two_apps: tuple[FastAPI, FastAPI], postgresql_url: str, answers: Answers) -> None:
    async def both() -> list[Response]:
        async with calling(two_apps[0]) as one, calling(two_apps[1]) as other:
            posted = Posted(await store(one, answers))
            with locked(postgresql_url, "SHARE"):
                requests = [asyncio.create_task(caller.delete(posted.path, headers=posted.opens)) for caller in (one, other)]
                await until_both_wait(postgresql_url)
            return await asyncio.gather(*requests)

    assert [response.status_code for response in asyncio.run(both())] == [204, 204]
    assert rows(postgresql_url, "idempotent_request") == 0


@pytest.mark.parametrize(("keys", "stored"), [(("week-1", "week-1"), 1), (("week-1", "week-2"), 2), (("", ""), 2)])
def test_two_check_ins_at_once_come_one_after_the_other_and_one_key_makes_one(
    two_apps: tuple[FastAPI, FastAPI], postgresql_url: str, safe: Answers, keys: tuple[str, str], stored: int
) -> None:
    async def both() -> list[Response]:
        async with calling(two_apps[0]) as one, calling(two_apps[1]) as other:
            posted = Posted(await one.post("/v1/assessments", json={"answers": safe}))
            with locked(postgresql_url, "EXCLUSIVE"):  # both see that there is no check-in yet
                requests = [
                    asyncio.create_task(caller.post(f"{posted.path}/check-ins", json={"done": "all"}, headers=posted.opens | named))
                    for caller, key in zip((one, other), keys, strict=True)
                    for named in ({"Idempotency-Key": key} if key else {},)
                ]
                await until_both_wait(postgresql_url)
            return await asyncio.gather(*requests)

    responses = asyncio.run(both())
    assert [response.status_code for response in responses] == [201, 201]
    assert len({response.content for response in responses}) == stored
    assert rows(postgresql_url, "check_in") == stored


def test_a_key_whose_assessment_is_erased_meanwhile_makes_a_new_one(
    two_apps: tuple[FastAPI, FastAPI], postgresql_url: str, answers: Answers
) -> None:
    async def repeated() -> tuple[Response, Response]:
        async with calling(two_apps[0]) as one, calling(two_apps[1]) as other:
            first = await store(one, answers)
            with locked(postgresql_url, "ACCESS EXCLUSIVE") as connection:
                requests = [store(one, answers), store(other, answers)]  # both have read the key, and wait for its assessment
                await until_both_wait(postgresql_url)
                connection.exec_driver_sql("DELETE FROM assessment")
            second, third = await asyncio.gather(*requests)
            assert second.content == third.content
            return first, second

    first, second = asyncio.run(repeated())
    assert second.status_code == 201
    assert second.headers["location"] != first.headers["location"]
    assert rows(postgresql_url, "assessment") == 1
