"""The app with clinics in it, and what a clinic does there about webhooks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from rules import Pack, evaluate
from service.app import create_app
from service.assessments import Intake, Submission, submit
from service.settings import Settings
from service.storage.database import Database
from service.storage.schema import migrate
from service.webhooks.signing_key import new_keys
from tests.service.asking import Answers

OPERATOR = "operator-" * 5


@dataclass(frozen=True)
class House:
    """A running service of which something is sent away."""

    client: TestClient
    url: str
    folder: Path
    pack: Pack
    answers: Answers

    @property
    def log(self) -> Path:
        """What the worker prints."""
        return self.folder / "worker.log"

    @property
    def signing_keys(self) -> Path:
        """Our private keys."""
        return self.folder / "signing-keys.pem"

    def operate(self, method: str, path: str, body: object = None) -> Response:
        """As the operator."""
        return self.client.request(method, f"/v1/admin/clinics{path}", json=body, headers={"Authorization": f"Bearer {OPERATOR}"})

    def clinic(self) -> "Clinic":
        """A new one, with a key."""
        made = self.operate("POST", "", {"name": "A clinic"}).json()["id"]
        key = self.operate("POST", f"/{made}/keys", {"scopes": ["webhooks"]}).json()["key"]
        return Clinic(self, made, {"Authorization": f"Bearer {key}"})


@dataclass(frozen=True)
class Clinic:
    """A clinic with its key."""

    house: House
    id: str
    opens: dict[str, str]

    def ask(self, method: str, path: str, body: object = None, status: int = 200) -> Any:
        """What comes back, which is as expected."""
        response = self.house.client.request(method, path, json=body, headers=self.opens)
        assert response.status_code == status, response.text
        return response.json() if response.content else None

    def listen(self, url: str, *events: str) -> "Hook":
        """A new endpoint."""
        made = self.ask("POST", "/v1/webhooks", {"url": url, "events": list(events)}, 201)
        return Hook(self, made["id"], made["secret"])

    def is_told(self, answers: Answers | None = None) -> str:
        """Somebody's finished assessment, for this clinic; says its id."""
        told = answers or self.house.answers
        guidance = evaluate(self.house.pack, told)
        intake = Intake(self.id, reference="case-7", subject="Patient/7")
        submission = Submission(told, guidance, "en", None, timedelta(days=1), intake)
        database: Database = self.house.client.app.state.service.database  # type: ignore[attr-defined]
        return database.run_now(lambda session: submit(session, submission), self.id).id


@dataclass(frozen=True)
class Hook:
    """An endpoint and its secret."""

    clinic: Clinic
    id: str
    secret: str

    def ask(self, method: str, path: str = "", body: object = None, status: int = 200) -> Any:
        """About this endpoint."""
        return self.clinic.ask(method, f"/v1/webhooks/{self.id}{path}", body, status)

    def test(self) -> str:
        """Send a test; says the delivery."""
        started: str = self.ask("POST", "/test", status=202)["delivery"]
        return started

    def deliveries(self) -> dict[str, Any]:
        """Each by its id."""
        return {one["id"]: one for one in self.ask("GET", "/deliveries?most=200")["deliveries"]}

    def attempts(self, delivery: str) -> list[Any]:
        """The status code of each attempt, or why there is none."""
        return [one["status_code"] or one["reason"] for one in self.deliveries()[delivery]["attempts"]]


@contextmanager
def housed(url: str, folder: Path, pack: Pack, answers: Answers) -> Iterator[House]:
    """A service on an empty database, which may send to this machine."""
    database = Database(url)
    migrate(database.engine)
    database.close()
    (folder / "admin-key").write_text(OPERATOR)
    (folder / "signing-keys.pem").write_text(new_keys())
    settings = Settings(
        database_url=url,
        database_pool=4,
        development=True,
        admin_key_file=folder / "admin-key",
        signing_key_file=folder / "signing-keys.pem",
    )
    with TestClient(create_app(settings, pack)) as client:
        yield House(client, url, folder, pack, answers)
