"""The latest self-assessment of a patient: what the clinic keeps here, or what its own system sent along, whichever is newer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic_core import from_json

from rules import Guidance, evaluate
from service.assessments import FINISHED, Kept
from service.bodies import WrongShape
from service.fhir.codes import Names
from service.fhir.kept import fhir_id
from service.fhir.response import Told, read_response
from service.reader import Reader

ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
MOST = 50  # responses of one Bundle that are looked at
AHEAD = timedelta(days=1)  # by which a client's clock may be ahead


@dataclass(frozen=True)
class Latest:
    """A self-assessment as it is told. `guidance`: none for answers to questions that are not asked today; `kept`: where it is stored here."""

    at: datetime
    guidance: Guidance | None
    reader: Reader
    response: dict[str, Any]
    kept: Kept | None = None


@dataclass(frozen=True)
class Sent:
    """A response that was sent along, and when it was authored."""

    at: datetime
    resource: dict[str, Any]


def latest(names: Names, reader: Reader, kept: Kept | None, sent: Sent | None, readers: Mapping[str, Reader]) -> Latest | None:
    """The newer of the two; none where there is none of either."""
    if sent and (kept is None or sent.at > _told_at(kept)):
        return _of_sent(names, reader, sent)
    return _of_kept(names, reader, kept, readers) if kept else None


def newest_sent(names: Names, prefetched: dict[str, Any] | None, patient: str, oldest: datetime) -> Sent | None:
    """The newest finished response to our questions about this patient, in a response or a Bundle; nothing that we would have erased ourselves."""
    youngest = datetime.now(UTC) + AHEAD
    found = [Sent(at, one) for one in _responses(prefetched) if _ours(names, one, patient) and (at := _moment(one.get("authored")))]
    return max((one for one in found if oldest <= one.at <= youngest), key=lambda one: one.at, default=None)


def _responses(prefetched: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    if prefetched is None:
        return
    if prefetched.get("resourceType") != "Bundle":
        yield prefetched
        return
    entries = prefetched.get("entry", [])
    for entry in entries[:MOST] if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            yield entry["resource"]


def _ours(names: Names, one: dict[str, Any], patient: str) -> bool:
    subject = one.get("subject")
    reference = subject.get("reference") if isinstance(subject, dict) else None
    about = isinstance(reference, str) and (f"/{reference}").endswith(f"/Patient/{patient}")
    asked = str(one.get("questionnaire", "")).partition("|")[0] == names.questionnaire
    return about and asked and one.get("resourceType") == "QuestionnaireResponse" and one.get("status") in FINISHED


def _moment(authored: object) -> datetime | None:
    """A dateTime with its zone; a date alone is its beginning in UTC."""
    try:
        moment = datetime.fromisoformat(authored) if isinstance(authored, str) else None
        return moment and (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _of_sent(names: Names, reader: Reader, sent: Sent) -> Latest:
    """Evaluated anew; nothing of it is stored."""
    own = sent.resource.get("id")
    named = isinstance(own, str) and ID.fullmatch(own)
    response = {"reference": f"QuestionnaireResponse/{own}"} if named else {"display": names.pack.label.name}
    try:
        told: Told = read_response(names, sent.resource)
    except WrongShape:
        return Latest(sent.at, None, reader, response)
    return Latest(sent.at, evaluate(reader.pack, told.answers), reader, response)


def _of_kept(names: Names, reader: Reader, kept: Kept, readers: Mapping[str, Reader]) -> Latest:
    """As it was said: in the reader's words where the content is still the same, else in those of then."""
    guidance: Guidance = from_json(kept.guidance)
    if kept.language != reader.language:
        if guidance["versions"]["digest"] == reader.pack.digest:
            guidance = evaluate(reader.pack, from_json(kept.answers))
        else:
            reader = readers.get(kept.language, reader)
    response = {"reference": f"{names.base}/QuestionnaireResponse/{fhir_id(kept.id)}"}
    return Latest(_told_at(kept), guidance, reader, response, kept)


def _told_at(kept: Kept) -> datetime:
    """When the answers were given, which may be before they came here."""
    return kept.authored_at or kept.created_at
