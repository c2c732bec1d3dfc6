"""Each route of the service with who may use it. A route without a row here fails test_tenancy.py."""

import hashlib
from typing import Any

from sqlmodel import Session

from service.clinics.audit import trail
from service.clinics.clinics import change
from service.clinics.opinions import Opinion, opine
from service.clinics.settings import ClinicSettings, FhirServer
from service.webhooks import endpoints
from service.webhooks.outbox import Subject, announce
from tests.service.asking import Answers
from tests.service.clinic_world import Ask, AtClinic, Names, Row, World, clinic, nothing
from tests.service.fhir.responses import BASE, respond
from tests.service.pictures import png

ANYBODY = Row("anybody")
OWNER = Row("owner")
LINK = Row("link")
CLIENT = Row("client")

KNOWLEDGE = dict.fromkeys(
    [
        *(f"GET /v1/{name}" for name in ("about", "questionnaire", "imbalances", "exercises", "rules", "sources", "article")),
        "GET /v1/exercises/{exercise_id}",
        "GET /v1/rules/{rule_id}",
        "GET /v1/exercises/{exercise_id}.svg",
        "GET /v1/self-tests/{name}.svg",
        "GET /fhir/metadata",
        "GET /fhir/{kind}",
        "POST /fhir/{kind}/_search",
        "GET /fhir/{kind}/{resource_id}",
        "GET /livez",
        "GET /readyz",
        "GET /openapi.json",
    ],
    ANYBODY,
)
STATELESS = dict.fromkeys(
    [
        "POST /v1/evaluate",
        "POST /v1/evaluate/form",
        "POST /v1/next",
        "POST /v1/what-if",
        "POST /v1/assessments",
        "POST /fhir/QuestionnaireResponse/$extract",
        "POST /fhir/Questionnaire/$next-question",
    ],
    ANYBODY,
)
OWNED = dict.fromkeys(
    [
        "GET /v1/assessments/{assessment_id}",
        "DELETE /v1/assessments/{assessment_id}",
        "GET /v1/assessments/{assessment_id}.{suffix}",
        "GET /v1/assessments/{assessment_id}/body-map.svg",
        "GET /v1/assessments/{assessment_id}/compare",
        "POST /v1/assessments/{assessment_id}/reevaluate",
        "POST /v1/assessments/{assessment_id}/check-ins",
        "GET /v1/assessments/{assessment_id}/check-ins",
    ],
    OWNER,
)
ADMIN = "/v1/admin/clinics"
PICTURE = png(40, 20)


def _json(**body: Any) -> Ask:
    return lambda _, __: {"json": body}


def _clinic_of(_: World, clinic: AtClinic) -> dict[str, str]:
    return {"clinic_id": clinic.id}


def _key_of(_: World, clinic: AtClinic) -> dict[str, str]:
    return {"clinic_id": clinic.id, "key_id": clinic.key.split("_")[2]}


def _operator(names: Names | None = _clinic_of, ask: Ask = nothing, status: int = 200) -> Row:
    return Row("operator", names=names, ask=ask, status=status)


OPERATED = {
    f"POST {ADMIN}": _operator(None, _json(name="Another"), 201),
    f"GET {ADMIN}": _operator(None),
    f"GET {ADMIN}/{{clinic_id}}": _operator(),
    f"DELETE {ADMIN}/{{clinic_id}}": _operator(status=204),
    f"PUT {ADMIN}/{{clinic_id}}/settings": _operator(ask=_json(retention_days=30)),
    f"PUT {ADMIN}/{{clinic_id}}/logo": _operator(
        ask=lambda _, __: {"content": PICTURE, "headers": {"Content-Type": "image/png"}}, status=204
    ),
    f"DELETE {ADMIN}/{{clinic_id}}/logo": _operator(status=204),
    f"POST {ADMIN}/{{clinic_id}}/keys": _operator(ask=_json(scopes=["read"]), status=201),
    f"GET {ADMIN}/{{clinic_id}}/keys": _operator(),
    f"POST {ADMIN}/{{clinic_id}}/keys/{{key_id}}/rotate": _operator(_key_of, _json(), 201),
    f"DELETE {ADMIN}/{{clinic_id}}/keys/{{key_id}}": _operator(_key_of, status=204),
}


def _respond(world: World, _: AtClinic) -> dict[str, Any]:
    return {"json": respond(world.state.pack, {}, "in-progress")}


def _revise(world: World, _: AtClinic) -> dict[str, Any]:
    return {"json": respond(world.state.pack, {"safety.pain-level": 1}, "amended")}


def _populate(_: World, __: AtClinic) -> dict[str, Any]:
    subject = {"name": "subject", "valueReference": {"reference": "Patient/1"}}
    asked = {"name": "questionnaire", "valueUri": f"{BASE}/Questionnaire/lumbar-balance"}
    return {"json": {"resourceType": "Parameters", "parameter": [subject, asked]}}


def _searched(_: World, __: AtClinic) -> dict[str, Any]:
    return {"data": {"status": "completed"}}


def _response(world: World, clinic: AtClinic) -> dict[str, str]:
    return {"response_id": world.tell(clinic).replace("_", ".")}


