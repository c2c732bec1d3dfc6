"""Search among a clinic's responses."""

from collections.abc import Iterable

from fastapi import APIRouter, Request, Response
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from service.acting import Act, Key, acting
from service.assessments import Kept
from service.clinics.audit import note
from service.fhir.codes import Names
from service.fhir.kept import fhir_id, own_id, written
from service.fhir.queries import Cursor, Query, moments, query_of, references, searchset, tokens
from service.fhir.speaking import expect_json, private, speaking
from service.responses import Place, Sought, search

router = APIRouter(prefix="/fhir", include_in_schema=False)
SEARCHED = {
    "_id": "token",
    "_lastUpdated": "date",
    "author": "reference",
    "authored": "date",
    "identifier": "token",
    "patient": "reference",
    "questionnaire": "reference",
    "status": "token",
    "subject": "reference",
}


@router.get("/QuestionnaireResponse")
@router.post("/QuestionnaireResponse/_search")
async def search_responses(request: Request) -> Response:
    """All that the clinic of this key keeps, drafts too, page by page; the newest first unless `_sort` says otherwise."""
    expect_json(request)
    names, _ = speaking(request)
    query = await query_of(request, SEARCHED)
    sought = sought_by(names, query, query.count)

    def work(session: Session, key: Key) -> tuple[list[Kept], int]:
        found, total = search(session, key.clinic, sought)
        note_read(session, key, (one.id for one in found[: query.count]))
        return found, total

    found, total = await acting(request, "fhir", Act("search", "assessment"), work)
    more = len(found) > query.count
    page = found[: query.count]
    after = Cursor(page[-1].authored_at or page[-1].created_at, fhir_id(page[-1].id), None) if more and page else None
    listed = await run_in_threadpool(lambda: [written(names, one) for one in page])
    return private(200, searchset(names.base, "QuestionnaireResponse", query, listed, total=total, after=after))


def note_read(session: Session, key: Key, assessments: Iterable[str]) -> None:
    """A search tells as much of each as reading it would, so it stands in the audit trail as that."""
    for one in assessments:
        note(session, key.clinic, key.name, Act("read", "assessment", one))


def sought_by(names: Names, query: Query, count: int) -> Sought:
    """The same for the database, and one more than asked for, which tells whether there is another page. Raises BadSearch."""
    subjects = [found for name in ("subject", "patient") if (found := references(query.any_of(name))) is not None]
    ids, after = tokens(query.any_of("_id")), query.after
    return Sought(
        ids=None if ids is None else {own_id(one) for one in ids},
        versions=_versions(names, query),
        statuses=tokens(query.any_of("status")),
        subjects=set.intersection(*subjects) if subjects else None,
        references=tokens(query.any_of("identifier")),
        authors=references(query.any_of("author")),
        authored=moments(query, "authored"),
        changed=moments(query, "_lastUpdated"),
        oldest_first=query.oldest_first,
        after=Place(after.authored, own_id(after.id), after.skipped is not None) if after else None,
        most=count + 1,
    )


def _versions(names: Names, query: Query) -> set[str] | None:
    """Which versions of our questionnaire; none of another's."""
    wanted = query.any_of("questionnaire")
    if wanted is None:
        return None
    parts = [one.partition("|") for one in wanted]
    local = names.questionnaire.removeprefix(f"{names.base}/")
    ours = [version for address, _, version in parts if address in (names.questionnaire, names.adaptive, local)]
    return None if "" in ours else set(ours)
