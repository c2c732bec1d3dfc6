"""One engine with its threads. A unit of work is one transaction, committed before anybody is told that it is done."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlmodel import Session

from service.storage.queue import Queue
from service.storage.tenancy import NOBODY, TenantSession

T = TypeVar("T")


class UnsafeDatabase(Exception):
    """The database could lose what it has acknowledged, or show a clinic what is another one's"""


class Database:
    """Runs units of work on SQLite or PostgreSQL, off the event loop."""

    def __init__(self, url: str, *, pool: int = 10) -> None:
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite(url) if self.is_sqlite else _postgresql(url, pool)
        self.queue = Queue(self.engine)
        # As many threads as connections: work waits here, in order, and never for a connection.
        self._threads = ThreadPoolExecutor(max_workers=1 if self.is_sqlite else pool, thread_name_prefix="database")

    async def run(self, work: Callable[[Session], T], clinic: str = NOBODY) -> T:
        """One transaction in a thread of its own; committed when this returns, rolled back when it raises.

        `clinic`: whose rows it sees; `OPERATOR` sees all.
        """
        # What was said of the request, such as its id, goes along into the thread.
        return await asyncio.get_running_loop().run_in_executor(self._threads, copy_context().run, self.run_now, work, clinic)

    def run_now(self, work: Callable[[Session], T], clinic: str = NOBODY) -> T:
        """The same, for callers without an event loop."""
        with TenantSession(self.engine, expire_on_commit=False, clinic=clinic, info={"queue": self.queue}) as session:
            result = work(session)
            session.commit()
            return result

    def assert_safe(self) -> None:
        """Refuse to serve when an acknowledged answer could be lost with the power, or the second wall between clinics does not stand."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                if connection.execute(text("PRAGMA synchronous")).scalar_one() < 2:
                    raise UnsafeDatabase("SQLite needs synchronous=FULL")
                return
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                if connection.execute(text(f"SHOW {setting}")).scalar_one() == "off":
                    raise UnsafeDatabase(f"PostgreSQL needs {setting} on")
            if connection.execute(text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")).scalar_one():
                raise UnsafeDatabase("PostgreSQL needs a role that row-level security binds: neither superuser nor BYPASSRLS")

    def close(self) -> None:
        """Let work in hand finish, then let go of every connection."""
        self._threads.shutdown(wait=True)
        self.engine.dispose()


def _postgresql(url: str, pool: int) -> Engine:
    options = "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000"
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=2,
        hide_parameters=True,
        connect_args={"connect_timeout": 2, "tcp_user_timeout": 3000, "keepalives_idle": 5, "options": options},
    )


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,  # also in memory, where the one connection is the database
        pool_size=1,
        max_overflow=0,
        pool_timeout=5,
        hide_parameters=True,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def settle(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # SQLAlchemy begins transactions itself, below
        # Not WAL: what is erased would stay in its file until a checkpoint, and versions before 3.51.3 can corrupt the database.
        for pragma in ("journal_mode=DELETE", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A deferred transaction would fail at once when another writer is in between.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
