"""Clinics that invite, made over HTTP as their operator and they themselves would."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import APIRequestContext, APIResponse

from tests.service.clinic_world import OPERATORS_KEY, with_key
from tests.service.pictures import png

NAME = "Practice at the Mill"
CONTACT = ("Mill Lane 1, 12345 Milltown", "Phone 01234 567890, Monday to Friday, 8 to 12")
WORDING = {
    "clear": {"en": "We talk about your result at your first visit."},
    "restricted": {"en": "We talk about your result at your first visit."},
    "clinician-first": {"en": "Please call us before your first visit: 01234 567890."},
    "emergency": {"en": "Do not wait for us to call you. Our doctors on duty: 01234 567899."},
}
ADMIN = "/v1/admin/clinics"


@dataclass(frozen=True)
class Practice:
    """A clinic and its key."""

    id: str
    key: str


@dataclass(frozen=True)
class Invitation:
    """An invitation and whose it is."""

    practice: Practice
    id: str
    token: str

    @property
    def path(self) -> str:
        """Where the person begins."""
        return f"/invited/{self.token}"


def clinic(request: APIRequestContext, **settings: Any) -> Practice:
    """A clinic with a logo, a contact, and words of its own."""
    made = _told(request.post(ADMIN, data={"name": NAME}, headers=with_key(OPERATORS_KEY)), 201)
    path = f"{ADMIN}/{made['id']}"
    own = {"contact": CONTACT, "wording": WORDING, **settings}
    _told(request.put(f"{path}/settings", data=own, headers=with_key(OPERATORS_KEY)), 200)
    logo = {**with_key(OPERATORS_KEY), "Content-Type": "image/png"}
    assert request.put(f"{path}/logo", data=png(120, 48), headers=logo).status == 204
    key = _told(request.post(f"{path}/keys", data={"scopes": ["invite", "read"]}, headers=with_key(OPERATORS_KEY)), 201)
    return Practice(made["id"], key["key"])


def invite(request: APIRequestContext, practice: Practice, **body: Any) -> Invitation:
    """Ask somebody."""
    made = _told(request.post("/v1/invitations", data={"reference": "A-17", **body}, headers=with_key(practice.key)), 201)
    return Invitation(practice, made["id"], made["token"])


def withdraw(request: APIRequestContext, invitation: Invitation) -> None:
    """Take it back."""
    _told(request.delete(f"/v1/invitations/{invitation.id}", headers=with_key(invitation.practice.key)), 200)


def state(request: APIRequestContext, invitation: Invitation) -> dict[str, Any]:
    """What came of it."""
    return _told(request.get(f"/v1/invitations/{invitation.id}", headers=with_key(invitation.practice.key)), 200)


def _told(response: APIResponse, status: int) -> dict[str, Any]:
    assert response.status == status, response.text()
    told: dict[str, Any] = response.json()
    return told
