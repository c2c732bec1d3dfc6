"""What /fhir lets a clinic's key, or the holder of a response's token, see and change."""

import hashlib
from typing import Any

from service.clinics.audit import trail
from tests.service.asking import Answers
from tests.service.clinic_world import AtClinic, World
from tests.service.fhir.responses import BASE, respond
from tests.service.tenancy.row import Names, Row, clinic


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


def _line_of(world: World, clinic: AtClinic) -> dict[str, str]:
    world.tell(clinic)
    newest, *_ = world.state.database.run_now(lambda session: trail(session, clinic.id, most=1), clinic.id)
    return {"event_id": str(newest.id)}


AUDIT = {
    "GET /fhir/AuditEvent": clinic("fhir"),
    "GET /fhir/AuditEvent/{event_id}": clinic("fhir", names=_line_of),
}
ROWS = {**RESPONSES, **AUDIT}
