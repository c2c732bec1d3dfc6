"""Two clinics beside each other, each with keys for everything, for one thing and for nothing any more; and what each of them was told."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from httpx2 import Response
from sqlmodel import Session
from starlette.testclient import TestClient

from rules import evaluate
from service.assessments import Intake, Submission, submit
from service.clinics.audit import trail
from service.clinics.clinics import change, create, set_logo
from service.clinics.keys import SCOPES, Scope, issue, revoke
from service.clinics.links import issue_link
from service.clinics.settings import ClinicSettings
from service.settings import Settings
from service.state import State
from service.storage.clinic_tables import StoredKey
from service.storage.tenancy import OPERATOR
from tests.service.asking import Answers, connected

OPERATORS_KEY = "the key of whoever runs this service, made up for tests"


@dataclass(frozen=True)
class AtClinic:
    """A clinic with what opens it. `made`: names of what was made for it by rows of the matrix."""

    id: str
    key: str
    revoked: str
    expired: str
    by_scope: dict[str, str]
    made: dict[str, str] = field(default_factory=dict)

    @property
    def opens(self) -> dict[str, str]:
        """The header of a key that may do everything."""
        return with_key(self.key)


@dataclass(frozen=True)
class World:
    """A running service and two clinics that it serves."""

    client: TestClient
    state: State
    ours: AtClinic
    theirs: AtClinic
    answers: Answers

    def tell(self, clinic: AtClinic, answers: Answers | None = None, **about: Any) -> str:
        """An intake of this clinic; says its id."""
        said = answers or self.answers
        intake = Intake(clinic.id, **{"reference": "ref-1", "subject": "Patient/1", **about})
        guidance = evaluate(self.state.pack, said)
        submission = Submission(said, guidance, "en", None, timedelta(days=3), intake)
        return self.state.database.run_now(lambda session: submit(session, submission), clinic.id).id

    def link(self, clinic: AtClinic, intake: str, hours: int = 8) -> str:
        """Where a clinician of this clinic reads an intake."""
        issued = self.state.database.run_now(lambda session: issue_link(session, clinic.id, intake, "mbk_tests", hours), clinic.id)
        return f"/intake/{issued[1]}"

    def trail(self, clinic: AtClinic) -> list[tuple[str, str, str, str]]:
        """Who did what to what in a clinic, the first line first."""
        lines = self.state.database.run_now(lambda session: trail(session, clinic.id), clinic.id)
        return [(one.actor, one.act.action, one.act.kind, one.act.what) for one in reversed(lines)]

    def settle(self, clinic: AtClinic, wishes: dict[str, Any], logo: bytes | None = None) -> None:
        """How a clinic wants things."""

        def work(session: Session) -> None:
            change(session, clinic.id, ClinicSettings.model_validate(wishes))
            set_logo(session, clinic.id, logo)

        self.state.database.run_now(work, OPERATOR)

    def ask(self, method: str, path: str, key: str | None, **request: Any) -> Response:
        """One request with a key, or without."""
        headers = {**request.pop("headers", {}), **(with_key(key) if key is not None else {})}
        return self.client.request(method, path, headers=headers, follow_redirects=False, **request)


def with_key(key: str) -> dict[str, str]:
    """The header that brings it."""
    return {"Authorization": f"Bearer {key}"}


def operated(settings: Settings, folder: Path) -> Settings:
    """Settings with an operator's key."""
    file = folder / "operators-key"
    file.write_text(OPERATORS_KEY, encoding="utf-8")
    return settings.model_copy(update={"admin_key_file": file})


def world(client: TestClient, state: State, answers: Answers) -> World:
    """Two clinics on a service that runs."""

    def work(session: Session) -> tuple[AtClinic, AtClinic]:
        return _clinic(session, "Ours"), _clinic(session, "Theirs")

    ours, theirs = state.database.run_now(work, OPERATOR)
    return World(client, state, ours, theirs, answers)


def _clinic(session: Session, name: str) -> AtClinic:
    made = create(session, name)

    def key(scopes: Collection[Scope], days: int | None = None) -> tuple[str, str]:
        found, text = issue(session, made.id, scopes, days)
        return found.id, text

    gone, revoked = key(SCOPES)
    revoke(session, made.id, gone)
    late, expired = key(SCOPES, 1)
    _let_expire(session, late)
    return AtClinic(made.id, key(SCOPES)[1], revoked, expired, {scope: key([scope])[1] for scope in SCOPES})


def _let_expire(session: Session, key: str) -> None:
    row = session.get(StoredKey, key)
    assert row
    row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    session.flush()


REFUSING = {
    "sqlite": "CREATE TRIGGER full_up BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'full'); END",
    "postgresql": "ALTER TABLE audit_event ADD CONSTRAINT full_up CHECK (id < 0) NOT VALID",
}


def refuse_lines(url: str) -> None:
    """Nothing can be written into any audit trail from now on."""
    with connected(url) as connection:
        connection.exec_driver_sql(REFUSING[connection.dialect.name])
