"""A clinic's endpoints: made, changed, given another secret, switched off and on again. One function is part of one transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Literal

from sqlmodel import Session, col, func, select

from service.storage.webhook_tables import StoredEndpoint
from service.webhooks.outbox import EVENT_TYPES, EventType, Subject, announce
from service.webhooks.signing import new_signing_secret

Disabled = Literal["gone", "exhausted", "by-clinic"]
MOST_ENDPOINTS = 20
# So many deliveries given up, with none that arrived in between, and the endpoint is left alone.
EXHAUSTED = 5


class TooManyEndpoints(Exception):
    """A clinic has at most 20 endpoints"""


class EndpointDisabled(Exception):
    """The endpoint is switched off; switch it on first"""


@dataclass(frozen=True)
class Endpoint:
    """An endpoint without its secrets. `events`: what it hears of; `reason`: why it is switched off."""

    id: str
    url: str
    events: tuple[str, ...]
    status: str
    reason: str | None
    old_secret_until: datetime | None
    created_at: datetime


def create(session: Session, clinic: str, url: str, events: tuple[EventType, ...]) -> tuple[Endpoint, str]:
    """A new endpoint, and its secret, which is said only here. Raises TooManyEndpoints."""
    if session.exec(select(func.count()).where(col(StoredEndpoint.clinic_id) == clinic)).one() >= MOST_ENDPOINTS:
        raise TooManyEndpoints
    row = StoredEndpoint(
        id=token_hex(8),
        clinic_id=clinic,
        url=url,
        events=_listed(events),
        secret=new_signing_secret(),
        created_at=datetime.now(UTC),
    )
    session.add(row)
    return _endpoint(row), row.secret


def list_endpoints(session: Session, clinic: str) -> list[Endpoint]:
    """The oldest first."""
    own = select(StoredEndpoint).where(col(StoredEndpoint.clinic_id) == clinic)
    return [_endpoint(row) for row in session.exec(own.order_by(col(StoredEndpoint.created_at), col(StoredEndpoint.id)))]


def find(session: Session, clinic: str, endpoint: str) -> Endpoint | None:
    """One endpoint; None where there is none, or it is another clinic's."""
    row = _row(session, clinic, endpoint)
    return _endpoint(row) if row else None


def change(session: Session, clinic: str, endpoint: str, url: str, events: tuple[EventType, ...]) -> Endpoint | None:
    """Another address and other events in the place of those before."""
    row = _row(session, clinic, endpoint)
    if row is None:
        return None
    row.url, row.events = url, _listed(events)
    return _endpoint(row)


def remove(session: Session, clinic: str, endpoint: str) -> str | None:
    """It goes, with its deliveries; says its id."""
    row = _row(session, clinic, endpoint)
    if row is None:
        return None
    session.delete(row)
    return row.id


def rotate(session: Session, clinic: str, endpoint: str, hours: int) -> tuple[Endpoint, str] | None:
    """Another secret, said only here; what is sent is signed with both for some hours."""
    row = _row(session, clinic, endpoint)
    if row is None:
        return None
    row.old_secret, row.old_until = (row.secret, datetime.now(UTC) + timedelta(hours=hours)) if hours else (None, None)
    row.secret = new_signing_secret()
    return _endpoint(row), row.secret


def enable(session: Session, clinic: str, endpoint: str) -> Endpoint | None:
    """Switch it on again. What happened meanwhile stands in the list of events."""
    row = _row(session, clinic, endpoint)
    if row is None:
        return None
    row.status, row.reason, row.exhausted = "active", None, 0
    return _endpoint(row)


def disable(session: Session, clinic: str, endpoint: str) -> Endpoint | None:
    """Switch it off for a while."""
    row = _row(session, clinic, endpoint)
    if row is None:
        return None
    switch_off(row, "by-clinic")
    return _endpoint(row)


def switch_off(row: StoredEndpoint, why: Disabled) -> None:
    """Nothing is sent there from now on."""
    row.status, row.reason = "disabled", why


def test(session: Session, clinic: str, endpoint: str) -> str | None:
    """Send it an event that tells of nothing; says the delivery. Raises EndpointDisabled."""
    row = _row(session, clinic, endpoint)
    if row is None:
        return None
    if row.status != "active":
        raise EndpointDisabled
    return f"{announce(session, 'endpoint.test', Subject(clinic), only=row.id)}_{row.id}"


def secrets_of(row: StoredEndpoint, now: datetime) -> list[str]:
    """What to sign with: the new secret, and the old one as long as it goes on."""
    old = [row.old_secret] if row.old_secret and row.old_until and row.old_until > now else []
    return [row.secret, *old]


def _row(session: Session, clinic: str, endpoint: str) -> StoredEndpoint | None:
    row = session.get(StoredEndpoint, endpoint)
    return row if row is not None and row.clinic_id == clinic else None


def _listed(events: tuple[EventType, ...]) -> str:
    return " ".join(one for one in EVENT_TYPES if one in events)


def _endpoint(row: StoredEndpoint) -> Endpoint:
    return Endpoint(row.id, row.url, tuple(row.events.split()), row.status, row.reason, row.old_until, row.created_at)
