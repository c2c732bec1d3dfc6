"""GET /fhir/AuditEvent: a clinic's audit trail as AuditEvents, in the manner of IHE's Basic Audit Log Patterns; no answer, no name and no address."""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from service.acting import Act, acting, present
from service.bodies import WrongShape
from service.clinics.audit import LAST, OPERATOR, PERSON, Action, Noted, Sought, Span, line, seek
from service.fhir.elements import Resource, coding
from service.fhir.outcome import MEDIA_TYPE
from service.fhir.speaking import expect_json
from service.state import state_of

router = APIRouter(prefix="/fhir/AuditEvent", include_in_schema=False)
TERMS = "http://terminology.hl7.org/CodeSystem"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
SOURCE = coding(DICOM, "110153", "Source Role ID")
DESTINATION = coding(DICOM, "110152", "Destination Role ID")
USER = coding(f"{TERMS}/v3-ParticipationType", "IRCP", "information recipient")
OBJECT = coding(f"{TERMS}/audit-entity-type", "2", "System Object")
REQUEST_ID = coding("https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType", "XrequestId")
# What we do, as FHIR has it: the kind of action and the interaction.
ACTIONS: dict[Action, tuple[str, str]] = {
    "create": ("C", "create"),
    "read": ("R", "read"),
    "search": ("E", "search-type"),
    "update": ("U", "update"),
    "erase": ("D", "delete"),
    "export": ("E", "operation"),
    "send": ("E", "operation"),
}
SEARCHED = {"date": "date", "action": "token", "entity": "reference", "agent": "reference"}
DATE = re.compile(r"(eq|ne|gt|lt|ge|le|sa|eb)?(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d)(:\d\d(?:\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?)?)?")
MOST = 100
USUALLY = 50


@router.get("")
async def search_audit_events(request: Request) -> Response:
    """The newest first; `next` leads on to older ones. Parameters that are not searched by are left aside and do not stand in the links."""
    expect_json(request)
    sought = _sought(request)
    found = await acting(
        request,
        "fhir",
        Act("search", "audit"),
        lambda session, key: seek(session, key.clinic, sought),
    )
    return _private(_bundle(request, found[: sought.most - 1], more=len(found) == sought.most))


@router.get("/{event_id}")
async def get_audit_event(request: Request, event_id: str) -> Response:
    """One line of the trail."""
    expect_json(request)
    number = int(event_id) if re.fullmatch(r"[0-9]{1,10}", event_id) else 0
    act = Act("read", "audit", str(number))
    found = await acting(request, "fhir", act, lambda session, key: present(line(session, key.clinic, number)))
    return _private(audit_event(_base(request), found))


def audit_event(base: str, noted: Noted) -> Resource:
    """One line as a resource."""
    action, interaction = ACTIONS[noted.act.action]
    server = {"identifier": {"system": "urn:ietf:rfc:3986", "value": base}}
    return {
        "resourceType": "AuditEvent",
        "id": str(noted.id),
        "type": coding(f"{TERMS}/audit-event-type", "rest", "RESTful Operation"),
        "subtype": [coding("http://hl7.org/fhir/restful-interaction", interaction, interaction)],
        "action": action,
        "recorded": noted.at.isoformat(timespec="milliseconds"),
        "outcome": "0" if noted.outcome == "done" else "4",
        **({} if noted.outcome == "done" else {"outcomeDesc": noted.outcome}),
        "agent": [
            {
                "type": {"coding": [_client(noted)]},
                "who": {"identifier": {"system": _agents(base), "value": noted.actor}},
                "requestor": True,
            },
            {"type": {"coding": [SOURCE if noted.act.action == "read" else DESTINATION]}, "who": server, "requestor": False},
        ],
        "source": {"observer": server, "type": [coding(f"{TERMS}/security-source-type", "4", "Application Server")]},
        "entity": [_entity(base, noted.act), *_request(noted)],
    }


def _client(noted: Noted) -> Resource:
    """A person has no machine that we would know of; what is read flows to who asks, and all else to us."""
    if noted.actor in (PERSON, OPERATOR):
        return USER
    return DESTINATION if noted.act.action == "read" else SOURCE


def _entity(base: str, act: Act) -> Resource:
    """What it was done to; of a search what was looked among, and never for what."""
    query = act.action == "search" and not act.what
    role = coding(f"{TERMS}/object-role", *(("24", "Query") if query else ("4", "Domain Resource")))
    return {**_named(base, act), "type": OBJECT, "role": role}


