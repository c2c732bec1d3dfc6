"""`$process-response`: a clinic hands a response over, and hears what became of it."""

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from service.acting import bearer
from service.clinics.keys import claimed
from service.fhir.callers import keep_for_clinic
from service.fhir.codes import Names
from service.fhir.elements import Resource
from service.fhir.kept import fhir_id
from service.fhir.outcome import issue
from service.fhir.speaking import expect_json, private, speaking, told_in
from service.reader import N_, Reader

router = APIRouter(prefix="/fhir/Questionnaire", include_in_schema=False)
KEPT = N_("The response is kept.")


@router.post("/$process-response")
async def process_response(request: Request) -> Response:
    """Kept for the clinic of this key, as by a create; the answer says under which id, and what was left aside."""
    return await _process(request, *speaking(request))


@router.post("/{questionnaire_id}/$process-response")
async def process_response_of(request: Request, questionnaire_id: str) -> Response:
    """The same for one questionnaire."""
    names, reader = speaking(request)
    expect_ours(names, questionnaire_id)
    return await _process(request, names, reader)


def expect_ours(names: Names, questionnaire_id: str) -> None:
    """Raises 404 for the id of a questionnaire that is none of ours."""
    if questionnaire_id not in (names.pack.label.id, f"{names.pack.label.id}-adaptive"):
        raise HTTPException(404)


async def _process(request: Request, names: Names, reader: Reader) -> Response:
    expect_json(request)
    claimed(bearer(request))
    told = await told_in(request, names, for_clinic=True)
    kept = await keep_for_clinic(request, told, reader)
    where = f"QuestionnaireResponse/{fhir_id(kept.id)}"
    issues: list[Resource] = [issue("information", "informational", f"{reader.say(KEPT)} {where}")]
    issues += [issue("warning", "business-rule", text, place) for place, text in told.aside]
    return private(200, {"resourceType": "OperationOutcome", "issue": issues}, {"Content-Language": reader.language})
