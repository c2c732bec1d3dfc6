"""Responses as form fillers would send them."""

from typing import Any

from rules import Pack
from service.fhir.codes import Names
from service.fhir.responding import write_response
from service.fhir.response import Told

BASE = "https://muscle-balance.example/fhir"
PATH = "/fhir/QuestionnaireResponse"
FHIR = {"Content-Type": "application/fhir+json"}
Resource = dict[str, Any]


def respond(pack: Pack, answers: dict[str, Any], status: str = "completed", about: str | None = "Patient/7", **more: Any) -> Resource:
    """The answers as a response; `about`: a patient; `more`: members of its own."""
    draft = answers if status in ("in-progress", "stopped") else None
    told = Told({} if draft else answers, status, about, None, draft=draft)
    return {**write_response(Names(BASE, pack), told, "2026-05-05T10:00:00Z"), **more}


def codes(outcome: Resource) -> list[str]:
    """The codes of an OperationOutcome."""
    assert outcome["resourceType"] == "OperationOutcome"
    return [one["code"] for one in outcome["issue"]]


def resources(bundle: Resource) -> list[Resource]:
    """What a Bundle holds."""
    return [entry["resource"] for entry in bundle.get("entry", [])]
