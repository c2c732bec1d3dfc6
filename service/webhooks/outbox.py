"""The outbox: an event, and each delivery of it, is written in the transaction of what it tells of, so that none is without the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args
from uuid import uuid4

from pydantic_core import from_json
from sqlmodel import Session, col, select

from service.storage.clinic_tables import Clinic, StoredEvent
from service.storage.queue import queue_of
from service.storage.webhook_tables import StoredDelivery, StoredEndpoint

EventType = Literal[
    "assessment.completed",
    "assessment.red_flag",
    "plan.issued",
    "plan.withheld",
    "assessment.erased",
    "invitation.started",
    "endpoint.test",
]
EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)
PUSHED: EventType = "assessment.completed"
FHIR = "fhir"  # in the place of an endpoint: the clinic's own FHIR server


@dataclass(frozen=True)
class Subject:
    """What an event is about: ids only. `reference`: the clinic's own word for whom it is about."""

    clinic: str
    assessment: str | None = None
    invitation: str | None = None
    reference: str | None = None


def announce(session: Session, kind: EventType, about: Subject, *, only: str | None = None) -> str:
    """Write an event and put it on its way to every endpoint that wants to hear of it, or `only` to this one; says its id."""
    row = StoredEvent(
        id=f"evt_{uuid4().hex}",
        clinic_id=about.clinic,
        type=kind,
        assessment_id=about.assessment,
        invitation_id=about.invitation,
        reference=about.reference,
        at=datetime.now(UTC),
    )
    session.add(row)
    session.flush()
    for endpoint in [only] if only else _wanting(session, about.clinic, kind):
        _start(session, row, endpoint)
    return row.id


def send_again(session: Session, delivery: StoredDelivery, delay: float = 0) -> None:
    """Put a delivery that waits on its way, at once or later."""
    work: Literal["deliver", "push"] = "deliver" if delivery.endpoint_id else "push"
    turn = delivery.endpoint_id or f"{FHIR}-{delivery.clinic_id}"
    queue_of(session).put(session, work, delivery.id, delivery.attempts + 1, turn=turn, delay=delay)


def _start(session: Session, event: StoredEvent, endpoint: str) -> None:
    delivery = StoredDelivery(
        id=f"{event.id}_{endpoint}",
        clinic_id=event.clinic_id,
        event_id=event.id,
        endpoint_id=None if endpoint == FHIR else endpoint,
        due_at=event.at,
        created_at=event.at,
    )
    session.add(delivery)
    send_again(session, delivery)


def _wanting(session: Session, clinic: str, kind: EventType) -> Iterator[str]:
    active = select(StoredEndpoint).where(col(StoredEndpoint.clinic_id) == clinic, col(StoredEndpoint.status) == "active")
    for endpoint in session.exec(active).all():
        if not endpoint.events or kind in endpoint.events.split():
            yield endpoint.id
    # How a clinic wants things is read in service.clinics; here it is enough that it has a FHIR server.
    settings = session.exec(select(Clinic.settings).where(col(Clinic.id) == clinic)).first() if kind == PUSHED else None
    if settings and from_json(settings).get("fhir"):
        yield FHIR