def _follows(about: str, answers: Answers | None = None) -> Names:
    """What follows from a response, under the id that it has."""
    own = hashlib.sha256(about.encode()).hexdigest()[:12]
    return lambda world, clinic: {"resource_id": f"{world.tell(clinic, answers).replace('_', '.')}-{own}"}


FHIR = "/fhir/QuestionnaireResponse"
QUESTIONNAIRE = {"questionnaire_id": "lumbar-balance"}
RESPONSES = {
    f"POST {FHIR}": Row("either", "fhir", ask=_respond, status=201),
    f"GET {FHIR}": clinic("fhir"),
    f"POST {FHIR}/_search": clinic("fhir", ask=_searched),
    f"GET {FHIR}/{{response_id}}": Row("either", "fhir", _response),
    f"PUT {FHIR}/{{response_id}}": Row("either", "fhir", _response, _revise),
    f"GET {FHIR}/{{response_id}}/$extract": Row("either", "fhir", _response),
    f"POST {FHIR}/{{response_id}}/$extract": Row("either", "fhir", _response),
    "POST /fhir/Questionnaire/$process-response": clinic("fhir", ask=_respond),
    "POST /fhir/Questionnaire/{questionnaire_id}/$process-response": clinic("fhir", ask=_respond, public=QUESTIONNAIRE),
    "POST /fhir/Questionnaire/$populate": clinic("fhir", ask=_populate),
    "POST /fhir/Questionnaire/{questionnaire_id}/$populate": clinic("fhir", ask=_populate, public=QUESTIONNAIRE),
    "GET /fhir/Observation/{resource_id}": Row("either", "fhir", _follows("urgency")),
    "GET /fhir/CarePlan/{resource_id}": Row("either", "fhir", _follows("plan")),
    "GET /fhir/Flag/{resource_id}": Row("either", "fhir", _follows("RF01", {"safety.saddle-numbness": "yes"})),
    **{f"GET /fhir/{kind}": clinic("fhir") for kind in ("Observation", "CarePlan", "Flag")},
    **{f"POST /fhir/{kind}/_search": clinic("fhir", ask=_searched) for kind in ("Observation", "CarePlan", "Flag")},
}
# Pages open nothing by themselves: /my/{key} needs the secret in its address.
PAGES = dict.fromkeys(
    [
        "GET /my/erased",
        "GET /embed.js",
        "POST /result/plan.pdf",
        "POST /result/plan.ics",
        "GET /",
        "GET /docs",
        "POST /preferences",
        "GET /take",
        "POST /take",
        "GET /result",
        "POST /result",
        "POST /result/keep",
        "POST /result/what-if",
    ],
    ANYBODY,
)
PRIVATE_PAGES = dict.fromkeys(
    [
        *(f"GET /my/{{key}}{rest}" for rest in ("", "/check-in", "/compare", "/erase", "/plan.pdf", "/plan.ics")),
        *(f"POST /my/{{key}}{rest}" for rest in ("/check-in", "/compare", "/erase")),
    ],
    LINK,
)
# Below an invitation, whose secret is in its address, too. A clinic's logo is for whoever is shown its pages.
BELOW = "/invited/{invitation}"
INVITED_PAGES = dict.fromkeys(
    [
        f"GET {BELOW}",
        *(f"{method} {BELOW}/{page}" for page in ("start", "take", "result") for method in ("GET", "POST")),
        *(f"POST {BELOW}/result/plan.{kind}" for kind in ("pdf", "ics")),
        *(name.replace(" ", f" {BELOW}") for name in ("GET /my/erased", *PRIVATE_PAGES)),
    ],
    LINK,
)
LOGO = {"GET /clinics/{clinic}/logo": ANYBODY}


def _invitation_of(world: World, of: AtClinic) -> dict[str, str]:
    if "invitation" not in of.made:
        made = world.ask("POST", "/v1/invitations", of.key, json={"reference": "ref-1"})
        of.made["invitation"] = made.json()["id"]
    return {"invitation_id": of.made["invitation"]}


INVITING = {
    "GET /v1/clinic": clinic(None),
    "POST /v1/invitations": clinic("invite", ask=_json(reference="ref-1"), status=201),
    "GET /v1/invitations": clinic("invite"),
    "GET /v1/invitations/{invitation_id}": clinic("invite", names=_invitation_of),
    "DELETE /v1/invitations/{invitation_id}": clinic("invite", names=_invitation_of),
}


CLINICIANS_PAGES = dict.fromkeys(["GET /intake/{token}", "GET /intake/{token}/record.pdf", "POST /intake/{token}/opinion"], LINK)
FINDING = "gluteus-maximus.weak.left"


def _intake_of(world: World, clinic: AtClinic) -> dict[str, str]:
    return {"intake_id": world.tell(clinic)}


def _finding_of(world: World, clinic: AtClinic) -> dict[str, str]:
    return {"intake_id": world.tell(clinic), "finding": FINDING}


