"""A plain client of `$next-question`: it knows no question, and answers what it is asked as somebody would."""

from typing import Any

from rules.answers import NOT_SURE
from tests.service.fhir.responses import BASE, Resource


def first(**more: Any) -> Resource:
    """What a client sends that knows no question yet."""
    inside = {
        "resourceType": "Questionnaire",
        "id": "a",
        "status": "draft",
        "derivedFrom": [f"{BASE}/Questionnaire/lumbar-balance-adaptive"],
    }
    return {
        "resourceType": "QuestionnaireResponse",
        "contained": [inside],
        "questionnaire": "#a",
        "status": "in-progress",
        "subject": {"reference": "Patient/7"},
        "authored": "2026-05-05T10:00:00Z",
        **more,
    }


def questions(resource: Resource) -> list[Resource]:
    found = []
    for item in resource.get("item", []):
        found += [] if item["type"] in ("group", "display") else [item]
        found += questions(item)
    return found


def _chosen(item: Resource, wanted: Any) -> list[Resource]:
    """The answer as a form filler has it: options as they are offered, numbers as they are."""
    if "answerOption" not in item:
        return [{"valueInteger" if item["type"] == "integer" else "valueDecimal": wanted}]
    several = wanted if isinstance(wanted, list) else [wanted]
    offered = {option["valueCoding"]["code"].rsplit(".", 1)[-1]: option for option in item["answerOption"]}
    return [{"valueCoding": offered["asked-unknown" if one == NOT_SURE else one]["valueCoding"]} for one in several]


def answered(response: Resource, answers: dict[str, Any]) -> Resource:
    """The response with an answer to each question in it, flat; a number that is not sure is left out."""
    told = [item for item in questions(response["contained"][0]) if item["linkId"] in answers]
    said = [item for item in told if "answerOption" in item or answers[item["linkId"]] != NOT_SURE]
    return {**response, "item": [{"linkId": item["linkId"], "answer": _chosen(item, answers[item["linkId"]])} for item in said]}
