"""How the tests ask the service: an assessment posted, a problem as it must look, and the database behind it all."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, NullPool, create_engine, inspect, make_url, text
from starlette.testclient import TestClient

from rules import Pack

Answers = dict[str, Any]
STRANGER = "a" * 22
RETENTION = timedelta(days=3)
# What is stored is tried on both databases; what never looks into one, or is refused before, beside a single one of them.
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def examples(pack: Pack) -> dict[str, Answers]:
    """The named examples as they come over the wire."""
    return {example.id: json.loads(json.dumps(dict(example.answers))) for example in pack.examples}


@dataclass(frozen=True)
class Posted:
    """An assessment that was acknowledged, and how its owner opens it."""

    response: Response

    @property
    def path(self) -> str:
        """Where it is."""
        return self.response.headers["location"]

    @property
    def id(self) -> str:
        """What it is called."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def token(self) -> str:
        """The access token."""
        token: str = self.response.json()["access_token"]
        return token

    @property
    def opens(self) -> dict[str, str]:
        """The header that opens it."""
        return {"Authorization": f"Bearer {self.token}"}


def post(client: TestClient, answers: Mapping[str, object], key: str | None = None) -> Posted:
    """Store an assessment."""
    response = client.post("/v1/assessments", json={"answers": answers}, headers={"Idempotency-Key": key} if key else {})
    assert response.status_code == 201, response.text
    return Posted(response)


class Fault(BaseModel):
    """One thing wrong: a JSON pointer (RFC 6901), a code, what to repair."""

    model_config = ConfigDict(extra="forbid")
    pointer: str = Field(pattern=r"^(/([^~/]|~[01])*)*$")
    code: str = Field(pattern=r"^[a-z_-]+$")
    detail: str = Field(min_length=1)


class Problem(BaseModel):
    """Problem details as RFC 9457 has them."""

    model_config = ConfigDict(extra="forbid")
    type: str = Field(pattern=r"^urn:muscle-balance:problem:[a-z0-9-]+$")
    title: str = Field(min_length=1)
    status: int = Field(ge=400, le=599)
    detail: str = ""
    errors: list[Fault] = Field(default_factory=list)

    @property
    def pointers(self) -> list[str]:
        """Where the faults are."""
        return [fault.pointer for fault in self.errors]


def problem(response: Response, status: int) -> Problem:
    """The problem that the response must be."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    said = Problem.model_validate_json(response.content, strict=True)
    assert said.status == status
    return said


def all_told(response: Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Everything that came back, but for the id of the request's line in the log: that is another each time, whatever was asked."""
    return response.status_code, response.content, [one for one in response.headers.multi_items() if one[0] != "x-request-id"]


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A transaction beside those of the service, which sees the rows of every clinic."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT set_config('app.clinic', '*', false)"))
        yield connection


@contextmanager
def held_up(url: str) -> Iterator[None]:
    """Nobody else reads or writes assessments meanwhile."""
    with connected(url) as connection:
        sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql("BEGIN EXCLUSIVE" if sqlite else "LOCK TABLE assessment IN ACCESS EXCLUSIVE MODE")
        yield


def rows(url: str, table: str) -> int:
    """How many rows a table has."""
    with connected(url) as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608 - a name of ours


def everything_kept(url: str) -> bytes:
    """Whatever the database holds: each byte of SQLite's files, each row of PostgreSQL's tables."""
    database = make_url(url).database
    assert database
    if url.startswith("sqlite"):
        return b"".join(file.read_bytes() for file in Path(database).parent.glob(f"{Path(database).name}*"))
    with connected(url) as connection:
        tables = inspect(connection).get_table_names()
        found = [row for table in tables for row in connection.execute(text(f'SELECT t::text FROM "{table}" t')).scalars()]  # noqa: S608
    return "\n".join(found).encode()


def leaves_a_trace(url: str, secret: str) -> bool:
    """Whether the database holds this text, as text or as bytes."""
    kept = everything_kept(url)
    return secret.encode() in kept or secret.encode().hex().encode() in kept


def expire(url: str, posted: Posted) -> None:
    """Let the time of an assessment run out."""
    with connected(url) as connection:
        statement = text("UPDATE assessment SET expires_at = '2020-01-01 00:00:00' WHERE id = :id")
        assert connection.execute(statement, {"id": posted.id}).rowcount == 1
