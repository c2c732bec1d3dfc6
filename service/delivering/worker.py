"""The worker: takes what is waiting, one attempt at a time, and survives whatever stops it. DBOS keeps what is under way; this keeps it modest."""

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain, repeat
from typing import TYPE_CHECKING, TypeVar

from dbos import DBOS
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from service.delivering.smart import NotLetIn
from service.outside.sending import NotSent, world_of
from service.settings import Settings
from service.storage.database import Database
from service.storage.queue import APPLICATION, NAME, VERSION
from service.storage.schema import assert_current, migrate
from service.storage.tenancy import OPERATOR
from service.webhooks.attempts import Message, Outcome, Reason, message, settle, told
from service.webhooks.deliveries import forget_old
from service.webhooks.signing_key import read_keys

if TYPE_CHECKING:
    from service.delivering.pushing import Pusher

log = logging.getLogger("muscle_balance.deliveries")
T = TypeVar("T")
AT_ONCE, AT_ONCE_FOR_ONE = 200, 20
POLL = 0.25
CONNECTIONS = 4  # for our own tables; as many again are DBOS's
TURN = 0x6D62616C  # names the lock by which workers on PostgreSQL take turns
HOUR, DAY = 3600, 86_400


class Worker:
    """What one process needs to deliver."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings, self.database = settings, database
        self.keys = read_keys(settings.signing_key_file)
        self.schedule = settings.schedule()
        self.world = world_of(settings)

    @cached_property
    def pusher(self) -> "Pusher":
        """Loaded when the first result is to be pushed: the content and all of FHIR take more room than everything else here."""
        from service.delivering.pushing import Pusher
        from service.state import make_state

        return Pusher(make_state(self.settings, self.database), self.world, self.keys)

    async def deliver(self, delivery: str, number: int) -> None:
        """One attempt to send an event to an endpoint."""
        found = await self._run(lambda session: message(session, delivery, number))
        if found is None:
            return
        began = time.perf_counter()
        outcome = await self._send(found) if isinstance(found, Message) else found
        await self._settle(delivery, number, outcome, began)

    async def push(self, delivery: str, number: int) -> None:
        """One attempt to send a result to a FHIR server."""
        about = await self._run(lambda session: told(session, delivery, number))
        if about is None:
            return
        pusher = self.pusher
        found = await self._run(lambda session: pusher.leaving(session, about), about.clinic)
        began = time.perf_counter()
        try:
            outcome = found if isinstance(found, Outcome) else await pusher.push(*found)
        except (NotSent, NotLetIn) as why:
            outcome = Outcome(why.reason)
        await self._settle(delivery, number, outcome, began)

    async def _send(self, message: Message) -> Outcome:
        headers = {**message.headers, "Content-Type": "application/json", "User-Agent": APPLICATION}
        try:
            answer = await self.world.post(message.url, headers, message.body.encode())
        except NotSent as why:
            return Outcome(why.reason)
        reason: Reason = "accepted" if 200 <= answer.status < 300 else "gone" if answer.status == 410 else "refused"
        return Outcome(reason, answer.status, answer.wait)

    async def _settle(self, delivery: str, number: int, outcome: Outcome, began: float) -> None:
        timed = replace(outcome, ms=int((time.perf_counter() - began) * 1000))
        await self._run(lambda session: settle(session, delivery, number, timed, self.schedule))
        log.info("delivery=%s attempt=%s outcome=%s ms=%s", delivery, number, outcome.reason, timed.ms)

    async def _run(self, work: Callable[[Session], T], clinic: str = OPERATOR) -> T:
        """One transaction, however long the database takes to come back: whoever gave up here would lose the delivery."""
        for pause in chain((0.2, 1, 5), repeat(30)):
            try:
                return await self.database.run(work, clinic)
            except (DBAPIError, PoolTimeout) as error:
                log.warning("database failed kind=%s", type(error).__name__)
                await asyncio.sleep(pause)
        raise AssertionError  # `repeat` has no end


def work(settings: Settings, stop: threading.Event) -> None:
    """Deliver until told to stop."""
    database = Database(settings.url(), pool=min(settings.database_pool, CONNECTIONS))
    try:
        if database.is_sqlite:
            migrate(database.engine)
        assert_current(database.engine)
        with _in_turn(database, stop):
            if not stop.is_set():
                _work(settings, database, stop)
    finally:
        database.close()


def _work(settings: Settings, database: Database, stop: threading.Event) -> None:
    logging.getLogger("dbos").addHandler(logging.NullHandler())  # where there is one, it adds none that prints on its own
    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": database.queue.url,
            "application_version": VERSION,
            "executor_id": "worker",  # one at a time: the next one goes on with what the last one left
            "sys_db_pool_size": CONNECTIONS,
            "db_engine_kwargs": {"hide_parameters": True},
            "enable_otlp": False,
            "log_level": "WARNING",
        }
    )
    worker = Worker(settings, database)
    # However often it is stopped in the middle, it goes on.
    for one in (worker.deliver, worker.push):
        DBOS.workflow(name=one.__name__, max_recovery_attempts=None)(_function(one))
    DBOS.launch()
    DBOS.register_queue(NAME, partition_concurrency=AT_ONCE_FOR_ONE, worker_concurrency=AT_ONCE, polling_interval_sec=POLL)
    log.info("delivering")
    try:
        _tidy(database)
        while not stop.wait(HOUR):
            _tidy(database)
    finally:
        DBOS.destroy(workflow_completion_timeout_sec=20)


def _function(method: Callable[[str, int], Awaitable[None]]) -> Callable[[str, int], Awaitable[None]]:
    """DBOS writes on the functions that it knows, which methods do not bear."""

    async def call(delivery: str, number: int) -> None:
        await method(delivery, number)

    return call


@contextmanager
def _in_turn(database: Database, stop: threading.Event) -> Iterator[None]:
    """On PostgreSQL one worker at a time: the others wait, and one of them goes on when the first is gone."""
    if database.is_sqlite:
        yield
        return
    alone = create_engine(database.queue.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
    with alone.connect() as connection:
        while not connection.execute(text("SELECT pg_try_advisory_lock(:turn)"), {"turn": TURN}).scalar_one():
            if stop.wait(2):
                break
        yield


def _tidy(database: Database) -> None:
    """Let go of what is long done: events with their deliveries, and DBOS's own notes."""
    try:
        forgotten = database.run_now(forget_old, OPERATOR)
    except (DBAPIError, PoolTimeout) as error:
        log.warning("tidying failed kind=%s", type(error).__name__)  # in an hour it is tried again
        return
    before = datetime.fromtimestamp(time.time() - DAY, UTC).isoformat()
    done = DBOS.list_workflows(completed_before=before, limit=10_000, load_input=False, load_output=False)
    DBOS.delete_workflows([one.workflow_id for one in done])
    log.info("forgot events=%s notes=%s", forgotten, len(done))
