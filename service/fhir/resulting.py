"""Observations, CarePlans and Flags of responses that are kept: worked out when they are asked for, under ids that stay the same, and stored nowhere."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from service.acting import Act, NoKey, acting, brings_key
from service.assessments import FINISHED, Kept, find
from service.fhir.callers import access, find_kept
from service.fhir.elements import Resource
from service.fhir.extracting import kept_results
from service.fhir.finding import note_read, sought_by
from service.fhir.kept import fhir_id, own_id
from service.fhir.queries import Cursor, Query, query_of, searchset
from service.fhir.searched import SUPPORTING
from service.fhir.speaking import expect_json, names_in, private, speaking
from service.responses import search
from service.state import reader_in, state_of

router = APIRouter(prefix="/fhir", include_in_schema=False)
ABOUT = {"_id": "token", "patient": "reference", "subject": "reference"}
CODED = {"category": "token", "code": "token"}
KINDS: Mapping[str, Mapping[str, str]] = {
    "Observation": {**ABOUT, **CODED, "date": "date", "derived-from": "reference", "status": "token"},
    "CarePlan": {**ABOUT, SUPPORTING: "reference"},
    "Flag": {**ABOUT, SUPPORTING: "reference"},
}
ID = re.compile(r"[A-Za-z0-9._-]{23,64}")
RESPONSE_ID = 22  # the first letters of each id are those of its response


@router.get("/Observation/{resource_id}")
@router.get("/CarePlan/{resource_id}")
@router.get("/Flag/{resource_id}")
async def get_result(request: Request, resource_id: str) -> Response:
    """One of them, for who may read its response; in the language that the guidance was given in."""
    expect_json(request)
    kind = request.url.path.split("/")[-2]
    if not ID.fullmatch(resource_id):
        raise HTTPException(404)
    kept = await find_kept(request, resource_id[:RESPONSE_ID])
    for one in _follow(request, kept, kind):
        if one["id"] == resource_id:
            return private(200, one)
    raise HTTPException(404)


@router.get("/Observation")
@router.get("/CarePlan")
@router.get("/Flag")
@router.post("/Observation/_search")
@router.post("/CarePlan/_search")
@router.post("/Flag/_search")
async def search_results(request: Request) -> Response:
    """Those of all finished responses of the clinic of this key; with a response's own token, of that response, which must be named then."""
    expect_json(request)
    parts = request.url.path.split("/")
    kind = parts[-2] if parts[-1] == "_search" else parts[-1]
    query = await query_of(request, KINDS[kind])
    found, behind = await (_of_clinic(request, query) if brings_key(request) else _of_owner(request, query))
    names, _ = speaking(request)
    page, after = await run_in_threadpool(_page, request, kind, query, found)
    if brings_key(request):
        told = dict.fromkeys(own_id(one["id"][:RESPONSE_ID]) for one in page)
        await acting(request, "fhir", Act("search", "assessment"), lambda session, key: note_read(session, key, told))
    return private(200, searchset(names.base, kind, query, page, after=after or behind if query.count else None))


def _page(request: Request, kind: str, query: Query, found: Iterable[Kept]) -> tuple[list[Resource], Cursor | None]:
    """What fits, as much as was asked for, and where to go on when that is not all."""
    skipped = query.after.skipped or 0 if query.after else 0
    page: list[Resource] = []
    for kept in found:
        fitting = [one for one in _follow(request, kept, kind) if _fits(one, query)][skipped:]
        taken = fitting[: query.count - len(page)]
        page += taken
        if len(taken) < len(fitting):
            return page, _cursor(kept, skipped + len(taken))
        skipped = 0
    return page, None


async def _of_clinic(request: Request, query: Query) -> tuple[list[Kept], Cursor | None]:
    """So many responses as there may be results on a page, and where to go on behind them."""
    names, _ = speaking(request)
    responses = _responses(query)
    values = {"authored" if name == "date" else name: query.values[name] for name in ("subject", "patient", "date") if name in query.values}
    sought = replace(sought_by(names, replace(query, values=values), query.count), ids=responses, statuses=FINISHED)
    act = Act("search", "assessment")
    found, _total = await acting(request, "fhir", act, lambda session, key: search(session, key.clinic, sought))
    return found[: query.count], _cursor(found[-1], 0) if len(found) > query.count else None


async def _of_owner(request: Request, query: Query) -> tuple[list[Kept], None]:
    responses = _responses(query)
    if responses is None or len(responses) != 1:
        raise NoKey
    opens = access(request, fhir_id(next(iter(responses))))
    return [await state_of(request).database.run(lambda session: find(session, opens))], None


def _responses(query: Query) -> set[str] | None:
    """The responses that are named, by themselves or in the ids of what follows from them."""
    named = [found for name in ("derived-from", SUPPORTING) if (found := query.any_of(name)) is not None]
    sets = [{one.rsplit("QuestionnaireResponse/", 1)[-1] for one in found} for found in named]
    ids = query.any_of("_id")
    sets += [{one.rsplit("|", 1)[-1][:RESPONSE_ID] for one in ids}] if ids is not None else []
    return {own_id(one) for one in set.intersection(*sets)} if sets else None


def _follow(request: Request, kept: Kept, kind: str) -> Iterator[Resource]:
    reader = reader_in(request, kept.language)
    return (one for one in kept_results(names_in(request, reader), kept, reader) if one["resourceType"] == kind)


def _fits(one: Resource, query: Query) -> bool:
    ids, statuses = query.any_of("_id"), query.any_of("status")
    if (ids is not None and one["id"] not in ids) or (
        statuses is not None and one["status"] not in {text.rsplit("|", 1)[-1] for text in statuses}
    ):
        return False
    coded = {"code": [one["code"]] if "code" in one else [], "category": one.get("category", [])}
    return all(
        any(_is(coding, text) for concept in coded[name] for coding in concept.get("coding", []) for text in any_of)
        for name in CODED
        for any_of in query.values.get(name, ())
    )


def _is(coding: Resource, text: str) -> bool:
    """A token names a code, in any system or in one."""
    system, bar, code = text.rpartition("|")
    return bool(coding["code"] == code and (not bar or coding["system"] == system))


def _cursor(kept: Kept, skipped: int) -> Cursor:
    return Cursor(kept.authored_at or kept.created_at, fhir_id(kept.id), skipped)
