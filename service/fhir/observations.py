"""Guidance as Observations: how urgent it is, each finding, each measured value. Never a Condition: nothing here is a diagnosis."""

from collections.abc import Iterator
from typing import Any

from rules.content import Muscle
from rules.shapes import FindingShape, Guidance, MeasuredShape
from service.fhir.codes import Names, site_code, site_text
from service.fhir.elements import Resource, coding, concept, drop_empty, quantity
from service.reader import Reader

SURVEY = {"coding": [coding("http://terminology.hl7.org/CodeSystem/observation-category", "survey", "Survey")]}


def observations(names: Names, guidance: Guidance, about: Resource, reader: Reader) -> Iterator[tuple[str, Resource]]:
    """What was found, by what it is about. `about`: subject, time, status and the response it is derived from, the same for all."""
    base = {"resourceType": "Observation", "category": [SURVEY], **about, "method": {"text": method(guidance)}}
    triage = guidance["triage"]
    plan = guidance["plan"]
    notes = [triage["advice"], plan["reason"], *(one["because"] for one in triage["gates"])]
    words = names.result("urgency")
    yield (
        "urgency",
        drop_empty(
            base
            | {
                "code": {"coding": names.codings("results", "urgency", words), "text": words},
                "valueCodeableConcept": {"coding": [coding(names.system("urgencies"), triage["urgency"], triage["urgency"])]},
                "note": [{"text": note} for note in notes if note],
            }
        ),
    )
    for finding in guidance["findings"]:
        yield finding["id"], base | _finding(names, finding)
    for measured in guidance["measured"]:
        yield measured["link_id"], base | _measured(names, measured, reader)


def method(guidance: Guidance) -> str:
    """Which content gave this guidance."""
    versions = guidance["versions"]
    return f"{versions['pack']} questionnaire {versions['questionnaire']}, evidence {versions['evidence']}, digest {versions['digest']}"


def _finding(names: Names, finding: FindingShape) -> Resource:
    """Also of a muscle that the pack of today does not know any more: then in the words of its day."""
    imbalance = f"{finding['muscle']}.{finding['state']}"
    muscle = names.pack.muscles.get(finding["muscle"])
    words = muscle.says.get(finding["state"], "") if muscle else ""
    reasons = [*finding["supporting"], *finding["conflicting"]]
    return drop_empty(
        {
            "code": concept(coding(names.system("imbalances"), imbalance, words), finding["text"]),
            "valueCodeableConcept": {"coding": [coding(names.system("bands"), finding["band"], finding["band"])]},
            "bodySite": _site(names, muscle, finding["side"]) if muscle else None,
            "note": [{"text": one["text"]} for one in reasons],
        }
    )


def _site(names: Names, muscle: Muscle, side: str) -> Resource:
    words = site_text(names.pack, muscle, side)
    return {"coding": names.codings("sites", site_code(muscle.id, side), words), "text": words}


def _measured(names: Names, measured: MeasuredShape, reader: Reader) -> Resource:
    item, side = names.pack.items.get(measured["link_id"]), measured["side"]
    words = names.pack.label.units.get(measured["unit"], measured["unit"])
    typical = measured["typical"]
    uncounted = [] if measured["counted"] else [reader.say("This value was not counted.")]
    said = names.pack.option_text_of_side(side) if side else ""
    return drop_empty(
        {
            "code": {"coding": names.codings("items", measured["link_id"], item.text if item else ""), "text": measured["name"]},
            "valueQuantity": quantity(measured["value"], measured["unit"], words),
            "bodySite": {"coding": names.codings("sites", side, said), "text": said} if side else None,
            "note": [{"text": text} for text in uncounted],
            "referenceRange": [_typical(typical, measured["unit"], words)] if typical else [],
        }
    )


def _typical(typical: Any, unit: str, words: str) -> Resource:
    limits = {name: quantity(typical[name], unit, words) for name in ("low", "high") if typical[name] is not None}
    return {**limits, "text": typical["text"]}
