"""How the tests make a clinic with its keys, tell it somebody's answers, and open them by link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from rules import evaluate
from service.assessments import Intake, Kept, Submission, submit
from service.clinics.clinics import change, create, set_logo
from service.clinics.keys import SCOPES, Scope, issue
from service.clinics.links import issue_link
from service.clinics.settings import ClinicSettings
from service.state import State
from service.storage.tenancy import OPERATOR
from tests.service.asking import connected

T = TypeVar("T")
Answers = Mapping[str, object]


@dataclass(frozen=True)
class AtClinic:
    """A clinic in a running service, and a key of it that may do everything."""

    app: FastAPI
    id: str
    key: str

    @property
    def opens(self) -> dict[str, str]:
        """The header that lets the clinic in."""
        return {"Authorization": f"Bearer {self.key}"}

    @property
    def state(self) -> State:
        """What the service is made of."""
        state: State = self.app.state.service
        return state

    def told(self, answers: Answers, reference: str | None = "A-1", language: str | None = None, invitation: str | None = None) -> Kept:
        """Somebody's answers, stored for the clinic."""
        reader = self.state.readers[language] if language else next(iter(self.state.readers.values()))
        guidance = evaluate(reader.pack, dict(answers))
        intake = Intake(self.id, invitation, reference, None)
        submission = Submission(answers, guidance, reader.language, None, timedelta(days=30), intake)
        return self.state.database.run_now(lambda session: submit(session, submission), self.id)

    def link(self, intake: Kept, hours: int = 8) -> str:
        """Where a clinician reads it."""

        def work(session: Session) -> str:
            return issue_link(session, self.id, intake.id, "mbk_test", hours)[1]

        return f"/intake/{self.state.database.run_now(work, self.id)}"

    def key_for(self, *scopes: Scope) -> dict[str, str]:
        """The header of another key, which may do this only."""
        _, key = self.state.database.run_now(lambda session: issue(session, self.id, scopes, None), self.id)
        return {"Authorization": f"Bearer {key}"}

    def set(self, settings: ClinicSettings, logo: bytes | None = None) -> None:
        """How the clinic wants things."""

        def work(session: Session) -> None:
            change(session, self.id, settings)
            set_logo(session, self.id, logo)

        self.state.database.run_now(work, OPERATOR)


def a_clinic(app: FastAPI, name: str = "Practice by the river") -> AtClinic:
    """A new clinic."""
    state: State = app.state.service

    def work(session: Session) -> AtClinic:
        made = create(session, name)
        return AtClinic(app, made.id, issue(session, made.id, SCOPES, None)[1])

    return state.database.run_now(work, OPERATOR)


def trail_of(client: TestClient, clinic: AtClinic) -> list[tuple[str, str, str, str]]:
    """Who did what to what, the oldest first."""
    response: Response = client.get("/v1/audit", headers=clinic.opens)
    assert response.status_code == 200, response.text
    return [(one["actor"], one["action"], one["kind"], one["what"]) for one in reversed(response.json()["events"])]


REFUSING = {
    "sqlite": "CREATE TRIGGER full_up BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'full'); END",
    "postgresql": "ALTER TABLE audit_event ADD CONSTRAINT full_up CHECK (actor = '') NOT VALID",
}


def refuse_audit(url: str) -> None:
    """No line can be written into the audit trail from now on."""
    with connected(url) as connection:
        connection.execute(text(REFUSING[connection.dialect.name]))