def _named(base: str, act: Act) -> Resource:
    match act:
        case Act(what=""):
            return {"name": act.kind}
        case Act(kind="assessment"):
            # FHIR's ids have no underscore and ours no full stop.
            return {"what": {"reference": f"QuestionnaireResponse/{act.what.replace('_', '.')}"}}
        case Act(kind="audit"):
            return {"what": {"reference": f"AuditEvent/{act.what}"}}
        case _:
            return {"what": {"identifier": {"system": f"{base}/{act.kind}", "value": act.what}}}


def _request(noted: Noted) -> Iterable[Resource]:
    if noted.request_id:
        yield {"what": {"identifier": {"value": noted.request_id}}, "type": REQUEST_ID}


def _sought(request: Request) -> Sought:
    """What is asked for, and one more, which tells whether there is a next page. Raises WrongShape."""
    query = request.query_params
    codes = _values(request, "action")
    if not set(codes) <= set("CRUDE"):
        raise WrongShape(("/action", "must be C, R, U, D or E"))
    actions = [name for name, (code, _) in ACTIONS.items() if code in codes]
    whats = [name for one in _values(request, "entity") for name in {one.rsplit("/", 1)[-1], one.rsplit("/", 1)[-1].replace(".", "_")}]
    agents = [*_values(request, "agent"), *_values(request, "agent:identifier")]
    spans = [_span(one) for one in query.getlist("date")]
    before, most = _number(query.get("_before"), "_before", LAST), _number(query.get("_count"), "_count", LAST)
    return Sought(actions, whats, agents, spans, before, min(most or USUALLY, MOST) + 1)


def _values(request: Request, name: str) -> list[str]:
    """A token may come as `system|code`; of values with commas between them any may fit."""
    return [one.rsplit("|", 1)[-1] for value in request.query_params.getlist(name) for one in value.split(",") if one]


def _number(said: str | None, name: str, most: int) -> int | None:
    if said is None:
        return None
    if not re.fullmatch(r"[0-9]{1,10}", said) or not 1 <= int(said) <= most:
        raise WrongShape((f"/{name}", f"must be a whole number from 1 to {most}"))
    return int(said)


def _span(said: str) -> Span:
    """The time that a date parameter means: `2026-05` is a month, `ge2026-05` from its beginning on. Raises WrongShape."""
    found = DATE.fullmatch(said.replace(" ", "+"))  # a plus that was not escaped has become a space
    try:
        begin, end = _limits(found.groups()[1:] if found else ())
    except (ValueError, OverflowError):
        raise WrongShape(("/date", "must be a date, with eq, ne, gt, lt, ge, le, sa or eb before it or nothing")) from None
    match found[1] if found else None:
        case "gt" | "sa":
            return Span(begin=end)
        case "lt" | "eb":
            return Span(end=begin)
        case "ge":
            return Span(begin=begin)
        case "le":
            return Span(end=end)
        case prefix:
            return Span(begin, end, outside=prefix == "ne")


def _limits(parts: Sequence[str | None]) -> tuple[datetime, datetime]:
    """Where what was said begins, and where it is over; without a zone it is UTC."""
    if not parts:
        raise ValueError
    year, month, day, minute, second, zone = parts
    text = f"{year}-{month or '01'}-{day or '01'}T{minute or '00:00'}{second or ''}{zone or '+00:00'}"
    begin = datetime.fromisoformat(text).astimezone(UTC)
    whole = monthrange(begin.year, begin.month)[1] if month else 366 if monthrange(begin.year, 2)[1] == 29 else 365
    lasts = timedelta(days=1 if day else whole)
    if minute:
        lasts = timedelta(milliseconds=1) if second and "." in second else timedelta(seconds=1) if second else timedelta(minutes=1)
    return begin, begin + lasts


def _bundle(request: Request, found: Sequence[Noted], *, more: bool) -> Resource:
    base = _base(request)
    asked = [(name, one) for name in (*SEARCHED, "agent:identifier", "_count") for one in request.query_params.getlist(name)]
    links = [("self", [*asked, *(("_before", one) for one in request.query_params.getlist("_before"))])]
    if more:
        links.append(("next", [*asked, ("_before", str(found[-1].id))]))
    entries = [{"fullUrl": f"{base}/AuditEvent/{one.id}", "resource": audit_event(base, one), "search": {"mode": "match"}} for one in found]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": [{"relation": name, "url": f"{base}/AuditEvent" + (f"?{urlencode(said)}" if said else "")} for name, said in links],
        **({"entry": entries} if entries else {}),
    }


def _agents(base: str) -> str:
    return f"{base}/agents"


def _base(request: Request) -> str:
    return state_of(request).settings.canonical


def _private(resource: Any) -> Response:
    return Response(to_json(resource), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
