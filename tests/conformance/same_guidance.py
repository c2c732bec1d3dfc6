"""What guidance comes down to, read from the JSON of the API and from the Bundle of $extract, so that the two can be compared."""

from dataclasses import dataclass
from typing import Any

from rules import Pack

Resource = dict[str, Any]


@dataclass(frozen=True)
class Essence:
    """Urgency, red flags, findings (imbalance, side, band), what was measured (item, value), exercises, and those kept away by a gate."""

    urgency: list[str]
    red_flags: list[str]
    findings: list[tuple[str, str, str]]
    measured: list[tuple[str, float]]
    exercises: list[str]
    kept_away: list[str]


def of_guidance(guidance: Resource) -> Essence:
    """What POST /v1/evaluate said."""
    triage, plan = guidance["triage"], guidance["plan"]
    left_out = plan["left_out"] if plan["status"] == "issued" else []
    return Essence(
        [triage["urgency"]],
        [one["id"] for one in triage["red_flags"]],
        [(f"{one['muscle']}.{one['state']}", one["side"], one["band"]) for one in guidance["findings"]],
        [(one["link_id"], one["value"]) for one in guidance["measured"]],
        [one["exercise"] for one in plan["prescriptions"]],
        [one["exercise"] for one in left_out if one["gate"]],
    )


def of_bundle(pack: Pack, bundle: Resource) -> Essence:
    """What $extract said, in the language of the pack."""
    resources = [entry["resource"] for entry in bundle["entry"]]
    observed = [one for one in resources if one["resourceType"] == "Observation"]
    activities = [one["detail"] for plan in resources if plan["resourceType"] == "CarePlan" for one in plan["activity"]]
    return Essence(
        [code for one in observed for code in _codes(one.get("valueCodeableConcept"), "urgencies")],
        [code for one in resources if one["resourceType"] == "Flag" for code in _codes(one["code"], "red-flags")],
        [
            (code, _side(pack, one["bodySite"]["text"]), band)
            for one in observed
            for code in _codes(one["code"], "imbalances")
            for band in _codes(one["valueCodeableConcept"], "bands")
        ],
        [(code, one["valueQuantity"]["value"]) for one in observed for code in _codes(one["code"], "items") if "valueQuantity" in one],
        [code for one in activities if not one["doNotPerform"] for code in _codes(one["code"], "exercises")],
        [code for one in activities if one["doNotPerform"] for code in _codes(one["code"], "exercises")],
    )


def _codes(concept: Resource | None, system: str) -> list[str]:
    """Codes from the one of our code systems that has this name."""
    return [one["code"] for one in (concept or {}).get("coding", []) if one["system"].endswith(f"-{system}")]


def _side(pack: Pack, place: str) -> str:
    """A side stands last, in words; what is in the middle has none."""
    told = place.rpartition(", ")[2]
    return next((side for side in ("left", "right", "both") if pack.option_text_of_side(side) == told), "midline")
