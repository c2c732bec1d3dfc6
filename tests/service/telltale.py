"""Somebody who tells the service secrets in every way there is, and remembers them."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx2
from httpx2 import Response
from sqlalchemy import text
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from service.web.fields import hidden_fields
from tests.service.asking import Answers, connected

FORM = "application/x-www-form-urlencoded"


@dataclass
class Telltale:
    """Tells the service things that occur nowhere else, and remembers them."""

    client: TestClient | httpx2.Client
    answers: Answers
    told: list[str] = field(default_factory=lambda: ["within-15-min"])  # an answer of theirs
    errors: list[Response] = field(default_factory=list)

    def new(self) -> str:
        """Another canary."""
        self.told.append(f"Canary-{len(self.told):03d}-Zq7")
        return self.told[-1]

    def ask(self, method: str, path: str, **request: Any) -> Response:
        """One request, with canaries where every request has room for them."""
        headers = {"User-Agent": self.new(), "Cookie": f"a={self.new()}", "X-Request-Id": self.new(), "Referer": f"https://{self.new()}/"}
        headers |= request.pop("headers", {})
        response = self.client.request(method, f"{path}?{self.new()}={self.new()}", headers=headers, **request)
        if response.status_code >= 400:
            self.errors.append(response)
        return response

    def store(self, answers: object) -> Response:
        """POST /v1/assessments, under a key that is a secret too."""
        headers = {"Idempotency-Key": self.new(), "Content-Type": "application/json"}
        response = self.ask("POST", "/v1/assessments", content=json.dumps({"answers": answers}), headers=headers)
        if response.status_code == 201:
            self.told.extend([response.json()["access_token"], response.json()["id"]])
        return response

    def open(self, method: str, path: str, token: str) -> Response:
        """Read or erase."""
        return self.ask(method, path, headers={"Authorization": f"Bearer {token}"})

    def tell_what_is_right(self) -> tuple[str, str]:
        """Valid requests; where the assessment is, and its token."""
        stored = self.store(self.answers)
        path, token = stored.headers["location"], stored.json()["access_token"]
        for method, expected in (("GET", 200), ("DELETE", 204), ("GET", 404)):
            assert self.open(method, path, token).status_code == expected
        kept = self.store(self.answers)
        self.ask("POST", "/v1/evaluate", json={"answers": self.answers})
        page = urlencode(hidden_fields(self.answers))
        assert self.ask("POST", "/take", content=page, headers={"Content-Type": FORM}).status_code == 200
        self.ask("POST", "/v1/next", json={"answers": self.answers})
        self.ask("POST", "/v1/what-if", json={"answers": self.answers, "change": {"back.sweeping-ache": "within-15-min"}})
        path, opens = kept.headers["location"], {"Authorization": f"Bearer {kept.json()['access_token']}"}
        weekly = opens | {"Idempotency-Key": self.new()}
        assert self.ask("POST", f"{path}/check-ins", json={"done": "all", "pain_after": 2}, headers=weekly).status_code == 201
        assert self.open("GET", f"{path}/check-ins", kept.json()["access_token"]).status_code == 200
        assert self.open("GET", f"{path}/body-map.svg", kept.json()["access_token"]).status_code == 200
        assert self.open("POST", f"{path}/reevaluate", kept.json()["access_token"]).status_code == 200
        return kept.headers["location"], kept.json()["access_token"]

    def tell_what_is_wrong(self, path: str) -> None:
        """Everything that takes text gets text that it cannot take."""
        for link_id in ("back.onset", "back.chores", "tests.trunk-hold.seconds"):
            self.store({link_id: self.new()})
            self.store({link_id: [self.new(), {self.new(): self.new()}]})
            self.ask(
                "POST", "/v1/evaluate/form", content=f"{link_id}={self.new()}&{self.new()}={self.new()}", headers={"Content-Type": FORM}
            )
            self.ask("POST", "/take", content=f"a.{link_id}={self.new()}&a.{self.new()}={self.new()}", headers={"Content-Type": FORM})
        self.store({self.new(): self.new(), f"{self.new()}\ud800": f"{self.new()}\0"})
        for body in (
            f'{{"{self.new()}": NaN',
            f'{{"answers": {{"{self.new()}": Infinity}}}}',
            f'{{"{self.new()}": 1}}',
            f'["{self.new()}"]',
        ):
            self.ask("POST", "/v1/evaluate", content=body, headers={"Content-Type": "application/json"})
        for name in ("Content-Type", "Content-Encoding", "Accept"):
            self.ask("POST", "/v1/evaluate", content=self.new(), headers={"Content-Type": "application/json", name: self.new()})
        for told in ({self.new(): self.new()}, {"done": self.new(), "pain_after": [self.new()]}, {"signs": {self.new(): self.new()}}):
            self.ask("POST", f"{path}/check-ins", json=told, headers={"Authorization": f"Bearer {self.new()}"})
            self.ask("POST", "/v1/what-if", json={"answers": {}, "change": told})
            self.ask("POST", "/v1/next", json={"answers": told})
        self.ask("GET", f"{path}/compare", headers={"Compare-Authorization": f"Bearer {self.new()}"})
        self.ask("POST", "/v1/assessments", headers={"Idempotency-Key": f"{self.new()} {self.new()}"})
        for wrong in (f"/v1/assessments/{self.new()}", f"/v1/exercises/{self.new()}", f"/v1/rules/{self.new()}", f"/{self.new()}", path):
            self.ask("GET", wrong, headers={"Authorization": f"Bearer {self.new()}", "If-None-Match": self.new()})
        self.ask("PUT", "/v1/about")


def leaked(telltale: Telltale, text: str) -> list[str]:
    """What was told and stands in a text too."""
    return [secret for secret in telltale.told if secret.lower() in text.lower()]


def repeated(telltale: Telltale) -> list[str]:
    """What was told and came back in an error."""
    return leaked(telltale, "".join(f"{response.headers} {response.text}" for response in telltale.errors))


def drop_the_tables(url: str) -> None:
    """While the service runs."""
    with connected(url) as connection:
        SQLModel.metadata.drop_all(connection)


REFUSING = {
    "sqlite": "CREATE TRIGGER full_up BEFORE INSERT ON assessment BEGIN SELECT RAISE(ABORT, 'full'); END",
    "postgresql": "ALTER TABLE assessment ADD CONSTRAINT full_up CHECK (answers = '') NOT VALID",
}


def refuse_rows(url: str) -> None:
    """Every assessment fails a check, whatever it holds."""
    with connected(url) as connection:
        connection.execute(text(REFUSING[connection.dialect.name]))
