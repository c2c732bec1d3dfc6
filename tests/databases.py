"""PostgreSQL databases for tests: copies of one that was migrated, emptied and lent again while nobody has changed their shape."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import LiteralString
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import URL, make_url

SHAPE: LiteralString = """
SELECT md5(string_agg(told, ';' ORDER BY told)) FROM (
    SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, atttypmod, attnotnull, attisdropped, relrowsecurity, relforcerowsecurity) AS told
      FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relnamespace::regnamespace::text IN ('public', 'dbos') AND attnum > 0
    UNION ALL SELECT concat(conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
    UNION ALL SELECT concat(adrelid::regclass, adnum, pg_get_expr(adbin, adrelid)) FROM pg_attrdef
    UNION ALL SELECT concat(polrelid::regclass, polname, polcmd, pg_get_expr(polqual, polrelid)) FROM pg_policy
    UNION ALL SELECT concat(tgrelid::regclass, tgname) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT s.setconfig::text FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE datname = current_database()
    UNION ALL SELECT version_num FROM alembic_version
) AS shape
"""
TABLES: LiteralString = (
    "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'dbos') AND tablename <> 'alembic_version'"
)
ALONE: LiteralString = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Databases(ThreadPoolExecutor):
    """Makes databases, and drops them beside the tests: for each drop PostgreSQL first writes all it has to the disk.

    They belong to a role that owns nothing else: superusers are not bound by row-level security.
    """

    def __init__(self, server: URL) -> None:
        super().__init__(max_workers=1)
        self._server = server
        self._role = f"test_{uuid4().hex}"
        self._spare: list[str] = []
        self._execute(SQL("CREATE ROLE {} LOGIN").format(Identifier(self._role)))

    def create(self, template: str = "template1") -> str:
        """A copy of another database; its address."""
        url = self._server.set(drivername="postgresql+psycopg", username=self._role, password=None, database=f"test_{uuid4().hex}")
        names = [Identifier(name) for name in (_name(url), self._role, template)]
        self._execute(SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(*names))
        return url.render_as_string(hide_password=False)

    @contextmanager
    def migrated(self, template: str) -> Iterator[str]:
        """One that is like the migrated one, for a while; its address."""
        url = self._spare.pop() if self._spare else self.create(_name(template))
        yield url
        if self._emptied(url, template):
            self._spare.append(url)
        else:
            self.drop(url)

    def drop(self, url: str) -> None:
        """Soon."""
        self.submit(self._drop, url)

    def leave(self) -> None:
        """When nothing is lent any more."""
        for url in self._spare:
            self._drop(url)
        self._execute(SQL("DROP ROLE {}").format(Identifier(self._role)))

    def _emptied(self, url: str, template: str) -> bool:
        """Whether it is as the migrated one again: a changed shape cannot be."""
        try:
            with self._connected(_name(url)) as connection, self._connected(_name(template)) as original:
                connection.execute(ALONE)
                if connection.execute(SHAPE).fetchone() != original.execute(SHAPE).fetchone():
                    return False
                connection.execute("SET session_replication_role = replica")  # references need no order then
                for table in [Identifier(*row) for row in original.execute(TABLES).fetchall()]:
                    kept = original.execute(SQL("SELECT count(*) FROM {}").format(table)).fetchone()
                    if kept == (0,):
                        connection.execute(SQL("DELETE FROM {}").format(table))
                    elif connection.execute(SQL("SELECT count(*) FROM {}").format(table)).fetchone() != kept:
                        return False
        except psycopg.Error:
            return False
        return True

    def _drop(self, url: str) -> None:
        self._execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(_name(url))))

    def _execute(self, statement: Composed) -> None:
        with self._connected(self._server.database or "") as connection:
            connection.execute(statement)

    def _connected(self, database: str) -> psycopg.Connection:
        address = self._server.set(database=database).render_as_string(hide_password=False)
        return psycopg.connect(address, autocommit=True, options="-c lock_timeout=2000")


def _name(url: str | URL) -> str:
    return make_url(url).database or ""
