"""/v1/webhooks: where a clinic has events sent, signed as Standard Webhooks 1.0 has it, and what became of each."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from service.acting import Act, acting, opens, present
from service.api.hooked import (
    DeliveryList,
    EndpointList,
    EndpointShape,
    EndpointWithSecret,
    StartedDelivery,
    delivery_shape,
    endpoint_shape,
    with_secret,
)
from service.api.operations import documented
from service.api.owned import private
from service.bodies import WrongShape, model_from_json
from service.outside.addresses import LONGEST
from service.outside.sending import world_of
from service.state import state_of
from service.webhooks import endpoints
from service.webhooks.deliveries import list_deliveries, replay
from service.webhooks.outbox import EventType

router = APIRouter(prefix="/v1/webhooks", tags=["Webhooks"])
EndpointId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="The endpoint's id.")]
DeliveryId = Annotated[str, Path(pattern="^evt_[0-9a-f]{32}_[0-9a-f]{16}$", description="The delivery's id, which is its `webhook-id`.")]
Before = Annotated[
    str | None,
    Query(pattern="^evt_[0-9a-f]{32}_([0-9a-f]{16}|fhir)$", description="Go on behind this delivery: the last of the page before."),
]
Most = Annotated[int, Query(ge=1, le=200, description="How many at most.")]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class EndpointRequest(_Body):
    """Where to send events, and which; every one where `events` is left out or empty."""

    url: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    events: Annotated[tuple[EventType, ...], Field(max_length=20, strict=False)] = ()


class SecretRotation(_Body):
    """For how many hours what is sent is signed with the old secret, too."""

    hours: Annotated[int, Field(ge=0, le=168)] = 24


class EndpointSwitch(_Body):
    """Whether events are sent there."""

    active: bool


@router.post(
    "",
    status_code=201,
    operation_id="createWebhook",
    summary="A new endpoint",
    **documented(
        201, guidance=EndpointWithSecret, body=EndpointRequest, opened_by="clinicKey", conflict="There are as many endpoints as may be"
    ),
)
async def post_endpoint(request: Request) -> Response:
    """Says its secret once. Every event is a POST of ids, never of answers, until the endpoint says 2xx."""
    wanted = await _wanted(request)
    # Outside the transaction: PostgreSQL takes seconds to make these tables, once.
    if await opens(request, "webhooks"):
        await asyncio.to_thread(state_of(request).database.queue.prepare)
    made = await acting(
        request,
        "webhooks",
        Act("create", "endpoint"),
        lambda session, key: endpoints.create(session, key.clinic, wanted.url, wanted.events),
        made=lambda made: made[0].id,
    )
    return private(201, to_json(with_secret(*made)), {"Location": f"/v1/webhooks/{made[0].id}"})


@router.get("", operation_id="listWebhooks", summary="Every endpoint", **documented(200, guidance=EndpointList, opened_by="clinicKey"))
async def get_endpoints(request: Request) -> Response:
    """The oldest first, without their secrets."""
    found = await acting(request, "webhooks", Act("search", "endpoint"), lambda session, key: endpoints.list_endpoints(session, key.clinic))
    return private(200, to_json({"webhooks": [endpoint_shape(one) for one in found]}))


@router.get(
    "/{endpoint_id}",
    operation_id="getWebhook",
    summary="One endpoint",
    **documented(200, 404, 422, guidance=EndpointShape, opened_by="clinicKey"),
)
async def get_endpoint(request: Request, endpoint_id: EndpointId) -> Response:
    """Whether it is active, and if not, why: `gone` (it said 410), `exhausted` (nothing arrived for long), `by-clinic`."""
    found = await acting(
        request,
        "webhooks",
        Act("read", "endpoint", endpoint_id),
        lambda session, key: present(endpoints.find(session, key.clinic, endpoint_id)),
    )
    return private(200, to_json(endpoint_shape(found)))


@router.put(
    "/{endpoint_id}",
    operation_id="setWebhook",
    summary="Another address, other events",
    **documented(200, 404, guidance=EndpointShape, body=EndpointRequest, opened_by="clinicKey"),
)
async def put_endpoint(request: Request, endpoint_id: EndpointId) -> Response:
    """In the place of those before; the secret stays."""
    wanted = await _wanted(request)
    changed = await acting(
        request,
        "webhooks",
        Act("update", "endpoint", endpoint_id),
        lambda session, key: present(endpoints.change(session, key.clinic, endpoint_id, wanted.url, wanted.events)),
    )
    return private(200, to_json(endpoint_shape(changed)))


@router.delete(
    "/{endpoint_id}",
    status_code=204,
    operation_id="removeWebhook",
    summary="Remove an endpoint",
    **documented(204, 404, 422, opened_by="clinicKey"),
)
async def delete_endpoint(request: Request, endpoint_id: EndpointId) -> Response:
    """With its deliveries. Nothing more is sent there."""
    await acting(
        request,
        "webhooks",
        Act("erase", "endpoint", endpoint_id),
        lambda session, key: present(endpoints.remove(session, key.clinic, endpoint_id)),
    )
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


@router.post(
    "/{endpoint_id}/rotate",
    operation_id="rotateWebhookSecret",
    summary="Another secret",
    **documented(200, 404, guidance=EndpointWithSecret, body=SecretRotation, opened_by="clinicKey"),
)
async def post_rotation(request: Request, endpoint_id: EndpointId) -> Response:
    """Said once. For `hours` (24 unless said otherwise) each event carries two signatures, so that the receiver can change over in peace."""
    body = await model_from_json(request, SecretRotation)
    made = await acting(
        request,
        "webhooks",
        Act("update", "endpoint", endpoint_id),
        lambda session, key: present(endpoints.rotate(session, key.clinic, endpoint_id, body.hours)),
    )
    return private(200, to_json(with_secret(*made)))


@router.post(
    "/{endpoint_id}/enable",
    operation_id="switchWebhook",
    summary="Switch an endpoint on or off",
    **documented(200, 404, guidance=EndpointShape, body=EndpointSwitch, opened_by="clinicKey"),
)
async def post_switch(request: Request, endpoint_id: EndpointId) -> Response:
    """What happened while it was off is not sent afterwards: `GET /v1/events` tells."""
    body = await model_from_json(request, EndpointSwitch)
    switch = endpoints.enable if body.active else endpoints.disable
    changed = await acting(
        request,
        "webhooks",
        Act("update", "endpoint", endpoint_id),
        lambda session, key: present(switch(session, key.clinic, endpoint_id)),
    )
    return private(200, to_json(endpoint_shape(changed)))


@router.post(
    "/{endpoint_id}/test",
    status_code=202,
    operation_id="testWebhook",
    summary="Send a test",
    **documented(202, 404, 422, guidance=StartedDelivery, opened_by="clinicKey", conflict="The endpoint is switched off"),
)
async def post_test(request: Request, endpoint_id: EndpointId) -> Response:
    """An event `endpoint.test` that tells of nothing, signed and delivered like every other."""
    started = await acting(
        request,
        "webhooks",
        Act("send", "endpoint", endpoint_id),
        lambda session, key: present(endpoints.test(session, key.clinic, endpoint_id)),
    )
    return private(202, to_json({"delivery": started}))


@router.get(
    "/{endpoint_id}/deliveries",
    operation_id="listWebhookDeliveries",
    summary="What became of each event",
    **documented(200, 404, 422, guidance=DeliveryList, opened_by="clinicKey"),
)
async def get_deliveries(request: Request, endpoint_id: EndpointId, before: Before = None, most: Most = 50) -> Response:
    """The newest first, each with its attempts: when, which status code or why none, how long it took. Never what the receiver said."""
    found = await acting(
        request,
        "webhooks",
        Act("search", "delivery", endpoint_id),
        lambda session, key: list_deliveries(
            session, key.clinic, present(endpoints.find(session, key.clinic, endpoint_id)).id, before=before, most=most
        ),
    )
    return private(200, to_json({"deliveries": [delivery_shape(one) for one in found]}))


@router.post(
    "/{endpoint_id}/deliveries/{delivery_id}/replay",
    status_code=202,
    operation_id="replayWebhookDelivery",
    summary="Send an event again",
    **documented(202, 404, 422, guidance=StartedDelivery, opened_by="clinicKey", conflict="The endpoint is switched off"),
)
async def post_replay(request: Request, endpoint_id: EndpointId, delivery_id: DeliveryId) -> Response:
    """Now, whatever became of it, and under the same `webhook-id`."""
    started = await acting(
        request,
        "webhooks",
        Act("send", "delivery", delivery_id),
        lambda session, key: present(replay(session, key.clinic, endpoint_id, delivery_id)),
    )
    return private(202, to_json({"delivery": started}))


async def _wanted(request: Request) -> EndpointRequest:
    """Raises what reading a body does, and WrongShape for an address where nothing may be sent."""
    wanted = await model_from_json(request, EndpointRequest)
    if fault := world_of(state_of(request).settings).fault_of(wanted.url):
        raise WrongShape(("/url", fault))
    return wanted
