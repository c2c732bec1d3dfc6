"""Guidance as Observations: how urgent it is, each finding, each measured value. Never a Condition: nothing here is a diagnosis."""

from collections.abc import Iterator
from typing import Any

from rules.shapes import FindingShape, Guidance, MeasuredShape
from service.fhir.codes import Names
from service.fhir.elements import Resource, coding, concept, drop_empty, quantity
from service.reader import Reader

SURVEY = {"coding": [coding("http://terminology.hl7.org/CodeSystem/observation-category", "survey", "Survey")]}


def observations(names: Names, guidance: Guidance, about: Resource, reader: Reader) -> Iterator[Resource]:
    """What was found. `about`: subject, time and the response it is derived from, the same for all."""
    base = {"resourceType": "Observation", "status": "final", "category": [SURVEY], **about, "method": {"text": method(guidance)}}
    triage = guidance["triage"]
    plan = guidance["plan"]
    notes = [triage["advice"], plan["reason"], *(one["because"] for one in triage["gates"])]
    yield base | {
        "code": {"text": reader.say("Urgency")},
        "valueCodeableConcept": {"coding": [coding(names.system("urgencies"), triage["urgency"], triage["urgency"])]},
        "note": [{"text": note} for note in notes if note],
    }
    for finding in guidance["findings"]:
        yield base | _finding(names, finding, reader)
    for measured in guidance["measured"]:
        yield base | _measured(names, measured, reader)


def method(guidance: Guidance) -> str:
    """Which content gave this guidance."""
    versions = guidance["versions"]
    return f"{versions['pack']} questionnaire {versions['questionnaire']}, evidence {versions['evidence']}, digest {versions['digest']}"


def _finding(names: Names, finding: FindingShape, reader: Reader) -> Resource:
    imbalance = f"{finding['muscle']}.{finding['state']}"
    place = names.pack.muscles[finding["muscle"]].plain_name
    reasons = [*finding["supporting"], *finding["conflicting"]]
    words = names.pack.muscles[finding["muscle"]].says[finding["state"]]
    return drop_empty(
        {
            "code": concept(coding(names.system("imbalances"), imbalance, words), finding["text"]),
            "valueCodeableConcept": {"coding": [coding(names.system("bands"), finding["band"], finding["band"])]},
            "bodySite": {"text": _sided(place, None if finding["side"] == "midline" else finding["side"], reader)},
            "note": [{"text": one["text"]} for one in reasons],
        }
    )


def _measured(names: Names, measured: MeasuredShape, reader: Reader) -> Resource:
    item = names.pack.items[measured["link_id"]]
    words = names.pack.label.units.get(measured["unit"], measured["unit"])
    typical = measured["typical"]
    uncounted = [] if measured["counted"] else [reader.say("This value was not counted.")]
    return drop_empty(
        {
            "code": concept(coding(names.system("items"), item.link_id, item.text), measured["name"]),
            "valueQuantity": quantity(measured["value"], measured["unit"], words),
            "bodySite": {"text": _sided("", measured["side"], reader)} if measured["side"] else None,
            "note": [{"text": text} for text in uncounted],
            "referenceRange": [_typical(typical, measured["unit"], words)] if typical else [],
        }
    )


def _typical(typical: Any, unit: str, words: str) -> Resource:
    limits = {name: quantity(typical[name], unit, words) for name in ("low", "high") if typical[name] is not None}
    return {**limits, "text": typical["text"]}


def _sided(place: str, side: str | None, reader: Reader) -> str:
    said = reader.pack.option_text_of_side(side) if side else ""
    return ", ".join(one for one in (place, said) if one)
