"""What the record system of a clinic sends along, and what the cards that it gets say."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rules import Pack
from service.fhir.codes import Names
from service.fhir.responding import write_response
from service.fhir.response import Told
from tests.service.asking import Answers
from tests.service.signing import SITE, call

PATIENT = "1288992"
BASE = f"{SITE}/fhir"
Resource = dict[str, Any]


def sent(pack: Pack, answers: Answers, *, patient: str = f"Patient/{PATIENT}", days: float = 1, **changed: Any) -> Resource:
    """A response as a client's own server keeps it."""
    authored = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    written = write_response(Names(BASE, pack), Told(answers, "completed", patient, authored), authored)
    return {**written, "id": "kept-by-them", **changed}


def bundle(*resources: Resource) -> Resource:
    return {"resourceType": "Bundle", "type": "searchset", "total": len(resources), "entry": [{"resource": one} for one in resources]}


def with_response(response: Resource | None, patient: str = PATIENT) -> dict[str, Any]:
    return call(patient, prefetch={"response": response})


def told(cards: list[dict[str, Any]]) -> str:
    return " ".join(f"{one['summary']} {one.get('detail', '')}" for one in cards)
