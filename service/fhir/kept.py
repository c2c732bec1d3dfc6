"""A response that is kept, as it goes out: with today's texts, and the version that was answered."""

from pydantic_core import from_json

from rules import AnswerProblem, Pack
from rules.answers import NOT_SURE, read_answer, readable
from service.assessments import FINISHED, Kept
from service.fhir.codes import Names
from service.fhir.elements import Resource
from service.fhir.responding import write_response
from service.fhir.response import Told


def fhir_id(own: str) -> str:
    """FHIR's ids have no underscore and ours no full stop."""
    return own.replace("_", ".")


def own_id(theirs: str) -> str:
    """And back."""
    return theirs.replace(".", "_")


def told_of(pack: Pack, kept: Kept) -> Told:
    """What was told; what today's questionnaire no longer asks is left aside."""
    raw = from_json(kept.answers)
    answers, _ = readable(pack, raw)
    draft = None if kept.status in FINISHED else {link_id: answer for link_id, answer in raw.items() if _known(pack, link_id, answer)}
    intake, authored = kept.intake, (kept.authored_at or kept.created_at).isoformat(timespec="seconds")
    if intake is None:
        return Told(answers, kept.status, None, authored, draft=draft)
    return Told(answers, kept.status, intake.subject, authored, intake.reference, intake.author, draft)


def written(names: Names, kept: Kept, told: Told | None = None) -> Resource:
    """The resource, with its id and version; `told`: what of it, if not all."""
    changed = (kept.changed_at or kept.created_at).isoformat(timespec="milliseconds")
    resource = write_response(names, told or told_of(names.pack, kept), changed)
    version = from_json(kept.guidance)["versions"]["questionnaire"]
    meta = {"versionId": str(kept.version), "lastUpdated": changed, **resource["meta"]}
    return {**resource, "id": fhir_id(kept.id), "meta": meta, "questionnaire": f"{names.questionnaire}|{version}"}


def _known(pack: Pack, link_id: str, answer: object) -> bool:
    item = pack.items.get(link_id)
    return item is not None and (answer == NOT_SURE or not isinstance(read_answer(item, pack.options(link_id), answer), AnswerProblem))
