"""What CDS Hooks 2.0 says about answers, as a JSON Schema; and that nothing in them is null or empty."""

from collections.abc import Iterator
from typing import Any

from jsonschema_rs import Draft202012Validator

TEXT = {"type": "string", "minLength": 1}
URL = {"type": "string", "pattern": "^https?://"}


def _object(required: list[str], **optional: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": optional, "additionalProperties": False}


CODING = _object(["code", "system"], code=TEXT, system=TEXT, display=TEXT)
ACTION = {
    **_object(
        ["type", "description"],
        type={"enum": ["create", "update", "delete"]},
        description=TEXT,
        resource={"type": "object"},
        resourceId=TEXT,
    ),
    "if": {"properties": {"type": {"const": "create"}}},
    "then": {"required": ["resource"]},
}
SUGGESTION = _object(["label"], label=TEXT, uuid=TEXT, isRecommended={"type": "boolean"}, actions={"type": "array", "items": ACTION})
LINK = _object(["label", "url", "type"], label=TEXT, url=URL, type={"enum": ["absolute", "smart"]}, appContext=TEXT)
CARD = {
    **_object(
        ["summary", "indicator", "source"],
        uuid=TEXT,
        summary={"type": "string", "minLength": 1, "maxLength": 139},
        detail=TEXT,
        indicator={"enum": ["info", "warning", "critical"]},
        source=_object(["label"], label=TEXT, url=URL, icon=URL, topic=CODING),
        suggestions={"type": "array", "items": SUGGESTION, "minItems": 1},
        selectionBehavior={"enum": ["at-most-one", "any"]},
        overrideReasons={"type": "array", "items": {**CODING, "required": ["code", "system", "display"]}, "minItems": 1},
        links={"type": "array", "items": LINK, "minItems": 1},
    ),
    "dependentRequired": {"suggestions": ["selectionBehavior"]},
}
ANSWER = Draft202012Validator(_object(["cards"], cards={"type": "array", "items": CARD}))
SERVICE = _object(
    ["hook", "description", "id"],
    hook=TEXT,
    title=TEXT,
    description=TEXT,
    id=TEXT,
    usageRequirements=TEXT,
    prefetch={"type": "object", "additionalProperties": TEXT},
)
DISCOVERY = Draft202012Validator(_object(["services"], services={"type": "array", "items": SERVICE}))


def faults(answer: dict[str, Any], schema: Draft202012Validator = ANSWER) -> list[str]:
    """Everything that is not as it is specified; only the list of cards itself may be empty."""
    return [*(error.message for error in schema.iter_errors(answer)), *_hollow({**answer, "cards": answer.get("cards") or 1}, "")]


def _hollow(value: Any, place: str) -> Iterator[str]:
    if value is None or value in ("", [], {}):
        yield f"{place} says nothing"
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _hollow(member, f"{place}/{name}")
    if isinstance(value, list):
        for number, member in enumerate(value):
            yield from _hollow(member, f"{place}/{number}")
