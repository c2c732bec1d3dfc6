"""One attempt to deliver: what is to be sent, and what follows from how it went."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic_core import to_json
from sqlmodel import Session

from service.storage.clinic_tables import StoredEvent
from service.storage.webhook_tables import StoredAttempt, StoredDelivery, StoredEndpoint
from service.webhooks.endpoints import EXHAUSTED, secrets_of, switch_off
from service.webhooks.outbox import send_again
from service.webhooks.signing import signed

Reason = Literal[
    "accepted",
    "refused",
    "gone",
    "timeout",
    "unreachable",
    "address-not-allowed",
    "endpoint-disabled",
    "assessment-erased",
    "entered-in-error",
    "fhir-not-set",
    "no-signing-key",
    "discovery-failed",
    "token-refused",
]
HOPELESS: tuple[Reason, ...] = ("gone", "endpoint-disabled", "assessment-erased", "entered-in-error", "fhir-not-set")
JITTER = 0.2
LONGEST_WAIT = timedelta(days=1).total_seconds()


@dataclass(frozen=True)
class Outcome:
    """How an attempt went. `wait`: how many seconds the receiver asked for; `ms`: how long it took."""

    reason: Reason
    status_code: int | None = None
    wait: float = 0
    ms: int = 0


@dataclass(frozen=True)
class Message:
    """What to send to an endpoint."""

    url: str
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Told:
    """Which result goes to which clinic's FHIR server."""

    clinic: str
    assessment: str | None


def due(session: Session, delivery: str, number: int) -> StoredDelivery | None:
    """The delivery, if this attempt is still to be made; as the operator."""
    row = session.get(StoredDelivery, delivery)
    return row if row is not None and row.status == "waiting" and row.attempts + 1 == number else None


def message(session: Session, delivery: str, number: int) -> Message | Outcome | None:
    """What to send, why nothing is sent, or None when the attempt is not to be made any more."""
    row = due(session, delivery, number)
    if row is None or row.endpoint_id is None:
        return None
    endpoint, event = session.get(StoredEndpoint, row.endpoint_id), session.get(StoredEvent, row.event_id)
    if endpoint is None or event is None:
        return None
    if endpoint.status != "active":
        return Outcome("endpoint-disabled")
    now = datetime.now(UTC)
    body = payload(event)
    return Message(endpoint.url, signed(row.id, now, body, secrets_of(endpoint, now)), body)


def told(session: Session, delivery: str, number: int) -> Told | None:
    """Which result to push, or None when the attempt is not to be made any more."""
    row = due(session, delivery, number)
    event = session.get(StoredEvent, row.event_id) if row else None
    return Told(row.clinic_id, event.assessment_id) if row and event else None


def payload(event: StoredEvent) -> str:
    """Ids only: whoever wants to know more asks with its key, and is written down."""
    about = {
        "event": event.id,
        "assessment": event.assessment_id,
        "invitation": event.invitation_id,
        "reference": event.reference,
        "clinic": event.clinic_id,
    }
    return to_json({"type": event.type, "timestamp": event.at, "data": about}).decode()


def settle(session: Session, delivery: str, number: int, outcome: Outcome, schedule: Sequence[float]) -> None:
    """Write down how it went, and in the same transaction put the next attempt on its way, or give up."""
    row = due(session, delivery, number)
    if row is None:
        return
    # Locked, since others count there meanwhile; and before the delivery is, as whoever removes an endpoint does it.
    endpoint = session.get(StoredEndpoint, row.endpoint_id, with_for_update=True) if row.endpoint_id else None
    if row.endpoint_id and endpoint is None:
        return  # removed meanwhile, with its deliveries
    now = datetime.now(UTC)
    attempt = StoredAttempt(
        delivery_id=row.id,
        number=number,
        clinic_id=row.clinic_id,
        at=now - timedelta(milliseconds=outcome.ms),
        status_code=outcome.status_code,
        reason=outcome.reason,
        ms=outcome.ms,
    )
    session.add(attempt)
    row.attempts, row.due_at = number, None
    tried = number - row.given_up
    if outcome.reason == "accepted":
        row.status = "delivered"
        if endpoint is not None:
            endpoint.exhausted = 0
    elif outcome.reason not in HOPELESS and tried < len(schedule):
        delay = _delay(schedule[tried], outcome.wait)
        row.due_at = now + timedelta(seconds=delay)
        send_again(session, row, delay)
    else:
        row.status = "failed"
        if endpoint is not None:
            _give_up(endpoint, outcome)


def _delay(planned: float, asked: float) -> float:
    """Never sooner than the receiver asked for, as far as that is within a day; spread, so that not all come at once."""
    return max(planned, min(asked, LONGEST_WAIT)) * random.uniform(1, 1 + JITTER)  # noqa: S311 - to spread, not to hide


def _give_up(endpoint: StoredEndpoint, outcome: Outcome) -> None:
    if outcome.reason == "gone":
        switch_off(endpoint, "gone")
    elif endpoint.status == "active":
        endpoint.exhausted += 1
        if endpoint.exhausted >= EXHAUSTED:
            switch_off(endpoint, "exhausted")
