"""Fresh databases on the PostgreSQL of this machine, each with a role that owns it and that row-level security binds."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier

SERVER = "127.0.0.1:5432"


@contextmanager
def postgresql(*uses: str) -> Iterator[dict[str, str]]:
    """An address for each use; none when no server answers."""
    try:
        connection = psycopg.connect(f"postgresql://postgres@{SERVER}/postgres", autocommit=True, connect_timeout=2)
    except psycopg.OperationalError:
        print(f"\nPostgreSQL does not answer on {SERVER}; left out")
        yield {}
        return
    names = {use: f"bench_{use}_{uuid4().hex[:8]}" for use in uses}
    with connection:
        for name in map(Identifier, names.values()):
            connection.execute(SQL("CREATE ROLE {} LOGIN").format(name))
            connection.execute(SQL("CREATE DATABASE {} OWNER {}").format(name, name))
        yield {use: f"postgresql+psycopg://{name}@{SERVER}/{name}" for use, name in names.items()}
        for name in map(Identifier, names.values()):
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(name))
            connection.execute(SQL("DROP ROLE {}").format(name))
