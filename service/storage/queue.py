"""Work for later, put down in the transaction of what it follows from: DBOS keeps it in tables of its own, beside ours, until a worker has done it.

Its tables hold what is to be done and for which row, never a word of anybody's. They are made when they are first needed, which takes PostgreSQL seconds.
"""

import logging
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Engine, inspect
from sqlmodel import Session

if TYPE_CHECKING:
    from dbos import DBOSClient

Work = Literal["deliver", "push"]
NAME = "deliveries"
APPLICATION = "muscle-balance"
# Work that an older release put down is done by a newer one: arguments are ids, and stay so.
VERSION = "1"
logging.getLogger("dbos").setLevel(logging.WARNING)


class Queue:
    """Where work for later is put. Without a file or a server nobody else could do it, and it is left."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.reaches_others = engine.dialect.name != "sqlite" or engine.url.database not in (None, "", ":memory:")
        self._ready = False
        self._turn = Lock()

    @property
    def url(self) -> str:
        """The database's address, with its password."""
        return self.engine.url.render_as_string(hide_password=False)

    @cached_property
    def _client(self) -> "DBOSClient":
        from dbos import DBOSClient  # loaded by those only whose clinics want to hear of something

        return DBOSClient(system_database_engine=self.engine, lazy=True, application_name=APPLICATION)

    def put(self, session: Session, work: Work, row: str, number: int, *, turn: str, delay: float = 0) -> None:
        """Do this once the transaction is committed, and `delay` seconds have gone. `turn`: what must not wait for anything but its own kind."""
        if not self.reaches_others:
            return
        from dbos import WorkflowSerializationFormat

        self._client.enqueue_in_transaction(
            session,
            {
                "workflow_name": work,
                "queue_name": NAME,
                "queue_partition_key": turn,
                "app_version": VERSION,
                "serialization_type": WorkflowSerializationFormat.PORTABLE,  # JSON; the other one is pickle
                **({"delay_seconds": delay} if delay else {}),  # type: ignore[typeddict-item]  # the one optional key
            },
            row,
            number,
        )

    def keep_up(self) -> None:
        """Bring the tables up to date where there are some, so that this release and those of its queue fit together."""
        schema = None if self.engine.dialect.name == "sqlite" else "dbos"
        if self.reaches_others and inspect(self.engine).has_table("workflow_status", schema=schema):
            self.prepare()

    def prepare(self) -> None:
        """Make the tables, unless they are there; outside every transaction of our own."""
        from dbos import DBOS

        with self._turn:
            if self.reaches_others and not self._ready:
                DBOS.migrate(self.url)
            self._ready = True


def queue_of(session: Session) -> Queue:
    """The queue of the session's database."""
    queue = session.info["queue"]
    assert isinstance(queue, Queue)  # noqa: S101 - Database opens no session without
    return queue
