"""/v1/audit: the clinic's own trail of who did what, when."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic_core import to_json
from typing_extensions import TypedDict

from service.acting import Act, acting
from service.api.moments import Since
from service.api.operations import documented
from service.api.owned import private
from service.clinics.audit import Noted, trail

router = APIRouter(prefix="/v1/audit", tags=["Intakes"])


class AuditEvent(TypedDict):
    """One line. `actor`: a key's name, `link_` and a link's id, `person`, `operator` or `service`; `kind` and `what`: done to which thing."""

    id: int
    at: datetime
    actor: str
    action: str
    kind: str
    what: str
    outcome: str
    request_id: str | None


class AuditTrail(TypedDict):
    """The newest first. `next`: send it as `before` to go on; null at the end."""

    events: list[AuditEvent]
    next: int | None


@router.get("", operation_id="getAudit", summary="Who did what, when", **documented(200, 422, guidance=AuditTrail, opened_by="clinicKey"))
async def get_audit(
    request: Request,
    since: Since = None,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="What `next` said: go on from there.")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many.")] = 100,
) -> Response:
    """Every reading, export, opinion and change of what is the clinic's, also those that were refused. Nothing here is ever changed or removed."""
    found = await acting(
        request,
        "read",
        Act("search", "audit"),
        lambda session, key: trail(session, key.clinic, before=before, since=since, most=limit + 1),
    )
    more = found[limit - 1].id if len(found) > limit else None
    return private(200, to_json({"events": [_event(one) for one in found[:limit]], "next": more}))


def _event(one: Noted) -> AuditEvent:
    return {
        "id": one.id,
        "at": one.at,
        "actor": one.actor,
        "action": one.act.action,
        "kind": one.act.kind,
        "what": one.act.what,
        "outcome": one.outcome,
        "request_id": one.request_id,
    }
