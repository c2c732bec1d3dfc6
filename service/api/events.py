"""/v1/events and /v1/pushes: what happened, for whoever missed something; what went to the clinic's FHIR server; the keys we sign with."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic_core import to_json

from service.acting import Act, acting, present
from service.api.hooked import DeliveryList, EventList, StartedDelivery, delivery_shape, event_shape
from service.api.operations import documented
from service.api.owned import private
from service.api.webhooks import Before, Most
from service.webhooks.deliveries import list_deliveries, list_events, replay
from service.webhooks.signing_key import SigningKey

router = APIRouter(tags=["Webhooks"])
PushId = Annotated[str, Path(pattern="^evt_[0-9a-f]{32}_fhir$", description="The push's id.")]
AfterEvent = Annotated[str | None, Query(pattern="^evt_[0-9a-f]{32}$", description="Go on behind this event: the last of the page before.")]


@router.get(
    "/v1/events",
    operation_id="listEvents",
    summary="What happened",
    **documented(200, 422, guidance=EventList, opened_by="clinicKey"),
)
async def get_events(request: Request, before: AfterEvent = None, most: Most = 50) -> Response:
    """The newest first, whether it was delivered or not."""
    found = await acting(
        request,
        "webhooks",
        Act("search", "event"),
        lambda session, key: list_events(session, key.clinic, before=before, most=most),
    )
    return private(200, to_json({"events": [event_shape(one) for one in found]}))


@router.get(
    "/v1/pushes",
    operation_id="listPushes",
    summary="What went to your FHIR server",
    **documented(200, 422, guidance=DeliveryList, opened_by="clinicKey"),
)
async def get_pushes(request: Request, before: Before = None, most: Most = 50) -> Response:
    """The newest first, each with its attempts. Where it is, the operator sets: `fhir` in the clinic's settings."""
    found = await acting(
        request,
        "webhooks",
        Act("search", "push"),
        lambda session, key: list_deliveries(session, key.clinic, None, before=before, most=most),
    )
    return private(200, to_json({"deliveries": [delivery_shape(one) for one in found]}))


@router.post(
    "/v1/pushes/{push_id}/replay",
    status_code=202,
    operation_id="replayPush",
    summary="Send a result to your FHIR server again",
    **documented(202, 404, 422, guidance=StartedDelivery, opened_by="clinicKey"),
)
async def post_push_replay(request: Request, push_id: PushId) -> Response:
    """Now. What the server has already, it does not make again."""
    started = await acting(
        request,
        "webhooks",
        Act("send", "push", push_id),
        lambda session, key: present(replay(session, key.clinic, None, push_id)),
    )
    return private(202, to_json({"delivery": started}))


@router.get("/.well-known/jwks.json", include_in_schema=False)
async def get_keys(request: Request) -> Response:
    """The public keys we sign with: servers that take results from us hold our signatures against these."""
    keys: list[SigningKey] = request.app.state.signing_keys
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(to_json({"keys": [one.public for one in keys]}), media_type="application/json", headers=headers)
