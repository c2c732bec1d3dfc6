"""How the tests invite somebody, and how somebody who is invited answers without script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from httpx2 import Response
from sqlalchemy import text

from tests.service.asking import Answers, connected
from tests.service.clinic_world import AtClinic, World
from tests.service.web.sending import form
from tests.service.web.walking import Form


@dataclass(frozen=True)
class Invited:
    """A person with a link."""

    at: World
    id: str
    token: str

    @property
    def path(self) -> str:
        """Where they begin."""
        return f"/invited/{self.token}"

    def begin(self, root: str | None = None) -> Form:
        """They agree; the form of the first page."""
        page = self.at.client.post(f"{root or self.path}/start")
        assert page.status_code == 200, page.text
        first = Form()
        first.feed(page.text)
        return first

    def once(self) -> str:
        """They agree, and this is what tells their journey from others."""
        return self.begin().fields["once"][0]

    def send(self, answers: Answers, once: str, root: str | None = None) -> Response:
        """They press the button on the page where answers are checked."""
        return self.at.client.post(f"{root or self.path}/result", data={**form(answers), "once": [once]}, follow_redirects=False)

    def state(self) -> dict[str, Any]:
        """What the clinic sees."""
        told = self.at.client.get(f"/v1/invitations/{self.id}", headers=self.at.ours.opens)
        assert told.status_code == 200, told.text
        seen: dict[str, Any] = told.json()
        return seen

    def withdraw(self) -> None:
        """The clinic takes it back."""
        assert self.at.client.delete(f"/v1/invitations/{self.id}", headers=self.at.ours.opens).status_code == 200


def ask(at: World, clinic: AtClinic | None = None, headers: Mapping[str, str] | None = None, **body: Any) -> Response:
    """POST /v1/invitations."""
    sent = {"reference": "ref-1", **body}
    return at.client.post("/v1/invitations", json=sent, headers={**(clinic or at.ours).opens, **(headers or {})})


def invited(at: World, clinic: AtClinic | None = None, **body: Any) -> Invited:
    """Somebody whom a clinic has asked."""
    made = ask(at, clinic, **body)
    assert made.status_code == 201, made.text
    return Invited(at, made.json()["id"], made.json()["token"])


def expire_invitation(url: str, one: Invited) -> None:
    """Let the time of an invitation run out."""
    with connected(url) as connection:
        statement = text("UPDATE invitation SET expires_at = '2020-01-01 00:00:00' WHERE id = :id")
        assert connection.execute(statement, {"id": one.id}).rowcount == 1
