"""What our service is measured against: a bare endpoint, and the same service the way the SQLModel tutorial writes it."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, FastAPI, Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import Field, Session, SQLModel

from rules import evaluate, load_pack
from service.app import create_app
from service.settings import Settings
from service.storage.database import Database

Answer = str | int | float | list[str]


class Body(BaseModel):
    """The body of both posting operations."""

    model_config = ConfigDict(extra="forbid")
    answers: dict[str, Answer]


class Row(SQLModel, table=True):
    """One row for each request."""

    id: str = Field(primary_key=True)
    answers: str
    created_at: datetime


class TutorialRow(SQLModel, table=True):
    """Answers and guidance."""

    id: str = Field(primary_key=True)
    answers: str
    guidance: str
    created_at: datetime


def ours() -> FastAPI:
    """The service itself."""
    return create_app(Settings())


def bare() -> FastAPI:
    """Validates the same body; with `?store=1` it also inserts one row in a transaction of its own."""
    app = FastAPI()
    database = _database()

    @app.post("/v1/evaluate")
    async def validate(body: Body) -> Response:
        return Response(b'{"ok":true}' if body.answers else b"{}", media_type="application/json")

    @app.post("/v1/assessments", status_code=201)
    async def store(body: Body) -> Response:
        row = Row(id=uuid4().hex, answers=body.model_dump_json(), created_at=datetime.now(UTC))
        await database.run(lambda session: session.add(row))
        return Response(b'{"ok":true}', status_code=201, media_type="application/json")

    return app


class Answered(BaseModel):
    """The tutorial's response model."""

    id: str
    guidance: dict[str, Any]


def tutorial() -> FastAPI:
    """A session from a dependency, add, commit, refresh, and a response model."""
    app = FastAPI()
    pack = load_pack()
    engine = _database().engine

    def get_session() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    @app.post("/v1/evaluate", response_model=Answered)
    def guide(body: Body) -> Answered:
        return Answered(id="", guidance=dict(evaluate(pack, body.answers)))

    @app.post("/v1/assessments", status_code=201, response_model=Answered)
    def store(body: Body, session: Annotated[Session, Depends(get_session)]) -> Answered:
        answered = Answered(id=uuid4().hex, guidance=dict(evaluate(pack, body.answers)))
        row = TutorialRow(id=answered.id, answers=body.model_dump_json(), guidance=answered.model_dump_json(), created_at=datetime.now(UTC))
        session.add(row)
        session.commit()
        session.refresh(row)
        return answered

    return app


def _database() -> Database:
    database = Database(os.environ["MUSCLE_BALANCE_DATABASE_URL"])
    SQLModel.metadata.create_all(database.engine)
    return database
