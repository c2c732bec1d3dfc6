"""The knowledge is open to reading: about, questionnaire, imbalances, exercises, rules, sources, the article."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import BaseModel
from pydantic_core import to_json

from rules import Pack
from rules.answers import NOT_SURE
from rules.follow_up.check_ins import key_of
from service.api.operations import MEANING, documented
from service.bodies import accepted
from service.clinics.opinions import Agreed, agreed
from service.errors import response
from service.state import reader_of, spoken, state_of

router = APIRouter(prefix="/v1", tags=["Knowledge"])
IfNoneMatch = Annotated[str | None, Header(description="An ETag you hold; unchanged content answers 304.")]


@dataclass(frozen=True)
class Published:
    """A document that changes only with the pack: its bytes and strong ETag."""

    body: bytes
    etag: str


@lru_cache(maxsize=8)
def publish(pack: Pack) -> Mapping[str, Published]:
    """Every document of the pack, serialised once, by its path."""
    documents: dict[str, Any] = {
        "about": about(pack),
        "questionnaire": questionnaire(pack),
        "imbalances": imbalances(pack),
        "article": plain(pack.article),
        "sources": [plain(source) for source in pack.sources.values()],
        "exercises": [plain(exercise) for exercise in pack.exercises.values()],
        "rules": [plain(rule) for rule in pack.rules],
    }
    documents |= {f"exercises/{exercise.id}": plain(exercise) for exercise in pack.exercises.values()}
    documents |= {f"rules/{rule.id}": plain(rule) for rule in pack.rules}
    return {path: _published(to_json(document)) for path, document in documents.items()}


def _published(body: bytes) -> Published:
    return Published(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def plain(content: BaseModel) -> dict[str, Any]:
    """Content as its author wrote it, keys and all."""
    return content.model_dump(mode="json", by_alias=True, exclude_none=True)


def about(pack: Pack) -> dict[str, Any]:
    """What the service is for, what it is not, and which content it runs."""
    label = pack.label
    return {
        "name": label.name,
        "pack": label.id,
        "versions": {**plain(label.versions), "digest": pack.digest},
        "intended_use": label.intended_use,
        "not_for": list(label.not_for),
        "limits": list(label.limits),
        "review": plain(label.review),
        "licence": label.licence,
        "counts": {
            "questions": len(pack.items),
            "self_tests": len(pack.tests),
            "rules": len(pack.rules),
            "exercises": len(pack.exercises),
            "sources": len(pack.sources),
        },
    }


def questionnaire(pack: Pack) -> dict[str, Any]:
    """Every question in order, with options in words, and the self-tests with their steps."""
    weekly = pack.follow_up.check_in
    groups = []
    for group in pack.groups:
        items = []
        for item in group.items:
            options = [{"code": option.code, "text": option.text} for option in pack.options(item.link_id).values()]
            extra = {"options": [*options, {"code": NOT_SURE, "text": pack.label.not_sure}]} if options else {}
            test = pack.test_of.get(item.link_id)
            items.append({**plain(item), **extra, "self_test": test.id if test else None})
        groups.append({**plain(group), "items": items})
    return {
        "pack": pack.label.id,
        "version": pack.label.versions.questionnaire,
        "digest": pack.digest,
        "groups": groups,
        "self_tests": [plain(test) for test in pack.tests.values()],
        "check_in": {
            "title": weekly.title,
            "intro": weekly.intro,
            "questions": [{"key": key_of(one), **plain(one)} for one in weekly.questions],
            "rules": [plain(rule) for rule in weekly.rules],
        },
    }


def imbalances(pack: Pack) -> list[dict[str, Any]]:
    """Every muscle and state that can be found, with the rules that bear on it."""
    return [
        {
            "id": f"{muscle.id}.{state}",
            "muscle": muscle.id,
            "state": state,
            "name": muscle.name,
            "plain_name": muscle.plain_name,
            "region": muscle.region,
            "sides": ["left", "right", "both"] if muscle.sided else ["midline"],
            "prior": prior,
            "text": muscle.says[state],
            "rules": [rule.id for rule in pack.rules if any(one.muscle == muscle.id and one.state == state for one in rule.on)],
            "exercises": [one.id for one in pack.exercises.values() if any(s.muscle == muscle.id and s.state == state for s in one.serves)],
            "sources": list(muscle.sources),
        }
        for muscle in pack.muscles.values()
        for state, prior in muscle.priors.items()
    ]


def _responses(*statuses: int, listed: bool = False) -> dict[str, Any]:
    arguments = documented(*statuses)
    schema = {"type": "array", "items": {"type": "object"}} if listed else {"type": "object"}
    headers = {"ETag": {"description": "Changes with the content", "schema": {"type": "string"}}}
    arguments["responses"][200] = {"description": MEANING[200], "headers": headers, "content": {"application/json": {"schema": schema}}}
    return arguments


def _read(request: Request, path: str, if_none_match: str | None) -> Response:
    return _sent(request, _document(request, path), if_none_match)


def _document(request: Request, path: str) -> Published | None:
    published: Mapping[str, Mapping[str, Published]] = request.app.state.published
    return published[reader_of(request).language].get(path)


def _sent(request: Request, document: Published | None, if_none_match: str | None) -> Response:
    reader = reader_of(request)
    if document is None:
        return response(404, "not-found", "There is nothing here", reader=reader)
    accepted(request, offered=("application/json",))
    headers = {"ETag": document.etag, "Cache-Control": "no-cache", **spoken(reader.language)}
    held = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    if document.etag in held or "*" in held:
        return Response(status_code=304, headers=headers)
    return Response(document.body, media_type="application/json", headers=headers)


@router.get("/about", operation_id="getAbout", summary="What this is for, its limits and versions", **_responses(200, 304, 406))
async def get_about(request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """Intended use, limits, review status, versions and digest of the content."""
    return _read(request, "about", if_none_match)


@router.get("/questionnaire", operation_id="getQuestionnaire", summary="Every question and self-test", **_responses(200, 304, 406))
async def get_questionnaire(request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """Groups of items with `link_id`, text, options, unit and limits; self-tests with steps and stop rules."""
    return _read(request, "questionnaire", if_none_match)


@router.get("/imbalances", operation_id="listImbalances", summary="What can be found", **_responses(200, 304, 406, listed=True))
async def get_imbalances(request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """Each muscle and state that is assessed, with its rules and exercises."""
    return _read(request, "imbalances", if_none_match)


@router.get("/exercises", operation_id="listExercises", summary="Every exercise", **_responses(200, 304, 406, listed=True))
async def get_exercises(request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """Dose, steps, faults, stop rule, gates, easier and harder, sources."""
    return _read(request, "exercises", if_none_match)


@router.get("/exercises/{exercise_id}", operation_id="getExercise", summary="One exercise", **_responses(200, 304, 404, 406, 422))
async def get_exercise(
    request: Request, exercise_id: Annotated[str, Path(pattern="^[a-z0-9-]{1,60}$")], if_none_match: IfNoneMatch = None
) -> Response:
    """By its id, say `bird-dog`."""
    return _read(request, f"exercises/{exercise_id}", if_none_match)


@router.get("/rules", operation_id="listRules", summary="Every evidence rule", **_responses(200, 304, 406, listed=True))
async def get_rules(request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """Criterion, weights, kind, grade, cluster, sentences and sources."""
    return _read(request, "rules", if_none_match)


@router.get("/rules/{rule_id}", operation_id="getRule", summary="One evidence rule", **_responses(200, 304, 404, 406, 422, 503))
async def get_rule(request: Request, rule_id: Annotated[str, Path(pattern="^R[0-9]{3}$")], if_none_match: IfNoneMatch = None) -> Response:
    """By its id, say `R039`; with how often clinicians of all clinics agreed with findings that it spoke for.

    `agreement` counts opinions under the evidence that runs now. While there are fewer than five it says `too-few`, so that no single one can be told.
    """
    rule = _document(request, f"rules/{rule_id}")
    if rule is None:
        return _sent(request, None, if_none_match)
    evidence = state_of(request).pack.label.versions.evidence
    found = await state_of(request).database.run(lambda session: agreed(session, rule_id, evidence))
    return _sent(request, _published(rule.body[:-1] + b',"agreement":' + to_json(_agreement(found)) + b"}"), if_none_match)


def _agreement(found: Agreed | None) -> dict[str, Any]:
    if found is None:
        return {"status": "too-few"}
    return {"status": "counted", "agree": found.agree, "disagree": found.disagree, "reasons": dict(found.reasons)}


@router.get("/sources", operation_id="listSources", summary="The bibliography", **_responses(200, 304, 406, listed=True))
async def get_sources(request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """Every source used, its grade, and whether it still needs a second look."""
    return _read(request, "sources", if_none_match)


@router.get("/article", operation_id="getArticle", summary="The article behind the pack, claim by claim", **_responses(200, 304, 406))
async def get_article(request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """What it claims, and whether we honour, temper or correct it."""
    return _read(request, "article", if_none_match)
