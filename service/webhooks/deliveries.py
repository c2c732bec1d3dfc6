"""What became of events: each delivery with its attempts; and all that happened, for whoever missed something."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, delete, select

from service.storage.clinic_tables import StoredEvent
from service.storage.webhook_tables import StoredAttempt, StoredDelivery, StoredEndpoint
from service.webhooks.endpoints import EndpointDisabled
from service.webhooks.outbox import send_again

KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Attempt:
    """One attempt: the receiver's status code, or why there is none."""

    number: int
    at: datetime
    status_code: int | None
    reason: str
    ms: int


@dataclass(frozen=True)
class Happened:
    """An event: ids only."""

    id: str
    type: str
    at: datetime
    assessment: str | None
    invitation: str | None
    reference: str | None


@dataclass(frozen=True)
class Delivery:
    """An event on its way. `due_at`: when it is tried next."""

    id: str
    event: Happened
    status: str
    due_at: datetime | None
    attempts: Sequence[Attempt]


def list_deliveries(session: Session, clinic: str, endpoint: str | None, *, before: str | None = None, most: int = 50) -> list[Delivery]:
    """The newest first. `endpoint`: to which; None: to the clinic's FHIR server; `before`: go on behind this one."""
    own = (
        select(StoredDelivery, StoredEvent)
        .join(StoredEvent, col(StoredEvent.id) == col(StoredDelivery.event_id))
        .where(col(StoredDelivery.clinic_id) == clinic, col(StoredDelivery.endpoint_id) == endpoint)
    )
    last = session.get(StoredDelivery, before) if before else None
    if last is not None:
        own = own.where(_behind(col(StoredDelivery.created_at), col(StoredDelivery.id), last.created_at, last.id))
    found = session.exec(own.order_by(col(StoredDelivery.created_at).desc(), col(StoredDelivery.id)).limit(most)).all()
    tried = session.exec(
        select(StoredAttempt).where(col(StoredAttempt.delivery_id).in_([row.id for row, _ in found])).order_by(col(StoredAttempt.number))
    ).all()
    return [_delivery(row, event, [one for one in tried if one.delivery_id == row.id]) for row, event in found]


def replay(session: Session, clinic: str, endpoint: str | None, delivery: str) -> str | None:
    """Send it now, whatever became of it; says its id, or None where there is none. Raises EndpointDisabled."""
    row = session.get(StoredDelivery, delivery)
    if row is None or row.clinic_id != clinic or row.endpoint_id != endpoint:
        return None
    to = session.get(StoredEndpoint, endpoint) if endpoint else None
    if to is not None and to.status != "active":
        raise EndpointDisabled
    row.status, row.given_up, row.due_at = "waiting", row.attempts, datetime.now(UTC)
    send_again(session, row)
    return row.id


def list_events(session: Session, clinic: str, *, before: str | None = None, most: int = 50) -> list[Happened]:
    """All that happened, the newest first. `before`: go on behind this one."""
    own = select(StoredEvent).where(col(StoredEvent.clinic_id) == clinic)
    last = session.get(StoredEvent, before) if before else None
    if last is not None:
        own = own.where(_behind(col(StoredEvent.at), col(StoredEvent.id), last.at, last.id))
    return [happened(row) for row in session.exec(own.order_by(col(StoredEvent.at).desc(), col(StoredEvent.id)).limit(most))]


def forget_old(session: Session) -> int:
    """Remove what happened long ago, as the operator, with its deliveries; says how many events there were."""
    return session.exec(delete(StoredEvent).where(col(StoredEvent.at) < datetime.now(UTC) - KEPT)).rowcount


def happened(row: StoredEvent) -> Happened:
    """An event as its clinic sees it."""
    return Happened(row.id, row.type, row.at, row.assessment_id, row.invitation_id, row.reference)


def _behind(at: Any, name: Any, last_at: datetime, last: str) -> ColumnElement[bool]:
    return or_(at < last_at, and_(at == last_at, name > last))


def _delivery(row: StoredDelivery, event: StoredEvent, tried: Sequence[StoredAttempt]) -> Delivery:
    attempts = [Attempt(one.number, one.at, one.status_code, one.reason, one.ms) for one in tried]
    return Delivery(row.id, happened(event), row.status, row.due_at, attempts)
