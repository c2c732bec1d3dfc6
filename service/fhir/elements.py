"""What resources are made of: codings, extensions, units, references; never a null and never an empty list."""

from datetime import UTC, datetime
from typing import Any

Resource = dict[str, Any]
CORE = "http://hl7.org/fhir/StructureDefinition"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition"
UCUM = "http://unitsofmeasure.org"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
# What UCUM knows by the same code; whatever else is counted is an annotation, `{reps}`, which is UCUM for a plain number of them.
UNITS = frozenset({"s", "min", "h", "mm", "cm", "m", "deg", "kg"})


def now() -> str:
    """This moment, as FHIR writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def extension(url: str, **value: Any) -> Resource:
    """`extension(CORE + "/minValue", valueInteger=0)`."""
    return {"url": url, **value}


def coding(system: str, code: str, display: str = "") -> Resource:
    """A Coding; without a display when there is none to say."""
    return {"system": system, "code": code, **({"display": display} if display else {})}


def concept(coded: Resource, text: str) -> Resource:
    """A CodeableConcept of one coding, in words."""
    return {"coding": [coded], "text": text}


def ucum(unit: str) -> str:
    """The UCUM code of one of the pack's units."""
    return unit if unit in UNITS else f"{{{unit}}}"


def quantity(value: float, unit: str, words: str) -> Resource:
    """A number with its unit in words and in UCUM."""
    return {"value": int(value) if float(value).is_integer() else value, "unit": words, "system": UCUM, "code": ucum(unit)}


def drop_empty(resource: Resource) -> Resource:
    """Without the members that say nothing: FHIR has no null, no empty text and no empty list."""
    return {key: value for key, value in resource.items() if value not in (None, "", [], {})}
