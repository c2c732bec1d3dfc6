"""/cds-services: what there is, a call of the hook, and feedback."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from service.bodies import model_from_json
from service.cds.calling import FeedbackCall, HookCall
from service.cds.giving import give, take_feedback
from service.cds.trusting import caller_of
from service.fhir.codes import Names
from service.reader import Reader
from service.state import reader_of, spoken, state_of

# Described by the answer to the first of them, in the words of its own specification.
router = APIRouter(prefix="/cds-services", include_in_schema=False)
SERVICE = "muscle-balance-summary"
ROOM = 8  # what is sent along takes room


@router.get("")
async def get_services(request: Request) -> Response:
    """The one service there is, and what it asks clients to look up. Open to everybody: nothing here is about anybody."""
    reader = reader_of(request)
    headers = {"Cache-Control": "no-cache", **spoken(reader.language)}
    return Response(to_json({"services": [_described(reader, request)]}), media_type="application/json", headers=headers)


@router.post(f"/{SERVICE}")
async def post_call(request: Request) -> Response:
    """Cards about the latest self-assessment of the patient whose chart is open; none where there is none."""
    state, reader = state_of(request), reader_of(request)
    caller = await caller_of(request, _endpoint(request))
    call = await model_from_json(request, HookCall, room=ROOM)
    cards = await state.database.run(lambda session: give(session, state, reader, caller, call), caller.clinic)
    headers = {"Cache-Control": "no-store", **spoken(reader.language)}
    return Response(to_json({"cards": cards}), media_type="application/json", headers=headers)


@router.post(f"/{SERVICE}/feedback")
async def post_feedback(request: Request) -> Response:
    """What clinicians made of cards. Some clients name the service in their token, others this address."""
    service = _endpoint(request)
    caller = await caller_of(request, service, f"{service}/feedback")
    call = await model_from_json(request, FeedbackCall)
    await state_of(request).database.run(lambda session: take_feedback(session, caller, call.feedback), caller.clinic)
    return Response(status_code=200, headers={"Cache-Control": "no-store"})


def _endpoint(request: Request) -> str:
    return f"{state_of(request).settings.site()}/cds-services/{SERVICE}"


def _described(reader: Reader, request: Request) -> dict[str, Any]:
    names = Names(state_of(request).settings.canonical, reader.pack)
    _ = reader.say
    return {
        "hook": "patient-view",
        "title": reader.pack.label.name,
        "description": _("The latest self-assessment of this patient: red flags, what stands out, and exercises as a draft."),
        "id": SERVICE,
        "prefetch": {
            "patient": "Patient/{{context.patientId}}",
            "response": "QuestionnaireResponse?patient={{context.patientId}}"
            f"&questionnaire={names.questionnaire}&_sort=-authored&_count=1",
        },
        "usageRequirements": _("The clinic's settings must name who signs the calls."),
    }


class OpenToPages:
    """Lets pages of any site call what is below /cds-services: no cookie opens anything there, so a page can do no more than its own server could."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.opened = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After", "X-Request-Id"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope["path"] if scope["type"] == "http" else ""
        await (self.opened if path == "/cds-services" or path.startswith("/cds-services/") else self.app)(scope, receive, send)
