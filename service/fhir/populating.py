"""`$populate`: a draft that begins with what the same person told the same clinic before, as far as that still holds."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request, Response

from rules import Pack
from rules.content import leaves
from rules.criteria import read_by
from service.acting import Act, acting, bearer
from service.assessments import FINISHED, Kept
from service.bodies import WrongShape
from service.clinics.keys import claimed
from service.fhir.codes import Names
from service.fhir.elements import now
from service.fhir.kept import told_of
from service.fhir.outcome import issue
from service.fhir.processing import expect_ours
from service.fhir.responding import write_response
from service.fhir.response import REFERENCE, Told
from service.fhir.speaking import body_of, expect_json, private, speaking
from service.reader import N_
from service.responses import Sought, search

router = APIRouter(prefix="/fhir/Questionnaire", include_in_schema=False)
FILLED = N_("Some answers were told before. Safety questions and self-tests are asked anew.")
EMPTY = N_("Nothing was told before that could be filled in.")


@router.post("/$populate")
async def populate(request: Request) -> Response:
    """A draft for the person that the parameter `subject` names, for the questionnaire that `questionnaire` names."""
    return await _populate(request, named=False)


@router.post("/{questionnaire_id}/$populate")
async def populate_of(request: Request, questionnaire_id: str) -> Response:
    """The same for the questionnaire in the address."""
    expect_ours(speaking(request)[0], questionnaire_id)
    return await _populate(request, named=True)


async def _populate(request: Request, *, named: bool) -> Response:
    expect_json(request)
    claimed(bearer(request))
    names, reader = speaking(request)
    subject, local = _asked_for(names, await body_of(request), named=named)
    sought = Sought(subjects=(subject,), statuses=FINISHED, most=1)
    act = Act("read", "assessment")
    found = await acting(request, "fhir", act, lambda session, key: search(session, key.clinic, sought)[0], made=_last)
    answers = told_of(names.pack, found[0]).answers if found and local else {}
    draft = {link_id: answer for link_id, answer in answers.items() if link_id not in asked_anew(names.pack)}
    response = write_response(names, Told({}, "in-progress", subject, None, draft=draft), now())
    outcome = {"resourceType": "OperationOutcome", "issue": [issue("information", "informational", reader.say(FILLED if draft else EMPTY))]}
    parameters = [{"name": "response", "resource": response}, {"name": "issues", "resource": outcome}]
    return private(200, {"resourceType": "Parameters", "parameter": parameters}, {"Content-Language": reader.language})


def _last(found: list[Kept]) -> str:
    return found[0].id if found else ""


@lru_cache(maxsize=8)
def asked_anew(pack: Pack) -> frozenset[str]:
    """What is never carried over: the safety pages, whatever else a red flag reads but for age and sex, and what was measured."""
    flags = (level.when for flag in pack.safety.red_flags for level in flag.levels)
    read = {item for when in flags for leaf in leaves(when) for item in read_by(leaf, pack)}
    return frozenset(pack.safety_items | pack.test_of.keys() | (read - {pack.plan.items.age, pack.plan.items.sex}))


def _asked_for(names: Names, body: Mapping[str, Any], *, named: bool) -> tuple[str, bool]:
    """Whom it is about, and whether what is known here may be used. What else came along is left aside. Raises WrongShape."""
    listed = body.get("parameter") if body.get("resourceType") == "Parameters" else None
    given = (
        {one.get("name"): one for one in listed if isinstance(one, dict) and isinstance(one.get("name"), str)}
        if isinstance(listed, list)
        else {}
    )
    faults = []
    subject = given.get("subject", {}).get("valueReference")
    reference = subject.get("reference") if isinstance(subject, dict) else None
    if not isinstance(reference, str) or not REFERENCE.fullmatch(reference):
        faults.append(("/Parameters/parameter", "must have subject with a valueReference such as Patient/123"))
    if not named and _questionnaire(given.get("questionnaire", {})) not in (names.questionnaire, names.adaptive):
        faults.append(("/Parameters/parameter", f"must have questionnaire with {names.questionnaire}"))
    if faults:
        raise WrongShape(*faults)
    return str(reference), given.get("local", {}).get("valueBoolean") is not False


def _questionnaire(parameter: Mapping[str, Any]) -> object:
    """By its address, by a reference, or as a resource."""
    resource, reference = parameter.get("resource"), parameter.get("valueReference")
    told = next((parameter[key] for key in ("valueCanonical", "valueUri", "valueUrl", "valueString") if key in parameter), None)
    if isinstance(resource, dict):
        told = resource.get("url")
    if isinstance(reference, dict):
        told = reference.get("reference")
    return told.partition("|")[0] if isinstance(told, str) else None
