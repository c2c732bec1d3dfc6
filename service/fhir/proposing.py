"""The plan as a CarePlan that is only proposed, and red flags as Flags."""

from collections.abc import Iterator

from rules.shapes import Guidance, LeftOutShape, PrescriptionShape
from service.fhir.codes import Names
from service.fhir.elements import Resource, coding, concept, drop_empty, extension
from service.fhir.searched import DETAIL
from service.readable.words import dose
from service.reader import Reader


def care_plan(names: Names, guidance: Guidance, about: Resource, response: Resource, reader: Reader) -> Resource | None:
    """The exercises and what to leave out; none while no plan is issued, which the urgency's Observation explains."""
    plan = guidance["plan"]
    if plan["status"] != "issued":
        return None
    words = names.result("programme")
    kept_away = [one for one in plan["left_out"] if one["gate"]]
    return drop_empty(
        {
            "resourceType": "CarePlan",
            "status": "draft",
            "intent": "proposal",
            "title": reader.say("Suggested exercises, not reviewed by a clinician"),
            "description": plan["reason"],
            **about,
            "instantiatesCanonical": [f"{names.base}/PlanDefinition/{names.pack.label.id}|{guidance['versions']['exercises']}"],
            "category": [{"coding": names.codings("results", "programme", words), "text": words}],
            "supportingInfo": [response],
            "activity": [
                *(_prescribed(names, reader, one) for one in plan["prescriptions"]),
                *(_excluded(names, one) for one in kept_away),
            ],
            "note": [{"text": text} for text in guidance["limits"]],
        }
    )


def flags(names: Names, guidance: Guidance, subject: Resource, response: Resource) -> Iterator[tuple[str, Resource]]:
    """One for each red flag, by its id."""
    category = coding("http://terminology.hl7.org/CodeSystem/flag-category", "safety", "Safety")
    for one in guidance["triage"]["red_flags"]:
        code = concept(coding(names.system("red-flags"), one["id"], one["text"]), one["text"])
        yield (
            one["id"],
            {
                "resourceType": "Flag",
                "extension": [extension(DETAIL, valueReference=response)],
                "status": "active",
                "category": [{"coding": [category]}],
                "code": code,
                "subject": subject,
            },
        )


def _prescribed(names: Names, reader: Reader, one: PrescriptionShape) -> Resource:
    repeat = {"frequency": one["days_a_week"], "period": 1, "periodUnit": "wk", "duration": one["minutes"], "durationUnit": "min"}
    said = dose(reader, one)
    lines = [said, one["why"], *one["steps"], one["stop_if"], one["caution"]]
    detail = {
        "kind": "ServiceRequest",
        "code": concept(coding(names.system("exercises"), one["exercise"], one["name"]), one["name"]),
        "status": "not-started",
        "doNotPerform": False,
        "scheduledTiming": {"repeat": repeat, "code": {"text": said}},
        "description": "\n".join(line for line in lines if line),
    }
    return {"detail": detail}


def _excluded(names: Names, one: LeftOutShape) -> Resource:
    detail = {
        "kind": "ServiceRequest",
        "code": concept(coding(names.system("exercises"), one["exercise"], one["name"]), one["name"]),
        "status": "not-started",
        "statusReason": {"text": one["text"]},
        "doNotPerform": True,
    }
    return {"detail": detail}