def _opinion_of(world: World, clinic: AtClinic) -> dict[str, str]:
    intake = world.tell(clinic)
    world.state.database.run_now(lambda session: opine(session, clinic.id, intake, FINDING, Opinion("agree")), clinic.id)
    return {"intake_id": intake, "finding": FINDING}


INTAKE = "/v1/intakes/{intake_id}"
INTAKES = {
    "GET /v1/intakes": clinic("read"),
    f"GET {INTAKE}": clinic("read", names=_intake_of),
    f"GET {INTAKE}.pdf": clinic("read", names=_intake_of),
    f"DELETE {INTAKE}": clinic("invite", names=_intake_of, status=204),
    f"POST {INTAKE}/links": clinic("read", names=_intake_of, ask=_json(), status=201),
    f"GET {INTAKE}/opinions": clinic("read", names=_intake_of),
    f"PUT {INTAKE}/findings/{{finding}}/opinion": clinic("read", names=_finding_of, ask=_json(verdict="agree")),
    f"DELETE {INTAKE}/findings/{{finding}}/opinion": clinic("read", names=_opinion_of, status=204),
    "GET /v1/audit": clinic("read"),
}
# Open to everybody, unless a setting closes it or a key comes that is not meant for it: see test_batch.py.
LINE = {"content": b'{"answers": {}}', "headers": {"Content-Type": "application/x-ndjson"}}
BATCH = {"POST /v1/batch": Row("either", "batch", ask=lambda _, __: LINE)}
# Who signs tokens of its own sees one clinic's rows: see tests/service/cds.
SIGNED = {
    "GET /cds-services": ANYBODY,
    "POST /cds-services/muscle-balance-summary": CLIENT,
    "POST /cds-services/muscle-balance-summary/feedback": CLIENT,
}


def _line_of(world: World, clinic: AtClinic) -> dict[str, str]:
    world.tell(clinic)
    newest, *_ = world.state.database.run_now(lambda session: trail(session, clinic.id, most=1), clinic.id)
    return {"event_id": str(newest.id)}


AUDIT = {
    "GET /fhir/AuditEvent": clinic("fhir"),
    "GET /fhir/AuditEvent/{event_id}": clinic("fhir", names=_line_of),
}


def _endpoint_of(world: World, clinic: AtClinic) -> dict[str, str]:
    def work(session: Session) -> str:
        return endpoints.create(session, clinic.id, "https://a.example/", ())[0].id

    world.state.database.queue.prepare()
    return {"endpoint_id": clinic.made.get("endpoint") or clinic.made.setdefault("endpoint", world.state.database.run_now(work, clinic.id))}


def _delivery_of(world: World, clinic: AtClinic) -> dict[str, str]:
    named = _endpoint_of(world, clinic)

    def work(session: Session) -> str | None:
        return endpoints.test(session, clinic.id, named["endpoint_id"])

    return {**named, "delivery_id": world.state.database.run_now(work, clinic.id) or ""}


def _push_of(world: World, clinic: AtClinic) -> dict[str, str]:
    def work(session: Session) -> str:
        change(session, clinic.id, ClinicSettings(fhir=FhirServer(url="https://a.example/fhir", client_id="us", scope="system/*.c")))
        return f"{announce(session, 'assessment.completed', Subject(clinic.id, 'a'))}_fhir"

    world.state.database.queue.prepare()
    return {"push_id": world.state.database.run_now(work, clinic.id)}


HOOK = "/v1/webhooks/{endpoint_id}"
WEBHOOKS = {
    "GET /.well-known/jwks.json": ANYBODY,
    "GET /v1/webhooks": clinic("webhooks"),
    "POST /v1/webhooks": clinic("webhooks", ask=_json(url="https://a.example/"), status=201),
    f"GET {HOOK}": clinic("webhooks", names=_endpoint_of),
    f"PUT {HOOK}": clinic("webhooks", names=_endpoint_of, ask=_json(url="https://b.example/")),
    f"DELETE {HOOK}": clinic("webhooks", names=_endpoint_of, status=204),
    f"POST {HOOK}/rotate": clinic("webhooks", names=_endpoint_of, ask=_json()),
    f"POST {HOOK}/enable": clinic("webhooks", names=_endpoint_of, ask=_json(active=True)),
    f"POST {HOOK}/test": clinic("webhooks", names=_endpoint_of, status=202),
    f"GET {HOOK}/deliveries": clinic("webhooks", names=_endpoint_of),
    f"POST {HOOK}/deliveries/{{delivery_id}}/replay": clinic("webhooks", names=_delivery_of, status=202),
    "GET /v1/events": clinic("webhooks"),
    "GET /v1/pushes": clinic("webhooks"),
    "POST /v1/pushes/{push_id}/replay": clinic("webhooks", names=_push_of, status=202),
}
ROWS: dict[str, Row] = {
    **KNOWLEDGE,
    **STATELESS,
    **OWNED,
    **OPERATED,
    **PAGES,
    **PRIVATE_PAGES,
    **INVITED_PAGES,
    **LOGO,
    **INVITING,
    **CLINICIANS_PAGES,
    **INTAKES,
    **SIGNED,
    **AUDIT,
    **RESPONSES,
    **BATCH,
    **WEBHOOKS,
}
