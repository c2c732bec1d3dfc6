"""The shapes of webhooks, deliveries and events as callers see them."""

from datetime import datetime

from typing_extensions import TypedDict

from service.webhooks.deliveries import Attempt, Delivery, Happened
from service.webhooks.endpoints import Endpoint
from service.webhooks.outbox import EventType


class EndpointShape(TypedDict):
    """An endpoint without its secret. `events`: what it hears of, every event where empty; `reason`: why it is disabled."""

    id: str
    url: str
    events: list[str]
    status: str
    reason: str | None
    old_secret_until: datetime | None
    created_at: datetime


class EndpointWithSecret(EndpointShape):
    """Said once: keep `secret`."""

    secret: str


class EndpointList(TypedDict):
    """A clinic's endpoints, the oldest first."""

    webhooks: list[EndpointShape]


class EventShape(TypedDict):
    """What happened: ids only. `reference`: the clinic's own word for whom it is about."""

    id: str
    type: str
    at: datetime
    assessment: str | None
    invitation: str | None
    reference: str | None


class EventAbout(TypedDict):
    """What an event is about: ids only. `assessment` opens `/v1/intakes/{id}`; `reference` is the clinic's own."""

    event: str
    assessment: str | None
    invitation: str | None
    reference: str | None
    clinic: str


class WebhookEvent(TypedDict):
    """What an endpoint is sent. `timestamp`: when it happened."""

    type: EventType
    timestamp: datetime
    data: EventAbout


class EventList(TypedDict):
    """What happened, the newest first; kept for 30 days."""

    events: list[EventShape]


class AttemptShape(TypedDict):
    """One attempt: a status code, or why there is none."""

    number: int
    at: datetime
    status_code: int | None
    reason: str
    ms: int


class DeliveryShape(TypedDict):
    """An event on its way: `waiting`, `delivered` or `failed`. `due_at`: when it is tried next."""

    id: str
    event: EventShape
    status: str
    due_at: datetime | None
    attempts: list[AttemptShape]


class DeliveryList(TypedDict):
    """Deliveries, the newest first."""

    deliveries: list[DeliveryShape]


class StartedDelivery(TypedDict):
    """It is on its way; the list of deliveries says what became of it."""

    delivery: str


def endpoint_shape(one: Endpoint) -> EndpointShape:
    """An endpoint as callers see it."""
    return {
        "id": one.id,
        "url": one.url,
        "events": list(one.events),
        "status": one.status,
        "reason": one.reason,
        "old_secret_until": one.old_secret_until,
        "created_at": one.created_at,
    }


def with_secret(one: Endpoint, secret: str) -> EndpointWithSecret:
    """The same right after a secret was made."""
    return {**endpoint_shape(one), "secret": secret}


def event_shape(one: Happened) -> EventShape:
    """An event as its clinic sees it."""
    return {
        "id": one.id,
        "type": one.type,
        "at": one.at,
        "assessment": one.assessment,
        "invitation": one.invitation,
        "reference": one.reference,
    }


def delivery_shape(one: Delivery) -> DeliveryShape:
    """A delivery with its attempts."""
    return {
        "id": one.id,
        "event": event_shape(one.event),
        "status": one.status,
        "due_at": one.due_at,
        "attempts": [_attempt(attempt) for attempt in one.attempts],
    }


def _attempt(one: Attempt) -> AttemptShape:
    return {"number": one.number, "at": one.at, "status_code": one.status_code, "reason": one.reason, "ms": one.ms}
