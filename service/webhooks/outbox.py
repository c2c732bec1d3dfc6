"""The outbox: an event is written in the transaction of what it tells of, so that neither is without the other."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args
from uuid import uuid4

from sqlmodel import Session

from service.storage.clinic_tables import StoredEvent

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


@dataclass(frozen=True)
class Subject:
    """What an event is about: ids only. `reference`: the clinic's own word for whom it is about."""

    clinic: str
    assessment: str | None = None
    invitation: str | None = None
    reference: str | None = None


def announce(session: Session, kind: EventType, about: Subject) -> str:
    """Write an event; says its id."""
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
    return row.id
